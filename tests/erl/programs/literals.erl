%% coding: utf-8
-module(literals).
-compile([export_all, nowarn_export_all]).
-vsn({1, "two", <<"three">>, [f/1, {g, 2}], #{k => h/3}, -4, +5.5, $c, [a | b]}).

numbers() -> [0, 1_000_000, 2#1010, 16#dead_BEEF, 36#Zz, 1.5, 1.0e10, 1_0.2_5E-3, 123456789012345678901234567890].
atoms() -> [abc, 'Abc', 'a b', 'it\'s', '\'', a@b_1, 'æ', æther, true, 'false', 'maybe', 'else', 'end'].
strings() -> ["", "abc", "a\"b\\c\n\t\e\s\d\x7f\101", "日本語", "two
lines" "joined", "%", "\^a"].
binaries() ->
    X = 1,
    [<<>>, <<1, 2, X:8, X:16/little-signed-integer-unit:1, X:X/binary-unit:8>>, <<"abc", "def"/utf8, $a/utf16>>,
     <<-1, +2, (X + 1):4, X/float, bnot 1:8>>, << <<A:4>> || <<A>> <= <<"x">>, A > 1 >>, [B || <<B/utf8>> <= <<"y">>]].
match(<<A:8, B:A/binary, "lit", C:3, D/bits>>, {}, #{}, [], 1.5, -1, 2 + 3, "s" ++ T) -> {A, B, C, D, T}.
dots() -> a.%% a comment at once
	last( ) -> ok .
