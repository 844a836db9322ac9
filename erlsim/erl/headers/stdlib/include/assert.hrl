%% Assertions for tests: what they fail with is what OTP's fail with. Used by eunit.hrl and by suites of Common Test.

-ifndef(ASSERT_HRL).
-define(ASSERT_HRL, true).

-define(erlsim_failed(Kind, Comment, What),
        erlang:error({Kind, [{module, ?MODULE}, {line, ?LINE}] ++ Comment ++ What})).

-define(erlsim_boolean(Expected, Expr, Comment),
        ((fun() ->
              case Expr of
                  Expected -> ok;
                  Erlsim__V ->
                      ?erlsim_failed(assert, Comment,
                                     [{expression, ??Expr}, {expected, Expected},
                                      case is_boolean(Erlsim__V) of
                                          true -> {value, Erlsim__V};
                                          false -> {not_boolean, Erlsim__V}
                                      end])
              end
          end)())).

-define(assert(Expr), ?erlsim_boolean(true, Expr, [])).
-define(assert(Expr, Comment), ?erlsim_boolean(true, Expr, [{comment, Comment}])).
-define(assertNot(Expr), ?erlsim_boolean(false, Expr, [])).
-define(assertNot(Expr, Comment), ?erlsim_boolean(false, Expr, [{comment, Comment}])).

-define(erlsim_match(Pattern, Expr, Comment),
        ((fun() ->
              case Expr of
                  Pattern -> ok;
                  Erlsim__V ->
                      ?erlsim_failed(assertMatch, Comment,
                                     [{expression, ??Expr}, {pattern, ??Pattern}, {value, Erlsim__V}])
              end
          end)())).

-define(assertMatch(Pattern, Expr), ?erlsim_match(Pattern, Expr, [])).
-define(assertMatch(Pattern, Expr, Comment), ?erlsim_match(Pattern, Expr, [{comment, Comment}])).

-define(erlsim_no_match(Pattern, Expr, Comment),
        ((fun() ->
              Erlsim__V = Expr,
              case Erlsim__V of
                  Pattern ->
                      ?erlsim_failed(assertNotMatch, Comment,
                                     [{expression, ??Expr}, {pattern, ??Pattern}, {value, Erlsim__V}]);
                  _ -> ok
              end
          end)())).

-define(assertNotMatch(Pattern, Expr), ?erlsim_no_match(Pattern, Expr, [])).
-define(assertNotMatch(Pattern, Expr, Comment), ?erlsim_no_match(Pattern, Expr, [{comment, Comment}])).

-define(erlsim_equal(Expect, Expr, Comment),
        ((fun() ->
              Erlsim__X = (Expect),
              case Expr of
                  Erlsim__X -> ok;
                  Erlsim__V ->
                      ?erlsim_failed(assertEqual, Comment,
                                     [{expression, ??Expr}, {expected, Erlsim__X}, {value, Erlsim__V}])
              end
          end)())).

-define(assertEqual(Expect, Expr), ?erlsim_equal(Expect, Expr, [])).
-define(assertEqual(Expect, Expr, Comment), ?erlsim_equal(Expect, Expr, [{comment, Comment}])).

-define(erlsim_unequal(Unexpected, Expr, Comment),
        ((fun() ->
              Erlsim__X = (Unexpected),
              case Expr of
                  Erlsim__X ->
                      ?erlsim_failed(assertNotEqual, Comment, [{expression, ??Expr}, {value, Erlsim__X}]);
                  _ -> ok
              end
          end)())).

-define(assertNotEqual(Unexpected, Expr), ?erlsim_unequal(Unexpected, Expr, [])).
-define(assertNotEqual(Unexpected, Expr, Comment), ?erlsim_unequal(Unexpected, Expr, [{comment, Comment}])).

-define(erlsim_exception(Class, Term, Expr, Comment),
        ((fun() ->
              try Expr of
                  Erlsim__V ->
                      ?erlsim_failed(assertException, Comment,
                                     [{expression, ??Expr}, {pattern, "{ " ??Class " , " ??Term " , [...] }"},
                                      {unexpected_success, Erlsim__V}])
              catch
                  Class:Term -> ok;
                  Erlsim__C:Erlsim__T:Erlsim__S ->
                      ?erlsim_failed(assertException, Comment,
                                     [{expression, ??Expr}, {pattern, "{ " ??Class " , " ??Term " , [...] }"},
                                      {unexpected_exception, {Erlsim__C, Erlsim__T, Erlsim__S}}])
              end
          end)())).

-define(assertException(Class, Term, Expr), ?erlsim_exception(Class, Term, Expr, [])).
-define(assertException(Class, Term, Expr, Comment), ?erlsim_exception(Class, Term, Expr, [{comment, Comment}])).
-define(assertError(Term, Expr), ?assertException(error, Term, Expr)).
-define(assertError(Term, Expr, Comment), ?assertException(error, Term, Expr, Comment)).
-define(assertExit(Term, Expr), ?assertException(exit, Term, Expr)).
-define(assertExit(Term, Expr, Comment), ?assertException(exit, Term, Expr, Comment)).
-define(assertThrow(Term, Expr), ?assertException(throw, Term, Expr)).
-define(assertThrow(Term, Expr, Comment), ?assertException(throw, Term, Expr, Comment)).

-define(assertNotException(Class, Term, Expr),
        ((fun() ->
              try Expr of
                  _ -> ok
              catch
                  Erlsim__C:Erlsim__T:Erlsim__S ->
                      case Erlsim__C of
                          Class ->
                              case Erlsim__T of
                                  Term ->
                                      ?erlsim_failed(assertNotException, [],
                                                     [{expression, ??Expr},
                                                      {pattern, "{ " ??Class " , " ??Term " , [...] }"},
                                                      {unexpected_exception, {Erlsim__C, Erlsim__T, Erlsim__S}}]);
                                  _ -> ok
                              end;
                          _ -> ok
                      end
              end
          end)())).

-endif.
