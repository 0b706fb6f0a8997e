#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is handed over, looked at from outside: check-exports.py SAMPLES OPENER GOLDEN [--update].

SAMPLES writes every sample; texts and FHIR documents are held against the golden files, each rule for a FHIR
document is checked on each sample and shown to fail on a broken one, PDFs are read with poppler.
"""
import base64
import copy
import datetime
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unicodedata
import xml.etree.ElementTree as xml

from open_export import open_export

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

XHTML = '{http://www.w3.org/1999/xhtml}'
ELEMENTS = {'div', 'p', 'b', 'br', 'table', 'tbody', 'tr', 'th', 'td', 'ul', 'li', 'span', 'i'}
ATTRIBUTES = {'lang', 'dir', '{http://www.w3.org/XML/1998/namespace}lang'}
INSTANT = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$')
URN = re.compile(r'urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$')
TIMES = {'timestamp', 'date', 'dateTime', 'recorded', 'occurredDateTime', 'when', 'time', 'start', 'end', 'creation'}
LOINC = 'http://loinc.org'
# What is sent, with LOINC's names as HL7 publishes them: US Core's us-core-clinical-note-type, FHIR's c80-doc-typecodes and
# doc-section-codes, C-CDA's 2.16.840.1.113762.1.4.1099.10 (18776-5), CH Core's ConsentCategoriesVS on LOINC 2.82 (59284-0).
NOTE_TYPES = {'11488-4': 'Consult note', '11506-3': 'Progress note', '34748-4': 'Telephone encounter Note'}
SECTIONS = {
    '61150-9': 'Subjective Narrative', '61149-1': 'Objective Narrative', '51848-0': 'Evaluation note',
    '18776-5': 'Plan of care note', '10164-2': 'History of Present illness Narrative',
    '29299-5': 'Reason for visit Narrative', '10160-0': 'History of Medication use Narrative', '55107-7': 'Addendum Document',
}
CLINICAL_NOTE = 'http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category', 'clinical-note'
NAMES = {**NOTE_TYPES, **SECTIONS, '59284-0': 'Consent Document'}


# --- The rules: each yields what is wrong ---------------------------------------------------------------------

def walk(value, path=''):
    yield path, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        yield from walk(child, f'{path}/{key}')


def resources(bundle):
    return [entry['resource'] for entry in bundle.get('entry', [])]


def of_type(bundle, name):
    return [r for r in resources(bundle) if r.get('resourceType') == name]


def when(text):
    """Texts of times compare only in one zone."""
    return datetime.datetime.fromisoformat(text.replace('Z', '+00:00'))


def codes(concept):
    return [(c.get('system'), c.get('code')) for c in (concept or {}).get('coding', [])]


def ele_1(bundle):
    for path, value in walk(bundle):
        if value in ({}, [], '', None):
            yield f'ele-1: {path} is empty'
        if isinstance(value, str) and value != value.strip():
            yield f'ele-1: {path} begins or ends with white space'
        if isinstance(value, str) and re.search('[\x00-\x08\x0b\x0c\x0e-\x1f]', value):
            yield f'string: {path} has a control character'


def bundle_rules(bundle):
    if bundle.get('resourceType') != 'Bundle' or bundle.get('type') != 'document':
        yield 'bundle: no document'
    identifier = bundle.get('identifier', {})
    if not identifier.get('system') or not identifier.get('value'):
        yield 'bdl-9: a document has an identifier with system and value'
    if not INSTANT.match(bundle.get('timestamp', '')):
        yield 'bdl-10: a document has a timestamp'
    if not resources(bundle) or resources(bundle)[0].get('resourceType') != 'Composition':
        yield 'bdl-11: the first resource is a Composition'
    urls = [entry.get('fullUrl') for entry in bundle.get('entry', [])]
    if len(urls) != len(set(urls)):
        yield 'bdl-7: fullUrl is unique'
    for url in urls:
        if not url or not URN.match(url):
            yield f'fullUrl: {url} is no urn:uuid'
    for name in ('total', 'link'):
        if name in bundle:
            yield f'bdl-1: {name} only in a search'
    for entry in bundle.get('entry', []):
        if 'request' in entry or 'response' in entry or 'search' in entry:
            yield 'bdl-2/3/4: request, response or search in a document'
        if 'resource' not in entry:
            yield 'bdl-5: an entry without a resource'
    composition = (of_type(bundle, 'Composition') or [{}])[0]
    times = bundle.get('timestamp', ''), composition.get('date', '')
    if all(INSTANT.match(time) for time in times) and when(times[0]) < when(times[1]):
        yield 'timestamp: older than the composition'


def references(bundle):
    urls = {entry.get('fullUrl') for entry in bundle.get('entry', [])}
    reached, todo = set(), [bundle['entry'][0].get('fullUrl')] if bundle.get('entry') else []
    by_url = {entry.get('fullUrl'): entry.get('resource') for entry in bundle.get('entry', [])}
    for path, value in walk(bundle):
        name = path.rsplit('/', 1)[-1]
        if name == 'reference' and value not in urls:
            yield f'reference: {path} leads nowhere'
        if name == 'url' and isinstance(value, str) and value.startswith('urn:uuid:') and value not in urls:
            yield f'reference: {path} leads nowhere'
    while todo:
        url = todo.pop()
        if url in reached or url not in by_url:
            continue
        reached.add(url)
        todo += [v for p, v in walk(by_url[url]) if p.rsplit('/', 1)[-1] in ('reference', 'url') and isinstance(v, str)]
    for url in urls - reached:
        yield f'document: {url} is not reached from the Composition'


def composition_rules(bundle):
    for it in of_type(bundle, 'Composition'):
        if it.get('status') not in ('preliminary', 'final', 'amended'):
            yield 'composition: status'
        if not [c for s, c in codes(it.get('type')) if s == LOINC and c in NOTE_TYPES]:
            yield 'composition: type is no clinical note of LOINC'
        if not INSTANT.match(it.get('date', '')):
            yield 'composition: date with zone'
        if not it.get('author') or not it.get('title') or 'subject' not in it or 'encounter' not in it:
            yield 'composition: author, title, subject, encounter'
        if it.get('status') == 'preliminary' and 'attester' in it:
            yield 'composition: a draft that is attested'
        if it.get('status') in ('final', 'amended') and not it.get('attester'):
            yield 'composition: signed by nobody'
        for attester in it.get('attester', []):
            if attester.get('mode') not in ('personal', 'professional', 'legal', 'official'):
                yield 'composition: attester.mode'
        for section in it.get('section', []):
            if not ('text' in section or section.get('entry') or section.get('section')):
                yield 'cmp-1: a section without text, entries or sections'
            if 'emptyReason' in section and section.get('entry'):
                yield 'cmp-2: an emptyReason and entries'
            if not section.get('title'):
                yield 'section: no title'
            for system, code in codes(section.get('code')):
                if system != LOINC or code not in SECTIONS:
                    yield f'section: code {code}'


def narrative_rules(bundle):
    for path, value in walk(bundle):
        if not path.endswith('/text') or not isinstance(value, dict) or 'div' not in value:
            continue
        if value.get('status') != 'generated':
            yield f'narrative: {path} status'
        try:
            tree = xml.fromstring(value['div'])
        except xml.ParseError as error:
            yield f'txt: {path} is no XML: {error}'
            continue
        if tree.tag != XHTML + 'div':
            yield f'txt: {path} is no div of XHTML'
        for element in tree.iter():
            if element.tag.replace(XHTML, '') not in ELEMENTS or set(element.attrib) - ATTRIBUTES:
                yield f'txt-1: {path} has {element.tag} {element.attrib}'
        if not ''.join(tree.itertext()).strip():
            yield f'txt-2: {path} says nothing'


def domain_rules(bundle):
    for it in resources(bundle):
        name = it.get('resourceType')
        if name == 'Binary':
            if not it.get('contentType') or 'text' in it:
                yield 'binary: contentType, no text'
            continue
        if 'div' not in it.get('text', {}):
            yield f'dom-6: {name} has no narrative'
        for contained in it.get('contained', []):
            if 'contained' in contained:
                yield f'dom-2: {name} contains what contains'
            if 'versionId' in contained.get('meta', {}) or 'lastUpdated' in contained.get('meta', {}):
                yield f'dom-4: {name} contains a version'
            if 'security' in contained.get('meta', {}):
                yield f'dom-5: {name} contains a security label'
            if f'#{contained.get("id")}' not in json.dumps(it):
                yield f'dom-3: {name} contains what it does not name'


def encounter_rules(bundle):
    found = of_type(bundle, 'Encounter')
    if len(found) != 1:
        yield 'encounter: one'
    for it in found:
        if it.get('status') not in ('planned', 'in-progress', 'finished'):
            yield 'encounter: status'
        kind = it.get('class', {})
        if (kind.get('system'), kind.get('code'), kind.get('display')) != (
                'http://terminology.hl7.org/CodeSystem/v3-ActCode', 'VR', 'virtual'):
            yield 'encounter: class VR'
        period = it.get('period', {})
        if it.get('status') == 'finished' and ('start' not in period or 'end' not in period):
            yield 'encounter: a finished one has a period'
        if 'subject' not in it or not all('individual' in p for p in it.get('participant', [{}])):
            yield 'encounter: subject and participant'


def consent_rules(bundle):
    for it in of_type(bundle, 'Consent'):
        if it.get('status') not in ('active', 'inactive') or 'dateTime' not in it:
            yield 'consent: status, dateTime'
        if 'http://terminology.hl7.org/CodeSystem/consentscope' not in [s for s, _ in codes(it.get('scope'))]:
            yield 'consent: scope'
        if (LOINC, '59284-0') not in [c for concept in it.get('category', []) for c in codes(concept)]:
            yield 'consent: category'
        if not it.get('policy') and 'policyRule' not in it:
            yield 'ppc-1: policy or policyRule'
        if 'patient' not in it:
            yield 'ppc-2/5: patient'
        if not it.get('performer') or not ('sourceAttachment' in it or 'sourceReference' in it):
            yield 'consent: performer, source'


def provenance_rules(bundle):
    by_url = {entry.get('fullUrl'): entry.get('resource', {}) for entry in bundle.get('entry', [])}
    composition = (of_type(bundle, 'Composition') or [{}])[0]
    found = of_type(bundle, 'Provenance')
    if composition.get('status') in ('final', 'amended') and not found:
        yield 'provenance: a signed note without one'
    for it in found:
        if not it.get('target') or not INSTANT.match(it.get('recorded', '')) or not it.get('agent'):
            yield 'provenance: target, recorded, agent'
        if not it.get('signature'):
            yield 'provenance: no signature'
        sources = [by_url.get(e['what']['reference'], {}) for e in it.get('entity', []) if e.get('role') == 'source']
        kinds = {s.get('contentType'): base64.b64decode(s.get('data', '')) for s in sources}
        for signature in it.get('signature', []):
            if not signature.get('type') or not signature.get('when') or not signature.get('who'):
                yield 'signature: type, when, who'
            try:
                x = json.loads(kinds['application/jwk+json'])['x']
                key = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(x + '='))
                key.verify(base64.b64decode(signature['data']), kinds['application/octet-stream'])
            except (InvalidSignature, KeyError, ValueError):
                yield 'signature: does not fit the signed bytes'


def attachment_rules(bundle):
    by_url = {entry.get('fullUrl'): entry.get('resource', {}) for entry in bundle.get('entry', [])}
    for it in of_type(bundle, 'DocumentReference'):
        if it.get('status') != 'current' or not it.get('content'):
            yield 'document reference: status, content'
        for content in it.get('content', []):
            attachment = content.get('attachment', {})
            if 'data' in attachment and 'contentType' not in attachment:
                yield 'att-1: data without contentType'
            data = base64.b64decode(attachment.get('data') or by_url.get(attachment.get('url'), {}).get('data', ''))
            digest = base64.b64encode(hashlib.sha1(data).digest()).decode()
            if data and (attachment.get('size') != len(data) or attachment.get('hash') != digest):
                yield 'attachment: size and hash'
            if not data and not attachment.get('title'):
                yield 'attachment: neither data nor title'


def value_rules(bundle):
    for path, value in walk(bundle):
        name = path.rsplit('/', 1)[-1]
        if name in TIMES and isinstance(value, str) and not INSTANT.match(value):
            yield f'time: {path} has no zone'
        if isinstance(value, dict) and {'start', 'end'} <= set(value) and when(value['start']) > when(value['end']):
            yield f'per-1: {path} ends before it starts'
        if isinstance(value, dict) and value.get('system') == LOINC and value.get('display') != NAMES.get(value.get('code')):
            yield f'loinc: {path} is not what LOINC calls it'
        if name == 'birthDate' and not re.match(r'\d{4}-\d\d-\d\d$', value):
            yield 'patient: birthDate'
        if name == 'system' and not re.match(r'[a-z][a-z0-9+.-]*:|phone$', value):
            yield f'uri: {path}'
        if name in ('data', 'hash') and isinstance(value, str):
            try:
                base64.b64decode(value, validate=True)
            except ValueError:
                yield f'base64: {path}'
        if name == 'code' and isinstance(value, str) and not re.match(r'[^\s]+(\s[^\s]+)*$', value):
            yield f'code: {path}'


def identity_rules(bundle):
    if len(of_type(bundle, 'Patient')) != 1 or not of_type(bundle, 'Practitioner'):
        yield 'document: one patient, a practitioner'
    for it in of_type(bundle, 'Patient'):
        if not [i for i in it.get('identifier', []) if i.get('value')]:
            yield 'patient: identifier'
        if len(it.get('name', [])) > 1 and sorted(n.get('use', '') for n in it['name']) != ['official', 'old']:
            yield 'patient: of two names one is old'
    for it in of_type(bundle, 'Organization'):
        if not it.get('name') and not it.get('identifier'):
            yield 'org-1: a name or an identifier'


def reference_rules(it):
    """A DocumentReference by itself, for a server: US Core's DocumentReference, IHE MHD's ITI-105."""
    if it.get('resourceType') != 'DocumentReference' or it.get('status') != 'current':
        yield 'reference: status'
    if it.get('docStatus') not in ('preliminary', 'final', 'amended'):
        yield 'reference: docStatus'
    if not [c for s, c in codes(it.get('type')) if s == LOINC and c in NOTE_TYPES]:
        yield 'reference: type is no clinical note of LOINC'
    if CLINICAL_NOTE not in [c for concept in it.get('category', []) for c in codes(concept)]:
        yield 'reference: category'
    for name in ('identifier', 'subject'):
        if not it.get(name):
            yield f'reference: {name}'
    if not INSTANT.match(it.get('date', '')):
        yield 'reference: date'
    if not it.get('context', {}).get('encounter') or not it['context'].get('period'):
        yield 'reference: context'
    for content in it.get('content') or [{}]:
        attachment = content.get('attachment', {})
        for name in ('contentType', 'data', 'size', 'hash', 'title', 'creation'):
            if not attachment.get(name):
                yield f'reference: attachment.{name}'
    wrapped = {'entry': [{'fullUrl': 'x', 'resource': it}]}
    for rule in (narrative_rules, attachment_rules, domain_rules, value_rules, ele_1):
        yield from rule(wrapped)


RULES = [ele_1, bundle_rules, references, composition_rules, narrative_rules, domain_rules, encounter_rules,
         consent_rules, provenance_rules, attachment_rules, value_rules, identity_rules]


def complaints(bundle):
    return [complaint for rule in RULES for complaint in rule(bundle)]


# --- Broken ones: each must be found, by the rule that is for it ----------------------------------------------

def first(bundle, name):
    return of_type(bundle, name)[0]


def delete(name, *keys):
    def change(bundle):
        it = bundle if name is None else first(bundle, name)
        for key in keys[:-1]:
            it = it[key]
        del it[keys[-1]]
    return change


def put(name, value, *keys):
    def change(bundle):
        it = bundle if name is None else first(bundle, name)
        for key in keys[:-1]:
            it = it[key]
        it[keys[-1]] = value
    return change


def swap(bundle):
    bundle['entry'][0], bundle['entry'][1] = bundle['entry'][1], bundle['entry'][0]


def twice(bundle):
    bundle['entry'].append(copy.deepcopy(bundle['entry'][-1]))


def stray(bundle):
    bundle['entry'].append({'fullUrl': 'urn:uuid:00000000-0000-4000-8000-000000000000',
                            'resource': {'resourceType': 'Binary', 'contentType': 'text/plain', 'data': 'AAAA'}})


def other_bytes(bundle):
    for it in of_type(bundle, 'Binary'):
        if it['contentType'] == 'application/octet-stream':
            it['data'] = base64.b64encode(b'other bytes').decode()


def other_zone(name, *keys):
    """An hour before, as it is written where clocks are fourteen hours ahead: later as a text."""
    def change(bundle):
        it = bundle if name is None else first(bundle, name)
        for key in keys[:-1]:
            it = it[key]
        before = when(it.get('start') or first(bundle, 'Composition')['date']) - datetime.timedelta(hours=1)
        it[keys[-1]] = before.astimezone(datetime.timezone(datetime.timedelta(hours=14))).isoformat()
    return change


BROKEN_REFERENCES = [
    ('reference: status', ['status']), ('reference: docStatus', ['docStatus']), ('reference: type', ['type']),
    ('reference: category', ['category', 0, 'coding', 0, 'code']), ('reference: identifier', ['identifier']),
    ('reference: subject', ['subject']), ('reference: date', ['date']),
    ('reference: context', ['context', 'encounter']), ('reference: context', ['context', 'period']), ('dom-6', ['text']),
    *((f'reference: attachment.{name}', ['content', 0, 'attachment', name])
      for name in ('contentType', 'data', 'size', 'hash', 'title', 'creation')),
]


def div(text):
    return put('Composition', f'<div xmlns="http://www.w3.org/1999/xhtml">{text}</div>', 'text', 'div')


BROKEN = [
    ('ele-1', put(None, {}, 'meta')), ('ele-1', put('Patient', '', 'birthDate')), ('string', put('Composition', 'a\x01', 'title')),
    ('bundle', put(None, 'collection', 'type')), ('bdl-9', delete(None, 'identifier')),
    ('bdl-9', delete(None, 'identifier', 'system')), ('bdl-10', delete(None, 'timestamp')), ('bdl-11', swap),
    ('bdl-7', twice), ('fullUrl', put(None, 'Patient/1', 'entry', 1, 'fullUrl')), ('bdl-1', put(None, 3, 'total')),
    ('bdl-2', put(None, {'method': 'GET'}, 'entry', 0, 'request')),
    ('timestamp', put(None, '2020-01-01T00:00:00Z', 'timestamp')),
    ('reference', put('Composition', 'urn:uuid:none', 'subject', 'reference')), ('document', stray),
    ('composition: status', put('Composition', 'signed', 'status')),
    ('composition: type', put('Composition', '99999-9', 'type', 'coding', 0, 'code')),
    ('composition: author', delete('Composition', 'author')), ('composition: author', delete('Composition', 'title')),
    ('composition: date', put('Composition', '2026-11-20T09:50:00', 'date')),
    ('composition: signed by nobody', delete('Composition', 'attester')),
    ('composition: a draft', put('Composition', 'preliminary', 'status')),
    ('composition: attester', put('Composition', 'someone', 'attester', 0, 'mode')),
    ('cmp-1', delete('Composition', 'section', 1, 'text')),
    ('cmp-2', put('Composition', {'text': 'x'}, 'section', 0, 'emptyReason')),
    ('section: no title', delete('Composition', 'section', 1, 'title')),
    ('section: code', put('Composition', '1-1', 'section', 1, 'code', 'coding', 0, 'code')),
    ('narrative', put('Composition', 'empty', 'text', 'status')), ('txt:', div('<p>')), ('txt-1', div('<script>x</script>')),
    ('txt-1', div('<p onclick="x">y</p>')), ('txt-2', div('<p> </p>')), ('txt:', put('Composition', '<div>x</div>', 'text', 'div')),
    ('dom-6', delete('Patient', 'text')), ('dom-2', put('Patient', [{'id': 'a', 'contained': [{}]}], 'contained')),
    ('dom-3', put('Patient', [{'id': 'a'}], 'contained')),
    ('dom-4', put('Patient', [{'id': 'a', 'meta': {'versionId': '1'}}], 'contained')),
    ('dom-5', put('Patient', [{'id': 'a', 'meta': {'security': [1]}}], 'contained')),
    ('binary', put('Binary', {'div': 'x'}, 'text')),
    ('encounter: class', put('Encounter', 'AMB', 'class', 'code')), ('encounter: status', put('Encounter', 'done', 'status')),
    ('encounter: a finished', delete('Encounter', 'period')), ('encounter: subject', delete('Encounter', 'subject')),
    ('per-1', put('Encounter', '2020-01-01T00:00:00Z', 'period', 'end')), ('per-1', other_zone('Encounter', 'period', 'end')),
    ('per-1', put('Composition', '2020-01-01T00:00:00Z', 'event', 0, 'period', 'end')),
    ('timestamp', other_zone(None, 'timestamp')),
    ('loinc', put('Composition', 'Consultation', 'type', 'coding', 0, 'display')),
    ('loinc', put('Consent', 'Patient Consent', 'category', 0, 'coding', 0, 'display')),
    ('consent: status', delete('Consent', 'status')), ('consent: scope', put('Consent', 'x:y', 'scope', 'coding', 0, 'system')),
    ('consent: category', put('Consent', 'x', 'category', 0, 'coding', 0, 'code')), ('ppc-1', delete('Consent', 'policy')),
    ('ppc-2', delete('Consent', 'patient')), ('consent: performer', delete('Consent', 'performer')),
    ('provenance: target', delete('Provenance', 'target')), ('provenance: no', delete('Provenance', 'signature')),
    ('signature: type', delete('Provenance', 'signature', 0, 'who')), ('signature: does not', other_bytes),
    ('signature: does not', put('Provenance', 'AAAA', 'signature', 0, 'data')),
    ('document reference', delete('DocumentReference', 'status')),
    ('attachment: size', put('DocumentReference', 1, 'content', 0, 'attachment', 'size')),
    ('time', put('Provenance', '2026-11-20', 'recorded')), ('patient: birthDate', put('Patient', '9.3.48', 'birthDate')),
    ('uri', put('Patient', 'not a uri', 'identifier', 0, 'system')), ('base64', put('Binary', '!', 'data')),
    ('patient: of two', put('Patient', [{'text': 'A'}, {'text': 'B'}], 'name')),
    ('patient: identifier', delete('Patient', 'identifier')), ('org-1', delete('Organization', 'name')),
]


# --- The other forms ------------------------------------------------------------------------------------------

def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def check_pdf(path, sample):
    bundle = json.loads((path.parent / f'{sample}.json').read_text())
    facts = run('pdfinfo', path)
    text = run('pdftotext', '-layout', path, '-')
    pages = int(re.search(r'Pages:\s+(\d+)', facts)[1])
    name = first(bundle, 'Patient')['name'][0]['text']
    fonts = run('pdffonts', path).splitlines()[2:]
    size = '612 x 792' if path.stem.endswith('-letter') else '595.276 x 841.89'
    assert size in facts, facts
    assert 'Author' not in facts and 'Subject' not in facts and name not in facts, facts
    assert fonts and all(line.split()[-5] == 'yes' for line in fonts), fonts  # embedded
    parts = text.split('\f')[:-1]
    assert len(parts) == pages
    if sample == 'arabic':
        return
    word = 'Seite {} von {}' if sample == 'german' else 'Page {} of {}'
    for number, part in enumerate(parts, 1):
        assert name in part and word.format(number, pages) in part, (number, part)
        draft = bundle['entry'][0]['resource']['status'] == 'preliminary'
        assert ('Draft – not signed' in part) == draft
        # No heading is the last line above the foot.
        above = [line.strip() for line in part.splitlines() if line.strip()]
        foot = max(i for i, line in enumerate(above) if line.startswith(name))
        assert above[foot - 1] not in ('Subjective', 'Objective', 'Assessment', 'Plan', 'Signature'), above[foot - 1]
    for word in ('In the record now', 'Anna Amsel', '3 September 1948', 'M-20733'):
        assert (word in text) == (sample == 'renamed'), word
    for section in ('Signed by', 'signature') if sample in ('short', 'long', 'amended') else ():
        assert section in text


def check_text(path):
    text = path.read_text()
    for line in text.splitlines():
        width = sum(2 if unicodedata.east_asian_width(c) in 'WF' else 1 for c in line
                    if unicodedata.category(c) not in ('Mn', 'Me', 'Cf'))
        assert width <= 76, (width, line)
        assert not re.search('[\x00-\x08\x0b-\x1f\x7f]', line), line


def check_reference(path):
    it = json.loads(path.read_text())
    check_equal(list(reference_rules(it)), [])
    kinds = {c['attachment']['contentType']: base64.b64decode(c['attachment']['data']) for c in it['content']}
    assert kinds['application/pdf'].startswith(b'%PDF-')
    assert not complaints(json.loads(kinds['application/fhir+json']))


def check_broken_reference(whole, rule, keys):
    it = copy.deepcopy(whole)
    part = it
    for key in keys[:-1]:
        part = part[key]
    del part[keys[-1]]
    found = list(reference_rules(it))
    assert any(c.startswith(rule) for c in found), f'{rule} is not among {found}'


def check_export(path):
    """Opened without our code, and refused with other words."""
    data = path.read_bytes()
    files = open_export(data, 'seven small boats')
    manifest = json.loads(files['manifest.json'])
    assert manifest['format'] == 'bedside-export' and manifest['version'] == 1 and len(manifest['notes']) == 9
    for note in manifest['notes']:
        assert files[note['folder'] + '/note.pdf'].startswith(b'%PDF-')
        assert not complaints(json.loads(files[note['folder'] + '/note.fhir.json']))
        assert note['patient'] in files[note['folder'] + '/note.txt'].decode()
    assert manifest['files'] == len(files) - 2  # it counts neither itself nor the last list
    for broken in (data[:-1], data[:64], data + b'x', data[:100] + bytes([data[100] ^ 1]) + data[101:]):
        try:
            open_export(broken, 'seven small boats')
        except ValueError:
            continue
        raise AssertionError('a changed file was opened')


def check_opener(opener, path):
    """The program: a folder that only its owner reads, nothing left after a failure."""
    folder = path.parent / 'opened'
    wrong = subprocess.run([opener, path, folder], input='seven small boots\n', text=True, capture_output=True, timeout=60)
    assert wrong.returncode == 1 and not folder.exists() and wrong.stderr, wrong
    cut = path.parent / 'cut.bedside'
    cut.write_bytes(path.read_bytes()[:-70000])
    broken = subprocess.run([opener, cut, folder], input='seven small boats\n', text=True, capture_output=True, timeout=60)
    assert broken.returncode == 1 and not folder.exists(), broken
    done = subprocess.run([opener, path, folder], input='seven small boats\n', text=True, capture_output=True, timeout=60)
    assert done.returncode == 0, done
    for sums in folder.rglob('SHA256SUMS'):
        subprocess.run(['sha256sum', '-c', '--quiet', 'SHA256SUMS'], cwd=sums.parent, check=True, timeout=60)
    found = [p for p in folder.rglob('*') if p.is_file()]
    assert len(found) > 21 and all(p.stat().st_mode & 0o777 == 0o600 for p in found)
    assert folder.stat().st_mode & 0o777 == 0o700
    again = subprocess.run([opener, path, folder], input='seven small boats\n', text=True, capture_output=True, timeout=60)
    assert again.returncode == 1 and len([p for p in folder.rglob('*') if p.is_file()]) == len(found), again


def check_unknown_text(folder):
    words = 'the text was not known as one of the clinic’s'
    consent, = of_type(json.loads((folder / 'unknown-text.json').read_text()), 'Consent')
    forms = {'text': (folder / 'unknown-text.txt').read_text(), 'PDF': run('pdftotext', folder / 'unknown-text.pdf', '-'),
             'narrative': consent['text']['div'], 'title': consent['sourceAttachment']['title']}
    for form, text in forms.items():
        assert words in ' '.join(text.split()), (form, text)
    assert all(words not in (folder / f'short.{kind}').read_text() for kind in ('txt', 'json'))


def check_golden(folder, golden, name, update):
    made = (folder / name).read_text()
    if update:
        (golden / name).write_text(made)
    kept = (golden / name).read_text()
    for number, (a, b) in enumerate(zip(made.splitlines(), kept.splitlines()), 1):
        assert a == b, f'{name}:{number}: {a!r} is not {b!r}'
    assert made == kept, name


def cases(folder, opener, golden, update):
    yield 'export: opened by its description', lambda: check_export(folder / 'all.bedside')
    yield 'export: the program that opens it', lambda: check_opener(opener, folder / 'all.bedside')
    samples = sorted(p.stem for p in folder.glob('*.txt'))
    assert len(samples) == 9, samples
    yield 'unknown-text: each form says so', lambda: check_unknown_text(folder)
    for sample in samples:
        bundle = json.loads((folder / f'{sample}.json').read_text())
        yield f'{sample}: the document keeps every rule', lambda b=bundle: check_equal(complaints(b), [])
        yield f'{sample}: golden text', lambda s=sample: check_golden(folder, golden, f'{s}.txt', update)
        yield f'{sample}: golden document', lambda s=sample: check_golden(folder, golden, f'{s}.json', update)
        yield f'{sample}: text', lambda s=sample: check_text(folder / f'{s}.txt')
        yield f'{sample}: pages', lambda s=sample: check_pdf(folder / f'{s}.pdf', s)
        yield f'{sample}: pages on Letter', lambda s=sample: check_pdf(folder / f'{s}-letter.pdf', s)
        yield f'{sample}: document reference', lambda s=sample: check_reference(folder / f'{s}-reference.json')
    whole = json.loads((folder / 'long.json').read_text())
    for number, (rule, change) in enumerate(BROKEN):
        yield f'broken {number}: {rule}', lambda r=rule, c=change: check_broken(whole, r, c)
    reference = json.loads((folder / 'long-reference.json').read_text())
    for number, (rule, keys) in enumerate(BROKEN_REFERENCES):
        yield (f'broken reference {number}: {rule}',
               lambda r=rule, k=keys: check_broken_reference(reference, r, k))


def check_equal(a, b):
    assert a == b, f'{a} is not {b}'


def check_broken(whole, rule, change):
    bundle = copy.deepcopy(whole)
    change(bundle)
    found = complaints(bundle)
    assert any(c.startswith(rule) for c in found), f'{rule} is not among {found}'


def main():
    samples, opener, golden = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([samples, folder], check=True, timeout=60, env={**os.environ, 'LC_ALL': 'C.UTF-8'})
        failed = 0
        todo = list(cases(pathlib.Path(folder), opener, golden, '--update' in sys.argv))
        print(f'1..{len(todo)}')
        for number, (what, check) in enumerate(todo, 1):
            try:
                check()
                print(f'ok {number} {what}')
            except Exception as error:
                failed += 1
                print(f'not ok {number} {what}\n# {type(error).__name__}: {str(error)[:500]}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
