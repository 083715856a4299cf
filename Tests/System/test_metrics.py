"""What /metrics tells is what happened. Needs promtool."""

import re
import signal
import socket
import subprocess
import time
import unittest

from ledger import Ledger, LedgerTest, basic, registration, run, until

REQUESTS = re.compile(r'tallystick_http_requests_total\{method="(.*)",route="(.*)",status="(.*)"\}')
TIMED = 'tallystick_http_request_duration_seconds_%s{route="%s"%s}'
ROUTES = {
    "other", "/connect/token", "/connect/introspect", "/connect/revoke",
    "/.well-known/oauth-authorization-server", "/.well-known/jwks.json", "/healthz", "/readyz",
    "/metrics", "/admin/acknowledgements", "/admin/plans", "/admin/plans/{id}", "/admin/accounts",
    "/admin/accounts/{id}", "/admin/projects", "/admin/projects/{id}",
    "/admin/projects/{id}/clients", "/admin/clients", "/admin/clients/{id}",
    "/admin/clients/{id}/secrets", "/admin/clients/{id}/secrets/{id}", "/admin/charges",
    "/admin/charges/{id}", "/admin/tokens", "/admin/events", "/admin/events/{id}",
    "/admin/roles", "/admin/clients/{id}/roles",
}


def text(ledger):
    answer = ledger.request("GET", "/metrics")
    assert answer.status == 200, answer
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8", answer
    return answer.body.decode()


def scrape(ledger):
    """The samples: what stands before the value, and the value."""
    lines = [line for line in text(ledger).splitlines() if not line.startswith("#")]
    samples = {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}
    assert len(samples) == len(lines), "a sample is there twice"
    return samples


def requests(samples):
    """Answered requests by method, route and status."""
    found = ((REQUESTS.fullmatch(name), value) for name, value in samples.items())
    return {match.groups(): value for match, value in found if match}


def sends(port, data):
    """What comes back for some bytes until the server closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(data)
        return b"".join(iter(lambda: connection.recv(4096), b""))


class Metrics(LedgerTest):
    @classmethod
    def prepare(cls):
        cls.client = cls.ledger.add_client("Metrics client")

    def changes(self, action):
        """The samples that an action changes, and by how much; the scrape before is left out."""
        before = scrape(self.ledger)
        action()
        after = scrape(self.ledger)
        changed = {name: value - before.get(name, 0) for name, value in after.items()}
        own = 'tallystick_http_requests_total{method="GET",route="/metrics",status="200"}'
        self.assertEqual(changed[own], 1)
        changed[own] = 0
        return {name: value for name, value in changed.items() if value}

    def test_prometheus_accepts_the_text(self):
        self.client.token()
        check = subprocess.run(["promtool", "check", "metrics"], input=text(self.ledger),
                               capture_output=True, text=True)
        self.assertEqual((check.returncode, check.stdout, check.stderr), (0, "", ""))

    def test_requests_are_counted_by_what_they_came_to(self):
        def action():
            for _ in range(3):
                self.client.token()
            for _ in range(2):
                self.ledger.form("/connect/token", {"grant_type": "client_credentials"},
                                 {"Authorization": basic(self.client.id, "wrong")})
            self.ledger.request("GET", "/connect/token")
            self.ledger.request("HEAD", "/healthz")
            self.ledger.get(f"/clients/{self.client.id}")
            self.assertEqual(self.ledger.admin("GET", "/clients/none").status, 404)
            self.assertEqual(self.ledger.admin("GET", "/clients", token="none").status, 401)
        self.assertEqual(requests(self.changes(action)), {
            ("POST", "/connect/token", "200"): 3, ("POST", "/connect/token", "401"): 2,
            ("GET", "/connect/token", "405"): 1, ("HEAD", "/healthz", "200"): 1,
            ("GET", "/admin/clients/{id}", "200"): 1, ("GET", "/admin/clients/{id}", "404"): 1,
            ("GET", "/admin/clients", "401"): 1})

    def test_every_request_is_timed(self):
        for _ in range(5):
            self.client.introspect("none")
        samples = scrape(self.ledger)
        by_route = {}
        for (_, route, _), value in requests(samples).items():
            by_route[route] = by_route.get(route, 0) + value
        self.assertGreaterEqual(by_route["/connect/introspect"], 5)
        for route, total in by_route.items():
            self.assertEqual(samples[TIMED % ("count", route, "")], total)
            self.assertEqual(samples[TIMED % ("bucket", route, ',le="+Inf"')], total)
            self.assertEqual(samples[TIMED % ("bucket", route, ',le="10"')], total)
            self.assertGreater(samples[TIMED % ("sum", route, "")], 0)

    def test_buckets_hold_what_is_below(self):
        self.client.token()
        samples = scrape(self.ledger).items()
        buckets = [(name, value) for name, value in samples if "_bucket{" in name]
        self.assertGreater(len(buckets), 30)
        for (name, value), (next_name, next_value) in zip(buckets, buckets[1:]):
            if 'le="+Inf"' not in name:
                self.assertLessEqual(value, next_value, next_name)

    def test_strangers_make_no_labels(self):
        def action():
            for number in range(20):
                self.ledger.request("GET", f"/nothing/{number}")
                self.ledger.request(f"BREW{number}", "/readyz")
            for path in ("/admin/clients/x/y", "/admin/{id}", '/"\\', "/Metrics", "/admin//", "/"):
                self.assertEqual(self.ledger.request("GET", path).status, 404)
        self.assertEqual(requests(self.changes(action)),
                         {("GET", "other", "404"): 26, ("other", "/readyz", "405"): 20})
        routes = {route for _, route, _ in requests(scrape(self.ledger))}
        self.assertLessEqual(routes, ROUTES)

    def test_refusals_are_counted_by_cause(self):
        def action():
            for _ in range(2):
                sends(self.ledger.port, b"GET / HTTP/1.1\r\n\r\n")
            sends(self.ledger.port, b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 20_000)
            long = {"Content-Length": "9999999"}
            self.assertEqual(self.ledger.request("POST", "/readyz", headers=long).status, 413)
        changes = self.changes(action)
        refusals = {name: value for name, value in changes.items() if "refusals" in name}
        self.assertEqual(refusals, {
            'tallystick_http_refusals_total{cause="missing_host"}': 2,
            'tallystick_http_refusals_total{cause="head_too_large"}': 1,
            'tallystick_http_refusals_total{cause="body_too_large"}': 1})
        self.assertEqual(requests(changes), {})

    def test_clients_that_leave_are_counted(self):
        name = 'tallystick_http_aborts_total{cause="client_left"}'
        before = scrape(self.ledger)[name]
        with socket.create_connection(("127.0.0.1", self.ledger.port)) as connection:
            connection.sendall(b"POST /connect/token HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx")
        until(lambda: scrape(self.ledger)[name] == before + 1, "the client that left is counted")

    def test_open_connections_and_files(self):
        def held(count):
            now = scrape(self.ledger)
            return all(now[name] - before[name] == count
                       for name in ("tallystick_http_connections", "process_open_fds"))
        until(lambda: scrape(self.ledger)["tallystick_http_connections"] == 1, "nobody else is there")
        before = scrape(self.ledger)
        connections = [socket.create_connection(("127.0.0.1", self.ledger.port)) for _ in range(7)]
        try:
            until(lambda: held(7), "seven connections are open")
        finally:
            for connection in connections:
                connection.close()
        until(lambda: held(0), "the connections are gone")

    def test_the_writer_counts_what_is_in_the_log(self):
        project = self.ledger.genesis["project"]

        def action():
            for _ in range(4):
                self.client.token()
            self.assertEqual(self.client.ask(scope="coreapi none").status, 400)
            path = f"/projects/{project}/clients"
            for _ in range(3):
                self.assertEqual(
                    self.ledger.admin("POST", path, registration("Metrics replayed"),
                                      headers={"Idempotency-Key": "metrics"}).status, 201)
        changes = self.changes(action)
        ledger = {name: value for name, value in changes.items() if re.match(
            "tallystick_(tokens|commands|commits|batch_events_(sum|count)|log_head)", name)}
        self.assertEqual(ledger, {
            "tallystick_tokens_issued_total": 4, "tallystick_commits_total": 5,
            "tallystick_batch_events_sum": 6, "tallystick_batch_events_count": 5,
            "tallystick_log_head": 6, 'tallystick_commands_total{outcome="committed"}': 5,
            'tallystick_commands_total{outcome="repeated"}': 2,
            'tallystick_commands_total{outcome="rejected"}': 1})
        self.assertEqual(changes["tallystick_commit_duration_seconds_count"], 5)
        self.assertGreater(changes["tallystick_commit_duration_seconds_sum"], 0)
        self.assertEqual(scrape(self.ledger)["tallystick_log_head"],
                         self.ledger.replay("verify")[1]["events"])

    def test_the_stores_say_how_full_they_are(self):
        samples = scrape(self.ledger)
        for store, reserved in (("journal", 64 << 20), ("state", 64 << 20)):
            used, allocated, room, readers, slots = (
                samples[f'tallystick_store_{name}{{store="{store}"}}'] for name in
                ("used_bytes", "allocated_bytes", "map_bytes", "readers", "reader_slots"))
            file = self.ledger.data / store / "data.mdb"
            self.assertEqual(allocated, file.stat().st_blocks * 512)
            self.assertGreaterEqual(allocated, used + reserved)
            self.assertGreater(room, 10 * allocated)
            self.assertTrue(0 < readers < slots, (readers, slots))
        before = samples['tallystick_store_used_bytes{store="journal"}']
        for _ in range(60):
            self.client.token()
        self.assertGreater(
            scrape(self.ledger)['tallystick_store_used_bytes{store="journal"}'], before)

    def test_the_process(self):
        samples = scrape(self.ledger)
        self.assertTrue(0 <= time.time() - samples["process_start_time_seconds"] < 300)
        self.assertTrue(1 << 20 < samples["process_resident_memory_bytes"] < 1 << 30)
        self.assertTrue(0 < samples["process_cpu_seconds_total"] < 300)
        self.assertTrue(0 < samples["process_open_fds"] < samples["process_max_fds"])
        age = time.time() - samples["tallystick_log_last_event_timestamp_seconds"]
        self.assertTrue(0 <= age < 300, age)

    def test_which_program_it_is(self):
        result = run("--version")
        self.assertEqual(result.returncode, 0)
        version = result.stdout.split()[1]
        self.assertIn(f'tallystick_build_info{{version="{version}",swift="6.', text(self.ledger))
        self.assertEqual(scrape(self.ledger)["tallystick_ready"], 1)

    def test_others_than_this_machine_need_the_permission(self):
        """A proxy on this machine speaks for others."""
        def status(header, **headers):
            headers |= {header: "for=203.0.113.7"}
            return self.ledger.request("GET", "/metrics", headers=headers).status
        for header in ("X-Forwarded-For", "Forwarded"):
            self.assertEqual(status(header), 401)
            self.assertEqual(status(header, Authorization="Bearer none"), 401)
            self.assertEqual(status(header, Authorization=f"Bearer {self.client.token()}"), 403)
            reader = self.ledger.add_client(f"Scraper {header}", permissions="audit:read")
            self.assertEqual(status(header, Authorization=f"Bearer {reader.token()}"), 200)


class Lifetime(unittest.TestCase):
    def test_a_proxy_that_is_believed_makes_nobody_near(self):
        with Ledger(start=False) as ledger:
            ledger.start(under=("env", "TALLYSTICK_TRUSTED_PROXY=127.0.0.1/32"))
            for client in ("203.0.113.7", "127.0.0.1"):
                answer = ledger.request("GET", "/metrics", headers={"X-Forwarded-For": client})
                self.assertEqual(answer.status, 401, client)
            scrape(ledger)

    def test_a_server_that_stops_says_so_first(self):
        with Ledger(start=False) as ledger:
            ledger.start(under=("env", "TALLYSTICK_DRAIN_DELAY=2"))
            self.assertEqual(ledger.request("GET", "/readyz").status, 200)
            ledger.process.send_signal(signal.SIGTERM)
            until(lambda: ledger.request("GET", "/readyz").status == 503, "not ready", seconds=2)
            self.assertEqual(ledger.request("GET", "/readyz").json, {
                "status": "draining", "reason": "the server is stopping"})
            self.assertEqual(scrape(ledger)["tallystick_ready"], 0)
            self.assertEqual(ledger.request("GET", "/healthz").status, 200)
            self.assertTrue(ledger.operator.token())
            self.assertEqual(ledger.process.wait(20), 0)

    def test_counters_begin_again_and_the_log_does_not(self):
        with Ledger() as ledger:
            ledger.operator.token()
            before = scrape(ledger)
            ledger.kill()
            ledger.start()
            after = scrape(ledger)
            self.assertEqual(before["tallystick_tokens_issued_total"], 1)
            self.assertEqual(after["tallystick_tokens_issued_total"], 0)
            self.assertEqual(after["tallystick_batch_events_count"], 0)
            self.assertEqual(requests(after), {})
            for name in ("tallystick_log_head", "tallystick_log_last_event_timestamp_seconds"):
                self.assertEqual(after[name], before[name])
            self.assertGreater(after["process_start_time_seconds"],
                               before["process_start_time_seconds"])
            ledger.check()
