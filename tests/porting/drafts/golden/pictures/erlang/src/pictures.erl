%%% A shop: a supervisor with a stock and a director whose tills have plans. One till breaks twice, one is unplugged.
%%% A draft, ported from pictures.py.
-module(pictures).

-export([main/0]).

main() ->
    supervisor:start_link({local, shop}, shop, []),
    lists:foreach(fun(Number) -> gen_server:cast(stock, {order, Number}) end, lists:seq(0, 3)),
    timer:sleep(120),
    gen_server:cast(till_1, break),
    timer:sleep(480),
    gen_server:cast(till_1, break),
    exit(whereis(till_2), kill),
    timer:sleep(400).
