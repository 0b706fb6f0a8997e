/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-timeline-row.h"

#include <glib/gi18n.h>

#include "bed-consent.h"
#include "bed-record-text.h"
#include "bed-time-text.h"

typedef struct
{
  const char *icon;
  char *title;
  char *about;
} Words;

static void
words_of_encounter (Words *words, BedEncounter *encounter)
{
  static const char *const verdicts[] = {
    [BED_VERIFICATION_NOT_CHECKED] = N_("Video, not verified"),
    [BED_VERIFICATION_MATCHED] = N_("Video, verified"),
    [BED_VERIFICATION_DIFFERED] = N_("Video, the words differed"),
  };
  gint64 started = bed_encounter_get_started_us (encounter);
  gint64 ended = bed_encounter_get_ended_us (encounter);
  gboolean video = *bed_encounter_get_cipher (encounter) != '\0';
  g_autofree char *length = bed_time_text_length ((ended - started) / G_USEC_PER_SEC);

  words->icon = video ? "bedside-camera-symbolic" : "bedside-phone-symbolic";
  words->title = g_strdup (_("Consultation"));
  if (!video)
    words->about = g_strdup (_("Without video"));
  else
    words->about
        = g_strdup_printf ("%s · %s", _(verdicts[bed_encounter_get_verification (encounter)]),
                           ended > 0 ? length : _("not ended"));
}

static void
words_of_note (Words *words, BedNote *note)
{
  words->icon = "bedside-note-symbolic";
  switch (bed_note_get_state (note))
    {
    case BED_NOTE_SIGNED:
      words->title = g_strdup (_("Note, signed"));
      break;
    case BED_NOTE_AMENDED:
      words->title = g_strdup (_("Note, signed, with addendum"));
      break;
    case BED_NOTE_DRAFT:
    default:
      words->title = g_strdup (_("Note, draft"));
      break;
    }
  for (guint i = 0; words->about == NULL && i < bed_note_get_n_sections (note); i++)
    if (*bed_note_get_section (note, i) != '\0')
      words->about = g_strdup (bed_note_get_section (note, i));
}

static void
words_of_device (Words *words, BedTimelineEntry *entry)
{
  gboolean camera = bed_timeline_entry_get_number (entry) == BED_DEVICE_CAMERA;
  gboolean on = bed_timeline_entry_get_flag (entry);

  words->icon = camera ? "bedside-camera-symbolic" : "bedside-microphone-symbolic";
  words->title = g_strdup (camera ? (on ? _("Your camera on") : _("Your camera off"))
                                  : (on ? _("Your microphone on") : _("Your microphone off")));
}

static char *
about_attachment (BedAttachment *attachment)
{
  g_autofree char *size = g_format_size (bed_attachment_get_size (attachment));

  return g_strdup_printf ("%s · %s", bed_attachment_get_name (attachment), size);
}

/* NULL when it could not be read. */
static char *
about_hold (BedTimelineEntry *entry, gint64 now_us)
{
  const char *reason = bed_timeline_entry_get_text (entry);
  g_autofree char *day = NULL;

  if (*reason == '\0')
    return NULL;
  day = bed_time_text_day (bed_timeline_entry_get_since_us (entry), now_us);
  /* Translators: the day on which a legal hold was placed, by whom, and why */
  return g_strdup_printf (_("It was placed: %s · %s · %s"), day,
                          bed_record_text_actor (bed_timeline_entry_get_author (entry)), reason);
}

static void
words_of (Words *words, BedTimelineEntry *entry, gint64 now_us)
{
  GObject *object = bed_timeline_entry_get_object (entry);
  const char *text = bed_timeline_entry_get_text (entry);

  switch (bed_timeline_entry_get_kind (entry))
    {
    case BED_TIMELINE_ENCOUNTER:
      words_of_encounter (words, BED_ENCOUNTER (object));
      break;
    case BED_TIMELINE_NOTE:
      words_of_note (words, BED_NOTE (object));
      break;
    case BED_TIMELINE_ADDENDUM:
      words->icon = "bedside-seal-symbolic";
      words->title = g_strdup_printf (_("Addendum by %s"), bed_timeline_entry_get_author (entry));
      words->about = g_strdup (text);
      break;
    case BED_TIMELINE_CHAT:
      words->icon = "bedside-chat-symbolic";
      words->title = g_strdup (bed_timeline_entry_get_flag (entry) ? _("Kept message, from them")
                                                                  : _("Kept message, from you"));
      words->about = g_strdup (text);
      break;
    case BED_TIMELINE_CONSENT:
      words->icon = "emblem-ok-symbolic";
      words->title = g_strdup (_("Agreed to the consultation"));
      /* Translators: the version of the consent's text */
      words->about = g_strdup_printf (_("Text %s"), text);
      break;
    case BED_TIMELINE_DEVICE_CONSENT:
      words_of_device (words, entry);
      break;
    case BED_TIMELINE_HOLD_LIFTED:
      words->icon = "changes-allow-symbolic";
      words->title = g_strdup (_("Legal hold lifted"));
      words->about = about_hold (entry, now_us);
      break;
    case BED_TIMELINE_ATTACHMENT:
    default:
      words->icon = "mail-attachment-symbolic";
      words->title = g_strdup (_("Attachment"));
      words->about = BED_IS_ATTACHMENT (object) ? about_attachment (BED_ATTACHMENT (object))
                                                : g_strdup (text);
      break;
    }
}

static gboolean
leads_on (BedTimelineEntry *entry)
{
  BedTimelineKind kind = bed_timeline_entry_get_kind (entry);

  return kind == BED_TIMELINE_ENCOUNTER || kind == BED_TIMELINE_NOTE
         || kind == BED_TIMELINE_ADDENDUM || kind == BED_TIMELINE_ATTACHMENT;
}

GtkWidget *
bed_timeline_row_new (BedTimelineEntry *entry, gint64 now_us)
{
  GtkWidget *row = adw_action_row_new ();
  Words words = { 0 };
  gint64 at = bed_timeline_entry_get_real_us (entry);
  g_autofree char *when = bed_time_text_when (at, now_us);
  g_autofree char *subtitle = NULL;

  words_of (&words, entry, now_us);
  subtitle = words.about != NULL ? g_strdup_printf ("%s · %s", when, words.about) : g_strdup (when);
  g_strdelimit (subtitle, "\r\n\t", ' ');
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), words.title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 2);
  adw_action_row_set_icon_name (ADW_ACTION_ROW (row), words.icon);
  gtk_widget_add_css_class (row, "numeric");
  if (leads_on (entry))
    {
      GtkWidget *arrow = gtk_image_new_from_icon_name ("go-next-symbolic");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), arrow);
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
    }
  g_free (words.title);
  g_free (words.about);
  return row;
}
