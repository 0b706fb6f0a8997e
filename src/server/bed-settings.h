/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BED_SERVER_ERROR (bed_server_error_quark ())
GQuark bed_server_error_quark (void);
typedef enum
{
  BED_SERVER_ERROR_SETTINGS, /* the configuration file */
  BED_SERVER_ERROR_KEY,      /* the store's key file */
  BED_SERVER_ERROR_CERTIFICATE,
  BED_SERVER_ERROR_LISTEN,
  BED_SERVER_ERROR_RUNNING,  /* another server uses this state directory */
  BED_SERVER_ERROR_ACCOUNT,
  BED_SERVER_ERROR_NETWORK,
  BED_SERVER_ERROR_RELAY_SECRET, /* a TURN server does not take our credentials */
  BED_SERVER_ERROR_RELAY_ANSWER, /* it answers with another error */
  BED_SERVER_ERROR_RELAY_TLS,
} BedServerError;

/* One version of the consent text in one language. */
typedef struct
{
  char *version;
  char *language;
  char *summary;
  char *text;
} BedConsentText;

/* The configuration file (INI). Immutable; any thread. */
typedef struct
{
  /* [clinic] */
  char *name;
  char *telephone;
  char *privacy_notice;
  GPtrArray *consent; /* of BedConsentText */
  /* [server] */
  char *state_dir;
  char *key_file;
  char *web_dir;
  char *listen_address;
  guint16 listen_port;
  char *public_url; /* https://host[:port], no slash at the end */
  char *public_host;
  char *certificate_file; /* nullable: plain HTTP on loopback behind a proxy */
  char *private_key_file;
  char *public_certificate_file; /* what people's apps see: the proxy's or our own; nullable */
  /* [proxy] */
  char *proxy_header;      /* lower case with its colon, nullable */
  char **proxy_addresses;  /* nullable */
  /* [turn] */
  char **turn_urls;
  char *turn_secret_file; /* nullable */
  guint turn_ttl_s;
  /* [limits] */
  guint max_connections;
  guint max_connections_per_address;
  guint max_rooms_per_account;
  guint requests_per_minute;
  guint logins_per_minute;
  guint request_s; /* for the TLS handshake, and then for each request to be there */
} BedSettings;

/* Returns: (transfer full) (nullable) */
BedSettings *bed_settings_load (const char *path, GError **error);
void bed_settings_free (BedSettings *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedSettings, bed_settings_free)

gboolean bed_settings_is_loopback (const char *address);
G_END_DECLS
