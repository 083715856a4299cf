"""Backups and restores that are killed at every step, or find no room: what was there stays valid, and
the next run completes it. Needs root for the full disk."""

import base64
import json
import os
import shutil
import signal
import subprocess
import unittest

from backup_case import BackupCase
from checkpoints import open_checkpoint, record_hash, root
from ledger import PROGRAM, run
from static_log import read_log

STEPS = ("mkdir", "rename", "fsync", "unlink", "rmdir")


class CrashTest(BackupCase):
    def tokens(self, count):
        for _ in range(count):
            self.client.token()

    def arguments(self, copy):
        return ["replay", "backup", "--data", self.ledger.data, "--to", copy, "--json"]

    def back_up(self):
        result = run(*self.arguments(self.copy))
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def killed(self, call, number, *arguments):
        """Runs the program and kills it as it enters its n-th call; false when it makes fewer."""
        result = subprocess.run(
            ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}",
             "-e", f"inject={call}:signal=KILL:when={number}", PROGRAM, *map(str, arguments)],
            capture_output=True, timeout=60)
        self.assertIn(result.returncode, (0, -signal.SIGKILL, 128 + signal.SIGKILL), result.stderr)
        return result.returncode != 0

    def assertValid(self, copy, heads):
        """A static log: of one of these heads, and whole for its checkpoint's readers too."""
        manifest = json.loads((copy / "backup.json").read_text())
        self.assertIn((manifest["events"], manifest["root"]), heads)
        self.assertHead(copy, manifest["events"], manifest["root"])
        file = copy / "checkpoint"
        if file.exists():
            checkpoint = open_checkpoint(file.read_bytes(), self.ledger.genesis["checkpoint_key"])
            self.assertHead(copy, checkpoint.size, base64.b64encode(checkpoint.root).decode())

    def assertHead(self, copy, size, hash):
        events, hashes = read_log(copy, size)
        self.assertEqual(hashes, b"".join(map(record_hash, events)))
        self.assertEqual(root([record_hash(event) for event in events]), base64.b64decode(hash))


class Killed(CrashTest):
    def test_first_and_second_run(self):
        """At every step of a run: the backup is the one before or the new one, and is completed."""
        nothing = (0, base64.b64encode(root([])).decode())
        self.tokens(250)
        self.ledger.stop()
        self.first = self.back_up()
        old = (self.first["events"], self.first["root"])
        self.ledger.start()
        self.tokens(30)
        self.ledger.stop()
        older = self.copy
        for base, before in [(None, nothing), (older, old)]:
            reference = self.place / "whole"
            if base:
                shutil.copytree(base, reference)
            whole = json.loads(run(*self.arguments(reference)).stdout)
            new = (whole["events"], whole["root"])
            kills = 0
            for call in STEPS:
                number = 1
                while True:
                    copy = self.place / "copy"
                    if base:
                        shutil.copytree(base, copy)
                    with self.subTest(call=call, number=number, first=base is None):
                        if not self.killed(call, number, *self.arguments(copy)):
                            break
                        kills += 1
                        if (copy / "backup.json").exists():
                            self.assertValid(copy, [before, new])
                        else:
                            self.assertIsNone(base)
                        again = run(*self.arguments(copy))
                        self.assertEqual(again.returncode, 0, again.stderr)
                        self.assertValid(copy, [new])
                        self.assertEqual(self.names(copy), self.names(reference))
                    shutil.rmtree(copy)
                    number += 1
                shutil.rmtree(self.place / "copy")
            self.assertGreater(kills, 15)
            shutil.rmtree(reference)

    def names(self, copy):
        return sorted(path.relative_to(copy) for path in copy.rglob("*") if path.is_file())

    def test_restore(self):
        """Nothing is at its place until all of it is."""
        self.tokens(20)
        self.ledger.stop()
        report = self.back_up()
        restored = self.place / "restored"
        command = ["replay", "restore", "--from", self.copy, "--data", restored,
                   "--keys", self.ledger.data / "keys", "--json"]
        kills = 0
        for call in ("rename", "fsync", "fdatasync", "fallocate"):
            number = 1
            while self.killed(call, number, *command):
                kills += 1
                number += 1
                if restored.exists():
                    verified = run("replay", "verify", "--data", restored)
                    self.assertEqual(verified.returncode, 0, verified)
                    shutil.rmtree(restored)
            self.assertTrue(restored.exists())
            shutil.rmtree(restored)
        self.assertGreater(kills, 10)
        result = run(*command)
        self.assertEqual(json.loads(result.stdout)["root"], report["root"])


class FullDisk(CrashTest):
    def setUp(self):
        super().setUp()
        self.copy.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tallystick-test", self.copy]
        subprocess.run(mount, check=True)
        self.addCleanup(subprocess.run, ["umount", self.copy], check=True)

    def test_full_disk(self):
        """Said in a sentence; the backup stays as it was, and is completed when there is room."""
        self.tokens(3)
        first = self.back_up()
        self.tokens(300)
        filling = self.copy / ".filling"
        for room in (0, 1 << 13, 1 << 16, 1 << 17):
            status = os.statvfs(self.copy)
            with open(filling, "wb") as file:
                os.posix_fallocate(file.fileno(), 0, status.f_bavail * status.f_bsize - room)
            result = run(*self.arguments(self.copy))
            self.assertEqual(result.returncode, 3, result)
            self.assertIn("No space left on device", result.stderr)
            self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
            self.assertValid(self.copy, [(first["events"], first["root"])])
            filling.unlink()
        report = self.back_up()
        self.assertEqual(report["added"], report["events"] - first["events"])
        self.assertValid(self.copy, [(report["events"], report["root"])])


if __name__ == "__main__":
    unittest.main()
