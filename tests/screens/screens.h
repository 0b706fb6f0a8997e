/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libintl.h>

#include "bed-record-store.h"
#include "bed-session-private.h"
#include "bed-ui.h"
#include "bed-vault-fixture.h"
#include "bed-video-paintable.h"
#include "screens-check.h"

#define MINUTE G_GINT64_CONSTANT (60000000)
/* Text of a label that is written into a screen by a desk. */
#define WORD(text) dgettext (NULL, text)

typedef struct
{
  Fixture fixture;
  BedRecordStore *store;
  BedClock *clock;
  GListStore *arrivals, *invites, *chat;
  GdkPaintable *patient, *doctor;
  BedNote *note;
  GtkWindow *window;
  const char *output, *name;
  int width, height;
  GtkTextDirection direction;
  guint n_findings, n_screens;
} Screens;

/* Lets the main loop run for so long. */
void screens_settle (guint ms);
/* A picture of what is below root, which is looked over. */
void screens_save (Screens *self, GtkWidget *root, const char *screen);
/* Puts a page into the window first. */
void screens_show (Screens *self, gpointer page, const char *screen);
/* A page whose halves slide until it has its width. */
void screens_show_folding (Screens *self, gpointer page, const char *screen);
/* A window of its own; root: what of it is shown. Destroys it. */
void screens_show_window (Screens *self, gpointer window, const char *screen, GtkWidget *root);

/* screens-people.c: invented people and what they wrote. */
void screens_invent (Screens *self);
BedVideoFrame *screens_draw_person (guint width, guint height, guint8 skin_v, guint8 ground);
void screens_add_chat_files (Screens *self);
BedSessionInvite *screens_new_invite (Screens *self, const char *label, int in_minutes,
                                      BedRoomState state, const char *passcode);

/* screens-home.c */
void screens_first_run (Screens *self);
void screens_unlock (Screens *self);
void screens_home (Screens *self);

/* screens-record.c */
void screens_record (Screens *self);
void screens_handover (Screens *self);
void screens_attachments (Screens *self);
void screens_signed (Screens *self);
void screens_emergency (Screens *self);
void screens_keeping (Screens *self);

/* screens-call.c */
void screens_invitation (Screens *self);
void screens_before_call (Screens *self);
void screens_call (Screens *self);
void screens_messages (Screens *self);
void screens_guest (Screens *self);
