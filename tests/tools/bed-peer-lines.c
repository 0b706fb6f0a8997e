/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-peer-lines.h"

#include <gio/gunixinputstream.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAX_LINE (256 * 1024)
#define MAX_DEPTH 8

struct _BedPeerLines
{
  GInputStream *input; /* owned */
  GCancellable *cancellable; /* owned */
  GByteArray *pending; /* owned */
  guint8 buffer[16384];
  BedPeerLineFunc func;
  gpointer user_data;
};

static void read_on (BedPeerLines *self);

static gboolean
is_shallow (const char *line, gsize length)
{
  guint depth = 0;

  for (gsize i = 0; i < length; i++)
    if (line[i] == '{' || line[i] == '[')
      {
        if (++depth > MAX_DEPTH)
          return FALSE;
      }
    else if ((line[i] == '}' || line[i] == ']') && depth > 0)
      depth--;
  return TRUE;
}

static void
handle_line (BedPeerLines *self, const char *line, gsize length)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  if (length == 0)
    return;
  if (!is_shallow (line, length) || !json_parser_load_from_data (parser, line, (gssize) length, &error)
      || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    {
      g_printerr ("bed-peer: a line that is not a JSON object was ignored\n");
      return;
    }
  self->func (json_node_get_object (json_parser_get_root (parser)), self->user_data);
}

static void
handle_lines (BedPeerLines *self)
{
  guint8 *newline;

  while ((newline = memchr (self->pending->data, '\n', self->pending->len)) != NULL)
    {
      gsize length = (gsize) (newline - self->pending->data);
      handle_line (self, (const char *) self->pending->data, length);
      g_byte_array_remove_range (self->pending, 0, length + 1);
    }
  if (self->pending->len > MAX_LINE)
    {
      g_printerr ("bed-peer: a line that is too long was ignored\n");
      g_byte_array_set_size (self->pending, 0);
    }
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);
  BedPeerLines *self = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (n <= 0)
    {
      self->func (NULL, self->user_data);
      return;
    }
  g_byte_array_append (self->pending, self->buffer, (guint) n);
  handle_lines (self);
  read_on (self);
}

static void
read_on (BedPeerLines *self)
{
  g_input_stream_read_async (self->input, self->buffer, sizeof self->buffer, G_PRIORITY_DEFAULT, self->cancellable,
                             on_read, self);
}

BedPeerLines *
bed_peer_lines_new (BedPeerLineFunc func, gpointer user_data)
{
  BedPeerLines *self = g_new0 (BedPeerLines, 1);

  self->input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  self->cancellable = g_cancellable_new ();
  self->pending = g_byte_array_new ();
  self->func = func;
  self->user_data = user_data;
  read_on (self);
  return self;
}

void
bed_peer_lines_free (BedPeerLines *self)
{
  g_cancellable_cancel (self->cancellable);
  while (g_input_stream_has_pending (self->input))
    g_main_context_iteration (NULL, TRUE);
  g_object_unref (self->input);
  g_object_unref (self->cancellable);
  g_byte_array_unref (self->pending);
  g_free (self);
}

JsonObject *
bed_peer_line_new (const char *type)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "type", type);
  return object;
}

void
bed_peer_lines_write (BedPeerLines *self, JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;

  json_node_take_object (node, object);
  text = json_to_string (node, FALSE);
  fputs (text, stdout);
  fputc ('\n', stdout);
  fflush (stdout);
}
