"""A behaviour fills a folder and is one module: in stacks, in funs, as an atom."""

from importlib import import_module
from pathlib import Path

import pytest

import erlsim
from erlsim import code, erlang, otp, terms
from erlsim.otp import gen_server, gen_statem, logger, supervisor

FOLDERS = sorted(path.parent.name for path in Path(otp.__file__).parent.glob("*/__init__.py"))
BEHAVIOURS = [name for name in FOLDERS if name not in ("reports", "distribution")]


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_the_atom_of_a_behaviour_stands_for_the_door_of_its_folder(name):
    door = import_module(f"erlsim.otp.{name}")
    assert code.resolve(name) is door
    assert code.name(door) == name
    assert terms.format("~w", [door]) == name


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_a_function_of_a_behaviour_belongs_to_the_behaviour_whatever_file_it_is_in(name):
    door = import_module(f"erlsim.otp.{name}")
    funs = [vars(door)[each] for each in door.__all__ if vars(door)[each].__module__.startswith(door.__name__)]
    own = {terms.format("~w", [fun]).removeprefix("#Fun<").split(".")[0] for fun in funs}
    assert own == ({"logger", "logger_config"} if name == "logger" else {name})


def test_the_stack_of_a_failing_call_names_gen_server_call():
    async def main():
        return await gen_server.call("nobody", "hello")

    with pytest.raises(erlsim.Exit) as caught:
        erlsim.run(main)
    assert ("gen_server", "call", 2) in [entry[:3] for entry in caught.value.stack]


@erlsim.module
class Failing:
    """Servers and machines whose callbacks fail."""

    def init(arg):
        return ("ok", arg)

    def handle_call(request, from_, state):
        raise ValueError(request)


def test_every_frame_of_a_failing_server_is_the_users_or_an_otp_modules():
    async def main():
        _, pid = await gen_server.start(Failing, 0, [])
        ref = erlang.monitor("process", pid)
        with pytest.raises(erlsim.Exit):
            await gen_server.call(pid, "x")
        return (await erlang.receive(("DOWN", ref, ..., ..., ...)))[4]

    _, stack = erlsim.run(main)
    assert {entry[0] for entry in stack} <= {"failing", "gen_server", "proc_lib", "gen"}


def test_what_the_doors_lead_to_is_one_thing_under_each_of_its_names():
    assert supervisor.start_link is code.function("supervisor", "start_link", 2)
    assert gen_statem.call is code.function("gen_statem", "call", 2)
    assert logger.log is code.function("logger", "log", 2)
