/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-call-parts-private.h"
#include "bed-chat-frame.h"
#include "bed-display-text-private.h"
#include "bed-file-transfers-private.h"
#include "bed-guest-over-private.h"
#include "bed-quality-private.h"
#include "fake-engine.h"

#include <string.h>

/* Every state with every event. */
static void
test_states (void)
{
  for (guint state = 0; state < BED_N_CALL_STATES; state++)
    {
      g_assert_cmpint (bed_call_state_after (state, BED_CALL_EVENT_END), ==, BED_CALL_STATE_ENDED);
      for (guint event = 0; event < BED_N_CALL_EVENTS; event++)
        {
          BedCallState after = bed_call_state_after (state, event);

          if (state == BED_CALL_STATE_ENDED)
            g_assert_cmpint (after, ==, BED_CALL_STATE_ENDED);
          else if (after == BED_CALL_STATE_CONNECTED) /* only a path that stands lets media out */
            g_assert_true (event == BED_CALL_EVENT_UP);
        }
    }
  g_assert_cmpint (bed_call_state_after (BED_CALL_STATE_CONNECTED, BED_CALL_EVENT_LOST), ==, BED_CALL_STATE_RECONNECTING);
  g_assert_cmpint (bed_call_state_after (BED_CALL_STATE_CONNECTED, BED_CALL_EVENT_RENEWED), ==, BED_CALL_STATE_RECONNECTING);
  g_assert_cmpint (bed_call_state_after (BED_CALL_STATE_CONNECTING, BED_CALL_EVENT_RENEWED), ==, BED_CALL_STATE_CONNECTING);
}

static void
test_display_text (void)
{
  const struct
  {
    const char *typed, *shown;
    glong max;
    gboolean lines;
  } cases[] = {
    { "  Elin Marsh ", "Elin Marsh", 100, FALSE },
    { "a\nb\tc\r", "a b c", 100, FALSE },
    { "a\nb", "a\nb", 100, TRUE },
    { "evil\u202Egnp.exe", "evilgnp.exe", 100, FALSE },
    { "\u2066x\u2069\u200F", "x", 100, FALSE },
    { "\x1b[31mred\x07", "[31mred", 100, FALSE },
    { "<b>bold</b> &amp;", "<b>bold</b> &amp;", 100, FALSE },
    { "\xff\xfe", "\uFFFD\uFFFD", 100, FALSE },
    { "äöüß", "äö", 2, FALSE },
    { "الاسم", "الاسم", 100, FALSE },
    { "\u200B\uFEFFa\u00AD\U000E0041b\u2060", "ab", 100, FALSE },
    { "می\u200Cخواهم", "می\u200Cخواهم", 100, FALSE },
    { "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301o\u0308",
      "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301o\u0308", 100, FALSE },
    { "e\u0301\u0301\u0301\u0301\u200B\u0301\u0301\u0301\u0301\u200D\u0301\u0301\u0301o",
      "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u200Do", 100, FALSE },
    { "", "", 100, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *shown = bed_display_text (cases[i].typed, cases[i].max, cases[i].lines);

      g_assert_cmpstr (shown, ==, cases[i].shown);
    }
}

/* Half of them of characters that are meant to mislead. */
static char *
new_hostile_name (guint *length)
{
  static const gunichar bad[] = { 0, 7, 0x1B, '\n', '<', '&', '%', '/', '.', 0xAD, 0x61C, 0x200B, 0x200D, 0x200F, 0x2028,
                                  0x202E, 0x2066, 0x2069, 0x300, 0x489, 0xFEFF, 0xE000, 0xE0041, 0x10FFFF };
  GString *name = g_string_new (NULL);

  *length = (guint) g_test_rand_int_range (0, 60);
  for (guint i = 0; i < *length; i++)
    if (g_test_rand_bit ())
      g_string_append_unichar (name, bad[g_test_rand_int_range (0, G_N_ELEMENTS (bad))]);
    else
      g_string_append_c (name, (char) g_test_rand_int_range (1, 256));
  return g_string_free (name, FALSE);
}

static void
test_hostile_names (void)
{
  for (guint i = 0; i < 100000; i++)
    {
      guint length, marks = 0;
      g_autofree char *name = new_hostile_name (&length);
      g_autofree char *shown = bed_display_text (name, 40, FALSE);
      g_autofree char *again = bed_display_text (shown, 40, FALSE);

      g_assert_true (g_utf8_validate (shown, -1, NULL));
      g_assert_cmpint (g_utf8_strlen (shown, -1), <=, 40);
      g_assert_cmpstr (again, ==, shown);
      for (const char *at = shown; *at != '\0'; at = g_utf8_next_char (at))
        {
          gunichar c = g_utf8_get_char (at);

          marks = g_unichar_ismark (c) ? marks + 1 : c == 0x200C || c == 0x200D ? marks : 0;
          g_assert_cmpuint (marks, <=, 8);
          g_assert_true (g_unichar_isprint (c) || c == 0x200C || c == 0x200D);
        }
    }
}

/* Only what was said on purpose ends for a guest as if all were well. */
static void
test_guest_over (void)
{
  static const BedGuestOver overs[] = {
    [BED_CALL_END_NONE] = BED_GUEST_OVER_ENDED,
    [BED_CALL_END_HERE] = BED_GUEST_OVER_ENDED,
    [BED_CALL_END_THERE] = BED_GUEST_OVER_ENDED,
    [BED_CALL_END_LEFT] = BED_GUEST_OVER_ENDED,
    [BED_CALL_END_FAILED] = BED_GUEST_OVER_UNCONNECTED,
    [BED_CALL_END_FINGERPRINT] = BED_GUEST_OVER_UNSAFE,
    [BED_CALL_END_TAMPERED] = BED_GUEST_OVER_TAMPERED,
    [BED_CALL_END_REFUSED] = BED_GUEST_OVER_UNSAFE,
  };

  for (guint end = 0; end < G_N_ELEMENTS (overs); end++)
    g_assert_cmpint (bed_guest_over_of_call (end), ==, overs[end]);
}

static BedGuestOver
over_of (GQuark domain, int code)
{
  g_autoptr (GError) error = g_error_new_literal (domain, code, "");

  return bed_guest_over_of_error (error);
}

/* Who has a network is not sent to look for one. */
static void
test_guest_over_of_error (void)
{
  static const BedGuestOver overs[] = {
    [BED_SIGNALLING_ERROR_BAD_REQUEST] = BED_GUEST_OVER_WRONG_LINK,
    [BED_SIGNALLING_ERROR_UNAUTHORIZED] = BED_GUEST_OVER_WRONG_LINK,
    [BED_SIGNALLING_ERROR_FORBIDDEN] = BED_GUEST_OVER_WRONG_LINK,
    [BED_SIGNALLING_ERROR_NOT_FOUND] = BED_GUEST_OVER_WRONG_LINK,
    [BED_SIGNALLING_ERROR_CONFLICT] = BED_GUEST_OVER_SERVER,
    [BED_SIGNALLING_ERROR_EXPIRED] = BED_GUEST_OVER_EXPIRED,
    [BED_SIGNALLING_ERROR_REVOKED] = BED_GUEST_OVER_REVOKED,
    [BED_SIGNALLING_ERROR_USED] = BED_GUEST_OVER_USED,
    [BED_SIGNALLING_ERROR_TOO_LARGE] = BED_GUEST_OVER_SERVER,
    [BED_SIGNALLING_ERROR_RATE_LIMITED] = BED_GUEST_OVER_SERVER,
    [BED_SIGNALLING_ERROR_UNAVAILABLE] = BED_GUEST_OVER_SERVER,
    [BED_SIGNALLING_ERROR_NETWORK] = BED_GUEST_OVER_NO_NETWORK,
    [BED_SIGNALLING_ERROR_UNTRUSTED] = BED_GUEST_OVER_UNTRUSTED,
    [BED_SIGNALLING_ERROR_PROTOCOL] = BED_GUEST_OVER_SERVER,
    [BED_SIGNALLING_ERROR_SIGNED_OUT] = BED_GUEST_OVER_SERVER,
  };

  for (guint code = 0; code < G_N_ELEMENTS (overs); code++)
    g_assert_cmpint (over_of (BED_SIGNALLING_ERROR, code), ==, overs[code]);
  g_assert_cmpint (over_of (BED_PROTOCOL_ERROR, BED_PROTOCOL_ERROR_BAD_REQUEST), ==, BED_GUEST_OVER_UNTRUSTED);
}

static void
test_quality (void)
{
  BedQualityReason reason;
  BedEngineStats good = { .fraction_lost = 0.01, .round_trip_time_ms = 40, .incoming_bitrate = 900000, .frames_decoded = 9 };
  BedEngineStats lossy = good, slow = good, thin = good, bad = good;

  lossy.fraction_lost = 0.08;
  slow.round_trip_time_ms = 350;
  thin.incoming_bitrate = 90000;
  bad.fraction_lost = 0.2;
  g_assert_cmpint (bed_quality_of (&good, TRUE, TRUE, &reason), ==, BED_QUALITY_GOOD);
  g_assert_cmpint (reason, ==, BED_QUALITY_REASON_NONE);
  g_assert_cmpint (bed_quality_of (&lossy, TRUE, TRUE, &reason), ==, BED_QUALITY_FAIR);
  g_assert_cmpint (reason, ==, BED_QUALITY_REASON_LOSS);
  g_assert_cmpint (bed_quality_of (&slow, TRUE, TRUE, &reason), ==, BED_QUALITY_FAIR);
  g_assert_cmpint (reason, ==, BED_QUALITY_REASON_DELAY);
  g_assert_cmpint (bed_quality_of (&thin, TRUE, TRUE, &reason), ==, BED_QUALITY_FAIR);
  g_assert_cmpint (reason, ==, BED_QUALITY_REASON_BITRATE);
  g_assert_cmpint (bed_quality_of (&thin, FALSE, TRUE, &reason), ==, BED_QUALITY_GOOD); /* a camera that is off is no fault */
  g_assert_cmpint (bed_quality_of (&bad, TRUE, TRUE, &reason), ==, BED_QUALITY_POOR);
}

static void
test_silence (void)
{
  BedQualityReason reason;
  BedEngineStats stats = { .fraction_lost = 0.01, .round_trip_time_ms = 40, .incoming_bitrate = 900000 };

  stats.silence_ms = 1990;
  g_assert_cmpint (bed_quality_of (&stats, TRUE, TRUE, &reason), ==, BED_QUALITY_GOOD);
  stats.silence_ms = 2000;
  g_assert_cmpint (bed_quality_of (&stats, FALSE, TRUE, &reason), ==, BED_QUALITY_POOR);
  g_assert_cmpint (reason, ==, BED_QUALITY_REASON_SILENCE);
  g_assert_cmpint (bed_quality_of (&stats, TRUE, FALSE, &reason), ==, BED_QUALITY_POOR);
  /* Nothing but reports is expected of somebody who sends nothing. */
  g_assert_cmpint (bed_quality_of (&stats, FALSE, FALSE, &reason), ==, BED_QUALITY_GOOD);
  g_assert_cmpint (reason, ==, BED_QUALITY_REASON_NONE);
  stats.silence_ms = 4000;
  g_assert_cmpint (bed_quality_of (&stats, FALSE, FALSE, &reason), ==, BED_QUALITY_POOR);
  stats.silence_ms = -1;
  g_assert_cmpint (bed_quality_of (&stats, TRUE, TRUE, &reason), ==, BED_QUALITY_GOOD);
}

/* --- Files of the chat ------------------------------------------------------------------------ */

typedef struct End End;
struct End
{
  BedFileTransfers *files; /* owned */
  BedChatFile *got;        /* owned: the last one that was offered */
  GQueue out;              /* of GBytes */
  gboolean closed;
  guint n_got;
};

static gboolean
end_send (GBytes *message, gpointer user_data)
{
  End *self = user_data;

  if (!self->closed)
    g_queue_push_tail (&self->out, g_bytes_ref (message));
  return !self->closed;
}

static void
end_added (BedChatFile *file, gpointer user_data)
{
  End *self = user_data;

  g_set_object (&self->got, file);
  self->n_got++;
}

static void
end_start (End *self)
{
  static const BedTransfersFuncs funcs = { end_send, end_added };

  *self = (End){ 0 };
  g_queue_init (&self->out);
  self->files = bed_file_transfers_new (&funcs, self);
}

static void
end_stop (End *self)
{
  bed_file_transfers_free (self->files);
  g_queue_clear_full (&self->out, (GDestroyNotify) g_bytes_unref);
  g_clear_object (&self->got);
}

/* Carries up to n messages over. */
static guint
carry (End *from, End *to, guint n)
{
  guint done = 0;

  for (; done < n && !g_queue_is_empty (&from->out); done++)
    {
      g_autoptr (GBytes) message = g_queue_pop_head (&from->out);
      bed_file_transfers_take (to->files, message);
    }
  return done;
}

static GBytes *
new_pdf (gsize size)
{
  guint8 *data = g_malloc (size);

  for (gsize i = 0; i < size; i++)
    data[i] = (guint8) (i * 7 + i / 251);
  memcpy (data, "%PDF-1.7\n", 9);
  return g_bytes_new_take (data, size);
}

static void
test_file_goes_over (void)
{
  End a, b;
  g_autoptr (GBytes) content = new_pdf (BED_CHAT_FILE_MAX);
  g_autoptr (BedChatFile) sent = NULL;
  gsize most = 0;

  end_start (&a);
  end_start (&b);
  sent = bed_file_transfers_offer (a.files, "/home/x/\u202Ereport\n.pdf", "application/pdf", content);
  g_assert_nonnull (sent);
  g_assert_null (bed_file_transfers_offer (a.files, "second.pdf", "application/pdf", content));
  g_assert_cmpint (bed_chat_file_get_state (sent), ==, BED_CHAT_FILE_WAITING);
  while (carry (&a, &b, 3) + carry (&b, &a, 1) > 0)
    most = MAX (most, a.out.length);
  g_assert_cmpuint (most, <=, BED_CHAT_FILE_WINDOW / BED_CHAT_FILE_CHUNK + 1);
  g_assert_cmpint (bed_chat_file_get_state (sent), ==, BED_CHAT_FILE_DONE);
  g_assert_cmpint (bed_chat_file_get_state (b.got), ==, BED_CHAT_FILE_DONE);
  g_assert_cmpstr (bed_chat_file_get_name (b.got), ==, "report .pdf");
  g_assert_true (g_bytes_equal (bed_chat_file_get_content (b.got), content));
  g_assert_false (bed_chat_file_get_mine (b.got));
  end_stop (&a);
  end_stop (&b);
}

static void
test_file_refused (void)
{
  End a, b;
  g_autoptr (GBytes) words = g_bytes_new_static ("no picture at all", 17);
  g_autoptr (GBytes) large = new_pdf (BED_CHAT_FILE_MAX + 1);
  g_autoptr (BedChatFile) sent = NULL;

  end_start (&a);
  end_start (&b);
  g_assert_null (bed_file_transfers_offer (a.files, "x.exe", "application/x-executable", words));
  g_assert_null (bed_file_transfers_offer (a.files, "x.pdf", "application/pdf", large));
  sent = bed_file_transfers_offer (a.files, "x.png", "image/png", words);
  while (carry (&a, &b, 9) + carry (&b, &a, 9) > 0)
    ;
  g_assert_cmpint (bed_chat_file_get_state (sent), ==, BED_CHAT_FILE_REFUSED);
  g_assert_cmpint (bed_chat_file_get_state (b.got), ==, BED_CHAT_FILE_REFUSED);
  g_assert_null (bed_chat_file_get_content (b.got));
  end_stop (&a);
  end_stop (&b);
}

/* Stopped by either, lost with the channel, given up after a while; the next one works. */
static void
test_file_stopped (void)
{
  for (guint way = 0; way < 4; way++)
    {
      End a, b;
      g_autoptr (GBytes) content = new_pdf (1000000);
      g_autoptr (BedChatFile) sent = NULL, again = NULL;
      BedChatFileState state = way < 2 ? BED_CHAT_FILE_STOPPED : BED_CHAT_FILE_LOST;

      end_start (&a);
      end_start (&b);
      sent = bed_file_transfers_offer (a.files, "x.pdf", "application/pdf", content);
      carry (&a, &b, 1);
      carry (&b, &a, 1);
      carry (&a, &b, 2);
      g_assert_cmpint (bed_chat_file_get_state (b.got), ==, BED_CHAT_FILE_MOVING);
      if (way == 0)
        bed_file_transfers_stop (a.files, sent);
      else if (way == 1)
        bed_file_transfers_stop (b.files, b.got);
      else if (way == 2)
        {
          bed_file_transfers_lose (a.files);
          bed_file_transfers_lose (b.files);
          g_queue_clear_full (&a.out, (GDestroyNotify) g_bytes_unref);
        }
      else
        for (guint i = 0; i < BED_TRANSFERS_PATIENCE; i++)
          {
            bed_file_transfers_tick (a.files);
            bed_file_transfers_tick (b.files);
          }
      while (carry (&a, &b, 9) + carry (&b, &a, 9) > 0)
        ;
      g_assert_cmpint (bed_chat_file_get_state (sent), ==, state);
      g_assert_cmpint (bed_chat_file_get_state (b.got), ==, state);
      g_assert_null (bed_chat_file_get_content (b.got));
      again = bed_file_transfers_offer (a.files, "x.pdf", "application/pdf", content);
      while (carry (&a, &b, 9) + carry (&b, &a, 9) > 0)
        ;
      g_assert_cmpint (bed_chat_file_get_state (again), ==, BED_CHAT_FILE_DONE);
      end_stop (&a);
      end_stop (&b);
    }
}

/* While the path is lost nothing more of it goes out, and then the rest does. */
static void
test_file_paused (void)
{
  End a, b;
  g_autoptr (GBytes) content = new_pdf (1000000);
  g_autoptr (BedChatFile) sent = NULL;
  guint64 moved;

  end_start (&a);
  end_start (&b);
  sent = bed_file_transfers_offer (a.files, "x.pdf", "application/pdf", content);
  carry (&a, &b, 9);
  carry (&b, &a, 9);
  bed_file_transfers_set_paused (a.files, TRUE);
  bed_file_transfers_set_paused (b.files, TRUE);
  while (carry (&a, &b, 9) + carry (&b, &a, 9) > 0)
    ;
  moved = bed_chat_file_get_moved (b.got);
  g_assert_cmpuint (moved, <, BED_CHAT_FILE_WINDOW + BED_CHAT_FILE_CHUNK);
  for (guint i = 0; i < 2 * BED_TRANSFERS_PATIENCE; i++)
    {
      bed_file_transfers_tick (a.files);
      bed_file_transfers_tick (b.files);
    }
  g_assert_true (g_queue_is_empty (&a.out) && g_queue_is_empty (&b.out));
  bed_file_transfers_set_paused (b.files, FALSE);
  bed_file_transfers_set_paused (a.files, FALSE);
  while (carry (&a, &b, 9) + carry (&b, &a, 9) > 0)
    ;
  g_assert_cmpint (bed_chat_file_get_state (sent), ==, BED_CHAT_FILE_DONE);
  g_assert_true (g_bytes_equal (bed_chat_file_get_content (b.got), content));
  end_stop (&a);
  end_stop (&b);
}

static void
put_frame (End *to, const BedChatFrame *frame)
{
  g_autoptr (GBytes) message = bed_chat_frame_build (frame);

  bed_file_transfers_take (to->files, message);
}

/* What a hostile side may say: gaps, crumbs, too much, another number, two at once, more than a call lets in. */
static void
test_file_hostile (void)
{
  static const guint8 bytes[100] = "%PDF-";
  BedChatFrame offer = { .kind = BED_CHAT_FRAME_OFFER, .number = 1, .size = 50, .type = BED_CHAT_FILE_PDF,
                         .data = (const guint8 *) "x", .length = 1 };
  BedChatFrame data = { .kind = BED_CHAT_FRAME_DATA, .number = 2, .data = bytes, .length = 20 };
  End b;

  end_start (&b);
  put_frame (&b, &data);
  put_frame (&b, &(BedChatFrame){ .kind = BED_CHAT_FRAME_HAVE, .number = 1, .offset = 5 });
  put_frame (&b, &offer);
  put_frame (&b, &data);
  g_assert_cmpuint (bed_chat_file_get_moved (b.got), ==, 0);
  offer.number = 2;
  put_frame (&b, &offer); /* two at once */
  g_assert_cmpuint (b.n_got, ==, 1);
  data.number = 1;
  data.offset = 1; /* a gap */
  put_frame (&b, &data);
  g_assert_cmpint (bed_chat_file_get_state (b.got), ==, BED_CHAT_FILE_REFUSED);
  offer.number = data.number = 3;
  put_frame (&b, &offer);
  data.offset = 0;
  data.length = 51; /* more than was said */
  put_frame (&b, &data);
  g_assert_cmpint (bed_chat_file_get_state (b.got), ==, BED_CHAT_FILE_REFUSED);
  offer.number = data.number = 4;
  put_frame (&b, &offer);
  data.length = 1; /* in crumbs */
  put_frame (&b, &data);
  g_assert_cmpint (bed_chat_file_get_state (b.got), ==, BED_CHAT_FILE_REFUSED);
  offer.size = BED_CHAT_FILE_MAX;
  for (guint i = 5; i < 15; i++)
    {
      offer.number = i;
      put_frame (&b, &offer);
      put_frame (&b, &(BedChatFrame){ .kind = BED_CHAT_FRAME_STOP, .number = i });
    }
  g_assert_cmpstr (bed_chat_file_get_name (b.got), ==, "x.pdf");
  g_assert_cmpuint (b.n_got, ==, 3 + (BED_TRANSFERS_MAX_BYTES - 150) / BED_CHAT_FILE_MAX);
  end_stop (&b);
}

/* Each offer is a line of the chat: only so many, on another channel of the call too. */
static void
test_file_count (void)
{
  BedChatFrame offer = { .kind = BED_CHAT_FRAME_OFFER, .size = 1, .type = BED_CHAT_FILE_PDF,
                         .data = (const guint8 *) "x", .length = 1 };
  End b;

  end_start (&b);
  for (guint i = 1; i <= 2 * BED_TRANSFERS_MAX_FILES; i++)
    {
      BedChatFrame answer;
      g_autoptr (GBytes) message = NULL;

      offer.number++;
      put_frame (&b, &offer);
      message = g_queue_pop_tail (&b.out);
      g_assert_true (bed_chat_frame_parse (g_bytes_get_data (message, NULL),
                                           g_bytes_get_size (message), &answer));
      if (i <= BED_TRANSFERS_MAX_FILES)
        g_assert_cmpint (answer.kind, ==, BED_CHAT_FRAME_HAVE);
      else
        g_assert_cmpint (answer.reason, ==, BED_CHAT_NO_LIMIT);
      put_frame (&b, &(BedChatFrame){ .kind = BED_CHAT_FRAME_STOP, .number = offer.number });
      if (i == BED_TRANSFERS_MAX_FILES + 50)
        {
          bed_file_transfers_lose (b.files);
          offer.number = 0;
        }
    }
  g_assert_cmpuint (b.n_got, ==, BED_TRANSFERS_MAX_FILES);
  end_stop (&b);
}

static BedCall *
new_call_that_is_up (void)
{
  BedCall *call = g_object_new (BED_TYPE_CALL, NULL);

  call->clock = bed_manual_clock_new (0, 0);
  call->engine = fake_engine_new ();
  bed_call_change_state (call, BED_CALL_EVENT_UP);
  return call;
}

static void
assert_chat (BedCall *call, const char *texts, const char *unsent)
{
  GListModel *chat = bed_call_get_chat (call);

  g_assert_cmpuint (g_list_model_get_n_items (chat), ==, strlen (texts));
  for (guint i = 0; texts[i] != '\0'; i++)
    {
      g_autoptr (BedChatMessage) message = g_list_model_get_item (chat, i);
      gboolean is_unsent;

      g_object_get (message, "unsent", &is_unsent, NULL);
      g_assert_cmpint (bed_chat_message_get_text (message)[0], ==, texts[i]);
      g_assert_cmpint (is_unsent, ==, unsent[i] == '-');
    }
}

/* What the connection did not take is told, and can be sent again; nothing is sent while it is lost. */
static void
test_chat_unsent (void)
{
  g_autoptr (BedCall) call = new_call_that_is_up ();
  g_autoptr (BedChatMessage) first = NULL;

  g_assert_true (bed_call_send_chat (call, "a") && bed_call_send_chat (call, "b"));
  assert_chat (call, "ab", "  ");
  bed_call_take_text_sent (call, FALSE);
  bed_call_take_text_sent (call, TRUE);
  assert_chat (call, "ab", "- ");
  first = g_list_model_get_item (bed_call_get_chat (call), 0);
  bed_call_change_state (call, BED_CALL_EVENT_LOST);
  g_assert_false (bed_call_send_chat (call, "c") || bed_call_send_again (call, first));
  bed_call_change_state (call, BED_CALL_EVENT_UP);
  g_assert_true (bed_call_send_again (call, first));
  g_assert_false (bed_call_send_again (call, first));
  assert_chat (call, "ba", "  ");
  bed_call_drop_engine (call); /* before it told of it */
  assert_chat (call, "ba", " -");
}

static void
count_up (BedCall *call, guint *count)
{
  ++*count;
}

static void
note_problem (BedCall *call, const GError *error, guint told[BED_ENGINE_ERROR_CONSENT + 1])
{
  told[error->code]++;
}

/* What goes wrong below without ending the call is told, once for each kind. */
static void
test_problems (void)
{
  static const BedEngineError codes[] = { BED_ENGINE_ERROR_TRANSPORT, BED_ENGINE_ERROR_CODEC,
                                          BED_ENGINE_ERROR_STATE, BED_ENGINE_ERROR_CONSENT };
  g_autoptr (BedCall) call = new_call_that_is_up ();
  guint told[BED_ENGINE_ERROR_CONSENT + 1] = { 0 };

  g_signal_connect (call, "problem", G_CALLBACK (note_problem), told);
  for (guint round = 0; round < 2; round++)
    for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
      {
        g_autoptr (GError) error = g_error_new_literal (BED_ENGINE_ERROR, codes[i], "");

        bed_call_take_error (call, error);
        g_assert_cmpuint (told[codes[i]], ==, 1);
      }
  g_assert_cmpint (bed_call_get_state (call), ==, BED_CALL_STATE_CONNECTED);
}

static BedChatFile *
offer_file (BedCall *call)
{
  g_autoptr (GBytes) content = new_pdf (1000);
  g_autoptr (BedChatMessage) message = NULL;
  GListModel *chat = bed_call_get_chat (call);

  g_assert_true (bed_call_send_file (call, "x.pdf", "application/pdf", content));
  message = g_list_model_get_item (chat, g_list_model_get_n_items (chat) - 1);
  return g_object_ref (bed_chat_message_get_file (message));
}

/* Files do not count: they have limits of their own, and the page counts the texts alone. */
static void
test_chat_full (void)
{
  g_autoptr (BedCall) call = new_call_that_is_up ();
  g_autoptr (BedChatFile) file = NULL;
  guint n = 0, missed = 0;

  g_signal_connect (call, "chat-missed", G_CALLBACK (count_up), &missed);
  bed_call_set_chat_open (call, TRUE);
  file = offer_file (call);
  while (n < 10000 && bed_call_send_chat (call, "a"))
    n++;
  g_assert_cmpuint (n, ==, 2000);
  g_assert_true (bed_call_chat_is_full (call));
  g_assert_cmpuint (missed, ==, 0);
  bed_call_add_chat (call, "b");
  bed_call_add_chat (call, "c");
  g_assert_cmpuint (missed, ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (bed_call_get_chat (call)), ==, n + 1);
}

static void
wait_for_file (BedCall *call)
{
  for (guint i = 0; i < 2 * BED_TRANSFERS_PATIENCE; i++)
    bed_call_tick_files (call);
}

/* A full channel is waited for, however long; the other side is not. What it refuses is told at once. */
static void
test_file_waits (void)
{
  g_autoptr (BedCall) call = new_call_that_is_up ();
  g_autoptr (BedChatFile) first = NULL, second = NULL;

  bed_call_set_chat_open (call, TRUE);
  first = offer_file (call);
  wait_for_file (call);
  g_assert_cmpint (bed_chat_file_get_state (first), ==, BED_CHAT_FILE_WAITING);
  bed_call_take_data_sent (call, TRUE);
  wait_for_file (call);
  g_assert_cmpint (bed_chat_file_get_state (first), ==, BED_CHAT_FILE_LOST);
  bed_call_take_data_sent (call, TRUE); /* that it is stopped */
  second = offer_file (call);
  bed_call_take_data_sent (call, FALSE);
  g_assert_cmpint (bed_chat_file_get_state (second), ==, BED_CHAT_FILE_LOST);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/consultation/call/states", test_states);
  g_test_add_func ("/consultation/display-text", test_display_text);
  g_test_add_func ("/consultation/display-text/hostile", test_hostile_names);
  g_test_add_func ("/consultation/guest/over", test_guest_over);
  g_test_add_func ("/consultation/guest/over-of-error", test_guest_over_of_error);
  g_test_add_func ("/consultation/quality/grades", test_quality);
  g_test_add_func ("/consultation/quality/silence", test_silence);
  g_test_add_func ("/consultation/files/goes-over", test_file_goes_over);
  g_test_add_func ("/consultation/files/refused", test_file_refused);
  g_test_add_func ("/consultation/files/stopped", test_file_stopped);
  g_test_add_func ("/consultation/files/paused", test_file_paused);
  g_test_add_func ("/consultation/files/hostile", test_file_hostile);
  g_test_add_func ("/consultation/files/count", test_file_count);
  g_test_add_func ("/consultation/files/waits", test_file_waits);
  g_test_add_func ("/consultation/call/problems", test_problems);
  g_test_add_func ("/consultation/chat/unsent", test_chat_unsent);
  g_test_add_func ("/consultation/chat/full", test_chat_full);
  return g_test_run ();
}
