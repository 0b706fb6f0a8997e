# SPDX-License-Identifier: GPL-3.0-or-later
"""Firefox through Marionette, with the methods of webdriver.Chromium that the tests use."""
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time

from .clinic import free_port
from .processes import patience
from .webdriver import ELEMENT, WebDriverError

PREFERENCES = {
    'media.navigator.streams.fake': True, 'media.navigator.permission.disabled': True, 'media.autoplay.default': 0,
    'media.autoplay.blocking_policy': 0, 'media.peerconnection.ice.obfuscate_host_addresses': False,
    'media.navigator.audio.fake_frequency': 440, 'datareporting.policy.dataSubmissionEnabled': False,
    'toolkit.telemetry.enabled': False, 'app.normandy.enabled': False, 'app.update.enabled': False,
    'browser.shell.checkDefaultBrowser': False, 'browser.startup.homepage_override.mstone': 'ignore',
    'browser.aboutwelcome.enabled': False, 'network.captive-portal-service.enabled': False,
    'network.connectivity-service.enabled': False, 'services.settings.server': 'http://127.0.0.1:9/',
    'media.gmp-provider.enabled': False, 'browser.safebrowsing.downloads.remote.enabled': False,
    'extensions.update.enabled': False, 'network.proxy.type': 0, 'dom.disable_beforeunload': True,
}


class Firefox:
    def __init__(self):
        self.profile = tempfile.TemporaryDirectory(prefix='bed-firefox.')
        port = free_port()
        lines = [f'user_pref({json.dumps(name)}, {json.dumps(value)});\n'
                 for name, value in {**PREFERENCES, 'marionette.port': port}.items()]
        pathlib.Path(self.profile.name, 'user.js').write_text(''.join(lines))
        self.process = subprocess.Popen(
            ['firefox-esr', '--headless', '--no-remote', '--marionette', '--profile', self.profile.name],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            env={**os.environ, 'HOME': self.profile.name})
        self._connect(port)
        self.number = 0
        self._receive()
        self._call('WebDriver:NewSession', {'acceptInsecureCerts': True})

    def _connect(self, port):
        deadline = time.monotonic() + patience(60)
        while True:
            try:
                self.socket = socket.create_connection(('127.0.0.1', port), 60)
                self.stream = self.socket.makefile('rb')
                return
            except OSError:
                if time.monotonic() > deadline:
                    self.close()
                    raise
                time.sleep(0.2)

    def _receive(self):
        length = b''
        while (byte := self.stream.read(1)) != b':':
            if not byte:
                raise WebDriverError('Firefox went away')
            length += byte
        return json.loads(self.stream.read(int(length)))

    def _call(self, command, parameters=None):
        self.number += 1
        text = json.dumps([0, self.number, command, parameters or {}]).encode()
        self.socket.sendall(str(len(text)).encode() + b':' + text)
        answer = self._receive()
        if answer[2] is not None:
            raise WebDriverError(f'{command}: {answer[2]["message"]}')
        value = answer[3]
        return value['value'] if isinstance(value, dict) and 'value' in value else value

    def open(self, url):
        self._call('WebDriver:Navigate', {'url': url})

    def reload(self):
        self._call('WebDriver:Refresh')

    def script(self, text, *arguments):
        # No sandbox with a name: the page's own objects, not views of them.
        return self._call('WebDriver:ExecuteScript', {'script': text, 'args': list(arguments), 'sandbox': None})

    def wait(self, selector, seconds=15):
        deadline = time.monotonic() + patience(seconds)
        while time.monotonic() < deadline:
            try:
                element = self._call('WebDriver:FindElement', {'using': 'css selector', 'value': selector})[ELEMENT]
                if self._call('WebDriver:IsElementDisplayed', {'id': element}):
                    return element
            except WebDriverError:
                pass  # not there yet
            time.sleep(0.1)
        raise WebDriverError(f'{selector} did not appear')

    def wait_true(self, script, seconds=15):
        deadline = time.monotonic() + patience(seconds)
        while time.monotonic() < deadline:
            value = self.script(script)
            if value:
                return value
            time.sleep(0.1)
        raise WebDriverError(f'never true: {script}')

    def click(self, selector, seconds=15):
        self._call('WebDriver:ElementClick', {'id': self.wait(selector, seconds)})

    def type(self, selector, text):
        element = self.wait(selector)
        self._call('WebDriver:ElementClear', {'id': element})
        self._call('WebDriver:ElementSendKeys', {'id': element, 'text': text})

    def text(self, selector):
        return self._call('WebDriver:GetElementText', {'id': self.wait(selector)})

    def close(self):
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
        except ProcessLookupError:
            pass
        self.profile.cleanup()
