/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-rest.h"

#include "bed-words-private.h"

#define MEMBER(Type, member, kind, limit, extra) \
  { #member, BED_WIRE_##kind, G_STRUCT_OFFSET (Type, member), limit, extra }

static const BedWireField bed_consent_wording_fields[] = {
  MEMBER (BedConsentWording, version, STRING, 64, NULL),
  MEMBER (BedConsentWording, language, STRING, 35, NULL),
  MEMBER (BedConsentWording, summary, STRING, 4096, NULL),
  MEMBER (BedConsentWording, text, STRING, 32768, NULL),
  { NULL },
};
BED_WIRE_SCHEMA (BedConsentWording, bed_consent_wording, bed_consent_wording_fields)

static const BedWireField bed_clinic_info_fields[] = {
  MEMBER (BedClinicInfo, protocol, INT, G_MAXINT32, NULL),
  MEMBER (BedClinicInfo, server_time, INT, G_MAXINT64, NULL),
  MEMBER (BedClinicInfo, name, STRING, 256, NULL),
  MEMBER (BedClinicInfo, telephone, STRING, 64, NULL),
  MEMBER (BedClinicInfo, privacy_notice, STRING, 32768, NULL),
  MEMBER (BedClinicInfo, consent, ARRAY, 16, &bed_consent_wording_schema),
  { NULL },
};
BED_WIRE_SCHEMA (BedClinicInfo, bed_clinic_info, bed_clinic_info_fields)

static const BedWireField bed_error_answer_fields[] = {
  MEMBER (BedErrorAnswer, error, ENUM, 0, bed_error_words),
  { NULL },
};
BED_WIRE_SCHEMA (BedErrorAnswer, bed_error_answer, bed_error_answer_fields)

static const BedWireField bed_activation_code_fields[] = {
  MEMBER (BedActivationCode, code, STRING, 64, NULL),
  { NULL },
};
BED_WIRE_SCHEMA (BedActivationCode, bed_activation_code, bed_activation_code_fields)

static const BedWireField bed_activation_offer_fields[] = {
  MEMBER (BedActivationOffer, login, STRING, 128, NULL),
  MEMBER (BedActivationOffer, display_name, STRING, 256, NULL),
  MEMBER (BedActivationOffer, salt, BYTES, BED_SALT_BYTES, NULL),
  MEMBER (BedActivationOffer, ops, INT, G_MAXINT32, NULL),
  MEMBER (BedActivationOffer, mem, INT, G_MAXUINT32, NULL),
  { NULL },
};
BED_WIRE_SCHEMA (BedActivationOffer, bed_activation_offer, bed_activation_offer_fields)

static const BedWireField bed_activation_password_fields[] = {
  MEMBER (BedActivationPassword, code, STRING, 64, NULL),
  MEMBER (BedActivationPassword, auth, BYTES, BED_AUTH_BYTES, NULL),
  { NULL },
};
BED_WIRE_SCHEMA (BedActivationPassword, bed_activation_password, bed_activation_password_fields)

static const BedWireField bed_otp_fields[] = {
  MEMBER (BedOtp, secret, STRING, 128, NULL),
  MEMBER (BedOtp, issuer, STRING, 256, NULL),
  MEMBER (BedOtp, account, STRING, 256, NULL),
  MEMBER (BedOtp, digits, INT, 10, NULL),
  MEMBER (BedOtp, period, INT, 300, NULL),
  { NULL },
};
BED_WIRE_SCHEMA (BedOtp, bed_otp, bed_otp_fields)

static const BedWireField bed_activation_ticket_fields[] = {
  MEMBER (BedActivationTicket, ticket, STRING, 256, NULL),
  MEMBER (BedActivationTicket, otp, OBJECT, 0, &bed_otp_schema),
  { NULL },
};
BED_WIRE_SCHEMA (BedActivationTicket, bed_activation_ticket, bed_activation_ticket_fields)

static const BedWireField bed_activation_confirm_fields[] = {
  MEMBER (BedActivationConfirm, code, STRING, 64, NULL),
  MEMBER (BedActivationConfirm, ticket, STRING, 256, NULL),
  MEMBER (BedActivationConfirm, totp, STRING, 16, NULL),
  { NULL },
};
BED_WIRE_SCHEMA (BedActivationConfirm, bed_activation_confirm, bed_activation_confirm_fields)

static const BedWireField bed_tokens_fields[] = {
  MEMBER (BedTokens, access_token, STRING, 512, NULL),
  MEMBER (BedTokens, access_expires_in, INT, 86400, NULL),
  MEMBER (BedTokens, refresh_token, STRING, 512, NULL),
  MEMBER (BedTokens, login, STRING, 128, NULL),
  MEMBER (BedTokens, display_name, STRING, 256, NULL),
  { NULL },
};
BED_WIRE_SCHEMA (BedTokens, bed_tokens, bed_tokens_fields)

static const BedWireField bed_activated_fields[] = {
  { "", BED_WIRE_OBJECT, G_STRUCT_OFFSET (BedActivated, tokens), 0, &bed_tokens_schema },
  MEMBER (BedActivated, recovery_codes, STRINGS, 16, NULL),
  { NULL },
};
BED_WIRE_SCHEMA (BedActivated, bed_activated, bed_activated_fields)

static const BedWireField bed_login_name_fields[] = {
  MEMBER (BedLoginName, login, STRING, 128, NULL),
  { NULL },
};
BED_WIRE_SCHEMA (BedLoginName, bed_login_name, bed_login_name_fields)

static const BedWireField bed_kdf_params_fields[] = {
  MEMBER (BedKdfParams, salt, BYTES, BED_SALT_BYTES, NULL),
  MEMBER (BedKdfParams, ops, INT, G_MAXINT32, NULL),
  MEMBER (BedKdfParams, mem, INT, G_MAXUINT32, NULL),
  { NULL },
};
BED_WIRE_SCHEMA (BedKdfParams, bed_kdf_params, bed_kdf_params_fields)

static const BedWireField bed_login_password_fields[] = {
  MEMBER (BedLoginPassword, login, STRING, 128, NULL),
  MEMBER (BedLoginPassword, auth, BYTES, BED_AUTH_BYTES, NULL),
  { NULL },
};
BED_WIRE_SCHEMA (BedLoginPassword, bed_login_password, bed_login_password_fields)

static const BedWireField bed_ticket_fields[] = {
  MEMBER (BedTicket, ticket, STRING, 256, NULL),
  MEMBER (BedTicket, unchecked, BOOL_OPTIONAL, 0, NULL),
  { NULL },
};
BED_WIRE_SCHEMA (BedTicket, bed_ticket, bed_ticket_fields)

static const BedWireField bed_second_factor_fields[] = {
  MEMBER (BedSecondFactor, ticket, STRING, 256, NULL),
  MEMBER (BedSecondFactor, code, STRING, 32, NULL),
  { NULL },
};
BED_WIRE_SCHEMA (BedSecondFactor, bed_second_factor, bed_second_factor_fields)

static const BedWireField bed_refresh_fields[] = {
  MEMBER (BedRefresh, refresh_token, STRING, 512, NULL),
  { NULL },
};
BED_WIRE_SCHEMA (BedRefresh, bed_refresh, bed_refresh_fields)

static const BedWireField bed_password_change_fields[] = {
  MEMBER (BedPasswordChange, auth_old, BYTES, BED_AUTH_BYTES, NULL),
  MEMBER (BedPasswordChange, auth_new, BYTES, BED_AUTH_BYTES, NULL),
  MEMBER (BedPasswordChange, salt, BYTES, BED_SALT_BYTES, NULL),
  MEMBER (BedPasswordChange, ops, INT, G_MAXINT32, NULL),
  MEMBER (BedPasswordChange, mem, INT, G_MAXUINT32, NULL),
  { NULL },
};
BED_WIRE_SCHEMA (BedPasswordChange, bed_password_change, bed_password_change_fields)

static const BedWireField bed_account_session_fields[] = {
  MEMBER (BedAccountSession, id, STRING, 64, NULL),
  MEMBER (BedAccountSession, created, INT, G_MAXINT64, NULL),
  MEMBER (BedAccountSession, last_used, INT, G_MAXINT64, NULL),
  MEMBER (BedAccountSession, current, BOOL, 0, NULL),
  { NULL },
};
BED_WIRE_SCHEMA (BedAccountSession, bed_account_session, bed_account_session_fields)

static const BedWireField bed_account_fields[] = {
  MEMBER (BedAccount, login, STRING, 128, NULL),
  MEMBER (BedAccount, display_name, STRING, 256, NULL),
  MEMBER (BedAccount, sessions, ARRAY, 256, &bed_account_session_schema),
  { NULL },
};
BED_WIRE_SCHEMA (BedAccount, bed_account, bed_account_fields)

static const BedWireField bed_anchor_value_fields[] = {
  MEMBER (BedAnchorValue, value, BLOB, BED_PROTOCOL_ANCHOR_MAX, NULL),
  { NULL },
};
BED_WIRE_SCHEMA (BedAnchorValue, bed_anchor_value, bed_anchor_value_fields)

static const BedWireField bed_room_request_fields[] = {
  MEMBER (BedRoomRequest, room, BYTES, BED_ROOM_ID_BYTES, NULL),
  MEMBER (BedRoomRequest, token_hash, BYTES, BED_HASH_BYTES, NULL),
  MEMBER (BedRoomRequest, expires, INT, G_MAXINT64, NULL),
  MEMBER (BedRoomRequest, card, BLOB, BED_PROTOCOL_CARD_MAX, NULL),
  { NULL },
};
BED_WIRE_SCHEMA (BedRoomRequest, bed_room_request, bed_room_request_fields)

static const BedWireField bed_room_info_fields[] = {
  MEMBER (BedRoomInfo, room, BYTES, BED_ROOM_ID_BYTES, NULL),
  MEMBER (BedRoomInfo, state, ENUM, 0, bed_room_state_words),
  MEMBER (BedRoomInfo, created, INT_OPTIONAL, G_MAXINT64, NULL),
  MEMBER (BedRoomInfo, expires, INT, G_MAXINT64, NULL),
  { NULL },
};
BED_WIRE_SCHEMA (BedRoomInfo, bed_room_info, bed_room_info_fields)

static const BedWireField bed_room_list_fields[] = {
  MEMBER (BedRoomList, rooms, ARRAY, 1024, &bed_room_info_schema),
  { NULL },
};
BED_WIRE_SCHEMA (BedRoomList, bed_room_list, bed_room_list_fields)

static const BedWireField bed_card_answer_fields[] = {
  MEMBER (BedCardAnswer, card, BLOB, BED_PROTOCOL_CARD_MAX, NULL),
  MEMBER (BedCardAnswer, server_time, INT, G_MAXINT64, NULL),
  MEMBER (BedCardAnswer, state, ENUM, 0, bed_room_state_words),
  { NULL },
};
BED_WIRE_SCHEMA (BedCardAnswer, bed_card_answer, bed_card_answer_fields)

static const BedWireField bed_ice_server_fields[] = {
  MEMBER (BedIceServer, urls, STRINGS, 8, NULL),
  MEMBER (BedIceServer, username, STRING_OPTIONAL, 512, NULL),
  MEMBER (BedIceServer, credential, STRING_OPTIONAL, 512, NULL),
  { NULL },
};
BED_WIRE_SCHEMA (BedIceServer, bed_ice_server, bed_ice_server_fields)

static const BedWireField bed_ice_servers_fields[] = {
  MEMBER (BedIceServers, ice_servers, ARRAY, 8, &bed_ice_server_schema),
  MEMBER (BedIceServers, ttl, INT, G_MAXINT32, NULL),
  { NULL },
};
BED_WIRE_SCHEMA (BedIceServers, bed_ice_servers, bed_ice_servers_fields)
