/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bed-guest LINK PIN NAME: a guest without a screen, who joins with the first consent text. PIN is base64 of the
 * SHA-256 of the server's SubjectPublicKeyInfo, for a clinic of a test. Lines on stdin: leave | passcode CODE, and those of
 * bed-call-console.h.
 */
#include <stdio.h>
#include <string.h>

#include "bed-call-console.h"
#include "bed-guest-visit.h"

typedef struct
{
  BedGuestVisit *visit;
  BedCallConsole *console;
  const char *pin, *name;
} Guest;

static void
prepare_client (BedSignallingClient *client, gpointer data)
{
  Guest *self = data;
  gsize length = 0;
  g_autofree guint8 *pin = g_base64_decode (self->pin, &length);

  if (length != BED_HASH_BYTES)
    g_error ("PIN is not base64 of 32 bytes");
  bed_signalling_client_set_pin (client, pin);
}

static BedEngine *
new_engine (const BedEngineConfig *config, gpointer data)
{
  return bed_local_engine_new (config);
}

static void
on_call (BedGuestVisit *visit, BedCall *call, Guest *self)
{
  bed_call_console_watch (self->console, call);
  bed_call_console_say ("admitted", "name", bed_call_get_peer_name (call), NULL);
}

static void
on_message (BedGuestVisit *visit, const char *text, Guest *self)
{
  bed_call_console_say ("message", "text", text, NULL);
}

static void
on_passcode (BedGuestVisit *visit, gboolean right, guint left, Guest *self)
{
  g_autofree char *text = g_strdup_printf ("%u", left);

  bed_call_console_say ("passcode", "right", right ? "yes" : "no", "left", text, NULL);
}

static void
on_tampered (BedGuestVisit *visit, Guest *self)
{
  bed_call_console_say ("tampered", NULL);
}

static void
join (Guest *self)
{
  const char *version, *language, *summary, *text;
  BedGuestDetails details = { .name = self->name, .callback = "01632 960 200", .location = "12 Mill Lane",
                              .camera = TRUE, .microphone = TRUE, .speaker = TRUE };

  bed_guest_visit_get_consent (self->visit, 0, &version, &language, &summary, &text);
  details.language = details.consent_language = language;
  details.consent_version = version;
  bed_guest_visit_join (self->visit, &details);
}

static void
tell_over (Guest *self)
{
  static const char *const names[] = { "none", "ended", "used", "expired", "revoked", "declined", "replaced",
                                       "wrong-link", "no-network", "untrusted", "tampered",
                                       "no-consent", "unsafe", "unconnected", "server" };

  bed_call_console_say ("over", "reason", names[bed_guest_visit_get_over (self->visit)], "words",
                        bed_guest_visit_get_decline_reason (self->visit), NULL);
}

static void
on_state (BedGuestVisit *visit, GParamSpec *pspec, Guest *self)
{
  switch (bed_guest_visit_get_state (visit))
    {
    case BED_GUEST_STATE_INVITED:
      bed_call_console_say ("invited", "clinic", bed_guest_visit_get_clinic (visit), "clinician",
                            bed_guest_visit_get_clinician (visit), NULL);
      join (self);
      break;
    case BED_GUEST_STATE_WAITING:
      bed_call_console_say ("waiting", NULL);
      break;
    case BED_GUEST_STATE_OVER:
      tell_over (self);
      break;
    case BED_GUEST_STATE_OPENING:
    case BED_GUEST_STATE_IN_CALL:
    default:
      break;
    }
}

static void
do_line (const char *line, gpointer data)
{
  Guest *self = data;

  if (g_str_has_prefix (line, "passcode "))
    bed_guest_visit_say_passcode (self->visit, line + strlen ("passcode "));
  else if (g_str_equal (line, "leave"))
    bed_guest_visit_leave (self->visit);
  else
    bed_call_console_say ("not-done", "line", line, NULL);
}

int
main (int argc, char **argv)
{
  g_autoptr (BedClock) clock = bed_system_clock_new ();
  const BedWaitingRoomHost host = { .new_engine = new_engine, .prepare_client = prepare_client };
  Guest self = { 0 };

  if (argc != 4)
    {
      fprintf (stderr, "usage: bed-guest LINK PIN NAME\n");
      return 2;
    }
  self.pin = argv[2];
  self.name = argv[3];
  self.console = bed_call_console_new (do_line, &self);
  self.visit = bed_guest_visit_new (argv[1], clock, &host, &self);
  g_signal_connect (self.visit, "notify::state", G_CALLBACK (on_state), &self);
  g_signal_connect (self.visit, "call", G_CALLBACK (on_call), &self);
  g_signal_connect (self.visit, "message", G_CALLBACK (on_message), &self);
  g_signal_connect (self.visit, "passcode", G_CALLBACK (on_passcode), &self);
  g_signal_connect (self.visit, "tampered", G_CALLBACK (on_tampered), &self);
  if (bed_guest_visit_get_state (self.visit) == BED_GUEST_STATE_OVER)
    tell_over (&self);
  else
    bed_call_console_run (self.console);
  g_signal_handlers_disconnect_by_data (self.visit, &self);
  bed_call_console_free (self.console);
  g_object_unref (self.visit);
  return 0;
}
