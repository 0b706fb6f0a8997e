/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For browsers that cannot run the page: says which will do. Written in the JavaScript of 2009, since
 * it must run where nothing else here does.
 */
(function () {
  'use strict';
  var texts = [
    'This browser is too old for the video consultation',
    'Please open the link with one of these, in its newest version: Safari on an iPhone, iPad or Mac (15.4 or later), Chrome, Edge or Firefox.',
    'Please open the link in Safari, Chrome, Edge or Firefox, not inside another app.',
    'Or call the clinic: {telephone}'
  ];
  /* Marked here for the translators; a new text goes into both lists. */
  function _(text) { return text; }
  _('This browser is too old for the video consultation');
  _('Please open the link with one of these, in its newest version: Safari on an iPhone, iPad or Mac (15.4 or later), Chrome, Edge or Firefox.');
  _('Please open the link in Safari, Chrome, Edge or Firefox, not inside another app.');
  _('Or call the clinic: {telephone}');

  function able() {
    try {
      return !!(window.Promise && window.fetch && window.WebSocket && window.RTCPeerConnection &&
        window.RTCPeerConnection.prototype.addTransceiver && window.HTMLDialogElement && Array.prototype.at &&
        'noModule' in document.createElement('script') && window.sessionStorage !== null &&
        (!window.isSecureContext || (window.crypto && window.crypto.subtle)));
    } catch (error) {
      return false; /* Session storage may be forbidden altogether. */
    }
  }

  function ask(path, done) {
    var request = new XMLHttpRequest();
    request.onload = function () {
      var answer = null;
      try { answer = JSON.parse(request.responseText); } catch (error) { answer = null; }
      done(request.status === 200 ? answer : null);
    };
    request.onerror = function () { done(null); };
    request.open('GET', path);
    request.send();
  }

  function line(tag, text, parent) {
    var element = document.createElement(tag);
    element.appendChild(document.createTextNode(text));
    parent.appendChild(element);
    return element;
  }

  function show(catalog, telephone) {
    var main = document.getElementById('main');
    var say = function (text) { return (catalog && catalog[text]) || text; };
    while (main.firstChild) main.removeChild(main.firstChild);
    main.setAttribute('data-screen', 'problem');
    main.setAttribute('aria-busy', 'false');
    line('h1', say(texts[0]), main).id = 'problem-title';
    line('p', say(texts[1]), main).id = 'problem-text';
    line('p', say(texts[2]), main);
    if (telephone) line('p', say(texts[3]).replace('{telephone}', telephone), main);
  }

  if (able()) return;
  window.bedsideTooOld = true;
  var language = String(navigator.language || 'en').toLowerCase().split('-')[0];
  show(null, '');
  ask('/web/i18n/' + (/^[a-z]{2,3}$/.test(language) ? language : 'en') + '.json', function (catalog) {
    if (catalog) document.documentElement.lang = language;
    ask('/api/v1/clinic', function (clinic) {
      show(catalog, clinic && typeof clinic.telephone === 'string' ? clinic.telephone : '');
    });
  });
}());
