"""The ways to reach the server: TLS, proxies, Unix sockets, and sockets that were handed over."""

import contextlib
import json
import os
import pathlib
import signal
import socket
import ssl
import stat
import subprocess
import sys
import tempfile
import time
import unittest

from certificates import Authority, TLSTest
from conversation import ALIVE, LAST, replies, rest
from ledger import Ledger, LedgerTest, claims, run, until
from load import Wire, connect, token_request

VERSIONS = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)


def own_address():
    """An address of this machine off loopback."""
    result = subprocess.run(
        ["ip", "-json", "-4", "address", "show", "up", "scope", "global"], capture_output=True,
        text=True, check=True)
    addresses = [
        address["local"] for link in json.loads(result.stdout)
        for address in link.get("addr_info", []) if address]
    assert addresses, (
        "this machine has no IPv4 address off loopback; as root, "
        "`ip address add 198.51.100.1/32 dev lo` gives it one")
    return addresses[0]


class Secure(TLSTest):
    def test_it_says_so(self):
        self.assertRegex(self.ledger.endpoints[0], r"\Ahttps://127\.0\.0\.1:\d+\Z")

    def test_tokens_in_both_versions(self):
        client = self.ledger.add_client("Secure client")
        for version in VERSIONS:
            with self.open(self.authority.context(version)) as connection:
                self.assertEqual(connection.version(), version.name.replace("_", "."))
                connection.sendall(token_request(client.id, client.secret))
                received = b""
                while not received.endswith(b"}"):
                    received += connection.recv(65_536)
                (reply,) = replies(received)
                token = json.loads(reply.body)["access_token"]
                self.assertTrue(client.introspect(token)["active"])

    def test_curl(self):
        url = f"https://127.0.0.1:{self.ledger.port}/healthz"
        for flags in (["--tls-max", "1.2"], ["--tlsv1.3"]):
            result = subprocess.run(
                ["curl", "-sS", "--cacert", self.authority.file, *flags, url],
                capture_output=True, text=True, timeout=20)
            self.assertEqual((result.returncode, result.stdout), (0, '{"status":"alive"}'), result)

    def test_openssl(self):
        for flag in ("-tls1_2", "-tls1_3"):
            result = self.s_client(flag, "-verify_return_error")
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn("Verify return code: 0 (ok)", result.stdout)
            self.assertIn("Secure Renegotiation IS", result.stdout)
            self.assertIn("Compression: NONE", result.stdout)

    def test_old_versions(self):
        for flag in ("-tls1", "-tls1_1"):
            result = self.s_client(flag, "-cipher", "ALL:@SECLEVEL=0")
            self.assertNotEqual(result.returncode, 0)
            self.assertIn("alert protocol version", result.stderr)

    def test_weak_suites(self):
        for suite in ("AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384"):
            result = self.s_client("-tls1_2", "-cipher", suite)
            self.assertNotEqual(result.returncode, 0)
            self.assertIn("alert handshake failure", result.stderr)

    def s_client(self, *flags):
        return subprocess.run(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{self.ledger.port}", "-CAfile",
             self.authority.file, *flags],
            input="", capture_output=True, text=True, timeout=20)

    def test_protocols_of_the_application(self):
        for offered, expected in ((["http/1.1"], "http/1.1"), (["h2", "http/1.1"], "http/1.1")):
            context = self.authority.context()
            context.set_alpn_protocols(offered)
            with self.open(context) as connection:
                self.assertEqual(connection.selected_alpn_protocol(), expected)
        context = self.authority.context()
        context.set_alpn_protocols(["h2"])
        with self.assertRaisesRegex(ssl.SSLError, "alert no application protocol"):
            self.open(context)

    def test_sessions_are_resumed(self):
        for version in VERSIONS:
            with self.subTest(version.name):
                context = self.authority.context(version)
                with self.open(context) as connection:
                    self.assertFalse(connection.session_reused)
                    self.assertAlive(connection)
                    session = connection.session
                with self.open(context, session) as connection:
                    self.assertTrue(connection.session_reused)
                    self.assertAlive(connection)

    def test_an_orderly_end(self):
        with self.open() as connection:
            connection.sendall(LAST)
            received = b""
            # An end without close_notify would raise SSLEOFError.
            connection.suppress_ragged_eofs = False
            while part := connection.recv(65_536):
                received += part
            self.assertEqual([reply.status for reply in replies(received)], [200])

    def test_plain_http_on_the_port_of_tls(self):
        failures = len(self.log_lines("No TLS connection"))
        for request in (ALIVE, b"GET /\r\n", b"\0" * 100, os.urandom(2_000)):
            connection = connect(self.ledger.port)
            connection.sendall(request)
            start = time.monotonic()
            # An alert at most, in a record of its own.
            self.assertLessEqual(len(rest(connection)), 7)
            self.assertLess(time.monotonic() - start, 1)
        self.assertEqual(len(self.log_lines("No TLS connection")), failures + 4, self.ledger.log())

    def test_handshakes_cut_anywhere(self):
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        client = self.authority.context().wrap_bio(incoming, outgoing, server_hostname="127.0.0.1")
        with self.assertRaises(ssl.SSLWantReadError):
            client.do_handshake()
        hello = outgoing.read()
        base = self.ledger.descriptors()
        for at in range(1, len(hello), 7):
            connect(self.ledger.port).close()
            with connect(self.ledger.port) as connection:
                connection.sendall(hello[:at])
        until(lambda: self.ledger.descriptors() <= base, "all connections closed")
        with self.open() as connection:
            self.assertAlive(connection)

    def test_long_answers(self):
        lines = self.ledger.events()
        self.assertEqual([json.loads(line)["position"] for line in lines], list(range(len(lines))))


class Reload(TLSTest):
    def reload(self, message):
        before = len(self.log_lines(message))
        self.ledger.process.send_signal(signal.SIGHUP)
        until(lambda: len(self.log_lines(message)) > before, "the files were read")

    def serial(self, connection):
        return connection.getpeercert()["serialNumber"]

    def test_certificates_are_replaced_while_connections_go_on(self):
        with self.open() as old:
            first = self.serial(old)
            self.assertAlive(old)
            self.authority.issue("server")
            with self.open() as connection:
                self.assertEqual(self.serial(connection), first)
            self.reload("read again")
            with self.open() as new:
                second = self.serial(new)
                self.assertNotEqual(second, first)
                self.assertAlive(new)
            self.assertAlive(old)
            good = [file.read_bytes() for file in self.files]
            for fault in (lambda: self.files[0].write_text("nothing"),
                          lambda: self.files[1].unlink(),
                          lambda: self.files[1].write_bytes(self.other_key())):
                fault()
                self.reload("not replaced")
                self.assertEqual(self.log_lines("not replaced")[-1]["level"], "error")
                with self.open() as new:
                    self.assertEqual(self.serial(new), second)
                for file, content in zip(self.files, good):
                    file.write_bytes(content)
            self.reload("read again")
            self.assertAlive(old)

    def other_key(self):
        return self.stranger.issue("other")[1].read_bytes()

    def test_sessions_from_before(self):
        """They are not resumed, and nothing fails by that."""
        context = self.authority.context()
        with self.open(context) as connection:
            self.assertAlive(connection)
            session = connection.session
        self.reload("read again")
        with self.open(context, session) as connection:
            self.assertAlive(connection)

    def test_reload_under_load(self):
        stop = time.monotonic() + 1
        count = 0
        while time.monotonic() < stop:
            if count % 5 == 0:
                self.reload("read again")
            with self.open() as connection:
                self.assertAlive(connection)
            count += 1
        self.assertGreater(count, 10)


class ClientCertificates(TLSTest):
    @classmethod
    def flags(cls):
        return ["--client-ca", cls.authority.file]

    def test_none(self):
        for version in VERSIONS:
            with self.open(self.authority.context(version)) as connection:
                self.assertAlive(connection)

    def test_one_of_the_authority(self):
        for version in VERSIONS:
            context = self.authority.context(version, self.authority.issue("client"))
            for _ in range(2):
                with self.open(context) as connection:
                    self.assertAlive(connection)

    def test_one_of_somebody_else(self):
        failures = len(self.log_lines("No TLS connection"))
        for version in VERSIONS:
            context = self.authority.context(version, self.stranger.issue("foreigner"))
            with self.assertRaisesRegex(ssl.SSLError, "UNKNOWN_CA"):
                with self.open(context) as connection:
                    self.assertAlive(connection)
        self.assertEqual(len(self.log_lines("No TLS connection")), failures + 2)


class Starting(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="tallystick-start-")
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)
        run("init", "--data", self.place / "ledger").check_returncode()

    def refused(self, *flags, status=2):
        """What the server says when it does not start so."""
        result = run("serve", "--data", self.place / "ledger", *flags)
        self.assertEqual((result.returncode, result.stdout), (status, ""), result)
        return result.stderr

    def test_plain_http_off_loopback(self):
        for address in ("0.0.0.0:0", "[::]:0", f"{own_address()}:0", "127.0.0.1:0,0.0.0.0:0"):
            self.assertIn("plain HTTP", self.refused("--listen", address))
            self.assertIn("plain HTTP", self.refused(
                "--listen", address, "--trusted-proxy", "unix"))

    def test_addresses_that_are_none(self):
        for address in ("", "8080", "localhost:8080", "127.0.0.1", "127.0.0.1:65536", "::1:8080",
                        "[127.0.0.1]:80", "unix:", f"unix:/{'a' * 107}", "127.0.0.1:0,",
                        "127.0.0.1:-1"):
            self.assertIn("--listen", self.refused("--listen", address))

    def test_proxies_that_are_none(self):
        for network in ("10.0.0.0/33", "proxy", "10.0.0/8", "::/129", "10.0.0.0/", "/8",
                        "10.0.0.1/8"):
            self.assertIn("--trusted-proxy", self.refused("--trusted-proxy", network), network)

    def test_files_of_tls(self):
        authority = Authority(self.place)
        certificate, key = authority.issue("server")
        _, other = authority.issue("other")
        listen = ("--listen", "127.0.0.1:0")
        self.assertIn("together", self.refused(*listen, "--tls-certificate", certificate))
        self.assertIn("together", self.refused(*listen, "--tls-key", key))
        self.assertIn("--client-ca", self.refused(*listen, "--client-ca", authority.file))
        for certificate, key, name in ((certificate, other, "other.key"), (key, key, "server.key"),
                                       (certificate, self.place / "none", "none")):
            said = self.refused(*listen, "--tls-certificate", certificate, "--tls-key", key)
            self.assertIn(name, said)

    def test_a_port_that_is_taken(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            self.assertIn("in use", self.refused("--listen", address, status=1))

    def test_nothing_was_handed_over(self):
        self.assertIn("LISTEN_FDS", self.refused("--listen", "systemd"))


class Proxied(LedgerTest):
    """Behind proxies on loopback and in 10.0.0.0/8; others have no business here."""

    @classmethod
    def setUpClass(cls):
        cls.ledger = Ledger(
            serve=["--trusted-proxy", "127.0.0.0/8,10.0.0.0/8,2001:db8:1::/48"],
            listen="0.0.0.0:0")
        cls.addClassCleanup(cls.ledger.close)
        cls.client = cls.ledger.add_client("Proxied client")

    def ask(self, *forwarded):
        """The answer to a token request with such X-Forwarded-For headers."""
        lines = b"".join(f"X-Forwarded-For: {value}\r\n".encode("latin-1") for value in forwarded)
        request = token_request(self.client.id, self.client.secret)
        wire = Wire(self.ledger.port)
        try:
            return wire.exchange(request.replace(b"\r\n", b"\r\n" + lines, 1))
        finally:
            wire.close()

    def recorded(self, *forwarded):
        """The address in the event of a token that was asked for so."""
        status, body = self.ask(*forwarded)
        self.assertEqual(status, 200, body)
        position = claims(json.loads(body)["access_token"])["ledger_position"]
        return self.ledger.get(f"/events/{position}")["actor"]["address"]

    def test_the_rightmost_hop_that_is_no_proxy(self):
        for forwarded, expected in (
                ([], "127.0.0.1"),
                (["203.0.113.9"], "203.0.113.9"),
                (["203.0.113.9, 10.1.2.3"], "203.0.113.9"),
                (["203.0.113.9,10.1.2.3 ,\t127.0.0.5"], "203.0.113.9"),
                (["198.51.100.1, 203.0.113.9"], "203.0.113.9"),
                (["127.0.0.1, 10.0.0.1, 203.0.113.9, 10.1.2.3"], "203.0.113.9"),
                (["198.51.100.1", "203.0.113.9", "10.1.2.3"], "203.0.113.9"),
                (["198.51.100.1, 203.0.113.9", "10.1.2.3, 10.1.2.4"], "203.0.113.9"),
                (["nonsense, 203.0.113.9"], "203.0.113.9"),
                ([", 203.0.113.9, 10.0.0.1"], "203.0.113.9"),
                (["10.0.0.1, 10.0.0.2"], "10.0.0.1"),
                (["203.0.113.9:50000"], "203.0.113.9"),
                (["2001:db8::1"], "2001:db8::1"),
                (["2001:DB8:0:0::0001"], "2001:db8::1"),
                (["[2001:db8::1]"], "2001:db8::1"),
                (["[2001:db8::1]:443, 2001:db8:1::7"], "2001:db8::1"),
                (["::ffff:203.0.113.9, ::ffff:10.0.0.1"], "203.0.113.9"),
                (["2001:db8:1:ffff::1, 127.0.0.1"], "2001:db8:1:ffff::1")):
            with self.subTest(forwarded):
                self.assertEqual(self.recorded(*forwarded), expected)

    def test_hops_that_are_no_address(self):
        for forwarded in (
                ["nonsense"], [""], ["203.0.113.9, nonsense"], ["203.0.113.9,"],
                ["203.0.113.9, , 10.0.0.1"], ["unknown"], ["_hidden"], ["300.1.1.1"], ["1.2.3"],
                ["127.1"], ["0x7f.0.0.1"], ["010.0.0.1"], ["203.0.113.9:65536"],
                ["203.0.113.9:"], ["[2001:db8::1"], ["2001:db8::1]"],
                ["[2001:db8::1]x"], ["2001:db8::1%eth0"], ["203.0.113.9 10.0.0.1"],
                ["203.0.113.9/32"], ["203.0.113.\xb9"], ["203.0.113.9", "nonsense"],
                ["203.0.113.9", ""]):
            with self.subTest(forwarded):
                status, body = self.ask(*forwarded)
                self.assertEqual(status, 400, body)
                self.assertIn("X-Forwarded-For", json.loads(body)["title"])

    def test_strangers(self):
        """Who is no trusted proxy is not spoken with, whatever it says."""
        address = own_address()
        for request in (ALIVE, ALIVE.replace(b"\r\n", b"\r\nX-Forwarded-For: 127.0.0.1\r\n", 1)):
            with socket.create_connection((address, self.ledger.port), timeout=20) as connection:
                with contextlib.suppress(ConnectionError):
                    connection.sendall(request)
                (reply,) = replies(rest(connection))
                self.assertEqual(reply.status, 403)
        line = json.loads(self.ledger.log().splitlines()[-1])
        self.assertEqual((line["peer"], line["status"]), (address, 403))

    def test_ids_of_requests(self):
        for given in ("a", "A1-b_c.9", "0" * 64):
            answer = self.ledger.request("GET", "/healthz", headers={"X-Request-Id": given})
            self.assertEqual(answer.headers["X-Request-Id"], given)
        for given in ("", "a" * 65, "a b", 'a"b', "a\\b", "\xe4", "{}"):
            answer = self.ledger.request("GET", "/healthz", headers={"X-Request-Id": given})
            self.assertNotEqual(answer.headers["X-Request-Id"], given)
            self.assertRegex(answer.headers["X-Request-Id"], r"\A[0-9a-z]{15}\Z")

    def test_refusals_keep_what_the_proxy_said(self):
        for length, body, status in ((2_000_000, b"", 413), (5, b"", 400)):
            request = (
                f"POST /connect/token HTTP/1.1\r\nHost: a\r\nX-Request-Id: abc-{status}\r\n"
                f"X-Forwarded-For: {'203.0.113.9' if status == 413 else 'nobody'}\r\n"
                f"Content-Length: {length}\r\n\r\n").encode() + body
            connection = connect(self.ledger.port)
            connection.sendall(request)
            (reply,) = replies(rest(connection))
            self.assertEqual((reply.status, reply.headers["x-request-id"]), (status, f"abc-{status}"))
        lines = {line.get("request_id"): line for line in map(
            json.loads, self.ledger.log().splitlines())}
        self.assertEqual(lines["abc-413"]["peer"], "203.0.113.9")
        self.assertEqual(lines["abc-400"]["status"], 400)


class BothFamilies(unittest.TestCase):
    def test_ipv4_over_a_socket_of_ipv6(self):
        """Its addresses are what they are over a socket of IPv4."""
        with Ledger(listen="[::]:0", serve=["--trusted-proxy", "127.0.0.1,::1"]) as ledger:
            self.assertRegex(ledger.endpoints[0], r"\Ahttp://\[::\]:\d+\Z")
            client = ledger.add_client("Client of both")
            for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
                with socket.socket(family) as connection:
                    connection.connect((address, ledger.port))
                    wire = Wire(over=connection)
                    status, body = wire.exchange(token_request(client.id, client.secret))
                self.assertEqual(status, 200)
                position = claims(json.loads(body)["access_token"])["ledger_position"]
                self.assertEqual(ledger.get(f"/events/{position}")["actor"]["address"], address)
            ledger.check()


class NotProxied(LedgerTest):
    """Without trusted proxies anybody may have written what they would write."""

    def test_forwarded_addresses(self):
        client = self.ledger.add_client("Direct client")
        for value in ("203.0.113.9", "nonsense", ""):
            answer = self.ledger.form(
                "/connect/token", {"grant_type": "client_credentials"},
                client.authorization | {"X-Forwarded-For": value})
            self.assertEqual(answer.status, 200)
            position = claims(answer.json["access_token"])["ledger_position"]
            event = self.ledger.get(f"/events/{position}")
            self.assertEqual(event["actor"]["address"], "127.0.0.1")

    def test_ids_of_requests(self):
        found = set()
        for _ in range(100):
            answer = self.ledger.request("GET", "/healthz", headers={"X-Request-Id": "mine"})
            found.add(answer.headers["X-Request-Id"])
        self.assertEqual(len(found), 100)
        self.assertNotIn("mine", found)


class UnixSockets(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="tallystick-unix-")
        self.addCleanup(place.cleanup)
        self.path = os.path.join(place.name, "socket")

    def serve(self, *flags, **options):
        ledger = Ledger(listen=f"unix:{self.path},127.0.0.1:0", serve=flags, **options)
        self.addCleanup(ledger.close)
        return ledger

    def curl(self, path, *flags):
        result = subprocess.run(
            ["curl", "-sS", "--fail", "--unix-socket", self.path, *flags, f"http://ledger{path}"],
            capture_output=True, text=True, timeout=20)
        self.assertEqual(result.returncode, 0, result)
        return result.stdout

    def token(self, client, *flags):
        answer = self.curl("/connect/token", "--user", f"{client.id}:{client.secret}",
                           "--data", "grant_type=client_credentials", *flags)
        return claims(json.loads(answer)["access_token"])

    def test_requests(self):
        ledger = self.serve()
        self.assertEqual(ledger.endpoints[0], f"unix:{self.path}")
        self.assertEqual(self.curl("/healthz"), '{"status":"alive"}')
        client = ledger.add_client("Local client")
        position = self.token(client, "-H", "X-Forwarded-For: 203.0.113.9")["ledger_position"]
        self.assertEqual(ledger.get(f"/events/{position}")["actor"]["address"], "unix")
        ledger.check()

    def test_a_trusted_one(self):
        ledger = self.serve("--trusted-proxy", "unix")
        client = ledger.add_client("Proxied client")
        forwarded = ["-H", "X-Forwarded-For: 203.0.113.9"]
        for flags, address in ((forwarded, "203.0.113.9"), ([], "unix")):
            position = self.token(client, *flags)["ledger_position"]
            self.assertEqual(ledger.get(f"/events/{position}")["actor"]["address"], address)
        ledger.check()

    def test_the_life_of_the_file(self):
        ledger = self.serve()
        status = os.stat(self.path)
        self.assertTrue(stat.S_ISSOCK(status.st_mode))
        self.assertEqual(stat.S_IMODE(status.st_mode), 0o660)
        ledger.kill()
        self.assertTrue(os.path.exists(self.path))
        ledger.start()
        self.assertEqual(self.curl("/healthz"), '{"status":"alive"}')
        ledger.stop()
        self.assertFalse(os.path.exists(self.path))

    def test_a_socket_that_is_in_use(self):
        self.serve()
        with self.assertRaisesRegex(AssertionError, "Another server listens"):
            self.serve()
        self.assertEqual(self.curl("/healthz"), '{"status":"alive"}')

    def test_a_file_that_is_no_socket(self):
        pathlib.Path(self.path).write_text("precious")
        with self.assertRaisesRegex(AssertionError, "not a socket"):
            self.serve()
        self.assertEqual(pathlib.Path(self.path).read_text(), "precious")


# Hands over listening sockets as systemd does, then becomes the server.
HAND_OVER = """
import os, socket, sys
path, *command = sys.argv[1:]
sockets = [socket.create_server(("127.0.0.1", 0)), socket.socket(socket.AF_UNIX)]
sockets[1].bind(path)
sockets[1].listen()
for number, descriptor in enumerate(os.dup(each.fileno()) for each in sockets):
    os.dup2(os.dup(os.dup(descriptor)), 3 + number)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "2"}
os.execv(command[0], command)
"""


class ServiceManager(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="tallystick-manager-")
        self.addCleanup(place.cleanup)
        self.path = os.path.join(place.name, "socket")

    def notifications(self, path):
        """A socket that hears what the server has to say."""
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(listener.close)
        listener.settimeout(10)
        listener.bind(path.replace("@", "\0"))
        return listener

    def test_sockets_that_are_handed_over(self):
        ledger = Ledger(listen="systemd", start=False)
        self.addCleanup(ledger.close)
        ledger.start(under=[sys.executable, "-c", HAND_OVER, self.path])
        self.assertEqual(ledger.endpoint(), f"unix:{self.path}")
        self.assertEqual(ledger.operator.ask().status, 200)
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(self.path)
            connection.sendall(LAST)
            self.assertEqual([reply.status for reply in replies(rest(connection))], [200])
        ledger.stop()
        self.assertTrue(os.path.exists(self.path), "it belongs to the service manager")

    def test_what_the_manager_hears(self):
        for path in (self.path, f"@tallystick-{os.getpid()}"):
            with self.subTest(path):
                listener = self.notifications(path)
                ledger = Ledger(start=False, serve=["--drain-delay", "1"])
                self.addCleanup(ledger.close)
                ledger.start(environment={"NOTIFY_SOCKET": path})
                self.assertEqual(listener.recv(1_000), b"READY=1")
                self.assertEqual(ledger.request("GET", "/readyz").status, 200)
                ledger.process.send_signal(signal.SIGTERM)
                self.assertEqual(listener.recv(1_000), b"STOPPING=1")
                self.assertEqual(ledger.request("GET", "/healthz").status, 200)
                self.assertEqual(ledger.process.wait(20), 0)

    def test_a_manager_that_is_gone(self):
        ledger = Ledger(start=False)
        self.addCleanup(ledger.close)
        ledger.start(environment={"NOTIFY_SOCKET": self.path})
        self.assertEqual(ledger.operator.ask().status, 200)
        ledger.stop()
