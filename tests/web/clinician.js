/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The clinician's media for the tests of the page: offers on demand, echoes the chat, counts what arrives. */
'use strict';
const socket = new WebSocket(`wss://${location.host}/clinician`);
const say = (type, body) => socket.send(JSON.stringify({ type, ...body }));
let pc = null;
let channel = null;

function source() {
  const canvas = document.createElement('canvas');
  canvas.width = 1280;
  canvas.height = 720;
  const context = canvas.getContext('2d');
  let n = 0;
  const draw = () => {
    const sky = context.createLinearGradient(0, 0, 1280, 720);
    sky.addColorStop(0, '#cfe3df');
    sky.addColorStop(1, '#7fa9a4');
    context.fillStyle = sky;
    context.fillRect(0, 0, 1280, 720);
    context.fillStyle = '#f3f6f6';
    context.beginPath(); context.ellipse(640, 760, 300, 260, 0, 0, 7); context.fill();
    context.fillStyle = '#9a6a4f';
    context.beginPath(); context.ellipse(640, 360, 120, 155, 0, 0, 7); context.fill();
    context.fillStyle = '#2b211d';
    context.beginPath(); context.ellipse(640, 290, 135, 110, 0, Math.PI, 7); context.fill();
    context.fillStyle = '#1f2526';
    context.fillRect(20 + (n++ % 100), 690, 40, 10);
  };
  draw();
  setInterval(draw, 50);
  const audio = new AudioContext();
  const tone = new OscillatorNode(audio, { frequency: 440 });
  const out = new MediaStreamAudioDestinationNode(audio);
  tone.connect(out);
  tone.start();
  return [...canvas.captureStream(20).getTracks(), ...out.stream.getTracks()];
}

async function offer(restart) {
  if (!restart || !pc) {
    if (pc) pc.close();
    pc = new RTCPeerConnection();
    const tracks = source();
    for (const kind of ['audio', 'video']) pc.addTransceiver(tracks.find((track) => track.kind === kind), { direction: 'sendrecv' });
    channel = pc.createDataChannel('chat', { ordered: true });
    channel.onmessage = ({ data }) => {
      if (typeof data !== 'string') return; // A file, which nobody answers here.
      say('chat', { text: data });
      channel.send(`echo: ${data}`);
    };
    pc.ontrack = ({ track, streams }) => {
      const video = document.getElementById('remote');
      video.srcObject = video.srcObject || new MediaStream();
      video.srcObject.addTrack(track);
    };
    pc.onicecandidate = ({ candidate }) => (candidate && candidate.candidate
      ? say('candidate', { candidate: candidate.candidate, sdpMid: candidate.sdpMid, sdpMLineIndex: candidate.sdpMLineIndex })
      : candidate ? 0 : say('end-of-candidates', {}));
    pc.onconnectionstatechange = () => say('state', { value: pc.connectionState });
  } else pc.restartIce();
  await pc.setLocalDescription(await pc.createOffer({ iceRestart: restart }));
  say('offer', { sdp: pc.localDescription.sdp, ice_restart: restart });
}

let queue = [];
socket.onmessage = async ({ data }) => {
  const message = JSON.parse(data);
  if (message.type === 'offer-please') await offer(message.ice_restart);
  else if (message.type === 'answer') {
    await pc.setRemoteDescription({ type: 'answer', sdp: message.sdp });
    for (const candidate of queue.splice(0)) await pc.addIceCandidate(candidate);
  } else if (message.type === 'candidate') {
    const candidate = { candidate: message.candidate, sdpMid: message.sdpMid, sdpMLineIndex: message.sdpMLineIndex };
    if (pc.remoteDescription) await pc.addIceCandidate(candidate);
    else queue.push(candidate);
  } else if (message.type === 'stats') {
    const report = [...(await pc.getStats()).values()];
    const of = (kind) => report.find((entry) => entry.type === 'inbound-rtp' && entry.kind === kind) || {};
    say('stats', { frames: of('video').framesDecoded || 0, audio: of('audio').packetsReceived || 0, bytes: (of('video').bytesReceived || 0) + (of('audio').bytesReceived || 0) });
  } else if (message.type === 'chat') channel.send(message.text);
};
