"""What a request and a connection cost, beside nginx and in signatures."""

import os

import wrk
from figures import Bar, Table, significant
from subjects import (
    Connections, Nginx, Tallystick, cpu_seconds, make_certificate, resident_mebibytes,
    signature_microseconds)

CONNECTIONS = (1, 64, 256)
# Signatures for a request over 64 plain connections.
BARS = {"token": Bar(most=2.2), "introspection, first": Bar(most=4.2),
        "introspection, again": Bar(most=0.9)}
HANDSHAKES = 1_000


class Web:
    """One run: a ledger with its clients, nginx, and signatures measured in between."""

    def __init__(self, program, directory, clients, seconds):
        self.directory, self.seconds = directory, seconds
        self.certificate = make_certificate(directory)
        self.ledger = Tallystick(program, f"{directory}/web")
        self.nginx = Nginx(directory, self.certificate)
        self.signatures = [signature_microseconds()]
        self.requests = []
        self.connections = []
        self.prepare(clients)

    def prepare(self, clients):
        """Adds the clients, fetches tokens to introspect, and writes the scripts."""
        self.ledger.start()
        customers, resource_server = self.ledger.add_clients(clients)
        tokens, few = f"{self.directory}/tokens", f"{self.directory}/few-tokens"
        fetch = self.script("fetch.lua", wrk.token_script(customers, answers=tokens))
        wrk.load(self.ledger.url, 64, max(4, 2 * self.seconds), fetch)
        self.ledger.stop()
        with open(tokens) as file:
            lines = file.readlines()
        self.fresh = len(lines)
        wrk.write(few, "".join(lines[:1_000]))
        self.token = self.script("token.lua", wrk.token_script(customers))
        self.first = self.script(
            "first.lua", wrk.introspection_script(resource_server, tokens, "in_turn"))
        self.again = self.script(
            "again.lua", wrk.introspection_script(resource_server, few, "at_random"))

    def script(self, name, text):
        return wrk.write(f"{self.directory}/{name}", text)

    def run(self):
        for transport, certificate in (("plain", None), ("TLS", self.certificate)):
            self.nginx.use(certificate)
            self.measure_transport(transport, certificate)
            self.signatures.append(signature_microseconds())
        self.measure_handshakes()
        self.nginx.stop()

    def measure_transport(self, transport, certificate):
        for count in CONNECTIONS:
            # A new server has seen no token yet.
            self.ledger.start(certificate)
            wrk.load(f"{self.ledger.url}/healthz", count, 1)
            self.measure("introspection, first", transport, self.ledger, count, self.first)
            self.ledger.stop()
        self.ledger.start(certificate)
        for count in CONNECTIONS:
            self.measure("token", transport, self.ledger, count, self.token)
            self.measure("introspection, again", transport, self.ledger, count, self.again)
            self.measure("/healthz", transport, self.ledger, count)
            self.measure("nginx, static file", transport, self.nginx, count)
        self.ledger.stop()

    def measure(self, request, transport, subject, connections, script=None):
        url = subject.url if script else f"{subject.url}/healthz"
        if script != self.first:
            wrk.load(url, connections, 1, script)
        before = cpu_seconds(subject.pids)
        seconds = 2 if script == self.first else self.seconds
        requests, rate, latency = wrk.load(url, connections, seconds, script)
        used = cpu_seconds(subject.pids) - before
        if script == self.first and requests > self.fresh:
            raise RuntimeError(f"{requests} introspections of {self.fresh} tokens")
        self.requests.append({
            "request": request, "transport": transport, "connections": connections,
            "cpu_microseconds": used / requests * 1e6, "requests_per_second": rate,
            "p50_ms": latency["50"], "p99_ms": latency["99"],
            "resident_mib": resident_mebibytes(subject.pids)})

    def measure_handshakes(self):
        """What a connection over TLS takes more than a plain one."""
        for subject in (self.ledger, self.nginx):
            plain = self.connected(subject, None).cpu_microseconds(HANDSHAKES)
            self.leave(subject)
            secure = self.connected(subject, self.certificate)
            session = secure.connect()
            for name, resumed in (("full handshake", None), ("resumed", session)):
                taken = secure.cpu_microseconds(HANDSHAKES, resumed) - plain
                self.connections.append({
                    "connection": f"{subject.name}, {name}", "cpu_microseconds": taken})
            self.leave(subject)

    def connected(self, subject, certificate):
        if subject is self.ledger:
            subject.start(certificate)
        else:
            subject.use(certificate)
        return Connections(subject, certificate)

    def leave(self, subject):
        if subject is self.ledger:
            subject.stop()

    def tables(self):
        signature = sum(self.signatures) / len(self.signatures)
        requests = Table(
            f"Requests (one ECDSA P-256 signature: {signature:.1f} µs)",
            {"request": "request", "transport": "over", "connections": "connections",
             "cpu_microseconds": "CPU µs", "signatures": "signatures",
             "requests_per_second": "requests/s", "p50_ms": "p50 ms", "p99_ms": "p99 ms",
             "resident_mib": "MiB"}, judged="signatures")
        order = ["token", "introspection, first", "introspection, again", "/healthz",
                 "nginx, static file"]
        for row in sorted(self.requests, key=lambda row: order.index(row["request"])):
            judged = (row["transport"], row["connections"]) == ("plain", 64)
            requests.add(BARS.get(row["request"]) if judged else None, **rounded(row, signature))
        handshakes = Table(
            "New connections over TLS 1.3, beyond plain ones",
            {"connection": "connection", "cpu_microseconds": "CPU µs",
             "signatures": "signatures"}, judged="signatures")
        for row in self.connections:
            handshakes.add(**rounded(row, signature))
        return {"requests": requests, "connections": handshakes}


def rounded(row, signature):
    row = row | {"signatures": row["cpu_microseconds"] / signature}
    return {key: significant(value) if isinstance(value, float) else value
            for key, value in row.items()}


def measure(options, directory):
    os.mkdir(directory)
    web = Web(options.program, directory, options.clients, options.seconds)
    web.run()
    return web.tables()
