# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts a headless browser with a profile of its own and ends all of its processes again."""
import os
import shutil
import signal
import subprocess
import tempfile

CHROMIUM = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-default-browser-check", "--disable-breakpad", "--use-fake-device-for-media-stream=fps=30",
    "--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required",
    "--disable-features=WebRtcHideLocalIpsWithMdns", "--disable-dev-shm-usage",
]
FIREFOX = {
    "media.navigator.streams.fake": True, "media.navigator.permission.disabled": True,
    "media.autoplay.default": 0, "media.autoplay.blocking_policy": 0,
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    "datareporting.policy.dataSubmissionEnabled": False, "toolkit.telemetry.enabled": False,
    "app.normandy.enabled": False, "app.update.enabled": False, "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore", "browser.aboutwelcome.enabled": False,
    "network.captive-portal-service.enabled": False, "network.connectivity-service.enabled": False,
    "services.settings.server": "http://127.0.0.1:9/", "media.gmp-manager.url": "http://127.0.0.1:9/",
    "media.gmp-provider.enabled": False, "browser.safebrowsing.downloads.remote.enabled": False,
    "extensions.update.enabled": False, "media.autoplay.block-webaudio": False, "media.navigator.audio.fake_frequency": 440,
}


def _value(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else '"%s"' % value


class Browser:
    def __init__(self, name, url, log):
        self.profile = tempfile.mkdtemp(prefix="bed-browser-")
        environment = dict(os.environ, HOME=self.profile, XDG_CONFIG_HOME=self.profile, XDG_CACHE_HOME=self.profile)
        if name == "chromium":
            command = ["chromium", *CHROMIUM, "--user-data-dir=" + self.profile, url]
        else:
            with open(os.path.join(self.profile, "user.js"), "w", encoding="ascii") as prefs:
                for key, value in FIREFOX.items():
                    prefs.write('user_pref("%s", %s);\n' % (key, _value(value)))
            command = ["firefox-esr", "--headless", "--no-remote", "--profile", self.profile, url]
        self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environment,
                                        start_new_session=True)

    def close(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)
