"""The events: `{Callback, Event, Config}` of each, in Erlang."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

CALLBACKS = ("one", "two", "binary", "limits", "odd", "single", "triple", "unformatted", "two_odd", "two_bad")
LONG = (
    '{report,#{name=>server,text=>"a longer text of a report",more=>[{list,lists},{seq,1,30},'
    "abcdefghijklmnopqrstuvwxyz,abcdefghijklmnopqrstuvwxyz,abcdefghijklmnop]}}"
)
DEEP = '{"~p and ~w",[[1,2,3,4,5,6,7,8,9],{a,{b,{c,{d,{e,f}}}}}]}'
MESSAGES = (
    r'{string,"x\n  y,\n z\r\n"}',
    r'{string,"a\n\n\tb,\n   c,\r\nd\re"}',
    r'{string,"\ta\t\n"}',
    r'{string," \n both \n "}',
    *('{string,""}', '{string,<<"bin">>}', '{string,["io",$x,<<"l">>]}', "{string,a}", "{string,[a]}"),
    *('{"~p",[]}', '{"~p ~s",[{a,b},"x"]}', '{"a~n  b~n",[]}', '{"~p",x}', '{<<"~w">>,[a]}', '{"~Kp",[1]}'),
    *('{"~20p|~-10s|~tp|~lp|~P",[abc,"x",[1024],"l",[1,2,3,4],3]}', '{"~0p ~4.3.0w",[a,1]}'),
    '{"~10.5p",["abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"]}',
    *("{report,#{}}", "{report,[]}", '{report,[{a,1},{b,"text"}]}', "{report,[x,{y,z}]}", LONG),
)
CUT = (
    *(DEEP, '{"~P ~W",[[1,2,3,4,5,6,7,8,9],4,[1,2,3,4,5,6,7,8,9],40]}', '{"~p",[]}', LONG),
    '{"~*p|~s|~tp|~0p|~i|~c",[9,{abc,def,ghi},"s",[1024,2,3,4,5,6,7,8],{a,b},x,$c]}',
)
SHORTENED = (
    *(DEEP, '{string,"a long text that is to be cut somewhere"}', LONG),
    '{"~s~ts",["abcdefghijklmnopqrstuvwxyz","abcdefghijklmnopqrstuvwxyz"]}',
)
META = (
    'a=>#{b=>1,d=>"x"},mfa=>{m,f,2},file=>"f.erl",line=>12,domain=>[otp,sasl],other=>{t,[1,2]},s1=>"str",'
    's2=>[1024],s3=>[],s4=>["a",["b"]],at=>atom,tu=>{a,b},mp=>#{a=>1},fl=>1.5,bi=>"bin",bo=>true'
)
TEMPLATES = (
    *('["<",level,"> ",msg]', '[time," ",msg]', '["=",[a,b],"=",[a,c],"="]', '[{a,["there ",a],["not"]}]'),
    *('[{[a,b],["there ",[a,b]],["not"]}]', '[{[a,zz],["there"],["not ",level]}]', "[{zz,[],[msg]}]"),
    *('[mfa," ",pid," ",other]', '[file,":",line]', "[gl]", "[domain]", '[msg,[],"x",msg]', "[]"),
    '[s1,"|",s2,"|",s3,"|",s4,"|",at,"|",tu,"|",mp,"|",fl,"|",bi,"|",bo]',
)
ENDS = (
    ("ten letters", "[msg]"),
    ("ten letters", r'[msg,"\n"]'),
    (r"ends so\n", '["twelve chars ",msg]'),
    ("x", r'["twelve chars\n"]'),
    ("x", '["twelve chars ",{x,[],[]},msg,{x,[],[]}]'),
)
OFFSETS = (
    '"Z"',
    '"z"',
    "0",
    '""',
    '"+00:00"',
    '"+02:00"',
    '"-03:30"',
    "3600000000",
    "-5400000000",
    "1",
    "-1",
    "-60000000",
    "59999999",
)


def cases() -> Iterator[str]:
    """All of them."""
    for single in ("true", "false"):
        line = f"single_line=>{single}"
        yield from (case("{report,#{a=>1}}", f"template=>[msg],{line}", callback=each) for each in CALLBACKS)
        yield case("{report,#{a=>1}}", f"template=>[msg],{line},depth=>7,chars_limit=>99", callback="limits")
        yield from (case(each, f"template=>[msg],{line}") for each in MESSAGES)
        for depth, each in product((1, 5, 8, 30), CUT):
            yield case(each, f"template=>[msg],{line},depth=>{depth}")
        for most, each in product((1, 9, 20, 40), SHORTENED):
            yield case(each, f'template=>["before ",msg," after"],{line},chars_limit=>{most}')
        yield case('{string,"m"}', line)
    yield from (case('{string,"m"}', f"template=>{each}", META) for each in TEMPLATES)
    for mfa in ("{m,f,[a,b]}", "x", "{m,f}", "{'M x',f,0}"):
        yield case('{string,"m"}', "template=>[mfa]", f"mfa=>{mfa}")
    for size, (text, template) in product((1, 9, 10, 11, 12, 13), ENDS):
        yield case(f'{{string,"{text}"}}', f"template=>{template},max_size=>{size},single_line=>false")
    for level, notice, more in product(("error", "notice", "info"), ("info", "notice"), ("", "error_logger=>#{}")):
        header = f"legacy_header=>true,error_logger_notice_header=>{notice}"
        yield case('{string,"m"}', header, more, level)
    yield case('{string,"m"}', "legacy_header=>true", 'logger_formatter=>#{title=>"OWN"}')
    for header, offset in product(("legacy_header=>true,", ""), OFFSETS):
        yield case('{string,"m"}', f"{header}time_offset=>{offset}")
    yield case('{string,"m"}', "time_designator=>$ ")


def case(msg: str, config: str, meta: str = "", level: str = "error", callback: str = "none") -> str:
    """One of them."""
    meta = ",".join(filter(None, ("time=>1643500000123456", meta)))
    return f"{{{callback},#{{level=>{level},msg=>{msg},meta=>#{{{meta}}}}},#{{{config}}}}}"
