"""README.md tells what happens: its tour, command by command."""

import unittest

from tour import README, Tour, obstacle


class Readme(unittest.TestCase):
    def test_tour(self):
        self.assertIsNone(obstacle())
        tour = Tour(README.read_text()).run()
        self.assertGreater(len(tour.steps), 10)
        self.assertEqual(tour.difference(), "")
