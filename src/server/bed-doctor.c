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

#define RENEW \
  "renew it where you got it (certbot renew), then reload the server (systemctl reload " \
  "bedside-server); calls go on meanwhile."

/* A finding, and in the next line what to do about it. */
static void
say_next (Report *report, const char *verdict, const char *finding, const char *next)
{
  say (report, verdict, "%s\n%-8s Next: %s", finding, "", next);
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
    {
      g_autofree char *finding
          = g_strdup_printf ("The name %s (public_url) is not in the DNS: %s",
                             settings->public_host, error->message);
      gboolean absent = g_error_matches (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND);
      say_next (report, "BAD", finding,
                absent ? "where your domain is managed, add an A record (and AAAA for IPv6) with "
                         "this machine's public address, or correct public_url; a new record can "
                         "take an hour to be seen."
                       : "this machine's own DNS did not answer: look at /etc/resolv.conf and the "
                         "network, then run doctor again.");
    }
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
    return say_next (report, "warning", "No certificate to check.",
                     "behind a proxy, name its certificate as certificate in [proxy]: activation "
                     "links need it.");
  if (!bed_certificate_read (settings->public_certificate_file, settings->private_key_file,
                             settings->public_host, &certificate, &error))
    return say_next (report, "BAD", error->message,
                     "look at certificate and private_key in [server]: both must be PEM files of the "
                     "same certificate that the server's user may read, the full chain first in "
                     "the one.");
  days = (certificate.not_after - now) / 86400;
  if (!certificate.fits_host)
    {
      g_autofree char *finding
          = g_strdup_printf ("The certificate is not for %s.", settings->public_host);
      say_next (report, "BAD", finding,
                "get a certificate for this name, or correct public_url in [server].");
    }
  if (now < certificate.not_before)
    say_next (report, "BAD", "The certificate is not valid yet.",
              "compare the clock (timedatectl) with the right time; if it is right, get a new "
              "certificate.");
  else if (now >= certificate.not_after)
    say_next (report, "BAD", "The certificate has expired.", RENEW);
  else if (days < 14)
    {
      g_autofree char *finding
          = g_strdup_printf ("The certificate ends in %" G_GINT64_FORMAT " days.", days);
      say_next (report, "warning", finding, RENEW);
    }
  else
    say (report, "good", "The certificate is valid for %" G_GINT64_FORMAT " days.", days);
}

static void
check_store (Report *report, const BedSettings *settings)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedStore) store = bed_commands_open_store (settings, &error);

  if (store)
    say (report, "good", "The store opens with its key.");
  else
    {
      g_autofree char *finding = g_strdup_printf ("The store: %s", error->message);
      say_next (report, "BAD", finding,
                "run this as the server's own user (sudo -u bedside-server), see that state_dir and "
                "key_file are those of the settings and belong to that user; if the file is "
                "damaged, stop the server and use bedside-server restore with your last backup.");
    }
}

static void
check_pages (Report *report, const BedSettings *settings)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedPages) pages = bed_pages_new (settings, &error);

  if (pages)
    say (report, "good", "The patient's page is in %s.", settings->web_dir);
  else
    {
      g_autofree char *finding = g_strdup_printf ("The patient's page: %s", error->message);
      say_next (report, "BAD", finding,
                "correct web_dir in [server], or install bedside-server again: its page is part of "
                "it.");
    }
}

/* Returns: static */
static const char *
advise_on_relay (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return "nothing listens there: start coturn (systemctl enable --now coturn), and compare its "
           "listening-port with this address.";
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE))
    return "there is no way to that machine from here: look at the network and its address.";
  if (error && error->domain == G_RESOLVER_ERROR)
    return "the name in [turn] urls is not in the DNS: add it where your domain is managed, or "
           "correct the address.";
  if (g_error_matches (error, BED_SERVER_ERROR, BED_SERVER_ERROR_RELAY_SECRET))
    return "the same secret must be in [turn] secret_file here and as static-auth-secret in "
           "turnserver.conf, with use-auth-secret; restart coturn after a change. Both clocks must "
           "be right too.";
  if (g_error_matches (error, BED_SERVER_ERROR, BED_SERVER_ERROR_RELAY_TLS))
    return "set cert and pkey in turnserver.conf to the full chain and key of a certificate for "
           "this name, renew it if it has ended, and restart coturn.";
  if (g_error_matches (error, BED_SERVER_ERROR, BED_SERVER_ERROR_RELAY_ANSWER))
    return "look into coturn's log for this moment; 486 means that its quotas (user-quota, "
           "total-quota) are used up.";
  return "see that coturn runs (systemctl status coturn) and that the firewall lets this port "
         "through, UDP and TCP.";
}

static void
try_relay (Report *report, BedTurn *turn, const char *url)
{
  g_autoptr (BedTurnUrl) parsed = bed_turn_url_parse (url);
  g_autoptr (GError) error = NULL;
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  gint64 not_after = 0;

  if (parsed->kind == BED_TURN_URL_STUN)
    {
      g_autofree char *skipped = g_strdup_printf ("%s was not tried.", url);
      return say_next (report, "warning", skipped,
                       "name the same server as turn: too; that is tried, and tells the same.");
    }
  if (!bed_turn_probe (turn, url, now, &not_after, &error))
    {
      g_autofree char *finding
          = g_strdup_printf ("%s: %s", url, error ? error->message : "failed");
      return say_next (report, "BAD", finding, advise_on_relay (error));
    }
  say (report, "good", "%s relays: it gave an allocation for our credentials.", url);
  if (not_after && not_after - now < 14 * 86400)
    {
      g_autofree char *finding
          = g_strdup_printf ("The certificate of %s ends in %" G_GINT64_FORMAT " days.", url,
                             (not_after - now) / 86400);
      say_next (report, "warning", finding,
                "renew it where you got it, copy it to where turnserver.conf says, and restart "
                "coturn.");
    }
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
    {
      g_autofree char *finding = g_strdup_printf ("TURN: %s", error->message);
      return say_next (report, "BAD", finding,
                       "make a secret (openssl rand -hex 32), put it into the file that [turn] "
                       "secret_file names and as static-auth-secret into turnserver.conf.");
    }
  if (!settings->turn_urls[0])
    say_next (report, "warning",
              "No TURN server ([turn] urls): calls between many networks will fail.",
              "install coturn with the turnserver.conf that comes with bedside-server, and name it "
              "in [turn] urls (docs/deploy.md, 3).");
  else if (!has_tls (settings))
    say_next (report, "warning",
              "No turns: address in [turn] urls: networks that let only port 443 through get no "
              "calls.",
              "give coturn a certificate and port 443, and add turns:NAME:443 (docs/deploy.md, 3).");
  for (char **url = settings->turn_urls; *url; url++)
    try_relay (report, turn, *url);
}

static void
check_clock (Report *report)
{
  struct timex state = { 0 };

  if (adjtimex (&state) == TIME_ERROR || (state.status & STA_UNSYNC))
    say_next (report, "warning",
              "The clock is not synchronised. When it is off by more than 30 s, six-digit codes are "
              "refused.",
              "turn on NTP (timedatectl set-ntp true), and look again in a minute.");
  else
    say (report, "good", "The clock is synchronised.");
}

static void
check_clinic (Report *report, const BedSettings *settings)
{
  if (settings->consent->len == 0)
    say_next (report, "BAD", "There is no consent text: nobody can be invited, as nobody could agree.",
              "write what patients agree to, and name the file in a [consent 1] section with its "
              "version and language.");
  else
    say (report, "good", "There are consent texts in %u language(s).", settings->consent->len);
  if (!*settings->telephone)
    say_next (report, "warning", "Patients see no number to call when a visit fails.",
              "enter it as telephone in [clinic].");
  if (!*settings->privacy_notice)
    say_next (report, "warning", "Patients cannot read how their data is handled.",
              "write it into a file, and name that as privacy_notice in [clinic].");
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
    g_print ("\n%d thing(s) to mend before patients can be seen; then run doctor again.\n",
             report.bad);
  return report.bad ? 1 : 0;
}
