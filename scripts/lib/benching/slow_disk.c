/* Makes every sync of a process take at least BENCH_SYNC_US microseconds, as a disk does that tells honestly when it is
   done: loaded with LD_PRELOAD by scripts/bench, in front of both sides. The real sync is done as well. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>

static int slowly(const char *name, int descriptor) {
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    int result = real ? real(descriptor) : -1;
    int fault = real ? errno : ENOSYS;
    const char *wanted = getenv("BENCH_SYNC_US");
    end.tv_nsec += 1000L * (wanted ? atol(wanted) : 0);
    end.tv_sec += end.tv_nsec / 1000000000L;
    end.tv_nsec %= 1000000000L;
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL) == EINTR) {
    }
    errno = fault;
    return result;
}

int fsync(int descriptor) { return slowly("fsync", descriptor); }
int fdatasync(int descriptor) { return slowly("fdatasync", descriptor); }
