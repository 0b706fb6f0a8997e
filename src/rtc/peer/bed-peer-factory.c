/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-peer-factory.h"

#include <string.h>

#include "bed-nice-ice-transport.h"
#include "bed-openssl-dtls-transport.h"

static gboolean
add_servers (const BedPeerConfig *config, GPtrArray *servers, GError **error)
{
  for (guint i = 0; i < config->n_ice_servers; i++)
    {
      const BedPeerIceServer *from = &config->ice_servers[i];
      g_autoptr (BedSecret) credential = NULL;
      BedIceServer *server;

      if (from->credential != NULL)
        credential = bed_secret_new (from->credential, strlen (from->credential));
      server = bed_ice_server_new (from->url, from->username, credential, error);
      if (server == NULL)
        return FALSE;
      g_ptr_array_add (servers, server);
    }
  return TRUE;
}

BedPeerConnection *
bed_peer_connection_new_for_network (BedNetworkThread *thread, const BedPeerConfig *config,
                                     guint8 *fingerprint, GError **error)
{
  g_autoptr (GPtrArray) servers
      = g_ptr_array_new_with_free_func ((GDestroyNotify) bed_ice_server_unref);
  g_autoptr (BedDtlsCertificate) certificate = NULL;
  g_autoptr (BedDtlsTransport) dtls = NULL;
  g_autoptr (BedIceTransport) ice = NULL;
  BedIceConfig ice_config = {
    .relay_only = config->relay_only,
    .bind_address = config->bind_address,
    .role = config->offers ? BED_ICE_ROLE_CONTROLLING : BED_ICE_ROLE_CONTROLLED,
  };

  if (!add_servers (config, servers, error))
    return NULL;
  ice_config.servers = (BedIceServer **) servers->pdata;
  ice_config.n_servers = servers->len;
  certificate = bed_dtls_certificate_new (error);
  if (certificate == NULL)
    return NULL;
  dtls = bed_openssl_dtls_transport_new (certificate, error);
  if (dtls == NULL)
    return NULL;
  memcpy (fingerprint, bed_dtls_certificate_get_fingerprint (certificate),
          BED_DTLS_FINGERPRINT_LENGTH);
  ice = bed_nice_ice_transport_new (bed_network_thread_get_context (thread), &ice_config, error);
  if (ice == NULL)
    return NULL;
  return bed_peer_connection_new (thread, ice, dtls, error);
}
