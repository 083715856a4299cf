"""The time of a refusal does not tell whether the client exists.

Each request is from an address of its own, for nobody may guess so often from one.
"""

import ipaddress
import os
import random
import statistics
import time

from ledger import LedgerTest
from load import Wire, token_request

PAIRS = 10_000
STRICT = os.environ.get("TALLYSTICK_TIMING") == "1"


class Timing(LedgerTest):
    serve = ("--trusted-proxy", "127.0.0.1")

    def measure(self, known, unknown):
        """Medians in microseconds of both requests, and of their difference in each pair."""
        wire = Wire(self.ledger.port)
        self.addCleanup(wire.close)
        times = [[], []]
        for pair in range(PAIRS + 200):
            for which in random.sample((0, 1), 2):
                address = ipaddress.IPv4Address((10 << 24) + 2 * pair + which)
                request = token_request(*(known, unknown)[which], address)
                start = time.perf_counter_ns()
                status, _ = wire.exchange(request)
                elapsed = time.perf_counter_ns() - start
                self.assertEqual(status, 401)
                if pair >= 200:
                    times[which].append(elapsed / 1_000)
        difference = statistics.median(a - b for a, b in zip(*times))
        return statistics.median(times[0]), statistics.median(times[1]), difference

    def assertIndistinguishable(self, client, secret=None):
        """A secret of the client that is not good, a wrong one unless given, and no client at all."""
        wrong = secret or client.secret[:-1] + ("a" if client.secret[-1] != "a" else "b")
        unknown = client.id[:-6] + "zzzzzz"
        known, other, difference = self.measure((client.id, wrong), (unknown, wrong))
        report = (f"refused secret {known:.2f} µs, unknown client {other:.2f} µs, "
                  f"median difference {difference:+.2f} µs")
        print(f"\n{self.id()}: {report}", flush=True)
        if STRICT:
            self.assertLessEqual(min(abs(known - other), abs(difference)), 2, report)
        else:
            self.assertLessEqual(abs(known - other), 0.15 * min(known, other), report)

    def test_wrong_secret_and_unknown_client(self):
        self.assertIndistinguishable(self.ledger.add_client("Timed client"))

    def test_a_client_that_was_rotated_often(self):
        client = self.ledger.add_client("Rotated client")
        for _ in range(9):
            self.ledger.create(f"/clients/{client.id}/secrets", {"overlap_seconds": 3600})
        self.assertIndistinguishable(client)

    def test_a_disabled_client_and_its_own_secret(self):
        client = self.ledger.add_client("Disabled client", active=False)
        self.assertIndistinguishable(client, client.secret)
