// SPDX-License-Identifier: GPL-3.0-or-later
// The browser's side of an interoperability test: sends a numbered picture and a tone, reads the same back.
const TONE = 440;
const WIDTH = 1280, HEIGHT = 720, COLUMNS = 8, ROWS = 4;
const started = performance.now();
const report = { frames: 0, numbered: 0, backwards: 0, last: -1, tone: 0, blocks: 0, messages: [], states: [] };
let socket;
const send = (object) => socket?.readyState === 1 && socket.send(JSON.stringify(object));
const note = (name, value) => report.states.push([name, value, Math.round((performance.now() - started) * 10) / 10]);
window.onerror = (message) => send({ type: 'page-error', message: String(message) });
window.onunhandledrejection = (event) => send({ type: 'page-error', message: String(event.reason) });

// The same block code as src/rtc/media/bed-test-picture.c.
const checkBits = (n) => (((n * 0x9e37) & 0xffff) ^ (~n & 0xffff) ^ (n >> 7)) & 0xffff;
function rectangle(index, width, height) {
  const codeWidth = Math.floor(width * 3 / 4), codeHeight = Math.floor(height / 2);
  const left = Math.floor(width / 8), top = Math.floor(height / 4);
  const column = index % COLUMNS, row = Math.floor(index / COLUMNS);
  return [left + Math.floor(codeWidth * column / COLUMNS), top + Math.floor(codeHeight * row / ROWS),
    left + Math.floor(codeWidth * (column + 1) / COLUMNS), top + Math.floor(codeHeight * (row + 1) / ROWS)];
}
function draw(context, number) {
  const bits = [number, checkBits(number)];
  context.fillStyle = `rgb(${100 + number % 32}, 110, 120)`;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  for (let i = 0; i < COLUMNS * ROWS; i++) {
    const [x, y, right, bottom] = rectangle(i, WIDTH, HEIGHT);
    context.fillStyle = bits[i >> 4] & (0x8000 >> (i & 15)) ? '#e8e8e8' : '#181818';
    context.fillRect(x, y, right - x, bottom - y);
  }
}
function read(context, width, height) {
  const bits = [0, 0];
  for (let i = 0; i < COLUMNS * ROWS; i++) {
    const [x, y, right, bottom] = rectangle(i, width, height);
    const [r, g, b] = context.getImageData((x + right) >> 1, (y + bottom) >> 1, 1, 1).data;
    if (r + g + b > 3 * 126) bits[i >> 4] |= 0x8000 >> (i & 15);
  }
  return checkBits(bits[0]) === bits[1] ? bits[0] : null;
}

function pictures() {
  const canvas = Object.assign(document.createElement('canvas'), { width: WIDTH, height: HEIGHT });
  const context = canvas.getContext('2d');
  let number = 0;
  draw(context, 0);
  setInterval(() => draw(context, number = (number + 1) & 0xffff), 33);
  return canvas.captureStream(30).getVideoTracks()[0];
}
// Firefox runs no AudioContext without a sound device; its fake microphone is told to hum the same tone.
async function tone() {
  if (navigator.userAgent.includes('Firefox')) {
    const audio = { echoCancellation: false, autoGainControl: false, noiseSuppression: false };
    return (await navigator.mediaDevices.getUserMedia({ audio })).getAudioTracks()[0];
  }
  const context = new AudioContext({ sampleRate: 48000 });
  const destination = context.createMediaStreamDestination();
  const oscillator = new OscillatorNode(context, { frequency: TONE });
  oscillator.connect(new GainNode(context, { gain: 0.3 })).connect(destination);
  oscillator.start();
  await context.resume();
  return destination.stream.getAudioTracks()[0];
}

function watchVideo(track) {
  const video = document.getElementById('remote');
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  video.srcObject = new MediaStream([track]);
  const look = () => {
    if (report.frames === 0) note('first-frame', '');
    report.frames++;
    report.width = canvas.width = video.videoWidth;
    report.height = canvas.height = video.videoHeight;
    context.drawImage(video, 0, 0);
    const number = read(context, canvas.width, canvas.height);
    if (number !== null) {
      report.numbered++;
      if (number < report.last) report.backwards++;
      report.last = number;
    }
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
}
// Goertzel: the share of the block's energy at the tone.
function share(samples) {
  const k = 2 * Math.cos(2 * Math.PI * TONE / 48000);
  let a = 0, b = 0, energy = 0;
  for (const x of samples) { [a, b] = [x + k * a - b, a]; energy += x * x; }
  return energy > samples.length * 1e-5 ? 2 * (a * a + b * b - k * a * b) / (energy * samples.length) : 0;
}
async function listen(stream) {
  const recorder = new MediaRecorder(stream);
  const parts = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  recorder.start();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await new Promise((resolve) => { recorder.onstop = resolve; recorder.stop(); });
  const bytes = await new Blob(parts).arrayBuffer();
  const sound = (await new OfflineAudioContext(1, 48000, 48000).decodeAudioData(bytes)).getChannelData(0);
  for (let at = 0; at + 4800 <= sound.length; at += 4800) {
    report.blocks++;
    if (share(sound.subarray(at, at + 4800)) > 0.5) report.tone++;
  }
}
async function watchAudio(track) {
  const stream = new MediaStream([track]);
  document.getElementById('sound').srcObject = stream;
  await new Promise((resolve) => setTimeout(resolve, 500));
  while (track.readyState === 'live') await listen(stream);
}
function watchChannel(channel) {
  channel.onopen = () => { note('channel', 'open'); channel.send('ping'); };
  channel.onmessage = (event) => report.messages.push(event.data);
}

async function start(role) {
  const sound = await tone();
  socket = new WebSocket(`ws://${location.host}/signal`);
  const opened = new Promise((resolve) => { socket.onopen = resolve; });
  const peer = new RTCPeerConnection();
  const early = [];
  peer.onicecandidate = ({ candidate }) => send(candidate && candidate.candidate
    ? { type: 'candidate', candidate: candidate.candidate, sdpMid: candidate.sdpMid, sdpMLineIndex: candidate.sdpMLineIndex }
    : { type: 'end-of-candidates' });
  peer.onconnectionstatechange = () => note('connectionState', peer.connectionState);
  peer.ontrack = ({ track }) => track.kind === 'video' ? watchVideo(track) : watchAudio(track);
  peer.ondatachannel = ({ channel }) => watchChannel(channel);
  const stream = new MediaStream();
  peer.addTrack(sound, stream);
  peer.addTrack(pictures(), stream);
  const offer = async (options) => {
    await peer.setLocalDescription(await peer.createOffer(options));
    send({ type: 'offer', sdp: peer.localDescription.sdp });
  };
  const handle = async (message) => {
    if (message.type === 'offer' || message.type === 'answer') {
      if (message.type === 'offer') note('offer', 'received');
      await peer.setRemoteDescription(message);
      while (early.length > 0) await peer.addIceCandidate(early.shift());
      if (message.type === 'offer') {
        await peer.setLocalDescription();
        send({ type: 'answer', sdp: peer.localDescription.sdp });
      }
    } else if (message.type === 'candidate') {
      if (peer.remoteDescription) await peer.addIceCandidate(message); else early.push(message);
    } else if (message.type === 'restart') {
      await offer({ iceRestart: true });
    } else if (message.type === 'hang-up') {
      peer.close();
    }
  };
  let chain = Promise.resolve();
  socket.onmessage = ({ data }) => { chain = chain.then(() => handle(JSON.parse(data))); };
  setInterval(() => send({ type: 'report', report }), 250);
  setInterval(async () => {
    report.stats = {};
    for (const entry of (await peer.getStats()).values())
      if (entry.type === 'transport') Object.assign(report.stats, { tls: entry.tlsVersion, srtp: entry.srtpCipher });
      else if (entry.type === 'inbound-rtp') report.stats[entry.kind] = { packetsReceived: entry.packetsReceived,
        packetsLost: entry.packetsLost, framesDecoded: entry.framesDecoded, frameWidth: entry.frameWidth,
        concealedSamples: entry.concealedSamples, totalSamplesReceived: entry.totalSamplesReceived };
  }, 500);
  await opened;
  if (role === 'offer') {
    watchChannel(peer.createDataChannel('chat'));
    note('offer', 'made');
    offer();
  }
}

start(new URLSearchParams(location.search).get('role'));
