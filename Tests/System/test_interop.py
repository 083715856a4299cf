"""A log is what golang.org/x/mod takes for one. Scripts/interop tries larger ones."""

import unittest

import interop


class Interoperability(unittest.TestCase):
    def test_x_mod_agrees_and_finds_every_damage(self):
        interop.build()
        shown = []
        good = interop.survey(shown.append, sizes=(1, 255, 256, 257, 700), tokens=300)
        self.assertTrue(good, "\n".join(shown))
