"""Heads: which rows a pattern matches and what its variables then stand for. The answers are OTP 25's."""

import pytest

from erlsim import ets
from tests.ets.kit import BADARG, outcome, same, table, term

pytestmark = pytest.mark.usefixtures("sim")

MATCHES = """
{x,'$0','$1','$10','$2'}   {x,a,b,c,d}      [[a,b,d,c]]
{'$2','$1'}                {x,y}            [[y,x]]
{x,'$1','$2','$1'}         {x,1,2,1}        [[1,2]]
{x,'$1','$2','$1'}         {x,1,2,1.0}      []
{'$1',{'$1'}}              {x,{x}}          [[x]]
{x,'$10000'}               {x,6}            [[6]]
{x,'$134217728'}           {x,6}            [[6]]
{x,'$00'}                  {x,1}            []
{x,'$00'}                  {x,'$00'}        [[]]
{x,'$01'}                  {x,1}            []
{x,'$a'}                   {x,'$a'}         [[]]
{x,'$1a'}                  {x,'$1a'}        [[]]
{x,'$'}                    {x,'$'}          [[]]
{x,'$_'}                   {x,'$_'}         [[]]
{x,'$$'}                   {x,'$$'}         [[]]
'$5'                       {x,1}            [[{x,1}]]
'_'                        {x,1}            [[]]
{x,'_'}                    {x}              []
{}                         {x}              []
x                          {x}              []
[x]                        {x}              []
1                          {x}              []
#{}                        {x}              []
{x,1}                      {x,1.0}          []
{x,1}                      {x,true}         []
{x,true}                   {x,true}         [[]]
{x,0.0}                    {x,0.0}          [[]]
{x,0.0}                    {x,-0.0}         []
{x,<<"a">>}                {x,<<"a">>}      [[]]
{x,"abc"}                  {x,"abc"}        [[]]
{x,{{{'$1'}}}}             {x,{{{1}}}}      [[1]]
{x,[]}                     {x,[]}           [[]]
{x,['_','$2']}             {x,[1,2]}        [[2]]
{x,['_','$2']}             {x,[1|2]}        []
{x,['_']}                  {x,[1,2]}        []
{x,['$1'|'$2']}            {x,[1,2]}        [[1,[2]]]
{x,['$1'|'$2']}            {x,[1]}          [[1,[]]]
{x,['$1'|'$2']}            {x,[]}           []
{x,['$1'|'$2']}            {x,a}            []
{x,['$1'|'$2']}            {x,[1|2]}        [[1,2]]
{x,['$1'|'$2']}            {x,[1,2|3]}      [[1,[2|3]]]
{x,['$1'|'_']}             {x,[1|2]}        [[1]]
{x,[1|a]}                  {x,[1|a]}        [[]]
{x,#{k=>'$1'}}             {x,#{k=>1,l=>2}} [[1]]
{x,#{k=>'$1'}}             {x,#{l=>2}}      []
{x,#{}}                    {x,#{k=>1}}      [[]]
{x,#{}}                    {x,foo}          []
{x,#{a=>1}}                {x,#{a=>1.0}}    []
{x,#{1=>'$1'}}             {x,#{1.0=>a}}    []
{x,#{true=>'$1'}}          {x,#{true=>a}}   [[a]]
{x,#{{'_'}=>'$1'}}         {x,#{{'_'}=>1}}  [[1]]
{x,#{[1]=>'$1'}}           {x,#{[1]=>1}}    [[1]]
{x,#{b=>#{c=>'$3'}}}       {x,#{b=>#{c=>8,d=>9}}}  [[8]]
"""


def lines(text):
    return [tuple(line.split()) for line in text.strip().splitlines()]


@pytest.mark.parametrize(("pattern", "row", "answer"), lines(MATCHES))
def test_match_gives_the_variables_in_the_order_of_their_numbers(pattern, row, answer):
    for type in ("set", "ordered_set", "bag", "duplicate_bag"):
        assert same(ets.match(table(type, [term(row)]), term(pattern)), term(answer))


@pytest.mark.parametrize("key", ["'$1'", "'_'", "'$0'"])
def test_a_variable_as_a_map_key_is_badarg(key):
    for pattern in (f"{{x,#{{{key}=>1}}}}", f"{{#{{{key}=>1}},'$1'}}", f"{{x,[{{#{{{key}=>'_'}}}}]}}"):
        assert outcome(ets.match, table(), term(pattern)) == BADARG


@pytest.mark.rule(151)
@pytest.mark.parametrize(
    ("pattern", "row", "answer"),
    lines(
        """
        {1,'$1'}          {1.0,a}         []
        {1.0,'$1'}        {1.0,a}         [[a]]
        {{1,2},'$1'}      {{1.0,2},a}     []
        {{'_',1.0},'$1'}  {{a,1.0},5}     [[5]]
        {{'_',1},'$1'}    {{a,1.0},5}     []
        {[1],'$1'}        {[1.0],a}       []
        """
    ),
)
def test_heads_compare_exactly_even_where_the_keys_of_the_table_do_not(pattern, row, answer):
    assert same(ets.match(table("ordered_set", [term(row)]), term(pattern)), term(answer))


@pytest.mark.parametrize("type", ["set", "ordered_set"])
def test_a_map_that_is_a_bound_key_is_looked_up_whole(type):
    """Elsewhere, and in a head with a variable in its key, a map in a pattern is part of the one in the row."""
    tab = table(type, [({"a": 1, "b": 2}, "row")])
    assert ets.match(tab, ({"a": 1}, "$1")) == []
    assert ets.match(tab, ({"a": 1, "b": 2}, "$1")) == [["row"]]
    assert ets.match(tab, ({"a": "$1"}, "_")) == [[1]]
    other_clause = (("$1", "zz"), [], ["$_"])
    assert ets.select(tab, [(({"a": 1}, "_"), [], ["$_"]), other_clause]) == [({"a": 1, "b": 2}, "row")]


def test_the_key_of_a_pattern_is_where_the_table_has_its_keys():
    tab = table("set", [(1, "a", 1)], ("keypos", 2))
    assert ets.match(tab, ("_", "a", "$1")) == [[1]]
    assert ets.match(tab, (1,)) == ets.match(tab, (1, "_")) == []
