%% EUnit's macros. Functions whose names end in _test or _test_ are exported, and test/0 is added.

-ifndef(EUNIT_HRL).
-define(EUNIT_HRL, true).

-ifdef(TEST).
-undef(NOTEST).
-endif.

-ifndef(NOTEST).
-ifndef(TEST).
-define(TEST, true).
-endif.
-ifndef(EUNIT).
-define(EUNIT, true).
-endif.
-ifndef(EUNIT_NOAUTO).
-compile({parse_transform, eunit_autoexport}).
-endif.
-endif.

-include_lib("stdlib/include/assert.hrl").

-define(LET(X, Y, Z), ((fun(X) -> (Z) end)(Y))).
-define(IF(B, T, F), (case (B) of true -> (T); false -> (F) end)).
-define(MATCHES(P, E), (case (E) of P -> true; _ -> false end)).

-define(_test(Expr), {?LINE, fun() -> (Expr) end}).
-define(_assert(Expr), ?_test(?assert(Expr))).
-define(_assertNot(Expr), ?_test(?assertNot(Expr))).
-define(_assertMatch(Pattern, Expr), ?_test(?assertMatch(Pattern, Expr))).
-define(_assertNotMatch(Pattern, Expr), ?_test(?assertNotMatch(Pattern, Expr))).
-define(_assertEqual(Expect, Expr), ?_test(?assertEqual(Expect, Expr))).
-define(_assertNotEqual(Unexpected, Expr), ?_test(?assertNotEqual(Unexpected, Expr))).
-define(_assertException(Class, Term, Expr), ?_test(?assertException(Class, Term, Expr))).
-define(_assertError(Term, Expr), ?_test(?assertError(Term, Expr))).
-define(_assertExit(Term, Expr), ?_test(?assertExit(Term, Expr))).
-define(_assertThrow(Term, Expr), ?_test(?assertThrow(Term, Expr))).
-define(_assertNotException(Class, Term, Expr), ?_test(?assertNotException(Class, Term, Expr))).

-define(debugMsg(S), (io:format(user, "~ts:~w:~w: ~ts~n", [?FILE, ?LINE, self(), S]))).
-define(debugHere, (?debugMsg("<-"))).
-define(debugFmt(S, As), (?debugMsg(io_lib:format(S, As)))).
-define(debugVal(E), ((fun(Erlsim__V) -> ?debugFmt("~ts = ~tP", [??E, Erlsim__V, 15]), Erlsim__V end)(E))).
-define(debugVal(E, D), ((fun(Erlsim__V) -> ?debugFmt("~ts = ~tP", [??E, Erlsim__V, D]), Erlsim__V end)(E))).

-endif.
