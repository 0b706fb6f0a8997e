/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-guest-page.h"

#include <glib/gi18n.h>

#include "bed-time-text.h"
#include "bed-ui.h"

struct _BedGuestPage
{
  AdwBin parent_instance;
  GtkStack *stack;
  AdwAvatar *avatar;
  GtkLabel *clinician, *clinic, *time, *telephone, *consent, *consent_full, *notice_text, *waiting_title, *waiting_text;
  GtkLabel *passcode_text, *waiting_media, *waiting_altered, *message, *over_telephone;
  GtkWidget *notice, *time_box, *name, *callback, *location, *passcode, *details_next, *message_box, *over_close;
  GtkWidget *passcode_box, *passcode_again_box, *passcode_again;
  GtkCheckButton *agree;
  BedCheckPage *check;
  AdwStatusPage *over;
  BedGuestVisit *visit; /* owned */
  BedClock *clock;      /* owned */
  char *number;
  char *consent_version, *consent_language;
};

enum { JOIN, LEAVE, CLOSE, N_SIGNALS };
static guint signals[N_SIGNALS];
static const char *const steps[] = { "opening", "invited", "details", "check", "waiting", "over" };

G_DEFINE_FINAL_TYPE (BedGuestPage, bed_guest_page, ADW_TYPE_BIN)

static gboolean
filled (GtkWidget *row)
{
  g_autofree char *text = bed_ui_dup_line (GTK_EDITABLE (row));

  return *text != '\0';
}

static void
details_typed (BedGuestPage *self)
{
  gtk_widget_set_sensitive (self->details_next, filled (self->name) && filled (self->callback)
                                                    && filled (self->location)
                                                    && (!gtk_widget_get_visible (self->passcode) || filled (self->passcode))
                                                    && gtk_check_button_get_active (self->agree));
}

static void
continue_clicked (BedGuestPage *self)
{
  bed_guest_page_show_step (self, BED_GUEST_STEP_DETAILS);
  gtk_widget_grab_focus (self->name);
}

static void
details_clicked (BedGuestPage *self)
{
  bed_guest_page_show_step (self, BED_GUEST_STEP_CHECK);
}

static void
back_clicked (BedGuestPage *self)
{
  bed_guest_page_show_step (self, BED_GUEST_STEP_INVITED);
}

static void
check_back (BedGuestPage *self)
{
  bed_guest_page_show_step (self, BED_GUEST_STEP_DETAILS);
}

static void
check_start (BedGuestPage *self)
{
  g_signal_emit (self, signals[JOIN], 0);
}

static void
leave_clicked (BedGuestPage *self)
{
  g_signal_emit (self, signals[LEAVE], 0);
}

static void
close_clicked (BedGuestPage *self)
{
  g_signal_emit (self, signals[CLOSE], 0);
}

static void
visit_message (BedGuestVisit *visit, const char *text, BedGuestPage *self)
{
  gtk_label_set_label (self->message, text);
  gtk_widget_set_visible (self->message_box, *text != '\0');
}

void
bed_guest_page_set_asks_passcode (BedGuestPage *self, gboolean asks)
{
  gtk_widget_set_visible (self->passcode, asks);
}

void
bed_guest_page_set_passcode_answer (BedGuestPage *self, gboolean right, guint left)
{
  g_autofree char *text = NULL;

  if (left > 0)
    /* Translators: %u tries */
    text = g_strdup_printf (ngettext ("This passcode is not right. You can try %u more time.",
                                      "This passcode is not right. You can try %u more times.", left), left);
  else
    text = g_strdup (_("The passcode was wrong too often. Ask the clinic for a new link."));
  gtk_label_set_label (self->passcode_text, text);
  gtk_widget_set_visible (self->passcode_again_box, left > 0);
  gtk_widget_set_visible (self->passcode_box, !right);
  gtk_editable_set_text (GTK_EDITABLE (self->passcode_again), "");
  if (!right && left > 0)
    gtk_widget_grab_focus (self->passcode_again);
}

static void
visit_passcode (BedGuestVisit *visit, gboolean right, guint left, BedGuestPage *self)
{
  bed_guest_page_set_passcode_answer (self, right, left);
}

static void
passcode_clicked (BedGuestPage *self)
{
  g_autofree char *code = bed_ui_dup_line (GTK_EDITABLE (self->passcode_again));

  if (self->visit != NULL && *code != '\0')
    bed_guest_visit_say_passcode (self->visit, code);
}

static void
visit_tampered (BedGuestPage *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->waiting_altered), TRUE);
}

/* The consent in the app's own language where the clinic wrote one, else in the card's. */
static void
show_consent (BedGuestPage *self)
{
  const char *const *wanted = g_get_language_names ();
  guint n = bed_guest_visit_get_n_consents (self->visit), best = 0;
  const char *version = "", *language = "", *summary = "", *text = "";

  for (guint i = 0; i < n; i++)
    {
      bed_guest_visit_get_consent (self->visit, i, &version, &language, &summary, &text);
      if (g_str_equal (language, bed_guest_visit_get_language (self->visit)))
        best = i;
    }
  for (guint i = 0; i < n; i++)
    {
      bed_guest_visit_get_consent (self->visit, i, &version, &language, &summary, &text);
      if (g_str_has_prefix (wanted[0], language))
        best = i;
    }
  if (n > 0)
    bed_guest_visit_get_consent (self->visit, best, &version, &language, &summary, &text);
  g_free (self->consent_version);
  g_free (self->consent_language);
  self->consent_version = g_strdup (version);
  self->consent_language = g_strdup (language);
  bed_guest_page_set_consent (self, summary, text);
}

static void
show_card (BedGuestPage *self)
{
  gint64 at = bed_guest_visit_get_time (self->visit), now = bed_clock_get_real_us (self->clock);
  g_autofree char *day = at != 0 ? bed_time_text_day (at, now) : NULL;
  g_autofree char *time = at != 0 ? bed_time_text_when (at, at) : NULL;
  g_autofree char *when = at != 0 ? g_strdup_printf ("%s, %s", day, time) : g_strdup ("");

  bed_guest_page_set_card (self, bed_guest_visit_get_clinic (self->visit), bed_guest_visit_get_clinician (self->visit),
                           bed_guest_visit_get_telephone (self->visit), when);
  bed_guest_page_set_asks_passcode (self, bed_guest_visit_get_asks_passcode (self->visit));
  show_consent (self);
  bed_guest_page_set_privacy_notice (self, bed_guest_visit_get_privacy_notice (self->visit));
}

static void
visit_changed (BedGuestPage *self)
{
  bed_guest_page_refresh (self);
}

static void
bed_guest_page_dispose (GObject *object)
{
  BedGuestPage *self = BED_GUEST_PAGE (object);

  if (self->visit != NULL)
    g_signal_handlers_disconnect_by_data (self->visit, self);
  g_clear_object (&self->visit);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->number, g_free);
  g_clear_pointer (&self->consent_version, g_free);
  g_clear_pointer (&self->consent_language, g_free);
  G_OBJECT_CLASS (bed_guest_page_parent_class)->dispose (object);
}

static void
bed_guest_page_class_init (BedGuestPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bed_guest_page_dispose;
  signals[JOIN] = g_signal_new ("join", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[LEAVE] = g_signal_new ("leave", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CLOSE] = g_signal_new ("close", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/bedside/Bedside/ui/bed-guest-page.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BedGuestPage, child)
  BIND (stack);
  BIND (avatar);
  BIND (clinician);
  BIND (clinic);
  BIND (time);
  BIND (time_box);
  BIND (telephone);
  BIND (name);
  BIND (callback);
  BIND (location);
  BIND (consent);
  BIND (consent_full);
  BIND (notice);
  BIND (notice_text);
  BIND (agree);
  BIND (details_next);
  BIND (check);
  BIND (waiting_title);
  BIND (waiting_text);
  BIND (waiting_media);
  BIND (passcode);
  BIND (passcode_box);
  BIND (passcode_text);
  BIND (passcode_again_box);
  BIND (passcode_again);
  BIND (waiting_altered);
  BIND (message_box);
  BIND (message);
  BIND (over);
  BIND (over_telephone);
  BIND (over_close);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, details_typed);
  gtk_widget_class_bind_template_callback (widget_class, continue_clicked);
  gtk_widget_class_bind_template_callback (widget_class, details_clicked);
  gtk_widget_class_bind_template_callback (widget_class, back_clicked);
  gtk_widget_class_bind_template_callback (widget_class, leave_clicked);
  gtk_widget_class_bind_template_callback (widget_class, passcode_clicked);
  gtk_widget_class_bind_template_callback (widget_class, close_clicked);
}

/* What the clinic's app takes (docs/protocol.md, 4.1): with more it would wait for a name for ever. */
static void
limit_details (BedGuestPage *self)
{
  bed_ui_limit (self->name, 100);
  bed_ui_limit (self->callback, 50);
  bed_ui_limit (self->location, 200);
  bed_ui_limit (self->passcode, 8);
  bed_ui_limit (self->passcode_again, 8);
}

static void
bed_guest_page_init (BedGuestPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  limit_details (self);
  bed_check_page_set_guest (self->check, TRUE);
  bed_check_page_set_words (self->check, _("Nobody else can see or hear you yet."), _("Go to the waiting room"));
  g_signal_connect_object (self->check, "start", G_CALLBACK (check_start), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->check, "back", G_CALLBACK (check_back), self, G_CONNECT_SWAPPED);
}

BedGuestPage *
bed_guest_page_new (void)
{
  return g_object_new (BED_TYPE_GUEST_PAGE, NULL);
}

static void
forget (BedGuestPage *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->name), "");
  gtk_editable_set_text (GTK_EDITABLE (self->callback), "");
  gtk_editable_set_text (GTK_EDITABLE (self->location), "");
  gtk_editable_set_text (GTK_EDITABLE (self->passcode), "");
  gtk_widget_set_visible (self->passcode_box, FALSE);
  gtk_check_button_set_active (self->agree, FALSE);
  gtk_label_set_label (self->message, "");
  gtk_widget_set_visible (self->message_box, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->waiting_altered), FALSE);
  bed_check_page_reset (self->check);
}

void
bed_guest_page_set_visit (BedGuestPage *self, BedGuestVisit *visit, BedClock *clock)
{
  if (self->visit != NULL)
    g_signal_handlers_disconnect_by_data (self->visit, self);
  forget (self);
  g_set_object (&self->visit, visit);
  g_set_object (&self->clock, clock);
  if (visit == NULL)
    return;
  g_signal_connect_object (visit, "notify", G_CALLBACK (visit_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (visit, "message", G_CALLBACK (visit_message), self, 0);
  g_signal_connect_object (visit, "passcode", G_CALLBACK (visit_passcode), self, 0);
  g_signal_connect_object (visit, "tampered", G_CALLBACK (visit_tampered), self, G_CONNECT_SWAPPED);
  bed_guest_page_refresh (self);
}

BedCheckPage *
bed_guest_page_get_check (BedGuestPage *self)
{
  return self->check;
}

void
bed_guest_page_join (BedGuestPage *self, gboolean speaker)
{
  g_autofree char *name = bed_ui_dup_line (GTK_EDITABLE (self->name));
  g_autofree char *callback = bed_ui_dup_line (GTK_EDITABLE (self->callback));
  g_autofree char *location = bed_ui_dup_line (GTK_EDITABLE (self->location));
  g_autofree char *passcode = bed_ui_dup_line (GTK_EDITABLE (self->passcode));
  BedGuestDetails details = {
    .name = name,
    .callback = callback,
    .location = location,
    .language = bed_guest_visit_get_language (self->visit),
    .camera = bed_check_page_get_camera (self->check),
    .microphone = bed_check_page_get_microphone (self->check),
    .speaker = speaker,
    .passcode = passcode,
    .consent_version = self->consent_version,
    .consent_language = self->consent_language,
  };

  bed_guest_visit_join (self->visit, &details);
}

void
bed_guest_page_refresh (BedGuestPage *self)
{
  const char *shown = gtk_stack_get_visible_child_name (self->stack);

  switch (bed_guest_visit_get_state (self->visit))
    {
    case BED_GUEST_STATE_OPENING:
      bed_guest_page_show_step (self, BED_GUEST_STEP_OPENING);
      break;
    case BED_GUEST_STATE_INVITED:
      show_card (self);
      if (!g_str_equal (shown, "details") && !g_str_equal (shown, "check"))
        bed_guest_page_show_step (self, BED_GUEST_STEP_INVITED);
      break;
    case BED_GUEST_STATE_WAITING:
      bed_guest_page_set_waiting (self, bed_guest_visit_get_clinician (self->visit),
                                  bed_guest_visit_get_position (self->visit),
                                  bed_guest_visit_get_host_online (self->visit),
                                  bed_guest_visit_get_lost (self->visit));
      bed_guest_page_show_step (self, BED_GUEST_STEP_WAITING);
      break;
    case BED_GUEST_STATE_OVER:
      show_card (self);
      bed_guest_page_set_over (self, bed_guest_visit_get_over (self->visit),
                               bed_guest_visit_get_decline_reason (self->visit));
      bed_guest_page_show_step (self, BED_GUEST_STEP_OVER);
      break;
    case BED_GUEST_STATE_IN_CALL:
    default:
      break;
    }
}

void
bed_guest_page_show_step (BedGuestPage *self, BedGuestStep step)
{
  gtk_stack_set_visible_child_name (self->stack, steps[step]);
  if (step == BED_GUEST_STEP_OVER)
    gtk_widget_grab_focus (self->over_close);
}

void
bed_guest_page_set_card (BedGuestPage *self, const char *clinic, const char *clinician, const char *telephone,
                         const char *time)
{
  g_autofree char *shown = bed_ui_dup_number (telephone);
  g_autofree char *call = g_strdup_printf (_("Not for you, or a question? Call %s."), shown);

  g_free (self->number);
  self->number = g_strdup (telephone);
  bed_ui_set_initials (self->avatar, clinician);
  gtk_label_set_label (self->clinician, clinician);
  gtk_label_set_label (self->clinic, clinic);
  gtk_label_set_label (self->time, time);
  gtk_widget_set_visible (self->time_box, *time != '\0');
  gtk_label_set_label (self->telephone, call);
  gtk_widget_set_visible (GTK_WIDGET (self->telephone), *telephone != '\0');
}

void
bed_guest_page_set_privacy_notice (BedGuestPage *self, const char *text)
{
  gtk_label_set_label (self->notice_text, text);
  gtk_widget_set_visible (self->notice, *text != '\0');
}

void
bed_guest_page_set_consent (BedGuestPage *self, const char *summary, const char *text)
{
  gtk_label_set_label (self->consent, summary);
  gtk_label_set_label (self->consent_full, text);
}

static const char *
media_text (BedGuestPage *self)
{
  gboolean camera = bed_check_page_get_camera (self->check), microphone = bed_check_page_get_microphone (self->check);

  if (camera && microphone)
    return _("Your camera and microphone are on, but nobody can see or hear you yet.");
  if (camera)
    return _("Your camera is on, but nobody can see you yet. Your microphone is off.");
  if (microphone)
    return _("Your microphone is on, but nobody can hear you yet. Your camera is off.");
  return _("Your camera and microphone are off.");
}

void
bed_guest_page_set_waiting (BedGuestPage *self, const char *clinician, guint position,
                            gboolean host_online, gboolean lost)
{
  /* Translators: %s is the clinician's name */
  g_autofree char *title = g_strdup_printf (_("%s will let you in"), clinician);
  g_autofree char *text = NULL;

  if (lost)
    text = g_strdup (_("The connection is lost. You keep your place; trying again…"));
  else if (!host_online)
    text = g_strdup (_("The clinic is not there yet. Leave this window open; it goes on by itself."));
  else if (position <= 1)
    text = g_strdup (_("You are first in line. Leave this window open and wait."));
  else
    text = g_strdup_printf (ngettext ("%u person is before you. Leave this window open and wait.",
                                      "%u people are before you. Leave this window open and wait.", position - 1),
                            position - 1);
  gtk_label_set_label (self->waiting_title, title);
  gtk_label_set_label (self->waiting_text, text);
  gtk_label_set_label (self->waiting_media, media_text (self));
}

static const struct
{
  const char *title, *text;
  gboolean bad;
} endings[] = {
  [BED_GUEST_OVER_NONE] = { N_("The consultation is over"), N_("You can close this window."), FALSE },
  [BED_GUEST_OVER_ENDED] = { N_("The consultation is over"), N_("You can close this window. Sound and picture were not kept; the clinic keeps its note and your consent."), FALSE },
  [BED_GUEST_OVER_USED] = { N_("This link was used already"), N_("Ask the clinic for a new one."), TRUE },
  [BED_GUEST_OVER_EXPIRED] = { N_("This link has expired"), N_("Ask the clinic for a new one."), TRUE },
  [BED_GUEST_OVER_REVOKED] = { N_("The clinic took this link back"), N_("Ask the clinic for a new one."), TRUE },
  [BED_GUEST_OVER_DECLINED] = { N_("The clinic cannot take you now"), N_("Call the clinic to arrange another time."), TRUE },
  [BED_GUEST_OVER_REPLACED] = { N_("The call goes on elsewhere"), N_("This link was opened on another device, which was let in. If that was not you, call the clinic."), TRUE },
  [BED_GUEST_OVER_WRONG_LINK] = { N_("This link is not complete"), N_("Copy the whole link again, from https to its last letter."), TRUE },
  [BED_GUEST_OVER_NO_NETWORK] = { N_("The clinic cannot be reached"), N_("Check your network, then open the link again."), TRUE },
  [BED_GUEST_OVER_SERVER] = { N_("The clinic’s server does not answer as it should"), N_("Open the link again in a minute, or call the clinic."), TRUE },
  [BED_GUEST_OVER_UNTRUSTED] = { N_("This is not your clinic"), N_("The server could not show that it is your clinic’s. Nothing was sent. Call the clinic."), TRUE },
  [BED_GUEST_OVER_TAMPERED] = { N_("The call was ended for your safety"), N_("A message was altered on its way. Call the clinic by telephone."), TRUE },
  [BED_GUEST_OVER_UNSAFE] = { N_("The call was ended for your safety"), N_("The connection could not be shown to be private, so nothing more was sent. Please call the clinic."), TRUE },
  [BED_GUEST_OVER_UNCONNECTED] = { N_("The connection failed"), N_("Call the clinic, or open the link again."), TRUE },
  [BED_GUEST_OVER_NO_CONSENT] = { N_("The clinic is not ready yet"), N_("It has not written what you would agree to. Please call the clinic."), TRUE },
};

void
bed_guest_page_set_over (BedGuestPage *self, BedGuestOver over, const char *reason)
{
  guint i = over < G_N_ELEMENTS (endings) ? over : BED_GUEST_OVER_ENDED;
  gboolean words = over == BED_GUEST_OVER_DECLINED && reason != NULL && *reason != '\0';
  g_autofree char *escaped = words ? g_markup_escape_text (reason, -1) : g_strdup (_(endings[i].text));
  g_autofree char *number = bed_ui_dup_number (self->number != NULL ? self->number : "");
  /* Translators: %s is a telephone number */
  g_autofree char *call = g_strdup_printf (_("Call the clinic: %s"), number);

  adw_status_page_set_title (self->over, _(endings[i].title));
  adw_status_page_set_description (self->over, escaped);
  adw_status_page_set_icon_name (self->over, endings[i].bad ? "dialog-information-symbolic" : "emblem-ok-symbolic");
  gtk_label_set_label (self->over_telephone, call);
  gtk_widget_set_visible (GTK_WIDGET (self->over_telephone),
                          endings[i].bad && self->number != NULL && *self->number != '\0');
}

char *
bed_guest_page_dup_over (BedGuestPage *self)
{
  const char *telephone = gtk_widget_get_visible (GTK_WIDGET (self->over_telephone))
                              ? gtk_label_get_label (self->over_telephone)
                              : "";
  g_autofree char *text = NULL;

  /* What a clinic wrote was escaped for the status page. */
  if (!pango_parse_markup (adw_status_page_get_description (self->over), -1, 0, NULL, &text, NULL, NULL))
    text = g_strdup (adw_status_page_get_description (self->over));
  return g_strdup_printf ("%s. %s%s%s", adw_status_page_get_title (self->over), text,
                          *telephone != '\0' ? " " : "", telephone);
}
