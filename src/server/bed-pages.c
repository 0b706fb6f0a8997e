/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-pages.h"

#include "bed-encoding.h"

#include <gio/gio.h>
#include <string.h>

#define MAX_FILE (4 * 1024 * 1024)
#define MAX_TOTAL (32 * 1024 * 1024)
#define MAX_DEPTH 6
#define INDEX "/web/index.html"

struct _BedPages
{
  GHashTable *pages; /* path -> BedPage */
  gsize total;
};

static const struct
{
  const char *suffix;
  const char *type;
} types[] = {
  { ".html", "text/html; charset=utf-8" },   { ".js", "text/javascript; charset=utf-8" },
  { ".mjs", "text/javascript; charset=utf-8" }, { ".css", "text/css; charset=utf-8" },
  { ".json", "application/json" },           { ".webmanifest", "application/manifest+json" },
  { ".svg", "image/svg+xml" },               { ".png", "image/png" },
  { ".ico", "image/x-icon" },                { ".woff2", "font/woff2" },
  { ".txt", "text/plain; charset=utf-8" },   { ".mp3", "audio/mpeg" },
  { ".wav", "audio/wav" },                   { ".ogg", "audio/ogg" },
};

static const char activate_page[]
    = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width\"><title>Activate your account</title>"
      "<h1>Activate your account</h1><p>This link belongs to the Bedside app. Copy the whole link, "
      "open "
      "Bedside on your computer, choose “I have an activation link”, and paste it "
      "there.</p></html>";
static const char root_page[]
    = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width\"><title>Bedside</title>"
      "<h1>Bedside</h1><p>To join a visit, open the link that your clinic has sent to "
      "you.</p></html>";

static void
page_free (gpointer data)
{
  BedPage *page = data;

  g_bytes_unref (page->body);
  g_clear_pointer (&page->gzip, g_bytes_unref);
  g_free (page->etag);
  g_free (page);
}

static GBytes *
compress (GBytes *body)
{
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9);
  g_autoptr (GInputStream) source = g_memory_input_stream_new_from_bytes (body);
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (source, G_CONVERTER (compressor));
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();

  if (g_output_stream_splice (out, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL) < 0)
    return NULL;
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
}

static void
add (BedPages *self, const char *path, const char *type, GBytes *body)
{
  BedPage *page = g_new0 (BedPage, 1);
  g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, body);

  page->type = type;
  page->body = g_bytes_ref (body);
  page->etag = g_strdup_printf ("\"%.24s\"", digest);
  if (g_str_has_prefix (type, "text/") || strstr (type, "json") || strstr (type, "svg"))
    page->gzip = compress (body);
  if (page->gzip && g_bytes_get_size (page->gzip) + 64 > g_bytes_get_size (body))
    g_clear_pointer (&page->gzip, g_bytes_unref);
  g_hash_table_insert (self->pages, g_strdup (path), page);
}

static const char *
find_type (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_has_suffix (name, types[i].suffix))
      return types[i].type;
  return NULL;
}

static gboolean
add_file (BedPages *self, const char *file, const char *path, GError **error)
{
  const char *type = find_type (file);
  g_autoptr (GBytes) body = NULL;
  char *data;
  gsize length;

  if (!type)
    return TRUE;
  if (!g_file_get_contents (file, &data, &length, error))
    return FALSE;
  body = g_bytes_new_take (data, length);
  self->total += length;
  if (length <= MAX_FILE && self->total <= MAX_TOTAL)
    {
      add (self, path, type, body);
      return TRUE;
    }
  g_set_error (error, BED_SERVER_ERROR, BED_SERVER_ERROR_SETTINGS, "The web folder is too large");
  return FALSE;
}

static gboolean
add_folder (BedPages *self, const char *folder, const char *path, int depth, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);
  const char *name;

  if (!dir)
    return FALSE;
  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *file = g_build_filename (folder, name, NULL);
      g_autofree char *below = g_strconcat (path, "/", name, NULL);
      gboolean is_folder = g_file_test (file, G_FILE_TEST_IS_DIR);

      if (name[0] == '.')
        continue;
      if (is_folder && depth < MAX_DEPTH && !add_folder (self, file, below, depth + 1, error))
        return FALSE;
      if (!is_folder && !add_file (self, file, below, error))
        return FALSE;
    }
  return TRUE;
}

static void
add_text (BedPages *self, const char *path, const char *type, const char *text)
{
  g_autoptr (GBytes) body = g_bytes_new_static (text, strlen (text));

  if (!g_hash_table_contains (self->pages, path))
    add (self, path, type, body);
}

BedPages *
bed_pages_new (const BedSettings *settings, GError **error)
{
  g_autoptr (BedPages) self = g_new0 (BedPages, 1);

  self->pages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, page_free);
  if (!add_folder (self, settings->web_dir, "/web", 0, error))
    return NULL;
  if (!g_hash_table_contains (self->pages, INDEX))
    {
      g_set_error (error, BED_SERVER_ERROR, BED_SERVER_ERROR_SETTINGS,
                   "There is no index.html in %s", settings->web_dir);
      return NULL;
    }
  add_text (self, "/", "text/html; charset=utf-8", root_page);
  add_text (self, "/web/activate.html", "text/html; charset=utf-8", activate_page);
  add_text (self, "/robots.txt", "text/plain; charset=utf-8", "User-agent: *\nDisallow: /\n");
  return g_steal_pointer (&self);
}

void
bed_pages_free (BedPages *self)
{
  g_hash_table_unref (self->pages);
  g_free (self);
}

const BedPage *
bed_pages_find (BedPages *self, const char *path)
{
  guint8 room[16];

  if (g_str_has_prefix (path, "/j/"))
    path = bed_base64url_decode_exact (path + 3, room, sizeof room) ? INDEX : "/none";
  else if (strcmp (path, "/activate") == 0)
    path = "/web/activate.html";
  else if (strcmp (path, "/favicon.ico") == 0)
    path = "/web/favicon.ico";
  return g_hash_table_lookup (self->pages, path);
}
