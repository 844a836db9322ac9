"""Programs whose processes race to a mailbox."""

from __future__ import annotations

from functools import partial

from erlsim import TIMEOUT
from tests.search.programs.kit import block, erlang, ets, go, matched, program, write


async def _crash_if_mail():
    message = await erlang.receive(after=0)
    if message is not TIMEOUT:
        erlang.throw(message)


async def _allow_but_wait(messages, impatience):
    """Take so many messages; give up waiting so often before."""
    while messages:
        if impatience == 0:
            await erlang.receive()
            messages -= 1
        elif await erlang.receive(after=0) is TIMEOUT:
            impatience -= 1
        else:
            messages -= 1
    await _crash_if_mail()


@program("dpor_tests/after_test:after_test")
async def impatient_receiver():
    """A mailbox is looked into now and then while three others send."""
    send = partial(erlang.send, erlang.self())
    await _allow_but_wait(0, 2)
    go(partial(send, "ok1"))
    await _allow_but_wait(1, 2)
    go(partial(send, "ok2"), partial(send, "ok2"))
    await _allow_but_wait(2, 2)
    await block()


@program("dpor_tests/after_test_reduced:after_test_reduced")
async def impatient_receiver_reduced():
    """The same with two senders and one look."""
    send = partial(erlang.send, erlang.self())
    go(partial(send, "ok2"), partial(send, "ok2"))
    await _allow_but_wait(2, 1)
    await block()


@program("dpor_tests/diff_obs:test")
async def different_observers():
    """What is seen first decides which of the other messages are looked at."""
    erlang.register("main", erlang.self())
    go(*(partial(erlang.send, "main", message) for message in (("x", 0), ("y", 0), ("x", 1), "o")))
    if await erlang.receive("o", after=0) is TIMEOUT:
        await erlang.receive((..., ...))
    else:
        await erlang.receive(("x", ...))
    await block()


@program("dpor_tests/independent_receivers:independent_receivers")
async def two_receivers():
    """Two receivers, each with a sender of its own, tell their parent."""
    me = erlang.self()

    async def receiver(number):
        await erlang.receive("ok")
        erlang.send(me, number)

    first, second = go(partial(receiver, 1), partial(receiver, 2))
    go(partial(erlang.send, first, "ok"), partial(erlang.send, second, "ok"))
    await erlang.receive()
    await erlang.receive()


@program("dpor_tests/indifferent_senders:indifferent_senders")
async def messages_in_their_order():
    """Three send; each message is awaited by its name, so that their order is no matter."""
    me = erlang.self()
    messages = ("msg1", "msg2", "msg3")
    go(*(partial(erlang.send, me, message) for message in messages))
    for message in messages:
        await erlang.receive(message)


async def _special_first(otherwise):
    if await erlang.receive("special", after=0) is TIMEOUT:
        await erlang.receive("special")
        await otherwise()
    else:
        await erlang.receive("a")
        await erlang.receive("c")


def _three_to(receiver):
    to = erlang.spawn(receiver)
    erlang.spawn(partial(erlang.send, to, "c"))
    erlang.send(to, "a")
    erlang.send(to, "special")


@program("dpor_tests/messages_1:messages_1")
async def special_message_1():
    """Whether a special message is there at once decides how the others are taken."""

    async def any_two():
        await erlang.receive()
        await erlang.receive()

    _three_to(partial(_special_first, any_two))


@program("dpor_tests/messages_2:test")
async def special_message_2():
    """As before; who had to wait expects `a` first."""

    async def a_first():
        matched("a", await erlang.receive())
        await erlang.receive()

    _three_to(partial(_special_first, a_first))


@program("dpor_tests/no_observers:test")
async def nobody_looks_at_the_order():
    """Each of two messages is awaited by its sender's name."""
    me = erlang.self()

    def tells():
        erlang.send(me, erlang.self())

    for pid in go(tells, tells):
        await erlang.receive(pid)


def _in_turn(*messages):
    me = erlang.self()

    def sender():
        for message in messages:
            erlang.send(me, message)

    return sender


def _row_and_message(me):
    def writes():
        write("key", "value")
        erlang.send(me, (2, "one"))

    def reads():
        erlang.send(me, (2, "two"))
        matched(ets.lookup("table", "key"), [("key", "value")])

    return writes, reads


@program("dpor_tests/observable_others:dep_unobs")
async def dependent_unobserved():
    """A row is written before one message and read after another; only sometimes their order is seen."""
    ets.new("table", ["named_table", "public"])
    go(*_row_and_message(erlang.self()), _in_turn("dependent"), _in_turn("independent"))
    if await erlang.receive("independent", "dependent") == "dependent":
        await erlang.receive((2, ...))
    await block()


@program("dpor_tests/observable_others:indep_unobs")
async def independent_unobserved():
    """The same, the other answer makes the order seen."""
    ets.new("table", ["named_table", "public"])
    go(*_row_and_message(erlang.self()), _in_turn("independent"), _in_turn("dependent"))
    if await erlang.receive("independent", "dependent") == "independent":
        await erlang.receive((2, ...))
    await block()


async def _one_then_one():
    _, found = await erlang.receive((2, ...))
    if found == "one":
        matched(found, (await erlang.receive((1, ...)))[1])


def _crossing_pairs():
    return _in_turn((1, "one"), (2, "one")), _in_turn((2, "two"), (1, "two"))


@program("dpor_tests/observable_others:dep_obs")
async def dependent_observed():
    """Two senders send two messages each, in opposite orders; which of them are compared is a race, too."""
    go(*_crossing_pairs(), _in_turn("dependent"), _in_turn("independent"))
    if await erlang.receive("independent", "dependent") == "independent":
        matched((await erlang.receive((1, ...)))[1], "one")
    else:
        await _one_then_one()


@program("dpor_tests/observable_others:indep_obs")
async def independent_observed():
    """The same with the answers exchanged."""
    go(*_crossing_pairs(), _in_turn("independent"), _in_turn("dependent"))
    if await erlang.receive("independent", "dependent") == "independent":
        await _one_then_one()
    else:
        matched((await erlang.receive((1, ...)))[1], "one")


async def _forward(to):
    erlang.send(to, await erlang.receive())


async def _behind_proxies(first_to_parent):
    me = erlang.self()
    to = me
    for _ in range(100):
        to = erlang.spawn(_forward, [to])
    messages = [(me, "hello"), (to, "world")]

    def sender():
        for receiver, message in messages if first_to_parent else messages[::-1]:
            erlang.send(receiver, message)

    erlang.spawn(sender)
    await erlang.receive()
    await erlang.receive()


@program("dpor_tests/proxy:proxy")
async def hundred_proxies_later():
    """A message goes straight, the next one through a hundred proxies: it cannot come first."""
    await _behind_proxies(True)


@program("dpor_tests/proxy2:proxy2")
async def hundred_proxies_earlier():
    """The message through the proxies is sent first; it may come first or second."""
    await _behind_proxies(False)


async def _after_a(number, last):
    await erlang.receive("a")
    for _ in range(number - 1):
        await erlang.receive("b")
    matched(last, await erlang.receive())


@program("dpor_tests/receive_order:test1")
async def a_then_anything_1():
    """`a` is awaited first; what comes next must be `b`."""
    to = erlang.spawn(_after_a, [1, "b"])
    go(partial(erlang.send, to, "a"), partial(erlang.send, to, "b"))


@program("dpor_tests/receive_order:test2")
async def a_then_anything_2():
    """The same, the senders the other way round."""
    to = erlang.spawn(_after_a, [1, "b"])
    go(partial(erlang.send, to, "b"), partial(erlang.send, to, "a"))


@program("dpor_tests/receive_order:test3")
async def a_then_b_then_anything():
    """Three messages of two senders, of which the first two are awaited by name."""
    to = erlang.spawn(_after_a, [2, "c"])

    def both():
        erlang.send(to, "c")
        erlang.send(to, "a")

    go(partial(erlang.send, to, "b"), both)


@program("dpor_tests/same_messages:same_messages")
async def the_same_from_two():
    """Two send the same: nobody can tell their order."""
    go(_in_turn("one"), _in_turn("one"))
    messages = [await erlang.receive(), await erlang.receive()]
    matched(messages, ["one", "one"])


@program("dpor_tests/same_messages_2:same_messages_2")
async def unlocked_by_either():
    """Two unlock and then say who they are: the second message may be either's."""
    go(_in_turn("unlock", "a"), _in_turn("unlock", "b"))
    await erlang.receive("unlock")
    erlang.throw(await erlang.receive("a", "b"))


@program("dpor_tests/same_messages_3:same_messages_3")
async def named_then_unlocked():
    """Two say who they are and then unlock: the first name is taken."""
    go(_in_turn("a", "unlock"), _in_turn("b", "unlock"))
    await erlang.receive("unlock")
    erlang.exit(await erlang.receive(lambda message: message != "unlock"))


@program("dpor_tests/stress:stress")
async def unblocked_senders():
    """Two senders start when two others have unblocked their parent; a third one may be late."""
    me = erlang.self()

    async def receiver():
        for _ in range(3):
            await erlang.receive()
        erlang.send(me, "ok")

    to = erlang.spawn(receiver)

    def creator():
        go(partial(erlang.send, to, "ok1"), partial(erlang.send, me, "ok"), partial(erlang.send, me, "ok"))

    erlang.spawn(creator)
    await erlang.receive("ok")
    await erlang.receive("ok")
    go(partial(erlang.send, to, "ok2"), partial(erlang.send, to, "ok2"))
    await erlang.receive("ok")


async def _server(workers, work, parent):
    results = []
    while workers or work:
        message = await erlang.receive(("res", ...), after=0)
        if message is not TIMEOUT:
            results.append(message[1])
            continue
        message = await erlang.receive(("work", ...), "exit")
        if message == "exit":
            workers -= 1
        elif work:
            erlang.send(message[1], ("work", work.pop(0)))
        else:
            erlang.send(message[1], "no_work")
    erlang.send(parent, ("ok", sorted(results)))


async def _worker(server):
    while True:
        erlang.send(server, ("work", erlang.self()))
        message = await erlang.receive(("work", ...), "no_work")
        if message == "no_work":
            break
        erlang.send(server, ("res", message[1] + 10))
    erlang.send(server, "exit")


@program("dpor_tests/workers:workers")
async def workers():
    """Two workers fetch work from a server, which prefers results to requests."""
    server = erlang.spawn(_server, [2, [1, 2], erlang.self()])
    go(partial(_worker, server), partial(_worker, server))
    _, results = await erlang.receive(("ok", ...))
    matched(results, [11, 12])


@program("basic_tests/receive_after:receive_after")
async def message_or_nothing():
    """A child tells that it is there and looks into its mailbox, where its parent has put something, or not yet."""
    me = erlang.self()

    async def child():
        erlang.send(me, "ok")
        if await erlang.receive(after=0) is TIMEOUT:
            erlang.throw("boom")

    erlang.send(erlang.spawn(child), "ok")
    await erlang.receive("ok")


@program("basic_tests/after_test_2:after_test_2")
async def two_looks():
    """A child sends while its parent looks twice."""
    go(_in_turn("one"))
    if await erlang.receive("two", after=0) is not TIMEOUT:
        erlang.throw("two")
    await erlang.receive("one", after=0)
    await block()


@program("basic_tests/after_test_3:after_test_3")
async def told_or_not():
    """What the parent sends depends on whether it has heard of another's message."""
    me = erlang.self()

    async def child():
        first = await erlang.receive()
        erlang.throw((first, await erlang.receive()))

    to = erlang.spawn(child)

    def other():
        erlang.send(to, "a")
        erlang.send(me, "f")

    erlang.spawn(other)
    heard = await erlang.receive("f", after=0) is not TIMEOUT
    erlang.send(to, "b" if heard else "c")


async def _looks(times):
    for _ in range(times):
        await erlang.receive(after=0)


@program("basic_tests/many_send_to_dead:many_send_to_dead")
async def sent_to_the_dead():
    """A process looks once and is gone; two send to it."""
    to = erlang.spawn(_looks, [1])
    go(partial(erlang.send, to, "msg1"), partial(erlang.send, to, "msg2"))
    await block()


@program("basic_tests/many_send_to_dead_2:many_send_to_dead_2")
async def sent_to_the_dying():
    """A process looks twice and is gone; two send to it."""
    to = erlang.spawn(_looks, [2])
    go(partial(erlang.send, to, "msg1"), partial(erlang.send, to, "msg2"))
    await block()


@program("basic_tests/send_receive_dependencies:send_receive_dependencies")
async def three_in_a_ring():
    """Messages go round between three processes; all arrive in one order."""

    async def last():
        await erlang.receive("p")
        await erlang.receive()
        await erlang.receive()

    async def middle():
        erlang.send(await erlang.receive(), 1)

    async def relay(to):
        await erlang.receive("p")
        erlang.send(to, 2)
        await erlang.receive(1)
        erlang.send(to, 1)

    end, between = go(last, middle)
    first = erlang.spawn(relay, [end])
    erlang.send(first, "p")
    erlang.send(between, first)
    erlang.send(end, "p")


@program("basic_tests/send_self:test2")
async def to_oneself_and_from_another():
    """A process sends to itself while a child sends to it."""
    go(_in_turn("two"))
    erlang.send(erlang.self(), "one")
    erlang.throw(await erlang.receive())


@program("basic_tests/spawned_sender_crasher:spawned_sender_crasher")
async def wants_both_orders():
    """A receiver asks for both orders at once: whatever comes, it crashes."""

    async def receiver():
        pair = [await erlang.receive(), await erlang.receive()]
        matched(pair, ["one", "two"])
        matched(pair, ["two", "one"])

    to = erlang.spawn(receiver)
    go(partial(erlang.send, to, "one"), partial(erlang.send, to, "two"))


@program("basic_tests/spawned_senders:spawned_senders")
async def takes_both_orders():
    """A receiver takes two messages in whatever order."""

    async def receiver():
        await erlang.receive()
        await erlang.receive()

    to = erlang.spawn(receiver)
    go(partial(erlang.send, to, "one"), partial(erlang.send, to, "two"))


@program("basic_tests/immediate_delivery:test1")
async def parent_first():
    """The parent sends before it spawns the other sender."""
    to = erlang.spawn(_p_then_c)
    erlang.send(to, "p")
    erlang.spawn(partial(erlang.send, to, "c"))


@program("basic_tests/immediate_delivery:test2")
async def parent_second():
    """The parent sends after it has spawned the other sender."""
    to = erlang.spawn(_p_then_c)
    erlang.spawn(partial(erlang.send, to, "c"))
    erlang.send(to, "p")


async def _p_then_c():
    if await erlang.receive("p", "c") == "p":
        await erlang.receive("c")
    else:
        erlang.error("fault")


@program("basic_tests/trace_the_sender:trace_the_sender")
async def straight_or_by_a_chain():
    """A message goes straight, another by a chain of three."""
    erlang.spawn(lambda: None)

    async def receiver():
        await erlang.receive()
        await erlang.receive()

    async def link(then, message):
        await erlang.receive("ok")
        erlang.send(then, message)

    to = erlang.spawn(receiver)
    then = to
    for message in ("x", "ok", "ok"):
        then = erlang.spawn(link, [then, message])
    erlang.send(then, "ok")
    erlang.send(to, "main")


@program("basic_tests/irrelevant_send:irrelevant_send")
async def two_exits_awaited():
    """Two linked children end; the end of the second is taken for an error."""
    erlang.process_flag("trap_exit", True)
    first = erlang.spawn_link(lambda: None)
    second = erlang.spawn_link(lambda: None)
    _, who, _ = await erlang.receive(("EXIT", first, "normal"), ("EXIT", second, "normal"))
    if who == second:
        erlang.throw("error")


def _other_than(*seen):
    """A predicate of its own for each receive: what it looks at must not change."""
    return lambda message: message not in seen


@program("advanced_tests/receive_deps:test")
async def sent_then_written():
    """Three send and then write, each if another has written before; the order of their messages is checked."""
    me = erlang.self()
    ets.new("table", ["public", "named_table"])

    def sender(number):
        erlang.send(me, number)
        if number == 1 or ets.lookup("table", "k") == [("k", 1)]:
            write("k", number)

    go(*(partial(sender, number) for number in (1, 2, 3)))
    seen = []
    for _ in range(3):
        seen.append(await erlang.receive(_other_than(*seen)))
    matched(ets.lookup("table", "k") != [("k", 3)], True)
    await block()


@program("advanced_tests/receive_pats:test1")
async def patterns_1():
    """foo and bar of one, foo of another: foo is taken first."""
    go(_in_turn(("foo", 1), ("bar", 1)), _in_turn(("foo", 2)))
    await erlang.receive(("foo", ...))
    await erlang.receive(("bar", ...))


@program("advanced_tests/receive_pats:test2")
async def patterns_2():
    """The same; bar is taken first, so that a foo is there before."""
    go(_in_turn(("foo", 1), ("bar", 1)), _in_turn(("foo", 2)))
    await erlang.receive(("bar", ...))
    await erlang.receive(("foo", ...))


@program("advanced_tests/receive_pats:test3")
async def patterns_3():
    """foo and bar of one, bar of another: foo is taken first."""
    go(_in_turn(("foo", 1), ("bar", 1)), _in_turn(("bar", 2)))
    await erlang.receive(("foo", ...))
    await erlang.receive(("bar", ...))


@program("advanced_tests/receive_pats:test4")
async def patterns_4():
    """The same; bar is taken first."""
    go(_in_turn(("foo", 1), ("bar", 1)), _in_turn(("bar", 2)))
    await erlang.receive(("bar", ...))
    await erlang.receive(("foo", ...))


async def _alpha_after_beta(last):
    go(_in_turn(("alpha", 1)), _in_turn(("beta", 1)))
    first, _ = await erlang.receive(("alpha", ...), ("beta", ...))
    if first == "beta":
        await erlang.receive(("alpha", ...))
        go(_in_turn(("alpha", 2)), _in_turn(("alpha", 3)), _in_turn(("beta", 2)))
        for _ in range(last):
            await erlang.receive(("alpha", ...))


@program("advanced_tests/receive_patterns:test1")
async def alphas_and_betas_1():
    """If beta comes first, two more alphas are awaited."""
    await _alpha_after_beta(2)


@program("advanced_tests/receive_patterns:test2")
async def alphas_and_betas_2():
    """If beta comes first, one more alpha is awaited of two."""
    await _alpha_after_beta(1)


@program("advanced_tests/preemption:preemption")
async def two_senders_two_receivers():
    """Two senders tell two receivers, which look when both have told."""
    me = erlang.self()

    async def receiver():
        await erlang.receive("go")
        await erlang.receive()
        await erlang.receive()

    def sender(number):
        for to in receivers:
            erlang.send(to, number - 1)
        erlang.send(me, ("sender", erlang.self()))

    receivers = go(receiver, receiver)
    for pid in go(partial(sender, 1), partial(sender, 2)):
        await erlang.receive(("sender", pid))
    for to in receivers:
        erlang.send(to, "go")
    await block()


@program("advanced_tests/ring_leader_election:ring_leader_election")
async def ring_of_three_elects():
    """Three members send their numbers round the ring; the highest is the leader."""
    me = erlang.self()

    async def member(mine):
        _, link = await erlang.receive(("l", ...))
        erlang.send(link, mine)
        leader = mine
        while (number := await erlang.receive()) != mine:
            erlang.send(link, number)
            leader = max(number, leader)
        erlang.send(me, (erlang.self(), leader))

    pids = go(*(partial(member, number) for number in (1, 2, 3)))
    for pid, link in zip(pids, [*pids[1:], pids[0]], strict=True):
        erlang.send(pid, ("l", link))
    for pid in pids:
        await erlang.receive((pid, 3))


@program("corner_tests/deliver_exhaustive:test")
async def forwarded_or_straight():
    """One message goes straight, another is forwarded: the receiver crashes if the second is first."""

    async def receiver():
        matched("first", await erlang.receive())

    to, ref = erlang.spawn_monitor(receiver)
    between = erlang.spawn(_forward, [to])
    erlang.send(to, "first")
    erlang.send(between, "second")
    await erlang.receive(("DOWN", ref, "process", to, ...))


@program("basic_tests/message_queue_length:test")
async def one_is_left():
    """The second message of two is taken; one is left."""
    go(_in_turn("one", "two"))
    await erlang.receive("two")
    matched(erlang.process_info(erlang.self(), "message_queue_len"), ("message_queue_len", 1))


@program("dpor_tests/workers_2:workers_2")
async def workers_with_results_between():
    """Two workers; the server gives out results as work again when there is no more."""
    me = erlang.self()

    async def collected():
        return [(await erlang.receive(("res", ...)))[1] for _ in range(2)]

    async def server():
        running, retries, work = 2, 2, [1, 2]
        while running or retries or work:
            message = await erlang.receive(("work", ...), "exit")
            if message == "exit":
                running -= 1
            elif work:
                erlang.send(message[1], ("work", work.pop(0)))
            elif retries == 0:
                erlang.send(message[1], "no_work")
            else:
                # The last result is worked on first.
                work = (await collected())[::-1]
                erlang.send(message[1], ("work", work.pop(0)))
                retries -= 1
        erlang.send(me, ("ok", sorted(await collected())))

    to = erlang.spawn(server)
    go(partial(_worker, to), partial(_worker, to))
    _, results = await erlang.receive(("ok", ...))
    matched(results, [31, 32])


@program("dpor_tests/test_after_spawns:test_after_spawns", late=True)
async def sent_in_time():
    """Three send; the parent waits for each of them for a while."""
    go(*map(_in_turn, ("one", "two", "one")))

    async def taken(number):
        message = await erlang.receive(after=10)
        if message is not TIMEOUT:
            return message
        late = []
        while (message := await erlang.receive(after=0)) is not TIMEOUT:
            late.insert(0, message)
        return (number, late)

    erlang.throw(("ok", *[await taken(number) for number in (1, 2, 3)]))
