/* Time for an Erlang that is asked, not used: when its one scheduler would wait for its next timer, the clocks jump there.

   Preloaded into `erl +S 1` (see node.py). The scheduler waits in epoll_wait for a timerfd that it has set to the next
   timer. That timerfd is set to a moment instead; if nothing else happens in this moment, the clocks are put forward to
   when it should have expired. What a program can see of time is as it would be on a machine that is never busy.
   Only this one thread sets a timerfd, so that its two variables need no lock; others only read clocks. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <poll.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>

#define SECOND 1000000000LL
/* Long enough for other threads (those that read files, those that read the pipe) to wake the scheduler. */
#define MOMENT 50000LL
/* A node that nobody asks has timers that are far away: they may be waited for. */
#define FARTHEST (30 * SECOND)

static _Atomic long long skipped;
static long long wanted_at;
static int set = -1;

static int real_clock(clockid_t clock, struct timespec *at) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    return real(clock, at);
}

static long long nanoseconds(const struct timespec *at) { return at->tv_sec * SECOND + at->tv_nsec; }

int clock_gettime(clockid_t clock, struct timespec *at) {
    int result = real_clock(clock, at);
    if (result == 0 && (clock == CLOCK_MONOTONIC || clock == CLOCK_REALTIME)) {
        long long ns = nanoseconds(at) + atomic_load(&skipped);
        at->tv_sec = ns / SECOND;
        at->tv_nsec = ns % SECOND;
    }
    return result;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
    struct timespec precise;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &precise);
    at->tv_sec = precise.tv_sec;
    at->tv_usec = precise.tv_nsec / 1000;
    return 0;
}

static long long now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return nanoseconds(&at);
}

int timerfd_settime(int timer, int flags, const struct itimerspec *wanted, struct itimerspec *before) {
    static int (*real)(int, int, const struct itimerspec *, struct itimerspec *);
    if (!real) real = dlsym(RTLD_NEXT, "timerfd_settime");
    long long wait = nanoseconds(&wanted->it_value);
    set = -1;
    if (flags != 0 || wait <= MOMENT || wait > FARTHEST) return real(timer, flags, wanted, before);
    set = timer;
    wanted_at = now() + wait;
    struct itimerspec moment = {.it_value = {.tv_nsec = MOMENT}};
    return real(timer, flags, &moment, before);
}

int epoll_wait(int from, struct epoll_event *events, int most, int timeout) {
    static int (*real)(int, struct epoll_event *, int, int);
    if (!real) real = dlsym(RTLD_NEXT, "epoll_wait");
    int happened = real(from, events, most, timeout);
    struct pollfd timer = {.fd = set, .events = POLLIN};
    /* Other threads wait here, too: they have no timers, and a number of events that is not 1 is no mere timer. */
    if (set >= 0 && happened == 1 && events[0].data.fd == set && poll(&timer, 1, 0) == 1) {
        long long left = wanted_at - now();
        if (left > 0) atomic_fetch_add(&skipped, left);
        set = -1;
    }
    return happened;
}
