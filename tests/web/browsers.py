# SPDX-License-Identifier: GPL-3.0-or-later
"""Small clients for the browsers that Debian has: W3C WebDriver for Chromium and WebKitGTK, Marionette for Firefox."""
import base64
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'support'))
from free_port import free_port  # noqa: E402

CHROMIUM = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
            '--disable-component-update', '--disable-sync', '--no-default-browser-check', '--disable-breakpad',
            '--use-fake-device-for-media-stream=fps=30', '--ignore-certificate-errors', '--force-color-profile=srgb',
            '--disable-features=WebRtcHideLocalIpsWithMdns', '--disable-backgrounding-occluded-windows',
            '--disable-renderer-backgrounding', '--disable-background-timer-throttling']
FIREFOX = {'media.navigator.streams.fake': True, 'media.navigator.permission.disabled': True, 'media.autoplay.default': 0,
           'media.autoplay.blocking_policy': 0, 'datareporting.policy.dataSubmissionEnabled': False, 'toolkit.telemetry.enabled': False,
           'app.normandy.enabled': False, 'app.update.enabled': False, 'browser.shell.checkDefaultBrowser': False,
           'browser.startup.homepage_override.mstone': 'ignore', 'browser.aboutwelcome.enabled': False,
           'network.captive-portal-service.enabled': False, 'network.connectivity-service.enabled': False,
           'services.settings.server': 'http://127.0.0.1:9/', 'media.gmp-provider.enabled': False,
           'browser.safebrowsing.downloads.remote.enabled': False, 'extensions.update.enabled': False,
           'media.peerconnection.ice.obfuscate_host_addresses': False, 'network.proxy.type': 0}
ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'


class Browser:
    """What both protocols share: scripts, waiting, and acts on what is on the screen."""

    def find(self, selector, seconds=40):
        """Waits until an element is on the screen: it has an extent and is not hidden."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.script('''const e = document.querySelector(arguments[0]); if (!e) return false; const r = e.getBoundingClientRect();
                return r.width > 0 && r.height > 0 && getComputedStyle(e).visibility === "visible";''', selector):
                return selector
            time.sleep(0.1)
        raise AssertionError(f'{selector} is not on the screen; the screen is {self.script("return document.body.innerText")!r}')

    def click(self, selector):
        self.find(selector)
        self.click_element(self.element(selector))

    def type(self, selector, text):
        self.find(selector)
        self.type_into(self.element(selector), text)

    def press(self, *keys):
        """To whatever has the focus, as from a keyboard."""
        strokes = [{'type': kind, 'value': key} for key in keys for kind in ('keyDown', 'keyUp')]
        self.perform({'actions': [{'type': 'key', 'id': 'keyboard', 'actions': strokes}]})

    def text(self, selector):
        return self.script('return document.querySelector(arguments[0])?.innerText ?? ""', selector)


class WebDriver(Browser):
    def __init__(self, command, port, capabilities, environment=None):
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
                                        env=environment)
        self.base = f'http://127.0.0.1:{port}'
        self.session = None
        end = time.monotonic() + 40
        while self.session is None:
            try:
                answer = self.call('POST', '/session', {'capabilities': {'alwaysMatch': capabilities}})
                self.session = answer['sessionId']
            except urllib.error.URLError as error:
                if time.monotonic() > end or isinstance(error, urllib.error.HTTPError):
                    self.process.terminate()
                    raise
                time.sleep(0.2)

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {'Content-Type': 'application/json'}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)['value']
        except urllib.error.HTTPError as error:
            raise AssertionError(f'{method} {path}: {error.read().decode()[:600]}') from error

    def do(self, method, path, body=None):
        return self.call(method, f'/session/{self.session}{path}', body)

    def go(self, url): self.do('POST', '/url', {'url': url})
    def script(self, code, *arguments): return self.do('POST', '/execute/sync', {'script': code, 'args': list(arguments)})
    def element(self, selector): return self.do('POST', '/element', {'using': 'css selector', 'value': selector})[ELEMENT]
    def click_element(self, element): self.do('POST', f'/element/{element}/click', {})
    def type_into(self, element, text): self.do('POST', f'/element/{element}/value', {'text': text})
    def perform(self, actions): self.do('POST', '/actions', actions)
    def windows(self): return self.do('GET', '/window/handles')
    def window(self): return self.do('GET', '/window')
    def switch(self, handle): self.do('POST', '/window', {'handle': handle})
    def new_window(self): return self.do('POST', '/window/new', {'type': 'window'})['handle']
    def screenshot(self): return base64.b64decode(self.do('GET', '/screenshot'))
    def size(self, width, height): self.do('POST', '/window/rect', {'width': width, 'height': height})

    def close(self):
        try:
            if self.session:
                self.do('DELETE', '')
        finally:
            self.process.terminate()
            self.process.wait(10)


class Chromium(WebDriver):
    def __init__(self, *flags):
        port = free_port()
        super().__init__(['chromedriver', f'--port={port}'], port, {
            'browserName': 'chrome', 'acceptInsecureCerts': True, 'goog:loggingPrefs': {'browser': 'ALL'},
            'goog:chromeOptions': {'binary': '/usr/bin/chromium', 'args': CHROMIUM + list(flags)}})

    def cdp(self, command, **parameters): return self.do('POST', '/goog/cdp/execute', {'cmd': command, 'params': parameters})

    def view(self, width, height, scheme):
        self.cdp('Emulation.setDeviceMetricsOverride', width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.cdp('Emulation.setEmulatedMedia', features=[{'name': 'prefers-color-scheme', 'value': scheme}, {'name': 'prefers-reduced-motion', 'value': 'reduce'}])

    def grant(self, url, allowed):
        for name in ('camera', 'microphone'):
            self.do('POST', '/permissions', {'descriptor': {'name': name}, 'state': 'granted' if allowed else 'denied'})

    def complaints(self):
        return [entry['message'] for entry in self.do('POST', '/se/log', {'type': 'browser'}) if entry['level'] == 'SEVERE']


class WebKit(WebDriver):
    """Needs a display, so it gets one of its own; WebKitGTK's sandbox does not start as root in a container."""

    def __init__(self):
        read, write = os.pipe()
        self.display = subprocess.Popen(['Xvfb', '-displayfd', str(write), '-screen', '0', '1280x1000x24', '-nolisten', 'tcp'],
                                        pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as stream:
            number = stream.readline().strip()
        self.home = tempfile.TemporaryDirectory()
        port = free_port()
        browser = next(pathlib.Path('/usr/lib').glob('*/webkit2gtk-4.*/MiniBrowser'))
        environment = {**os.environ, 'DISPLAY': f':{number}', 'HOME': self.home.name, 'GDK_BACKEND': 'x11', 'GIO_USE_VFS': 'local',
                       'LIBGL_ALWAYS_SOFTWARE': '1', 'NO_AT_BRIDGE': '1'}
        try:
            super().__init__(['WebKitWebDriver', f'--port={port}', '--host=127.0.0.1'], port, {
                'acceptInsecureCerts': True, 'webkitgtk:browserOptions': {'binary': str(browser), 'args': ['--automation']}}, environment)
        except BaseException:
            self.display.terminate()
            raise

    def close(self):
        super().close()
        self.display.terminate()
        self.display.wait(10)
        self.home.cleanup()


class Firefox(Browser):
    def __init__(self):
        self.profile = tempfile.TemporaryDirectory()
        port = free_port()
        preferences = {**FIREFOX, 'marionette.port': port}
        pathlib.Path(self.profile.name, 'user.js').write_text(
            ''.join(f'user_pref({json.dumps(name)}, {json.dumps(value)});\n' for name, value in preferences.items()))
        self.process = subprocess.Popen(['firefox-esr', '--headless', '--no-remote', '--marionette', '--profile', self.profile.name],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
                                        env={**os.environ, 'HOME': self.profile.name})
        end = time.monotonic() + 30
        while True:
            try:
                self.socket = socket.create_connection(('127.0.0.1', port), 60)
                break
            except OSError:
                if time.monotonic() > end:
                    self.close()
                    raise
                time.sleep(0.3)
        self.stream = self.socket.makefile('rb')
        self.number = 0
        self.receive()
        self.call('WebDriver:NewSession', {'acceptInsecureCerts': True})

    def receive(self):
        length = b''
        while (byte := self.stream.read(1)) != b':':
            assert byte, 'Firefox went away'
            length += byte
        return json.loads(self.stream.read(int(length)))

    def call(self, command, parameters=None):
        self.number += 1
        text = json.dumps([0, self.number, command, parameters or {}]).encode()
        self.socket.sendall(str(len(text)).encode() + b':' + text)
        answer = self.receive()
        assert answer[2] is None, f'{command}: {answer[2]}'
        value = answer[3]
        return value['value'] if isinstance(value, dict) and 'value' in value else value

    def go(self, url): self.call('WebDriver:Navigate', {'url': url})
    def script(self, code, *arguments): return self.call('WebDriver:ExecuteScript', {'script': code, 'args': list(arguments)})
    def element(self, selector): return self.call('WebDriver:FindElement', {'using': 'css selector', 'value': selector})[ELEMENT]
    def click_element(self, element): self.call('WebDriver:ElementClick', {'id': element})
    def type_into(self, element, text): self.call('WebDriver:ElementSendKeys', {'id': element, 'text': text})
    def perform(self, actions): self.call('WebDriver:PerformActions', actions)
    def window(self): return self.call('WebDriver:GetWindowHandle')
    def switch(self, handle): self.call('WebDriver:SwitchToWindow', {'handle': handle})
    def new_window(self): return self.call('WebDriver:NewWindow', {'type': 'window'})['handle']
    def screenshot(self): return base64.b64decode(self.call('WebDriver:TakeScreenshot', {'full': False}))
    def size(self, width, height): self.call('WebDriver:SetWindowRect', {'width': width, 'height': height})

    def close(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
        self.profile.cleanup()
