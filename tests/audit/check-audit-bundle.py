#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks exported audit trails with nothing of the product: FHIR R4 AuditEvent, the element rules
of the IHE BALP 1.1 profiles that an event names, and the chain of hashes. A CSV beside it must say
the same. Then it breaks the bundle in every place and must find each."""
import base64
import copy
import csv
import hashlib
import json
import re
import struct
import sys

DCM = 'http://dicom.nema.org/resources/ontology/DCM'
TERM = 'http://terminology.hl7.org/CodeSystem/'
REST = 'http://hl7.org/fhir/restful-interaction'
BALP = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.'
CHAIN = 'https://bedside.org/fhir/StructureDefinition/audit-chain'
INSTANT = re.compile(r'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$')
WRITERS = {'AUT', 'INF', 'CST'}
# profile: action, subtypes, client code, server (system, code), codes of the user
BASIC = {
    'Read': ('R', {'read', 'vread'}, (DCM, '110152'), (DCM, '110153'), {'IRCP'}),
    'Create': ('C', {'create'}, (DCM, '110153'), (DCM, '110152'), WRITERS),
    'Update': ('U', {'update', 'patch'}, (DCM, '110153'), (DCM, '110152'), WRITERS),
    'Delete': ('D', {'delete'}, (DCM, '110150'), (TERM + 'provenance-participant-type', 'custodian'),
               WRITERS),
    'Query': ('E', {'search', 'search-type', 'search-system'}, (DCM, '110153'), (DCM, '110152'),
              {'IRCP'}),
}


class Broken(Exception):
    pass


def need(condition, words):
    if not condition:
        raise Broken(words)


def code_of(coding):
    return coding.get('system'), coding.get('code')


def agents_of(event, system, code):
    found = []
    for agent in event['agent']:
        if (system, code) in [code_of(c) for c in agent.get('type', {}).get('coding', [])]:
            found.append(agent)
    return found


def check_base(event):
    need(event.get('resourceType') == 'AuditEvent', 'resourceType')
    need(set(code_of(event['type'])) - {None}, 'type 1..1')
    need(event.get('action') in set('CRUDE'), 'action')
    need(INSTANT.match(event.get('recorded', '')), 'recorded 1..1 instant')
    need(event.get('outcome') in {'0', '4', '8', '12'}, 'outcome')
    need(event.get('agent'), 'agent 1..*')
    for agent in event['agent']:
        need(isinstance(agent.get('requestor'), bool), 'agent.requestor 1..1')
        need(agent.get('who') or agent.get('name'), 'agent who')
        if 'network' in agent:
            need(agent['network'].get('type') in set('12345'), 'network type')
    need(event.get('source', {}).get('observer'), 'source.observer 1..1')
    if code_of(event['type']) == (DCM, '110114'):
        need({(DCM, '110122'), (DCM, '110123')} & set(map(code_of, event.get('subtype', []))), 'login or logout')
    for entity in event.get('entity', []):
        need(not ('name' in entity and 'query' in entity), 'sev-1: name or query, not both')
    walk_empty(event)
    check_extensions(event.get('extension', []))


def check_extensions(extensions):
    for extension in extensions:
        values = [name for name in extension if name.startswith('value')]
        need(len(values) + ('extension' in extension) == 1, 'ext-1: a value or extensions, not both')
        check_extensions(extension.get('extension', []))


def walk_empty(value):
    """FHIR: no empty string, array or object anywhere."""
    need(value not in ('', [], {}), 'an empty element')
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        walk_empty(part)


def patients_of(event):
    return [e for e in event.get('entity', []) if code_of(e.get('type', {})) == (TERM + 'audit-entity-type', '1')
            and code_of(e.get('role', {})) == (TERM + 'object-role', '1')]


def objects_of(event):
    return [e for e in event.get('entity', []) if code_of(e.get('type', {})) == (TERM + 'audit-entity-type', '2')]


def check_patient(event):
    found = patients_of(event)
    need(len(found) == 1, 'entity[patient] 1..1')
    need(found[0]['what'].get('type') == 'Patient' and found[0]['what'].get('reference'),
         'entity[patient].what only Reference(Patient)')


def check_basic(event, name, with_patient):
    action, subtypes, client, server, user_codes = BASIC[name]
    need(code_of(event['type']) == (TERM + 'audit-event-type', 'rest'), 'type rest')
    need(any(s == REST and c in subtypes for s, c in map(code_of, event['subtype'])), 'subtype')
    need(event['action'] == action, 'action of the profile')
    need(event['outcome'] == '0', 'outcome success')
    for which, (system, code) in (('client', client), ('server', server)):
        found = agents_of(event, system, code)
        need(len(found) == 1, f'agent[{which}] 1..1')
        need(found[0].get('who') and found[0].get('network') and 'media' not in found[0], f'agent[{which}]')
    users = [a for a in event['agent'] if a['requestor']]
    need(len(users) <= 1, 'agent[user] 0..1')
    for user in users:
        need(user['type']['coding'][0]['code'] in user_codes, 'agent[user].type')
        need(user.get('who') and 'network' not in user and 'media' not in user, 'agent[user]')
    if name == 'Query':
        queries = [e for e in objects_of(event) if code_of(e.get('role', {})) == (TERM + 'object-role', '24')]
        need(len(queries) == 1, 'entity[query] 1..1')
        need(queries[0].get('query') and not {'what', 'lifecycle', 'detail'} & set(queries[0]), 'entity[query]')
        base64.b64decode(queries[0]['query'], validate=True)
    else:
        data = objects_of(event)
        need(len(data) == 1 and data[0].get('what'), 'entity[data] 1..1 with what')
        need(code_of(data[0]['role']) in [(TERM + 'object-role', c) for c in '4 3 20'.split()], 'entity[data].role')
    if with_patient:
        check_patient(event)
    else:
        need(not patients_of(event), 'a patient: the Patient profile is the one to name')


def check_disclosure(event):
    need('modifierExtension' not in event, 'modifierExtension 0..0')
    need(code_of(event['type']) == (DCM, '110106'), 'type Export')
    need(event['action'] == 'R', 'action R')
    need((TERM + 'iso-21089-lifecycle', 'disclose') in map(code_of, event['subtype']), 'subtype disclose')
    sources, recipients = agents_of(event, DCM, '110153'), agents_of(event, DCM, '110152')
    need(len(sources) == 1 and len(recipients) == 1, 'agents source and recipient')
    for agent in sources + recipients:
        need(agent.get('who') and agent.get('network'), 'who and network')
    need(sources[0]['who'] == event['source']['observer'], 'val-audit-source')
    need(len(event['entity']) >= 2, 'entity 2..*')
    check_patient(event)


def check_event(event):
    check_base(event)
    for url in event.get('meta', {}).get('profile', []):
        need(url.startswith(BALP), 'a profile of BALP')
        name = url[len(BALP):]
        if name == 'PrivacyDisclosure.Source':
            check_disclosure(event)
        else:
            with_patient = name.startswith('Patient')
            check_basic(event, name[7:] if with_patient else name, with_patient)


def chain_of(event):
    found = [e for e in event.get('extension', []) if e.get('url') == CHAIN]
    need(len(found) == 1, 'one audit-chain extension')
    return {e['url']: e.get('valueString', e.get('valueBase64Binary')) for e in found[0]['extension']}


def check_chain(events):
    """Bytes under SHA-256: previous, then big-endian sequence, time, event, and each id with its length."""
    previous = bytes(32)
    for number, event in enumerate(events, 1):
        link = chain_of(event)
        need(int(link['sequence']) == number, f'sequence at {number}')
        need(base64.b64decode(link['previous'], validate=True) == previous, f'link at {number}')
        data = previous + struct.pack('>QqI', number, int(link['time-us']), int(link['event']))
        for part in ('actor', 'subject'):
            text = link.get(part, '').encode()
            data += struct.pack('>H', len(text)) + text
        previous = hashlib.sha256(data).digest()
        need(base64.b64decode(link['hash'], validate=True) == previous, f'hash at {number}')
        check_told(event, link)
    return previous


def check_told(event, link):
    """What a reader sees is what the hash covers."""
    stamp = event['recorded']
    need(stamp.endswith('.%06dZ' % (int(link['time-us']) % 10**6)), 'recorded is time-us')
    users = [a['who']['identifier']['value'] for a in event['agent'] if a['requestor']]
    need(users == ([link['actor']] if 'actor' in link else []), 'the user is the actor')
    if 'subject' in link and objects_of(event):
        need(any(link['subject'] in json.dumps(e['what']) for e in objects_of(event)), 'the object is the subject')


def check_bundle(bundle):
    need(bundle.get('resourceType') == 'Bundle' and bundle.get('type') == 'collection', 'collection bundle')
    events = [e['resource'] for e in bundle['entry']]
    for entry in bundle['entry']:
        need(entry['fullUrl'] == 'urn:uuid:' + entry['resource']['id'], 'fullUrl is the id')
    need(len({e['id'] for e in events}) == len(events), 'bdl-7: each once')
    for event in events:
        check_event(event)
    return events, check_chain(events)


def is_broken(bundle):
    try:
        check_bundle(bundle)
    except (Broken, KeyError, ValueError, TypeError):
        return True
    return False


def count_mutations(bundle):
    """Every required element taken out of every event; every event taken out, doubled and moved."""
    total = missed = 0
    for i, entry in enumerate(bundle['entry']):
        parts = ['type', 'action', 'recorded', 'outcome', 'agent', 'source', 'extension']
        if code_of(entry['resource']['type']) == (DCM, '110114'):
            parts.append('subtype')
        for part in parts:
            changed = dict(bundle, entry=list(bundle['entry']))
            changed['entry'][i] = copy.deepcopy(entry)
            del changed['entry'][i]['resource'][part]
            total, missed = total + 1, missed + (not is_broken(changed))
        both = dict(bundle, entry=list(bundle['entry']))
        both['entry'][i] = copy.deepcopy(entry)
        both['entry'][i]['resource']['extension'][0]['valueString'] = 'x'
        total, missed = total + 1, missed + (not is_broken(both))
        for sub in range(7 if 'actor' in json.dumps(entry) else 6):
            changed = dict(bundle, entry=list(bundle['entry']))
            changed['entry'][i] = copy.deepcopy(entry)
            parts = changed['entry'][i]['resource']['extension'][0]['extension']
            if sub < len(parts):
                key = 'valueString' if 'valueString' in parts[sub] else 'valueBase64Binary'
                text = parts[sub][key]
                parts[sub][key] = ('1' if text[0] != '1' else '2') + text[1:]
                total, missed = total + 1, missed + (not is_broken(changed))
        if i + 1 < len(bundle['entry']):
            for order in ([], [i, i], [i + 1, i]):
                entries = bundle['entry'][:i] + [bundle['entry'][j] for j in order]
                entries += bundle['entry'][i + (2 if order == [i + 1, i] else 1):]
                total, missed = total + 1, missed + (not is_broken(dict(bundle, entry=entries)))
    return total, missed


def main():
    with open(sys.argv[1], encoding='utf-8') as file:
        bundle = json.load(file)
    events, head = check_bundle(bundle)
    profiles = sorted({p[len(BALP):] for e in events for p in e.get('meta', {}).get('profile', [])})
    print(f'{len(events)} events in order, head {head.hex()}')
    print('profiles: ' + ', '.join(profiles))
    with open(sys.argv[2], encoding='utf-8', newline='') as file:
        rows = list(csv.DictReader(file))
    need([r['hash'] for r in rows] == [base64.b64decode(chain_of(e)['hash']).hex() for e in events],
         'the CSV says the same')
    total, missed = count_mutations(bundle)
    print(f'{total} changes, {missed} not found')
    return 1 if missed or len(profiles) != 10 else 0


if __name__ == '__main__':
    sys.exit(main())
