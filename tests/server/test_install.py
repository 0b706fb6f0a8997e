# SPDX-License-Identifier: GPL-3.0-or-later
"""What `meson install` puts on a clinic's machine for the server: test_install.py BUILD"""
import configparser, json, os, pathlib, shutil, subprocess, sys, tempfile

build = pathlib.Path(sys.argv[1])
results = []


def check(name, good, detail=''):
    results.append(good)
    print('%s %d %s' % ('ok' if good else 'not ok', len(results), name), flush=True)
    if not good:
        print('# ' + str(detail).replace('\n', '\n# '), flush=True)


def main(folder):
    root, unit_copy = folder / 'root', folder / 'bedside-server.service'
    options = json.loads(subprocess.run(['meson', 'introspect', build, '--buildoptions'], check=True, capture_output=True).stdout)
    prefix = next(o['value'] for o in options if o['name'] == 'prefix')
    done = subprocess.run(['meson', 'install', '-C', build, '--no-rebuild', '--destdir', root], capture_output=True, text=True, timeout=120)
    check('installs', done.returncode == 0, done.stdout + done.stderr)
    lib, share = root / prefix[1:] / 'lib', root / prefix[1:] / 'share/bedside'
    text = (lib / 'systemd/system/bedside-server.service').read_text()
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read_string(text)
    program, _, _, config = unit['Service']['ExecStart'].split()
    check('the unit starts what was installed', os.access(root / program[1:], os.X_OK), program)
    # systemd looks for the program where it will be.
    unit_copy.write_text(text.replace(program, str(root / program[1:])))
    done = subprocess.run(['systemd-analyze', 'verify', '--man=no', unit_copy], capture_output=True, text=True, timeout=60)
    own = [line for line in (done.stdout + done.stderr).splitlines() if 'bedside' in line]
    check('systemd takes every line of the unit', done.returncode == 0 and not own, done.stdout + done.stderr)
    user = unit['Service']['User']
    check('the user is made', (lib / 'sysusers.d/bedside-server.conf').read_text().startswith('u %s ' % user))
    check('so is the folder of its settings, for it alone',
          (lib / 'tmpfiles.d/bedside-server.conf').read_text() == 'd %s 0750 root %s\n' % (os.path.dirname(config), user))
    check('the examples are there', all((share / 'server' / name).is_file() for name in ('bedside-server.conf.example', 'turnserver.conf')))
    etc, state = folder / 'etc', folder / 'state'
    subprocess.run([root / program[1:], 'init', '--config', etc / 'server.conf', 'https://visit.test', state], check=True, capture_output=True)
    modes = ['%o' % (path.stat().st_mode & 0o777) for path in (etc / 'server.conf', etc / 'store.key', state)]
    check('the settings can be read by the user of the server, key and state by nobody else', modes == ['644', '600', '700'], modes)
    check("the patient's page is there", (share / 'web/index.html').is_file(), list(share.iterdir()))
    if next(o['value'] for o in options if o['name'] == 'client'):
        client(root, share.parent)


def client(root, share):
    """By the same name the desktop finds the app, and the session bus starts it."""
    name = 'org.bedside.Bedside'
    entry, service = (configparser.ConfigParser(interpolation=None) for _ in range(2))
    entry.read(share / 'applications' / (name + '.desktop'))
    service.read(share / 'dbus-1/services' / (name + '.service'))
    entry, service = entry['Desktop Entry'], service['D-BUS Service']
    check('links are opened by the app', entry['MimeType'] == 'x-scheme-handler/bedside;' and entry['DBusActivatable'] == 'true', dict(entry))
    program = service['Exec'].split()[0]
    check('the session bus starts what was installed', service['Name'] == name and os.access(root / program[1:], os.X_OK), dict(service))


folder = pathlib.Path(tempfile.mkdtemp(prefix='bedside-install-'))
try:
    main(folder)
finally:
    shutil.rmtree(folder)
print('1..%d' % len(results))
sys.exit(0 if all(results) else 1)
