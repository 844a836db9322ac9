-module(binaries).
-compile([export_all, nowarn_export_all]).

id(X) -> runner:id(X).

build_1() -> [<<>>, <<1, 2, 255, 256, -1>>, <<"abc">>, <<1:4, 2:4>>, <<3:3>>, <<1:16/little>>, <<-2:16>>, <<1.5/float>>, <<1.5:32/float-little>>].
build_2() -> X = 5, N = 16, [<<X:N>>, <<X:N/little-signed>>, <<X:4/unit:8>>, <<(X + 1)>>, <<"a", X, "b">>, <<X/utf8, 955/utf8, 8364/utf16, 8364/utf32-little>>].
build_3() -> B = <<"hello">>, [<<B/binary, " world">>, <<B:2/binary>>, <<B/bits, 1:1>>, <<(id(<<1:3>>))/bitstring, 7:5>>].
build_4() -> <<(id(a)):8>>.
build_5() -> <<(id(<<"ab">>)):3/binary>>.
build_6() -> <<1:(id(-1))>>.
build_7() -> [<<"λ"/utf8>>, <<"añb">>, <<"xy":16>>, <<2.0:16/float>>, <<1:9>>, <<1:12/little>>, <<16#1234:13/little>>].
build_8() -> <<(id(16#D800))/utf8>>.
match_1() -> <<A, B:16, C:3, D:5, E/binary>> = id(<<1, 2, 3, 4, 5, 6>>), {A, B, C, D, E}.
match_2() -> <<N, B:N/binary, R/bits>> = id(<<3, "abcdef">>), {N, B, R}.
match_3() -> <<A:16/little, B:16/signed, C:8/signed>> = id(<<1, 2, 255, 254, 200>>), {A, B, C}.
match_4() -> <<F/float, G:32/float-little>> = id(<<1.5/float, 2.5:32/float-little>>), {F, G}.
match_5() -> <<"ab", X/utf8, Y/utf16, Z/utf32>> = id(<<"ab", 955/utf8, 66/utf16, 67/utf32>>), {X, Y, Z}.
match_6() -> [case B of <<>> -> empty; <<X>> -> {one, X}; <<1:1, R/bits>> -> {bit, R}; <<_, R/binary>> -> {rest, R} end || B <- [<<>>, <<9>>, <<200, 1>>, <<1, 2>>]].
match_7() -> <<A:4, B/binary>> = id(<<1, 2>>), {A, B}.
match_8() -> <<1, 2>> = id(<<1, 3>>).
match_9() -> case id(<<1:3>>) of <<X:3>> -> X end.
match_10() -> case id(<<1, 2, 3>>) of <<A:(1 + 1)/binary, B>> -> {A, B} end.
match_11() -> case id(not_binary) of <<_/binary>> -> yes; _ -> no end.
match_12() -> A = 2, case id(<<2, 3>>) of <<A, B>> -> B; _ -> no end.
match_13() -> <<A:12/little, _:4>> = id(<<1, 2>>), A.
match_14() -> case id(<<0:1, 16#7ff00000:63>>) of <<F/float>> -> F; _ -> no_float end.
match_15() -> case id(<<16#7ff0000000000000:64>>) of <<F/float>> -> F; _ -> no_float end.
comprehension_1() -> [X || <<X>> <= <<1, 2, 3>>].
comprehension_2() -> << <<(X * 2)>> || X <- [1, 2, 3] >>.
comprehension_3() -> << <<X:4>> || <<X:8>> <= <<1, 2, 3>>, X > 1 >>.
comprehension_4() -> [X || <<1:4, X:4>> <= <<16#12, 16#23, 16#14, 5>>].
comprehension_5() -> [X || <<X:3>> <= <<255, 255:5>>].
comprehension_6() -> [{N, B} || <<N, B:N/binary>> <= <<1, "a", 2, "bc", 9, "d">>].
comprehension_7() -> [X || <<X>> <= id(foo)].
bifs_1() -> [byte_size(<<1, 2>>), bit_size(<<1:3>>), size(<<1:12>>), binary_part(<<"hello">>, 1, 3), binary_part(<<"hello">>, 5, -2), split_binary(<<"ab">>, 1)].
bifs_2() -> [binary_to_list(<<"ab">>), list_to_binary(["a", [98, <<"c">>]]), iolist_to_binary([]), iolist_size(["ab" | <<"c">>]), bitstring_to_list(<<1, 2:3>>)].
bifs_3() -> [atom_to_binary(abc), binary_to_atom(<<"x y">>), integer_to_binary(-5), binary_to_integer(<<"+12">>), integer_to_list(255, 16), list_to_integer("-ff", 16), float_to_list(1.5), float_to_list(0.1, [short]), float_to_list(3.14159, [{decimals, 2}])].
bifs_4() -> list_to_integer("x").
bifs_5() -> list_to_binary([256]).
bifs_6() -> [byte_size(1)].
bifs_7() -> [list_to_tuple([a, b]), tuple_to_list({1}), setelement(2, {a, b}, c), erlang:append_element({a}, b), erlang:make_tuple(2, x), list_to_float("1.5e2"), list_to_atom("true")].
bifs_8() -> element(0, id({a})).
bifs_9() -> [is_atom(true), is_list([a | b]), is_list([]), is_bitstring(<<1:1>>), is_binary(<<1:1>>), is_tuple({}), is_number(1.0), is_boolean(x)].
