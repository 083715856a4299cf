"""Nothing that was answered is lost: neither at kill -9 nor by a disk that fails."""

import os
import subprocess
import sys
import unittest

from ledger import PROGRAM, ROOT, Ledger
from load import missing_tokens


class Kill(unittest.TestCase):
    def test_three_rounds_of_the_kill_loop(self):
        result = subprocess.run(
            [sys.executable, ROOT / "Scripts/kill-loop", "3"], capture_output=True, text=True,
            timeout=120, env=os.environ | {"TALLYSTICK": PROGRAM})
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertRegex(result.stdout, r"3 rounds, [1-9]\d+ tokens answered, [1-9]\d+ events, "
                                        r"3 compares equal, 3 checkpoints extended")


class FailingDisk(unittest.TestCase):
    def test_a_failed_commit_ends_the_server(self):
        """The disk answers EIO from the sixth synchronisation on."""
        with Ledger(start=False) as ledger:
            ledger.start(under=["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync",
                                "-e", "inject=fdatasync:error=EIO:when=6+"])
            tokens, status = [], 200
            while status == 200:
                answer = ledger.operator.ask()
                status = answer.status
                if status == 200:
                    tokens.append(answer.json["access_token"])
            self.assertEqual(status, 503)
            self.assertGreater(len(tokens), 0)
            self.assertLess(len(tokens), 7)
            self.assertEqual(ledger.process.wait(20), 1)
            self.assertIn("Input/output error", ledger.log())
            ledger.process.stdout.close()
            ledger.start()
            self.assertEqual(missing_tokens(ledger, tokens), [])
            self.assertEqual(ledger.replay("compare")[0], 0)
