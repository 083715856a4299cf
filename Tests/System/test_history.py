"""What happened to a thing, in words: who, when, what, why."""

import csv
import io
import json
import re
import time

from ledger import Ledger, LedgerTest


def clock(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


class History(LedgerTest):
    @classmethod
    def prepare(cls):
        ledger = cls.ledger
        cls.account = ledger.create("/accounts", {
            "name": "Acme", "currency": "JPY", "plan": cls.plan()})["id"]
        cls.project = ledger.create("/projects", {"name": "=Shop", "account": cls.account})["id"]
        cls.client = ledger.add_client("Shop backend", cls.project)
        cls.token = cls.client.token()
        cls.client.revoke(cls.client.token())
        cls.first = ledger.admin("POST", f"/clients/{cls.client.id}/secrets", {}).json
        cls.second = ledger.admin(
            "POST", f"/clients/{cls.client.id}/secrets", {"overlap_seconds": 0}).json
        ledger.admin("DELETE", f"/clients/{cls.client.id}/secrets/{cls.second['secret']['id']}")

    @classmethod
    def plan(cls):
        rates = [{"item": "application_fee", "amount": 1250, "currency": "JPY"},
                 {"item": "application_fee", "amount": 5, "currency": "USD"}]
        cls.ledger.create("/plans", {"name": "Yen", "rates": rates})
        return "Yen"

    def history(self, path, **query):
        return self.ledger.get(f"{path}/history", **query)["items"]

    def events(self):
        return [json.loads(line) for line in self.ledger.events()]

    def test_words_of_a_client(self):
        old = self.client.secret[-4:]
        first, second = (answer["secret"]["last_four"] for answer in (self.first, self.second))
        end = clock(self.first["replaced"][0]["expires"])
        revoked = [event for event in self.events() if event["type"] == "token.revoked"][0]
        self.assertEqual([item["what"] for item in self.history(f"/clients/{self.client.id}")], [
            f'client "Shop backend" added to project "=Shop" with secret …{old}, '
            'owned by "Ledger operator"',
            '1250 JPY charged to account "Acme": application fee for client "Shop backend"',
            f"token {revoked['subject']} ended",
            f"secret …{old} replaced by …{first}, the old one accepted until {end}",
            f"secrets …{old}, …{first} replaced by …{second}, the old ones not accepted any more",
            f"secret …{second} ended",
        ])

    def test_words_of_a_project_and_an_account(self):
        added = self.history(f"/clients/{self.client.id}")[:2]
        created = self.history(f"/projects/{self.project}")
        self.assertEqual([item["what"] for item in created], [
            'project "=Shop" created under account "Acme"', added[0]["what"]])
        self.assertEqual([item["what"] for item in self.history(f"/accounts/{self.account}")], [
            'account "Acme" opened, charged in JPY', 'plan "Yen" activated',
            created[0]["what"], added[1]["what"]])
        own = self.history(f"/accounts/{self.ledger.genesis['account']}")
        self.assertEqual(own[0]["who"], {"kind": "system", "id": "tallystick init"})

    def test_items_are_those_of_the_log(self):
        operator = {"kind": "client", "id": self.ledger.operator.id, "name": "Ledger operator",
                    "address": "127.0.0.1"}
        events = {event["position"]: event for event in self.events()}
        items = self.history(f"/clients/{self.client.id}")
        for item in items:
            event = events[item["position"]]
            self.assertEqual((item["time"], item["type"], item["subject"]),
                             (event["recorded"], event["type"], event["subject"]))
            own = event["type"] == "token.revoked"
            self.assertEqual(item["who"], operator if not own else operator | {
                "id": self.client.id, "name": "Shop backend"})
        spoken_of = [
            event["position"] for event in events.values()
            if event["type"] != "token.issued" and self.client.id in (
                event["subject"], event["data"].get("client"), event["data"].get("pays_for"))]
        self.assertEqual([item["position"] for item in items], spoken_of)

    def test_pages(self):
        path = f"/clients/{self.client.id}"
        everything = self.history(path)
        positions, link = [], f"{path}/history?limit=4"
        while link:
            answer = self.ledger.admin("GET", link)
            positions += [item["position"] for item in answer.json["items"]]
            self.assertEqual("next" in answer.json, answer.headers["Link"] is not None)
            link = re.sub(r"^</admin(.*)>; rel=\"next\"$", r"\1", answer.headers["Link"] or "")
        self.assertEqual(positions, [item["position"] for item in everything])
        self.assertGreater(len(positions), 4)

    def test_other_forms(self):
        path = f"/accounts/{self.account}/history"
        items = self.ledger.get(path)["items"]
        answer = self.ledger.admin("GET", path, headers={"Accept": "text/csv"})
        self.assertEqual(answer.headers["Content-Type"], "text/csv; charset=utf-8; header=present")
        rows = list(csv.DictReader(io.StringIO(answer.body.decode(), newline="")))
        self.assertEqual(
            [(int(row["position"]), row["time"], row["who"], row["who_name"], row["what"])
             for row in rows],
            [(item["position"], item["time"], item["who"]["id"], item["who"]["name"], item["what"])
             for item in items])
        answer = self.ledger.admin("GET", path, headers={"Accept": "text/plain"})
        who = f"Ledger operator ({self.ledger.operator.id})"
        self.assertEqual(answer.body.decode().splitlines(), [
            f"{item['position']}  {item['time']}  {who}: {item['what']}." for item in items])

    def test_as_of(self):
        path = f"/clients/{self.client.id}"
        items = self.history(path)
        third = items[2]
        for moment in (third["position"], third["time"]):
            self.assertEqual(self.history(path, as_of=moment), items[:3])
        # A client and its charge are one fact: within it is before it.
        self.assertEqual(self.history(path, as_of=items[1]["position"]), items[:2])
        before = self.ledger.admin("GET", f"{path}/history?as_of={items[0]['position']}")
        self.assertProblem(before, 404)
        for moment in ("x", "-1", 10**6, "2099-01-01T00:00:00Z", "1999-01-01T00:00:00Z"):
            with self.subTest(moment):
                answer = self.ledger.admin("GET", f"{path}/history?as_of={moment}")
                self.assertProblem(answer, 400, ["as_of"])

    def test_who_may_read(self):
        path = f"/clients/{self.client.id}/history"
        self.assertProblem(self.ledger.admin("GET", path, token="x"), 401)
        for other in ("cli_01m7z4rs4wfxft4wpfkd791aq9", "x", self.account):
            answer = self.ledger.admin("GET", f"/clients/{other}/history")
            self.assertProblem(answer, 404)
        self.assertProblem(self.ledger.admin("GET", f"{path}?page=1"), 400, ["page"])
        self.assertEqual(self.ledger.admin("POST", path, {}).status, 405)

    def test_a_restart_tells_the_same(self):
        with Ledger() as ledger:
            path = f"/clients/{ledger.operator.id}/history"
            before = ledger.get(path)
            ledger.kill()
            ledger.start()
            self.assertEqual(ledger.get(path), before)
            ledger.stop()
            self.assertEqual(ledger.replay("rebuild")[0], 0)
            ledger.start()
            self.assertEqual(ledger.get(path), before)
            ledger.check()
