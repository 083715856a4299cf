"""Connections that send bytes as they are, and a load of token requests."""

import json
import socket
import struct
import threading
import time

from ledger import FORM, basic, claims, until


def connect(port, receive_buffer=None):
    """A connection that sends at once what it is given."""
    connection = socket.socket()
    connection.settimeout(20)
    if receive_buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    connection.connect(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def reset(connection):
    """Closes at once, and the server learns of it by a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def percentile(times, percent):
    return sorted(times)[len(times) * percent // 100]


class Wire:
    """A keep-alive connection that sends requests as they are, for speed and for order.

    It is to a port, or goes over a connection that there is.
    """

    def __init__(self, port=None, over=None):
        self.socket = over or connect(port)
        self.received = b""

    def exchange(self, request):
        """The status and body of the answer; ConnectionError when it did not come whole."""
        self.socket.sendall(request)
        return self.answer()

    def answer(self):
        """The status and body of the next answer."""
        while (end := self.received.find(b"\r\n\r\n")) < 0:
            self.receive()
        head = self.received[:end].lower()
        end += 4 + int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        while len(self.received) < end:
            self.receive()
        body, self.received = self.received[len(head) + 4:end], self.received[end:]
        return int(head[9:12]), body

    def receive(self):
        received = self.socket.recv(65_536)
        if not received:
            raise ConnectionError("the server closed the connection")
        self.received += received

    def close(self):
        self.socket.close()


def raw(ledger, *head, body):
    """The status and body of the answer to a request with these lines, as they are."""
    lines = [*head, "Host: ledger", f"Content-Length: {len(body)}", "", body]
    wire = Wire(ledger.port)
    try:
        return wire.exchange("\r\n".join(lines).encode())
    finally:
        wire.close()


def token_request(client_id, secret, forwarded_for=None):
    """The bytes of a token request, passed on by a proxy for an address if one is given."""
    body = "grant_type=client_credentials"
    forwarded = f"X-Forwarded-For: {forwarded_for}\r\n" if forwarded_for else ""
    return (
        f"POST /connect/token HTTP/1.1\r\nHost: ledger\r\nContent-Type: {FORM}\r\n{forwarded}"
        f"Authorization: {basic(client_id, secret)}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


class Worker(threading.Thread):
    """A thread that has begun its work; what goes wrong in it is known where it is awaited."""

    def __init__(self, work, *arguments):
        super().__init__(target=work, args=arguments, daemon=True)
        self.fault = None
        self.start()

    def run(self):
        try:
            super().run()
        except Exception as error:
            self.fault = error

    def check(self):
        if self.fault:
            raise AssertionError("a thread failed") from self.fault

    def wait(self, seconds):
        """Returns when the work is done; AssertionError if it failed or takes longer."""
        self.join(max(seconds, 0))
        assert not self.is_alive(), "a thread does not end"
        self.check()


class Load:
    """Asks for tokens, one thread and keep-alive connection for each client, until stopped.

    A thread whose connection breaks waits until the server is there again.
    """

    def __init__(self, ledger, clients):
        self.ledger = ledger
        self.tokens = []
        self.refusals = []
        self.serving = threading.Event()
        self.serving.set()
        self.stopping = False
        self.workers = [Worker(self.ask, client) for client in clients]

    def ask(self, client):
        request = token_request(client.id, client.secret)
        while not self.stopping:
            self.serving.wait()
            try:
                wire = Wire(self.ledger.port)
            except OSError:
                time.sleep(0.005)
                continue
            try:
                self.ask_on(wire, request)
            except OSError:
                pass
            finally:
                wire.close()

    def ask_on(self, wire, request):
        while not self.stopping:
            status, body = wire.exchange(request)
            if status == 200:
                self.tokens.append(json.loads(body)["access_token"])
            else:
                self.refusals.append((status, body))

    def wait_for(self, more):
        """Returns when so many more tokens were answered."""
        goal = len(self.tokens) + more

        def is_reached():
            for worker in self.workers:
                worker.check()
            return len(self.tokens) >= goal

        until(is_reached, f"{more} more tokens", seconds=60)

    def stop(self):
        self.stopping = True
        self.serving.set()
        deadline = time.monotonic() + 30
        for worker in self.workers:
            worker.wait(deadline - time.monotonic())


def fill(ledger, client, count):
    """Adds so many tokens to the log, asked for on many connections, many ahead."""
    request, lanes, ahead = token_request(client.id, client.secret), 512, 10
    wires = [Wire(ledger.port) for _ in range(lanes)]
    while count > 0:
        for wire in wires:
            wire.socket.sendall(request * ahead)
        for wire in wires:
            for _ in range(ahead):
                assert wire.answer()[0] == 200
        count -= lanes * ahead
    for wire in wires:
        wire.close()


def missing_tokens(ledger, tokens):
    """Ids of answered tokens that are not in the log exactly once, where the token says."""
    found = {}
    for line in ledger.events(type="token.issued"):
        event = json.loads(line)
        found.setdefault(event["subject"], []).append(event["position"])
    answered = [claims(token) for token in tokens]
    return [token["jti"] for token in answered
            if found.get(token["jti"]) != [token["ledger_position"]]]
