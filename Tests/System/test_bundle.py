"""Evidence bundles: what is in them, and that both checkers refuse whatever is not as it must be."""

import base64
import contextlib
import hashlib
import io
import json
import pathlib
import random
import subprocess
import sys
import tarfile
import tempfile
import unittest.mock

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import tamper
from ledger import ROOT, Ledger, LedgerTest, run, until

SCRIPT = ROOT / "Replay/Evidence/check.py"
SUMS = "SHA256SUMS"
COMPILED = compile(SCRIPT.read_text(), str(SCRIPT), "exec")


def contents(bundle):
    """The files of a bundle by their names, as Python's own library reads them."""
    with tarfile.open(fileobj=io.BytesIO(bundle)) as archive:
        return {member.name: archive.extractfile(member).read() for member in archive}


def packed(files):
    """A bundle of these files."""
    result = b""
    for name, content in files.items():
        info = tarfile.TarInfo(name)
        info.size = len(content)
        head = bytearray(info.tobuf(tarfile.USTAR_FORMAT))
        # Numbers of seven digits, and no numbers of devices.
        for place in (100, 108, 116):
            head[place:place + 8] = b"0000644\0" if place == 100 else b"0000000\0"
        head[329:345] = bytes(16)
        head[148:156] = b" " * 8
        head[148:156] = b"%06o\0 " % sum(head)
        result += bytes(head) + content + bytes(-len(content) % 512)
    return result + bytes(1024)


def summed(files):
    """The same files with right sums."""
    others = {name: content for name, content in files.items() if name != SUMS}
    lines = (f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in others.items())
    return others | {SUMS: "".join(lines).encode()}


class Bundles(LedgerTest):
    @classmethod
    def prepare(cls):
        ledger = cls.ledger
        cls.place = pathlib.Path(ledger.place.name)
        cls.client = ledger.add_client("Suspected client")
        cls.other = ledger.add_client("Bystander")
        for _ in range(20):
            token = cls.client.token()
            cls.other.token()
        cls.client.revoke(token)
        cls.key = cls.ledger.genesis["checkpoint_key"]
        # At SIGTERM the server signs for all that it wrote.
        ledger.stop()
        cls.checkpoint = (ledger.data / "checkpoint").read_bytes()
        cls.again = cls.make(cls.client.id)
        cls.bundle = cls.make(cls.client.id)
        cls.first_told = cls.told
        cls.files = contents(cls.bundle)
        ledger.start()

    @classmethod
    def make(cls, subject, *flags):
        path = cls.place / f"{subject}.bundle"
        answer = run("replay", "export", "--data", cls.ledger.data, "--subject", subject,
                     "--bundle", path, "--json", *flags)
        assert answer.returncode == 0, answer.stderr
        cls.told = json.loads(answer.stdout)
        cls.warned = answer.stderr
        return path.read_bytes()

    # The two checkers

    def program(self, bundle, *flags):
        path = self.place / "checked"
        path.write_bytes(bundle)
        return run("replay", "check", path, *flags)

    def script(self, bundle, *arguments):
        """The script that ships in bundles, in a process of its own."""
        path = self.place / "checked"
        path.write_bytes(bundle)
        return subprocess.run(
            [sys.executable, "-I", SCRIPT, path, *arguments], capture_output=True, text=True)

    def said_by_script(self, bundle, *arguments):
        """What the script says against a bundle, without a process; None if nothing."""
        path = self.place / "checked"
        path.write_bytes(bundle)
        with unittest.mock.patch("sys.argv", [str(SCRIPT), str(path), *arguments]):
            with contextlib.redirect_stdout(io.StringIO()):
                try:
                    exec(COMPILED, {"__doc__": ""})
                except SystemExit as end:
                    return end.code
        return None

    def assertRefused(self, bundle, file, key=None):
        """Both refuse a bundle with one line, and name the file if there is one to be named."""
        program = self.program(bundle, *(["--key", key] if key else []))
        script = self.said_by_script(bundle, *([key] if key else []))
        self.assertEqual((program.returncode, program.stderr), (1, ""), program)
        self.assertIsInstance(script, str)
        for text in (program.stdout.rstrip("\n"), script):
            self.assertRegex(text, "^[ -~]+$")
            if file:
                self.assertTrue(text.startswith(f"{file}: "), (text, file))

    def changed(self, name, change, sums=True):
        """The bundle with one file changed; its sums are right unless they are to be wrong."""
        files = self.files | {name: change(self.files[name])}
        self.assertNotEqual(files[name], self.files[name])
        return packed(summed(files) if sums else files)

    # What is in it

    def test_both_verify_it(self):
        for key in (None, self.key):
            program = self.program(self.bundle, *(["--key", key] if key else []))
            script = self.script(self.bundle, *([key] if key else []))
            self.assertEqual((program.returncode, program.stderr), (0, ""), program)
            self.assertEqual((script.returncode, script.stderr), (0, ""), script)
            self.assertEqual(program.stdout, script.stdout)
            self.assertEqual("WARNING" in program.stdout, key is None)
            self.assertIn(self.client.id, program.stdout)
        told = json.loads(self.program(self.bundle, "--json").stdout)
        self.assertEqual(
            {name: told[name] for name in ("events", "naming", "origin", "size", "subject")},
            {name: self.first_told[name] for name in ("events", "naming", "origin", "size", "subject")})
        self.assertEqual((told["key"], told["key_is_given"], told["notes"]), (self.key, False, []))

    def test_it_holds_every_event_that_names_the_subject(self):
        stored = {json.loads(line)["position"]: line for line in self.ledger.events()}
        size = self.first_told["size"]
        wanted = {position for position, line in stored.items()
                  if position < size and (f'"{self.client.id}"'.encode() in line or json.loads(
                      line)["type"] in ("ledger.created", "key.activated"))}
        held = {int(name[7:-5]): content for name, content in self.files.items()
                if name.startswith("events/")}
        self.assertEqual(set(held), wanted)
        self.assertTrue(all(held[position] == stored[position] for position in held))
        self.assertEqual((self.first_told["events"], self.first_told["left_out"]), (len(held), 0))
        self.assertGreaterEqual(self.first_told["naming"], 23)

    def test_what_stands_beside_the_events(self):
        files = self.files
        self.assertEqual(packed(files), self.bundle)
        self.assertEqual(summed(files), files)
        self.assertEqual(files["checkpoint"], self.checkpoint)
        self.assertEqual(files["verifier-key"].decode(), self.key + "\n")
        self.assertEqual(files["subject"].decode(), self.client.id + "\n")
        self.assertEqual(files["check.py"], SCRIPT.read_bytes())
        self.assertLess(len(files["check.py"].splitlines()), 150)
        self.assertEqual(
            json.loads(files["keys.json"]), self.ledger.request("GET", "/.well-known/jwks.json").json)
        for name in files:
            if name.startswith("schemas/"):
                self.assertEqual(files[name], (ROOT / "Schemas/events" / name[8:]).read_bytes())
        with tempfile.TemporaryDirectory() as place:
            subprocess.run(["tar", "xf", "-", "-C", place], input=self.bundle, check=True)
            subprocess.run(["sha256sum", "--check", "--quiet", "--strict", SUMS], cwd=place, check=True)

    def test_the_same_again_is_the_same(self):
        self.assertEqual(self.again, self.bundle)

    def test_of_other_things(self):
        for subject in (self.client.secret_id, self.ledger.genesis["project"],
                        self.ledger.genesis["account"]):
            bundle = self.make(subject)
            self.assertEqual(self.program(bundle, "--key", self.key).returncode, 0)
            self.assertEqual(self.script(bundle, self.key).returncode, 0)

    def test_what_no_checkpoint_covers_is_left_out_loudly(self):
        client = self.ledger.add_client("Newest client")
        client.token()
        path = self.place / "newest.bundle"
        checkpoint = self.ledger.data / "checkpoint"

        def covered():
            return int(checkpoint.read_text().split("\n")[1]) >= len(self.ledger.events())
        until(covered, "a checkpoint of all events")
        old = checkpoint.read_bytes()
        client.token()
        until(lambda: checkpoint.read_bytes() != old, "a newer checkpoint")
        new = checkpoint.read_bytes()
        self.ledger.kill()
        try:
            checkpoint.write_bytes(old)
            self.make(client.id)
            self.assertEqual(self.told["left_out"], 1)
            self.assertIn("WARNING: 1 newer event", self.warned)
            absent = run("replay", "export", "--data", self.ledger.data, "--bundle", path,
                         "--subject", "cli_01m7zg1k2pemnbkj40k6mgnj8b")
            self.assertEqual((absent.returncode, absent.stdout, path.exists()), (1, "", False))
        finally:
            checkpoint.write_bytes(new)
            self.ledger.start()

    def test_a_log_that_contradicts_its_checkpoint_has_no_bundle(self):
        checkpoint = self.ledger.data / "checkpoint"
        good = checkpoint.read_bytes()
        self.ledger.stop()
        try:
            for damaged in (good.replace(b"\n", b"0\n", 2), good[:-9] + b"AAAAAAA=\n", b""):
                checkpoint.write_bytes(damaged)
                answer = run("replay", "export", "--data", self.ledger.data, "--subject",
                             self.client.id, "--bundle", self.place / "none")
                self.assertEqual((answer.returncode, answer.stdout), (1, ""), answer)
                self.assertFalse((self.place / "none").exists())
        finally:
            checkpoint.write_bytes(good)
            self.ledger.start()

    # What is refused

    def test_every_part_of_an_event_and_its_proof(self):
        event = next(name for name in self.files if name.startswith("events/")
                     and b"token.issued" in self.files[name])
        proof = event.replace("events", "proofs").replace(".json", ".tlog-proof")
        other = [name for name in self.files if name.startswith("proofs/") and name != proof][-1]
        self.assertRefused(self.changed(event, lambda old: old.replace(b'"exp":1', b'"exp":2')), proof)
        told = json.loads(self.program(self.changed(event, lambda old: old[1:]), "--json").stdout)
        self.assertEqual((told.pop("verified"), told.pop("file")), (False, event))
        self.assertEqual(list(told), ["fault"])
        self.assertRefused(self.changed(event, lambda old: old.replace(b'":"', b'": "', 1)), event)
        self.assertRefused(self.changed(event, lambda old: old + b"\n"), event)
        self.assertRefused(
            self.changed(event, lambda old: old.replace(b'"position":', b'"position":"\\u001b[2J\\n",')),
            None)
        self.assertRefused(self.changed(event, lambda old: b'{"position":"\\u001b[2J","type":"x"}'), event)
        self.assertRefused(
            self.changed(event, lambda old: old.replace(b'"position":', b'"position":1')), event)
        self.assertRefused(self.changed(event, lambda old: old[:-1]), event)
        self.assertRefused(self.changed(event, lambda old: b"\xff" + old), event)
        self.assertRefused(self.changed(proof, lambda old: self.files[other]), proof)
        self.assertRefused(self.changed(proof, lambda old: old.replace(b"index ", b"index 1")), proof)
        lines = self.files[proof].split(b"\n")
        for damaged in (lines[:2] + lines[3:], lines[:2] + lines[2:3] + lines[2:],
                        lines[:2] + [lines[3], lines[2]] + lines[4:], [b"x"] + lines[1:],
                        lines[:1] + [b"extra AAAA"] + lines[1:], lines[:-2]):
            self.assertRefused(self.changed(proof, lambda old: b"\n".join(damaged)), proof)

    def test_another_key_another_log_another_subject(self):
        with self.foreign() as (key, bundle):
            self.assertEqual(self.program(bundle, "--key", key).returncode, 0)
            self.assertRefused(bundle, "verifier-key", self.key)
            self.assertRefused(self.bundle, "verifier-key", key)
            foreign = contents(bundle)
            for name in ("checkpoint", "verifier-key"):
                damaged = packed(summed(self.files | {name: foreign[name]}))
                self.assertRefused(damaged, "checkpoint")
            both = {name: foreign[name] for name in ("checkpoint", "verifier-key")}
            self.assertRefused(packed(summed(self.files | both)), None)
        other = (self.other.id + "\n").encode()
        self.assertRefused(self.changed("subject", lambda old: other), None)
        self.assertRefused(self.changed("subject", lambda old: old[:-1]), "subject")
        self.assertRefused(self.changed("subject", lambda old: b"cli_.*\n"), "subject")

    @staticmethod
    @contextlib.contextmanager
    def foreign():
        """A bundle of another log, and that log's key."""
        with Ledger() as ledger:
            ledger.stop()
            path = pathlib.Path(ledger.place.name) / "bundle"
            answer = run("replay", "export", "--data", ledger.data, "--bundle", path,
                         "--subject", ledger.genesis["client_id"])
            assert answer.returncode == 0, answer.stderr
            yield ledger.genesis["checkpoint_key"], path.read_bytes()

    def test_whoever_signs_for_it_events_are_events(self):
        """A log of one's own, rightly signed: no numbers that the log cannot have, no type whose
        schema would be unpacked elsewhere."""
        created, subject = self.files["events/0.json"], self.client.id
        for change, is_good in (
                ({}, True), ({"data": {"n": 1.5}}, False), ({"data": {"n": float("nan")}}, False),
                ({"type": "../x"}, False), ({"type": "a/b"}, False), ({"type": ""}, False),
                ({"revision": "/../x"}, False), ({"revision": 0}, False)):
            event = {"data": {}, "position": 1, "revision": 1, "subject": subject, "type": "odd.thing"}
            event |= change
            stored = json.dumps(event, sort_keys=True, separators=(",", ":")).encode()
            with self.subTest(change=change):
                bundle = self.signed([created, stored], f"{event['type']}.{event['revision']}")
                if is_good:
                    self.assertEqual(self.program(bundle).returncode, 0)
                    self.assertIsNone(self.said_by_script(bundle))
                else:
                    self.assertRefused(bundle, "events/1.json")

    def signed(self, events, schema):
        """The bundle of two events of a log that a new key signs for."""
        with tempfile.TemporaryDirectory() as place:
            data = pathlib.Path(place)
            (data / "keys").mkdir()
            (data / "checkpoint").write_bytes(self.checkpoint)
            tamper.sign(data, events)
            checkpoint = (data / "checkpoint").read_bytes()
            name, key_id, seed = (data / "keys/checkpoint").read_text().split("+", 2)[2].split("+", 2)
        public = Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed)[1:]).public_key()
        material = b"\1" + public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        files = {each: self.files[each] for each in ("README.txt", "check.py")}
        files |= {"checkpoint": checkpoint, "subject": self.files["subject"], "verifier-key":
                  f"{name}+{key_id}+{base64.b64encode(material).decode()}\n".encode()}
        for position, event in enumerate(events):
            other = base64.b64encode(tamper.leaf(events[1 - position])).decode()
            files[f"events/{position}.json"] = event
            files[f"proofs/{position}.tlog-proof"] = (
                f"c2sp.org/tlog-proof@v1\nindex {position}\n{other}\n\n".encode() + checkpoint)
        files["keys.json"] = b'{"keys":[]}'
        for each in sorted({"envelope", "values", "ledger.created.1", schema}):
            files[f"schemas/{each}.schema.json"] = b"{}"
        return packed(summed(files))

    def test_the_checkpoint_and_the_key(self):
        for change in (lambda old: old.replace(b"\n", b"x\n", 1), lambda old: old.replace(b"=", b"A"),
                       lambda old: old[:-1], lambda old: old + b"\n", lambda old: b"",
                       lambda old: old.replace(b"\n\n", b"\nmore\n\n")):
            self.assertRefused(self.changed("checkpoint", change), "checkpoint")
        for change in (lambda old: old[:-1], lambda old: b"x" + old, lambda old: b"",
                       lambda old: old.replace(b"+", b"+0", 1), lambda old: old[:-2] + b"\n"):
            self.assertRefused(self.changed("verifier-key", change), None)

    def test_a_file_too_few_or_too_many(self):
        for name in self.files:
            files = {other: content for other, content in self.files.items() if other != name}
            event = name.startswith("events/")
            self.assertRefused(packed(files), None if event else name)
            if event:
                self.assertRefused(packed(summed(files)), name.replace("events", "proofs").replace(
                    ".json", ".tlog-proof"))
            elif name != SUMS:
                self.assertRefused(packed(summed(files)), name)
        for name in ("notes.txt", "events/7", "schemas/x.schema.json", "../x", "proofs/99999.tlog-proof"):
            files = {name: b"{}"} | self.files
            self.assertRefused(packed(summed(files)), None)
            self.assertRefused(packed(self.files | {name: b"{}"}), name if name != "events/7" else None)
        self.assertRefused(packed(dict(reversed(self.files.items()))), None)

    def test_a_size_below_nothing(self):
        """An octal number may have a sign; the sum of the header is right."""
        head = bytearray(self.bundle[:512])
        size = int(head[124:135], 8)
        head[124:135] = b"-0000000001"
        head[148:156] = b" " * 8
        head[148:156] = b"%06o\0 " % sum(head)
        rest = self.bundle[512 + size + -size % 512:]
        self.assertRefused(bytes(head) + rest, "README.txt")

    def test_one_that_was_cut_is_called_so(self):
        place = self.bundle.index(self.files["check.py"])
        cut = self.bundle[:place + 1000]
        self.assertRefused(cut, None)
        self.assertEqual(self.program(cut).stdout, "check.py: is not whole\n")
        self.assertEqual(self.said_by_script(cut), "the archive: does not end as it must")

    def test_random_damage(self):
        """Bits, bytes, pieces: whatever a damage does to the file, both refuse it."""
        seed = random.randrange(1 << 32)
        chance = random.Random(seed)
        for number in range(150):
            damaged = bytearray(self.bundle)
            place = chance.randrange(len(damaged))
            match chance.randrange(5):
                case 0: damaged[place] ^= 1 << chance.randrange(8)
                case 1: damaged[place] = (damaged[place] + chance.randrange(1, 256)) % 256
                case 2: del damaged[place:place + chance.choice([1, 512, 1024])]
                case 3: damaged[place:place] = chance.randbytes(chance.choice([1, 512]))
                case 4: damaged = damaged[:place]
            with self.subTest(seed=seed, number=number):
                self.assertRefused(bytes(damaged), None)

    def test_flipped_bits_with_right_sums(self):
        """A bit of any file but the words, with sums that say it belongs there: both name the file."""
        seed = random.randrange(1 << 32)
        chance = random.Random(seed)
        silent = ("README.txt", "check.py", SUMS)
        names = [name for name in self.files if name not in silent and "schemas/" not in name]
        for number, name in enumerate(chance.choices(names, k=150)):
            content = bytearray(self.files[name])
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
            with self.subTest(seed=seed, number=number, name=name):
                self.assertRefused(packed(summed(self.files | {name: bytes(content)})), None)

    def test_words_that_are_other_are_noted(self):
        for name in ("README.txt", "check.py", next(name for name in self.files if name.startswith("schemas/"))):
            changed = self.changed(name, lambda old: old + b" ")
            told = json.loads(self.program(changed, "--json").stdout)
            self.assertEqual([note.split()[0] for note in told["notes"]], [name])
            self.assertEqual(self.script(changed).returncode, 0)

    def test_wrong_calls(self):
        for flags in (["--bundle", "x"], ["--bundle", "", "--subject", self.client.id],
                      ["--bundle", "x", "--subject", self.client.id, "--format", "csv"]):
            answer = run("replay", "export", "--data", self.ledger.data, *flags)
            self.assertEqual((answer.returncode, answer.stdout), (2, ""), flags)
        self.assertEqual(run("replay", "check").returncode, 2)
        self.assertEqual(run("replay", "check", "x", "--key", "y").returncode, 2)
        self.assertEqual(run("replay", "check", "/nowhere").returncode, 3)
        self.assertEqual(subprocess.run([sys.executable, SCRIPT], capture_output=True).returncode, 1)
