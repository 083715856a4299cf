"""A client of TLS 1.3 that sends nothing but KeyUpdates (RFC 8446, section 4.6.3)."""

import ctypes
import threading
import time

from certificates import TLSTest
from conversation import ALIVE
from load import connect

TLS13 = 0x0304


class Flood:
    """As many KeyUpdates as the server takes, from a thread, by OpenSSL itself."""

    def __init__(self, port):
        self.library = library = ctypes.CDLL("libssl.so.3")
        for name in ("TLS_client_method", "SSL_CTX_new", "SSL_new"):
            getattr(library, name).restype = ctypes.c_void_p
        self.context = ctypes.c_void_p(library.SSL_CTX_new(ctypes.c_void_p(library.TLS_client_method())))
        self.session = ctypes.c_void_p(library.SSL_new(self.context))
        self.socket = connect(port)
        library.SSL_set_fd(self.session, self.socket.fileno())
        self.socket.setblocking(True)
        assert library.SSL_connect(self.session) == 1
        assert library.SSL_version(self.session) == TLS13
        self.sent = 0
        self.ending = False
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while not self.ending and self.library.SSL_key_update(self.session, 0) == 1:
            if self.library.SSL_do_handshake(self.session) != 1:
                break
            self.sent += 1

    def end(self):
        self.ending = True
        self.thread.join()
        self.library.SSL_free(self.session)
        self.library.SSL_CTX_free(self.context)
        self.socket.close()


class KeyUpdates(TLSTest):
    @classmethod
    def flags(cls):
        return ["--loops", "1"]

    def test_others_are_served(self):
        flood = Flood(self.ledger.port)
        try:
            slowest, start = 0, time.monotonic()
            with self.open() as connection:
                while time.monotonic() < start + 3:
                    before = time.monotonic()
                    self.assertAlive(connection)
                    slowest = max(slowest, time.monotonic() - before)
        finally:
            flood.end()
        self.assertGreater(flood.sent, 10_000)
        self.assertLess(slowest, 0.5)

    def test_the_flood_does_not_outlast_its_limit(self):
        """It is no request: the connection ends when an idle head would."""
        flood = Flood(self.ledger.port)
        flood.thread.join(20)
        ended = not flood.thread.is_alive()
        flood.end()
        self.assertTrue(ended)
