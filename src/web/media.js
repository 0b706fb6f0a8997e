/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Camera, microphone and the test sound. Nothing opens a device but turnOn(), and only a person's
 * act calls that. Off means that the device is let go, so that its light goes out.
 */

const WANTED = {
  video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 }, facingMode: 'user' },
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
};

/** What went wrong when a device was asked for: denied, missing, busy, insecure or failed. */
export function problemOf(error) {
  switch (error?.name) {
    case 'NotAllowedError': case 'SecurityError': return 'denied';
    case 'NotFoundError': case 'OverconstrainedError': return 'missing';
    case 'NotReadableError': case 'AbortError': return 'busy';
    default: return 'failed';
  }
}

export class Media {
  #devices; #onChange; #tracks = { audio: null, video: null }; #chosen = { audio: null, video: null };
  #context = null; #analyser = null; #source = null; #samples = null; #wanted = { audio: false, video: false };

  /** `onChange(kind)` after a track came, went, paused or was lost; kinds are audio and video. */
  constructor(onChange, devices = navigator.mediaDevices) {
    this.#onChange = onChange;
    this.#devices = devices;
    this.problems = { audio: null, video: null };
    devices?.addEventListener?.('devicechange', () => this.#onChange('devices'));
  }

  track(kind) { return this.#tracks[kind]; }
  isOn(kind) { return this.#tracks[kind] !== null; }
  isPaused(kind) { return this.#tracks[kind]?.muted === true; }
  chosen(kind) { return this.#chosen[kind]; }

  /** Asks for the device; false when it did not come, and problems[kind] says why. */
  async turnOn(kind, deviceId = this.#chosen[kind]) {
    this.wakeSound();
    this.#wanted[kind] = true;
    const wanted = { ...WANTED[kind] };
    if (deviceId) {
      wanted.deviceId = { exact: deviceId };
      delete wanted.facingMode;
    }
    let track;
    try {
      const stream = await this.#devices.getUserMedia({ [kind]: wanted });
      [track] = stream.getTracks();
    } catch (error) {
      this.#wanted[kind] = false;
      this.problems[kind] = problemOf(error);
      this.#onChange(kind);
      return false;
    }
    if (!this.#wanted[kind]) { // Turned off again while the browser was asking.
      track.stop();
      return false;
    }
    this.#release(kind);
    this.problems[kind] = null;
    this.#chosen[kind] = track.getSettings?.().deviceId ?? deviceId ?? null;
    this.#adopt(kind, track);
    return true;
  }

  #adopt(kind, track) {
    this.#tracks[kind] = track;
    track.contentHint = kind === 'audio' ? 'speech' : 'motion';
    track.onended = () => {
      if (this.#tracks[kind] !== track) return;
      this.#release(kind);
      this.problems[kind] = 'lost';
      this.#onChange(kind);
    };
    track.onmute = track.onunmute = () => this.#onChange(kind);
    if (kind === 'audio') this.#listen(track);
    this.#onChange(kind);
  }

  turnOff(kind) {
    this.#wanted[kind] = false;
    this.#release(kind);
    this.problems[kind] = null;
    this.#onChange(kind);
  }

  #release(kind) {
    const track = this.#tracks[kind];
    this.#tracks[kind] = null;
    if (!track) return;
    track.onended = track.onmute = track.onunmute = null;
    track.stop();
    if (kind === 'audio') {
      this.#source?.disconnect();
      this.#source = null;
    }
  }

  turnAllOff() {
    this.turnOff('video');
    this.turnOff('audio');
    this.#context?.close();
    this.#context = null;
    this.#analyser = null;
  }

  /** [{ id, label }] of the cameras or microphones; labels are there once one was allowed. */
  async list(kind) {
    const wanted = kind === 'audio' ? 'audioinput' : 'videoinput';
    const all = (await this.#devices?.enumerateDevices?.()) ?? [];
    return all.filter((device) => device.kind === wanted && device.deviceId)
      .map((device) => ({ id: device.deviceId, label: device.label }));
  }

  /** Sound may only begin in a person's act: called from each. */
  wakeSound() {
    const Context = globalThis.AudioContext ?? globalThis.webkitAudioContext;
    if (!this.#context && Context) this.#context = new Context();
    if (this.#context && this.#context.state !== 'running') this.#context.resume().catch(() => this.#onChange('audio'));
  }

  #listen(track) {
    if (!this.#context) return;
    this.#analyser ??= new AnalyserNode(this.#context, { fftSize: 1024, smoothingTimeConstant: 0.4 });
    this.#samples ??= new Float32Array(this.#analyser.fftSize);
    this.#source = new MediaStreamAudioSourceNode(this.#context, { mediaStream: new MediaStream([track]) });
    this.#source.connect(this.#analyser);
  }

  /** How loud it is now, 0 to 1 over the 50 dB that speech takes. */
  level() {
    if (!this.#source) return 0;
    this.#analyser.getFloatTimeDomainData(this.#samples);
    let sum = 0;
    for (const sample of this.#samples) sum += sample * sample;
    const decibels = 10 * Math.log10(sum / this.#samples.length + 1e-10);
    return Math.min(1, Math.max(0, (decibels + 60) / 50));
  }

  /** Three soft notes, about a second; false when this browser has no sound to give. */
  playTone() {
    this.wakeSound();
    const context = this.#context;
    if (!context) return false;
    [523.25, 659.25, 783.99].forEach((frequency, i) => {
      const start = context.currentTime + 0.05 + i * 0.28;
      const tone = new OscillatorNode(context, { frequency });
      const gain = new GainNode(context, { gain: 0 });
      gain.gain.setValueAtTime(0, start);
      gain.gain.linearRampToValueAtTime(0.25, start + 0.03);
      gain.gain.exponentialRampToValueAtTime(0.001, start + 0.5);
      tone.connect(gain).connect(context.destination);
      tone.start(start);
      tone.stop(start + 0.55);
    });
    return true;
  }
}

/** Keeps the screen awake until release(); asks again when the page is shown again. */
export class ScreenAwake {
  #lock = null; #wanted = false;
  #again = () => { if (document.visibilityState === 'visible') this.#ask(); };

  keep() {
    if (this.#wanted) return;
    this.#wanted = true;
    document.addEventListener('visibilitychange', this.#again);
    this.#ask();
  }

  async #ask() {
    if (!this.#wanted || !navigator.wakeLock) return;
    try {
      this.#lock = await navigator.wakeLock.request('screen');
    } catch {
      this.#lock = null; // A low battery may forbid it; the waiting room says what to do then.
    }
    if (!this.#wanted) this.release();
  }

  release() {
    this.#wanted = false;
    document.removeEventListener('visibilitychange', this.#again);
    this.#lock?.release();
    this.#lock = null;
  }
}
