"""A replay repeats nothing: no command speaks to anybody, changes a log, or leaves files about."""

import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import lmdb

from ledger import PROGRAM, Ledger, run


def stored(data):
    """Every event, tile and word of a journal that no server has."""
    with lmdb.open(str(data / "journal"), max_dbs=8, readonly=True, lock=False,
                   map_size=1 << 40) as environment:
        tables = {}
        for name in (b"events", b"tiles", b"meta"):
            table = environment.open_db(name, create=False)
            with environment.begin(table) as transaction:
                tables[name] = [(bytes(key), bytes(value)) for key, value in transaction.cursor()]
        return tables


class SideEffects(unittest.TestCase):
    def setUp(self):
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="tallystick-effects-"))
        self.addCleanup(shutil.rmtree, self.place)
        self.scratch = self.place / "tmp"
        self.scratch.mkdir()
        self.ledger = Ledger(inside=self.place)
        self.addCleanup(self.ledger.close)
        self.client = self.ledger.add_client("Charged")
        self.token = self.client.token()
        revoked = self.client.token()
        self.assertEqual(self.client.revoke(revoked).status, 200)
        self.revoked = revoked

    def commands(self, events):
        """Every command of replay, with what it needs."""
        data, end = ["--data", self.ledger.data], str(events[-1]["position"])
        token = next(event["subject"] for event in events if event["type"] == "token.issued")
        client = self.ledger.genesis["client_id"]
        return {
            "verify": data, "rebuild": data, "compare": data,
            "as-of": [*data, "--position", end], "diff": [*data, "0", end],
            "history": [*data, client], "explain": [*data, token],
            "impact": [*data, "--client", client],
            "export": [*data, "--output", self.place / "export"], "check": [self.place / "bundle"],
            "backup": [*data, "--to", self.place / "backup"],
            "restore": ["--from", self.place / "backup", "--data", self.place / "restored"],
            "import": ["--data", self.place / "imported", self.place / "export"],
        }

    def trace(self, *command):
        """What a program does with the network, and how it ended."""
        file = self.place / "trace"
        result = subprocess.run(
            ["strace", "-f", "-qq", "-o", file, "-e", "trace=network", "-e", "signal=none",
             *map(str, command)],
            capture_output=True, text=True, timeout=60, env=os.environ | {"TMPDIR": str(self.scratch)})
        lines = file.read_text().splitlines()
        file.unlink()
        return lines, result

    #: What a command makes, and where.
    MAKES = {"export": "export", "backup": "backup", "restore": "restored", "import": "imported"}

    def test_commands(self):
        """Under strace: no socket is made, no event appended, nothing written outside its place."""
        self.ledger.stop()
        before = stored(self.ledger.data)
        events = [json.loads(event) for _, event in before[b"events"]]
        bundle = run("replay", "export", "--data", self.ledger.data, "--bundle",
                     self.place / "bundle", "--subject", self.ledger.genesis["client_id"])
        self.assertEqual(bundle.returncode, 0, bundle.stderr)
        table = self.commands(events)
        listed = re.findall(r"^  (\S+) +\S", run("replay", "--help").stdout, re.M)
        self.assertEqual(sorted(listed), sorted(table))
        self.assertTrue(self.trace("python3", "-c", "import socket; socket.socket()")[0])
        for name, arguments in table.items():
            with self.subTest(name):
                files = self.files()
                lines, result = self.trace(PROGRAM, "replay", name, *arguments)
                self.assertIn(result.returncode, (0, 1), result.stderr)
                self.assertEqual(lines, [])
                made = {self.MAKES[name]} if name in self.MAKES else set()
                self.assertEqual(self.files() - files, made)
                self.assertEqual(files - self.files(), set())
                self.assertEqual(stored(self.ledger.data), before)
        self.assertEqual(stored(self.place / "restored"), before)
        self.assertEqual(stored(self.place / "imported"), before)

    def files(self):
        """What there is beside the ledger, and in it apart from state and the locks of LMDB."""
        ledger = self.ledger.data.relative_to(self.place)
        found = {path.name for path in self.place.iterdir()}
        found |= {f"tmp/{path.name}" for path in self.scratch.iterdir()}
        for path in self.ledger.data.rglob("*"):
            inside = path.relative_to(self.ledger.data)
            if path.is_file() and inside.parts[0] in ("keys", "checkpoint", "vault"):
                found.add(f"{ledger}/{inside} {hashlib.sha256(path.read_bytes()).hexdigest()}")
        return found

    def test_restored_ledger(self):
        """What happened once is there once: charges, revocations, tokens; serving adds nothing."""
        charges = self.ledger.get("/charges", per_page="all")
        self.ledger.stop()
        before = stored(self.ledger.data)[b"events"]
        copy, restored = self.place / "backup", self.place / "restored"
        for command in (["backup", "--data", self.ledger.data, "--to", copy],
                        ["restore", "--from", copy, "--data", restored,
                         "--keys", self.ledger.data / "keys"]):
            result = run("replay", *command)
            self.assertEqual(result.returncode, 0, result.stderr)
        self.ledger.data = restored
        self.ledger.start()
        self.ledger.stop()
        self.assertEqual(stored(restored)[b"events"], before)
        self.ledger.start()
        self.assertEqual(self.ledger.get("/charges", per_page="all"), charges)
        self.assertEqual(len(charges["items"]), charges["total"])
        self.assertFalse(self.client.introspect(self.revoked)["active"])
        self.assertTrue(self.client.introspect(self.token)["active"])
        self.ledger.check()


if __name__ == "__main__":
    unittest.main()
