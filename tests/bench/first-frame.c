/* SPDX-License-Identifier: GPL-3.0-or-later */
/* first-frame SECONDS COMMAND…: from exec until a window of the command shows a picture: it is mapped, the server
 * reports a change on the screen, and what stands in it has more colours than an empty window. Prints milliseconds to
 * the first map and to that picture, then ends the command. The program that is watched needs no part of its own for it.
 */
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/Xdamage.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ENOUGH_COLOURS 24
#define TABLE 4096

typedef struct
{
  Display *display;
  /* Another client, for pictures: to make one the server may draw, and then sends the one that hears of changes an event
   * in the middle of the picture. */
  Display *eyes;
  Window window; /* the first that is mapped and large */
  int damage_event;
  double started, mapped;
} Watch;

static double
now_ms (void)
{
  struct timespec t;

  clock_gettime (CLOCK_MONOTONIC, &t);
  return (double) t.tv_sec * 1e3 + (double) t.tv_nsec * 1e-6;
}

static unsigned
count_colours (XImage *image)
{
  static uint32_t table[TABLE];
  unsigned count = 0;

  memset (table, 0xff, sizeof table);
  for (int y = 0; y < image->height && count < ENOUGH_COLOURS; y++)
    for (int x = 0; x < image->width && count < ENOUGH_COLOURS; x++)
      {
        uint32_t colour = ((uint32_t *) (void *) (image->data + y * image->bytes_per_line))[x] & 0xffffff;
        uint32_t *slot = &table[(colour * 2654435761u) >> 20];

        if (*slot == colour)
          continue;
        *slot = colour;
        count++;
      }
  return count;
}

static int
is_painted (Watch *self)
{
  XWindowAttributes attributes;
  XImage *image;
  unsigned colours;

  if (!XGetWindowAttributes (self->display, self->window, &attributes) || attributes.map_state != IsViewable)
    return 0;
  /* From the screen, where it is: the window itself may reach over its edge. */
  image = XGetImage (self->eyes, self->window, 0, 0, (unsigned) attributes.width, (unsigned) attributes.height,
                     AllPlanes, ZPixmap);
  if (image == NULL)
    return 0;
  colours = image->bits_per_pixel == 32 ? count_colours (image) : 0;
  XDestroyImage (image);
  return colours >= ENOUGH_COLOURS;
}

/* Returns: whether the screen may have changed. */
static int
take_event (Watch *self)
{
  XEvent event;
  XWindowAttributes attributes;

  XNextEvent (self->display, &event);
  if (event.type == self->damage_event)
    return 1;
  if (event.type == MapNotify && self->window == None
      && XGetWindowAttributes (self->display, event.xmap.window, &attributes) && attributes.width > 200
      && attributes.height > 100)
    {
      self->window = event.xmap.window;
      self->mapped = now_ms () - self->started;
      return 1;
    }
  return 0;
}

static int
watch (Watch *self, double seconds)
{
  struct pollfd poll_fd = { .fd = ConnectionNumber (self->display), .events = POLLIN };

  while (now_ms () - self->started < seconds * 1e3)
    {
      int changed = 0;

      if (XPending (self->display) == 0)
        poll (&poll_fd, 1, 100);
      while (XPending (self->display) > 0)
        changed |= take_event (self);
      if (changed && self->window != None && is_painted (self))
        return 1;
    }
  return 0;
}

static int
ignore_error (Display *display, XErrorEvent *error)
{
  return 0; /* a window that went away while it was looked at */
}

static int
open_screen (Watch *self)
{
  int base, unused;

  self->display = XOpenDisplay (NULL);
  self->eyes = XOpenDisplay (NULL);
  if (self->display == NULL || self->eyes == NULL || !XDamageQueryExtension (self->display, &base, &unused))
    return 0;
  XSetErrorHandler (ignore_error);
  self->damage_event = base + XDamageNotify;
  XSelectInput (self->display, DefaultRootWindow (self->display), SubstructureNotifyMask);
  XDamageCreate (self->display, DefaultRootWindow (self->display), XDamageReportRawRectangles);
  XSync (self->display, False);
  return 1;
}

int
main (int argc, char **argv)
{
  Watch self = { 0 };
  pid_t child;
  int seen;

  if (argc < 3 || !open_screen (&self))
    {
      fprintf (stderr, "usage: first-frame SECONDS COMMAND…, on a display with XDamage\n");
      return 2;
    }
  self.started = now_ms ();
  child = fork ();
  if (child == 0)
    {
      execvp (argv[2], argv + 2);
      _exit (127);
    }
  seen = watch (&self, atof (argv[1]));
  if (seen)
    printf ("%.2f %.2f\n", self.mapped, now_ms () - self.started);
  kill (child, SIGTERM);
  waitpid (child, NULL, 0);
  XCloseDisplay (self.display);
  XCloseDisplay (self.eyes);
  return seen ? 0 : 1;
}
