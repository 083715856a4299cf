"""Slow and silent clients are cut within the limits, and cost the others nothing."""

import resource
import selectors
import socket
import tempfile
import time
import unittest

from certificates import Authority
from conversation import ALIVE, replies, rest
from ledger import Ledger, LedgerTest, until
from load import Wire, Worker, connect, percentile, token_request
from test_refusals import refusals

FILES = 20_000
IDLE = 2_000
SLOW = 100
HEAD_TIMEOUT = "The request line and headers took too long."


def setUpModule():
    """The server inherits the limit."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(FILES, most), most))


class Watch:
    """Connections that send an octet a second, or nothing, and when and how each one ends."""

    def __init__(self, connections, drip=b""):
        self.drip = drip
        self.open = {connection: b"" for connection in connections}
        self.ends = []
        self.start = time.monotonic()
        self.worker = Worker(self.run)

    def run(self):
        with selectors.DefaultSelector() as selector:
            for connection in self.open:
                selector.register(connection, selectors.EVENT_READ)
            due = self.start
            while self.open:
                for key, _ in selector.select(max(due - time.monotonic(), 0)):
                    self.receive(key.fileobj, selector)
                if time.monotonic() >= due:
                    due += 1
                    self.send()

    def receive(self, connection, selector):
        try:
            received = connection.recv(65_536)
        except ConnectionError as error:
            received = b""
            self.open[connection] += repr(error).encode()
        self.open[connection] += received
        if not received:
            selector.unregister(connection)
            connection.close()
            self.ends.append((time.monotonic() - self.start, self.open.pop(connection)))

    def send(self):
        for connection in self.open if self.drip else ():
            try:
                connection.send(self.drip)
            except ConnectionError:
                pass

    def wait(self, seconds):
        """The ends of all connections, at most so many seconds after the start."""
        self.worker.join(max(self.start + seconds - time.monotonic(), 0))
        self.worker.check()
        assert not self.open, f"{len(self.open)} connections still open after {seconds} s"
        return self.ends


class Pulse:
    """Asks whether the server lives, a hundred times a second, and for tokens now and then."""

    def __init__(self, ledger):
        self.alive, self.tokens = [], []
        self.stopping = False
        client = ledger.add_client("Client beside slow ones")
        self.requests = [(ALIVE, self.alive)] * 20
        self.requests.append((token_request(client.id, client.secret), self.tokens))
        self.wires = [Wire(ledger.port) for _ in range(4)]
        self.worker = Worker(self.run)

    def run(self):
        turn = 0
        while not self.stopping:
            request, times = self.requests[turn % len(self.requests)]
            start = time.monotonic()
            status, _ = self.wires[turn % len(self.wires)].exchange(request)
            times.append(time.monotonic() - start if status == 200 else float("inf"))
            turn += 1
            time.sleep(0.01)

    def stop(self):
        self.stopping = True
        self.worker.wait(30)
        for wire in self.wires:
            wire.close()


class Limits(LedgerTest):
    """All limits of time run at once; each test waits for its own."""

    @classmethod
    def prepare(cls):
        port = cls.ledger.port
        cls.pulse = Pulse(cls.ledger)
        cls.addClassCleanup(cls.pulse.stop)
        until(lambda: len(cls.pulse.tokens) > 3, "tokens")
        before = cls.ledger.memory()
        idle = [Wire(port) for _ in range(IDLE)]
        for wire in idle:
            assert wire.exchange(ALIVE)[0] == 200
        cls.idle_cost = (cls.ledger.memory() - before) / IDLE
        cls.idle = Watch([wire.socket for wire in idle])
        cls.heads = Watch(cls.slow(port, b"GET /healthz HTTP/1.1\r\nX: ", b""), b"a")
        head = b"POST /connect/token HTTP/1.1\r\nHost: a\r\n"
        cls.bodies = Watch(
            cls.slow(port, head + b"Content-Length: 100\r\n\r\n",
                     head + b"Transfer-Encoding: chunked\r\n\r\n64\r\n"), b"a")

        cls.secure = cls.serve_securely()
        # A record of the handshake begins, of 512 octets; or nothing comes at all.
        cls.handshakes = Watch(cls.slow(cls.secure.port, b"\x16\x03\x01\x02\x00"), b"a")
        cls.silent = Watch(cls.slow(cls.secure.port, b""))

    @classmethod
    def serve_securely(cls):
        """Another ledger, with TLS."""
        place = tempfile.TemporaryDirectory(prefix="tallystick-slow-")
        cls.addClassCleanup(place.cleanup)
        certificate, key = Authority(place.name).issue("server")
        ledger = Ledger(serve=["--tls-certificate", certificate, "--tls-key", key])
        cls.addClassCleanup(ledger.close)
        return ledger

    @staticmethod
    def slow(port, *beginnings):
        """Connections that have begun so."""
        connections = [connect(port) for _ in range(SLOW)]
        for number, connection in enumerate(connections):
            connection.sendall(beginnings[number % len(beginnings)])
        return connections

    def assertTimeout(self, watch, seconds, title, cause):
        for elapsed, received in watch.wait(seconds + 4):
            self.assertEqual([reply.status for reply in replies(received)], [408])
            self.assertIn(title, received.decode())
            self.assertGreater(elapsed, seconds - 0.5)
            self.assertLess(elapsed, seconds + 3)
        self.assertEqual(len(watch.ends), SLOW)
        self.assertEqual(self.ledger.log().count(title), SLOW)
        self.assertEqual(refusals(self.ledger)[cause], SLOW)

    def test_1_an_idle_connection_is_cheap(self):
        self.assertLess(self.idle_cost, 16 * 1024)

    def test_2_slow_heads(self):
        self.assertTimeout(self.heads, 10, HEAD_TIMEOUT, "head_timeout")

    def test_2_slow_handshakes(self):
        """They end without a word, as there are none in common."""
        for watch in (self.handshakes, self.silent):
            for elapsed, received in watch.wait(14):
                self.assertEqual(received, b"")
                self.assertTrue(9.5 < elapsed < 13, elapsed)
        self.assertEqual(self.secure.log().count(HEAD_TIMEOUT), 2 * SLOW)

    def test_3_slow_bodies(self):
        self.assertTimeout(self.bodies, 30, "The body took too long.", "body_timeout")

    def test_4_idle_connections(self):
        """They end without a word, in their own time."""
        self.assertEqual(len(self.idle.open), IDLE, self.idle.ends[:3])
        ends = self.idle.wait(64)
        self.assertEqual({received for _, received in ends}, {b""})
        self.assertGreater(min(elapsed for elapsed, _ in ends), 58)

    def test_5_nobody_else_waited(self):
        self.pulse.stop()
        self.assertGreater(len(self.pulse.alive), 2_000)
        self.assertGreater(len(self.pulse.tokens), 100)
        report = (f"alive: 99 % within {percentile(self.pulse.alive, 99) * 1000:.1f} ms, tokens: "
                  f"half within {percentile(self.pulse.tokens, 50) * 1000:.1f} ms, "
                  f"{self.idle_cost / 1024:.1f} KiB an idle connection")
        print(f"\n{self.id()}: {report}", flush=True)
        self.assertLess(percentile(self.pulse.alive, 99), 0.05, report)
        self.assertLess(percentile(self.pulse.tokens, 50), 0.05, report)


class Crowd(unittest.TestCase):
    def test_one_connection_too_many(self):
        with Ledger() as ledger:
            crowd = [connect(ledger.port) for _ in range(4_000)]
            try:
                crowd[-1].sendall(ALIVE)
                self.assertIn(b" 200 OK", crowd[-1].recv(65_536))
                for _ in range(3):
                    (reply,) = replies(rest(connect(ledger.port)))
                    self.assertEqual((reply.status, reply.headers["retry-after"]), (503, "1"))
                crowd.pop(0).close()
                until(lambda: self.answers(ledger), "a place is free again")
                crowd[0].sendall(ALIVE)
                self.assertIn(b" 200 OK", crowd[0].recv(65_536))
            finally:
                for connection in crowd:
                    connection.close()
            turned_away = ledger.log().count("There are too many connections.")
            self.assertGreaterEqual(turned_away, 3)
            self.assertEqual(refusals(ledger)["too_many_connections"], turned_away)

    def test_too_few_descriptors(self):
        """Who is connected is served; who is not yet waits until somebody leaves."""
        with Ledger(start=False) as ledger:
            ledger.start(under=["prlimit", "--nofile=100"])
            crowd = [connect(ledger.port) for _ in range(200)]
            until(lambda: "Connections have to wait." in ledger.log(), "no descriptor is left")
            for connection in crowd:
                connection.sendall(ALIVE)
            for connection in crowd:
                # Each that leaves makes room for another.
                self.assertIn(b" 200 OK", connection.recv(65_536))
                connection.close()
            self.assertLess(len(ledger.warnings()), 200)
            self.assertTrue(self.answers(ledger))
            self.assertEqual(ledger.operator.ask().status, 200)

    def answers(self, ledger):
        with connect(ledger.port) as connection:
            connection.sendall(ALIVE)
            connection.shutdown(socket.SHUT_WR)
            return b" 200 OK" in rest(connection)
