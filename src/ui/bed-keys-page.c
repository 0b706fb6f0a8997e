/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-keys-page.h"

#include <glib/gi18n.h>

#include "bed-subpage.h"
#include "bed-ui.h"

struct _BedKeysPage
{
  AdwBin parent_instance;
  GtkSwitch *device;
  AdwPreferencesGroup *tokens;
  GtkWidget *device_row, *add_token, *rekey, *stop, *accept, *remove_emergency;
  AdwActionRow *fresh, *emergency, *fingerprint, *thumbprint;
  AdwPreferencesGroup *signing;
  char *copy; /* owned: the thumbprint in one piece */
  GtkProgressBar *rekey_progress;
  GPtrArray *token_rows; /* borrowed from the group */
  gboolean loading;
};

enum
{
  ASK,
  DEVICE,
  REMOVE_TOKEN,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedKeysPage, bed_keys_page, ADW_TYPE_BIN)

static void
ask (BedKeysPage *self, BedKeysAsk what)
{
  g_signal_emit (self, signals[ASK], 0, what);
}

static void
add_token_activated (BedKeysPage *self)
{
  ask (self, BED_KEYS_ADD_TOKEN);
}

static void
rekey_activated (BedKeysPage *self)
{
  ask (self, BED_KEYS_REKEY);
}

static void
stop_clicked (BedKeysPage *self)
{
  gtk_widget_set_sensitive (self->stop, FALSE); /* until it has */
  ask (self, BED_KEYS_STOP_REKEY);
}

static void
accept_activated (BedKeysPage *self)
{
  ask (self, BED_KEYS_ACCEPT);
}

static void
show_head_activated (BedKeysPage *self)
{
  ask (self, BED_KEYS_SHOW_HEAD);
}

static void
check_head_activated (BedKeysPage *self)
{
  ask (self, BED_KEYS_CHECK_HEAD);
}

static void
emergency_activated (BedKeysPage *self)
{
  ask (self, BED_KEYS_MAKE_EMERGENCY);
}

static void
remove_emergency_activated (BedKeysPage *self)
{
  ask (self, BED_KEYS_REMOVE_EMERGENCY);
}

static void
copy_fingerprint (BedKeysPage *self)
{
  bed_ui_copy (GTK_WIDGET (self), adw_action_row_get_subtitle (self->fingerprint));
}

static void
copy_thumbprint (BedKeysPage *self)
{
  bed_ui_copy (GTK_WIDGET (self), self->copy);
}

/* It turns when the vault has: until then it shows what is. */
static gboolean
device_set (BedKeysPage *self, gboolean on)
{
  if (!self->loading)
    g_signal_emit (self, signals[DEVICE], 0, on);
  return !self->loading;
}

static void
token_clicked (GtkWidget *button, BedKeysPage *self)
{
  g_signal_emit (self, signals[REMOVE_TOKEN], 0,
                 GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "slot")));
}

static void
bed_keys_page_finalize (GObject *object)
{
  g_ptr_array_unref (BED_KEYS_PAGE (object)->token_rows);
  g_free (BED_KEYS_PAGE (object)->copy);
  G_OBJECT_CLASS (bed_keys_page_parent_class)->finalize (object);
}

static void
bed_keys_page_class_init (BedKeysPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  g_type_ensure (BED_TYPE_SUBPAGE);
  G_OBJECT_CLASS (klass)->finalize = bed_keys_page_finalize;
  signals[ASK] = g_signal_new ("ask", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                               G_TYPE_INT);
  signals[DEVICE] = g_signal_new ("device", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  signals[REMOVE_TOKEN] = g_signal_new ("remove-token", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bedside/Bedside/ui/bed-keys-page.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BedKeysPage, child)
  BIND (device);
  BIND (device_row);
  BIND (tokens);
  BIND (add_token);
  BIND (rekey);
  BIND (stop);
  BIND (rekey_progress);
  BIND (fresh);
  BIND (accept);
  BIND (emergency);
  BIND (remove_emergency);
  BIND (signing);
  BIND (fingerprint);
  BIND (thumbprint);
#undef BIND
#define ON(handler) gtk_widget_class_bind_template_callback (widget_class, handler)
  ON (device_set);
  ON (add_token_activated);
  ON (rekey_activated);
  ON (stop_clicked);
  ON (accept_activated);
  ON (show_head_activated);
  ON (check_head_activated);
  ON (emergency_activated);
  ON (remove_emergency_activated);
  ON (copy_fingerprint);
  ON (copy_thumbprint);
#undef ON
}

static void
bed_keys_page_init (BedKeysPage *self)
{
  self->token_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

BedKeysPage *
bed_keys_page_new (void)
{
  return g_object_new (BED_TYPE_KEYS_PAGE, NULL);
}

void
bed_keys_page_set_device (BedKeysPage *self, gboolean on, gboolean possible)
{
  self->loading = TRUE;
  gtk_switch_set_active (self->device, on);
  gtk_switch_set_state (self->device, on);
  self->loading = FALSE;
  gtk_widget_set_sensitive (self->device_row, possible || on);
}

void
bed_keys_page_set_tokens (BedKeysPage *self, const guint *slots, guint n, gboolean possible)
{
  for (guint i = 0; i < self->token_rows->len; i++)
    adw_preferences_group_remove (self->tokens, g_ptr_array_index (self->token_rows, i));
  g_ptr_array_set_size (self->token_rows, 0);
  gtk_widget_set_visible (GTK_WIDGET (self->tokens), possible || n > 0);
  gtk_widget_set_sensitive (self->add_token, possible);
  for (guint i = 0; i < n; i++)
    {
      GtkWidget *row = adw_action_row_new (), *button = gtk_button_new_with_label (_("Remove…"));
      /* Translators: the security keys are numbered */
      g_autofree char *title = g_strdup_printf (_("Security key %u"), i + 1);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      g_object_set_data (G_OBJECT (button), "slot", GUINT_TO_POINTER (slots[i]));
      g_signal_connect_object (button, "clicked", G_CALLBACK (token_clicked), self, 0);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
      adw_preferences_group_add (self->tokens, row);
      g_ptr_array_add (self->token_rows, row);
    }
}

void
bed_keys_page_set_rekey (BedKeysPage *self, double fraction)
{
  gtk_widget_set_visible (GTK_WIDGET (self->rekey_progress), fraction >= 0);
  gtk_widget_set_visible (self->stop, fraction >= 0);
  if (fraction < 0)
    gtk_widget_set_sensitive (self->stop, TRUE);
  gtk_progress_bar_set_fraction (self->rekey_progress, CLAMP (fraction, 0, 1));
  gtk_widget_set_sensitive (self->rekey, fraction < 0);
}

void
bed_keys_page_set_freshness (BedKeysPage *self, const char *title, const char *text, gboolean old)
{
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->fresh), title);
  adw_action_row_set_subtitle (self->fresh, text);
  adw_action_row_set_icon_name (self->fresh, old ? "dialog-warning-symbolic" : NULL);
  gtk_widget_set_visible (self->accept, old);
}

void
bed_keys_page_set_emergency (BedKeysPage *self, gboolean there)
{
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->emergency),
                                 there ? _("Make a new emergency key…")
                                       : _("Make an emergency key…"));
  gtk_widget_set_visible (self->remove_emergency, there);
}

/* Four and four, as it is read aloud. */
static char *
group (const char *text)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; text[i] != '\0'; i++)
    {
      if (i > 0 && i % 4 == 0)
        g_string_append_c (out, ' ');
      g_string_append_c (out, text[i]);
    }
  return g_string_free (out, FALSE);
}

void
bed_keys_page_set_signing_key (BedKeysPage *self, const char *fingerprint, const char *thumbprint)
{
  g_autofree char *grouped = thumbprint != NULL ? group (thumbprint) : NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->signing), fingerprint != NULL);
  if (fingerprint == NULL)
    return;
  g_free (self->copy);
  self->copy = g_strdup (thumbprint);
  adw_action_row_set_subtitle (self->fingerprint, fingerprint);
  adw_action_row_set_subtitle (self->thumbprint, grouped);
}
