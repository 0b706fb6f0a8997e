# SPDX-License-Identifier: GPL-3.0-or-later
"""As much of W3C WebDriver as the tests need, and Chromium through it; nothing but the standard library."""
import base64
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from .clinic import free_port
from .processes import call_all, end, patience

ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'


class WebDriverError(Exception):
    pass


class Chromium:
    """Headless Chromium with a fake camera and microphone, as a patient has it."""

    def __init__(self, width=420, height=860, spki=None, language='en', dark=False, fake_ui=True, arguments=(),
                 authority=None, loopback=True, downloads=None):
        """authority: the certificate of one that this person's system trusts. loopback: for calls without any other
        network; with one it is a second path, whose checks take their turn before those that work. downloads: the
        folder where the person keeps what is downloaded."""
        self.port = free_port()
        self.profile = tempfile.mkdtemp(prefix='bed-chromium.')
        environment = {**os.environ, 'HOME': self._trust(authority)} if authority else None
        self.driver = subprocess.Popen(['/usr/bin/chromedriver', f'--port={self.port}'], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL, start_new_session=True, env=environment)
        switches = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
                    '--disable-background-networking', '--disable-component-update', '--disable-sync',
                    '--no-default-browser-check', '--disable-breakpad', '--disable-dev-shm-usage',
                    '--use-fake-device-for-media-stream=fps=30', '--autoplay-policy=no-user-gesture-required',
                    f'--user-data-dir={self.profile}',
                    f'--window-size={width},{height}', f'--lang={language}', f'--accept-lang={language}']
        if loopback:
            switches.append('--allow-loopback-in-peer-connection')
        if fake_ui:
            switches.append('--use-fake-ui-for-media-stream')
        if spki:
            switches.append(f'--ignore-certificate-errors-spki-list={spki}')
        if dark:
            switches.append('--blink-settings=preferredColorScheme=0')
        options = {'binary': '/usr/bin/chromium', 'args': [*switches, *arguments]}
        if downloads:
            options['prefs'] = {'download.default_directory': str(downloads), 'download.prompt_for_download': False}
        try:
            self._wait_for_driver()
            self.session = self._call('POST', '/session', {'capabilities': {'alwaysMatch': {
                'browserName': 'chrome', 'goog:chromeOptions': options}}})['sessionId']
        except BaseException:
            self._end()
            raise

    def _end(self):
        """The driver, and what it started and could not end."""
        call_all(lambda: end(self.driver), self._kill_group, lambda: shutil.rmtree(self.profile, ignore_errors=True))

    def _kill_group(self):
        try:
            os.killpg(self.driver.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def _trust(self, authority):
        home = pathlib.Path(self.profile) / 'home'
        database = home / '.pki/nssdb'
        database.mkdir(parents=True)
        for arguments in (['-N', '--empty-password'], ['-A', '-n', 'test', '-t', 'C,,', '-i', authority]):
            subprocess.run(['certutil', '-d', f'sql:{database}', *arguments], check=True)
        return str(home)

    def _wait_for_driver(self):
        deadline = time.monotonic() + patience()
        while time.monotonic() < deadline:
            try:
                if self._call('GET', '/status')['ready']:
                    return
            except OSError:
                time.sleep(0.1)
        raise WebDriverError('chromedriver did not start')

    def _call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f'http://127.0.0.1:{self.port}{path}', data, method=method,
                                         headers={'Content-Type': 'application/json'})
        try:
            with urllib.request.urlopen(request, timeout=patience(60)) as answer:
                return json.load(answer)['value']
        except urllib.error.HTTPError as error:
            raise WebDriverError(json.load(error)['value']['message'].splitlines()[0]) from None

    def _command(self, method, path, body=None):
        return self._call(method, f'/session/{self.session}{path}', body)

    def open(self, url):
        self._command('POST', '/url', {'url': url})

    def reload(self):
        self._command('POST', '/refresh', {})

    def script(self, text, *arguments):
        return self._command('POST', '/execute/sync', {'script': text, 'args': list(arguments)})

    def async_script(self, text, *arguments):
        return self._command('POST', '/execute/async', {'script': text, 'args': list(arguments)})

    def find(self, selector):
        found = self._command('POST', '/elements', {'using': 'css selector', 'value': selector})
        return found[0][ELEMENT] if found else None

    def wait(self, selector, seconds=15):
        """An element that is there and shown."""
        deadline = time.monotonic() + patience(seconds)
        while time.monotonic() < deadline:
            element = self.find(selector)
            if element:
                try:
                    if self._command('GET', f'/element/{element}/displayed'):
                        return element
                except WebDriverError:
                    pass  # it was replaced meanwhile
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
        self._command('POST', f'/element/{self.wait(selector, seconds)}/click', {})

    def type(self, selector, text):
        element = self.wait(selector)
        self._command('POST', f'/element/{element}/clear', {})
        self._command('POST', f'/element/{element}/value', {'text': text})

    def choose_file(self, selector, path):
        """What the system's own dialog gives to a field for files."""
        self._command('POST', f'/element/{self.find(selector)}/value', {'text': str(path)})

    def text(self, selector):
        return self._command('GET', f'/element/{self.wait(selector)}/text')

    def screenshot(self, path):
        pathlib.Path(path).write_bytes(base64.b64decode(self._command('GET', '/screenshot')))

    def close(self):
        try:
            self._command('DELETE', '')
        except (OSError, WebDriverError):
            pass
        self._end()
