"""The log as auditors see it: what is signed is what is stored, and nobody gets around it."""

import base64
import itertools
import json
import os
import shutil
import stat
import time
import unittest

import lmdb

import checkpoints
from ledger import Ledger, LedgerTest, claims, run, until


class CheckpointTests(unittest.TestCase):
    def ledger(self, *flags, **options):
        ledger = Ledger(*flags, **options)
        self.addCleanup(ledger.close)
        return ledger

    def stored(self, ledger):
        """The checkpoint in the data directory."""
        key = ledger.genesis["checkpoint_key"]
        return checkpoints.open_checkpoint((ledger.data / "checkpoint").read_bytes(), key)

    def refusal(self, ledger, *flags, status=1):
        """What the server says that does not start."""
        result = run("serve", "--data", ledger.data, "--listen", "127.0.0.1:0", *flags)
        self.assertEqual((result.returncode, result.stdout), (status, ""), result.stderr)
        return result.stderr

    def test_a_new_ledger_is_signed_for(self):
        ledger = self.ledger("--origin", "log.example/größe", start=False)
        found = self.stored(ledger)
        self.assertEqual(found.origin, "log.example/größe")
        self.assertGreater(found.size, 7)
        for path in ("checkpoint", "keys/checkpoint"):
            mode = stat.S_IMODE(os.stat(ledger.data / path).st_mode)
            self.assertEqual(mode, 0o600, path)
        ledger.start()
        hashes = [checkpoints.record_hash(line) for line in ledger.events()]
        self.assertEqual(checkpoints.root(hashes[:found.size]), found.root)
        ledger.stop()
        ledger.check()

    def test_the_file_follows_the_log_within_a_second(self):
        ledger = self.ledger()
        for _ in range(2):
            ledger.operator.token()
            head = len(ledger.events())
            until(lambda: self.stored(ledger).size >= head, "a checkpoint", 1.5)
        ledger.kill()
        ledger.start()
        ledger.operator.token()
        ledger.stop()
        stored = self.stored(ledger)
        ledger.start()
        hashes = [checkpoints.record_hash(line) for line in ledger.events()]
        self.assertEqual(checkpoints.root(hashes[:stored.size]), stored.root)
        self.assertIn(b'"type":"token.issued"', ledger.events()[stored.size - 1])
        ledger.stop()
        ledger.check()

    def test_a_log_that_rests_is_not_signed_again(self):
        ledger = self.ledger()
        ledger.stop()
        before = (ledger.data / "checkpoint").stat()
        ledger.start()
        ledger.stop()
        after = (ledger.data / "checkpoint").stat()
        self.assertEqual((before.st_ino, before.st_mtime_ns), (after.st_ino, after.st_mtime_ns))

    def test_a_log_that_was_rolled_back_is_refused(self):
        ledger = self.ledger()
        ledger.stop()
        old = self.stored(ledger)
        shutil.copytree(ledger.data / "journal", ledger.data.parent / "old")
        ledger.start()
        ledger.operator.token()
        ledger.stop()
        new = self.stored(ledger)
        shutil.rmtree(ledger.data / "journal")
        shutil.copytree(ledger.data.parent / "old", ledger.data / "journal")
        for flags in ((), ("--confirm-checkpoint",), ("--confirm-clock",)):
            said = self.refusal(ledger, *flags)
            for found in (old, new):
                self.assertIn(f"size {found.size}, root {self.text(found.root)}", said)
        self.assertEqual(self.stored(ledger), new)

    def test_the_log_of_another_ledger_is_refused(self):
        ledger, other = self.ledger(start=False), self.ledger(start=False)
        for name in ("journal", "state"):
            shutil.rmtree(ledger.data / name)
            shutil.copytree(other.data / name, ledger.data / name)
        said = self.refusal(ledger)
        own, others = self.stored(ledger), self.stored(other)
        self.assertEqual(own.size, others.size)
        self.assertIn(f"size {own.size}, root {self.text(own.root)}", said)
        self.assertIn(f"size {own.size}, root {self.text(others.root)}", said)

    def test_key_and_checkpoint_of_another_log_are_refused(self):
        ledger = self.ledger(start=False)
        others = [self.ledger(start=False), self.ledger("--origin", "other.example", start=False)]
        for other in others:
            for name in ("checkpoint", "keys/checkpoint"):
                own = (ledger.data / name).read_bytes()
                (ledger.data / name).write_bytes((other.data / name).read_bytes())
                said = self.refusal(ledger)
                self.assertIn("checkpoint", said)
                self.assertNotIn("PRIVATE", said)
                (ledger.data / name).write_bytes(own)
        ledger.start()
        ledger.stop()

    def test_every_damage_of_the_two_files_is_named(self):
        ledger = self.ledger(start=False)
        for name in ("checkpoint", "keys/checkpoint"):
            path = ledger.data / name
            own = path.read_bytes()
            for damaged in (b"", own[:-2], own + b"\n", own.replace(b":", b";", 1), b" " + own):
                path.write_bytes(damaged)
                self.assertIn(str(path), self.refusal(ledger), damaged)
            # Bytes that are no text at all.
            path.write_bytes(b"\xff" + own)
            status = 1 if name == "checkpoint" else 3
            self.assertIn(str(path), self.refusal(ledger, status=status))
            path.write_bytes(own)
        ledger.start()
        ledger.stop()

    def test_deleting_is_no_way_around(self):
        for gone in (["checkpoint"], ["keys/checkpoint"], ["checkpoint", "keys/checkpoint"]):
            with self.subTest(gone=gone):
                ledger = self.ledger()
                ledger.stop()
                before = self.stored(ledger)
                for name in gone:
                    (ledger.data / name).unlink()
                said = self.refusal(ledger, status=1 if gone == ["checkpoint"] else 3)
                self.assertIn(str(ledger.data / gone[-1]), said)
                self.assertIn("--confirm-checkpoint", said)
                for name in gone:
                    self.assertFalse((ledger.data / name).exists())
                ledger.serve.insert(0, "--confirm-checkpoint")
                ledger.start()
                ledger.stop()
                if gone == ["checkpoint"]:
                    self.assertEqual(self.stored(ledger), before)
                ledger.serve.remove("--confirm-checkpoint")
                ledger.start()
                ledger.stop()
                ledger.check()

    @staticmethod
    def make_old(ledger):
        """Makes a stopped ledger what versions before checkpoints left: no tree, no key."""
        (ledger.data / "checkpoint").unlink()
        (ledger.data / "keys/checkpoint").unlink()
        with lmdb.open(str(ledger.data / "journal"), max_dbs=8, map_size=1 << 40) as environment:
            tiles, meta = environment.open_db(b"tiles"), environment.open_db(b"meta")
            with environment.begin(write=True) as transaction:
                transaction.drop(tiles)
                transaction.put(b"format", b"\x01", db=meta)

    def test_a_ledger_older_than_checkpoints_gets_key_and_checkpoint(self):
        ledger = self.ledger()
        for _ in range(300):
            ledger.operator.token()
        ledger.stop()
        self.make_old(ledger)
        ledger.start()
        answer = ledger.request("GET", "/log/checkpoint")
        key = ledger.request("GET", "/log/key").json["checkpoint_key"]
        self.assertNotEqual(key, ledger.genesis["checkpoint_key"])
        found = checkpoints.open_checkpoint(answer.body, key)
        self.assertGreater(found.size, 300)
        hashes = [checkpoints.record_hash(line) for line in ledger.events()]
        self.assertEqual(checkpoints.root(hashes[:found.size]), found.root)
        said = [line for line in ledger.warnings() if "checkpoint_key" in line]
        self.assertEqual([line["checkpoint_key"] for line in said], [key])
        ledger.kill()
        ledger.start()
        self.assertEqual(ledger.request("GET", "/log/key").json["checkpoint_key"], key)
        ledger.stop()
        ledger.check()

    def test_an_event_larger_than_events_may_be_ends_nobody(self):
        """Under a full tile: what starts the server does not read it."""
        ledger = self.ledger()
        for _ in range(260):
            ledger.operator.token()
        ledger.stop()
        with lmdb.open(str(ledger.data / "journal"), max_dbs=8, map_size=1 << 40) as environment:
            events = environment.open_db(b"events", create=False)
            with environment.begin(write=True, db=events) as transaction:
                transaction.put((3).to_bytes(8, "big"), bytes(70_000))
        ledger.start()
        self.assertEqual(ledger.call("GET", "/log/tile/entries/000").status, 500)
        self.assertEqual(ledger.request("GET", "/healthz").status, 200)
        result = run("replay", "backup", "--data", ledger.data, "--to", ledger.data / "backup")
        self.assertEqual((result.returncode, result.stdout), (1, ""), result)
        self.assertIn("larger than events may be", result.stderr)
        self.assertEqual(ledger.replay("verify")[1]["position"], 3)

    def test_a_log_that_only_looks_older_than_checkpoints_is_refused(self):
        """Rewritten, and without its tree, so that it would get a new one."""
        for kept in ("checkpoint", "keys/checkpoint"):
            with self.subTest(kept=kept):
                ledger = self.ledger()
                ledger.stop()
                content = (ledger.data / kept).read_bytes()
                self.make_old(ledger)
                (ledger.data / kept).write_bytes(content)
                with lmdb.open(str(ledger.data / "journal"), max_dbs=8) as environment:
                    events = environment.open_db(b"events", create=False)
                    with environment.begin(write=True, db=events) as transaction:
                        key = (3).to_bytes(8, "big")
                        event = transaction.get(key).replace(b"Operations", b"Operators!")
                        transaction.put(key, event)
                self.assertFalse(ledger.replay("verify")[1]["verified"])
                said = self.refusal(ledger, status=3 if kept == "checkpoint" else 1)
                self.assertIn("is missing", said)
                self.assertEqual((ledger.data / kept).read_bytes(), content)

    def test_recovery_signs_too_and_is_no_way_around(self):
        ledger = self.ledger()
        ledger.stop()
        self.make_old(ledger)
        result = run("init", "--data", ledger.data, "--recover", "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        ledger.start()
        key = ledger.request("GET", "/log/key").json["checkpoint_key"]
        found = checkpoints.open_checkpoint((ledger.data / "checkpoint").read_bytes(), key)
        ledger.stop()
        (ledger.data / "checkpoint").unlink()
        result = run("init", "--data", ledger.data, "--recover")
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertIn(str(ledger.data / "checkpoint"), result.stderr)
        ledger.serve.insert(0, "--confirm-checkpoint")
        ledger.start()
        hashes = [checkpoints.record_hash(line) for line in ledger.events()]
        self.assertIn(b"--recover", ledger.events()[found.size - 1])
        self.assertEqual(checkpoints.root(hashes[:found.size]), found.root)
        ledger.stop()
        ledger.check()

    def test_a_checkpoint_that_cannot_be_written_is_told_of_and_tried_again(self):
        ledger = self.ledger()
        until(lambda: self.stored(ledger), "a checkpoint")
        (ledger.data / "checkpoint.new").mkdir()
        ledger.operator.token()
        until(lambda: "checkpoints cannot be signed" in ledger.log(), "a line in the log")
        ledger.operator.token()
        head = len(ledger.events())
        self.assertLess(self.stored(ledger).size, head)
        (ledger.data / "checkpoint.new").rmdir()
        until(lambda: self.stored(ledger).size >= head, "a checkpoint")
        until(lambda: "checkpoints are signed again" in ledger.log(), "a line in the log")
        self.assertEqual(ledger.log().count("checkpoints cannot be signed"), 1)
        ledger.stop()
        ledger.check()

    def test_a_link_in_the_way_of_a_checkpoint_is_not_followed(self):
        ledger = self.ledger()
        other = ledger.data.parent / "other"
        other.write_text("somebody's own\n")
        (ledger.data / "checkpoint.new").symlink_to(other)
        ledger.operator.token()
        head = len(ledger.events())
        until(lambda: self.stored(ledger).size >= head, "a checkpoint")
        self.assertEqual(other.read_text(), "somebody's own\n")
        self.assertFalse((ledger.data / "checkpoint").is_symlink())
        ledger.stop()
        ledger.check()

    def test_no_two_checkpoints_contradict_each_other_over_kills(self):
        ledger = self.ledger()
        seen = [self.stored(ledger)]
        for _ in range(4):
            ledger.operator.token()
            until(lambda: self.stored(ledger).size > seen[-1].size, "a checkpoint")
            ledger.operator.token()
            ledger.kill()
            seen.append(self.stored(ledger))
            ledger.start()
        hashes = [checkpoints.record_hash(line) for line in ledger.events()]
        for found in seen:
            self.assertEqual(checkpoints.root(hashes[:found.size]), found.root)
        ledger.stop()
        ledger.check()

    @staticmethod
    def text(root):
        """A root as checkpoints write it."""
        return base64.b64encode(root).decode()


class LogTests(LedgerTest):
    """A log of some sizes at which it was signed for, across the first full tile and the second, and
    starts of the server."""

    GROWTH = (0, 1, 5, 220, 19, 3, 252, 40)

    @classmethod
    def prepare(cls):
        cls.key = cls.ledger.genesis["checkpoint_key"]
        cls.seen = []
        for number, tokens in enumerate(cls.GROWTH):
            for _ in range(tokens):
                position = claims(cls.ledger.operator.token())["ledger_position"]
            if tokens:
                until(lambda: cls.newest().size > position, "a checkpoint", 2)
            cls.seen.append(cls.newest())
            if number in (3, 5):
                cls.ledger.stop() if number == 3 else cls.ledger.kill()
                cls.ledger.start()
        cls.records = cls.ledger.events()
        until(lambda: cls.newest().size >= len(cls.records), "a checkpoint")
        cls.seen.append(cls.newest())
        cls.hashes = [checkpoints.record_hash(record) for record in cls.records]

    @classmethod
    def newest(cls):
        answer = cls.ledger.request("GET", "/log/checkpoint")
        return checkpoints.open_checkpoint(answer.body, cls.key)

    def log(self, path, **options):
        return self.ledger.request("GET", "/log/" + path, **options)

    @staticmethod
    def tiles(size):
        """Level, index and width of each tile that a tree of a size has."""
        level = 0
        while size:
            for index in range(size // 256):
                yield level, index, 256
            if size % 256:
                yield level, size // 256, size % 256
            level, size = level + 1, size // 256

    def expected(self, level, index, width):
        """A tile, hashed from the events."""
        span = 256 ** level
        starts = range(index * 256 * span, (index * 256 + width) * span, span)
        return b"".join(checkpoints.root(self.hashes[start:start + span]) for start in starts)

    def test_the_sizes_are_those_that_matter(self):
        sizes = [found.size for found in self.seen]
        self.assertEqual(sizes, sorted(set(sizes)))
        self.assertTrue(any(size < 256 for size in sizes[2:]))
        self.assertTrue(any(256 < size < 512 for size in sizes))
        self.assertGreater(sizes[-1], 512)

    def test_every_root_is_that_of_the_events(self):
        for found in self.seen:
            self.assertEqual(checkpoints.root(self.hashes[:found.size]), found.root, found.size)

    def test_tiles_of_every_size_that_was_signed_for(self):
        for found in self.seen:
            for level, index, width in self.tiles(found.size):
                path = f"tile/{level}/{checkpoints.tile_path(index, width)}"
                answer = self.log(path)
                self.assertEqual(answer.status, 200, path)
                self.assertEqual(answer.body, self.expected(level, index, width), path)
                self.assertEqual(answer.headers["Content-Type"], "application/octet-stream")
                self.assertEqual(
                    answer.headers["Cache-Control"], "public, max-age=31536000, immutable")

    def test_entries_are_the_events_as_they_are_stored(self):
        for found in self.seen:
            for level, index, width in self.tiles(found.size):
                if level:
                    continue
                path = f"/log/tile/entries/{checkpoints.tile_path(index, width)}"
                answer = self.ledger.call("GET", path)
                self.assertEqual(answer.status, 200, path)
                self.assertEqual(
                    answer.headers["Cache-Control"], "private, max-age=31536000, immutable")
                self.assertEqual(
                    checkpoints.split_bundle(answer.body),
                    self.records[index * 256:index * 256 + width])

    def test_entries_need_the_permission_and_are_counted(self):
        path = "/log/tile/entries/000"
        self.assertProblem(self.ledger.request("GET", path), 401)
        token = self.ledger.add_client("Reads no audit data", permissions="clients:read").token()
        self.assertProblem(self.ledger.call("GET", path, token=token), 403)
        reader = self.ledger.add_client("Reads bundles", permissions="audit:read")
        token = reader.token()
        for _ in range(3):
            self.assertEqual(self.ledger.call("GET", path, token=token).status, 200)
        self.ledger.stop()
        self.ledger.start()
        events = [json.loads(line) for line in self.ledger.events(type="audit.read")]
        reads = [event["data"]["count"] for event in events
                 if event["actor"]["id"] == reader.id
                 and event["data"]["what"] == "/log/tile/entries/{id}"]
        self.assertEqual(sum(reads), 3)

    def test_what_is_no_tile(self):
        size = self.newest().size
        full = size // 256
        paths = [
            "0/000.p/0", "0/000.p/256", "0/000.p/257", "0/000.p/01", "0/000.p/-1", "0/000.p/",
            "0/000.p", "0/000.P/5", "0/000.p/5/", "0/0", "0/00", "0/0000", "0/x000/000", "0/x000",
            "0/001x", "0/+00", "0/-00", "0/x001", "0/X001/000", "00/000", "01/000", "+0/000",
            "-1/000", "64/000.p/1", "255/000.p/1", "a/000", "/000", "0/", "0", "", "0/000/", "0//000",
            "0/000.p/1.p/1", "0/%78000/000", "0/00%30", "8/000.p/1", "63/000.p/1", "1/000",
            "0/x001/000", "0/x018/x446/x744/x073/x709/x551/616", "0/999", "2/000.p/1",
            f"0/{checkpoints.tile_path(full + 1)}", f"0/{checkpoints.tile_path(full)}",
            f"1/{checkpoints.tile_path(0, full + 1)}",
        ]
        for path in paths:
            for place in ("tile/", "tile/entries/"):
                if place == "tile/entries/" and path[:2] != "0/":
                    continue
                whole = place + (path if place == "tile/" else path[2:])
                answer = self.ledger.call("GET", "/log/" + whole)
                self.assertEqual(answer.status, 404, whole)
                self.assertEqual(answer.headers["Cache-Control"], "no-store")

    def test_no_tile_goes_beyond_the_checkpoint(self):
        ledger = Ledger()
        self.addCleanup(ledger.close)
        (ledger.data / "checkpoint.new").mkdir()
        ledger.operator.token()
        until(lambda: "cannot be signed" in ledger.log(), "a line in the log")
        found = ledger.request("GET", "/log/checkpoint")
        size = checkpoints.open_checkpoint(found.body, ledger.genesis["checkpoint_key"]).size
        self.assertLess(size, len(ledger.events()))
        for width, status in ((size, 200), (size + 1, 404)):
            for place in ("0", "entries"):
                path = f"/log/tile/{place}/{checkpoints.tile_path(0, width)}"
                self.assertEqual(ledger.call("GET", path).status, status, path)
        path = f"/log/proof/{size}"
        self.assertProblem(ledger.request("GET", path), 503)
        self.assertEqual(ledger.request("GET", f"/log/consistency?from=1&to={size}").status, 200)
        self.assertProblem(
            ledger.request("GET", f"/log/consistency?from=1&to={size + 1}"), 400, ["to"])
        (ledger.data / "checkpoint.new").rmdir()
        until(lambda: ledger.request("GET", path).status == 200, "a proof")
        figures = ledger.request("GET", "/metrics").body.decode().splitlines()
        figures = dict(line.rsplit(" ", 1) for line in figures if line[0] != "#")
        self.assertEqual(figures["tallystick_checkpoint_size"], figures["tallystick_log_head"])
        self.assertGreater(int(figures["tallystick_checkpoint_failures_total"]), 0)
        age = time.time() - float(figures["tallystick_checkpoint_timestamp_seconds"])
        self.assertTrue(0 <= age < 10, age)
        ledger.stop()
        ledger.check()

    def test_proofs(self):
        newest = self.newest()
        some = {0, 1, 254, 255, 256, 257, 511, 512, newest.size - 1} | set(range(0, newest.size, 61))
        for position in sorted(some):
            answer = self.log(f"proof/{position}")
            self.assertEqual(answer.headers["Content-Type"], "text/plain; charset=utf-8")
            index, hashes, note = checkpoints.read_proof(answer.body)
            found = checkpoints.open_checkpoint(note, self.key)
            self.assertEqual(index, position)
            event = self.ledger.call("GET", f"/admin/events/{position}").body
            record = checkpoints.record_hash(event)
            self.assertTrue(checkpoints.is_included(record, position, found, hashes), position)
            for wrong in (position ^ 1, position + found.size):
                self.assertFalse(checkpoints.is_included(record, wrong, found, hashes))

    def test_an_event_can_be_proved_within_a_second(self):
        for _ in range(2):
            position = claims(self.ledger.operator.token())["ledger_position"]
            start = time.monotonic()
            answer = self.log(f"proof/{position}")
            waited = time.monotonic() - start
            self.assertEqual(answer.status, 200, answer)
            self.assertLess(waited, 1.5)
            index, hashes, note = checkpoints.read_proof(answer.body)
            found = checkpoints.open_checkpoint(note, self.key)
            event = self.ledger.call("GET", f"/admin/events/{position}").body
            record = checkpoints.record_hash(event)
            self.assertTrue(checkpoints.is_included(record, index, found, hashes))

    def test_what_has_no_proof(self):
        for position in (10 ** 6, "x", "00", "01", "+1", "-1", "1.0", "", "1/", "1/2", 2 ** 64):
            self.assertProblem(self.log(f"proof/{position}"), 404)

    def test_consistency(self):
        for old, new in itertools.combinations_with_replacement(self.seen, 2):
            found = self.log(f"consistency?from={old.size}&to={new.size}").json
            for checkpoint, name in ((old, "from"), (new, "to")):
                self.assertEqual(found[name]["size"], checkpoint.size)
                self.assertEqual(base64.b64decode(found[name]["root"]), checkpoint.root)
            hashes = [base64.b64decode(text) for text in found["hashes"]]
            self.assertTrue(checkpoints.is_extended(old, new, hashes), (old.size, new.size))
            if old.size < new.size:
                changed = old._replace(root=new.root)
                self.assertFalse(checkpoints.is_extended(changed, new, hashes))

    def test_consistency_of_sizes_that_were_not_signed_for(self):
        newest = self.newest()
        for size in (0, 1, 2, 128, 255, 256, 257, 511, 512):
            found = self.log(f"consistency?from={size}").json
            old = checkpoints.Checkpoint("", size, checkpoints.root(self.hashes[:size]))
            self.assertEqual(base64.b64decode(found["from"]["root"]), old.root)
            newest = newest._replace(
                size=found["to"]["size"], root=base64.b64decode(found["to"]["root"]))
            hashes = [base64.b64decode(text) for text in found["hashes"]]
            self.assertTrue(checkpoints.is_extended(old, newest, hashes), size)

    def test_consistency_of_what_cannot_be(self):
        size = self.newest().size
        for query, name in [
            ("", "from"), ("to=5", "from"), ("from=", "from"), ("from=x", "from"), ("from=-1", "from"),
            (f"from={size + 1000}", "from"), (f"from=1&to={size + 1000}", "to"), ("from=6&to=5", "from"),
            ("from=1&to=x", "to"), ("from=1&other=2", "other"), (f"from={2 ** 64}", "from"),
        ]:
            self.assertProblem(self.log(f"consistency?{query}"), 400, [name])

    def test_the_key_is_the_one_that_was_given_at_the_beginning(self):
        self.assertEqual(self.log("key").json, {
            "checkpoint_key": self.key, "origin": self.ledger.genesis["origin"]})

    def test_the_checkpoint_is_not_kept_for_long(self):
        answer = self.log("checkpoint")
        self.assertEqual(answer.headers["Cache-Control"], "public, max-age=2")
        self.assertEqual(answer.headers["Content-Type"], "text/plain; charset=utf-8")

    def test_methods_and_parameters(self):
        for path in ("checkpoint", "key", "tile/0/000.p/1", "proof/0", "consistency?from=1"):
            head = self.ledger.request("HEAD", "/log/" + path)
            self.assertEqual((head.status, head.body), (200, b""), path)
            self.assertEqual(
                head.headers["Content-Length"], self.log(path).headers["Content-Length"])
            answer = self.ledger.request("POST", "/log/" + path)
            self.assertProblem(answer, 405)
            self.assertEqual(answer.headers["Allow"], "GET, HEAD")
            sign = "&" if "?" in path else "?"
            self.assertProblem(self.log(f"{path}{sign}no_such=1"), 400, ["no_such"])
        for path in ("", "checkpoint/", "tile", "tile/entries", "proof", "Checkpoint"):
            self.assertProblem(self.log(path), 404)
