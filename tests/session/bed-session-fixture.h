/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-session.h"
#include "bed-test-clinic.h"

G_BEGIN_DECLS

/* A session of a clinician against a real server. */
#define PASSWORD "plum quartz lantern 74 otter"
#define OTHER_PASSWORD "seven calm herons on a blue mosaic"

typedef struct
{
  BedTestClinic *clinic;
  BedClock *clock;
  char *directory, *link, *otp, *recovery_key;
  char **recovery_codes;
  BedSession *session;
} Fixture;

/* Everything that was logged here or said in an error. */
extern GString *fixture_spoken;

/* Runs one asynchronous call of the session and hands out its result. */
#define RUN(result, call_async, ...) \
  g_autoptr (GAsyncResult) result = NULL; \
  call_async (__VA_ARGS__, bed_test_take_result, &result); \
  bed_test_result (&result)

/* Each call that has an end, and the states it is for, as bits. */
typedef void (*Act) (BedSession *session, GAsyncReadyCallback callback, gpointer data);
typedef struct
{
  Act act;
  guint states;
} FixtureAct;
#define FIXTURE_ACTS 12
extern const FixtureAct fixture_acts[FIXTURE_ACTS];
void fixture_act_sign_in (BedSession *session, GAsyncReadyCallback callback, gpointer data);
void fixture_expect_act (BedSession *session, Act act, BedSessionError code);

void fixture_init (int *argc, char ***argv);
/* watched: NULL, or anything: the clinic is a watched one. */
void fixture_setup (Fixture *fixture, gconstpointer watched);
void fixture_teardown (Fixture *fixture, gconstpointer data);
/* Also looks at the server's log. */
void fixture_teardown_checked (Fixture *fixture, gconstpointer data);
BedSession *fixture_open_session (Fixture *fixture);
/* A first run, by all its steps and some wrong ones. The second factor's code is the one of the step before. */
void fixture_activate (Fixture *fixture);
void fixture_wait_online (BedSession *session);
BedSessionInvite *fixture_invite (BedSession *session);
gboolean fixture_unlock (BedSession *session, const char *password, GError **error);
gboolean fixture_sign_in (BedSession *session, const char *code, GError **error);
gboolean fixture_adopt (BedSession *session, const char *password, const char *code, GError **error);
void fixture_sign_out (BedSession *session, BedAccountState then);
void fixture_expect_error (GError **error, BedSessionError code);

G_END_DECLS
