/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shown SECONDS STEP… [-- COMMAND…]: how long until the screen shows what it should, seen from outside. A picture is
 * a file with the pixels of a rectangle, FILE X Y WIDTH HEIGHT.
 *   keep PICTURE                writes it, once it has been still for a second
 *   until PICTURE start         ms from the command's exec until the screen shows it
 *   until PICTURE return        ms from the press of that key
 *   until PICTURE click X Y     ms from the press of the mouse
 *   press return, press click X Y, type TEXT    without a clock
 * The command's window gets the whole screen and the focus; the command is ended with the last step. A step that takes
 * longer than SECONDS, or whose picture is there before its act, ends with 1.
 */
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <xcb/damage.h>
#include <xcb/xcb.h>
#include <xcb/xtest.h>

#define STILL_MS 1000
#define READ_MS 300 /* until what was typed has been taken */
#define RETURN_KEY 0xff0d

typedef struct
{
  const char *file;
  int x, y;
  unsigned width, height;
  uint32_t *pixels; /* owned */
} Picture;

typedef struct
{
  xcb_connection_t *x;
  /* Another client, for pictures: to make one the server may draw, and then sends the one that hears of changes an event
   * in the middle of the picture. */
  xcb_connection_t *eyes;
  xcb_screen_t *screen;
  uint8_t damage_event;
  double limit_ms, started;
  char **words; /* what is left of the steps */
  pid_t child;
} Run;

static double
now_ms (void)
{
  struct timespec t;

  clock_gettime (CLOCK_MONOTONIC, &t);
  return (double) t.tv_sec * 1e3 + (double) t.tv_nsec * 1e-6;
}

static void
fail (Run *self, const char *what, const char *detail)
{
  fprintf (stderr, "shown: %s %s\n", what, detail);
  if (self->child > 0)
    {
      kill (self->child, SIGKILL);
      waitpid (self->child, NULL, 0);
    }
  exit (1);
}

static const char *
next (Run *self)
{
  if (*self->words == NULL)
    fail (self, "a step has", "too few words");
  return *self->words++;
}

static size_t
picture_size (const Picture *picture)
{
  return sizeof (uint32_t) * picture->width * picture->height;
}

static void
take_picture (Run *self, Picture *picture)
{
  picture->file = next (self);
  picture->x = atoi (next (self));
  picture->y = atoi (next (self));
  picture->width = (unsigned) atoi (next (self));
  picture->height = (unsigned) atoi (next (self));
  picture->pixels = malloc (picture_size (picture));
  if (picture->pixels == NULL || picture_size (picture) == 0)
    fail (self, picture->file, "is no rectangle");
}

/* Returns: whether the screen could be read. */
static int
look (Run *self, const Picture *picture, uint32_t *pixels)
{
  xcb_get_image_reply_t *image = xcb_get_image_reply (
      self->eyes,
      xcb_get_image (self->eyes, XCB_IMAGE_FORMAT_Z_PIXMAP, self->screen->root, (int16_t) picture->x, (int16_t) picture->y,
                     (uint16_t) picture->width, (uint16_t) picture->height, UINT32_MAX),
      NULL);
  int whole = image != NULL && (size_t) xcb_get_image_data_length (image) == picture_size (picture);

  if (whole)
    memcpy (pixels, xcb_get_image_data (image), picture_size (picture));
  free (image);
  for (unsigned i = 0; whole && i < picture->width * picture->height; i++)
    pixels[i] &= 0xffffff; /* what is beside the colours says nothing */
  return whole;
}

static int
is_shown (Run *self, const Picture *picture)
{
  uint32_t *now = malloc (picture_size (picture));
  int same = now != NULL && look (self, picture, now) && memcmp (now, picture->pixels, picture_size (picture)) == 0;

  free (now);
  return same;
}

/* --- The window, and the hands ---------------------------------------------------------------- */

static void
fill_screen (Run *self, xcb_window_t window)
{
  const uint32_t place[] = { 0, 0, self->screen->width_in_pixels, self->screen->height_in_pixels };
  xcb_get_geometry_reply_t *size = xcb_get_geometry_reply (self->x, xcb_get_geometry (self->x, window), NULL);

  if (size != NULL && size->width > 200)
    {
      xcb_configure_window (self->x, window,
                            XCB_CONFIG_WINDOW_X | XCB_CONFIG_WINDOW_Y | XCB_CONFIG_WINDOW_WIDTH
                                | XCB_CONFIG_WINDOW_HEIGHT, place);
      xcb_set_input_focus (self->x, XCB_INPUT_FOCUS_PARENT, window, XCB_CURRENT_TIME);
      xcb_flush (self->x);
    }
  free (size);
}

/* Returns: whether the screen changed within 100 ms. */
static int
wait_change (Run *self)
{
  struct pollfd poll_fd = { .fd = xcb_get_file_descriptor (self->x), .events = POLLIN };
  xcb_generic_event_t *event = xcb_poll_for_event (self->x);
  int changed = 0;

  if (event == NULL)
    {
      poll (&poll_fd, 1, 100);
      event = xcb_poll_for_event (self->x);
    }
  for (; event != NULL; event = xcb_poll_for_event (self->x))
    {
      changed |= (event->response_type & 0x7f) == self->damage_event;
      if ((event->response_type & 0x7f) == XCB_MAP_NOTIFY)
        fill_screen (self, ((xcb_map_notify_event_t *) event)->window);
      free (event);
    }
  if (xcb_connection_has_error (self->x) || xcb_connection_has_error (self->eyes))
    fail (self, "the display", "has gone");
  return changed;
}

static void
press_key (Run *self, uint32_t key)
{
  const xcb_setup_t *setup = xcb_get_setup (self->x);
  uint8_t count = (uint8_t) (setup->max_keycode - setup->min_keycode + 1);
  xcb_get_keyboard_mapping_reply_t *map = xcb_get_keyboard_mapping_reply (
      self->x, xcb_get_keyboard_mapping (self->x, setup->min_keycode, count), NULL);
  const xcb_keysym_t *names = map != NULL ? xcb_get_keyboard_mapping_keysyms (map) : NULL;
  uint8_t code = 0;

  for (unsigned i = 0; names != NULL && i < count && code == 0; i++)
    if (names[i * map->keysyms_per_keycode] == key)
      code = (uint8_t) (setup->min_keycode + i);
  free (map);
  if (code == 0)
    fail (self, "there is no key for", "what is typed");
  xcb_test_fake_input (self->x, XCB_KEY_PRESS, code, 0, XCB_NONE, 0, 0, 0);
  xcb_test_fake_input (self->x, XCB_KEY_RELEASE, code, 0, XCB_NONE, 0, 0, 0);
}

static void
act (Run *self)
{
  const char *kind = next (self);

  if (strcmp (kind, "return") == 0)
    press_key (self, RETURN_KEY);
  else if (strcmp (kind, "click") == 0)
    {
      int x = atoi (next (self));

      xcb_test_fake_input (self->x, XCB_MOTION_NOTIFY, 0, 0, self->screen->root, (int16_t) x,
                           (int16_t) atoi (next (self)), 0);
      xcb_test_fake_input (self->x, XCB_BUTTON_PRESS, 1, 0, XCB_NONE, 0, 0, 0);
      xcb_test_fake_input (self->x, XCB_BUTTON_RELEASE, 1, 0, XCB_NONE, 0, 0, 0);
    }
  else
    fail (self, kind, "is no act");
  xcb_flush (self->x);
}

/* --- Steps ------------------------------------------------------------------------------------ */

static void
keep (Run *self)
{
  Picture picture;
  FILE *file;
  double since = now_ms (), limit = since + self->limit_ms;

  take_picture (self, &picture);
  if (!look (self, &picture, picture.pixels))
    fail (self, picture.file, "is not on the screen");
  while (now_ms () - since < STILL_MS)
    {
      if (wait_change (self) && !is_shown (self, &picture))
        {
          look (self, &picture, picture.pixels);
          since = now_ms ();
        }
      if (now_ms () > limit)
        fail (self, picture.file, "does not become still");
    }
  file = fopen (picture.file, "wb");
  if (file == NULL || fwrite (picture.pixels, picture_size (&picture), 1, file) != 1 || fclose (file) != 0)
    fail (self, picture.file, "cannot be written");
  free (picture.pixels);
}

static void
until (Run *self)
{
  Picture picture;
  FILE *file;

  take_picture (self, &picture);
  file = fopen (picture.file, "rb");
  if (file == NULL || fread (picture.pixels, picture_size (&picture), 1, file) != 1 || fclose (file) != 0)
    fail (self, picture.file, "cannot be read");
  if (strcmp (*self->words != NULL ? *self->words : "", "start") == 0)
    next (self);
  else
    {
      if (is_shown (self, &picture))
        fail (self, picture.file, "is there before its act");
      self->started = now_ms ();
      act (self);
    }
  while (!wait_change (self) || !is_shown (self, &picture))
    if (now_ms () - self->started > self->limit_ms)
      fail (self, picture.file, "did not come");
  printf ("%.2f\n", now_ms () - self->started);
  free (picture.pixels);
}

static void
type (Run *self)
{
  const char *text = next (self);
  double end;

  for (; *text != '\0'; text++)
    press_key (self, (unsigned char) *text); /* of Latin-1 the name is the character */
  xcb_flush (self->x);
  for (end = now_ms () + READ_MS; now_ms () < end;)
    wait_change (self);
}

static void
start (Run *self, char **command)
{
  self->started = now_ms ();
  if (command == NULL)
    return;
  self->child = fork ();
  if (self->child == 0)
    {
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      execvp (*command, command);
      _exit (127);
    }
}

static int
open_screen (Run *self)
{
  const uint32_t wanted = XCB_EVENT_MASK_SUBSTRUCTURE_NOTIFY;
  const xcb_query_extension_reply_t *damage;

  self->x = xcb_connect (NULL, NULL);
  self->eyes = xcb_connect (NULL, NULL);
  damage = xcb_get_extension_data (self->x, &xcb_damage_id);
  if (xcb_connection_has_error (self->x) || xcb_connection_has_error (self->eyes) || damage == NULL || !damage->present)
    return 0;
  self->screen = xcb_setup_roots_iterator (xcb_get_setup (self->x)).data;
  self->damage_event = damage->first_event + XCB_DAMAGE_NOTIFY;
  free (xcb_damage_query_version_reply (self->x, xcb_damage_query_version (self->x, 1, 1), NULL));
  xcb_change_window_attributes (self->x, self->screen->root, XCB_CW_EVENT_MASK, &wanted);
  xcb_damage_create (self->x, xcb_generate_id (self->x), self->screen->root, XCB_DAMAGE_REPORT_LEVEL_RAW_RECTANGLES);
  xcb_flush (self->x);
  return 1;
}

int
main (int argc, char **argv)
{
  Run self = { .words = argv + 1 };
  char **command = NULL;

  if (argc < 3 || !open_screen (&self))
    {
      fprintf (stderr, "usage: shown SECONDS STEP… [-- COMMAND…], on a display with XDamage\n");
      return 2;
    }
  for (char **word = argv; *word != NULL && command == NULL; word++)
    if (strcmp (*word, "--") == 0)
      {
        *word = NULL;
        command = word + 1;
      }
  self.limit_ms = atof (next (&self)) * 1e3;
  start (&self, command);
  while (*self.words != NULL)
    {
      const char *step = next (&self);

      if (strcmp (step, "keep") == 0)
        keep (&self);
      else if (strcmp (step, "until") == 0)
        until (&self);
      else if (strcmp (step, "type") == 0)
        type (&self);
      else if (strcmp (step, "press") == 0)
        act (&self);
      else
        fail (&self, step, "is no step");
    }
  if (self.child > 0)
    {
      kill (self.child, SIGTERM);
      waitpid (self.child, NULL, 0);
    }
  /* Until the server has taken the last act. */
  free (xcb_get_input_focus_reply (self.x, xcb_get_input_focus (self.x), NULL));
  xcb_disconnect (self.x);
  xcb_disconnect (self.eyes);
  return 0;
}
