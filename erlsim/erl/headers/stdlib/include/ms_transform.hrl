%% Lets ets:fun2ms/1 take a literal fun.

-compile({parse_transform, ms_transform}).
