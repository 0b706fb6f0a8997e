# SPDX-License-Identifier: GPL-3.0-or-later
"""The server built on a machine that has nothing of the client: test_alone.py SOURCE

What pkg-config finds is only what scripts/packages lists for the server, and what that needs itself."""
import os, pathlib, re, shutil, subprocess, sys, tempfile

NEEDED = ['glib-2.0', 'gobject-2.0', 'gio-2.0', 'gio-unix-2.0', 'json-glib-1.0', 'libsodium', 'libcrypto', 'openssl', 'sqlcipher',
          'libwebsockets', 'liboath']
CLIENT = re.compile(r'gtk|adwaita|pipewire|soup|nice|srtp|opus|vpx|yuv|usrsctp|cairo|pango|pulse')

source = pathlib.Path(sys.argv[1])
results = []


def check(name, good, detail=''):
    results.append(bool(good))
    print('%s %d %s' % ('ok' if good else 'not ok', len(results), name), flush=True)
    if not good:
        print('# ' + str(detail)[-3000:].replace('\n', '\n# '), flush=True)


def ask(*command, **more):
    return subprocess.run(command, capture_output=True, text=True, timeout=220, **more)


def with_what_they_need(names):
    found, left = set(), list(names)
    while left:
        name = left.pop()
        if name in found or ask('pkg-config', '--exists', name).returncode != 0:
            continue
        found.add(name)
        for line in ask('pkg-config', '--print-requires', '--print-requires-private', name).stdout.splitlines():
            left.append(line.split()[0])
    return found


def main(folder):
    packages, build = folder / 'packages', folder / 'build'
    packages.mkdir()
    for name in with_what_they_need(NEEDED):
        path = pathlib.Path(ask('pkg-config', '--variable=pcfiledir', name).stdout.strip()) / (name + '.pc')
        (packages / path.name).symlink_to(path)
    environment = {**os.environ, 'PKG_CONFIG_LIBDIR': str(packages)}
    environment.pop('PKG_CONFIG_PATH', None)
    whole = ask('meson', 'setup', folder / 'whole', source, env=environment)
    check('the client would miss something', whole.returncode != 0 and 'not found' in whole.stdout, whole.stdout)
    done = ask('meson', 'setup', build, source, '-Dclient=false', '-Dwerror=true', '-Doptimization=0', '-Ddebug=false', env=environment)
    check('-Dclient=false misses nothing', done.returncode == 0, done.stdout)
    done = ask('ninja', '-C', build, 'src/server/bedside-server', env=environment)
    check('and builds', done.returncode == 0, done.stdout)
    program = build / 'src/server/bedside-server'
    foreign = [line for line in ask('ldd', program).stdout.splitlines() if CLIENT.search(line)]
    check('without a library of the client', not foreign, foreign)
    done = ask(program, '--help')
    check('and starts', done.returncode == 0 and 'serve' in done.stdout, done.stdout + done.stderr)


folder = pathlib.Path(tempfile.mkdtemp(prefix='bedside-alone-'))
try:
    main(folder)
finally:
    shutil.rmtree(folder)
print('1..%d' % len(results))
sys.exit(0 if all(results) else 1)
