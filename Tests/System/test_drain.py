"""A server that is told to stop answers what it has, and says so in time."""

import json
import signal
import time
import unittest

from conversation import ALIVE, replies, rest
from ledger import Ledger, claims, until
from load import Load, Wire, connect, fill, missing_tokens, token_request


class Drain(unittest.TestCase):
    def serve(self, *flags):
        self.ledger = Ledger(serve=flags)
        self.addCleanup(self.ledger.close)
        self.client = self.ledger.add_client("Drained client")
        self.request = token_request(self.client.id, self.client.secret)
        return self.ledger

    def stop(self, number=signal.SIGTERM):
        self.told = time.monotonic()
        self.ledger.process.send_signal(number)

    def assertEnds(self, status, low, high):
        """With that status, so many seconds after it was told to stop."""
        self.assertEqual(self.ledger.process.wait(20), status, self.ledger.log())
        self.assertTrue(low <= time.monotonic() - self.told <= high, time.monotonic() - self.told)
        self.ledger.process.stdout.close()
        self.ledger.process = None

    def assertNothingLost(self, tokens):
        """What was answered is in the log, and of what is in the log nothing went unanswered."""
        self.ledger.start()
        self.assertEqual(missing_tokens(self.ledger, tokens), [])
        recorded = [json.loads(line) for line in self.ledger.events(type="token.issued")]
        answered = {claims(token)["jti"] for token in tokens}
        operator = self.ledger.genesis["client_id"]
        self.assertEqual([event["position"] for event in recorded
                          if event["subject"] not in answered
                          and event["actor"]["id"] != operator], [])
        self.ledger.check()
        self.assertEqual(self.ledger.warnings(), [])

    def stalled_stream(self):
        """A connection on which a long answer waits to be read."""
        fill(self.ledger, self.client, 20_000)
        connection = connect(self.ledger.port, receive_buffer=16 * 1024)
        self.addCleanup(connection.close)
        connection.sendall(
            b"GET /admin/events HTTP/1.1\r\nHost: a\r\nAccept: application/x-ndjson\r\n"
            b"Authorization: Bearer " + self.ledger.operator.token().encode() + b"\r\n\r\n")
        self.assertIn(b" 200 OK", connection.recv(1_024))
        return connection

    def test_under_load(self):
        ledger = self.serve()
        load = Load(ledger, [ledger.add_client(f"Client {number}") for number in range(64)])
        load.wait_for(1_000)
        load.serving.clear()
        self.stop()
        self.assertEnds(0, 0, 10)
        load.stop()
        self.assertEqual(load.refusals, [])
        self.assertNothingLost(load.tokens)

    def test_requests_that_were_sent_before_are_answered(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number.name):
                ledger = self.serve()
                connections = [connect(ledger.port) for _ in range(400)]
                for connection in connections:
                    connection.sendall(self.request)
                self.stop(number)
                tokens = []
                for connection in connections:
                    (reply,) = replies(rest(connection))
                    self.assertEqual(reply.status, 200)
                    tokens.append(json.loads(reply.body)["access_token"])
                self.assertEnds(0, 0, 5)
                self.assertNothingLost(tokens)

    def test_idle_connections_are_closed_without_a_word(self):
        ledger = self.serve()
        wires = [Wire(ledger.port) for _ in range(20)]
        for wire in wires[:10]:
            wire.exchange(ALIVE)
        half = connect(ledger.port)
        half.sendall(self.request[:-5])
        self.stop()
        for wire in wires:
            self.assertEqual(rest(wire.socket), b"")
        # Whoever is still sending has the time that is left.
        half.sendall(self.request[-5:])
        (reply,) = replies(rest(half))
        self.assertEqual((reply.status, reply.headers["connection"]), (200, "close"))
        self.assertEnds(0, 0, 5)

    def test_delay(self):
        """So long balancers hear that they should look elsewhere, and all others are served."""
        ledger = self.serve("--drain-delay", "5")
        wire = Wire(ledger.port)
        self.assertEqual(ledger.request("GET", "/readyz").json, {"status": "ready"})
        self.stop()
        until(lambda: ledger.request("GET", "/readyz").status == 503, "not ready", seconds=1)
        tokens = []
        while time.monotonic() < self.told + 2:
            self.assertEqual(ledger.request("GET", "/readyz").json["status"], "draining")
            self.assertEqual(ledger.request("GET", "/healthz").status, 200)
            status, body = wire.exchange(self.request)
            self.assertEqual(status, 200)
            tokens.append(json.loads(body)["access_token"])
            tokens.append(self.client.token())
            time.sleep(0.01)
        self.assertEqual(rest(wire.socket), b"")
        with self.assertRaises(ConnectionRefusedError):
            connect(ledger.port)
        self.assertEnds(0, 5, 7)
        ledger.serve = ledger.serve[2:]
        self.assertNothingLost(tokens)

    def test_a_stalled_stream_is_cut(self):
        ledger = self.serve()
        stalled = self.stalled_stream()
        self.stop()
        self.assertEnds(0, 7.5, 10)
        (warning,) = ledger.warnings()
        self.assertEqual(warning["message"], "The server ended before the answer was sent.")
        with self.assertRaises(ConnectionResetError):
            while stalled.recv(1 << 20):
                pass

    def test_told_twice(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number.name):
                ledger = self.serve()
                self.stalled_stream()
                token = self.client.token()
                self.stop()
                with self.assertRaises(ConnectionError):
                    while time.monotonic() < self.told + 5:
                        connect(ledger.port).close()
                        time.sleep(0.01)
                self.assertIsNone(ledger.process.poll())
                self.stop(number)
                self.assertEnds(1, 0, 1)
                ledger.start()
                self.assertEqual(missing_tokens(ledger, [token]), [])
                ledger.check()

    def test_told_twice_during_the_delay(self):
        self.serve("--drain-delay", "8")
        self.stop()
        until(lambda: self.ledger.request("GET", "/readyz").status == 503, "not ready")
        self.stop()
        self.assertEnds(1, 0, 1)
