#!/usr/bin/env escript
%% Writes otp_exports.txt, what the modules of the library export in OTP: escript record_exports.escript > otp_exports.txt
main(_) ->
    Modules = [erlang, lists, maps, proplists, dict, orddict, sets, ordsets, gb_sets, gb_trees, queue, array, string,
               binary, unicode, math, rand, io, io_lib, erl_scan, erl_parse, timer, ets, calendar, base64, re, filename,
               os, file, counters, atomics, persistent_term, application, error_logger, logger, global, gen, gen_server,
               gen_statem, gen_event, supervisor, supervisor_bridge, proc_lib, sys],
    [io:format("~s ~s~n", [Module, lists:join(" ", exports(Module))]) || Module <- Modules].

exports(Module) ->
    {module, Module} = code:ensure_loaded(Module),
    [io_lib:format("~ts/~w", [Name, Arity]) || {Name, Arity} <- lists:sort(Module:module_info(exports)),
                                              Name =/= module_info, Name =/= behaviour_info].
