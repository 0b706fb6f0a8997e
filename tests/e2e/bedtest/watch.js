// SPDX-License-Identifier: GPL-3.0-or-later
// Run in the patient's page before the call: reads the counter that the clinician's test picture carries and listens
// for its tone, in what the page itself shows and plays; and keeps the page's connections for their statistics.
const TONE = 440, COLUMNS = 8, ROWS = 4;
const watch = window.bedWatch = { frames: 0, numbered: 0, backwards: 0, last: -1, firstAt: 0, lastAt: 0, gap: 0, tone: 0,
  blocks: 0, loudest: 0, peers: [], states: [], errors: [] };
window.addEventListener('error', (event) => watch.errors.push(String(event.message)));
window.addEventListener('unhandledrejection', (event) => watch.errors.push(String(event.reason)));

// All that is said of addresses, in both directions; and a page that lies, when a test gives it bedAnswer (sdp).
watch.said = [];
function listenIn(pc) {
  pc.addEventListener('icecandidate', ({ candidate }) => candidate && watch.said.push(['page', candidate.candidate]));
  const { setRemoteDescription, addIceCandidate } = pc;
  pc.setRemoteDescription = (description) => {
    watch.said.push(['clinician', description.sdp]);
    return setRemoteDescription.call(pc, description);
  };
  pc.addIceCandidate = (candidate) => {
    if (candidate?.candidate) watch.said.push(['clinician', candidate.candidate]);
    return addIceCandidate.call(pc, candidate);
  };
  const own = Object.getOwnPropertyDescriptor(Real.prototype, 'localDescription').get;
  Object.defineProperty(pc, 'localDescription', { get() {
    const description = own.call(pc);
    if (!description) return description;
    const sdp = window.bedAnswer ? window.bedAnswer(description.sdp) : description.sdp;
    watch.said.push(['page', sdp]);
    return { type: description.type, sdp };
  } });
}

const Real = window.RTCPeerConnection;
window.RTCPeerConnection = function (configuration) {
  const pc = new Real(configuration);
  watch.peers.push(pc);
  listenIn(pc);
  pc.addEventListener('connectionstatechange', () => watch.states.push([pc.connectionState, Date.now()]));
  return pc;
};
Object.setPrototypeOf(window.RTCPeerConnection, Real); // generateCertificate

// The block code of src/rtc/media/bed-test-picture.c.
const checkBits = (n) => (((n * 0x9e37) & 0xffff) ^ (~n & 0xffff) ^ (n >> 7)) & 0xffff;
function middle(index, width, height) {
  const codeWidth = Math.floor(width * 3 / 4), codeHeight = Math.floor(height / 2);
  const left = Math.floor(width / 8), top = Math.floor(height / 4);
  const column = index % COLUMNS, row = Math.floor(index / COLUMNS);
  const x = [column, column + 1].map((n) => left + Math.floor(codeWidth * n / COLUMNS));
  const y = [row, row + 1].map((n) => top + Math.floor(codeHeight * n / ROWS));
  return [(x[0] + x[1]) >> 1, (y[0] + y[1]) >> 1];
}
function read(context, width, height) {
  const bits = [0, 0];
  for (let i = 0; i < COLUMNS * ROWS; i++) {
    const [r, g, b] = context.getImageData(...middle(i, width, height), 1, 1).data;
    if (r + g + b > 3 * 126) bits[i >> 4] |= 0x8000 >> (i & 15);
  }
  return checkBits(bits[0]) === bits[1] ? bits[0] : null;
}

const canvas = document.createElement('canvas');
const context = canvas.getContext('2d', { willReadFrequently: true });
let watched = null;
function look(video) {
  if (video !== watched) return;
  const now = Date.now();
  watch.frames++;
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  context.drawImage(video, 0, 0);
  const number = canvas.width > 0 ? read(context, canvas.width, canvas.height) : null;
  if (number !== null) {
    if (watch.numbered++ === 0) watch.firstAt = now;
    else watch.gap = Math.max(watch.gap, now - watch.lastAt);
    // A new connection's encoder goes on with the same counter, so it never goes back.
    if (number < watch.last) watch.backwards++;
    watch.last = number;
    watch.lastAt = now;
  }
  video.requestVideoFrameCallback(() => look(video));
}
setInterval(() => {
  const video = document.querySelector('#remote-video');
  if (video && video !== watched) {
    watched = video;
    video.requestVideoFrameCallback(() => look(video));
  }
}, 50);

// Goertzel: the share of the block's energy at the tone. Recorded, because Firefox runs no AudioContext without a
// sound device.
function share(samples) {
  const k = 2 * Math.cos(2 * Math.PI * TONE / 48000);
  let a = 0, b = 0, energy = 0;
  for (const x of samples) { [a, b] = [x + k * a - b, a]; energy += x * x; }
  return energy > samples.length * 1e-5 ? 2 * (a * a + b * b - k * a * b) / (energy * samples.length) : 0;
}
window.bedListen = async () => {
  const tracks = document.querySelector('#remote-video')?.srcObject?.getAudioTracks() ?? [];
  if (tracks.length === 0) return 'no track';
  const recorder = new MediaRecorder(new MediaStream(tracks));
  const parts = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  recorder.start();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await new Promise((resolve) => { recorder.onstop = resolve; recorder.stop(); });
  const bytes = await new Blob(parts).arrayBuffer();
  const sound = (await new OfflineAudioContext(1, 48000, 48000).decodeAudioData(bytes)).getChannelData(0);
  for (let at = 0; at + 4800 <= sound.length; at += 4800) {
    const block = sound.subarray(at, at + 4800);
    watch.blocks++;
    watch.loudest = Math.max(watch.loudest, Math.sqrt(block.reduce((sum, x) => sum + x * x, 0) / block.length));
    if (share(block) > 0.5) watch.tone++;
  }
  return 'heard';
};

window.bedStats = async () => {
  const out = { sent: 0, packets: 0, received: 0, video: 0, width: 0, audio: 0, srtp: '', tls: '', local: '', remote: '', relay: '' };
  const pc = watch.peers.at(-1);
  if (!pc) return out;
  const all = [...(await pc.getStats()).values()];
  for (const entry of all) {
    if (entry.type === 'outbound-rtp') { out.packets += entry.packetsSent ?? 0; out.sent += entry.bytesSent ?? 0; }
    if (entry.type === 'inbound-rtp') out.received += entry.packetsReceived ?? 0;
    if (entry.type === 'inbound-rtp' && entry.kind === 'video') {
      Object.assign(out, { video: entry.framesDecoded ?? 0, width: entry.frameWidth ?? 0 });
    }
    if (entry.type === 'inbound-rtp' && entry.kind === 'audio') out.audio = entry.packetsReceived ?? 0;
    if (entry.type === 'transport') Object.assign(out, { srtp: entry.srtpCipher, tls: entry.tlsVersion });
    if (entry.type === 'candidate-pair' && (entry.selected || (entry.nominated && entry.state === 'succeeded'))) {
      const local = all.find(({ id }) => id === entry.localCandidateId);
      out.local = local?.candidateType ?? '';
      out.relay = local?.relayProtocol ?? '';
      out.remote = all.find(({ id }) => id === entry.remoteCandidateId)?.candidateType ?? '';
    }
  }
  return out;
};
