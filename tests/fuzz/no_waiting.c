/* Time for an Erlang that is asked, not used: when its one scheduler would wait for its next timer, the clocks jump there.

   Preloaded into `erl +S 1` (see node.py). The scheduler waits in epoll_wait for a timerfd that it has set to the next
   timer. That timerfd is set to a moment instead; if nothing else happens in this moment and every other thread sleeps
   (those that read files for it do not), the clocks are put forward to when it should have expired. What a program can
   see of time is as it would be on a machine that is never busy.
   Only this one thread sets a timerfd, so that its two variables need no lock; others only read clocks. */

#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000LL
#define MOMENT 20000LL
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

/* Whether a thread besides the caller runs, or waits for a disk. */
static int others_run(void) {
    DIR *threads = opendir("/proc/self/task");
    int running = 0;
    for (struct dirent *each; threads && !running && (each = readdir(threads));) {
        char path[32] = "", stat[128] = "", *name_ends;
        if (each->d_name[0] == '.' || atoi(each->d_name) == gettid()) continue;
        strcat(strcat(path, each->d_name), "/stat");
        int file = openat(dirfd(threads), path, O_RDONLY);
        if (file < 0) continue;
        if (read(file, stat, sizeof stat - 1) > 0 && (name_ends = strrchr(stat, ')')))
            running = name_ends[2] == 'R' || name_ends[2] == 'D';
        close(file);
    }
    if (threads) closedir(threads);
    return running;
}

static int real_settime(int timer, int flags, const struct itimerspec *wanted, struct itimerspec *before) {
    static int (*real)(int, int, const struct itimerspec *, struct itimerspec *);
    if (!real) real = dlsym(RTLD_NEXT, "timerfd_settime");
    return real(timer, flags, wanted, before);
}

static const struct itimerspec moment = {.it_value = {.tv_nsec = MOMENT}};

int timerfd_settime(int timer, int flags, const struct itimerspec *wanted, struct itimerspec *before) {
    long long wait = nanoseconds(&wanted->it_value);
    set = -1;
    if (flags != 0 || wait <= MOMENT || wait > FARTHEST) return real_settime(timer, flags, wanted, before);
    set = timer;
    wanted_at = now() + wait;
    return real_settime(timer, flags, &moment, before);
}

int epoll_wait(int from, struct epoll_event *events, int most, int timeout) {
    static int (*real)(int, struct epoll_event *, int, int);
    if (!real) real = dlsym(RTLD_NEXT, "epoll_wait");
    for (;;) {
        int happened = real(from, events, most, timeout);
        /* Other threads wait here, too: they have no timer. If more has happened than that it expired, that comes first. */
        if (set < 0 || happened != 1 || events[0].data.fd != set) return happened;
        long long left = wanted_at - now();
        if (left > 0 && others_run()) {
            real_settime(set, 0, &moment, NULL);
            continue;
        }
        /* One of them may have told the scheduler something before it went to sleep. */
        if (left > 0 && (happened = real(from, events, most, 0)) != 1) return happened;
        if (left > 0) atomic_fetch_add(&skipped, left);
        set = -1;
        return happened;
    }
}
