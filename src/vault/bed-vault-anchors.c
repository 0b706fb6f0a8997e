/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-vault-private.h"

#include <string.h>

#include "bed-log.h"
#include "bed-vault-head-private.h"

#define TELL_AFTER_SECONDS 30

struct _BedVaultAnchors
{
  /* owned */
  GPtrArray *list;
  GArray *seen; /* of BedVaultHead: what anchors said since the unlock */
  GHashTable *answered; /* anchors that could be asked since the unlock; borrowed of the list */
  GMainContext *context;
  BedVaultHead told; /* the last that was given away, or seen */
  guint64 vouched; /* the counter at the unlock, or of what was given away since */

  const BedVaultTrail *trail; /* borrowed, nullable */
  gpointer trail_data;
  guint opening; /* counts unlocks: an answer of before is dropped */
  guint complained;
  guint *ending; /* owned, shared: calls of the last lock that are under way */
  GMutex lock;   /* for the source, which any thread may start */
  GSource *source;
};

BedVaultAnchors *
bed_vault_anchors_new (void)
{
  BedVaultAnchors *self = g_new0 (BedVaultAnchors, 1);

  self->list = g_ptr_array_new_with_free_func (g_object_unref);
  self->seen = g_array_new (FALSE, FALSE, sizeof (BedVaultHead));
  self->answered = g_hash_table_new (NULL, NULL);
  self->ending = g_rc_box_new0 (guint);
  self->context = g_main_context_ref_thread_default ();
  g_mutex_init (&self->lock);
  return self;
}

static void
stop_source (BedVaultAnchors *self)
{
  g_mutex_lock (&self->lock);
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  g_mutex_unlock (&self->lock);
}

void
bed_vault_anchors_free (BedVaultAnchors *self)
{
  stop_source (self);
  g_ptr_array_unref (self->list);
  g_array_unref (self->seen);
  g_hash_table_unref (self->answered);
  g_rc_box_release (self->ending);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* --- Comparing -------------------------------------------------------------------------------- */

/* A trail that lacks the entry, or has another there, is not the one that was anchored. */
static gboolean
trail_holds (BedVaultAnchors *self, const BedVaultHead *head)
{
  guint8 hash[BED_VAULT_HEAD_HASH];

  if (self->trail == NULL || head->sequence == 0)
    return TRUE;
  return self->trail->get (self->trail_data, head->sequence, hash)
         && memcmp (hash, head->hash, head->hash_length) == 0;
}

/* What a copy that was put back commits itself does not make up for what it lacks: so not the
 * counter of now. */
static gboolean
is_behind (BedVault *vault, const BedVaultHead *head)
{
  return vault->anchors->vouched < head->commits || !trail_holds (vault->anchors, head);
}

/* What was once found missing stays missing, until the person goes on with it. */
static void
judge (BedVault *vault)
{
  GArray *seen = vault->anchors->seen;
  BedVaultFreshness freshness = vault->freshness;

  for (guint i = 0; i < seen->len && freshness != BED_VAULT_FRESH_ROLLED_BACK; i++)
    freshness = is_behind (vault, &g_array_index (seen, BedVaultHead, i))
                    ? BED_VAULT_FRESH_ROLLED_BACK
                    : BED_VAULT_FRESH_OK_BY_ANCHOR;
  bed_vault_set_freshness (vault, freshness);
}

static void
take_answer (BedVault *vault, GBytes *value)
{
  BedVaultAnchors *self = vault->anchors;
  BedVaultHead head;
  gsize length;
  const guint8 *data = g_bytes_get_data (value, &length);

  switch (bed_vault_head_open (&head, data, length, &vault->slots, vault->master))
    {
    case BED_VAULT_HEAD_OPENED:
      g_array_append_val (self->seen, head);
      if (head.commits >= self->told.commits)
        self->told = head;
      judge (vault);
      break;
    case BED_VAULT_HEAD_LATER_KEY:
      bed_vault_set_freshness (vault, BED_VAULT_FRESH_ROLLED_BACK);
      break;
    case BED_VAULT_HEAD_STRANGE:
    default:
      g_message ("What an anchor keeps does not belong to this key");
      break;
    }
}

/* The counter of now; the trail's end, or what is known of it while no record is open. */
static gboolean
read_head (BedVault *vault, BedVaultHead *head, GError **error)
{
  BedVaultAnchors *self = vault->anchors;
  g_autoptr (GError) db_error = NULL;
  gint64 commits = bed_vault_read_commits (vault->db, &db_error);

  *head = self->told;
  if (commits < 0)
    return bed_vault_fail_db (g_steal_pointer (&db_error), error);
  head->commits = (guint64) commits;
  head->hash_length = sizeof head->hash;
  if (self->trail != NULL && !self->trail->get_last (self->trail_data, &head->sequence, head->hash))
    {
      head->sequence = 0;
      memset (head->hash, 0, sizeof head->hash);
    }
  return TRUE;
}

/* --- Asking and telling ----------------------------------------------------------------------- */

/* One round over all anchors: each is asked, and told when it is to be and has nothing against it.
 */
typedef struct
{
  BedVault *vault; /* owned */
  GTask *task;     /* owned, nullable */
  char *id;        /* owned */
  GError *error;   /* owned: the first */
  guint opening;
  guint pending;
  gboolean tell;
} Round;

/* Once for an unlock: an anchor that cannot be reached is no news half a minute later, and one that
 * waits for its network is none at all. */
static void
complain (BedVault *vault, const GError *error)
{
  if (vault->anchors->complained == vault->anchors->opening
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED))
    return;
  vault->anchors->complained = vault->anchors->opening;
  g_info ("An anchor could not be reached: " BED_ERROR_FORMAT, BED_ERROR_CODE (error));
}

static void
round_end (Round *self)
{
  if (--self->pending > 0)
    return;
  if (self->task != NULL && self->error != NULL)
    g_task_return_error (self->task, g_steal_pointer (&self->error));
  else if (self->task != NULL)
    g_task_return_boolean (self->task, TRUE);
  else if (self->error != NULL)
    complain (self->vault, self->error);
  g_clear_error (&self->error);
  g_clear_object (&self->task);
  g_free (self->id);
  g_object_unref (self->vault);
  g_free (self);
}

static void
round_fail (Round *self, GError *error_taken)
{
  if (self->error == NULL)
    self->error = error_taken;
  else
    g_error_free (error_taken);
}

/* The same vault, open under the same key. */
static gboolean
round_holds (Round *self)
{
  return self->vault->db != NULL && self->vault->anchors->opening == self->opening;
}

static void
was_told (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Round *self = user_data;
  GError *error = NULL;

  if (!bed_vault_anchor_put_finish (BED_VAULT_ANCHOR (source), result, &error))
    round_fail (self, error);
  round_end (self);
}

static gboolean
tell (Round *self, BedVaultAnchor *anchor)
{
  BedVaultHead head;
  g_autoptr (GBytes) value = NULL;
  GError *error = NULL;

  if (!read_head (self->vault, &head, &error))
    {
      round_fail (self, error);
      return FALSE;
    }
  self->vault->anchors->told = head;
  self->vault->anchors->vouched = head.commits;
  value = bed_vault_head_seal (&head, &self->vault->slots, self->vault->master);
  bed_vault_anchor_put_async (anchor, self->id, value,
                              self->task != NULL ? g_task_get_cancellable (self->task) : NULL,
                              was_told, self);
  return TRUE;
}

static void
was_asked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Round *self = user_data;
  GError *error = NULL;
  g_autoptr (GBytes) value
      = bed_vault_anchor_get_finish (BED_VAULT_ANCHOR (source), result, &error);

  if (error != NULL)
    round_fail (self, error);
  else if (round_holds (self))
    {
      g_hash_table_add (self->vault->anchors->answered, source);
      if (value != NULL)
        take_answer (self->vault, value);
      if (self->tell && self->vault->freshness != BED_VAULT_FRESH_ROLLED_BACK
          && tell (self, BED_VAULT_ANCHOR (source)))
        return;
    }
  round_end (self);
}

static Round *
round_new (BedVault *vault, GTask *task)
{
  Round *self = g_new0 (Round, 1);

  self->vault = g_object_ref (vault);
  self->task = task != NULL ? g_object_ref (task) : NULL;
  self->id = bed_keyslots_dup_id (&vault->slots);
  self->opening = vault->anchors->opening;
  self->pending = vault->anchors->list->len + 1;
  return self;
}

static void
start_round (BedVault *vault, gboolean tells, GTask *task)
{
  GPtrArray *list = vault->anchors->list;
  Round *self = round_new (vault, task);

  self->tell = tells;
  for (guint i = 0; i < list->len; i++)
    bed_vault_anchor_get_async (list->pdata[i], self->id,
                                task != NULL ? g_task_get_cancellable (task) : NULL, was_asked,
                                self);
  round_end (self);
}

/* Whatever they say. */
static void
tell_all (BedVault *vault)
{
  GPtrArray *list = vault->anchors->list;
  Round *self = round_new (vault, NULL);

  for (guint i = 0; i < list->len; i++)
    if (!tell (self, list->pdata[i]))
      round_end (self);
  round_end (self);
}

/* --- When ------------------------------------------------------------------------------------- */

static gboolean
on_due (gpointer user_data)
{
  GWeakRef *weak = user_data;
  g_autoptr (BedVault) vault = g_weak_ref_get (weak);

  if (vault == NULL)
    return G_SOURCE_REMOVE;
  stop_source (vault->anchors);
  if (vault->db != NULL && vault->freshness != BED_VAULT_FRESH_ROLLED_BACK)
    start_round (vault, TRUE, NULL);
  return G_SOURCE_REMOVE;
}

static void
weak_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

void
bed_vault_anchors_committed (BedVault *vault)
{
  BedVaultAnchors *self = vault->anchors;
  GWeakRef *weak;

  g_mutex_lock (&self->lock);
  if (self->list->len > 0 && self->source == NULL)
    {
      weak = g_new0 (GWeakRef, 1);
      g_weak_ref_init (weak, vault);
      self->source = g_timeout_source_new_seconds (TELL_AFTER_SECONDS);
      g_source_set_callback (self->source, on_due, weak, weak_free);
      g_source_attach (self->source, self->context);
    }
  g_mutex_unlock (&self->lock);
}

void
bed_vault_anchors_opened (BedVault *vault)
{
  BedVaultAnchors *self = vault->anchors;

  self->opening++;
  self->vouched = (guint64) MAX (bed_vault_read_commits (vault->db, NULL), 0);
  g_array_set_size (self->seen, 0);
  g_hash_table_remove_all (self->answered);
  memset (&self->told, 0, sizeof self->told);
  if (self->list->len > 0)
    start_round (vault, FALSE, NULL);
}

static void
told_at_end (GObject *source, GAsyncResult *result, gpointer user_data)
{
  guint *ending = user_data;
  g_autoptr (GError) error = NULL;

  (*ending)--;
  g_rc_box_release (ending);
  if (!bed_vault_anchor_put_finish (BED_VAULT_ANCHOR (source), result, &error)
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED))
    g_message ("An anchor was not told of the last commits: " BED_ERROR_FORMAT,
               BED_ERROR_CODE (error));
}

/* Only what is new, and only where nothing is wrong: an anchor that could not be asked may know
 * better, and is not told over it. The value is sealed here; the calls may well
 * end after the keys are gone. */
void
bed_vault_anchors_closing (BedVault *vault)
{
  BedVaultAnchors *self = vault->anchors;
  g_autofree char *id = NULL;
  g_autoptr (GBytes) value = NULL;
  BedVaultHead head;

  stop_source (self);
  bed_vault_set_trail (vault, NULL, NULL);
  if (self->list->len == 0 || vault->freshness == BED_VAULT_FRESH_ROLLED_BACK
      || !read_head (vault, &head, NULL) || head.commits == self->told.commits)
    return;
  id = bed_keyslots_dup_id (&vault->slots);
  value = bed_vault_head_seal (&head, &vault->slots, vault->master);
  for (guint i = 0; i < self->list->len; i++)
    if (g_hash_table_contains (self->answered, self->list->pdata[i]))
      {
        (*self->ending)++;
        bed_vault_anchor_put_async (self->list->pdata[i], id, value, NULL, told_at_end,
                                    g_rc_box_acquire (self->ending));
      }
}

static gboolean
set_over (gpointer over)
{
  *(gboolean *) over = TRUE;
  return G_SOURCE_REMOVE;
}

gboolean
bed_vault_wait_for_anchors (BedVault *self, guint patience_ms)
{
  g_autoptr (GSource) source = g_timeout_source_new (patience_ms);
  gboolean over = FALSE;

  g_source_set_callback (source, set_over, &over, NULL);
  g_source_attach (source, self->anchors->context);
  while (*self->anchors->ending > 0 && !over)
    g_main_context_iteration (self->anchors->context, TRUE);
  g_source_destroy (source);
  return *self->anchors->ending == 0;
}

/* --- Public ----------------------------------------------------------------------------------- */

void
bed_vault_add_anchor (BedVault *self, BedVaultAnchor *anchor)
{
  g_mutex_lock (&self->anchors->lock);
  g_ptr_array_add (self->anchors->list, g_object_ref (anchor));
  g_mutex_unlock (&self->anchors->lock);
  if (self->db != NULL)
    start_round (self, FALSE, NULL);
}

/* The trail's end as it is now is what is told at the lock. */
static void
remember_trail (BedVaultAnchors *self)
{
  BedVaultHead last = { 0 };

  if (self->trail == NULL || !self->trail->get_last (self->trail_data, &last.sequence, last.hash))
    return;
  self->told.sequence = last.sequence;
  memcpy (self->told.hash, last.hash, sizeof last.hash);
}

void
bed_vault_set_trail (BedVault *self, const BedVaultTrail *trail, gpointer user_data)
{
  if (trail == NULL)
    remember_trail (self->anchors);
  self->anchors->trail = trail;
  self->anchors->trail_data = user_data;
  if (trail != NULL && self->db != NULL)
    judge (self);
}

gboolean
bed_vault_get_anchored_trail (BedVault *self, guint64 *sequence, guint8 hash[BED_VAULT_HEAD_HASH])
{
  GArray *seen = self->anchors->seen;
  const BedVaultHead *last = NULL;

  for (guint i = 0; i < seen->len; i++)
    {
      const BedVaultHead *head = &g_array_index (seen, BedVaultHead, i);

      if (head->hash_length == sizeof head->hash && head->sequence > 0
          && (last == NULL || head->sequence > last->sequence))
        last = head;
    }
  if (last == NULL)
    return FALSE;
  *sequence = last->sequence;
  memcpy (hash, last->hash, sizeof last->hash);
  return TRUE;
}

void
bed_vault_accept_state (BedVault *self)
{
  if (self->db == NULL)
    return;
  g_array_set_size (self->anchors->seen, 0);
  memset (&self->anchors->told, 0, sizeof self->anchors->told);
  bed_vault_set_freshness (self, BED_VAULT_FRESH_OK_BY_WITNESS);
  tell_all (self);
}

void
bed_vault_sync_anchors_async (BedVault *self, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, bed_vault_sync_anchors_async);
  if (!bed_vault_require_unlocked (self, &error))
    g_task_return_error (task, error);
  else
    start_round (self, TRUE, task);
}

gboolean
bed_vault_sync_anchors_finish (BedVault *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

char *
bed_vault_dup_head_code (BedVault *self, GError **error)
{
  BedVaultHead head;
  char *code = NULL;

  if (!bed_vault_require_unlocked (self, error) || !read_head (self, &head, error))
    return NULL;
  if (bed_vault_head_format (&head, &self->slots, self->master, &code))
    self->anchors->vouched = head.commits;
  else
    g_set_error_literal (error, BED_VAULT_ERROR, BED_VAULT_ERROR_ANCHOR,
                         "The record is too long for a code on paper");
  return code;
}

BedVaultFreshness
bed_vault_check_head_code (BedVault *self, const char *typed, GError **error)
{
  BedVaultHead head;

  if (!bed_vault_require_unlocked (self, error))
    return BED_VAULT_FRESH_UNKNOWN;
  if (!bed_vault_head_parse (&head, typed, &self->slots, self->master))
    {
      g_set_error_literal (error, BED_VAULT_ERROR, BED_VAULT_ERROR_TYPO,
                           "The code is mistyped, or of another record");
      return BED_VAULT_FRESH_UNKNOWN;
    }
  g_array_append_val (self->anchors->seen, head);
  judge (self);
  return self->freshness;
}
