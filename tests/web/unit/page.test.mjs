// SPDX-License-Identifier: GPL-3.0-or-later
// What holds for every source of the page: no markup from text, nothing inline, no other origin, every text in German.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { page } from './helpers.mjs';

const root = process.env.BEDSIDE_PAGE;
const names = fs.readdirSync(root, { recursive: true }).filter((name) => fs.statSync(path.join(root, name)).isFile());
const read = (name) => fs.readFileSync(path.join(root, name), 'utf8');
const scripts = names.filter((name) => name.endsWith('.js'));

test('no script makes markup or code out of text', () => {
  assert.ok(scripts.length > 20);
  for (const name of scripts) {
    assert.doesNotMatch(read(name), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|DOMParser|setAttribute\('style'|javascript:/, name);
  }
});

test('nothing inline and no other origin in the page', () => {
  const html = read('index.html').replace(/<!--[^]*?-->/g, '');
  assert.doesNotMatch(html, /\sstyle=|<style|\son\w+=/i);
  for (const [, attributes, body] of html.matchAll(/<script([^>]*)>([^]*?)<\/script>/g)) {
    assert.match(attributes, /src="\/web\//);
    assert.equal(body, '');
  }
  for (const name of names.filter((n) => /\.(js|css|html)$/.test(n))) assert.doesNotMatch(read(name), /https?:\/\/(?!www\.w3\.org\/2000\/svg)/, name);
  assert.doesNotMatch(read('page.css'), /@import|url\(/);
});

test('every module that is imported is there, and none is left over', () => {
  const reached = new Set(['main.js', 'compat.js']);
  const walk = (name) => {
    for (const [, target] of read(name).matchAll(/^(?:import|export)[^;]*?from '(\.[^']+)'/gm)) {
      const next = path.join(path.dirname(name), target);
      assert.ok(names.includes(next), `${name} imports ${next}`);
      if (!reached.has(next)) { reached.add(next); walk(next); }
    }
  };
  walk('main.js');
  assert.deepEqual(scripts.filter((name) => !reached.has(name)), []);
});

test('nothing is logged, and no name reaches the title', () => {
  for (const name of scripts) {
    assert.doesNotMatch(read(name), /console\./, name);
    for (const [, value] of read(name).matchAll(/document\.title = (.*)/g)) assert.equal(value, "_('Video consultation');");
  }
});

test('only the media module asks for devices', () => {
  assert.deepEqual(scripts.filter((name) => /getUserMedia\(/.test(read(name))), ['media.js']);
});

test('German is complete, with the same places', () => {
  const texts = JSON.parse(read('i18n/texts.json'));
  const german = JSON.parse(read('i18n/de.json'));
  const same = new Set(['Chat']);
  assert.ok(texts.length > 150);
  const places = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
  for (const text of texts) {
    if (same.has(text) || /^(Kamera|Camera)? ?\{number\}$/.test(text)) continue;
    assert.ok(german[text], `no German for: ${text}`);
    assert.deepEqual(places(german[text]), places(text), text);
  }
});

test('what the scripts mark is what the catalogs are made of', () => {
  const texts = new Set(JSON.parse(read('i18n/texts.json')));
  for (const name of scripts) {
    for (const [, text] of read(name).matchAll(/\b_\('((?:[^'\\]|\\.)+)'/g)) assert.ok(texts.has(text.replace(/\\'/g, "'")), `${name}: ${text}`);
    assert.doesNotMatch(read(name).replace(/\/\*[^]*?\*\//g, ''), /[^.\w]_\([^'t]/, `${name} marks something that is no plain text`);
  }
});

test('the language: the card before the browser, language before region', async () => {
  const { match } = await page('i18n.js');
  assert.equal(match(['de-AT', 'en'], ['en', 'de']), 'de');
  assert.equal(match(['fr', 'en-GB'], ['en', 'de']), 'en');
  assert.equal(match([null, '', 'xx'], ['en', 'de']), null);
});

test('the link: whole, mangled, and kept for a reload', async () => {
  const { Invitation, parseLink } = await page('link.js');
  const room = 'A'.repeat(21) + 'A';
  const secret = 'A'.repeat(42) + 'A';
  assert.ok(parseLink(`/j/${room}`, `#${secret}`));
  for (const [where, fragment] of [[`/j/${room}x`, `#${secret}`], [`/j/${room}`, ''], [`/j/${room}`, `#${secret}A`], [`/j/${room}`, `#${secret.slice(1)}`],
    [`/x/${room}`, `#${secret}`], [`/j/${room}`, '#%00'], [`/j/${'A'.repeat(21)}B`, `#${secret}`]]) assert.equal(parseLink(where, fragment), null, where + fragment);
  const kept = new Map();
  const storage = { getItem: (k) => kept.get(k) ?? null, setItem: (k, v) => kept.set(k, v), removeItem: (k) => kept.delete(k) };
  let address = null;
  const history = { replaceState: (state, title, url) => { address = url; } };
  const first = Invitation.take({ pathname: `/j/${room}`, hash: `#${secret}` }, history, storage);
  assert.equal(address, `/j/${room}`);
  const again = Invitation.take({ pathname: `/j/${room}`, hash: '' }, history, storage);
  assert.deepEqual(again.secret, first.secret);
  assert.deepEqual(again.takeSeat(), first.takeSeat());
  again.forget();
  assert.equal(Invitation.take({ pathname: `/j/${room}`, hash: '' }, history, storage), null);
  kept.set(`bedside:${room}`, 'not json');
  assert.equal(Invitation.take({ pathname: `/j/${room}`, hash: '' }, history, storage), null);
});

test('ICE servers: only what can be one', async () => {
  const { readIceServers } = await page('api.js');
  assert.deepEqual(readIceServers([{ urls: ['turn:a', 'http://b', 5], username: 'u', credential: 'c', x: 1 }, { urls: 'stun:s' }, null, {}, 'x']),
    [{ urls: ['turn:a'], username: 'u', credential: 'c' }, { urls: ['stun:s'] }]);
  assert.deepEqual(readIceServers('x'), []);
});

test('descriptions that are not DTLS-SRTP are refused', async () => {
  const { refuseDescription } = await page('call.js');
  const print = `a=fingerprint:sha-256 ${Array(32).fill('AB').join(':')}\r\n`;
  const good = `v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n${print}m=video 9 UDP/TLS/RTP/SAVPF 96\r\n${print}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n${print}`;
  assert.equal(refuseDescription(good), null);
  assert.equal(refuseDescription(`${good}a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\r\n`), 'sdes');
  assert.equal(refuseDescription(good.replace('UDP/TLS/RTP/SAVPF 96', 'RTP/AVP 96')), 'plain');
  assert.equal(refuseDescription(good.replace('UDP/TLS/RTP/SAVPF 96', 'RTP/SAVPF 96')), 'plain');
  assert.equal(refuseDescription(good.replaceAll(print, '')), 'fingerprint');
  assert.equal(refuseDescription(good.replace('AB:', 'AC:')), 'fingerprint');
  for (const sdp of [undefined, null, 5, '', 'v=0', 'v=0\r\n'.repeat(20000)]) assert.notEqual(refuseDescription(sdp), null);
});
