/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The clinic's requests that need no account. */

import { toBase64url } from './crypto/bytes.js';
import { isCount, isText, parseJson } from './wire.js';

const BASE = '/api/v1';
const TIMEOUT_MS = 15000;

/** `code` is one of the protocol's, or `offline`, or `malformed`. */
export class ApiError extends Error {
  constructor(code, retryAfter = 0) {
    super(code);
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

function errorOf(response, text) {
  let code = 'unavailable';
  try {
    const answer = parseJson(text);
    if (isText(answer.error, 1, 40)) code = answer.error;
  } catch {
    code = response.status >= 500 ? 'unavailable' : 'malformed';
  }
  return new ApiError(code, Number(response.headers.get('Retry-After')) || 0);
}

async function get(path, headers, limit) {
  let response;
  let text;
  try {
    response = await fetch(BASE + path, { headers, cache: 'no-store', credentials: 'omit', redirect: 'error',
      referrerPolicy: 'no-referrer', signal: AbortSignal.timeout?.(TIMEOUT_MS) });
    text = await response.text();
  } catch {
    throw new ApiError('offline');
  }
  if (!response.ok) throw errorOf(response, text);
  try {
    return parseJson(text, limit);
  } catch {
    throw new ApiError('malformed');
  }
}

/** { name, telephone, privacyNotice }: how to reach the clinic. */
export async function fetchClinic() {
  const answer = await get('/clinic', {}, 256 * 1024);
  if (!isText(answer.name, 0, 300) || !isText(answer.telephone, 0, 64)) throw new ApiError('malformed');
  return { name: answer.name, telephone: answer.telephone,
    privacyNotice: isText(answer.privacy_notice, 0, 32768) ? answer.privacy_notice : '' };
}

/** The sealed card as text. */
export async function fetchCard(roomText, admissionToken) {
  const headers = { 'Bedside-Admission': toBase64url(admissionToken) };
  const answer = await get(`/rooms/${roomText}/card`, headers, 96 * 1024);
  if (!isText(answer.card, 1, 80 * 1024)) throw new ApiError('malformed');
  return answer.card;
}

/** The ICE servers of an answer or a welcome, without what is not one. */
export function readIceServers(list) {
  if (!Array.isArray(list)) return [];
  return list.slice(0, 8).flatMap((server) => {
    const urls = Array.isArray(server?.urls) ? server.urls : [server?.urls];
    const usable = urls.filter((url) => isText(url, 5, 512) && /^(stun|turns?):/.test(url));
    if (usable.length === 0) return [];
    const entry = { urls: usable };
    if (isText(server.username, 1, 512)) entry.username = server.username;
    if (isText(server.credential, 1, 512)) entry.credential = server.credential;
    return [entry];
  });
}

/** { servers, ttl } for a connection that is begun anew after the first credentials ran out. */
export async function fetchIce(roomText, admissionToken) {
  const headers = { 'Bedside-Room': roomText, 'Bedside-Admission': toBase64url(admissionToken) };
  const answer = await get('/ice', headers);
  return { servers: readIceServers(answer.ice_servers), ttl: isCount(answer.ttl) ? answer.ttl : 0 };
}
