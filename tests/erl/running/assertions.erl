-module(assertions).
-define(EUNIT_NOAUTO, true).
-include_lib("eunit/include/eunit.hrl").
-compile([export_all, nowarn_export_all]).

fails(F) -> try F() of V -> {value, V} catch C:R -> {C, without_stacks(R)} end.

without_stacks({Kind, Info}) -> {Kind, [case I of {unexpected_exception, {C, T, [_ | _]}} -> {unexpected_exception, {C, T}}; _ -> I end || I <- Info]};
without_stacks(R) -> R.

assert_1() -> [fails(F) || F <- [fun() -> ?assert(1 + 1 =:= 3) end, fun() -> ?assert(list_to_atom("x"), "why") end, fun() -> ?assert(true) end, fun() -> ?assertNot(true or false) end, fun() -> ?assertNot(7) end]].
match_1() -> [fails(F) || F <- [fun() -> ?assertMatch({ok, _}, {error, lists:reverse([1])}) end, fun() -> ?assertMatch({ok, X} when X > 1, {ok, 1}) end, fun() -> ?assertNotMatch({ok, _}, {ok, 2}) end, fun() -> ?assertMatch([_ | _], "ab", comment) end]].
equal_1() -> [fails(F) || F <- [fun() -> ?assertEqual(4, 2 + 3) end, fun() -> ?assertEqual([a | b], lists:concat([x, y]), "c") end, fun() -> ?assertNotEqual(5, 2 + 3) end, fun() -> ?assertEqual(1, 1.0) end]].
exception_1() -> [fails(F) || F <- [fun() -> ?assertError(badarg, ok) end, fun() -> ?assertExit({x, _}, exit(x)) end, fun() -> ?assertThrow(_, throw(a)) end, fun() -> ?assertException(error, {badmatch, 1}, error(y)) end, fun() -> ?assertNotException(error, _, error(z)) end, fun() -> ?assertNotException(exit, _, error(z)) end]].
others_1() -> [?LET(Q, 1, Q + 1), ?IF(true, a, b), ?MATCHES({a, _}, {a, 1}), ?MATCHES(b, c), element(1, ?_test(ok)) =:= ?LINE].
