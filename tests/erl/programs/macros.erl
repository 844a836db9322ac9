-module(macros).
-include("macros.hrl").
-define(ONE, 1).
-define(PAIR(A, B), {A, B, ??A, ?ONE}).
-define(PAIR(A), ?PAIR(A, ?LINE)).
-define(PAIR, pair).
-define(EMPTY, ).
-define(NO(), no).
-define(CALL(M), M:f(?MODULE, ?MODULE_STRING)).
-ifdef(ONE).
-export([f/1]).
-else.
-export([g/1]).
-endif.
-ifndef(ONE).
-if(true).
skipped() -> 99#1 ].
-endif.
-elif(true).
-endif.
-undef(ONE).
-define(ONE, one).
-if(?OTP_RELEASE >= 25 andalso defined(ONE) andalso not defined(TWO)).
new() -> ok.
-else.
old() -> ok.
-endif.
-if(is_atom(?MODULE) andalso length([a]) =:= 2).
a() -> 1.
-elif(?FEATURE_AVAILABLE(maybe_expr) andalso ?FEATURE_ENABLED(maybe_expr)).
b() -> 2.
-else.
c() -> 3.
-endif.

f(X) -> ?EMPTY [?ONE, ?PAIR(X), ?PAIR(fun(A, B) -> {A, B} end, [1, (2)]), ?PAIR, ?NO(), ?CALL(?ONE), ?FILE, ?MACHINE].
?FROM_HEADER(name) -> {?FUNCTION_NAME, ?FUNCTION_ARITY, ?LINE}.
h([], _, {a, b}) -> ?FUNCTION_ARITY.
-file("elsewhere.yrl", 100).
i() -> ?LINE.
-include("macros.hrl").
-warning("said " "so").
-error({not_, ?ONE}).
j() -> ?FILE.
