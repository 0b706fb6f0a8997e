/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A real bedside-server (environment BEDSIDE_SERVER) in a private directory on loopback. */
typedef struct
{
  char *folder, *config, *authority;
  guint16 port, public_port; /* the same, unless it is watched */
  GSubprocess *process, *between;
  GDataInputStream *between_out;
} BedTestClinic;

BedTestClinic *bed_test_clinic_new (void);
/* One that clients reach through tests/signalling/between.py (environment BETWEEN), which has the server's
 * key: what they say is written to the file `said` in the folder, and answers can get lost. The server's log
 * is in the file `log`. */
BedTestClinic *bed_test_clinic_new_watched (void);
/* One of its commands; returns when it is done. */
void bed_test_clinic_tell_between (BedTestClinic *self, const char *what, const char *argument);
void bed_test_clinic_start (BedTestClinic *self);
void bed_test_clinic_kill (BedTestClinic *self);
/* Returns: (transfer full): the activation link of a new account. */
char *bed_test_clinic_add_user (BedTestClinic *self, const char *login);
void bed_test_clinic_free (BedTestClinic *self);
/* Six digits of an authenticator, `step` periods from now. Returns: (transfer full) */
char *bed_test_totp (const char *base32, int step);

/* Runs the main context until the condition holds; fails after 30 s. */
#define bed_test_wait(condition) \
  G_STMT_START \
  { \
    gint64 end = g_get_monotonic_time () + 30 * G_USEC_PER_SEC; \
    guint tick = g_timeout_add (20, bed_test_tick, NULL); \
    while (!(condition) && g_get_monotonic_time () < end) \
      g_main_context_iteration (NULL, TRUE); \
    g_source_remove (tick); \
    g_assert_true (condition); \
  } \
  G_STMT_END
gboolean bed_test_tick (gpointer data);

/* A self-signed certificate for 127.0.0.1, in a folder; key: (out): its private key's path.
 * Returns: (transfer full): the certificate's path. */
char *bed_test_make_certificate (const char *folder, const char *name, char **key);
void bed_test_remove_folder (const char *folder);
/* Runs the main context for a while. */
void bed_test_spin (guint ms);

/* A place for a result. */
void bed_test_take_result (GObject *source, GAsyncResult *result, gpointer place);
GAsyncResult *bed_test_result (GAsyncResult **place);

G_END_DECLS
