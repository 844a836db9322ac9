"""Match specifications: guards, bodies, what is refused and why. The answers are OTP 25's."""

import pytest

from erlsim import Error, Exit, erlang, ets
from tests.ets.kit import BADARG, elsewhere, outcome, same, table, term

pytestmark = pytest.mark.usefixtures("sim")

ROW = '{x,1,2.5,[1,2],{a,b},#{k=>v},<<"bin">>}'
HEAD = "{'$1','$2','$3','$4','$5','$6','$7'}"


def answers(text):
    return [tuple(part.strip() for part in line.split(" -> ")) for line in text.strip().splitlines()]


def body(expression, row=ROW, head=HEAD):
    return outcome(ets.select, table("set", [term(row)]), [(term(head), [], [term(expression)])])


def guard(expression, row=ROW, head=HEAD):
    return outcome(ets.select, table("set", [term(row)]), [(term(head), [term(expression)], ["yes"])])


BODIES = """
'_' -> '_'
'$_' -> {x,1,2.5,[1,2],{a,b},#{k=>v},<<"bin">>}
'$$' -> [x,1,2.5,[1,2],{a,b},#{k=>v},<<"bin">>]
[] -> []
{{}} -> {}
{{a,'$1',{{'$2'}}}} -> {a,x,{1}}
['$1','$2'|'$3'] -> [x,1|2.5]
['$1',{'+','$2',1}] -> [x,2]
#{'$1' => '$2'} -> #{x => 1}
#{'$1' => 1,x => 2} -> #{x => 2}
#{{'+',1,2} => {'+',a,1}} -> #{3 => 'EXIT'}
#{1 => a,1.0 => b} -> #{1 => a,1.0 => b}
{const,'$1'} -> '$1'
{const,{a,'$1'}} -> {a,'$1'}
{node} -> nonode@nohost
{node,{self}} -> nonode@nohost
{node,a} -> 'EXIT'
{'+',a,1} -> 'EXIT'
{'+',true,1} -> 'EXIT'
{'+',{'+',a,1},1} -> 'EXIT'
{is_atom,{'+',a,1}} -> true
{{a,{'+',a,1}}} -> {a,'EXIT'}
[a,{'+',a,1}] -> [a,'EXIT']
{'and',true} -> true
{'and',true,true,true} -> true
{'and',true,foo} -> 'EXIT'
{'and',false,foo} -> 'EXIT'
{'or',true,foo} -> 'EXIT'
{'or',false,false,true} -> true
{'andalso',true} -> true
{'andalso',true,foo} -> foo
{'andalso',5,true} -> 'EXIT'
{'andalso',false,{'+',a,1}} -> false
{'andalso',true,true,false} -> false
{'andalso',{'+',a,1},true} -> 'EXIT'
{'orelse',false,5} -> 5
{'orelse',true,5} -> true
{'orelse',5,true} -> 'EXIT'
{'orelse',5} -> 5
{'not',true} -> false
{'not',foo} -> 'EXIT'
{'xor',true,true} -> false
{'xor',true,false} -> true
{'xor',true,foo} -> 'EXIT'
{is_record,{{foo,1}},foo,2} -> true
{is_record,{{foo,1}},foo,3} -> false
{is_record,{{foo,1}},'$1',2} -> false
{is_record,{{foo,1}},1,2} -> 'EXIT'
{is_record,{{foo,1}},foo,-1} -> false
{is_record,{{foo,1}},foo,foo} -> 'EXIT'
{size,'$5'} -> 2
{size,'$7'} -> 3
{size,'$4'} -> 'EXIT'
{size,'$6'} -> 'EXIT'
{bit_size,'$7'} -> 24
{byte_size,'$7'} -> 3
{binary_part,'$7',0,1} -> <<"b">>
{binary_part,'$7',3,-2} -> <<"in">>
{binary_part,'$7',{{1,1}}} -> <<"i">>
{binary_part,'$7',2,2} -> 'EXIT'
{length,'$4'} -> 2
{length,[1|2]} -> 'EXIT'
{length,'$5'} -> 'EXIT'
{hd,'$4'} -> 1
{tl,'$4'} -> [2]
{tl,[1|2]} -> 2
{tl,[1,2|3]} -> [2|3]
{hd,[]} -> 'EXIT'
{tl,[]} -> 'EXIT'
{element,1,'$5'} -> a
{element,'$2','$5'} -> a
{element,0,'$5'} -> 'EXIT'
{element,3,'$5'} -> 'EXIT'
{element,1.0,'$5'} -> 'EXIT'
{element,true,'$5'} -> 'EXIT'
{map_get,k,'$6'} -> v
{map_get,z,'$6'} -> 'EXIT'
{map_get,z,'$5'} -> 'EXIT'
{map_size,'$6'} -> 1
{map_size,'$5'} -> 'EXIT'
{is_map_key,k,'$6'} -> true
{is_map_key,1,#{1.0 => a}} -> false
{is_map_key,k,'$5'} -> 'EXIT'
{'div',-7,2} -> -3
{'rem',-7,2} -> -1
{'rem',7,-2} -> 1
{'div',7,0} -> 'EXIT'
{'/',7,2} -> 3.5
{'/',7,0} -> 'EXIT'
{'*',2,3.0} -> 6.0
{'*',1.0e308,1.0e308} -> 'EXIT'
{'-',7} -> -7
{'+',a} -> 'EXIT'
{'bsl',1,100} -> 1267650600228229401496703205376
{'bsl',4,-1} -> 2
{'bsr',-5,1} -> -3
{'bsl',1.0,1} -> 'EXIT'
{'bnot',5} -> -6
{'band',6,3} -> 2
{'bor',6,3} -> 7
{'bxor',6,3} -> 5
{abs,-3} -> 3
{abs,a} -> 'EXIT'
{round,2.5} -> 3
{round,-2.5} -> -3
{round,0.49999999999999994} -> 0
{trunc,-2.7} -> -2
{float,3} -> 3.0
{'==',1,1.0} -> true
{'=:=',1,1.0} -> false
{'/=',1,1.0} -> false
{'=/=',1,1.0} -> true
{'<',1,a} -> true
{'=<',1,1.0} -> true
{'>=',1,1.0} -> true
{'>',a,1} -> true
{is_atom,true} -> true
{is_integer,true} -> false
{is_number,'$3'} -> true
{is_list,[1|2]} -> true
{is_map,'$6'} -> true
{is_binary,'$7'} -> true
{is_pid,{self}} -> true
{is_reference,'$1'} -> false
{is_port,'$1'} -> false
{is_function,'$1'} -> false
{is_float,'$3'} -> true
{is_tuple,'$5'} -> true
"""


@pytest.mark.parametrize(("expression", "answer"), answers(BODIES))
def test_the_body_of_a_clause_is_its_value(expression, answer):
    kind, values = body(expression)
    assert kind == "ok" and same(values, [term(answer)])


async def test_self_is_the_caller():
    tab = table("set", [("x", 1)], "public")
    assert ets.select(tab, [("_", [], [("self",)])]) == [erlang.self()]
    kind, [pid] = await elsewhere(ets.select, tab, [("_", [("is_pid", ("self",))], [("self",)])])
    assert kind == "ok" and pid != erlang.self()


NO_FUNCTIONS = """
{} {a} {1} {"a",b} {foo,1} {'$1',x} {self,1} {const} {const,a,b} {'and'} {'or'} {'andalso'} {'orelse'} '$9' #{{foo}=>1}
{'xor',true,true,true} {is_function,a,1} {is_record,a,b} {is_record,a} {is_record,a,b,1,2} {tuple_size,{{}}}
{ceil,1.5} {floor,1.5} {max,1,2} {is_boolean,true} {'=:=',1,2,3} {message,1} {display,1} {return_trace}
{get_seq_token} {set_tcw,1} {spawn,a} [{foo}] {{a,{foo}}} {'+',{foo},1} {not_a_function}
""".split()


@pytest.mark.parametrize("expression", NO_FUNCTIONS)
def test_what_cannot_be_compiled_is_badarg_whether_it_would_run_or_not(expression):
    assert body(expression) == guard(expression) == BADARG
    assert outcome(ets.select, table(), [(("no", "match"), [], [term(expression)])]) == BADARG


GUARDS = """
true -> yes
false -> no
foo -> no
'_' -> no
1 -> no
{const,true} -> yes
{is_atom,'$1'} -> yes
{'==',['$1'],['$1']} -> yes
{'==',#{a=>'$1'},#{a=>x}} -> yes
{'andalso',true,5} -> no
{'orelse',{'+',a,1},true} -> no
{'or',{'+',a,1},true} -> no
{'not',{'+',a,1}} -> no
{'not',{is_atom,{'+',a,1}}} -> no
{is_atom,{'+',a,1}} -> no
{'andalso',false,{'+',a,1}} -> no
{'orelse',true,{'+',a,1}} -> yes
{'>',{element,2,'$_'},0} -> yes
"""


@pytest.mark.parametrize(("expression", "answer"), answers(GUARDS))
def test_a_guard_holds_if_it_is_true_and_a_failing_one_does_not(expression, answer):
    assert guard(expression) == ("ok", ["yes"] if answer == "yes" else [])


def test_all_guards_of_a_clause_must_hold():
    tab = table("set", [("x", 1)])
    assert ets.select(tab, [("_", [True, False], [1])]) == []
    assert ets.select(tab, [("_", [True, True], [1])]) == [1]


SPECS = """
[] -> []
[{{x,2},[],[a]},{{x,1},[],[b]},{{x,1},[],[c]}] -> [b]
[{{x,1},[false],[a]},{'_',[],[b]}] -> [b]
[{'_',[],[a,b]}] -> [b]
[{'_',[],['$$']}] -> [[]]
[{'$1',[],['$$']}] -> [[{x,1}]]
[{{'$2','$1'},[],['$$']}] -> [[1,x]]
[{1,[],[1]}] -> []
[{[],[],[1]}] -> []
foo -> badarg
[foo] -> badarg
[{'_',[]}] -> badarg
[{'_',[],[]}] -> badarg
[{'_',foo,['$_']}] -> badarg
[{'_',[],'$_'}] -> badarg
[{'_',[],['$_'|foo]}] -> badarg
[{'_',['$_'|foo],['$_']}] -> badarg
[{'_',[],['$_']}|foo] -> badarg
{'_',[],['$_']} -> badarg
"""


@pytest.mark.parametrize(("spec", "answer"), answers(SPECS))
def test_the_first_clause_that_matches_gives_the_value(spec, answer):
    result = outcome(ets.select, table("set", [("x", 1)]), term(spec))
    assert result == (BADARG if answer == "badarg" else ("ok", term(answer)))


# ---- without a table ------------------------------------------------------------------------------


def test_a_compiled_specification_runs_over_any_terms():
    compiled = ets.match_spec_compile(term("[{{'$1','_'},[],['$1']},{1.0,[],[one]}]"))
    assert ets.is_compiled_ms(compiled) is True
    assert ets.match_spec_run([("a", 1), ("b",), "foo", 1, 1.0, ("c", 2)], compiled) == ["a", "one", "c"]
    assert ets.match_spec_run([], compiled) == []
    for wrong in (erlang.make_ref(), "foo", term("[{'_',[],['$_']}]")):
        assert ets.is_compiled_ms(wrong) is False
        assert outcome(ets.match_spec_run, [("a", 1)], wrong) == BADARG
    assert outcome(ets.match_spec_run, term("[{a,1}|foo]"), compiled) == BADARG
    assert outcome(ets.select, table("set", [("a", 1)]), compiled) == BADARG


@pytest.mark.parametrize("spec", ["foo", "[]", "[foo]", "[{'_',[],['$1']}]"])
def test_compiling_no_specification_is_badarg(spec):
    assert outcome(ets.match_spec_compile, term(spec)) == BADARG


def test_a_compiled_specification_does_not_change_with_the_list_it_was_made_of():
    spec = [("_", [], [["constant"]])]
    compiled = ets.match_spec_compile(spec)
    spec[0][2][0].append("changed")
    [value] = ets.match_spec_run([1], compiled)
    value.append("changed")
    assert ets.match_spec_run([1], compiled) == [["constant"]]


def test_test_ms_gives_the_value_or_false():
    assert ets.test_ms(("a", "b"), term("[{{'$1','$2'},[],['$1']}]")) == ("ok", "a")
    assert ets.test_ms(("a", "b"), term("[{{'$1'},[],['$1']}]")) == ("ok", False)
    assert ets.test_ms(1, term("[{'_',[],['$_']}]")) == ("ok", 1)
    assert ets.test_ms(("a", "b"), term("[{'_',[],[{'+',a,1}]}]")) == ("ok", "EXIT")


@pytest.mark.parametrize(
    ("spec", "errors"),
    [
        ("foo", ["Match programs are not in a list."]),
        ("[]", ["Match programs are not in a list."]),
        ("[{'_',[],[a]}|b]", ["Match programs are not in a proper list."]),
        ("[{'_',[],[a]},{a,b}]", ["Match program part is not a tuple of arity 3."]),
        ("[{'_',foo,[a]}]", ["Match expression is not a list."]),
        ("[{'_',[a|b],[a]}]", ["Match expression is not a proper list."]),
        ("[{'_',[],[]}]", ["Body clause does not return anything."]),
        ("[{'_',[],['$1','$1']}]", ["Variable $1 is unbound."] * 2),
        ("[{'_',[{foo}],[{bar,1}]}]", ["Function foo/0 does_not_exist.", "Function bar/1 does_not_exist."]),
        ("[{'_',[{foo}],[a]},{'_',[{bar}],[a]}]", ["Function foo/0 does_not_exist."]),
        ("[{'_',[{'=:=',1,2,3}],[a]}]", ["Function '=:='/3 does_not_exist."]),
        ("[{'_',[{message,1}],[a]}]", ["Special form 'message' used in wrong dialect."]),
        ("[{'_',[],[{set_tcw,1}]}]", ["Function set_tcw/1 cannot be called in this context."]),
        ("[{'_',[],[{'and'}]}]", ["Special form 'and' called without arguments in {and}."]),
        ("[{'_',[],[{self,1}]}]", ["Special form 'self' called with arguments in {self,1}."]),
        ("[{#{'$1'=>2},[],[a]}]", ["Variable found in map key."]),
        ("[{#{'_'=>2},[],[a]}]", ["Underscore found in map key."]),
        ("[{'_',[],[#{{foo}=>{bar}}]}]", ["Function bar/0 does_not_exist.", "Function foo/0 does_not_exist."]),
    ],
)
def test_test_ms_says_what_is_wrong(spec, errors):
    kind, found = ets.test_ms(("a",), term(spec))
    assert kind == "error"
    assert [(kind, "".join(map(chr, text))) for kind, text in found] == [("error", text) for text in errors]


@pytest.mark.parametrize(
    ("expression", "order"),
    [
        ("{'+','$1','$2'}", [2, 1]),
        ("{'or','$1','$2','$3'}", [3, 2, 1]),
        ("{'orelse','$1','$2','$3'}", [1, 2, 3]),
        ("{{'$1','$2','$3'}}", [3, 2, 1]),
        ("['$1','$2'|'$3']", [1, 2, 3]),
        ("#{'$3' => 1,a => '$2',b => '$1',c => '$4'}", [4, 1, 2, 3]),
    ],
)
def test_what_is_wrong_in_the_last_argument_of_a_call_a_tuple_or_a_map_is_told_first(expression, order):
    _, errors = ets.test_ms(("a",), [("_", [], [term(expression)])])
    texts = ["".join(map(chr, text)) for _, text in errors]
    assert texts == [f"Variable ${number} is unbound." for number in order]


@pytest.mark.parametrize("expression", ["{}", '{"a",b}', "{1,2}"])
def test_test_ms_shows_what_is_neither_a_call_nor_a_tuple(expression):
    _, [(_, text)] = ets.test_ms(("a",), [("_", [], [term(expression)])])
    shown = "".join(map(chr, text))
    assert shown == f"{expression} is neither a function call, nor a tuple (tuples are written {{{{ ... }}}})."


def test_fun2ms_refuses_a_fun_that_no_compiler_has_transformed_and_what_is_none():
    with pytest.raises(Exit, match="should,be,transformed,with,parse_transform"):
        ets.fun2ms(lambda row: row)
    with pytest.raises(Error, match="function_clause"):
        ets.fun2ms("a")


def test_repairing_no_continuation_is_a_function_clause():
    assert ets.repair_continuation("$end_of_table", []) == "$end_of_table"
    with pytest.raises(Error, match="function_clause"):
        ets.repair_continuation("foo", term("[{'_',[],['$_']}]"))
