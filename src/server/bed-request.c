/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-request.h"

#include "bed-json.h"
#include "bed-secret.h"

#include <string.h>

BedRequest *
bed_request_new (void)
{
  BedRequest *self = g_new0 (BedRequest, 1);

  self->ref_count = 1;
  self->route = "none";
  return self;
}

BedRequest *
bed_request_ref (BedRequest *self)
{
  self->ref_count++;
  return self;
}

static void
wipe_text (char *text)
{
  if (text)
    bed_secret_wipe (text, strlen (text));
  g_free (text);
}

void
bed_request_unref (BedRequest *self)
{
  if (--self->ref_count > 0)
    return;
  g_free (self->method);
  g_free (self->path);
  g_free (self->address);
  wipe_text (self->bearer);
  g_free (self->room);
  wipe_text (self->admission);
  wipe_text (self->text);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_pointer (&self->json, json_object_unref);
  g_free (self);
}

void
bed_request_answer (BedRequest *self, guint status, JsonObject *body)
{
  g_autoptr (JsonObject) owned = body;

  g_return_if_fail (!self->answered);
  self->answered = TRUE;
  self->status = status;
  self->text = body ? bed_json_print (body) : NULL;
  if (self->respond)
    self->respond (self, self->connection);
}

void
bed_request_fail (BedRequest *self, BedCode code)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "error", bed_protocol_error_to_code (code));
  bed_request_answer (self, bed_protocol_error_to_status (code), body);
}

void
bed_request_fail_later (BedRequest *self, guint retry_after)
{
  self->retry_after = retry_after;
  bed_request_fail (self, BED_PROTOCOL_ERROR_RATE_LIMITED);
}
