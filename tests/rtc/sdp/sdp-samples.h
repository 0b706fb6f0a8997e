/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Descriptions in the shape of today's browsers, and pieces to break them with. */
#define FP_A "a=fingerprint:sha-256 01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF\r\n"
#define FP_B "a=fingerprint:sha-256 FF:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF\r\n"
#define ICE_A "a=ice-ufrag:aB3+\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\n"
#define HEAD "v=0\r\no=- 4611686018427387904 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
#define TRANSPORT ICE_A "a=ice-options:trickle\r\n" FP_A "a=setup:actpass\r\n"
#define TWCC "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"

/* Chromium: transport attributes in each section, ids shared, many codecs. */
#define CHROMIUM_AUDIO                                                                                                 \
  "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\n" TRANSPORT  \
  "a=mid:0\r\na=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n"                                             \
  "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time\r\na=extmap:3 " TWCC "\r\n"                  \
  "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\na=sendrecv\r\na=msid:5d1b7a39-stream 5d1b7a39-track\r\n"          \
  "a=rtcp-mux\r\na=rtcp-rsize\r\na=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\n"                          \
  "a=fmtp:111 minptime=10;useinbandfec=1\r\na=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\na=rtpmap:9 G722/8000\r\n"  \
  "a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:13 CN/8000\r\na=rtpmap:110 telephone-event/48000\r\n"      \
  "a=rtpmap:126 telephone-event/8000\r\na=ssrc:1001 cname:Zt9\r\na=ssrc:1001 msid:5d1b7a39-stream 5d1b7a39-track\r\n"
#define CHROMIUM_VIDEO                                                                                                 \
  "m=video 9 UDP/TLS/RTP/SAVPF 96 97 102 103\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\n" TRANSPORT            \
  "a=mid:1\r\na=extmap:14 urn:ietf:params:rtp-hdrext:toffset\r\na=extmap:3 " TWCC "\r\n"                              \
  "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\na=sendrecv\r\na=msid:5d1b7a39-stream 77aa-track\r\n"              \
  "a=rtcp-mux\r\na=rtcp-rsize\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 goog-remb\r\na=rtcp-fb:96 transport-cc\r\n"     \
  "a=rtcp-fb:96 ccm fir\r\na=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n" \
  "a=rtpmap:102 H264/90000\r\na=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f\r\n"   \
  "a=rtpmap:103 rtx/90000\r\na=fmtp:103 apt=102\r\na=ssrc-group:FID 2001 2002\r\na=ssrc:2001 cname:Zt9\r\n"            \
  "a=ssrc:2002 cname:Zt9\r\n"
#define CHROMIUM_DATA                                                                                                  \
  "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n" TRANSPORT                                \
  "a=mid:2\r\na=sctp-port:5000\r\na=max-message-size:262144\r\n"
#define CHROMIUM HEAD "a=group:BUNDLE 0 1 2\r\na=extmap-allow-mixed\r\na=msid-semantic: WMS 5d1b7a39-stream\r\n"      \
  CHROMIUM_AUDIO CHROMIUM_VIDEO CHROMIUM_DATA

/* Firefox: fingerprint and trickle above the sections, braces in ids, directions in extmap, setup in each. */
#define FIREFOX_ICE "a=ice-pwd:0123456789abcdef0123456789abcdef\r\na=ice-ufrag:1a2b3c4d\r\n"
#define FIREFOX                                                                                                        \
  "v=0\r\no=mozilla...THIS_IS_SDPARTA-99.0 316926328362905616 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n" FP_A              \
  "a=group:BUNDLE 0 1 2\r\na=ice-options:trickle\r\na=msid-semantic:WMS *\r\n"                                        \
  "m=audio 9 UDP/TLS/RTP/SAVPF 109 9 0 8 101\r\nc=IN IP4 0.0.0.0\r\na=sendrecv\r\n"                                   \
  "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n"                                                        \
  "a=extmap:2/recvonly urn:ietf:params:rtp-hdrext:csrc-audio-level\r\n"                                               \
  "a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid\r\na=extmap:7 " TWCC "\r\na=extmap-allow-mixed\r\n"                 \
  "a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1\r\na=fmtp:101 0-15\r\n" FIREFOX_ICE                        \
  "a=mid:0\r\na=msid:{aa} {bb}\r\na=rtcp-fb:109 transport-cc\r\na=rtcp-mux\r\na=rtpmap:109 opus/48000/2\r\n"           \
  "a=rtpmap:9 G722/8000/1\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000/1\r\n"  \
  "a=setup:actpass\r\na=ssrc:3001 cname:{cc}\r\n"                                                                     \
  "m=video 9 UDP/TLS/RTP/SAVPF 120 124 121 125\r\nc=IN IP4 0.0.0.0\r\na=sendrecv\r\n"                                 \
  "a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid\r\na=extmap:7 " TWCC "\r\n"                                         \
  "a=fmtp:120 max-fs=12288;max-fr=60\r\na=fmtp:124 apt=120\r\na=fmtp:121 max-fs=12288;max-fr=60\r\na=fmtp:125 apt=121\r\n" \
  FIREFOX_ICE "a=mid:1\r\na=msid:{aa} {dd}\r\na=rtcp-fb:120 nack\r\na=rtcp-fb:120 nack pli\r\na=rtcp-fb:120 ccm fir\r\n" \
  "a=rtcp-fb:120 goog-remb\r\na=rtcp-fb:120 transport-cc\r\na=rtcp-mux\r\na=rtcp-rsize\r\na=rtpmap:120 VP8/90000\r\n"  \
  "a=rtpmap:124 rtx/90000\r\na=rtpmap:121 VP9/90000\r\na=rtpmap:125 rtx/90000\r\na=setup:actpass\r\n"                  \
  "a=ssrc:4001 cname:{cc}\r\na=ssrc:4002 cname:{cc}\r\na=ssrc-group:FID 4001 4002\r\n"                                \
  "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=sendrecv\r\n" FIREFOX_ICE                \
  "a=mid:2\r\na=setup:actpass\r\na=sctp-port:5000\r\na=max-message-size:1073741823\r\n"
