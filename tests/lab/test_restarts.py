"""The restart laboratory: beside closed forms, beside supervisors that run, and what it says."""

from __future__ import annotations

import json
import math
import textwrap

import pytest
from click.testing import CliRunner

from erlsim import cli
from erlsim.lab.questions import WrongQuestion
from erlsim.lab.restarts import Setting, bursts, crashes_at_start, exact_chance, outages, poisson, restart_lab
from erlsim.lab.restarts.trials import Plan, gives_up, run_trial
from erlsim.lab.statistics import percentile, wilson

MINUTE, HOUR = 60_000, 3_600_000
LAX = Setting(50, 1)


def no_restart(rate, seconds):
    """Intensity 0: no crash at all."""
    return math.exp(-rate * seconds)


def one_restart(rate, period, seconds):
    """Intensity 1: one crash each in k seconds, any two more than `period` seconds apart, in every way there is."""
    ways = (
        math.comb(seconds - (k - 1) * period, k) * rate**k
        for k in range(1, seconds + 1)
        if seconds - (k - 1) * period >= k
    )
    return math.exp(-rate * seconds) * (1 + sum(ways))


@pytest.mark.parametrize(("every", "period", "seconds"), [(10_000, 5, 60), (30_000, 1, 600), (60_000, 30, 300)])
def test_what_is_computed_is_the_closed_form(every, period, seconds):
    rate = 1000 / every
    assert exact_chance(every, 0, period, seconds) == pytest.approx(no_restart(rate, seconds), rel=1e-9)
    assert exact_chance(every, 1, period, seconds) == pytest.approx(one_restart(rate, period, seconds), rel=1e-9)


def test_what_is_computed_for_a_day_is_what_a_second_at_a_time_comes_to():
    rate, period = 1 / 600, 5
    # Renewals: w[n] is the chance to survive n seconds when none before them counts any more.
    chances = [1.0]
    for n in range(1, 86_401):
        quiet = math.exp(-rate)
        after = chances[n - period - 1] if n > period else 1.0
        # The first second is quiet, or has one crash and as many quiet ones as count behind it.
        chances.append(chances[n - 1] * quiet + rate * math.exp(-rate * min(n, period + 1)) * after)
    assert exact_chance(600_000, 1, period, 86_400) == pytest.approx(chances[-1], rel=1e-6)


def test_the_chance_to_survive_equals_what_is_computed_within_its_interval():
    lab = restart_lab(poisson(20_000), intensity=[1, 2, 3], period=[1, 5, 10], hours=0.05, runs=400)
    assert len(lab.cells) == 9
    for cell in lab.cells:
        # One in twenty may lie outside of its interval; none so far outside that it would be one in ten thousand.
        low, high = wilson(cell.survived, cell.runs, z=3.9)
        assert low <= cell.exact <= high, cell
    inside = [cell for cell in lab.cells if cell.low <= cell.exact <= cell.high]
    # They are no foregone conclusions.
    assert sum(0.02 < cell.exact < 0.98 for cell in inside) >= 5


@pytest.mark.parametrize(
    "failures", [poisson(4_000), bursts(3, 2_000, 15_000), outages(3_000, 20_000)], ids=lambda given: given.words
)
@pytest.mark.parametrize("start_ms", [0, 700])
def test_counting_over_a_lax_trial_gives_what_a_supervisor_that_runs_does(failures, start_ms):
    ends = set()
    for seed in ("a", "b", "c"):
        lax = run_trial(failures, LAX, 5 * MINUTE, start_ms, seed)
        for setting in (Setting(1, 5), Setting(2, 3), Setting(3, 10), Setting(5, 2)):
            direct = run_trial(failures, setting, 5 * MINUTE, start_ms, seed)
            assert lax.replayed(setting) == direct.life(), (setting, seed)
            ends.add(direct.life().gave_up)
    assert len(ends) >= 3


@pytest.mark.parametrize(
    ("counted", "setting", "end"),
    [
        ([0], Setting(0, 1), 0),
        # Whole seconds count: those of 0 ms and of 5,999 ms are five apart.
        ([0, 5_999], Setting(1, 5), 5_999),
        ([0, 6_000], Setting(1, 5), None),
        ([999, 6_000], Setting(1, 5), None),
        ([0, 100, 200], Setting(2, 5), 200),
    ],
)
def test_restarts_count_by_whole_seconds_as_in_otp(counted, setting, end):
    assert gives_up(counted, setting) == end


def at_given_times(*times):
    def scripted(env, child, random):
        for time in times:
            yield env.timeout(time - env.now)
            child.crash()

    return scripted


def test_a_model_of_ones_own_is_a_simpy_process():
    lab = restart_lab(at_given_times(1_000, 2_000, 60_000), intensity=[1, 2], period=[5], hours=0.1, runs=2)
    assert lab.words == "at_given_times.<locals>.scripted" or lab.words == "scripted"
    assert lab[1, 5].survived == 0
    assert lab[1, 5].gave_up == 2_000
    assert lab[2, 5].survived == 2
    # It is away from the moment of giving up to the end: 358 of 360 seconds.
    assert lab[1, 5].away == pytest.approx(358 / 360)
    assert lab[2, 5].away == 0


def test_a_plan_that_waits_survives_an_outage_that_plain_restarts_do_not_and_is_away_for_it():
    def outage(env, child, random):
        yield env.timeout(10_000)
        child.starts_fail = True
        child.crash()
        yield env.timeout(30_000)
        child.starts_fail = False

    plans = {"back-off": [("restart", 20_000)], "at once": (["restart"], 3)}
    lab = restart_lab(outage, intensity=[5], period=[5], plans=plans, hours=0.1, runs=1)
    assert lab[5, 5].gave_up == 10_000
    assert lab["at once"].gave_up == 10_000
    assert lab["back-off"].survived == 1
    # Crashed at 10 s, tried in vain at 30 s, started at 50 s, of 360.
    assert lab["back-off"].away == pytest.approx(40 / 360)


def test_a_director_without_end_that_restarts_at_once_has_given_up_when_time_stands_still():
    def outage(env, child, random):
        yield env.timeout(5_000)
        child.starts_fail = True
        child.crash()

    lab = restart_lab(outage, intensity=[], period=[], plans={"at once": ["restart"]}, hours=0.01, runs=1)
    assert lab["at once"].gave_up == 5_000


def test_all_settings_meet_the_same_failures_and_a_seed_repeats_them():
    def once(seed):
        return restart_lab(crashes_at_start(MINUTE, 0.3), hours=0.5, runs=5, seed=seed).to_json()

    assert once(1) == once(1)
    assert once(1) != once(2)
    trials = [run_trial(poisson(MINUTE), each, HOUR, 0, "7") for each in (LAX, Plan("p", ("restart",), "infinity"))]
    assert trials[0].child.counted == trials[1].child.counted != []


def test_the_strictest_setting_that_will_do_is_recommended_with_reasons():
    lab = restart_lab(poisson(MINUTE), intensity=[1, 3, 5, 10], period=[5, 10], hours=1, runs=20)
    # Of the three it is the strictest: 3 in 10 s survives 95.8 % of hours, 3 in 5 s more, 1 in 5 s hardly any.
    assert [round(lab[key].exact, 3) for key in ((3, 5), (3, 10), (1, 5))] == [0.993, 0.958, 0.008]
    assert lab.recommendation.setting == Setting(3, 10)
    reasons = "\n".join(lab.recommendation.reasons)
    assert "one crash every 3.33333 s for ever" in reasons
    assert "the next stricter one, 1 in 5 s" in reasons
    hopeless = restart_lab(poisson(1_000), intensity=[1], period=[5], hours=0.1, runs=20).recommendation
    assert hopeless.setting is None
    assert "the best, 1 in 5 s, survived 0 of 20" in hopeless.reasons[0]


def test_plans_are_compared_with_plain_supervision():
    lab = restart_lab(poisson(2_000), intensity=[1], period=[5], plans={"p": ["restart"]}, hours=0.1, runs=20)
    assert "the plan p (100.0%) survives more often beside 1 in 5 s (0.0%)" in "\n".join(lab.recommendation.reasons)


@pytest.mark.parametrize(
    ("successes", "runs", "low", "high"),
    [(0, 10, 0.0, 0.27753), (5, 10, 0.23659, 0.76341), (10, 10, 0.72247, 1.0), (98, 100, 0.92999, 0.99450)],
)
def test_intervals_are_wilsons(successes, runs, low, high):
    assert wilson(successes, runs) == pytest.approx((low, high), abs=1e-5)


def test_a_percentile_is_the_nearest_rank():
    values = [15, 20, 35, 40, 50]
    assert [percentile(values, share) for share in (0.05, 0.3, 0.4, 0.5, 1)] == [15, 20, 20, 35, 50]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"intensity": -1}, "intensity is a whole number from 0 on, or several, not -1"),
        ({"period": 0.5}, "not 0.5"),
        ({"hours": 5_000}, "hours is a number up to 1,193, not 5000"),
        ({"runs": 0}, "runs is a whole number from 1 on, not 0"),
        ({"plans": {"p": "restart"}}, "the plan 'p' is a list"),
        ({"target": 95}, "target is a probability, not 95"),
    ],
)
def test_bad_input_is_shown(options, message):
    with pytest.raises(WrongQuestion, match=message):
        restart_lab(poisson(MINUTE), **({"intensity": 1, "period": 5} | options))


def test_a_model_that_is_none_is_refused():
    with pytest.raises(WrongQuestion, match="not 'poisson'"):
        restart_lab("poisson")
    with pytest.raises(WrongQuestion, match="every is a positive whole number, not 0"):
        poisson(0)


# ---- what is shown ---------------------------------------------------------------------------------


def command(*options):
    return CliRunner().invoke(cli.main, ["restarts", *options])


SHORT = ("--hours", "0.1", "--runs", "5", "--intensity", "3,5", "--period", "5")


def test_the_command_prints_tables_a_recommendation_and_what_was_not_tried():
    shown = command("--every", "10min", *SHORT, "--plan", "slow=restart, {restart, 1000}")
    assert shown.exit_code == 0, shown.output
    for words in ("Chance to survive", "The same, computed", "Time away", "slow", "Take 3 in 5 s", "Not tried"):
        assert words in shown.output


def test_the_command_ends_with_status_1_if_nothing_will_do():
    assert command("--every", "500ms", *SHORT).exit_code == 1


def test_the_command_takes_a_model_from_a_file(tmp_path):
    file = tmp_path / "lab_models.py"
    file.write_text(
        textwrap.dedent("""
        def failures(env, child, random):
            yield env.timeout(1000)
            child.crash()
        """)
    )
    shown = command(str(file), *SHORT, "--json")
    assert [each["survived"] for each in json.loads(shown.stdout)["settings"]] == [5, 5]
    assert command(str(file), "--failures", "failure").exit_code == 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--every", "soon"], "'soon' is no duration"),
        ([], "say how often it fails"),
        (["--every", "1min", "--burst", "3", "--outage", "3s"], "exclude one another"),
        (["--every", "1min", "--plan", "restart, {"], "'restart, {' is no plan"),
        (["--every", "1min", "--intensity", "a"], "'a' is no list of whole numbers"),
    ],
)
def test_a_wrong_command_shows_what_is_wrong(options, words):
    shown = command(*options)
    assert shown.exit_code == 2
    assert words in shown.output


def test_the_heat_map_and_the_page_stand_by_themselves(tmp_path):
    lab = restart_lab(poisson(MINUTE), hours=0.1, runs=3)
    assert lab.svg().count("<rect") == 1 + len(lab.cells)
    text = lab.to_html(tmp_path / "lab.html")
    assert text == (tmp_path / "lab.html").read_text(encoding="utf-8")
    assert "{{" not in text and "http://www.w3.org" in text and "<script" not in text
