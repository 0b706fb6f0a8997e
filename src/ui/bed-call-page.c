/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-call-page.h"

#include <glib/gi18n.h>

#include "bed-adaptive-bin.h"
#include "bed-call-controls.h"
#include "bed-call-hands.h"
#include "bed-self-view.h"
#include "bed-time-text.h"
#include "bed-ui.h"
#include "bed-video-paintable.h"

struct _BedCallPage
{
  AdwBin parent_instance;
  BedAdaptiveBin *wide_bin, *stage_bin;
  AdwFlap *flap;
  GtkOverlay *stage;
  GtkPicture *remote;
  GtkWidget *remote_off, *veil, *veil_phone, *veil_keep, *top, *top_handle, *bottom, *signs, *about,
      *info, *answer;
  GtkWidget *capture, *quality, *match, *lock;
  AdwAvatar *remote_avatar;
  GtkLabel *remote_off_text, *veil_title, *veil_text, *veil_clock, *veil_phone_label, *name, *clock,
      *callback;
  GtkLabel *location, *info_callback, *info_location, *lock_label, *lock_head, *lock_text, *details;
  GtkLabel *quality_label, *quality_head, *quality_text, *capture_label, *unrecorded_text;
  GtkWidget *unrecorded;
  GtkImage *lock_icon, *quality_icon;
  GtkSpinner *veil_spinner;
  GtkGrid *words;
  GtkBox *controls;
  BedSelfView *self_view;
  BedCallPanel *panel;
  BedCallHands *hands; /* owned */
  GtkWidget *microphone, *camera, *chat, *note, *note_column, *hang_up;
  BedCallLook look;
  gboolean guest, remote_camera, remote_microphone, own_camera, own_microphone, setting, has_words;
  BedCallLock lock_state;
};

enum { MICROPHONE, CAMERA, HANG_UP, KEEP_WAITING, WORDS, CHAT_SEEN, TALK, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedCallPage, bed_call_page, ADW_TYPE_BIN)

static void
microphone_clicked (BedCallPage *self)
{
  g_signal_emit (self, signals[MICROPHONE], 0);
}

static void
camera_clicked (BedCallPage *self)
{
  g_signal_emit (self, signals[CAMERA], 0);
}

static void
hang_up_clicked (BedCallPage *self)
{
  g_signal_emit (self, signals[HANG_UP], 0);
}

static void
keep_clicked (BedCallPage *self)
{
  g_signal_emit (self, signals[KEEP_WAITING], 0);
}

static void
match_clicked (BedCallPage *self)
{
  gtk_menu_button_popdown (GTK_MENU_BUTTON (self->lock));
  g_signal_emit (self, signals[WORDS], 0, TRUE);
}

static void
differ_clicked (BedCallPage *self)
{
  g_signal_emit (self, signals[WORDS], 0, FALSE);
}

static void
show_toggles (BedCallPage *self)
{
  gboolean open = adw_flap_get_reveal_flap (self->flap);
  gboolean chat = bed_call_panel_get_page (self->panel) == BED_CALL_PANEL_CHAT;

  self->setting = TRUE;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->chat), open && chat);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->note), open && !chat);
  self->setting = FALSE;
  if (open && chat)
    g_signal_emit (self, signals[CHAT_SEEN], 0);
}

static void
chat_toggled (BedCallPage *self)
{
  if (!self->setting)
    bed_call_page_toggle_panel (self, BED_CALL_PANEL_CHAT);
}

static void
note_toggled (BedCallPage *self)
{
  if (!self->setting)
    bed_call_page_toggle_panel (self, BED_CALL_PANEL_NOTE);
}

static int
measure_height (GtkWidget *widget, int width)
{
  int height = 0;

  gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, width, NULL, &height, NULL, NULL);
  return height;
}

int
bed_call_page_measure_controls (BedCallPage *self)
{
  return measure_height (self->bottom, gtk_widget_get_width (GTK_WIDGET (self->stage)));
}

static gboolean
place_child (GtkOverlay *overlay, GtkWidget *child, GdkRectangle *out, BedCallPage *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (overlay));

  if (child != GTK_WIDGET (self->self_view))
    return FALSE;
  bed_self_view_place (self->self_view, width, gtk_widget_get_height (GTK_WIDGET (overlay)),
                       MAX (measure_height (self->top_handle, width) - 16, 0),
                       MAX (bed_call_page_measure_controls (self) - 20, 0), out);
  return TRUE;
}

static void
wide_changed (BedCallPage *self)
{
  gboolean narrow = bed_adaptive_bin_get_narrow (self->wide_bin);

  adw_flap_set_fold_policy (self->flap,
                            narrow ? ADW_FLAP_FOLD_POLICY_ALWAYS : ADW_FLAP_FOLD_POLICY_NEVER);
}

static void
show_about (BedCallPage *self)
{
  gboolean narrow = bed_adaptive_bin_get_narrow (self->stage_bin);

  gtk_widget_set_visible (GTK_WIDGET (self->callback),
                          !narrow && *gtk_label_get_label (self->callback) != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->location),
                          !narrow && *gtk_label_get_label (self->location) != '\0');
}

static void
stage_changed (BedCallPage *self)
{
  gboolean narrow = bed_adaptive_bin_get_narrow (self->stage_bin);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->top),
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_widget_set_halign (self->signs, narrow ? GTK_ALIGN_START : GTK_ALIGN_END);
  gtk_box_set_spacing (self->controls, narrow ? 8 : 14);
  /* There the words of the lock need the place; a press tells these. */
  gtk_widget_set_visible (GTK_WIDGET (self->quality_label), !narrow);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_parent (self->veil_keep)),
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  show_about (self);
}

static void
add_controls (BedCallPage *self)
{
  gtk_box_append (self->controls, bed_call_control_new ("bedside-microphone-symbolic", _("Mute"),
                                                        FALSE, &self->microphone));
  gtk_box_append (self->controls, bed_call_control_new ("bedside-camera-symbolic", _("Camera"),
                                                        FALSE, &self->camera));
  gtk_box_append (self->controls,
                  bed_call_control_new ("bedside-chat-symbolic", _("Chat"), TRUE, &self->chat));
  self->note_column = bed_call_control_new ("bedside-note-symbolic", _("Note"), TRUE, &self->note);
  gtk_box_append (self->controls, self->note_column);
  gtk_box_append (self->controls, bed_call_control_new ("bedside-hang-up-symbolic", _("Hang up"),
                                                        FALSE, &self->hang_up));
  gtk_widget_add_css_class (self->hang_up, "hang-up");
  g_signal_connect_swapped (self->microphone, "clicked", G_CALLBACK (microphone_clicked), self);
  g_signal_connect_swapped (self->camera, "clicked", G_CALLBACK (camera_clicked), self);
  g_signal_connect_swapped (self->chat, "toggled", G_CALLBACK (chat_toggled), self);
  g_signal_connect_swapped (self->note, "toggled", G_CALLBACK (note_toggled), self);
  g_signal_connect_swapped (self->hang_up, "clicked", G_CALLBACK (hang_up_clicked), self);
}

static void
talk (BedCallPage *self, gboolean down)
{
  g_signal_emit (self, signals[TALK], 0, down);
}

static void
bed_call_page_dispose (GObject *object)
{
  g_clear_object (&BED_CALL_PAGE (object)->hands);
  G_OBJECT_CLASS (bed_call_page_parent_class)->dispose (object);
}

static void
add_signals (GType type)
{
  signals[TALK] = g_signal_new ("talk", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                1, G_TYPE_BOOLEAN);
  signals[MICROPHONE]
      = g_signal_new ("microphone", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CAMERA]
      = g_signal_new ("camera", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[HANG_UP]
      = g_signal_new ("hang-up", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[KEEP_WAITING]
      = g_signal_new ("keep-waiting", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[WORDS] = g_signal_new ("words", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, G_TYPE_BOOLEAN);
  signals[CHAT_SEEN]
      = g_signal_new ("chat-seen", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bed_call_page_class_init (BedCallPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bed_call_page_dispose;
  add_signals (G_TYPE_FROM_CLASS (klass));
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bedside/Bedside/ui/bed-call-page.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BedCallPage, child)
  BIND (wide_bin);
  BIND (stage_bin);
  BIND (flap);
  BIND (stage);
  BIND (remote);
  BIND (remote_off);
  BIND (remote_avatar);
  BIND (remote_off_text);
  BIND (self_view);
  BIND (veil);
  BIND (veil_title);
  BIND (veil_text);
  BIND (veil_clock);
  BIND (veil_phone);
  BIND (veil_phone_label);
  BIND (veil_spinner);
  BIND (veil_keep);
  BIND (top);
  BIND (top_handle);
  BIND (bottom);
  BIND (signs);
  BIND (about);
  BIND (name);
  BIND (clock);
  BIND (callback);
  BIND (location);
  BIND (info);
  BIND (info_callback);
  BIND (info_location);
  BIND (lock);
  BIND (lock_icon);
  BIND (lock_label);
  BIND (lock_head);
  BIND (lock_text);
  BIND (words);
  BIND (answer);
  BIND (match);
  BIND (details);
  BIND (quality);
  BIND (quality_icon);
  BIND (quality_label);
  BIND (quality_head);
  BIND (quality_text);
  BIND (capture);
  BIND (capture_label);
  BIND (unrecorded);
  BIND (unrecorded_text);
  BIND (controls);
  BIND (panel);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, hang_up_clicked);
  gtk_widget_class_bind_template_callback (widget_class, keep_clicked);
  gtk_widget_class_bind_template_callback (widget_class, match_clicked);
  gtk_widget_class_bind_template_callback (widget_class, differ_clicked);
}

static void
bed_call_page_init (BedCallPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  add_controls (self);
  self->hands = bed_call_hands_new (GTK_WIDGET (self->stage), GTK_WIDGET (self->remote),
                                    GTK_WIDGET (self->controls));
  g_signal_connect_object (self->hands, "talk", G_CALLBACK (talk), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->stage, "get-child-position", G_CALLBACK (place_child), self, 0);
  g_signal_connect_object (self->wide_bin, "notify::narrow", G_CALLBACK (wide_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->stage_bin, "notify::narrow", G_CALLBACK (stage_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->flap, "notify::reveal-flap", G_CALLBACK (show_toggles), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->panel, "close", G_CALLBACK (bed_call_page_close_panel), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->panel, "page-changed", G_CALLBACK (show_toggles), self,
                           G_CONNECT_SWAPPED);
  bed_call_page_set_look (self, BED_CALL_LOOK_CONNECTING);
  bed_call_page_set_own_media (self, FALSE, FALSE, TRUE, TRUE);
  bed_call_page_set_lock (self, BED_CALL_LOCK_CONNECTING);
  bed_call_page_set_quality (self, BED_CALL_SIGNAL_UNKNOWN, "");
}

BedCallPage *
bed_call_page_new (void)
{
  return g_object_new (BED_TYPE_CALL_PAGE, NULL);
}

BedCallPanel *
bed_call_page_get_panel (BedCallPage *self)
{
  return self->panel;
}

void
bed_call_page_set_peer (BedCallPage *self, const char *name, const char *callback,
                        const char *location, gboolean guest)
{
  g_autofree char *picture = g_strdup_printf (_("Picture of %s"), name);
  g_autofree char *number = bed_ui_dup_number (callback);

  self->guest = guest;
  gtk_label_set_label (self->name, name);
  bed_ui_set_initials (self->remote_avatar, name);
  bed_ui_set_name (GTK_WIDGET (self->remote), picture);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->remote),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  _("Hold Space to talk while the microphone is muted."), -1);
  gtk_label_set_label (self->callback, number);
  gtk_label_set_label (self->location, location);
  gtk_label_set_label (self->info_callback, number);
  gtk_label_set_label (self->info_location, location);
  gtk_widget_set_visible (GTK_WIDGET (self->info_callback), *callback != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->info_location), *location != '\0');
  gtk_widget_set_visible (self->info, *callback != '\0' || *location != '\0');
  gtk_widget_set_visible (self->note_column, !guest);
  bed_call_panel_set_with_note (self->panel, !guest);
  bed_call_page_set_fallback_number (self, callback);
  show_about (self);
}

void
bed_call_page_set_fallback_number (BedCallPage *self, const char *number)
{
  g_autofree char *shown = bed_ui_dup_number (number);
  /* Translators: a person or clinic, and a telephone number */
  g_autofree char *text = g_strdup_printf (_("%s: %s"), gtk_label_get_label (self->name), shown);

  gtk_label_set_label (self->veil_phone_label, text);
  gtk_widget_set_visible (self->veil_phone, *number != '\0');
}

static void
show_remote (BedCallPage *self)
{
  gboolean connected = self->look != BED_CALL_LOOK_CONNECTING;
  const char *text = !connected              ? _("Connecting…")
                     : self->remote_camera   ? ""
                     : self->remote_microphone ? _("Camera off")
                                               : _("Camera and microphone off");

  gtk_widget_set_visible (self->remote_off, !connected || !self->remote_camera);
  /* Without a picture it still takes the focus, for Space. */
  gtk_widget_set_visible (GTK_WIDGET (self->remote), connected);
  gtk_widget_set_opacity (GTK_WIDGET (self->remote), self->remote_camera ? 1 : 0);
  gtk_label_set_label (self->remote_off_text, text);
}

static void
show_capture (BedCallPage *self)
{
  gboolean silent = self->look == BED_CALL_LOOK_SILENT;
  gboolean sending = self->look == BED_CALL_LOOK_CONNECTED || silent;
  gboolean seen = sending && self->own_camera, heard = sending && self->own_microphone;
  const char *text = silent && (seen || heard) ? _("You are sending, it may not arrive")
                     : seen && heard           ? _("You are seen and heard")
                     : seen                    ? _("You are seen, not heard")
                     : heard                   ? _("You are heard, not seen")
                                               : _("Nobody sees or hears you");

  gtk_label_set_label (self->capture_label, text);
  bed_call_hands_set_may_fade (self->hands, heard);
  if (seen || heard)
    gtk_widget_remove_css_class (self->capture, "quiet");
  else
    gtk_widget_add_css_class (self->capture, "quiet");
}

void
bed_call_page_set_look (BedCallPage *self, BedCallLook look)
{
  gboolean lost = look == BED_CALL_LOOK_RECONNECTING, silent = look == BED_CALL_LOOK_SILENT;

  self->look = look;
  gtk_label_set_label (self->veil_title,
                       silent ? _("The connection is not getting through at the moment.")
                              : _("Connection lost"));
  gtk_label_set_label (self->veil_text, silent ? _("The call goes on by itself when it does.")
                                               : _("Nothing is being sent. Trying again…"));
  gtk_widget_set_visible (self->veil, lost || silent);
  gtk_spinner_set_spinning (self->veil_spinner, lost || silent);
  gtk_widget_set_visible (self->veil_keep, lost);
  gtk_widget_set_visible (GTK_WIDGET (self->clock), look != BED_CALL_LOOK_CONNECTING);
  gtk_widget_set_visible (self->quality, !lost && look != BED_CALL_LOOK_CONNECTING);
  show_remote (self);
  show_capture (self);
}

void
bed_call_page_set_clock (BedCallPage *self, gint64 seconds, gint64 lost_seconds)
{
  g_autofree char *clock = bed_time_text_clock (seconds);
  g_autofree char *lost = bed_time_text_clock (lost_seconds);

  gtk_label_set_label (self->clock, clock);
  gtk_label_set_label (self->veil_clock, lost);
}

static const struct
{
  const char *word, *head, *icon, *css;
} locks[] = {
  [BED_CALL_LOCK_CONNECTING]
  = { N_("Connecting…"), N_("Nothing is sent before the connection is private."),
      "bedside-lock-symbolic", "" },
  [BED_CALL_LOCK_NOT_VERIFIED]
  = { N_("Private, not verified"), N_("Only the two of you can see and hear this call."),
      "bedside-lock-symbolic", "stage-ok" },
  [BED_CALL_LOCK_RENEWED]
  = { N_("Private, compare again"),
      N_("The connection was made anew. The words were not compared again."),
      "bedside-lock-symbolic", "stage-warn" },
  [BED_CALL_LOCK_VERIFIED]
  = { N_("Private, verified"), N_("Only the two of you can see and hear this call."),
      "bedside-lock-verified-symbolic", "stage-ok" },
  [BED_CALL_LOCK_DIFFER] = { N_("Not safe"), N_("Somebody may be in between. Nothing is being sent."),
                             "bedside-lock-broken-symbolic", "stage-bad" },
  [BED_CALL_LOCK_LOST]
  = { N_("Nothing is sent"), N_("The connection is lost. Nothing is being sent."),
      "bedside-lock-symbolic", "stage-warn" },
};

static const char *
lock_advice (BedCallPage *self)
{
  if (self->lock_state == BED_CALL_LOCK_DIFFER)
    return _("Hang up, and call the other person by telephone.");
  if (!self->has_words || self->lock_state == BED_CALL_LOCK_CONNECTING
      || self->lock_state == BED_CALL_LOCK_LOST)
    return "";
  if (self->lock_state == BED_CALL_LOCK_VERIFIED)
    return _("You compared these words. Nobody is in between.");
  return _("Read them to each other. The same four words mean that nobody is in between.");
}

static void
show_words (BedCallPage *self)
{
  gboolean shown = self->has_words && self->lock_state != BED_CALL_LOCK_CONNECTING
                   && self->lock_state != BED_CALL_LOCK_LOST;
  const char *advice = lock_advice (self);

  gtk_widget_set_visible (GTK_WIDGET (self->words), shown);
  gtk_widget_set_visible (self->answer, shown && (self->lock_state == BED_CALL_LOCK_NOT_VERIFIED
                                                 || self->lock_state == BED_CALL_LOCK_RENEWED));
  gtk_label_set_label (self->lock_text, advice);
  gtk_widget_set_visible (GTK_WIDGET (self->lock_text), *advice != '\0');
}

void
bed_call_page_set_lock (BedCallPage *self, BedCallLock lock)
{
  const char *classes[] = { locks[lock].css, NULL };
  g_autofree char *accessible = NULL;

  if (lock != self->lock_state)
    bed_ui_announce (GTK_WIDGET (self), _(locks[lock].word));
  self->lock_state = lock;
  gtk_label_set_label (self->lock_label, _(locks[lock].word));
  gtk_label_set_label (self->lock_head, _(locks[lock].head));
  gtk_image_set_from_icon_name (self->lock_icon, locks[lock].icon);
  gtk_widget_set_css_classes (GTK_WIDGET (self->lock_icon),
                              *locks[lock].css != '\0' ? classes : classes + 1);
  /* Translators: %s is for instance "Private, verified" */
  accessible = g_strdup_printf (_("Privacy of this call: %s"), _(locks[lock].word));
  bed_ui_set_name (self->lock, accessible);
  show_words (self);
}

/* Read aloud one after the other, so each has its place. */
static GtkWidget *
new_word (guint place, const char *word)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10), *label = gtk_label_new (word);
  g_autofree char *text = g_strdup_printf ("%u", place);
  GtkWidget *number = gtk_label_new (text);

  gtk_widget_add_css_class (box, "word");
  gtk_widget_add_css_class (number, "dim-label");
  gtk_widget_add_css_class (number, "numeric");
  gtk_widget_add_css_class (label, "title-2");
  gtk_box_append (GTK_BOX (box), number);
  gtk_box_append (GTK_BOX (box), label);
  return box;
}

void
bed_call_page_set_words (BedCallPage *self, const char *const words[4])
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->words))) != NULL)
    gtk_grid_remove (self->words, child);
  self->has_words = words != NULL;
  for (guint i = 0; words != NULL && i < 4; i++)
    gtk_grid_attach (self->words, new_word (i + 1, words[i]), i % 2, i / 2, 1, 1);
  show_words (self);
}

void
bed_call_page_set_details (BedCallPage *self, const char *text)
{
  if (g_strcmp0 (gtk_label_get_label (self->details), text) != 0)
    gtk_label_set_label (self->details, text);
}

void
bed_call_page_set_quality (BedCallPage *self, BedCallSignal quality, const char *reason)
{
  static const char *const words[] = { N_("Measuring"), N_("Good"), N_("Fair"), N_("Poor") };
  static const char *const heads[]
      = { N_("The connection is being measured"), N_("The connection is good"),
          N_("The connection is fair"), N_("The connection is poor") };
  static const char *const icons[] = { "bedside-signal-2-symbolic", "bedside-signal-3-symbolic",
                                       "bedside-signal-2-symbolic", "bedside-signal-1-symbolic" };
  static const char *const css[] = { NULL, "stage-ok", "stage-warn", "stage-bad" };
  const char *classes[] = { css[quality], NULL };
  g_autofree char *accessible
      = g_strdup_printf (_("Connection: %s. %s"), _(words[quality]), reason);

  gtk_label_set_label (self->quality_label, _(words[quality]));
  gtk_image_set_from_icon_name (self->quality_icon, icons[quality]);
  gtk_widget_set_css_classes (GTK_WIDGET (self->quality_icon), classes);
  gtk_label_set_label (self->quality_head, _(heads[quality]));
  gtk_label_set_label (self->quality_text, reason);
  gtk_widget_set_tooltip_text (self->quality, *reason != '\0' ? reason : NULL);
  bed_ui_set_name (self->quality, accessible);
}

void
bed_call_page_set_paintables (BedCallPage *self, GdkPaintable *remote, GdkPaintable *own)
{
  bed_video_paintable_show (self->remote, remote);
  bed_self_view_set_paintable (self->self_view, own);
}

void
bed_call_page_set_remote_media (BedCallPage *self, gboolean camera, gboolean microphone)
{
  self->remote_camera = camera;
  self->remote_microphone = microphone;
  show_remote (self);
}

void
bed_call_page_set_own_media (BedCallPage *self, gboolean camera, gboolean microphone,
                             gboolean has_camera, gboolean has_microphone)
{
  self->own_camera = camera;
  self->own_microphone = microphone;
  bed_call_control_set (self->microphone,
                        microphone ? "bedside-microphone-symbolic"
                                   : "bedside-microphone-off-symbolic",
                        microphone ? _("Mute") : _("Unmute"),
                        !has_microphone ? _("No microphone was found")
                        : microphone    ? _("Mute the microphone")
                                        : _("Turn the microphone on"),
                        !microphone);
  bed_call_control_set (self->camera,
                        camera ? "bedside-camera-symbolic" : "bedside-camera-off-symbolic",
                        _("Camera"),
                        !has_camera ? _("No camera was found")
                        : camera    ? _("Turn the camera off")
                                    : _("Turn the camera on"),
                        !camera);
  gtk_widget_set_sensitive (self->microphone, has_microphone);
  gtk_widget_set_sensitive (self->camera, has_camera);
  bed_self_view_set_on (self->self_view, camera);
  show_capture (self);
}

void
bed_call_page_set_unrecorded (BedCallPage *self, const char *text)
{
  gtk_label_set_label (self->unrecorded_text, text != NULL ? text : "");
  gtk_widget_set_visible (self->unrecorded, text != NULL);
}

void
bed_call_page_set_unread (BedCallPage *self, guint n)
{
  g_autofree char *name
      = n > 0 ? g_strdup_printf (ngettext ("Chat, %u new message", "Chat, %u new messages", n), n)
              : g_strdup (_("Chat"));

  bed_call_control_set_badge (self->chat, n);
  bed_ui_set_name (self->chat, name);
  bed_call_panel_set_unread (self->panel, n);
}

gboolean
bed_call_page_shows_chat (BedCallPage *self)
{
  return adw_flap_get_reveal_flap (self->flap)
         && bed_call_panel_get_page (self->panel) == BED_CALL_PANEL_CHAT;
}

void
bed_call_page_toggle_panel (BedCallPage *self, BedCallPanelPage page)
{
  gboolean open = adw_flap_get_reveal_flap (self->flap);

  if (page == BED_CALL_PANEL_NOTE && self->guest)
    return;
  if (open && bed_call_panel_get_page (self->panel) == page)
    {
      bed_call_page_close_panel (self);
      return;
    }
  bed_call_panel_show_page (self->panel, page);
  adw_flap_set_reveal_flap (self->flap, TRUE);
  show_toggles (self);
  bed_call_panel_focus (self->panel);
}

void
bed_call_page_close_panel (BedCallPage *self)
{
  adw_flap_set_reveal_flap (self->flap, FALSE);
  show_toggles (self);
}
