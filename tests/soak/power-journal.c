/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "power.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "io-hooks.h"

#define SECTOR 512
#define FDS 1024
#define ROOT 1 /* the node of the folder that is watched; 0 is none */

typedef enum
{
  NAME,     /* `name` in the folder `folder` is `node` from now on; 0: nothing */
  EXCHANGE, /* `name` and `to` in that folder change places */
  WRITE,
  TRUNCATE,
  SYNC, /* a file or a folder */
  ACKNOWLEDGED, /* the state `offset` */
} OpKind;

typedef struct
{
  OpKind kind;
  guint node;
  guint folder;
  char *name, *to; /* owned, nullable */
  gint64 offset;
  guint8 *data; /* owned, nullable */
  gsize length;
} Op;

static GArray *ops;       /* of Op */
static GPtrArray *folders; /* by node: name to node as it is; NULL: a file */
static char *root_path;
static guint node_of_fd[FDS];

/* --- Writing down ------------------------------------------------------------------------------- */

static void
op_clear (gpointer data)
{
  Op *op = data;

  g_free (op->name);
  g_free (op->to);
  g_free (op->data);
}

static void
add (Op op)
{
  g_array_append_val (ops, op);
}

static guint
new_node (gboolean is_folder)
{
  g_ptr_array_add (folders, is_folder ? g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL)
                                      : NULL);
  return folders->len - 1;
}

static guint
look_up (guint folder, const char *name)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (folders->pdata[folder], name));
}

/* The node of a path, or 0; folder, name: (out): of its last part. */
static guint
find (const char *path, guint *folder, char **name)
{
  g_auto (GStrv) parts = g_strsplit (path + strlen (root_path), "/", -1);
  guint node = ROOT;

  *folder = 0;
  for (guint i = 0; parts[i] != NULL; i++)
    {
      if (*parts[i] == '\0')
        continue;
      *folder = node;
      g_free (*name);
      *name = g_strdup (parts[i]);
      node = look_up (*folder, *name);
      if (node == 0)
        break;
    }
  return node;
}

static void
set_name (guint folder, const char *name, guint node)
{
  if (node != 0)
    g_hash_table_insert (folders->pdata[folder], g_strdup (name), GUINT_TO_POINTER (node));
  else
    g_hash_table_remove (folders->pdata[folder], name);
  add ((Op){ .kind = NAME, .folder = folder, .name = g_strdup (name), .node = node });
}

static void
on_open (const SoakCall *call)
{
  g_autofree char *name = NULL;
  guint folder;
  guint node = find (call->path, &folder, &name);

  g_assert_cmpint (call->fd, <, FDS);
  if (node == 0)
    {
      node = new_node (FALSE);
      set_name (folder, name, node);
    }
  node_of_fd[call->fd] = node;
}

/* Within one folder, as all of the product's are. */
static void
on_rename (const SoakCall *call)
{
  g_autofree char *from_name = NULL, *to_name = NULL;
  guint from_folder, to_folder;
  guint from = find (call->path, &from_folder, &from_name);
  guint to = find (call->to, &to_folder, &to_name);

  g_assert_cmpuint (from, !=, 0);
  g_assert_cmpuint (from_folder, ==, to_folder);
  if (call->kind == SOAK_EXCHANGE)
    {
      g_hash_table_insert (folders->pdata[from_folder], g_strdup (from_name), GUINT_TO_POINTER (to));
      g_hash_table_insert (folders->pdata[from_folder], g_strdup (to_name), GUINT_TO_POINTER (from));
      add ((Op){ .kind = EXCHANGE, .folder = from_folder, .name = g_steal_pointer (&from_name),
                 .to = g_steal_pointer (&to_name) });
      return;
    }
  g_hash_table_insert (folders->pdata[from_folder], g_strdup (to_name), GUINT_TO_POINTER (from));
  g_hash_table_remove (folders->pdata[from_folder], from_name);
  add ((Op){ .kind = NAME, .folder = from_folder, .node = from, .name = g_steal_pointer (&to_name),
             .to = g_steal_pointer (&from_name) });
}

static void
on_name (const SoakCall *call)
{
  g_autofree char *name = NULL;
  guint folder;
  guint node = find (call->path, &folder, &name);

  if (call->kind == SOAK_FOLDER)
    node = new_node (TRUE);
  else
    node = 0;
  set_name (folder, name, node);
}

static void
after (const SoakCall *call)
{
  guint node = call->fd >= 0 ? node_of_fd[call->fd] : 0;

  switch (call->kind)
    {
    case SOAK_OPEN:
      on_open (call);
      break;
    case SOAK_WRITE:
      add ((Op){ .kind = WRITE, .node = node, .offset = call->offset, .length = call->length,
                 .data = g_memdup2 (call->data, call->length) });
      break;
    case SOAK_TRUNCATE:
      add ((Op){ .kind = TRUNCATE, .node = node, .length = call->length });
      break;
    case SOAK_SYNC:
      add ((Op){ .kind = SYNC, .node = node });
      break;
    case SOAK_RENAME:
    case SOAK_EXCHANGE:
      on_rename (call);
      break;
    case SOAK_FOLDER:
    case SOAK_UNLINK:
      on_name (call);
      break;
    case SOAK_LINK:
      g_assert_not_reached (); /* nothing that a day does makes files without a name */
    case SOAK_READ:
    default:
      break;
    }
}

static const SoakHooks hooks = { NULL, after };

static void
clear_folder (gpointer data)
{
  if (data != NULL)
    g_hash_table_unref (data);
}

void
power_begin (const char *root)
{
  root_path = g_strdup (root);
  ops = g_array_new (FALSE, TRUE, sizeof (Op));
  g_array_set_clear_func (ops, op_clear);
  folders = g_ptr_array_new_with_free_func (clear_folder);
  g_ptr_array_add (folders, NULL);
  g_assert_cmpuint (new_node (TRUE), ==, ROOT);
  soak_watch (root);
  soak_hook (&hooks);
}

void
power_end (void)
{
  soak_hook (NULL);
  soak_watch ("");
}

void
power_acknowledge (guint32 number)
{
  add ((Op){ .kind = ACKNOWLEDGED, .offset = number });
}

guint
power_count (void)
{
  return ops->len;
}

gint64
power_acknowledged_at (guint end)
{
  for (guint i = end; i > 0; i--)
    if (g_array_index (ops, Op, i - 1).kind == ACKNOWLEDGED)
      return g_array_index (ops, Op, i - 1).offset;
  return -1;
}

void
power_forget (void)
{
  g_clear_pointer (&ops, g_array_unref);
  g_clear_pointer (&folders, g_ptr_array_unref);
  g_clear_pointer (&root_path, g_free);
}

/* --- The power fails ---------------------------------------------------------------------------- */

static void
apply_write (GByteArray *content, const Op *op, gsize from, gsize to)
{
  gsize end = (gsize) op->offset + to;

  if (content->len < end)
    {
      gsize old = content->len;

      g_byte_array_set_size (content, (guint) end);
      memset (content->data + old, 0, end - old);
    }
  memcpy (content->data + op->offset + from, op->data + from, to - from);
}

static void
apply (GByteArray *content, const Op *op)
{
  gsize old = content->len;

  if (op->kind == WRITE)
    {
      apply_write (content, op, 0, op->length);
      return;
    }
  g_byte_array_set_size (content, (guint) op->length);
  if (op->length > old)
    memset (content->data + old, 0, op->length - old);
}

/* Whole, not at all, or some of its sectors. */
static void
apply_some (GByteArray *content, const Op *op, GRand *rand)
{
  int luck = g_rand_int_range (rand, 0, 4);

  if (luck == 0)
    return;
  if (luck < 3 || op->kind == TRUNCATE)
    {
      apply (content, op);
      return;
    }
  for (gsize from = 0; from < op->length; from += SECTOR)
    if (g_rand_boolean (rand))
      apply_write (content, op, from, MIN (from + SECTOR, op->length));
}

/* The last sync of the file before the end, or the file's beginning. */
static guint
last_sync (guint node, guint end)
{
  for (guint i = end; i > 0; i--)
    {
      const Op *op = &g_array_index (ops, Op, i - 1);

      if (op->node == node && op->kind == SYNC)
        return i;
    }
  return 0;
}

/* What is not synced may come in any order. */
static void
apply_unsynced (GByteArray *content, guint node, guint from, guint end, GRand *rand)
{
  g_autoptr (GArray) left = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = from; i < end; i++)
    {
      const Op *op = &g_array_index (ops, Op, i);

      if (op->node == node && (op->kind == WRITE || op->kind == TRUNCATE))
        g_array_append_val (left, i);
    }
  while (left->len > 0)
    {
      guint pick = (guint) g_rand_int_range (rand, 0, (gint32) MIN (left->len, 4));

      apply_some (content, &g_array_index (ops, Op, g_array_index (left, guint, pick)), rand);
      g_array_remove_index (left, pick);
    }
}

static GByteArray *
content_of (guint node, guint end, GRand *rand)
{
  GByteArray *content = g_byte_array_new ();
  guint synced = last_sync (node, end);

  for (guint i = 0; i < synced; i++)
    {
      const Op *op = &g_array_index (ops, Op, i);

      if (op->node == node && (op->kind == WRITE || op->kind == TRUNCATE))
        apply (content, op);
    }
  apply_unsynced (content, node, synced, end, rand);
  return content;
}

/* How far the changes of names in each folder came: up to its last sync, or some way beyond. */
static GArray *
choose_cuts (guint end, GRand *rand)
{
  GArray *cuts = g_array_new (FALSE, TRUE, sizeof (guint));

  for (guint node = 0; node < folders->len; node++)
    {
      guint cut = folders->pdata[node] != NULL
                      ? (guint) g_rand_int_range (rand, (gint32) last_sync (node, end),
                                                  (gint32) end + 1)
                      : 0;

      g_array_append_val (cuts, cut);
    }
  return cuts;
}

static void
apply_name (GHashTable *folder, const Op *op)
{
  gpointer here = g_hash_table_lookup (folder, op->name);

  if (op->kind == EXCHANGE)
    {
      g_hash_table_insert (folder, op->name, g_hash_table_lookup (folder, op->to));
      g_hash_table_insert (folder, op->to, here);
      return;
    }
  if (op->to != NULL)
    g_hash_table_remove (folder, op->to);
  if (op->node != 0)
    g_hash_table_insert (folder, op->name, GUINT_TO_POINTER (op->node));
  else
    g_hash_table_remove (folder, op->name);
}

static GHashTable *
folder_at (guint node, guint cut)
{
  GHashTable *folder = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < cut; i++)
    {
      const Op *op = &g_array_index (ops, Op, i);

      if (op->folder == node && (op->kind == NAME || op->kind == EXCHANGE))
        apply_name (folder, op);
    }
  return folder;
}

static void
leave (const char *path, guint node, guint end, GArray *cuts, GRand *rand)
{
  g_autoptr (GHashTable) folder = folder_at (node, g_array_index (cuts, guint, node));
  GHashTableIter iter;
  gpointer name, value;

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_hash_table_iter_init (&iter, folder);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      g_autofree char *inside = g_build_filename (path, name, NULL);
      g_autoptr (GByteArray) content = NULL;
      guint child = GPOINTER_TO_UINT (value);

      /* Shared memory, written through a mapping: made anew by whoever opens first. */
      if (g_str_has_suffix (name, "-shm"))
        continue;
      if (folders->pdata[child] != NULL)
        {
          leave (inside, child, end, cuts, rand);
          continue;
        }
      content = content_of (child, end, rand);
      g_assert_true (g_file_set_contents_full (inside, (char *) content->data,
                                               (gssize) content->len, G_FILE_SET_CONTENTS_NONE,
                                               0600, NULL));
    }
}

void
power_leave (const char *root, guint end, GRand *rand)
{
  g_autoptr (GArray) cuts = choose_cuts (end, rand);

  leave (root, ROOT, end, cuts, rand);
}
