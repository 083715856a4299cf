"""What no strict server takes is refused alike however it arrives; what is merely odd is not."""

import json
import re
import socket

from certificates import TLSTest
from conversation import ALIVE, LAST, Conversations, cuts, replies, rest
from ledger import FORM, LedgerTest
from load import connect
from test_metrics import scrape

TITLES = {
    "malformed_request_line": "The request line is malformed.",
    "invalid_target": "The request target is not a path of printable ASCII characters.",
    "unsupported_version": "Only HTTP/1.0 and HTTP/1.1 are spoken here.",
    "bare_line_feed": "A line does not end with CR LF.",
    "bare_carriage_return": "A carriage return is not followed by a line feed.",
    "folded_header": "A header continues on the next line.",
    "space_before_colon": "A header name is followed by white space.",
    "invalid_header_name": "A header name is not a token.",
    "invalid_header_value": "A header value holds a control character.",
    "missing_host": "The Host header is missing.",
    "invalid_host": "The Host header is empty, repeated or not a host.",
    "invalid_content_length": "Content-Length is repeated or not a number.",
    "invalid_transfer_encoding": "Transfer-Encoding is repeated, or not exactly chunked.",
    "ambiguous_length": "Content-Length and Transfer-Encoding contradict each other.",
    "invalid_chunk": "The chunked body is malformed.",
    "unknown_expectation": "Only the expectation 100-continue is known here.",
    "head_too_large": "The request line and headers are too large.",
    "too_many_headers": "There are too many headers.",
    "body_too_large": "The body is too large.",
}
STATUSES = {
    "unsupported_version": 505, "unknown_expectation": 417, "head_too_large": 431,
    "too_many_headers": 431, "body_too_large": 413,
}

HOST = "Host: a\r\n"


def get(rest, line="GET /healthz HTTP/1.1\r\n"):
    """The bytes of a request; each character of the text is an octet."""
    return (line + rest).encode("latin-1")


def post(headers, body="", version="1.1"):
    return get(f"{HOST}{headers}\r\n\r\n{body}", f"POST /connect/token HTTP/{version}\r\n")


def chunks(body):
    return post("Transfer-Encoding: chunked", body)


def line(text):
    return get(f"{HOST}\r\n", f"{text}\r\n")


def head_of(size):
    """A request without a body, of so many octets."""
    return get(f"{HOST}X: ").ljust(size - 4, b"a") + b"\r\n\r\n"


# Each is followed by another whole request, which must never be answered.
REQUEST_LINES = [
    ("no version", line("GET /"), "malformed_request_line"),
    ("space after the version", line("GET / HTTP/1.1 "), "malformed_request_line"),
    ("tab between", line("GET\t/ HTTP/1.1"), "malformed_request_line"),
    ("a method that is no token", line("G(T / HTTP/1.1"), "malformed_request_line"),
    ("no method", line(" / HTTP/1.1"), "malformed_request_line"),
    ("leading space", line(" GET / HTTP/1.1"), "malformed_request_line"),
    ("a TLS client", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", "malformed_request_line"),
    ("two empty lines", b"\r\n\r\n" + ALIVE, "malformed_request_line"),
    ("an empty line with CR alone", b"\r" + ALIVE, "malformed_request_line"),
    ("an empty line with LF alone", b"\n" + ALIVE, "malformed_request_line"),
    ("lower-case protocol", line("GET / http/1.1"), "malformed_request_line"),
    ("another protocol", line("GET / ICY/1.1"), "malformed_request_line"),
    ("a long version", line("GET / HTTP/1.10"), "malformed_request_line"),
    ("a version of one number", line("GET / HTTP/1"), "malformed_request_line"),
    ("a version with a comma", line("GET / HTTP/1,1"), "malformed_request_line"),
    ("space in the target", line("GET /a b HTTP/1.1"), "malformed_request_line"),
    ("CR in the request line", line("GET / HTTP/1.1\rX"), "malformed_request_line"),
    ("HTTP/2", line("GET / HTTP/2.0"), "unsupported_version"),
    ("HTTP/0.9", line("GET / HTTP/0.9"), "unsupported_version"),
    ("HTTP/1.2", line("GET / HTTP/1.2"), "unsupported_version"),
    ("the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "invalid_target"),
    ("two spaces", line("GET  / HTTP/1.1"), "invalid_target"),
    ("absolute form", line("GET http://a/healthz HTTP/1.1"), "invalid_target"),
    ("authority form", line("CONNECT a:80 HTTP/1.1"), "invalid_target"),
    ("asterisk form", line("OPTIONS * HTTP/1.1"), "invalid_target"),
    ("a fragment", line("GET /healthz#a HTTP/1.1"), "invalid_target"),
    ("an octet beyond ASCII in the target", line("GET /\xe4 HTTP/1.1"), "invalid_target"),
    ("a control character in the target", line("GET /\x01 HTTP/1.1"), "invalid_target"),
    ("NUL in the target", line("GET /\0 HTTP/1.1"), "invalid_target"),
    ("vertical tab for the space", line("GET /\vHTTP/1.1"), "invalid_target"),
    ("LF after the request line", get(f"{HOST}\r\n", "GET / HTTP/1.1\n"), "bare_line_feed"),
    ("LF after a header", get("Host: a\nX: b\r\n\r\n"), "bare_line_feed"),
    ("LF LF", get("Host: a\n\n"), "bare_line_feed"),
    ("LF for the empty line", get("Host: a\r\n\n"), "bare_line_feed"),
    ("LF alone everywhere", b"GET / HTTP/1.1\nHost: a\n\n", "bare_line_feed"),
]

HEADERS = [
    ("CR in a value", get("Host: a\rb\r\n\r\n"), "bare_carriage_return"),
    ("CR that hides a header", get(f"{HOST}X: a\rContent-Length: 5\r\n\r\n"),
     "bare_carriage_return"),
    ("CR before the empty line", get(f"{HOST}\rb\r\n\r\n"), "bare_carriage_return"),
    ("CR CR LF", get("Host: a\r\r\n\r\n"), "bare_carriage_return"),
    ("folded", get(f"{HOST}X: a\r\n b\r\n\r\n"), "folded_header"),
    ("folded with a tab", get(f"{HOST}X: a\r\n\tb\r\n\r\n"), "folded_header"),
    ("the first one folded", get(" Host: a\r\n\r\n"), "folded_header"),
    ("space before the colon", get("Host : a\r\n\r\n"), "space_before_colon"),
    ("tab before the colon", get("Host\t: a\r\n\r\n"), "space_before_colon"),
    ("no colon", get("Host\r\n\r\n"), "invalid_header_name"),
    ("no name", get(f"{HOST}: a\r\n\r\n"), "invalid_header_name"),
    ("a name that is no token", get(f"{HOST}X(: a\r\n\r\n"), "invalid_header_name"),
    ("an octet beyond ASCII in a name", get(f"{HOST}X\xe4: a\r\n\r\n"), "invalid_header_name"),
    ("NUL in a name", get(f"{HOST}X\0: a\r\n\r\n"), "invalid_header_name"),
    ("NUL in a value", get(f"{HOST}X: a\0\r\n\r\n"), "invalid_header_value"),
    ("DEL in a value", get(f"{HOST}X: \x7f\r\n\r\n"), "invalid_header_value"),
    ("escape in a value", get(f"{HOST}X: \x1b[0m\r\n\r\n"), "invalid_header_value"),
    ("no Host", get("X: a\r\n\r\n"), "missing_host"),
    ("no header", get("\r\n"), "missing_host"),
    ("two Hosts", get(f"{HOST}host: a\r\n\r\n"), "invalid_host"),
    ("two Hosts in HTTP/1.0", get(f"{HOST}{HOST}\r\n", "GET / HTTP/1.0\r\n"), "invalid_host"),
    ("an empty Host", get("Host: \r\n\r\n"), "invalid_host"),
    ("a path as Host", get("Host: a/b\r\n\r\n"), "invalid_host"),
    ("a user in Host", get("Host: a@b\r\n\r\n"), "invalid_host"),
    *[(f"Host: {host}", get(f"Host: {host}\r\n\r\n"), "invalid_host")
      for host in ("a b", "a, b", "a:b", "a:80:80", "a:80x", "a:-1", ":80", ":", "::1", "[::1",
                   "[::1]x", "[::1]80", "[]", "[a", "[g]", "a[::1]", "a]", "http://a")],
    ("an expectation", post("Expect: tea\r\nContent-Length: 1", "a"), "unknown_expectation"),
    ("two expectations", post("Expect: 100-continue\r\nExpect: tea\r\nContent-Length: 1", "a"),
     "unknown_expectation"),
    ("100 headers and one", get(HOST + "a:\r\n" * 100 + "\r\n"), "too_many_headers"),
    ("a head of 16 KiB and one octet", head_of(16 * 1024 + 1), "head_too_large"),
    ("a head that does not end", get(f"{HOST}X: ".ljust(17_000, "a")), "head_too_large"),
    ("a target of 17 KB", line("GET /".ljust(17_000, "a")), "head_too_large"),
]

LENGTHS = [
    ("CL.TE", post("Content-Length: 6\r\nTransfer-Encoding: chunked", "0\r\n\r\nG"),
     "ambiguous_length"),
    ("TE.CL", post("Transfer-Encoding: chunked\r\nContent-Length: 4", "1e\r\nGET"),
     "ambiguous_length"),
    ("CL.0 and TE", post("Content-Length: 0\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
     "ambiguous_length"),
    ("a length twice", post("Content-Length: 5\r\nContent-Length: 5", "abcde"),
     "invalid_content_length"),
    ("two lengths", post("Content-Length: 0\r\nContent-Length: 5", "abcde"),
     "invalid_content_length"),
    ("two lengths in two cases", post("content-length: 5\r\nCONTENT-LENGTH: 0", "abcde"),
     "invalid_content_length"),
    *[(f"Content-Length:{value!r}", post(f"Content-Length:{value}", "abcde"),
       "invalid_content_length")
      for value in ("", " ", " 5, 5", " 5,", " 5 5", " +5", " -5", " 0x5", " 5.0", " 5e0", " '5'",
                    ' "5"', " 5;a", " five", " \xb2", " 18446744073709551621",
                    " 99999999999999999999999999")],
    *[(f"Content-Length:{value!r}", post(f"Content-Length:{value}", "abcde"),
       "invalid_header_value")
      for value in (" 5\0", " \v5", " 5\f")],
    ("a length beyond the limit", post("Content-Length: 1048577", "abcde"), "body_too_large"),
    ("the largest length", post("Content-Length: 9223372036854775807", "abcde"), "body_too_large"),
    ("a length beyond the limit with an expectation",
     post("Expect: 100-continue\r\nContent-Length: 1048577"), "body_too_large"),
    ("a space before the colon of a length", post("Content-Length : 5", "abcde"),
     "space_before_colon"),
    ("a length in a folded line", post("X: a\r\n Content-Length: 5", "abcde"), "folded_header"),
]

CODINGS = [
    ("chunked twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
     "invalid_transfer_encoding"),
    ("chunked, then identity",
     post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "0\r\n\r\n"),
     "invalid_transfer_encoding"),
    ("chunked in HTTP/1.0", post("Transfer-Encoding: chunked", "0\r\n\r\n", version="1.0"),
     "invalid_transfer_encoding"),
    *[(f"Transfer-Encoding:{value!r}", post(f"Transfer-Encoding:{value}", "0\r\n\r\n"),
       "invalid_transfer_encoding")
      for value in ("", " identity", " gzip", " gzip, chunked", " chunked, identity",
                    " identity, chunked", " chunked, chunked", " chunked,", " ,chunked",
                    " chunked;q=1", " chunked ; a", ' "chunked"', " 'chunked'", " xchunked",
                    " chunkedx", " chunk", " chunked chunked", " ch\xfcnked", " x: chunked",
                    "chunked\t,")],
    *[(f"Transfer-Encoding:{value!r}", post(f"Transfer-Encoding:{value}", "0\r\n\r\n"),
       "invalid_header_value")
      for value in (" \vchunked", " chunked\v", " \fchunked", " chunked\0", "\0 chunked",
                    " \x1fchunked", "\x7fchunked")],
    ("a coding with CR after it", post("Transfer-Encoding: chunked\rX", "0\r\n\r\n"),
     "bare_carriage_return"),
    ("a coding in a folded line", post("Transfer-Encoding:\r\n chunked", "0\r\n\r\n"),
     "invalid_transfer_encoding"),
    ("a coding behind a header and LF", post("X: a\nTransfer-Encoding: chunked", "0\r\n\r\n"),
     "bare_line_feed"),
    *[(f"{name!r}: chunked", post(f"{name}: chunked", "0\r\n\r\n"), cause)
      for name, cause in (("Transfer-Encoding ", "space_before_colon"),
                          ("Transfer-Encoding\t", "space_before_colon"),
                          ("Transfer-Encoding\v", "invalid_header_name"),
                          ("Transfer-Encoding\0", "invalid_header_name"),
                          ("Transfer Encoding", "space_before_colon"),
                          (" Transfer-Encoding", "folded_header"),
                          ("\vTransfer-Encoding", "invalid_header_name"))],
]

CHUNKS = [
    (f"chunks {body!r}", chunks(body), cause)
    for body, cause in (
        ("\r\n", "invalid_chunk"), ("g\r\n", "invalid_chunk"), ("+1\r\na\r\n", "invalid_chunk"),
        ("-1\r\na\r\n", "invalid_chunk"), ("0x1\r\na\r\n", "invalid_chunk"),
        ("1 \r\na\r\n", "invalid_chunk"), (" 1\r\na\r\n", "invalid_chunk"),
        ("1\ta\r\n", "invalid_chunk"), ("1\0\r\na\r\n", "invalid_chunk"),
        ("1\na\r\n", "invalid_chunk"), ("1\ra\r\n", "invalid_chunk"),
        ("1\r\r\na\r\n", "invalid_chunk"), ("1\r\nab\r\n", "invalid_chunk"),
        ("1\r\na\n0\r\n\r\n", "invalid_chunk"), ("1\r\na\r0\r\n\r\n", "invalid_chunk"),
        ("1\r\na0\r\n\r\n", "invalid_chunk"), ("1\r\n\r\n0\r\n\r\n", "invalid_chunk"),
        ("1;a\na\r\n", "invalid_chunk"), ("1;a\rb\r\na\r\n", "invalid_chunk"),
        ("1;\0\r\na\r\n", "invalid_chunk"), ("0\r\n\n", "invalid_chunk"),
        ("0\r\nA: b\n\r\n", "invalid_chunk"), ("0\r\nA: b\r\n c\r\n\r\n", "invalid_chunk"),
        ("0\r\n", "invalid_chunk"), ("0\r\nA\r\n\r\n", "invalid_chunk"),
        ("0\r\nA : b\r\n\r\n", "invalid_chunk"), ("0\r\n: b\r\n\r\n", "invalid_chunk"),
        ("0\r\nA(: b\r\n\r\n", "invalid_chunk"), ("0\r\nA: b\0\r\n\r\n", "invalid_chunk"),
        ("0\r\n\r\r\n", "invalid_chunk"), ("0\n\n", "invalid_chunk"),
        ("0000000000000001\r\na\r\n", "invalid_chunk"),
        ("100000000000000000\r\na\r\n", "body_too_large"),
        ("ffffffffffffffff\r\na\r\n", "body_too_large"),
        ("100001\r\na\r\n", "body_too_large"),
        ("1\r\na\r\n100000\r\n", "body_too_large"))
] + [
    ("an extension of 17 KB", chunks("1;".ljust(17_000, "a")), "head_too_large"),
    ("a trailer of 17 KB", chunks("0\r\nX: ".ljust(17_000, "a")), "head_too_large"),
]


def refusals(ledger):
    """How often the server says that it has refused requests, by cause."""
    pattern = re.compile(r'tallystick_http_refusals_total\{cause="(.*)"\}')
    found = ((pattern.fullmatch(name), value) for name, value in scrape(ledger).items())
    return {match[1]: value for match, value in found if match}


class Refusing:
    """How requests are refused in conversations."""

    def logged(self):
        lines = [json.loads(line) for line in self.ledger.log().splitlines()]
        return [(line["message"], line["status"], line["request_id"]) for line in lines]

    def assertRefused(self, name, request, cause):
        """With one answer and the end, however cut; with one line in the log for each."""
        status, title = STATUSES.get(cause, 400), TITLES[cause]
        scripts = [(*parts, ALIVE) for parts in cuts(request)]
        logged, counted, expected = len(self.logged()), refusals(self.ledger), []
        for script, received in zip(scripts, self.conversations.hold(scripts), strict=True):
            found = replies(received)
            self.assertEqual([reply.status for reply in found], [status], (script, received))
            reply = found[0]
            self.assertEqual(json.loads(reply.body), {"status": status, "title": title}, script)
            self.assertEqual(reply.headers["content-type"], "application/problem+json")
            self.assertEqual(reply.headers["connection"], "close")
            expected.append((title, status, reply.headers["x-request-id"]))
        self.assertEqual(sorted(self.logged()[logged:]), sorted(expected))
        self.assertEqual(len(set(expected)), len(scripts))
        counted[cause] += len(scripts)
        self.assertEqual(refusals(self.ledger), counted)

    def assertAllRefused(self, table):
        for name, request, cause in table:
            with self.subTest(name):
                self.assertRefused(name, request, cause)


class OneLoop(LedgerTest):
    """A server of one loop, for conversations."""

    serve = ["--loops", "1"]

    @classmethod
    def prepare(cls):
        port = cls.ledger.port
        cls.conversations = Conversations(connect(port), lambda: connect(port))
        cls.addClassCleanup(cls.conversations.close)


class Refusals(OneLoop, Refusing):
    def test_request_lines(self):
        self.assertAllRefused(REQUEST_LINES)

    def test_headers(self):
        self.assertAllRefused(HEADERS)

    def test_lengths(self):
        self.assertAllRefused(LENGTHS)

    def test_codings(self):
        self.assertAllRefused(CODINGS)

    def test_chunks(self):
        self.assertAllRefused(CHUNKS)

    def test_every_cause_has_a_request(self):
        """But those of time, number and place, which have tests of their own."""
        tables = REQUEST_LINES + HEADERS + LENGTHS + CODINGS + CHUNKS
        others = {"head_timeout", "body_timeout", "too_many_connections", "plain_from_stranger",
                  "invalid_forwarded_for"}
        self.assertEqual({cause for _, _, cause in tables} | others, set(refusals(self.ledger)))


class SecureRefusals(TLSTest, Refusing):
    """Some of them in two records of TLS."""

    @classmethod
    def flags(cls):
        return ["--loops", "1"]

    @classmethod
    def listen(cls, place):
        cls.control = f"{place}/control"
        return f"127.0.0.1:0,unix:{cls.control}"

    @classmethod
    def prepare(cls):
        control = socket.socket(socket.AF_UNIX)
        control.connect(cls.control)
        cls.conversations = Conversations(control, cls.open)
        cls.addClassCleanup(cls.conversations.close)

    def test_some_of_each_kind(self):
        for table in (REQUEST_LINES, HEADERS, LENGTHS, CODINGS, CHUNKS):
            self.assertAllRefused(table[::12])


# What is answered on a connection that LAST ends.
ODD = [
    ("an empty line first", b"\r\n" + ALIVE, [200]),
    ("an empty line between", ALIVE + b"\r\n" + ALIVE, [200, 200]),
    ("five at once", ALIVE * 5, [200] * 5),
    ("a head of 16 KiB", head_of(16 * 1024), [200]),
    ("100 headers", get(HOST + "a:\r\n" * 99 + "\r\n"), [200]),
    ("octets beyond ASCII in a value", get(f"{HOST}X: \xe4\xff\r\n\r\n"), [200]),
    ("white space around values", get("Host:\t a \t\r\nX: \r\nY:\t\r\n\r\n"), [200]),
    ("a query", line("GET /healthz?a=b?c HTTP/1.1"), [200]),
    ("an empty query", line("GET /healthz? HTTP/1.1"), [200]),
    *[(f"Host: {host}", get(f"Host: {host}\r\n\r\n"), [200])
      for host in ("a.example", "a.example:8080", "a:", "127.0.0.1:80", "[::1]", "[::1]:8080",
                   "[::ffff:127.0.0.1]:80", "A-b_c.~%20")],
    ("an upgrade", get(f"{HOST}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n"), [200]),
    ("a GET with a body", get(f"{HOST}Content-Length: {len(ALIVE)}\r\n\r\n") + ALIVE, [200]),
    ("an empty body", get(f"{HOST}Content-Length: 0\r\n\r\n"), [200]),
    ("a length with zeros before it", get(f"{HOST}Content-Length: 0005\r\n\r\nabcde"), [200]),
    ("HTTP/1.0 that keeps the connection",
     get("Connection: Keep-Alive\r\n\r\n", "GET /healthz HTTP/1.0\r\n"), [200]),
    ("an expectation in HTTP/1.0", get("Expect: tea\r\nConnection: keep-alive\r\n\r\n",
                                       "GET /healthz HTTP/1.0\r\n"), [200]),
    *[(f"the path {path}", line(f"GET {path} HTTP/1.1"), [404])
      for path in ("/", "//healthz", "/healthz/", "/./healthz", "/a/../healthz", "/%68ealthz",
                   "/healthz%00", "/HEALTHZ", "/healthz;a", "/admin", "/admin/", "/admin/x/y/z")],
    *[(f"the method {method}", line(f"{method} /healthz HTTP/1.1"), [405])
      for method in ("POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "get", "GETT", "!#$")],
]

# What is answered on a connection that the request itself ends.
LAST_ONES = [
    ("Connection: close", LAST, [200]),
    ("close among others", get(f"{HOST}Connection: keep-alive ,\tClose, x\r\n\r\n"), [200]),
    ("close in a second header",
     get(f"{HOST}Connection: keep-alive\r\nConnection: close\r\n\r\n"), [200]),
    ("HTTP/1.0", get("\r\n", "GET /healthz HTTP/1.0\r\n"), [200]),
    ("HTTP/1.0 that says close",
     get("Connection: keep-alive, close\r\n\r\n", "GET /healthz HTTP/1.0\r\n"), [200]),
]

# A form, in chunks.
IN_CHUNKS = [
    ("one chunk", "{size:x}\r\n{form}\r\n0\r\n\r\n"),
    ("capitals and zeros", "000{size:X}\r\n{form}\r\n00\r\n\r\n"),
    ("two chunks", "3\r\n{form:.3}\r\n{rest:x}\r\n{tail}\r\n0\r\n\r\n"),
    ("extensions", "{size:x};a=b;c=\"d\xe4\";\t \r\n{form}\r\n0;last\r\n\r\n"),
    ("trailers", "{size:x}\r\n{form}\r\n0\r\nContent-Length: 7\r\nHost: b\r\n\r\n"),
]


class Oddities(OneLoop):
    @classmethod
    def prepare(cls):
        super().prepare()
        cls.client = cls.ledger.add_client("Odd client")
        cls.form = f"token={cls.client.token()}"

    def ask(self, headers, body):
        """The octets of an introspection; its answer is about the token if the form came whole."""
        head = (f"POST /connect/introspect HTTP/1.1\r\n{HOST}Content-Type: {FORM}\r\n"
                f"Authorization: {self.client.authorization['Authorization']}\r\n"
                f"{headers}\r\n\r\n")
        return (head + body).encode("latin-1")

    def converse(self, request, last, **options):
        """The answers for the request, however cut; `last` goes after it."""
        scripts = [(*parts, last) for parts in cuts(request)]
        for script, received in zip(scripts, self.conversations.hold(scripts), strict=True):
            yield script, replies(received, **options)

    def assertAnswered(self, table, last, after):
        for name, request, expected in table:
            with self.subTest(name):
                for script, found in self.converse(request, last):
                    self.assertEqual([reply.status for reply in found], expected + after, script)
                    self.assertEqual(["connection" in reply.headers for reply in found[-2:-1]],
                                     [b"HTTP/1.0" in request] * len(after), script)
                    self.assertEqual(found[-1].headers["connection"], "close")
        self.assertEqual(self.ledger.log(), "")

    def test_odd_but_clear(self):
        self.assertAnswered(ODD, LAST, [200])

    def test_the_last_request_of_a_connection(self):
        self.assertAnswered(LAST_ONES, ALIVE, [])

    def test_chunks(self):
        values = {"form": self.form, "size": len(self.form), "rest": len(self.form) - 3,
                  "tail": self.form[3:]}
        for coding in ("chunked", "\tCHUNKED \t"):
            for name, pattern in IN_CHUNKS:
                with self.subTest(name, coding=coding):
                    body = pattern.format(**values)
                    request = self.ask(f"Transfer-Encoding:{coding}", body)
                    for script, found in self.converse(request, LAST):
                        self.assertEqual([reply.status for reply in found], [200, 200], script)
                        self.assertTrue(json.loads(found[0].body)["active"], script)

    def test_head(self):
        for path, status in (("/healthz", 200), ("/nothing", 404), ("/connect/token", 405)):
            request = line(f"HEAD {path} HTTP/1.1")
            length = len(self.ledger.request("PUT" if status == 405 else "GET", path).body)
            for script, found in self.converse(request, LAST.replace(b"GET", b"HEAD"),
                                               bodiless=True):
                self.assertEqual([reply.status for reply in found], [status, 200], script)
                self.assertEqual(found[0].headers["content-length"], str(length))

    def test_what_a_path_allows(self):
        for method, path, allowed in (
                ("PUT", "/healthz", "GET, HEAD"), ("GET", "/connect/token", "POST"),
                ("PATCH", "/admin/projects", "GET, HEAD, POST"),
                ("HEAD", "/connect/revoke", "POST"),
                ("POST", "/admin/clients/a/secrets/b", "DELETE")):
            answer = self.ledger.request(method, path)
            self.assertEqual((answer.status, answer.headers["Allow"]), (405, allowed), path)

    def test_media_types(self):
        for type, status in ((FORM, 415), ("application/json", 201), ("text/plain", 415),
                             ("application/json; charset=utf-8", 201), ("", 415)):
            answer = self.ledger.admin(
                "POST", "/accounts", {"name": "A", "currency": "USD"},
                headers={"Content-Type": type})
            self.assertEqual(answer.status, status, type)

    def test_a_body_that_waits_for_100(self):
        request = self.ask(f"Expect: 100-continue\r\nContent-Length: {len(self.form)}", "")
        with connect(self.ledger.port) as connection:
            for _ in range(3):
                connection.sendall(request)
                going_on = b"HTTP/1.1 100 Continue\r\n\r\n"
                self.assertEqual(connection.recv(len(going_on)), going_on)
                connection.sendall(self.form.encode())
                connection.sendall(ALIVE)
                answer = b""
                while b'{"status":"alive"}' not in answer:
                    answer += connection.recv(65_536)
                found = replies(answer)
                self.assertEqual([reply.status for reply in found], [200, 200])
                self.assertTrue(json.loads(found[0].body)["active"])

    def test_a_body_that_does_not_wait_for_100(self):
        """Whoever has sent the body is told nothing; a body may follow the 100 in any cut."""
        request = self.ask(f"Expect: 100-Continue\r\nContent-Length: {len(self.form)}", self.form)
        head = request.index(b"\r\n\r\n") + 4
        for (first, *_), found in self.converse(request, LAST):
            expected = [100, 200, 200] if len(first) == head else [200, 200]
            self.assertEqual([reply.status for reply in found], expected, first)

    def test_a_request_that_ends_before_its_end(self):
        """The client has finished sending: there is no request, and nothing is made of its part."""
        request = self.ask(f"Content-Length: {len(self.form)}", self.form)
        for at in range(0, len(request), 7):
            with self.subTest(at=at), connect(self.ledger.port) as connection:
                connection.sendall(request[:at])
                connection.shutdown(socket.SHUT_WR)
                self.assertEqual(rest(connection), b"")
