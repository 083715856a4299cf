"""Reports as of every moment, against what the events of the log come to."""

import csv
import io
import json

from history_model import Past, microseconds
from ledger import LedgerTest

REPORTS = {
    "credential_population": {}, "dormant_clients": {"days": 0}, "expiring_secrets": {"days": 30},
    "ownerless_clients": {}, "permission_holders": {}, "revocations": {},
    "secrets_older_than": {"days": 0},
}


class Case(LedgerTest):
    maxDiff = None

    def report(self, name, **query):
        answer = self.ledger.get(f"/reports/{name}", **query)
        self.assertEqual((answer["name"], answer["row_count"]), (name, len(answer["rows"])))
        return answer

    def events(self):
        """All of them, those of audit reads too."""
        answer = self.ledger.admin("GET", "/events", headers={"Accept": "application/x-ndjson"})
        self.assertEqual(answer.status, 200, answer)
        return [json.loads(line) for line in answer.body.splitlines()]

    def assertReport(self, name, expected, answer):
        rows = list(getattr(expected, name)())
        self.assertEqual(answer["position"], expected.events[-1]["position"])
        self.assertEqual(len(answer["rows"]), len(rows))
        for found, row in zip(answer["rows"], rows):
            self.assertEqual(found, row)


class AuditReads(Case):
    """Such reads are in the log when the server has ended, at the latest."""

    def test_who_read_what(self):
        auditor = self.ledger.add_client("Careful auditor", permissions="audit:read")
        token = auditor.token()
        for path, times in [("/reports/revocations", 3), (f"/clients/{auditor.id}/history", 2)]:
            for _ in range(times):
                self.assertEqual(self.ledger.admin("GET", path, token=token).status, 200)
        self.ledger.stop()
        self.ledger.start()
        answer = self.report("audit_reads")
        past = Past(self.events()[:answer["position"] + 1])
        self.assertReport("audit_reads", past, answer)
        own = [(row["what"], row["count"]) for row in answer["rows"] if row["client"] == auditor.id]
        self.assertEqual(own, [
            ("/admin/clients/{id}/history", 2), ("/admin/reports/{id}", 3)])
        first = next(e["position"] for e in past.events if e["type"] == "audit.read")
        self.assertEqual(self.report("audit_reads", as_of=first - 1)["rows"], [])


class Domains(Case):
    def change(self, method, path, body=None):
        answer = self.ledger.admin(method, path, body, headers={"If-Match": "*"})
        self.assertEqual(answer.status, 200, answer)

    def ends(self):
        """What ended, each with its trigger and how many tokens that were good."""
        rows = self.report("revocations")["rows"]
        for row in rows:
            self.assertEqual((row["project"], row["project_name"], row["seconds_to_effect"]),
                             (self.project, "Shops", 0))
        return [(row["trigger"], row["client"], row["tokens_ended"]) for row in rows]

    def test_what_ends_with_a_domain(self):
        account = self.ledger.genesis["account"]
        self.project = self.ledger.create(
            "/projects", {"name": "Shops", "account": account})["id"]
        clients = [self.ledger.add_client(f"Client {number}", self.project) for number in range(2)]
        path = f"/projects/{self.project}/domains"
        for name in ("a.example", "b.example"):
            self.ledger.create(path, {"domain": name})
        for client in clients:
            for name in ("a.example", "a.example", "b.example"):
                client.token(domain=name)
        expected = []

        def expect(trigger, client, tokens):
            expected.append((trigger, client, tokens))
            self.assertEqual(self.ends(), expected)

        self.change("PATCH", f"{path}/a.example", {"addresses": ["127.0.0.1"]})
        self.change("PATCH", f"{path}/a.example", {"may_authenticate": False})
        self.assertEqual(self.ends(), [])
        self.change("PATCH", f"{path}/a.example", {"active": False})
        expect("domain.changed", None, 4)
        self.change("PATCH", f"{path}/a.example", {"active": True, "may_authenticate": True})
        clients[1].token(domain="a.example")
        self.change("PATCH", f"{path}/a.example", {"mode": "test"})
        expect("domain.changed", None, 1)
        self.ledger.stop()
        self.assertEqual(self.ledger.replay("rebuild")[0], 0)
        self.ledger.start()
        self.assertEqual(self.ends(), expected)
        self.ledger.admin("POST", f"/clients/{clients[0].id}/disable", {"reason": "holidays"})
        expect("client.disabled", clients[0].id, 1)
        self.change("DELETE", f"{path}/b.example")
        expect("domain.removed", None, 1)
        self.ledger.check()


class Reports(Case):
    @classmethod
    def prepare(cls):
        ledger = cls.ledger
        account = ledger.create("/accounts", {
            "name": "Acme, \"Inc\"", "currency": "USD", "plan": "standard"})["id"]
        project = ledger.create("/projects", {"name": "=1+1", "account": account})["id"]
        cls.shop = ledger.add_client("Shop backend", project)
        cls.till = ledger.add_client("Till in test", project, mode="test")
        for client in (cls.shop, cls.till, cls.shop):
            client.token()
        cls.rotate(cls.shop, overlap_seconds=0)
        cls.rotate(cls.shop, overlap_seconds=3600)
        cls.shop.token()
        first = cls.shop.token()
        cls.shop.revoke(first)
        cls.rotate(cls.shop, overlap_seconds=86_400)
        cls.delete(f"/clients/{cls.shop.id}/secrets/{cls.shop.secret_id}")
        cls.rotate(cls.till, overlap_seconds=3600)
        cls.life(project)
        cls.roles(account, project)

    @classmethod
    def roles(cls, account, project):
        """Roles that are granted, revised and withdrawn, and clients whose owners lose theirs."""
        ledger = cls.ledger
        path = "/roles/" + ledger.create("/roles", {
            "name": "Reader", "permissions": ["clients:read", "audit:read"]})["id"]
        owners = [ledger.add_client(f"Owner {number}") for number in range(3)]
        for owner, (role, place) in zip(owners, [
            ("Reader", {}), ("manager", {"account": account}), ("viewer", {"project": project}),
        ]):
            owner.grant = ledger.grant(owner.id, role, **place)["id"]
            ledger.add_client(f"Ward of {owner.id[-8:]}", project, owner=owner.id)
        for permissions in (["clients:read"], ["clients:read", "tokens:read", "audit:read"]):
            body = {"permissions": permissions, "reason": f"now {len(permissions)}"}
            answer = ledger.admin("PATCH", path, body, headers={"If-Match": "*"})
            assert answer.status == 200, answer
        ledger.grant(owners[1].id, "Reader", project=project)
        cls.delete(f"/clients/{owners[0].id}/roles/{owners[0].grant}?reason=left")
        cls.delete(f"/clients/{owners[2].id}")

    @classmethod
    def life(cls, project):
        """Clients that are stopped in every way, each with tokens."""
        ledger = cls.ledger
        clients = [ledger.add_client(f"Client {number}", project) for number in range(4)]
        tokens = [[client.token() for _ in range(number + 2)]
                  for number, client in enumerate(clients)]
        clients[1].revoke(tokens[1][0])
        for client, action, body in [
            (clients[0], "disable", {"reason": "holidays"}), (clients[0], "enable", {}),
            (clients[1], "revocations", {"grounds": "misuse", "reason": "=sold, \"as is\""}),
        ]:
            answer = ledger.admin("POST", f"/clients/{client.id}/{action}", body)
            assert answer.status == 200, answer
        clients[0].token()
        cls.suspend(project)
        clients[0].token()
        cls.rotate(clients[2], overlap_seconds=600)
        clients[2].token()
        cls.delete(f"/clients/{clients[2].id}?reason=not+needed")
        cls.delete(f"/clients/{clients[0].id}")
        edit = {"scope": "coreapi", "client_name": "Renamed now"}
        answer = ledger.admin("PATCH", f"/clients/{clients[3].id}", edit, headers={"If-Match": "*"})
        assert answer.status == 200, answer
        secret = clients[3].secret_id
        answer = ledger.admin("POST", f"/clients/{clients[3].id}/revocations", {
            "grounds": "compromise", "reason": "seen on a forum", "secret": secret})
        assert answer.status == 200, answer

    @classmethod
    def suspend(cls, project):
        """The account, whose name and whose project's name change besides."""
        path = "/accounts/" + cls.ledger.get(f"/projects/{project}")["account"]
        for method, path, body in [
            ("POST", f"{path}/suspend", {"reason": "bills"}), ("POST", f"{path}/resume", {}),
            ("PATCH", path, {"name": "Acme Limited"}), ("PATCH", f"/projects/{project}", {
                "name": "Shop", "description": "No formula"}),
        ]:
            answer = cls.ledger.admin(method, path, body, headers={"If-Match": "*"})
            assert answer.status == 200, answer

    @classmethod
    def rotate(cls, client, **body):
        answer = cls.ledger.create(f"/clients/{client.id}/secrets", body)
        client.former, client.secret = client.secret, answer["client_secret"]

    @classmethod
    def delete(cls, path):
        answer = cls.ledger.admin("DELETE", path, headers={"If-Match": "*"})
        assert answer.status == 200, answer

    def test_every_moment(self):
        events = self.events()
        ends = [number for number, event in enumerate(events)
                if "part" not in event or event["part"][0] + 1 == event["part"][1]]
        first = next(n for n, event in enumerate(events) if event["type"] == "client.added")
        for end in [end for end in ends if end > first]:
            past = Past(events[:end + 1])
            for name, parameters in REPORTS.items():
                with self.subTest(name, position=end):
                    self.assertReport(name, past, self.report(name, as_of=end, **parameters))

    def test_the_model_sees_what_happened(self):
        past = Past(self.events())
        triggers = [event["type"] for event, *_ in past.ends]
        self.assertEqual(set(triggers), {
            "account.suspended", "client.deleted", "client.disabled", "client.edited", "client.revoked",
            "secret.revoked", "secret.rotated", "token.revoked"})
        self.assertGreater(sum(tokens for *_, tokens in past.ends), 10)

    def test_now(self):
        for name, parameters in REPORTS.items():
            with self.subTest(name):
                answer = self.report(name, **parameters)
                events = self.events()[:answer["position"] + 1]
                past = Past(events, microseconds(answer["as_of"]))
                self.assertReport(name, past, answer)

    def test_a_time_is_that_moment(self):
        events = self.events()
        event = events[len(events) // 2]
        for name, parameters in REPORTS.items():
            by_time = self.report(name, as_of=event["recorded"], **parameters)
            by_position = self.report(name, as_of=by_time["position"], **parameters)
            self.assertEqual(by_time, by_position)

    def test_restart_and_rebuild_change_nothing(self):
        ledger = self.ledger
        head = len(self.events()) - 1
        queries = [(name, {"as_of": head - back} | parameters)
                   for name, parameters in REPORTS.items() for back in (0, 9)]
        before = [self.report(name, **query) for name, query in queries]
        ledger.kill()
        ledger.start()
        self.assertEqual([self.report(name, **query) for name, query in queries], before)
        ledger.stop()
        self.assertEqual(ledger.replay("rebuild")[0], 0)
        ledger.start()
        self.assertEqual([self.report(name, **query) for name, query in queries], before)

    def test_csv_says_the_same(self):
        head = len(self.events()) - 1
        for name, parameters in REPORTS.items():
            with self.subTest(name):
                query = "&".join(f"{key}={value}" for key, value in parameters.items())
                path = f"/reports/{name}?as_of={head}&{query}"
                answer = self.ledger.admin("GET", path, headers={"Accept": "text/csv"})
                self.assertEqual(
                    (answer.headers["Content-Type"], answer.headers["Ledger-Position"]),
                    ("text/csv; charset=utf-8; header=present", str(head)))
                document = self.ledger.admin("GET", path).json
                self.assertEqual(answer.headers["Ledger-As-Of"], document["as_of"])
                self.assertEqual(answer.headers["Row-Count"], str(document["row_count"]))
                rows = list(csv.DictReader(io.StringIO(answer.body.decode(), newline="")))
                self.assertEqual(rows, [
                    {column: self.cell(value) for column, value in row.items()}
                    for row in document["rows"]])
                self.assertTrue(rows)

    def cell(self, value):
        if value is None:
            return ""
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, list):
            return " ".join(value)
        if isinstance(value, str) and value[:1] in tuple("=+-@\t\r"):
            return "'" + value
        return str(value)

    def test_parameters_narrow(self):
        everything = self.report("credential_population")["rows"]
        for name, value in [("mode", "test"), ("status", "revoked"),
                            ("project", self.ledger.genesis["project"]),
                            ("account", self.ledger.genesis["account"])]:
            with self.subTest(name):
                answer = self.report("credential_population", **{name: value})
                self.assertEqual(answer["parameters"], {name: value})
                self.assertEqual(answer["rows"], [row for row in everything if row[name] == value])
                self.assertTrue(answer["rows"])
        self.assertEqual(self.report("secrets_older_than")["parameters"], {"days": 90})
        for name in ("secrets_older_than", "dormant_clients"):
            self.assertEqual(self.report(name, days=1)["rows"], [])
        self.assertEqual(self.report("expiring_secrets", days=0)["rows"], [])
        everything = self.report("permission_holders")["rows"]
        rows = self.report("permission_holders", permission="tokens:read")["rows"]
        self.assertEqual(rows, [row for row in everything if row["permission"] == "tokens:read"])
        self.assertEqual({row["place"] for row in rows}, {"everything", "account", "project"})

    def test_the_list_of_reports(self):
        answer = self.ledger.get("/reports")
        self.assertEqual(answer["total"], len(answer["items"]))
        self.assertEqual([item["name"] for item in answer["items"]], sorted([*REPORTS, "audit_reads"]))
        for item in answer["items"]:
            rows = self.report(item["name"])["rows"]
            self.assertTrue(all(sorted(row) == sorted(item["columns"]) for row in rows))
            self.assertTrue(item["description"].endswith("."))

    def test_what_is_refused(self):
        for path, status, fields in [
            ("/reports/nothing", 404, None), ("/reports/dormant_clients?days=x", 400, ["days"]),
            ("/reports/dormant_clients?days=-1", 400, ["days"]),
            ("/reports/dormant_clients?mode=live", 400, ["mode"]),
            ("/reports/credential_population?mode=other", 400, ["mode"]),
            ("/reports/credential_population?account=x", 400, ["account"]),
            ("/reports/credential_population?as_of=99999", 400, ["as_of"]),
            ("/reports?page=1", 400, ["page"]),
        ]:
            with self.subTest(path):
                self.assertProblem(self.ledger.admin("GET", path), status, fields)
        self.assertEqual(self.ledger.admin("POST", "/reports/dormant_clients", {}).status, 405)
        for path in ("/reports", "/reports/dormant_clients"):
            self.assertProblem(self.ledger.admin("GET", path, token=self.shop_token()), 403)

    def shop_token(self):
        client = self.ledger.add_client(f"Reader {len(self.events())}", audience=None)
        return client.token()
