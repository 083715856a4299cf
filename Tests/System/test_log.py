"""The log as auditors see it: what is signed is what is stored, and nobody gets around it."""

import base64
import os
import shutil
import stat
import unittest

import checkpoints
from ledger import Ledger, run, until


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
