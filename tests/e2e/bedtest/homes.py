# SPDX-License-Identifier: GPL-3.0-or-later
"""Two homes behind a router that gives each flow a port of its own (a symmetric NAT): from one to the other leads only a
relay. The clinic's server and the relay are outside. All of it ends with this process."""
import concurrent.futures
import ctypes
import os
import pathlib
import re
import socket
import subprocess
import sys
import time

from .processes import call_all, end, patience

WORLD = '20.0.0.1'  # a public range: the relay refuses others; nothing leaves the private network
ROUTER = '20.0.0.2'
CLONE_NEWNET = 0x40000000


def ip(*arguments, within=None):
    enter = ['nsenter', f'--net=/proc/{within}/ns/net'] if within else []
    subprocess.run([*enter, 'ip', *arguments], check=True)


class Homes:
    def __init__(self, clinic_port, b_only=None):
        """b_only: what the network of home b lets out, TCP ports; None: everything."""
        self.processes = []
        self.router, self.a, self.b = (self._namespace() for _ in range(3))
        self._join('out', ROUTER, WORLD, self.router)
        ip('route', 'add', 'default', 'via', WORLD, within=self.router)
        for home, name, net in ((self.a, 'a', '192.168.5'), (self.b, 'b', '192.168.6')):
            ip('link', 'add', f'home-{name}', 'type', 'veth', 'peer', 'name', 'eth0')
            ip('link', 'set', f'home-{name}', 'netns', str(self.router))
            ip('link', 'set', 'eth0', 'netns', str(home))
            ip('addr', 'add', f'{net}.1/24', 'dev', f'home-{name}', within=self.router)
            ip('addr', 'add', f'{net}.2/24', 'dev', 'eth0', within=home)
            ip('link', 'set', f'home-{name}', 'up', within=self.router)
            ip('link', 'set', 'eth0', 'up', within=home)
            ip('route', 'add', 'default', 'via', f'{net}.1', within=home)
        rules = ('table inet nat {\n chain post {\n type nat hook postrouting priority 100;\n oifname "out1" masquerade random\n }\n'
                 ' chain forward {\n type filter hook forward priority 0;\n iifname "home-*" oifname "home-*" drop\n'
                 ' iifname "out1" ct state new drop\n }\n}\n')
        if b_only:
            ports = ', '.join(str(port) for port in b_only)
            rules += ('table inet strict {\n chain forward {\n type filter hook forward priority -1;\n'
                      f' iifname "home-b" tcp dport {{ {ports} }} accept\n iifname "home-b" counter reject\n }}\n}}\n')
        subprocess.run([*self.enter(self.router), 'nft', '-f', '-'], input=rules, text=True, check=True)
        subprocess.run([*self.enter(self.router), 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward'], check=True)
        self._forward('localhost', clinic_port)

    def refused(self):
        """Packets that the network of home b refused to let out."""
        text = subprocess.run([*self.enter(self.router), 'nft', 'list', 'table', 'inet', 'strict'], text=True, check=True,
                              capture_output=True).stdout
        return int(re.search(r'counter packets (\d+)', text)[1])

    def _namespace(self):
        process = subprocess.Popen(['unshare', '--net', 'sh', '-c', 'ip link set lo up; echo ready; exec sleep 600'],
                                   stdout=subprocess.PIPE, text=True)
        process.stdout.readline()
        self.processes.append(process)
        return process.pid

    def _join(self, name, there, here, namespace):
        ip('link', 'add', f'{name}0', 'type', 'veth', 'peer', 'name', f'{name}1')
        ip('link', 'set', f'{name}1', 'netns', str(namespace))
        ip('addr', 'add', f'{here}/24', 'dev', f'{name}0')
        ip('link', 'set', f'{name}0', 'up')
        ip('addr', 'add', f'{there}/24', 'dev', f'{name}1', within=namespace)
        ip('link', 'set', f'{name}1', 'up', within=namespace)

    def _forward(self, name, port):
        """The clinic has no name in this network but localhost: in each home that leads to it."""
        program = pathlib.Path(__file__).with_name('forward.py')
        for namespace, listen, to in ((None, WORLD, '127.0.0.1'), (self.a, '127.0.0.1', WORLD), (self.b, '127.0.0.1', WORLD)):
            command = [sys.executable, program, listen, to, str(port)]
            process = subprocess.Popen([*(self.enter(namespace) if namespace else []), *command], stdout=subprocess.PIPE,
                                       text=True)
            process.stdout.readline()
            self.processes.append(process)

    @staticmethod
    def enter(namespace):
        return ['nsenter', f'--net=/proc/{namespace}/ns/net']

    def pool(self, namespace):
        """One thread that lives in a home, and with it all that it opens and starts."""
        def move():
            descriptor = os.open(f'/proc/{namespace}/ns/net', os.O_RDONLY)
            if ctypes.CDLL(None, use_errno=True).setns(descriptor, CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), 'setns')
            os.close(descriptor)
        return concurrent.futures.ThreadPoolExecutor(1, initializer=move)

    def close(self):
        for process in reversed(self.processes):
            process.kill()
            process.wait(5)


class Turnserver:
    """coturn in the world, from its first answer on."""

    def __init__(self, folder, port, *arguments):
        self.port = port
        path = folder / f'turn-{port}.log'
        self.log = path.open('wb')
        self.process = subprocess.Popen(
            ['turnserver', *arguments, '--listening-ip', WORLD, '--listening-port', str(port), '--log-file', 'stdout',
             '--simple-log', '--pidfile', folder / f'turn-{port}.pid', '--userdb', folder / f'turn-{port}.db'],
            stdout=self.log, stderr=self.log)
        deadline = time.monotonic() + patience()
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(path.read_text(errors='replace'))

    def _answers(self):
        """A Binding request (RFC 8489); what it writes tells nothing, it keeps some of it back."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(0.2)
            asking.connect((WORLD, self.port))
            try:
                asking.send(bytes.fromhex('000100002112a442') + os.urandom(12))
                return len(asking.recv(1500)) >= 20
            except OSError:
                time.sleep(0.05)
                return False

    def close(self):
        call_all(lambda: end(self.process), self.log.close)


class Relay(Turnserver):
    """With the configuration that is shipped; with TLS where it is given (certificate, key, port)."""

    def __init__(self, root, folder, secret, tls=None):
        certificate, key, port = tls or (folder / 'no-certificate', folder / 'no-key', 5349)
        super().__init__(folder, 3478, '-c', root / 'data/server/turnserver.conf', '--relay-ip', WORLD,
                         '--static-auth-secret', secret, '--min-port', '50000', '--max-port', '50100',
                         '--cert', certificate, '--pkey', key, '--tls-listening-port', str(port))


class Mirror(Turnserver):
    """Tells everybody their address, in the way of RFC 3489 too, which is how libnice asks and which the relay that is
    shipped does not answer."""

    def __init__(self, folder):
        super().__init__(folder, 3479, '-n', '--stun-only', '--no-cli', '--no-tls', '--no-dtls')


class Elsewhere:
    """Calls the methods of an object in the thread of a pool."""

    def __init__(self, pool, make):
        self.pool = pool
        self.one = pool.submit(make).result(60)

    def __getattr__(self, name):
        return lambda *arguments: self.pool.submit(getattr(self.one, name), *arguments).result(90)
