/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-rollback-desk.h"

#include <glib/gi18n.h>

#include "bed-record-trail.h"
#include "bed-time-text.h"

typedef void (*Act) (BedRollbackDesk *self);

struct _BedRollbackDesk
{
  GObject parent_instance;
  BedVault *vault;       /* owned */
  BedClock *clock;       /* owned */
  BedWindow *window;     /* owned */
  BedRecordStore *store; /* owned while open */
  const char *page;      /* of the preferences, for the first button */
  Act act;               /* of the second; (nullable) */
  char *backup_problem;  /* owned; NULL: all is well with the backups */
};

enum { PREFERENCES, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedRollbackDesk, bed_rollback_desk, G_TYPE_OBJECT)

static BedTodayPage *
today (BedRollbackDesk *self)
{
  return bed_home_page_get_today (bed_window_get_home (self->window));
}

char *
bed_rollback_dup_text (BedRecordStore *store, gint64 now_us)
{
  BedRollback rollback;
  g_autofree char *until = NULL;

  if (!bed_record_store_get_rollback (store, &rollback))
    return NULL;
  if (rollback.until_us == 0)
    return g_strdup (_("This record is older than it was: an older copy was put back, and what was "
                       "saved later is missing. If you do not know why, ask the clinic’s "
                       "administrator before you go on."));
  until = bed_time_text_when_inside (rollback.until_us, now_us);
  if (rollback.restored)
    /* Translators: %s is a time or a day and a time */
    return g_strdup_printf (_("A backup was restored: what was saved after %s is missing. If that "
                              "was you, go on; if not, ask the clinic’s administrator first."),
                            until);
  /* Translators: %s is a time or a day and a time */
  return g_strdup_printf (_("This record is older than it was: an older copy was put back, and what "
                            "was saved after %s is missing. Restore a newer backup, or go on with "
                            "what is here. If you do not know why, ask the clinic’s administrator "
                            "first."),
                          until);
}

void
bed_rollback_ask (GtkWindow *parent, BedAnswer accept, GObject *object)
{
  bed_dialog_confirm (parent, _("Go on with this older state?"),
                      _("Bedside stops warning. What is missing stays missing, unless you restore a "
                        "backup that has it. That you went on is noted in the audit trail."),
                      _("Go on"), TRUE, accept, object);
}

static void show (BedRollbackDesk *self);

static void
accepted (GObject *object, const char *answer)
{
  BedRollbackDesk *self = BED_ROLLBACK_DESK (object);
  g_autoptr (GError) error = NULL;

  if (self->store != NULL && !bed_record_store_accept_rollback (self->store, &error))
    bed_window_warn_error (self->window, error);
  show (self);
}

static void
ask_rollback (BedRollbackDesk *self)
{
  bed_rollback_ask (GTK_WINDOW (self->window), accepted, G_OBJECT (self));
}

static void
damage_seen (BedRollbackDesk *self)
{
  g_autoptr (GError) error = NULL;

  if (self->store != NULL && !bed_record_store_accept_spool_damage (self->store, &error))
    bed_window_warn_error (self->window, error);
  show (self);
}

/* (transfer full) (nullable) */
static char *
dup_damage (BedRollbackDesk *self)
{
  gint64 bytes = bed_record_store_get_spool_damage (self->store);
  g_autofree char *size = g_format_size ((guint64) bytes);

  if (bytes == 0)
    return NULL;
  /* Translators: %s is a size, such as 300 bytes */
  return g_strdup_printf (_("Some of what was noted while the record was locked, such as failed "
                            "unlocking or kept messages, was damaged and cannot be read: %s were "
                            "set aside in the record’s folder. Your notes are whole. If the "
                            "computer did not lose power, tell the clinic’s administrator."),
                          size);
}

static void
set_notice (BedRollbackDesk *self, const char *text, const char *first, const char *page,
            const char *second, Act act)
{
  self->page = page;
  self->act = act;
  bed_today_page_set_notice (today (self), text, first, second);
}

static void
show_backup_problem (BedRollbackDesk *self)
{
  set_notice (self, self->backup_problem, _("Backup…"), "backup", NULL, NULL);
}

static void
show (BedRollbackDesk *self)
{
  gint64 now = bed_clock_get_real_us (self->clock);
  g_autofree char *older
      = self->store != NULL ? bed_rollback_dup_text (self->store, now) : NULL;
  g_autofree char *damage = self->store != NULL && older == NULL ? dup_damage (self) : NULL;

  if (older != NULL)
    set_notice (self, older, _("Restore a backup…"), "backup", _("Go on…"), ask_rollback);
  else if (damage != NULL)
    set_notice (self, damage, _("Audit trail…"), "trail", _("Understood"), damage_seen);
  else if (self->store != NULL && bed_vault_get_freshness (self->vault) == BED_VAULT_FRESH_UNKNOWN)
    set_notice (
        self,
        _("Bedside cannot tell whether an older copy of the record was put back: the mark that it "
          "is compared with is gone, and nothing is kept outside the record’s folder. Look whether "
          "your last notes are there, or compare with a head that you wrote down."),
        _("Compare…"), "keys", NULL, NULL);
  else if (self->store != NULL && self->backup_problem != NULL)
    show_backup_problem (self);
  else
    set_notice (self, NULL, NULL, NULL, NULL, NULL);
}

static void
first (BedRollbackDesk *self)
{
  if (self->page != NULL)
    g_signal_emit (self, signals[PREFERENCES], 0, self->page);
}

static void
second (BedRollbackDesk *self)
{
  if (self->act != NULL)
    self->act (self);
}

void
bed_rollback_desk_set_store (BedRollbackDesk *self, BedRecordStore *store)
{
  g_set_object (&self->store, store);
  show (self);
}

void
bed_rollback_desk_set_backup_problem (BedRollbackDesk *self, const char *problem)
{
  g_free (self->backup_problem);
  self->backup_problem = g_strdup (problem);
  show (self);
}

static void
bed_rollback_desk_dispose (GObject *object)
{
  BedRollbackDesk *self = BED_ROLLBACK_DESK (object);

  g_clear_object (&self->store);
  g_clear_object (&self->vault);
  g_clear_object (&self->clock);
  g_clear_object (&self->window);
  g_clear_pointer (&self->backup_problem, g_free);
  G_OBJECT_CLASS (bed_rollback_desk_parent_class)->dispose (object);
}

static void
bed_rollback_desk_class_init (BedRollbackDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_rollback_desk_dispose;
  signals[PREFERENCES]
      = g_signal_new ("preferences", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                      NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
bed_rollback_desk_init (BedRollbackDesk *self)
{
}

BedRollbackDesk *
bed_rollback_desk_new (BedVault *vault, BedClock *clock, BedWindow *window)
{
  BedRollbackDesk *self = g_object_new (BED_TYPE_ROLLBACK_DESK, NULL);
  BedTodayPage *page;

  self->vault = g_object_ref (vault);
  self->clock = g_object_ref (clock);
  self->window = g_object_ref (window);
  page = today (self);
  g_signal_connect_object (page, "notice-first", G_CALLBACK (first), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (page, "notice-second", G_CALLBACK (second), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (vault, "notify::freshness", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  return self;
}
