/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-commands.h"

#include "bed-certificate.h"
#include "bed-pages.h"
#include "bed-turn-probe.h"
#include "bed-turn-url.h"

#include <gio/gio.h>
#include <sys/timex.h>

/* What an administrator wants to know before the first visit: each check says good, warning or bad,
 * and what to do. */

typedef struct
{
  int bad;
} Report;

static void G_GNUC_PRINTF (3, 4)
say (Report *report, const char *verdict, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list values;

  va_start (values, format);
  text = g_strdup_vprintf (format, values);
  va_end (values);
  g_print ("%-8s %s\n", verdict, text);
  report->bad += g_strcmp0 (verdict, "BAD") == 0;
}

static void
check_name (Report *report, const BedSettings *settings)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  g_autoptr (GError) error = NULL;
  GList *addresses = g_resolver_lookup_by_name (resolver, settings->public_host, NULL, &error);

  if (addresses)
    say (report, "good", "The name %s has %u address(es).", settings->public_host,
         g_list_length (addresses));
  else
    say (report, "BAD", "The name %s (public_url) is not in the DNS: %s", settings->public_host,
         error->message);
  g_resolver_free_addresses (addresses);
}

static void
check_certificate (Report *report, const BedSettings *settings)
{
  BedCertificate certificate;
  g_autoptr (GError) error = NULL;
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  gint64 days;

  if (!settings->public_certificate_file)
    return say (report, "warning",
                "No certificate to check. Behind a proxy, name its certificate as [proxy] "
                "certificate: activation links need it.");
  if (!bed_certificate_read (settings->public_certificate_file, settings->private_key_file,
                             settings->public_host, &certificate, &error))
    return say (report, "BAD", "%s", error->message);
  days = (certificate.not_after - now) / 86400;
  if (!certificate.fits_host)
    say (report, "BAD",
         "The certificate is not for %s: get one for this name, or correct public_url.",
         settings->public_host);
  if (now < certificate.not_before)
    say (report, "BAD", "The certificate is not valid yet: look at the clock.");
  else if (now >= certificate.not_after)
    say (report, "BAD", "The certificate has expired: renew it, then reload the server (SIGHUP).");
  else
    say (report, days < 14 ? "warning" : "good",
         "The certificate is valid for %" G_GINT64_FORMAT " days%s", days,
         days < 14 ? ": renew it, then reload the server (SIGHUP)." : ".");
}

static void
check_store (Report *report, const BedSettings *settings)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedStore) store = bed_commands_open_store (settings, &error);

  if (store)
    say (report, "good", "The store opens with its key.");
  else
    say (report, "BAD", "The store: %s", error->message);
}

static void
check_pages (Report *report, const BedSettings *settings)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedPages) pages = bed_pages_new (settings, &error);

  if (pages)
    say (report, "good", "The patient's page is in %s.", settings->web_dir);
  else
    say (report, "BAD", "The patient's page: %s", error->message);
}

static void
try_relay (Report *report, BedTurn *turn, const char *url)
{
  g_autoptr (BedTurnUrl) parsed = bed_turn_url_parse (url);
  g_autoptr (GError) error = NULL;
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  gint64 not_after = 0;

  if (parsed->kind == BED_TURN_URL_STUN)
    return say (report, "warning", "%s was not tried: only turn: and turns: are.", url);
  if (!bed_turn_probe (turn, url, now, &not_after, &error))
    return say (report, "BAD", "%s: %s", url, error ? error->message : "failed");
  say (report, "good", "%s relays: it gave an allocation for our credentials.", url);
  if (not_after && not_after - now < 14 * 86400)
    say (report, "warning",
         "The certificate of %s expires in %" G_GINT64_FORMAT " days: renew it.", url,
         (not_after - now) / 86400);
}

static gboolean
has_tls (const BedSettings *settings)
{
  for (char **url = settings->turn_urls; *url; url++)
    if (g_str_has_prefix (*url, "turns:"))
      return TRUE;
  return FALSE;
}

static void
check_turn (Report *report, const BedSettings *settings)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedTurn) turn = bed_turn_new (settings, &error);

  if (!turn)
    return say (report, "BAD", "TURN: %s", error->message);
  if (!settings->turn_urls[0])
    say (report, "warning", "No TURN server ([turn] urls): calls between many networks will fail.");
  else if (!has_tls (settings))
    say (report, "warning",
         "No turns: address in [turn] urls: networks that let only port 443 through get no calls.");
  for (char **url = settings->turn_urls; *url; url++)
    try_relay (report, turn, *url);
}

static void
check_clock (Report *report)
{
  struct timex state = { 0 };

  if (adjtimex (&state) == TIME_ERROR || (state.status & STA_UNSYNC))
    say (report, "warning",
         "The clock is not synchronised: turn on NTP (timedatectl set-ntp true). When it is off by "
         "more than 30 s, six-digit codes are refused.");
  else
    say (report, "good", "The clock is synchronised.");
}

static void
check_clinic (Report *report, const BedSettings *settings)
{
  if (settings->consent->len == 0)
    say (report, "warning",
         "There is no consent text of your own: write one, and name it in a [consent 1] section.");
  if (!*settings->telephone)
    say (report, "warning",
         "No [clinic] telephone: patients see no number to call when a visit fails.");
  if (!*settings->privacy_notice)
    say (report, "warning",
         "No [clinic] privacy_notice: patients cannot read how their data is handled.");
}

int
bed_commands_doctor (const BedSettings *settings)
{
  Report report = { 0 };

  check_clinic (&report, settings);
  check_name (&report, settings);
  check_certificate (&report, settings);
  check_store (&report, settings);
  check_pages (&report, settings);
  check_turn (&report, settings);
  check_clock (&report);
  if (report.bad)
    g_print ("\n%d thing(s) to mend before patients can be seen.\n", report.bad);
  return report.bad ? 1 : 0;
}
