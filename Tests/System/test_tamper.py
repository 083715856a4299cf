"""Damages of every kind, one of each: `replay verify` finds them. `Scripts/tamper` tries more."""

import tempfile
import unittest

from tamper import DAMAGES, OUTSIDE, Tampering


class Damages(unittest.TestCase):
    def test_each_kind_is_found(self):
        with tempfile.TemporaryDirectory(prefix="tallystick-tamper-") as place:
            tampering = Tampering(1, place, events=600)
            tampering.run(len(DAMAGES) + len(OUTSIDE))
        self.assertEqual(tampering.missed, [])
        self.assertEqual(set(map(len, tampering.counts.values())), {1})
        self.assertGreater(tampering.total()["a fault"], len(DAMAGES) / 2)


if __name__ == "__main__":
    unittest.main()
