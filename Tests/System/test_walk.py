"""Every capability that the ledger was built for, with curl."""

import subprocess
import unittest

from ledger import ROOT
from walk import ROWS


def seed_walk(*rows):
    return subprocess.run(
        [ROOT / "Scripts/seed-walk", *rows], capture_output=True, text=True, timeout=120)


class Walk(unittest.TestCase):
    def test_every_outcome_is_the_right_one(self):
        result = seed_walk()
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        for tag in ROWS:
            self.assertIn(f"\n{tag} ", result.stdout)

    def test_some_rows_alone(self):
        result = seed_walk("X4")
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertIn("\n1 capabilities, ", result.stdout)

    def test_unknown_rows_are_refused(self):
        result = seed_walk("X4", "Z9")
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertIn("unknown: Z9", result.stderr)
