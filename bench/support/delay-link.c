/*
 * A cable between two network namespaces: each end is a tap device, and every frame arrives a fixed time after it was
 * sent, no faster than a rate. For kernels without netem, and the same on those that have it.
 *
 *   delay-link NAMESPACE DEVICE NAMESPACE DEVICE DELAY-US BITS-PER-SECOND
 *
 * The delay is one way. A rate of 0 is none. A sender that is faster than the rate fills a buffer of 100 ms, then frames
 * are lost, as in a switch. Runs until it is killed.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { slots = 16384, frame_max = 1600 };
static const int64_t buffer_ns = 100 * 1000 * 1000;

struct frame {
  int64_t due;
  ssize_t length;
  char bytes[frame_max];
};

/* Frames on their way in one direction, a ring. */
struct lane {
  struct frame ring[slots];
  unsigned first, count;
  int64_t sender_free; /* when the last frame will have left */
};

static struct lane lanes[2];

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int open_tap(const char *namespace, const char *device) {
  char path[256];
  snprintf(path, sizeof path, "/run/netns/%s", namespace);
  int ns = open(path, O_RDONLY | O_CLOEXEC);
  if (ns < 0 || setns(ns, CLONE_NEWNET) < 0) fail(path);
  close(ns);
  int tap = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (tap < 0) fail("/dev/net/tun");
  struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
  strncpy(request.ifr_name, device, IFNAMSIZ - 1);
  if (ioctl(tap, TUNSETIFF, &request) < 0) fail(device);
  return tap;
}

/* Takes what has come from `tap` and notes when it is due at the other end. */
static void take(int tap, struct lane *lane, int64_t delay, int64_t rate) {
  static char spare[frame_max];
  for (;;) {
    struct frame *slot = &lane->ring[(lane->first + lane->count) % slots];
    int full = lane->count == slots;
    ssize_t length = read(tap, full ? spare : slot->bytes, frame_max);
    if (length <= 0) return;
    int64_t now = now_ns();
    int64_t start = lane->sender_free > now ? lane->sender_free : now;
    if (full || start - now > buffer_ns) continue;
    lane->sender_free = rate == 0 ? start : start + (int64_t)length * 8 * 1000000000 / rate;
    slot->due = lane->sender_free + delay;
    slot->length = length;
    lane->count++;
  }
}

static void deliver(int tap, struct lane *lane) {
  while (lane->count > 0) {
    struct frame *slot = &lane->ring[lane->first];
    if (slot->due > now_ns()) return;
    if (write(tap, slot->bytes, (size_t)slot->length) < 0) { /* the device is down: lost */
    }
    lane->first = (lane->first + 1) % slots;
    lane->count--;
  }
}

int main(int argc, char **argv) {
  if (argc != 7) return 2;
  int taps[2] = {open_tap(argv[1], argv[2]), open_tap(argv[3], argv[4])};
  /* What is measured may take all processors; the cable is none of their business. In vain for those who may not. */
  struct sched_param urgent = {.sched_priority = 1};
  sched_setscheduler(0, SCHED_FIFO, &urgent);
  int64_t delay = atoll(argv[5]) * 1000, rate = atoll(argv[6]);
  for (;;) {
    int64_t wait = 1000000000, now = now_ns();
    for (int i = 0; i < 2; i++) {
      if (lanes[i].count == 0) continue;
      int64_t rest = lanes[i].ring[lanes[i].first].due - now;
      if (rest < wait) wait = rest < 0 ? 0 : rest;
    }
    struct timespec timeout = {wait / 1000000000, wait % 1000000000};
    struct pollfd polled[2] = {{taps[0], POLLIN, 0}, {taps[1], POLLIN, 0}};
    ppoll(polled, 2, &timeout, NULL);
    for (int i = 0; i < 2; i++) take(taps[i], &lanes[i], delay, rate);
    for (int i = 0; i < 2; i++) deliver(taps[1 - i], &lanes[i]);
  }
}
