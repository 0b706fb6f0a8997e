/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-waiting-room.h"

G_BEGIN_DECLS

/* The patient's side inside the app: from the link to the end of the visit. Main thread.
 * Properties (notify): "state", "position", "host-online", "lost", "privacy-notice". Signals: "message"
 * (const char *text) from the clinic, "call" (BedCall *call) when the clinician has let the guest in, "tampered" (): a
 * sealed message was altered before the call; a new session begins by itself; "passcode" (gboolean
 * right, guint left): what the clinic says to the passcode; left: tries. */
#define BED_TYPE_GUEST_VISIT (bed_guest_visit_get_type ())
G_DECLARE_FINAL_TYPE (BedGuestVisit, bed_guest_visit, BED, GUEST_VISIT, GObject)

typedef enum
{
  BED_GUEST_STATE_OPENING,   /* the card is being fetched */
  BED_GUEST_STATE_INVITED,   /* the card is there, nothing joined */
  BED_GUEST_STATE_WAITING,
  BED_GUEST_STATE_IN_CALL,
  BED_GUEST_STATE_OVER,      /* see bed_guest_visit_get_over () */
} BedGuestState;
#define BED_TYPE_GUEST_STATE (bed_guest_state_get_type ())
GType bed_guest_state_get_type (void);

typedef enum
{
  BED_GUEST_OVER_NONE,
  BED_GUEST_OVER_ENDED,
  BED_GUEST_OVER_USED,
  BED_GUEST_OVER_EXPIRED,
  BED_GUEST_OVER_REVOKED,
  BED_GUEST_OVER_DECLINED,
  BED_GUEST_OVER_REPLACED,
  BED_GUEST_OVER_WRONG_LINK,
  BED_GUEST_OVER_NO_NETWORK,
  BED_GUEST_OVER_UNTRUSTED,  /* the server's certificate or card is not right */
  BED_GUEST_OVER_TAMPERED,
  BED_GUEST_OVER_NO_CONSENT, /* the clinic wrote nothing that a guest could agree to */
  BED_GUEST_OVER_UNSAFE,     /* what was asked for, or made, was not a private connection */
  BED_GUEST_OVER_UNCONNECTED, /* no path was found, or the other side says that it failed */
  BED_GUEST_OVER_SERVER,     /* the server is there, and cannot or does not want to answer now */
  BED_GUEST_N_OVERS,
} BedGuestOver;

/* What the person typed and agreed to; borrowed strings. */
typedef struct
{
  const char *name, *callback, *location, *language;
  gboolean camera, microphone, speaker;
  const char *passcode; /* (nullable): where one is asked for */
  const char *consent_version,
      *consent_language; /* of the text shown; its hash is taken from the card */
} BedGuestDetails;

BedGuestVisit *bed_guest_visit_new (const char *link, BedClock *clock,
                                    const BedWaitingRoomHost *host, gpointer user_data);
BedGuestState bed_guest_visit_get_state (BedGuestVisit *self);
BedGuestOver bed_guest_visit_get_over (BedGuestVisit *self);
/* From the card; "" before BED_GUEST_STATE_INVITED. Lends. */
const char *bed_guest_visit_get_clinic (BedGuestVisit *self);
const char *bed_guest_visit_get_clinician (BedGuestVisit *self);
const char *bed_guest_visit_get_telephone (BedGuestVisit *self);
const char *bed_guest_visit_get_language (BedGuestVisit *self);
/* µs real, 0 = now. */
gint64 bed_guest_visit_get_time (BedGuestVisit *self);
/* How the clinic handles data, in its own words; "" while it is not known, or when there are none. Lends. */
const char *bed_guest_visit_get_privacy_notice (BedGuestVisit *self);
guint bed_guest_visit_get_n_consents (BedGuestVisit *self);
/* Lends; the texts were written by the clinic. */
void bed_guest_visit_get_consent (BedGuestVisit *self, guint index, const char **version,
                                  const char **language, const char **summary, const char **text);
/* The clinic told a passcode by telephone, and asks for it. */
gboolean bed_guest_visit_get_asks_passcode (BedGuestVisit *self);
/* Another try, while waiting. */
void bed_guest_visit_say_passcode (BedGuestVisit *self, const char *code);
/* The person's Join. */
void bed_guest_visit_join (BedGuestVisit *self, const BedGuestDetails *details);
guint bed_guest_visit_get_position (BedGuestVisit *self);
gboolean bed_guest_visit_get_host_online (BedGuestVisit *self);
/* The connection to the server is lost, and tried again by itself: what is known of the clinic and
 * of the place in line is of before. */
gboolean bed_guest_visit_get_lost (BedGuestVisit *self);
const char *bed_guest_visit_get_decline_reason (BedGuestVisit *self);
void bed_guest_visit_leave (BedGuestVisit *self);

G_END_DECLS
