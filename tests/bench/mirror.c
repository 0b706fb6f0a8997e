/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mirror INTERFACE MILLISECONDS: a TUN device that gives each IPv4 packet back after a delay with its two addresses
 * exchanged. Who owns 10.0.0.1 and sends to 10.0.9.1 reaches itself as if over a network. The kernel here has no netem.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define QUEUE 16384
#define MTU 2048

typedef struct
{
  int64_t due_ns;
  ssize_t length;
  uint8_t bytes[MTU];
} Packet;

typedef struct
{
  int fd;
  int64_t delay_ns;
  unsigned head, tail;
  Packet queue[QUEUE];
} Mirror;

static int64_t
now_ns (void)
{
  struct timespec t;

  clock_gettime (CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int
open_tun (const char *name)
{
  struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
  int fd = open ("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

  strncpy (request.ifr_name, name, IFNAMSIZ - 1);
  if (fd < 0 || ioctl (fd, TUNSETIFF, &request) < 0)
    {
      perror ("mirror");
      exit (EXIT_FAILURE);
    }
  return fd;
}

static void
send_due (Mirror *self)
{
  while (self->tail != self->head && self->queue[self->tail % QUEUE].due_ns <= now_ns ())
    {
      Packet *packet = &self->queue[self->tail++ % QUEUE];
      if (write (self->fd, packet->bytes, (size_t) packet->length) < 0 && errno != EAGAIN && errno != EINVAL)
        perror ("mirror: write");
    }
}

static void
take_all (Mirror *self)
{
  while (self->head - self->tail < QUEUE)
    {
      Packet *packet = &self->queue[self->head % QUEUE];
      uint8_t address[4];

      packet->length = read (self->fd, packet->bytes, MTU);
      if (packet->length <= 0)
        return;
      if (packet->length < 20 || packet->bytes[0] >> 4 != 4)
        continue;
      memcpy (address, packet->bytes + 12, 4);
      memcpy (packet->bytes + 12, packet->bytes + 16, 4);
      memcpy (packet->bytes + 16, address, 4);
      packet->due_ns = now_ns () + self->delay_ns;
      self->head++;
    }
}

int
main (int argc, char **argv)
{
  static Mirror self;

  if (argc != 3)
    {
      fprintf (stderr, "usage: mirror INTERFACE MILLISECONDS\n");
      return 2;
    }
  self.fd = open_tun (argv[1]);
  self.delay_ns = (int64_t) (strtod (argv[2], NULL) * 1e6);
  prctl (PR_SET_TIMERSLACK, 1000);
  prctl (PR_SET_PDEATHSIG, 15);
  puts ("ready");
  fflush (stdout);
  for (;;)
    {
      int64_t wait_ns = self.head == self.tail ? 1000000000 : self.queue[self.tail % QUEUE].due_ns - now_ns ();
      struct timespec timeout = { .tv_nsec = wait_ns < 0 ? 0 : wait_ns % 1000000000 };
      struct pollfd poll_fd = { .fd = self.fd, .events = POLLIN };

      ppoll (&poll_fd, 1, &timeout, NULL);
      take_all (&self);
      send_due (&self);
    }
}
