// SPDX-License-Identifier: GPL-3.0-or-later
// A browser's end, or both ends, of the calls that are measured. Orders come by WebSocket; times are milliseconds since
// the description was made (offerer) or came (answerer).
const sides = new Map();
const socket = new WebSocket(`ws://${location.host}/signal`);
const send = (object) => socket.send(JSON.stringify(object));
window.onerror = (message) => send({ type: 'page-error', message: String(message) });
window.onunhandledrejection = (event) => send({ type: 'page-error', message: String(event.reason) });

const media = await navigator.mediaDevices.getUserMedia({ audio: true,
  video: { width: 1280, height: 720, frameRate: 30 } });

class Side {
  constructor(name, keepSize) {
    this.name = name;
    this.keepSize = keepSize;
    this.early = [];
    this.told = new Set();
    this.peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require' });
    this.peer.onicecandidate = ({ candidate }) => this.say(candidate && candidate.candidate
      ? { type: 'candidate', candidate: candidate.candidate, sdpMid: candidate.sdpMid,
        sdpMLineIndex: candidate.sdpMLineIndex }
      : { type: 'end-of-candidates' });
    this.peer.onconnectionstatechange = () => this.tell(this.peer.connectionState);
    this.peer.ontrack = ({ track }) => track.kind === 'video' ? this.watch(track) : this.listen(track);
    this.peer.ondatachannel = ({ channel }) => { channel.onopen = () => this.tell('channel'); };
    for (const track of media.getTracks()) this.peer.addTrack(track, media);
  }
  // Without this Chromium sends smaller pictures until it trusts the path.
  async holdSize() {
    if (!this.keepSize) return;
    for (const sender of this.peer.getSenders())
      if (sender.track.kind === 'video') {
        const parameters = sender.getParameters();
        parameters.degradationPreference = 'maintain-resolution';
        await sender.setParameters(parameters);
      }
  }

  say(line) { send({ side: this.name, ...line }); }
  tell(event) {
    if (this.told.has(event)) return;
    this.told.add(event);
    this.say({ type: 'event', event, ms: performance.now() - this.started });
  }

  // 'decoded': the decoder has given a picture; 'presented': it has gone through the compositor.
  watch(track) {
    const reader = new MediaStreamTrackProcessor({ track: track.clone() }).readable.getReader();
    reader.read().then(({ value }) => { this.tell('decoded'); value?.close(); reader.cancel(); });
    this.video = Object.assign(document.createElement('video'), { muted: true, autoplay: true });
    this.video.srcObject = new MediaStream([track]);
    document.body.append(this.video);
    this.video.requestVideoFrameCallback(() => this.tell('presented'));
  }
  listen(track) {
    this.audio = Object.assign(document.createElement('audio'), { autoplay: true });
    this.audio.srcObject = new MediaStream([track]);
    document.body.append(this.audio);
  }

  async offer() {
    this.started = performance.now();
    this.peer.createDataChannel('chat').onopen = () => this.tell('channel');
    await this.peer.setLocalDescription();
    await this.holdSize();
    this.say({ type: 'offer', sdp: this.peer.localDescription.sdp });
  }
  async describe(line) {
    if (line.type === 'offer') this.started = performance.now();
    await this.peer.setRemoteDescription({ type: line.type, sdp: line.sdp });
    if (line.type === 'offer') {
      await this.peer.setLocalDescription();
      this.say({ type: 'answer', sdp: this.peer.localDescription.sdp });
    }
    while (this.early.length > 0) await this.peer.addIceCandidate(this.early.shift());
  }
  async candidate(line) {
    if (this.peer.remoteDescription) await this.peer.addIceCandidate(line); else this.early.push(line);
  }
  async stats() {
    const found = { type: 'stats' };
    for (const entry of (await this.peer.getStats()).values())
      if (entry.type === 'inbound-rtp' && entry.kind === 'video')
        Object.assign(found, { framesIn: entry.framesDecoded, widthIn: entry.frameWidth, heightIn: entry.frameHeight });
      else if (entry.type === 'outbound-rtp' && entry.kind === 'video')
        Object.assign(found, { framesOut: entry.framesEncoded, widthOut: entry.frameWidth, limited: entry.qualityLimitationReason });
      else if (entry.type === 'inbound-rtp' && entry.kind === 'audio')
        Object.assign(found, { samples: entry.totalSamplesReceived });
      else if (entry.type === 'transport') Object.assign(found, { tls: entry.tlsVersion, srtp: entry.srtpCipher });
    this.say(found);
  }
  close() {
    this.peer.close();
    this.video?.remove();
    this.audio?.remove();
    sides.delete(this.name);
  }
}

async function handle(line) {
  if (line.type === 'prepare') return sides.set(line.side, new Side(line.side, line.keepSize)).size;
  const side = sides.get(line.side);
  if (!side) return undefined;
  if (line.type === 'start') return side.offer();
  if (line.type === 'offer' || line.type === 'answer') return side.describe(line);
  if (line.type === 'candidate') return side.candidate(line);
  if (line.type === 'get-stats') return side.stats();
  if (line.type === 'close') return side.close();
  return undefined;
}
const chains = new Map();
socket.onmessage = ({ data }) => {
  const line = JSON.parse(data);
  const before = chains.get(line.side) ?? Promise.resolve();
  chains.set(line.side, before.then(() => handle(line)));
};
if (socket.readyState !== 1) await new Promise((resolve) => { socket.onopen = resolve; });
send({ type: 'page-ready' });
