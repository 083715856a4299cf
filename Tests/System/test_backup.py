"""Backup, restore and import: every byte there, every damage found, nothing done twice."""

import base64
import json
import random
import shutil
import subprocess
import unittest

import lmdb

from backup_case import BackupCase
from checkpoints import open_checkpoint, record_hash, root
from ledger import PROGRAM, Ledger, run, until
from static_log import read_log


class BackupTest(BackupCase):
    def back_up(self, *flags, status=0):
        result = run("replay", "backup", "--data", self.ledger.data, "--to", self.copy, "--json", *flags)
        self.assertEqual(result.returncode, status, result.stderr)
        return json.loads(result.stdout) if status == 0 else result.stderr

    def restore(self, *flags, to="restored", status=0):
        result = run(
            "replay", "restore", "--from", self.copy, "--data", self.place / to, "--json", *flags)
        self.assertEqual(result.returncode, status, result)
        if status == 0:
            return json.loads(result.stdout)
        self.assertFalse((self.place / to).exists())
        return result.stderr

    def tokens(self, count):
        for _ in range(count):
            self.client.token()

    def files(self):
        return {
            path.relative_to(self.copy): path.read_bytes()
            for path in self.copy.rglob("*") if path.is_file()
        }

    def stored(self, data):
        """Every event of a ledger that no server has."""
        with lmdb.open(str(data / "journal"), max_dbs=8, readonly=True, lock=False,
                       map_size=1 << 40) as environment:
            events = environment.open_db(b"events", create=False)
            with environment.begin(events) as transaction:
                return [bytes(value) for _, value in transaction.cursor()]


class Backup(BackupTest):
    def test_static_log(self):
        """What is on disk is the log, by the hashes of other hands."""
        self.tokens(300)
        report = self.back_up()
        lines = self.ledger.events(limit=1000)[:report["events"]]
        events, hashes = read_log(self.copy, report["events"])
        self.assertEqual(events[:len(lines)], lines)
        self.assertEqual(hashes, b"".join(map(record_hash, events)))
        self.assertEqual(base64.b64decode(report["root"]), root([record_hash(event) for event in events]))
        self.assertEqual(json.loads(events[-1])["recorded"], report["recorded"])
        manifest = json.loads((self.copy / "backup.json").read_text())
        self.assertEqual(manifest["root"], report["root"])
        self.assertEqual(report["added"], report["events"])
        self.ledger.check()

    def test_links_and_sizes_that_somebody_left(self):
        """Neither leads a run elsewhere or ends it; a backup that was only begun has no events."""
        (self.place / "precious").write_text("precious")
        self.copy.mkdir()
        (self.copy / ".unfinished").symlink_to(self.place / "precious")
        self.back_up()
        self.assertEqual((self.place / "precious").read_text(), "precious")
        width = json.loads((self.copy / "backup.json").read_text())["events"]
        with open(self.copy / f"tile/entries/000.p/{width}", "ab") as file:
            file.truncate(1 << 42)
        self.assertIn("bytes", self.restore(status=1))
        empty = {"events": 0, "format": 1, "keys": None, "recorded": None,
                 "root": base64.b64encode(root([])).decode()}
        (self.copy / "checkpoint").unlink()
        (self.copy / "backup.json").write_text(json.dumps(empty, separators=(",", ":")) + "\n")
        self.assertIn("holds 0 events", self.restore("--position", "0", status=2))

    def test_second_run(self):
        """Only what is new is written; full files never change; outgrown ones go."""
        self.tokens(300)
        first = self.back_up()
        before = self.files()
        self.assertEqual(self.back_up()["added"], 0)
        self.tokens(250)
        second = self.back_up()
        self.assertEqual(second["added"], second["events"] - first["events"])
        after = self.files()
        for path, content in before.items():
            if ".p" not in str(path) and path.parts[0] == "tile":
                self.assertEqual(after[path], content)
        sizes = (second["events"], second["checkpoint"])
        widths = {size >> shift & 255 for size in sizes for shift in (0, 8)}
        self.assertLessEqual(
            {int(path.name) for path in after if path.parent.suffix == ".p"}, widths)
        self.assertEqual(self.restore()["root"], second["root"])

    def test_other_ledger(self):
        self.back_up()
        with Ledger() as other:
            mine, self.ledger = self.ledger, other
            self.assertIn("another ledger", self.back_up(status=1))
            self.ledger = mine
        kept = self.files()
        (self.place / "odd").mkdir()
        (self.place / "odd" / "file").touch()
        self.copy, copy = self.place / "odd", self.copy
        self.assertIn("not empty", self.back_up(status=2))
        self.copy = copy
        self.assertEqual(self.files(), kept)

    def test_other_past(self):
        """A backup is not continued from a log that lost events, or went another way since."""
        self.tokens(3)
        self.back_up()
        self.ledger.stop()
        shutil.copytree(self.copy, self.place / "older")
        self.ledger.start()
        self.tokens(3)
        self.back_up()
        newer, self.copy = self.copy, self.place / "older"
        self.restore("--keys", self.ledger.data / "keys", to="rolled back")
        self.ledger.stop()
        self.ledger.data = self.place / "rolled back"
        self.copy = newer
        self.assertIn("lost some since", self.back_up(status=1))
        self.ledger.start()
        self.tokens(10)
        self.assertIn("are not those", self.back_up(status=1))


class Restore(BackupTest):
    def test_whole(self):
        """The same bytes and the same root, and a server that goes on where the other stopped."""
        self.tokens(5)
        token = self.client.token()
        self.back_up()
        self.ledger.stop()
        status, digest = self.ledger.replay("compare")
        report = self.restore("--keys", self.ledger.data / "keys")
        restored = self.place / "restored"
        self.assertEqual(self.stored(restored), self.stored(self.ledger.data))
        self.ledger.data = restored
        self.ledger.start()
        self.assertTrue(self.client.introspect(token)["active"])
        self.client.token()
        self.ledger.check()

    def test_up_to_a_command(self):
        """To each position: whole commands only, and the neighbours of the others are named."""
        self.back_up()
        self.ledger.stop()
        (self.copy / "checkpoint").unlink()
        events = [json.loads(event) for event in self.stored(self.ledger.data)]
        ends = [e["position"] for e in events if "part" not in e or e["part"][0] == e["part"][1] - 1]
        self.assertLess(len(ends), len(events))
        for event in events:
            position = event["position"]
            if position in ends:
                to = f"to{position}"
                self.assertEqual(
                    self.restore("--position", str(position), to=to)["events"], position + 1)
                self.assertEqual(
                    self.stored(self.place / to), self.stored(self.ledger.data)[:position + 1])
                verified = run("replay", "verify", "--data", self.place / to)
                self.assertIn(
                    f"{position + 1} events are good; the checkpoint is missing", verified.stdout)
            else:
                said = self.restore("--position", str(position), status=2)
                before = max((end for end in ends if end < position), default=None)
                after = min(end for end in ends if end > position)
                words = f"restore to {after}" if before is None else f"restore to {before} or to {after}"
                self.assertIn(words, said)
        self.assertIn("the last at", self.restore("--position", str(len(events)), status=2))

    def test_up_to_a_time(self):
        self.tokens(3)
        self.back_up()
        self.ledger.stop()
        (self.copy / "checkpoint").unlink()
        events = [json.loads(event) for event in self.stored(self.ledger.data)]
        times = sorted({event["recorded"] for event in events})
        for number, time in enumerate(times):
            expected = sum(event["recorded"] <= time for event in events)
            report = self.restore("--time", time, to=f"at{number}")
            self.assertEqual(report["events"], expected)
        self.assertEqual(self.restore("--time", "2100-01-01T00:00:00Z")["events"], len(events))
        self.assertIn("nothing was recorded", self.restore("--time", "2001-01-01T00:00:00Z", to="no", status=2))

    def test_place(self):
        """Into a directory that is missing or empty, and nowhere else."""
        self.back_up()
        (self.place / "restored").mkdir()
        self.restore()
        result = run("replay", "restore", "--from", self.copy, "--data", self.place / "restored")
        self.assertEqual(result.returncode, 2)
        self.assertIn("not empty", result.stderr)
        result = run("replay", "restore", "--from", self.place, "--data", self.place / "other")
        self.assertEqual((result.returncode, (self.place / "other").exists()), (3, False))

    def test_damage(self):
        """One flipped bit in any file, one file missing or torn: named, and nothing restored."""
        self.tokens(300)
        self.back_up()
        self.ledger.stop()
        keys = ("--keys", self.ledger.data / "keys")
        generator = random.Random(5)
        for path, content in sorted(self.files().items()):
            file = self.copy / path
            bit = generator.randrange(len(content) * 8)
            flipped = bytearray(content)
            flipped[bit // 8] ^= 1 << bit % 8
            for damage in (bytes(flipped), content[:-1], content + b"\0", None):
                with self.subTest(path, bit=bit, size=None if damage is None else len(damage)):
                    if damage is None and path.name == "checkpoint":
                        continue
                    file.unlink() if damage is None else file.write_bytes(damage)
                    status = 3 if damage is None and path.name == "backup.json" else 1
                    self.assertIn(path.name, self.restore(*keys, status=status))
                    file.write_bytes(content)
        self.restore(*keys)


class Checkpoints(BackupTest):
    def signed(self, size):
        """The checkpoint of the running server, once it covers so many events."""
        def read():
            note = (self.ledger.data / "checkpoint").read_bytes()
            return note if int(note.split(b"\n")[1]) >= size else None
        return until(read, f"a checkpoint of {size} events")

    def test_copied(self):
        """The backup has the newest one, and every file that its readers ask for."""
        self.tokens(3)
        size = self.back_up()["events"]
        self.signed(size)
        self.tokens(300)
        note = self.signed(size + 1)
        report = self.back_up()
        self.assertEqual((self.copy / "checkpoint").read_bytes()[:20], note[:20])
        checkpoint = open_checkpoint(
            (self.copy / "checkpoint").read_bytes(), self.ledger.genesis["checkpoint_key"])
        self.assertEqual(checkpoint.size, report["checkpoint"])
        events, hashes = read_log(self.copy, checkpoint.size)
        self.assertEqual(len(events), checkpoint.size)
        self.assertEqual(hashes, b"".join(map(record_hash, events)))
        self.assertEqual(checkpoint.root, root([record_hash(event) for event in events]))

    def test_signed_for_more(self):
        """A copy that would contradict what was signed is refused, or goes on as another log."""
        self.tokens(2)
        size = self.back_up()["events"]
        self.tokens(2)
        newest = self.place / "newest"
        newest.write_bytes(self.signed(size + 1))
        self.ledger.stop()
        keys = ("--keys", self.ledger.data / "keys")
        self.assertIn("--origin", self.restore(*keys, "--checkpoint", newest, status=1))
        position = ("--position", str(size - 2))
        (self.copy / "checkpoint").write_bytes((self.ledger.data / "checkpoint").read_bytes())
        self.assertIn("was signed for", self.restore(*keys, status=1))
        (self.copy / "checkpoint").unlink()
        self.assertIn("--checkpoint", self.restore(*keys, "--origin", "copy.example", status=2))
        for origin, said in [("a b", "origin"), (self.ledger.genesis["origin"], "is the origin")]:
            self.assertIn(said, self.restore(
                *keys, *position, "--checkpoint", newest, "--origin", origin, status=2))
        report = self.restore(
            *keys, *position, "--checkpoint", newest, "--origin", "copy.example")
        self.assertEqual((report["events"], report["origin"]), (size, "copy.example"))
        restored = self.place / "restored"
        *before, last = self.stored(restored)
        self.assertEqual(before, self.stored(self.ledger.data)[:size - 1])
        event = json.loads(last)
        self.assertEqual(event["type"], "ledger.continued")
        note = newest.read_text().split("\n")
        self.assertEqual(event["data"], {
            "origin": "copy.example",
            "previous": {"origin": note[0], "size": int(note[1]), "root": note[2]}})
        self.assertNotEqual(
            (restored / "keys" / "checkpoint").read_bytes(),
            (self.ledger.data / "keys" / "checkpoint").read_bytes())
        self.ledger.data = restored
        self.ledger.start()
        self.client.token()
        text = self.ledger.request("GET", "/log/key").body.decode()
        self.assertIn("copy.example+", text)
        self.ledger.check()

    def test_other_past(self):
        """A log that went another way than a checkpoint that somebody kept."""
        self.back_up()
        with Ledger() as other:
            note = other.data / "checkpoint"
            said = self.restore("--keys", self.ledger.data / "keys", "--checkpoint", note, status=1)
            self.assertIn("no checkpoint of this log", said)
            self.assertIn("other events", self.restore("--checkpoint", note, status=1))
        note = self.place / "note"
        note.write_text("no note")
        self.assertIn("holds no checkpoint", self.restore("--checkpoint", note, status=1))

    def test_stale_backup_put_back(self):
        """An older log under a newer checkpoint: the server does not start."""
        self.tokens(2)
        size = self.back_up()["events"]
        self.tokens(2)
        self.signed(size + 1)
        self.ledger.stop()
        self.restore("--keys", self.ledger.data / "keys")
        newest = (self.ledger.data / "checkpoint").read_bytes()
        restored = self.place / "restored"
        (restored / "checkpoint").write_bytes(newest)
        served = run("serve", "--data", restored, "--listen", "127.0.0.1:0")
        self.assertEqual(served.returncode, 1, served)
        self.assertIn("contradicts", served.stderr)
        self.assertIn(newest.split(b"\n")[2].decode(), served.stderr)

    def test_checkpoint_that_the_log_contradicts(self):
        """Nothing is backed up of a ledger that is not the one that was signed for."""
        self.tokens(1)
        self.back_up()
        self.ledger.stop()
        file = self.ledger.data / "checkpoint"
        note = file.read_bytes()
        for damaged in (note.replace(b"\n", b"1\n", 2), note[:-5], b""):
            file.write_bytes(damaged)
            self.assertIn("checkpoint", self.back_up(status=1))
        with Ledger(start=False) as other:
            file.write_bytes((other.data / "checkpoint").read_bytes())
            self.assertIn("no checkpoint of this log", self.back_up(status=1))
        file.write_bytes(note)
        self.back_up()


class Keys(BackupTest):
    def certificate(self, kind, *options):
        key, certificate = self.place / f"{kind}.key", self.place / f"{kind}.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", kind, *options, "-nodes", "-keyout", key, "-out",
             certificate, "-subj", "/CN=Backup", "-days", "2"], check=True, capture_output=True)
        return certificate, key

    def test_encrypted(self):
        """To a certificate, whose owner opens them with OpenSSL's own tool as well as with ours."""
        keys = {path.name: path.read_bytes() for path in (self.ledger.data / "keys").iterdir()}
        for kind, options in [("ec", ["-pkeyopt", "ec_paramgen_curve:P-256"]), ("rsa:2048", [])]:
            certificate, key = self.certificate(kind, *options)
            self.assertEqual(self.back_up("--recipient", certificate)["keys"], "encrypted")
            message = (self.copy / "keys.cms").read_bytes()
            for content in keys.values():
                self.assertNotIn(content.strip()[-20:], message)
            opened = self.place / f"opened-{kind}"
            opened.mkdir()
            subprocess.run(
                f"openssl cms -decrypt -inform PEM -in {self.copy}/keys.cms -inkey {key} | "
                f"tar x -C {opened}", shell=True, check=True)
            self.assertEqual({path.name: path.read_bytes() for path in opened.iterdir()}, keys)
            report = self.restore("--recipient-key", key, to=f"restored-{kind}")
            self.assertTrue(report["keys"])
            folder = self.place / f"restored-{kind}" / "keys"
            self.assertEqual({path.name: path.read_bytes() for path in folder.iterdir()}, keys)
            self.assertEqual({path.stat().st_mode & 0o777 for path in folder.iterdir()}, {0o600})
        refused = self.restore("--recipient-key", self.place / "ec.key", status=1)
        self.assertIn(f"keys.cms does not open with {self.place}/ec.key: decrypting", refused)
        self.ledger.stop()
        self.ledger.data = self.place / "restored-ec"
        self.ledger.start()
        self.client.token()
        self.ledger.check()

    def test_excluded(self):
        """Loudly: and a server says what it lacks."""
        report = run("replay", "backup", "--data", self.ledger.data, "--to", self.copy)
        self.assertEqual(report.returncode, 0)
        self.assertIn("THE KEYS ARE NOT IN THIS BACKUP", report.stderr)
        self.assertFalse((self.copy / "keys.cms").exists())
        self.assertIsNone(json.loads((self.copy / "backup.json").read_text())["keys"])
        result = run("replay", "restore", "--from", self.copy, "--data", self.place / "restored")
        self.assertIn("HAS NO KEYS", result.stderr)
        verified = run("replay", "verify", "--data", self.place / "restored",
                       "--key", self.ledger.genesis["checkpoint_key"])
        self.assertEqual(verified.returncode, 0, verified)
        served = run("serve", "--data", self.place / "restored", "--listen", "127.0.0.1:0")
        self.assertEqual(served.returncode, 3)
        self.assertIn("keys/", served.stderr)
        _, key = self.certificate("ec", "-pkeyopt", "ec_paramgen_curve:P-256")
        self.assertIn("keys.cms is missing", self.restore("--recipient-key", key, to="no", status=1))

    def test_earlier(self):
        certificate, _ = self.certificate("ec", "-pkeyopt", "ec_paramgen_curve:P-256")
        first = self.back_up("--recipient", certificate)
        self.tokens(2)
        self.assertEqual(self.back_up()["keys"], "earlier")
        manifest = json.loads((self.copy / "backup.json").read_text())
        self.assertEqual(manifest["keys"]["events"], first["events"])

    def test_unusable_certificates(self):
        certificate, key = self.certificate("ed25519")
        self.assertIn("neither an EC key nor", self.back_up("--recipient", certificate, status=2))
        self.assertIn(f"{key}: reading a certificate", self.back_up("--recipient", key, status=2))
        self.assertIn("cannot be read", self.back_up("--recipient", self.place / "none", status=3))


class Import(BackupTest):
    def take(self, lines, *flags, to="imported", status=0):
        result = run(
            "replay", "import", "--data", self.place / to, "--json", *flags, "-", input=lines)
        self.assertEqual(result.returncode, status, result)
        if status == 0:
            return json.loads(result.stdout)
        self.assertFalse((self.place / to).exists())
        self.assertEqual([path for path in self.place.iterdir() if to in path.name], [])
        return result.stderr

    def test_whole(self):
        self.tokens(5)
        self.ledger.stop()
        lines = run("replay", "export", "--data", self.ledger.data).stdout
        newest = self.ledger.data / "checkpoint"
        short = "".join(lines.splitlines(True)[:-1])
        self.assertIn("--origin", self.take(short, "--checkpoint", newest, status=1))
        report = self.take(lines, "--keys", self.ledger.data / "keys", "--checkpoint", newest)
        imported = self.place / "imported"
        events = self.stored(imported)
        self.assertEqual(events, self.stored(self.ledger.data)[:len(events)])
        self.assertEqual(base64.b64decode(report["root"]), root([record_hash(event) for event in events]))
        self.ledger.data = imported
        self.ledger.start()
        self.client.token()
        self.ledger.check()

    def test_a_directory_that_somebody_prepared_gets_no_keys(self):
        self.ledger.stop()
        lines = run("replay", "export", "--data", self.ledger.data).stdout
        script = 'mkdir "$2.import-$$" && exec "$0" replay import --keys "$1" --data "$2" -'
        result = subprocess.run(
            ["sh", "-c", script, PROGRAM, self.ledger.data / "keys", self.place / "imported"],
            input=lines, capture_output=True, text=True)
        self.assertEqual((result.returncode, result.stdout), (2, ""), result)
        self.assertEqual([list(path.iterdir()) for path in self.place.glob("imported*")], [[]])

    def test_what_no_checkpoint_covers_is_told(self):
        kept, newest = self.place / "kept", self.ledger.data / "checkpoint"
        shutil.copy(newest, kept)
        self.tokens(3)
        self.ledger.stop()
        lines = run("replay", "export", "--data", self.ledger.data).stdout
        counts = int(kept.read_text().split("\n")[1]), len(lines.splitlines())
        for checkpoint, is_told in ((kept, True), (newest, False)):
            imported = self.place / f"imported-{checkpoint.name}"
            result = run("replay", "import", "--data", imported, "--checkpoint", checkpoint, "-",
                         input=lines)
            self.assertEqual(result.returncode, 0, result)
            self.assertEqual("covers %d of %d events" % counts in result.stderr, is_told, result)

    def test_what_a_log_says_is_no_command_to_a_terminal(self):
        """No name has control characters; a log from elsewhere may say anything."""
        self.ledger.stop()
        lines = run("replay", "export", "--data", self.ledger.data).stdout
        name = "Oper\\u001b[2J\u009b2J\u202e"
        self.take(lines.replace('"name":"Operations"', f'"name":"{name}"'))
        imported = ["--data", self.place / "imported"]
        project, client = self.ledger.genesis["project"], self.ledger.genesis["client_id"]
        for command in (["history", project], ["history", client], ["history", project, "--json"],
                        ["as-of", "--position", "8"], ["impact", "--client", client],
                        ["diff", "0", "8"]):
            with self.subTest(command=command):
                result = run("replay", *command, *imported)
                self.assertEqual(result.returncode, command[0] == "diff", result)
                self.assertIn("Oper\\u001b[2J", result.stdout)
                for scalar in "\x1b\x9b\u202e":
                    self.assertTrue("--json" in command or scalar not in result.stdout)

    def test_refused(self):
        """What is no whole log from its beginning is named by its position."""
        self.ledger.stop()
        lines = [event.decode() for event in self.stored(self.ledger.data)]
        text = "\n".join(lines) + "\n"
        inside = next(i for i, line in enumerate(lines) if json.loads(line).get("part", [0])[0] == 1)
        refused = [
            ("", None, "there are no events"), ("\n", 0, ""), (text[:-1], len(lines) - 1, "without an end"),
            ("\n".join(lines[1:]) + "\n", 0, "says that it is at 1"),
            ("\n".join(lines[:4] + lines[5:]) + "\n", 4, "says that it is at 5"),
            ("\n".join(lines[:3] + [lines[4], lines[3]]) + "\n", 3, ""),
            ("\n".join(lines[:inside]) + "\n", inside, "not whole"),
            (text.replace(":", ": ", 1), 0, ""), (text.replace("\n", "\r\n"), 0, ""),
            (text.replace("\n", "\n\n", 1), 1, ""),
            (lines[0] + "\n" + "x" * 70_000 + "\n", 1, "larger"), (lines[0] + "\n{}\n", 1, ""),
            (lines[0] + "\n" + lines[1].replace('"position":1', '"position":1,"colour":2'), 1, ""),
        ]
        for text, position, words in refused:
            with self.subTest(text[:200]):
                said = self.take(text, status=1)
                if position is not None:
                    self.assertIn(f"position {position} ", said)
                self.assertIn(words, said)


if __name__ == "__main__":
    unittest.main()
