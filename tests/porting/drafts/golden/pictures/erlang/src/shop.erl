%%% A draft, ported from pictures.py.
-module(shop).
-behaviour(supervisor).

-export([init/1]).

init(_Arg) ->
    Stock = #{id => stock, start => {server, start_link, [stock]}},
    Tills = #{
        id => tills,
        start => {director, start_link, [{local, tills}, tills, []]},
        type => supervisor
    },
    {ok, {#{strategy => rest_for_one, intensity => 3, period => 5}, [Stock, Tills]}}.
