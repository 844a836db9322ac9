%% What suites of Common Test include.

-ifndef(ERLSIM_CT_HRL).
-define(ERLSIM_CT_HRL, true).

-define(config, test_server:lookup_config).

-define(MIN_IMPORTANCE, 0).
-define(LOW_IMPORTANCE, 25).
-define(STD_IMPORTANCE, 50).
-define(HI_IMPORTANCE, 75).
-define(MAX_IMPORTANCE, 99).

-endif.
