"""The recorded ledgers, read by programs that know nothing of the ledger's own: hashlib and
python-jsonschema."""

import base64
import hashlib
import json
import unittest

from ledger import ROOT
from test_schemas import FILES, SHARED, canonical, problems

CORPUS = ROOT / "Replay/Corpus"
LOGS = {path.stem: path.read_bytes().splitlines() for path in sorted(CORPUS.glob("*.ndjson"))}


def root(leaves):
    """The tree head of record hashes (RFC 6962 §2.1)."""
    if len(leaves) == 1:
        return leaves[0]
    left = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + root(leaves[:left]) + root(leaves[left:])).digest()


class Corpus(unittest.TestCase):
    def test_every_event_is_canonical_and_of_its_schema(self):
        for name, lines in LOGS.items():
            for position, line in enumerate(lines):
                event = json.loads(line)
                self.assertEqual(event["position"], position, name)
                self.assertEqual(canonical(event), line, f"{name} {position}")
                self.assertEqual(problems(event), [], f"{name} {position}")

    def test_roots(self):
        for name, lines in LOGS.items():
            leaves = [hashlib.sha256(b"\x00" + line).digest() for line in lines]
            points = json.loads((CORPUS / f"{name}.points.json").read_text())
            self.assertEqual(points[-1]["size"], len(lines), name)
            for point in points:
                computed = base64.b64encode(root(leaves[:point["size"]])).decode()
                self.assertEqual(computed, point["root"], f"{name} {point['size']}")

    def test_every_type_and_revision_is_there(self):
        known = {name.removesuffix(".schema.json") for name in FILES.keys() - SHARED}
        events = [json.loads(line) for lines in LOGS.values() for line in lines]
        self.assertEqual({f"{event['type']}.{event['revision']}" for event in events}, known)
