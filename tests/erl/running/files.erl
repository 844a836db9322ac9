-module(files).
-compile([export_all, nowarn_export_all]).
-include_lib("kernel/include/file.hrl").

%% Each in an empty directory of its own.
inside(Fun) ->
    {ok, Cwd} = file:get_cwd(),
    Dir = "erlsim_files_test",
    file:del_dir_r(Dir),
    ok = file:make_dir(Dir),
    ok = file:set_cwd(Dir),
    try Fun() after file:set_cwd(Cwd), file:del_dir_r(Dir) end.

sorted({ok, Names}) -> {ok, lists:sort(Names)};
sorted(Other) -> Other.

whole_1() -> inside(fun() -> [file:write_file("a", ["b", <<"c">>, [$d]]), file:read_file("a"), file:read_file(<<"a">>), file:read_file(a), file:read_file("b"), file:delete("a"), file:delete("a"), file:read_file("a")] end).
whole_2() -> inside(fun() -> [file:make_dir("d"), file:make_dir("d"), file:make_dir("x/y"), file:read_file("d"), file:write_file("d", "x"), file:write_file("x/y", "x"), file:write_file("new/", "x"), file:delete("d"), file:del_dir("d"), file:del_dir("d")] end).
whole_3() -> inside(fun() -> file:write_file("a", "x"), [file:read_file("a/"), file:read_file("a/b"), file:write_file("a/b", "y"), file:make_dir("a"), file:make_dir("a/b"), file:del_dir("a"), file:list_dir("a"), file:set_cwd("a"), file:set_cwd("nowhere")] end).
whole_4() -> inside(fun() -> [file:write_file("a", "1", [append]), file:write_file("a", "2", [append]), file:read_file("a"), file:write_file("a", "x", [exclusive]), file:write_file("b", "x", [exclusive]), file:write_file("a", "3"), file:read_file("a"), file:write_file("a", a), file:write_file("a", "x", [foo])] end).
whole_5() -> inside(fun() -> [file:read_file(""), file:read_file([]), file:write_file("", "x"), file:make_dir(""), file:read_file(1), file:read_file("a\0b"), file:read_file({}), file:list_dir(""), file:delete("")] end).
whole_6() -> inside(fun() -> file:make_dir("d"), file:write_file("d/b", ""), file:write_file("d/a", ""), file:write_file("c", ""), [sorted(file:list_dir(".")), sorted(file:list_dir("d")), sorted(file:list_dir("e")), file:del_dir("d"), file:del_dir_r("d"), sorted(file:list_dir(".")), file:del_dir_r("d"), file:del_dir_r("c")] end).
whole_7() -> inside(fun() -> file:write_file("a", "1"), file:write_file("b", "2"), file:make_dir("d"), file:make_dir("e"), file:write_file("e/x", ""), [file:rename("a", "b"), file:read_file("b"), file:read_file("a"), file:rename("b", "d"), file:rename("d", "b"), file:rename("d", "e"), file:rename("d", "f"), file:rename("e", "f"), sorted(file:list_dir("f")), file:rename("nope", "g"), file:rename("f", "f/g"), file:rename("b", "nodir/b")] end).
whole_8() -> inside(fun() -> file:write_file("a", "abc"), [file:make_link("a", "b"), file:write_file("b", "xyz"), file:read_file("a"), file:delete("a"), file:read_file("b"), file:make_link("b", "b"), file:make_link("no", "c"), file:read_link("b"), file:read_link("no")] end).
whole_9() -> inside(fun() -> file:write_file("a", "hello"), [file:copy("a", "b"), file:read_file("b"), file:copy("a", "c", 2), file:read_file("c"), file:copy("no", "d"), file:copy("a", {"b", [append]}), file:read_file("b")] end).
cwd_1() -> inside(fun() -> file:make_dir("d"), {ok, Here} = file:get_cwd(), ok = file:set_cwd("d"), file:write_file("x", "1"), R = [file:read_file("x"), file:read_file("../d/x"), file:read_file("./x"), file:read_file("../d/./x")], ok = file:set_cwd(".."), {ok, There} = file:get_cwd(), [Here =:= There, file:read_file("d/x") | R] end).
open_1() -> inside(fun() -> {ok, F} = file:open("a", [write]), R = [file:write(F, "hello"), file:position(F, 1), file:write(F, "E"), file:position(F, cur), file:position(F, eof), file:position(F, {bof, 2}), file:position(F, {cur, -3}), file:position(F, -1), file:position(F, foo), file:read(F, 1), file:close(F)], [file:read_file("a"), file:close(F), file:write(F, "x") | R] end).
open_2() -> inside(fun() -> file:write_file("a", "line1\nline2\r\nend"), {ok, F} = file:open("a", [read]), R = [file:read_line(F), file:read_line(F), file:read(F, 1), file:read_line(F), file:read_line(F), file:read(F, 5), file:read(F, 0), file:write(F, "x"), file:pread(F, 2, 3), file:pread(F, 100, 1), file:pread(F, [{0, 2}, {99, 1}, {4, 1}]), file:read(F, -1), file:read(F, a)], file:close(F), R end).
open_3() -> inside(fun() -> [file:open("no", [read]), file:open("no/x", [write]), element(1, file:open("n1", [read, write])), element(1, file:open("n1", [exclusive])), element(1, file:open("n1", [foo])), file:open("n1", [{encoding, foo}]), file:open(".", [read]), file:open(".", [write]), file:open("n1", 1), file:open(1, [read])] end).
open_4() -> inside(fun() -> file:write_file("a", "abc"), {ok, F} = file:open("a", [read, write, binary]), R = [file:read(F, 1), file:write(F, "X"), file:read(F, 5), file:pwrite(F, 5, "Z"), file:pwrite(F, [{0, "0"}, {1, <<"1">>}]), file:position(F, 2), file:truncate(F), file:sync(F), file:datasync(F)], file:close(F), [file:read_file("a") | R] end).
open_5() -> inside(fun() -> file:write_file("a", "abc"), {ok, F} = file:open("a", [append]), R = [file:write(F, "d"), file:position(F, 0), file:write(F, "e")], file:close(F), [file:read_file("a") | R] end).
open_6() -> inside(fun() -> file:write_file("a", "abcdef"), {ok, F} = file:open("a", [read, raw, binary]), R = [file:read(F, 2), file:read_line(F), file:position(F, 1), file:read(F, 1), file:write(F, "x"), file:close(F)], [file:read(F, 1), file:close(F) | R] end).
open_7() -> inside(fun() -> {ok, F} = file:open("a", [write, raw]), R = [file:write(F, ["a", <<"b">>]), file:write(F, "c"), file:close(F)], [file:read_file("a") | R] end).
open_8() -> [file:read(foo, 1), file:close(foo), file:write(1, "x"), file:position({a}, 1)].
io_1() -> inside(fun() -> {ok, F} = file:open("a", [write, {encoding, utf8}]), R = [io:format(F, "~p ~ts~n", [{a, 1}, [1080]]), io:put_chars(F, "x"), io:nl(F), io:write(F, [1])], file:close(F), [file:read_file("a") | R] end).
io_2() -> inside(fun() -> file:write_file("a", "one\ntwo\n\nlast"), {ok, F} = file:open("a", [read]), R = [io:get_line(F, ""), io:get_chars(F, "", 2), io:get_line(F, ''), io:get_line(F, ''), io:get_line(F, ''), io:get_line(F, ''), io:get_chars(F, '', 1)], file:close(F), R end).
io_3() -> inside(fun() -> file:write_file("a", <<"é\n"/utf8>>), {ok, F} = file:open("a", [read, binary, {encoding, utf8}]), R = [io:get_line(F, ""), io:getopts(F)], file:close(F), R end).
io_4() -> inside(fun() -> {ok, F} = file:open("a", [write]), R = [catch_class(fun() -> io:format(F, "~ts", [[1080]]) end)], [R] end).
io_5() -> [io:get_line(standard_io, ""), io:get_chars("", 3)].
catch_class(F) -> try F() catch C:E -> {C, E} end.
consult_1() -> inside(fun() -> file:write_file("a", "{a, 1}.\n[b, \"c\"].\n#{x => <<1>>}.\n"), file:write_file("b", "{a, 1}.\n{b.\n"), file:write_file("c", "a.\n'b\n"), file:write_file("d", ""), file:write_file("e", "a.\nX.\n"), file:write_file("f", "a"), [file:consult("a"), file:consult("b"), file:consult("d"), file:consult("e"), file:consult("no"), file:consult("f")] end).
consult_2() -> inside(fun() -> file:make_dir("d"), file:write_file("d/a", "x."), [file:path_consult(["no", "d"], "a"), file:path_consult(["no"], "a"), element(1, file:path_open([".", "d"], "a", [read]))] end).
info_1() -> inside(fun() -> file:write_file("a", "abc"), file:make_dir("d"), {ok, A} = file:read_file_info("a"), {ok, D} = file:read_file_info("d"), {ok, P} = file:read_file_info("a", [{time, posix}]), [A#file_info.size, A#file_info.type, A#file_info.access, D#file_info.type, is_integer(P#file_info.mtime), tuple_size(A), file:read_file_info("no"), A#file_info.links, tuple_size(A#file_info.mtime)] end).
filelib_1() -> inside(fun() -> file:write_file("a.erl", "abc"), [filelib:ensure_dir("x/y/z"), filelib:is_dir("x/y"), filelib:is_file("x"), filelib:is_regular("x"), filelib:is_regular("a.erl"), filelib:file_size("a.erl"), filelib:file_size("no"), filelib:is_file("no"), filelib:last_modified("no"), filelib:ensure_dir("a.erl/x/y"), filelib:ensure_path("p/q"), filelib:is_dir("p/q")] end).
filelib_2() -> inside(fun() -> [file:write_file(N, "") || N <- ["a.erl", "b.erl", "c.hrl", ".hid", "ab"]], filelib:ensure_dir("d/e/x"), file:write_file("d/f.erl", ""), file:write_file("d/e/g.erl", ""), [filelib:wildcard(P) || P <- ["*", "*.erl", "?.erl", "*.{erl,hrl}", "[ab].*", "d/*", "*/*.erl", "**/*.erl", "no*", "a.erl", "d/e/", ".*", "[a-b]*"]] ++ [filelib:wildcard("*.erl", "d"), lists:sort(filelib:fold_files(".", "\\.erl$", true, fun(F, A) -> [F | A] end, []))] end).
owner_1() -> inside(fun() -> Me = self(), {P, R} = spawn_monitor(fun() -> {ok, F} = file:open("a", [write]), file:write(F, "x"), Me ! {f, F} end), F = receive {f, X} -> X end, receive {'DOWN', R, process, P, _} -> ok end, timer:sleep(20), [file:write(F, "y"), is_process_alive(F), file:read_file("a")] end).
read_1() -> inside(fun() -> file:write_file("a", "{a, 1}. [b,\n c].\n X. {d. e."), {ok, F} = file:open("a", [read]), R = [io:read(F, ''), io:read(F, ''), io:read(F, ''), io:read(F, ''), io:read(F, ''), io:read(F, ''), io:read('')], file:close(F), R end).
read_2() -> inside(fun() -> file:write_file("a", "f(X) ->\n X.\ng() -> A = 1, A.\n"), {ok, F} = file:open("a", [read]), R = [io:parse_erl_form(F, ''), io:parse_erl_form(F, '', 3), io:parse_erl_form(F, '', 4)], file:close(F), R end).
read_3() -> inside(fun() -> file:write_file("a", "1 + 2. x"), {ok, F} = file:open("a", [read]), R = [io:scan_erl_exprs(F, '', {1, 1}), io:read(F, '', 1), io:read(F, '', 1)], file:close(F), R end).
