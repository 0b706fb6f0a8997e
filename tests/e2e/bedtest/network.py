# SPDX-License-Identifier: GPL-3.0-or-later
"""A path that is cut and mended, in a network of the test's own."""
import os
import subprocess
import time

RULES = {
    'refused': 'meta l4proto udp drop',
    'media': 'meta l4proto udp drop',
    'all': 'meta l4proto udp drop\n tcp dport PORT drop\n tcp sport PORT drop',
}


def cut(what, clinic_port):
    """Where packets come in, and a sender learns nothing of it; or refused: where they leave, as without a network."""
    assert os.environ.get('BED_PRIVATE_NETWORK') == '1', 'this network is not the test\'s own'
    rules = RULES[what].replace('PORT', str(clinic_port))
    hook = 'output' if what == 'refused' else 'input'
    table = f'table inet bedcut {{\n chain cut {{\n type filter hook {hook} priority 0;\n {rules}\n }}\n}}\n'
    subprocess.run(['nft', '-f', '-'], input=table, text=True, check=True)
    return time.monotonic()


def mend():
    subprocess.run(['nft', 'delete', 'table', 'inet', 'bedcut'], check=True)
    return time.monotonic()
