"""What a request, an append, the codec and a replay cost, in instructions."""

import json
import sys
import unittest

from ledger import ROOT

sys.path.insert(0, str(ROOT / "Tests/Measure"))

import instructions


class Instructions(unittest.TestCase):
    """The release build, whatever program the other tests take."""

    def test_no_count_exceeds_its_threshold(self):
        """Three per cent more is too much; ten per cent less asks for a lower threshold."""
        kept = json.loads(instructions.THRESHOLDS.read_text())
        thresholds = kept.pop("instructions")
        counts = instructions.count()
        self.assertEqual(sorted(counts), sorted(thresholds))
        report = "\n".join(
            f"{counts[name]:9,} of {threshold:9,}  {name}{remark(counts[name] / threshold)}"
            for name, threshold in thresholds.items())
        if kept != instructions.versions():
            report += f"\nthe thresholds are those of {kept}, this is {instructions.versions()}"
        print(f"\n{self.id()}:\n{report}", flush=True)
        over = [name for name in counts if counts[name] > 1.03 * thresholds[name]]
        self.assertEqual(over, [], report)


def remark(ratio):
    if ratio > 1.03:
        return "  TOO MANY"
    if ratio < 0.90:
        return "  fewer: lower the threshold with Tests/Measure/instructions.py --keep"
    return ""
