"""What lists cost in a large ledger, now and as of a moment in the past, and what tokens do there."""

import http.client
import json
import os
import subprocess
import time
import urllib.parse

import wrk
from figures import Bar, Table, significant
from subjects import Tallystick, cpu_seconds, signature_microseconds

# A part of a name among a million clients, in milliseconds.
SEARCH = Bar(most=300)
# Signatures for a token over 64 connections, as in a small ledger.
TOKEN = Bar(most=2.2)


class Lists:
    """One ledger, some clients of which can get tokens over HTTP; the others are loaded."""

    def __init__(self, options, directory):
        self.options = options
        self.ledger = Tallystick(options.program, directory)
        self.directory = directory
        self.rows = []

    def load(self):
        """Clients over HTTP, then the many; a moment lies in the middle of those."""
        self.ledger.start()
        self.customers, _ = self.ledger.add_clients(self.options.clients)
        self.ledger.stop()
        clients, tokens = self.options.many_clients, self.options.many_tokens
        begin = time.monotonic()
        half = self.fill(clients // 2, 1)
        self.fill(clients - clients // 2, tokens)
        self.seconds = time.monotonic() - begin
        self.moment = half["events"] - 1

    def fill(self, clients, tokens):
        result = subprocess.run(
            [self.options.measure, "fill", self.ledger.data, self.ledger.genesis["project"],
             str(clients), str(tokens), "1024"], stdout=subprocess.PIPE, check=True)
        return json.loads(result.stdout)

    def questions(self):
        """What is asked, by its name; and the bar for it, if there is one."""
        client = self.customers[len(self.customers) // 2][0]
        account = self.ledger.genesis["account"]
        project = self.ledger.genesis["project"]
        name = self.ask("/clients", q="kiosk")["items"][-1]["client_name"]
        return [
            ("clients, first page", "/clients", {}, None),
            ("clients, 1,000 a page", "/clients", {"per_page": 1000}, None),
            ("clients, page 1,000", "/clients", {"page": 1000, "per_page": 100}, None),
            ("clients by name, last first", "/clients", {"sort": "-client_name"}, None),
            ("clients by lifetime", "/clients", {"sort": "token_lifetime"}, None),
            ("one name", "/clients", {"client_name": name}, None),
            ("beginning of a name", "/clients", {"client_name.prefix": "kiosk 1"}, None),
            ("2 in 100, by name", "/clients",
             {"application_type": "web", "sort": "client_name"}, None),
            ("1 in 100, newest first", "/clients", {"app_version": "7", "sort": "-created"}, None),
            ("1 in 10, by name", "/clients", {"mode": "test", "sort": "-client_name"}, None),
            ("range of lifetimes, by name", "/clients",
             {"token_lifetime.from": 100, "token_lifetime.to": 400, "sort": "client_name"}, None),
            ("two conditions that no client fulfils", "/clients",
             {"mode": "live", "application_type": "web", "sort": "client_name"}, None),
            ("part of a name, few have it", "/clients", {"q": name[-6:]}, SEARCH),
            ("part of a name, 1 in 5 have it", "/clients", {"q": "SHOP"}, SEARCH),
            ("part of a name, nobody has it", "/clients", {"q": "nobody"}, SEARCH),
            ("part of a name, by name, 1 in 10", "/clients",
             {"q": "shop", "mode": "test", "sort": "client_name"}, None),
            ("clients of a project", f"/projects/{project}/clients", {}, None),
            ("secrets, newest first", "/secrets", {"sort": "-created"}, None),
            ("secrets of a client", f"/clients/{client}/secrets", {}, None),
            ("charges of an account", "/charges", {"account": account, "sort": "-recorded"}, None),
            ("charges, part of an id", "/charges", {"q": "chg_01"}, None),
            ("projects", "/projects", {}, None),
            ("one client", f"/clients/{client}", {}, None),
        ]

    def ask(self, path, **query):
        connection = self.connection
        connection.request(
            "GET", f"/admin{path}?{urllib.parse.urlencode(query)}", headers=self.headers)
        response = connection.getresponse()
        answer = json.loads(response.read())
        if response.status != 200:
            raise RuntimeError(f"{path} {query}: {response.status} {answer}")
        return answer

    def measure(self, name, path, query, bar):
        times, begin = [], time.monotonic()
        while len(times) < 20 or time.monotonic() < begin + self.options.seconds:
            start = time.monotonic()
            self.ask(path, **query)
            times.append((time.monotonic() - start) * 1e3)
        times.sort()
        self.rows.append((bar, {
            "list": name, "p50_ms": times[len(times) // 2],
            "p99_ms": times[len(times) * 99 // 100]}))

    def run(self):
        self.load()
        begin = time.monotonic()
        self.ledger.start()
        self.start_seconds = time.monotonic() - begin
        self.tokens()
        token = self.ledger.token(self.ledger.operator)
        self.headers = {"Authorization": f"Bearer {token}"}
        self.connection = http.client.HTTPConnection("127.0.0.1", self.ledger.port)
        for name, path, query, bar in self.questions():
            self.measure(name, path, query, bar)
            self.measure(f"{name}, as of then", path, query | {"as_of": self.moment}, bar)
        self.ledger.stop()

    def tokens(self):
        """CPU time of a token for the clients that were added over HTTP, at random."""
        self.signature = signature_microseconds()
        script = wrk.write(f"{self.directory}/many.lua", wrk.token_script(self.customers))
        # Until everybody's first token is over, and the pages of their records are mapped.
        wrk.load(self.ledger.url, 64, 10, script)
        before = cpu_seconds(self.ledger.pids)
        requests, _, latency = wrk.load(self.ledger.url, 64, self.options.seconds, script)
        used = cpu_seconds(self.ledger.pids) - before
        self.token = {
            "request": "token", "cpu_microseconds": used / requests * 1e6,
            "signatures": used / requests * 1e6 / self.signature, "p50_ms": latency["50"],
            "p99_ms": latency["99"]}

    def tables(self):
        clients, tokens = self.options.many_clients, self.options.many_tokens
        lists = Table(
            f"Lists among {clients:,} clients and {tokens:,} tokens (loaded in "
            f"{self.seconds:,.0f} s, started in {self.start_seconds:.2f} s)",
            {"list": "list", "p50_ms": "p50 ms", "p99_ms": "p99 ms"}, judged="p99_ms")
        for bar, row in self.rows:
            lists.add(bar, **rounded(row))
        token = Table(
            f"Tokens there, for {len(self.customers):,} clients at random",
            {"request": "request", "cpu_microseconds": "CPU µs", "signatures": "signatures",
             "p50_ms": "p50 ms", "p99_ms": "p99 ms"}, judged="signatures")
        token.add(TOKEN, **rounded(self.token))
        return {"lists": lists, "tokens_in_large": token}


def rounded(row):
    return {key: significant(value) if isinstance(value, float) else value
            for key, value in row.items()}


def measure(options, directory):
    os.mkdir(directory)
    lists = Lists(options, directory)
    lists.run()
    return lists.tables()
