"""Guessing at secrets: slowed, locked, and never at the cost of others."""

import time

from ledger import LedgerTest, basic
from test_metrics import scrape

HOME, ELSEWHERE = "203.0.113.7", "198.51.100.7"
PATHS = ("/connect/token", "/connect/introspect", "/connect/revoke")


def wrong(secret):
    return secret[:-1] + ("a" if secret[-1] != "a" else "b")


def attempt(client, secret=None, address=HOME, path=PATHS[0]):
    """What a request with this secret (the right one unless given) is answered, passed on for an
    address."""
    headers = {"Authorization": basic(client.id, secret or client.secret),
               "X-Forwarded-For": address}
    form = {"grant_type": "client_credentials", "token": "unknown"}
    return client.ledger.form(path, form, headers)


def fail(test, client, count, address=HOME):
    """So many failures, each as soon as it is admitted."""
    for _ in range(count):
        answer = attempt(client, wrong(client.secret), address)
        if answer.status == 429:
            time.sleep(int(answer.headers["Retry-After"]))
            answer = attempt(client, wrong(client.secret), address)
        test.assertOAuthError(answer, "invalid_client", 401)


class GuardTest(LedgerTest):
    serve = ("--trusted-proxy", "127.0.0.1")

    def assertHeldUp(self, answer, most):
        self.assertOAuthError(answer, "temporarily_unavailable", 429)
        seconds = int(answer.headers["Retry-After"])
        self.assertTrue(1 <= seconds <= most, seconds)
        self.assertGreater(seconds, most - 5)


class Guessing(GuardTest):
    def test_slowed_and_locked_from_one_address_alone(self):
        client = self.ledger.add_client("Guessed client")
        other = self.ledger.add_client("Another client")
        fail(self, client, 5)
        self.assertHeldUp(attempt(client, wrong(client.secret)), 1)
        before = scrape(self.ledger)
        fail(self, client, 5)
        after = scrape(self.ledger)
        for path in PATHS:
            self.assertHeldUp(attempt(client, path=path), 900)
            self.assertHeldUp(attempt(client, wrong(client.secret), path=path), 900)
            self.assertEqual(attempt(client, address=ELSEWHERE, path=path).status, 200)
            self.assertEqual(attempt(other, path=path).status, 200)
        name = 'tallystick_authentication_refusals_total{cause="%s"}'
        self.assertGreater(after[name % "slowed"], before[name % "slowed"])
        self.assertEqual(
            scrape(self.ledger)[name % "locked"] - after[name % "locked"], 2 * len(PATHS))
        self.ledger.stop()
        self.ledger.start()
        self.assertEqual(attempt(client).status, 200)

    def test_all_endpoints_count_together(self):
        client = self.ledger.add_client("Client at three doors")
        for path in (*PATHS, *PATHS[:2]):
            answer = attempt(client, wrong(client.secret), path=path)
            self.assertOAuthError(answer, "invalid_client", 401)
        self.assertHeldUp(attempt(client), 1)

    def test_a_success_clears(self):
        client = self.ledger.add_client("Forgetful client")
        for _ in range(5):
            fail(self, client, 4)
            self.assertEqual(attempt(client).status, 200)

    def test_an_unknown_client_is_held_up_the_same(self):
        unknown = self.ledger.add_client("Client to copy")
        unknown.id = unknown.id[:-6] + "zzzzzz"
        fail(self, unknown, 5)
        self.assertHeldUp(attempt(unknown), 1)

    def test_addresses_of_one_network_are_one(self):
        client = self.ledger.add_client("Client with IPv6")
        for number in range(5):
            fail(self, client, 1, f"2001:db8:1:2::{number}")
        self.assertHeldUp(attempt(client, address="2001:db8:1:2:3:4:5:6"), 1)
        self.assertEqual(attempt(client, address="2001:db8:1:3::1").status, 200)
