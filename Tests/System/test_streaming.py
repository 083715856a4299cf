"""A long answer goes as slowly as its reader, and costs the server what is on its way."""

import http.client
import json
import time

from ledger import LedgerTest, until
from load import Wire, connect, fill, percentile, reset, token_request
from test_metrics import scrape

EVENTS = 100_000
READERS = 20
STALLS = 'tallystick_http_aborts_total{cause="write_stalled"}'
MIB = 1 << 20
HOLDS = 'tallystick_store_readers{store="journal"}'


class Streaming(LedgerTest):
    @classmethod
    def prepare(cls):
        cls.client = cls.ledger.add_client("Streamed client")
        fill(cls.ledger, cls.client, EVENTS)
        cls.bearer = cls.ledger.operator.token()
        # What the stalled readers take is measured first; then they wait to be cut.
        cls.base = cls.ledger.descriptors()
        cls.readers = scrape(cls.ledger)[HOLDS]
        cls.before = cls.ledger.memory()
        cls.start = time.monotonic()
        cls.stalled = [cls.begin() for _ in range(READERS)]
        cls.settle()

    @classmethod
    def begin(cls, receive_buffer=16 * 1024):
        """A connection on which all events were asked for and none are read."""
        connection = connect(cls.ledger.port, receive_buffer)
        connection.sendall(
            b"GET /admin/events HTTP/1.1\r\nHost: a\r\nAccept: application/x-ndjson\r\n"
            b"Authorization: Bearer " + cls.bearer.encode() + b"\r\n\r\n")
        return connection

    @classmethod
    def settle(cls):
        """Returns when the server's memory has not grown for half a second."""
        most, since = cls.ledger.memory(), time.monotonic()
        while time.monotonic() < since + 0.5:
            time.sleep(0.02)
            if (now := cls.ledger.memory()) > most:
                most, since = now, time.monotonic()

    def descriptors_return(self, base):
        until(lambda: self.ledger.descriptors() <= base, "the connection is closed", seconds=5)

    def test_1_stalled_readers_cost_little(self):
        self.assertLess(self.ledger.memory() - self.before, 4 * MIB)
        # None holds the log as it was, so that its room could not be used again.
        self.assertEqual(scrape(self.ledger)[HOLDS], self.readers)

    def test_2_nobody_else_waits_for_them(self):
        wire = Wire(self.ledger.port)
        self.addCleanup(wire.close)
        times = []
        for _ in range(200):
            start = time.monotonic()
            status, _ = wire.exchange(token_request(self.client.id, self.client.secret))
            times.append(time.monotonic() - start)
            self.assertEqual(status, 200)
        self.assertLess(percentile(times, 50), 0.05)

    def test_3_a_slow_reader_gets_everything_in_order(self):
        before = self.ledger.memory()
        connection = self.begin()
        self.addCleanup(connection.close)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        taken, most = b"", before
        for _ in range(12):
            taken += answer.read(16 * 1024)
            time.sleep(0.25)
            most = max(most, self.ledger.memory())
        lines = (taken + answer.read()).splitlines()
        most = max(most, self.ledger.memory())
        self.assertLess(most - before, 16 * MIB)
        self.assertGreater(len(lines), EVENTS)
        positions = [json.loads(line)["position"] for line in lines]
        self.assertEqual(positions, list(range(len(lines))))

    def test_4_a_reader_that_leaves_is_noticed(self):
        base = self.ledger.descriptors()
        for end in (reset, lambda connection: connection.close()):
            connection = self.begin()
            self.assertTrue(connection.recv(16 * 1024))
            end(connection)
            self.descriptors_return(base)

    def test_5_stalled_readers_are_cut(self):
        for connection in self.stalled:
            self.addCleanup(connection.close)
        cut = lambda: self.ledger.log().count("took nothing of its answer")
        self.assertEqual(cut(), 0)
        until(lambda: cut() == READERS, "all stalled readers cut", seconds=40)
        self.assertTrue(30 <= time.monotonic() - self.start < 36)
        self.assertEqual(scrape(self.ledger)[STALLS], READERS)
        self.descriptors_return(self.base)
        for connection in self.stalled:
            with self.assertRaises(ConnectionResetError):
                while connection.recv(MIB):
                    pass

    def test_6_nothing_keeps_the_server_from_ending(self):
        self.ledger.stop()
        self.ledger.start()
