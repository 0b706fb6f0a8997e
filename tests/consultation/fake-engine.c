/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-engine.h"

#include <string.h>

typedef BedEngine FakeEngine;
typedef BedEngineClass FakeEngineClass;
static GType fake_engine_get_type (void);
G_DEFINE_TYPE (FakeEngine, fake_engine, BED_TYPE_ENGINE)

static gboolean
fake_send_text (BedEngine *engine, const char *text)
{
  return TRUE;
}

static gboolean
fake_send_data (BedEngine *engine, GBytes *bytes)
{
  return TRUE;
}

static void
fake_create_offer (BedEngine *engine, gboolean ice_restart)
{
}

static void
fake_set_sources (BedEngine *engine, gpointer source)
{
}

static void
fake_get_stats (BedEngine *engine, BedEngineStats *stats)
{
  memset (stats, 0, sizeof *stats);
}

static void
fake_engine_class_init (FakeEngineClass *klass)
{
  klass->create_offer = fake_create_offer;
  klass->send_text = fake_send_text;
  klass->send_data = fake_send_data;
  klass->set_video_source = (gpointer) fake_set_sources;
  klass->set_audio_source = (gpointer) fake_set_sources;
  klass->set_video_sink = (gpointer) fake_set_sources;
  klass->set_audio_sink = (gpointer) fake_set_sources;
  klass->get_stats = fake_get_stats;
  klass->close = (gpointer) fake_set_sources;
}

static void
fake_engine_init (FakeEngine *self)
{
}

BedEngine *
fake_engine_new (void)
{
  return g_object_new (fake_engine_get_type (), NULL);
}
