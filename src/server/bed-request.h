/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-code.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* One request to /api/v1 and its one answer, which may come later. Thread: main. */
typedef struct _BedRequest BedRequest;
typedef void (*BedRequestFunc) (BedRequest *request, gpointer connection);

struct _BedRequest
{
  guint ref_count;
  char *method;
  char *path;     /* after /api/v1 */
  char *address;  /* for limits; never logged as it is */
  char *bearer;   /* nullable */
  char *room;     /* headers of section 2.3, nullable */
  char *admission;
  GBytes *body;
  JsonObject *json; /* the body of a POST, parsed by the router */
  const char *route;    /* for the log: which, never with whose */
  const char *variable; /* the path's variable part, lent */
  gint64 start_us;

  gboolean answered;
  guint status;
  char *text; /* the answer's body, nullable */
  guint retry_after;
  BedRequestFunc respond; /* cleared when the connection is gone */
  gpointer connection;
};

BedRequest *bed_request_new (void);
BedRequest *bed_request_ref (BedRequest *self);
void bed_request_unref (BedRequest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedRequest, bed_request_unref)

/* Answers once; `body` (transfer full) (nullable). */
void bed_request_answer (BedRequest *self, guint status, JsonObject *body);
void bed_request_fail (BedRequest *self, BedCode code);
void bed_request_fail_later (BedRequest *self, guint retry_after);

G_END_DECLS
