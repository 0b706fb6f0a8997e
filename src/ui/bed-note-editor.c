/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-note-editor.h"

#include <glib/gi18n.h>

#include "bed-facts-box.h"
#include "bed-record-text.h"
#include "bed-shown.h"
#include "bed-time-text.h"
#include "bed-ui.h"

#define PAUSE_MS 700
#define LONGEST_MS 1500

struct _BedNoteEditor
{
  AdwBin parent_instance;
  GtkBox *facts_place, *sections;
  GtkStack *stack;
  GtkLabel *mark;
  GtkWidget *mark_icon, *retry, *sign, *addendum;
  GtkMenuButton *more;
  BedNotePaper *paper;
  BedAttachmentsBox *attachments;
  BedFactsBox *facts;
  GPtrArray *fields;  /* borrowed from the box */
  GMenu *template_menu, *snippet_menu; /* owned */
  GSimpleActionGroup *actions;         /* owned */
  BedNote *note;      /* owned */
  BedShown *note_shown, *encounter_shown; /* owned */
  GSignalGroup *encounter;                /* owned: of the facts */
  BedClock *clock;    /* owned */
  const BedNoteHelp *help; /* borrowed */
  gpointer help_data;
  char *error;
  gboolean writing;
  gboolean saved; /* since it is shown here */
  guint pause, longest, tick;
};

enum
{
  SAVE,
  ASK,
  TEMPLATE,
  PAPER,
  SHOWN,
  NOTE_CHANGED,
  ADD_FILE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedNoteEditor, bed_note_editor, ADW_TYPE_BIN)

static gboolean
is_draft (BedNoteEditor *self)
{
  return self->note != NULL && bed_note_get_state (self->note) == BED_NOTE_DRAFT;
}

/* --- The mark that says what is saved ------------------------------------------------------------ */

static char *
dup_mark (BedNoteEditor *self)
{
  if (self->note == NULL)
    return g_strdup ("");
  if (self->error != NULL)
    return g_strdup (self->error);
  if (!is_draft (self))
    return g_strdup (_("Signed, does not change"));
  switch (bed_note_get_save_state (self->note))
    {
    case BED_NOTE_FAILED:
      return g_strdup (_("Not saved. The text is still here."));
    case BED_NOTE_CHANGED:
    case BED_NOTE_SAVING:
      return g_strdup (_("Saving…"));
    case BED_NOTE_SAVED:
    default:
      return self->saved ? bed_time_text_saved (bed_note_get_updated_us (self->note),
                                                bed_clock_get_real_us (self->clock))
                         : g_strdup (_("Saved as you type"));
    }
}

static void
show_mark (BedNoteEditor *self)
{
  g_autofree char *mark = dup_mark (self);
  gboolean bad = self->error != NULL
                 || (self->note != NULL && bed_note_get_save_state (self->note) == BED_NOTE_FAILED);

  if (bad && !g_str_equal (mark, gtk_label_get_label (GTK_LABEL (self->mark))))
    bed_ui_announce (GTK_WIDGET (self), mark);
  gtk_label_set_label (self->mark, mark);
  gtk_widget_set_visible (self->mark_icon, bad);
  gtk_widget_set_visible (self->retry, bad);
}

static gboolean
refresh_mark (gpointer data)
{
  show_mark (data);
  return G_SOURCE_CONTINUE;
}

/* --- Saving ------------------------------------------------------------------------------------- */

static gboolean
save_now (gpointer data)
{
  BedNoteEditor *self = data;

  g_clear_handle_id (&self->pause, g_source_remove);
  g_clear_handle_id (&self->longest, g_source_remove);
  if (self->note != NULL)
    g_signal_emit (self, signals[SAVE], 0, self->note);
  return G_SOURCE_REMOVE;
}

static gboolean
pause_over (gpointer data)
{
  BED_NOTE_EDITOR (data)->pause = 0;
  return save_now (data);
}

static gboolean
longest_over (gpointer data)
{
  BED_NOTE_EDITOR (data)->longest = 0;
  return save_now (data);
}

/* Nothing is signed that says nothing. */
static void
show_signable (BedNoteEditor *self)
{
  gboolean any = FALSE;

  for (guint i = 0; i < self->fields->len && !any; i++)
    {
      g_autofree char *text = bed_note_field_dup_text (g_ptr_array_index (self->fields, i));

      any = *g_strstrip (text) != '\0';
    }
  gtk_widget_set_sensitive (self->sign, any);
}

static void
field_changed (BedNoteEditor *self, BedNoteField *field)
{
  g_autofree char *text = bed_note_field_dup_text (field);
  guint section = 0;

  if (!is_draft (self) || !g_ptr_array_find (self->fields, field, &section))
    return;
  self->writing = TRUE;
  if (!bed_note_set_section (self->note, section, text))
    bed_note_editor_set_error (self, _("This section is too long; the last words are not kept."));
  self->writing = FALSE;
  g_clear_handle_id (&self->pause, g_source_remove);
  self->pause = g_timeout_add (PAUSE_MS, pause_over, self);
  if (self->longest == 0)
    self->longest = g_timeout_add (LONGEST_MS, longest_over, self);
  show_mark (self);
  show_signable (self);
}

static void
retry_clicked (BedNoteEditor *self)
{
  bed_note_editor_set_error (self, NULL);
  save_now (self);
}

/* --- What is shown ------------------------------------------------------------------------------- */

static BedNoteField *
get_field (BedNoteEditor *self, guint section)
{
  while (self->fields->len <= section)
    {
      BedNoteField *field = bed_note_field_new ();
      g_signal_connect_object (field, "changed", G_CALLBACK (field_changed), self,
                               G_CONNECT_SWAPPED);
      bed_note_field_set_help (field, self->help, self->help_data);
      gtk_box_append (self->sections, GTK_WIDGET (field));
      g_ptr_array_add (self->fields, field);
    }
  return g_ptr_array_index (self->fields, section);
}

static void
load_sections (BedNoteEditor *self)
{
  guint n = self->note != NULL ? bed_note_get_n_sections (self->note) : 0;

  for (guint i = 0; i < n; i++)
    {
      const char *heading = bed_note_get_heading (self->note, i);
      bed_note_field_set_title (get_field (self, i), bed_record_text_heading (heading),
                                bed_record_text_hint (heading));
      bed_note_field_load (get_field (self, i), bed_note_get_section (self->note, i));
    }
  for (guint i = 0; i < self->fields->len; i++)
    {
      gtk_widget_set_visible (g_ptr_array_index (self->fields, i), i < n);
      if (i >= n)
        bed_note_field_load (g_ptr_array_index (self->fields, i), "");
    }
}

static void
enable (BedNoteEditor *self, const char *name, gboolean enabled)
{
  g_simple_action_set_enabled (
      G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), name)), enabled);
}

static void
show_state (BedNoteEditor *self)
{
  gboolean draft = is_draft (self), any = self->note != NULL;

  gtk_stack_set_visible_child_name (self->stack, any && !draft ? "paper" : "draft");
  for (guint i = 0; i < self->fields->len; i++)
    bed_note_field_set_editable (g_ptr_array_index (self->fields, i), draft);
  gtk_widget_set_visible (self->sign, draft);
  show_signable (self);
  gtk_widget_set_visible (self->addendum, any && !draft);
  gtk_widget_set_sensitive (GTK_WIDGET (self->more), any);
  enable (self, "template", draft);
  enable (self, "insert", draft);
  enable (self, "delete", draft);
  enable (self, "compare", any && bed_note_get_state (self->note) == BED_NOTE_AMENDED);
  if (any)
    g_simple_action_set_state (
        G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), "template")),
        g_variant_new_string (bed_note_get_template_id (self->note)));
  show_mark (self);
}

/* Somebody else's, or of another name now: what is beside the paper says so. */
static void
patient_changed (BedNoteEditor *self)
{
  if (self->note != NULL && !is_draft (self))
    g_signal_emit (self, signals[PAPER], 0, self->note);
}

static void
note_notify (BedNote *note, GParamSpec *pspec, BedNoteEditor *self)
{
  gboolean save = g_str_equal (pspec->name, "save-state");

  if (save && bed_note_get_save_state (note) == BED_NOTE_SAVING)
    self->saved = TRUE;
  if (bed_note_get_save_state (note) == BED_NOTE_SAVED)
    g_clear_pointer (&self->error, g_free);
  if (!self->writing && !save)
    load_sections (self);
  show_state (self);
  if (g_str_equal (pspec->name, "state") && !is_draft (self))
    g_signal_emit (self, signals[PAPER], 0, note);
}

/* --- What is asked ------------------------------------------------------------------------------- */

static void
ask (BedNoteEditor *self, BedNoteAsk what)
{
  if (self->note == NULL)
    return;
  if (self->pause != 0 || self->longest != 0)
    save_now (self);
  g_signal_emit (self, signals[ASK], 0, self->note, what);
}

static void
sign_clicked (BedNoteEditor *self)
{
  ask (self, BED_NOTE_ASK_SIGN);
}

static void
addendum_clicked (BedNoteEditor *self)
{
  ask (self, BED_NOTE_ASK_ADDENDUM);
}

static void
verify_clicked (BedNoteEditor *self)
{
  ask (self, BED_NOTE_ASK_VERIFY);
}

static void
add_file (BedNoteEditor *self)
{
  g_signal_emit (self, signals[ADD_FILE], 0);
}

static void
asked (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  const char *name = g_action_get_name (G_ACTION (action));

  ask (data, g_str_equal (name, "compare")     ? BED_NOTE_ASK_COMPARE
             : g_str_equal (name, "hand-over") ? BED_NOTE_ASK_HAND_OVER
                                               : BED_NOTE_ASK_DELETE);
}

static void
template_chosen (GSimpleAction *action, GVariant *value, gpointer data)
{
  BedNoteEditor *self = data;

  if (is_draft (self))
    g_signal_emit (self, signals[TEMPLATE], 0, self->note, g_variant_get_string (value, NULL));
}

static void
insert_chosen (GSimpleAction *action, GVariant *value, gpointer data)
{
  BedNoteEditor *self = data;
  BedNoteField *field = NULL;

  for (guint i = 0; i < self->fields->len; i++)
    if (bed_note_field_has_focus (g_ptr_array_index (self->fields, i)))
      field = g_ptr_array_index (self->fields, i);
  if (field == NULL && self->fields->len > 0)
    field = g_ptr_array_index (self->fields, 0);
  if (field != NULL && is_draft (self))
    bed_note_field_insert (field, g_variant_get_string (value, NULL));
}

/* --- Life --------------------------------------------------------------------------------------- */

static void
shown (BedNoteEditor *self, GObject *subject)
{
  g_signal_emit (self, signals[SHOWN], 0, subject);
}

static BedShown *
watch (BedNoteEditor *self, gpointer widget)
{
  BedShown *watch = bed_shown_new (widget);

  g_signal_connect_object (watch, "shown", G_CALLBACK (shown), self, G_CONNECT_SWAPPED);
  return watch;
}

static void
let_go (BedNoteEditor *self)
{
  if (self->note != NULL)
    {
      if (self->pause != 0 || self->longest != 0)
        save_now (self);
      g_signal_handlers_disconnect_by_data (self->note, self);
    }
  g_clear_handle_id (&self->pause, g_source_remove);
  g_clear_handle_id (&self->longest, g_source_remove);
  g_clear_handle_id (&self->tick, g_source_remove);
  g_clear_pointer (&self->error, g_free);
  g_clear_object (&self->note);
  g_clear_object (&self->clock);
  self->saved = FALSE;
}

static void
bed_note_editor_dispose (GObject *object)
{
  BedNoteEditor *self = BED_NOTE_EDITOR (object);

  let_go (self);
  g_clear_object (&self->note_shown);
  g_clear_object (&self->encounter_shown);
  g_clear_object (&self->encounter);
  g_clear_object (&self->template_menu);
  g_clear_object (&self->snippet_menu);
  g_clear_object (&self->actions);
  g_clear_pointer (&self->fields, g_ptr_array_unref);
  G_OBJECT_CLASS (bed_note_editor_parent_class)->dispose (object);
}

static void
bed_note_editor_class_init (BedNoteEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bed_note_editor_dispose;
  signals[SAVE] = g_signal_new ("save", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                1, BED_TYPE_NOTE);
  signals[ASK] = g_signal_new ("ask", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                               BED_TYPE_NOTE, G_TYPE_INT);
  signals[TEMPLATE] = g_signal_new ("template", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 2, BED_TYPE_NOTE, G_TYPE_STRING);
  signals[PAPER] = g_signal_new ("paper", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, BED_TYPE_NOTE);
  signals[SHOWN] = g_signal_new ("shown", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_OBJECT);
  signals[NOTE_CHANGED] = g_signal_new ("note-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 0);
  signals[ADD_FILE]
      = g_signal_new ("add-file", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bedside/Bedside/ui/bed-note-editor.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BedNoteEditor, child)
  BIND (facts_place);
  BIND (sections);
  BIND (stack);
  BIND (mark);
  BIND (mark_icon);
  BIND (retry);
  BIND (sign);
  BIND (addendum);
  BIND (more);
  BIND (paper);
  BIND (attachments);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, retry_clicked);
  gtk_widget_class_bind_template_callback (widget_class, sign_clicked);
  gtk_widget_class_bind_template_callback (widget_class, addendum_clicked);
  gtk_widget_class_bind_template_callback (widget_class, verify_clicked);
  gtk_widget_class_bind_template_callback (widget_class, add_file);
}

static void
add_menu (BedNoteEditor *self)
{
  static const GActionEntry entries[] = {
    { "template", template_chosen, "s", "''" }, { "insert", insert_chosen, "s" },
    { "compare", asked },  { "hand-over", asked }, { "delete", asked },
  };
  g_autoptr (GMenu) menu = g_menu_new (), first = g_menu_new (), second = g_menu_new ();
  g_autoptr (GMenu) last = g_menu_new ();

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "note", G_ACTION_GROUP (self->actions));
  self->template_menu = g_menu_new ();
  self->snippet_menu = g_menu_new ();
  g_menu_append_submenu (first, _("_Template"), G_MENU_MODEL (self->template_menu));
  g_menu_append_submenu (first, _("_Insert text"), G_MENU_MODEL (self->snippet_menu));
  g_menu_append (second, _("_Compare versions"), "note.compare");
  g_menu_append (second, _("_Hand over…"), "note.hand-over");
  g_menu_append (last, _("_Delete draft"), "note.delete");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (first));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (second));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (last));
  gtk_menu_button_set_menu_model (self->more, G_MENU_MODEL (menu));
}

static void
bed_note_editor_init (BedNoteEditor *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->fields = g_ptr_array_new ();
  self->facts = bed_facts_box_new ();
  gtk_box_append (self->facts_place, GTK_WIDGET (self->facts));
  self->note_shown = watch (self, self);
  self->encounter_shown = watch (self, self->facts);
  self->encounter = g_signal_group_new (BED_TYPE_ENCOUNTER);
  g_signal_group_connect_swapped (self->encounter, "notify::patient-name",
                                  G_CALLBACK (patient_changed), self);
  add_menu (self);
  show_state (self);
}

void
bed_note_editor_set_note (BedNoteEditor *self, BedNote *note, BedClock *clock)
{
  if (note == self->note)
    return;
  let_go (self);
  bed_note_editor_show_found (self, NULL);
  bed_note_paper_clear (self->paper);
  bed_note_editor_set_facts (self, NULL, NULL);
  bed_note_editor_set_signed (self, NULL, NULL);
  bed_attachments_box_set (self->attachments, NULL, NULL, 0);
  if (note != NULL)
    {
      self->note = g_object_ref (note);
      self->clock = g_object_ref (clock);
      g_signal_connect_object (note, "notify", G_CALLBACK (note_notify), self, 0);
      self->tick = g_timeout_add_seconds (2, refresh_mark, self);
    }
  load_sections (self);
  show_state (self);
  if (note != NULL && !is_draft (self))
    g_signal_emit (self, signals[PAPER], 0, note);
  bed_shown_set_subject (self->note_shown, note);
  g_signal_emit (self, signals[NOTE_CHANGED], 0);
}

BedNote *
bed_note_editor_get_note (BedNoteEditor *self)
{
  return self->note;
}

void
bed_note_editor_set_facts (BedNoteEditor *self, BedEncounter *encounter, const char *clinician)
{
  bed_facts_box_set (self->facts, encounter, clinician,
                     self->clock != NULL ? bed_clock_get_real_us (self->clock) : 0);
  bed_shown_set_subject (self->encounter_shown, encounter);
  g_signal_group_set_target (self->encounter, encounter);
}

void
bed_note_editor_set_signed (BedNoteEditor *self, const BedNoteFacts *then, const BedNoteFacts *now)
{
  bed_facts_box_set_signed (self->facts, then, now);
}

void
bed_note_editor_set_facts_open (BedNoteEditor *self, gboolean open)
{
  bed_facts_box_set_open (self->facts, open);
}

static void
add_choice (GMenu *menu, const char *label, const char *action, const char *target)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", target);
  g_menu_append_item (menu, item);
}

void
bed_note_editor_set_templates (BedNoteEditor *self, const char *const *ids,
                               const char *const *names)
{
  g_menu_remove_all (self->template_menu);
  for (guint i = 0; ids[i] != NULL; i++)
    add_choice (self->template_menu, names[i], "note.template", ids[i]);
}

void
bed_note_editor_set_snippets (BedNoteEditor *self, const char *const *abbreviations,
                              const char *const *texts)
{
  g_menu_remove_all (self->snippet_menu);
  for (guint i = 0; abbreviations[i] != NULL; i++)
    add_choice (self->snippet_menu, abbreviations[i], "note.insert", texts[i]);
  if (abbreviations[0] == NULL)
    g_menu_append (self->snippet_menu, _("None yet: Preferences, Notes"), "note.none");
}

void
bed_note_editor_set_help (BedNoteEditor *self, const BedNoteHelp *help, gpointer user_data)
{
  self->help = help;
  self->help_data = user_data;
  for (guint i = 0; i < self->fields->len; i++)
    bed_note_field_set_help (g_ptr_array_index (self->fields, i), help, user_data);
}

BedNotePaper *
bed_note_editor_get_paper (BedNoteEditor *self)
{
  return self->paper;
}

BedAttachmentsBox *
bed_note_editor_get_attachments (BedNoteEditor *self)
{
  return self->attachments;
}

void
bed_note_editor_focus (BedNoteEditor *self)
{
  if (is_draft (self))
    bed_note_field_focus (get_field (self, 0));
  else
    gtk_widget_child_focus (GTK_WIDGET (self->paper), GTK_DIR_TAB_FORWARD);
}

guint
bed_note_editor_show_found (BedNoteEditor *self, const char *words)
{
  gboolean draft = is_draft (self);
  guint n = bed_note_paper_show_found (self->paper, draft ? NULL : words);

  for (guint i = 0; i < self->fields->len; i++)
    n += bed_note_field_show_found (g_ptr_array_index (self->fields, i), draft ? words : NULL);
  return n;
}

void
bed_note_editor_set_error (BedNoteEditor *self, const char *text)
{
  g_free (self->error);
  self->error = g_strdup (text);
  show_mark (self);
}
