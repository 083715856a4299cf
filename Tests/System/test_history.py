"""What happened to a thing, in words: who, when, what, why."""

import csv
import io
import json
import re
import time

from ledger import Ledger, LedgerTest, claims


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

    def token_of(self, event):
        """The position of the token that the operator showed in every call."""
        position = claims(self.ledger.bearer)["ledger_position"]
        self.assertLess(position, event["position"])
        return position

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
            shown = {} if own else {"token": self.token_of(event)}
            self.assertEqual(item["who"], (operator if not own else operator | {
                "id": self.client.id, "name": "Shop backend"}) | shown)
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
            [(int(row["position"]), row["time"], row["who"], row["who_name"], row["what"],
              int(row["token"]) if row["token"] else None)
             for row in rows],
            [(item["position"], item["time"], item["who"]["id"], item["who"]["name"], item["what"],
              item["who"].get("token")) for item in items])
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

    def test_nothing_out_of_sight_is_named(self):
        ledger = self.ledger
        abroad = ledger.create("/accounts", {"name": "Abroad", "currency": "USD", "plan": "standard"})["id"]
        far = ledger.create("/projects", {"name": "Far away", "account": abroad})["id"]
        home = ledger.create("/accounts", {
            "name": "Homeland", "currency": "USD", "plan": "standard"})["id"]
        shop = ledger.create("/projects", {"name": "A shop", "account": home})["id"]
        owner = ledger.add_client("Owner abroad", far)
        envoy = ledger.add_client("Envoy of the shop", shop, owner=owner.id)
        for place in ({"project": far}, {"account": abroad}, {}, {"project": shop}):
            grant = ledger.grant(envoy.id, "viewer", **place)
            ledger.admin("DELETE", f"/clients/{envoy.id}/roles/{grant['id']}")
        reader = ledger.add_client("Reader of the shop", shop)
        ledger.grant(reader.id, "auditor", project=shop)
        token = reader.token()
        for form in ("application/json", "text/csv", "text/plain"):
            answer = ledger.admin(
                "GET", f"/clients/{envoy.id}/history", token=token, headers={"Accept": form})
            self.assertEqual(answer.status, 200)
            text = answer.body.decode()
            for name in ("Far away", "Abroad", "Owner abroad", "Homeland", far, abroad, "everything"):
                self.assertNotIn(name, text)
            self.assertEqual(text.count("role viewer for project"), 2)
            self.assertIn("Ledger operator", text)

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


class Lives(LedgerTest):
    """Things that are changed and come to their ends."""

    def change(self, method, path, body=None):
        answer = self.ledger.admin(method, path, body, headers={"If-Match": "*"})
        self.assertEqual(answer.status, 200, answer)
        return answer.json

    def words(self, path, start=0):
        return [(item["what"], item.get("why"))
                for item in self.ledger.get(f"{path}/history")["items"][start:]]

    def test_a_client(self):
        client = self.ledger.add_client("First name")
        path = f"/clients/{client.id}"
        self.change("PATCH", path, {"client_name": "Second name", "reason": "a new brand"})
        self.change("PATCH", path, {
            "token_lifetime": 60, "client_uri": "https://shop.example", "scope": "coreapi",
            "redirect_uris": ["https://a.example/x", "https://b.example/"]})
        self.change("PATCH", path, {"client_uri": None, "owner": client.id})
        self.change("POST", f"{path}/disable", {"reason": "holidays"})
        self.change("POST", f"{path}/enable", {})
        self.change("POST", f"{path}/revocations", {
            "grounds": "policy_violation", "reason": "sold on", "secret": client.secret_id})
        self.change("POST", f"{path}/revocations", {"grounds": "misuse", "reason": "sold again"})
        self.change("DELETE", f"{path}?reason=the+end")
        four = client.secret[-4:]
        self.assertEqual(self.words(path, 2), [
            ('client renamed from "First name" to "Second name"', "a new brand"),
            ('client "Second name" edited: client uri set to "https://shop.example", '
             'redirect uris changed from none to "https://a.example/x", "https://b.example/", '
             'scope changed from "coreapi billing.read" to "coreapi", '
             'token lifetime changed from 3600 to 60', None),
            ('client "Second name" edited: client uri taken away, it was "https://shop.example"',
             None),
            ('client "Second name" given to another: '
             'owner changed from "Ledger operator" to "Second name"', None),
            ('client "Second name" disabled', "holidays"), ('client "Second name" enabled', None),
            (f"secret …{four} ended, revoked for policy violation", "sold on"),
            ('client "Second name" revoked for misuse', "sold again"),
            ('client "Second name" deleted', "the end"),
        ])
        items = self.ledger.get(f"{path}/history")["items"]
        self.assertIn('client "First name" added', items[0]["what"])
        self.assertIn('client "First name"', items[1]["what"])
        self.assertEqual(items[4]["changes"], [
            {"member": "client_uri", "from": "https://shop.example", "to": None}])
        self.assertEqual(items[2]["changes"], [
            {"member": "name", "from": "First name", "to": "Second name"}])
        self.ledger.add_client("Second name")
        self.assertEqual(self.ledger.get(f"{path}/history")["items"], items)

    def test_a_name_is_that_of_its_time(self):
        admin = self.ledger.add_client("Before it was renamed")
        client = self.ledger.add_client("Its ward", owner=admin.id)
        self.change("PATCH", f"/clients/{admin.id}", {"client_name": "After that"})
        self.assertIn('owned by "Before it was renamed"', self.words(f"/clients/{client.id}")[0][0])

    def test_an_account_and_its_project(self):
        account = self.ledger.create("/accounts", {
            "name": "Acme", "currency": "USD", "plan": "standard"})["id"]
        project = self.ledger.create("/projects", {"name": "Shop", "account": account})["id"]
        self.change("PATCH", f"/projects/{project}", {"name": "Store", "description": "Both"})
        scopes = f"/projects/{project}/scopes"
        self.ledger.create(scopes, {"name": "read", "description": "Reads"})
        self.change("PATCH", f"{scopes}/read", {"description": "Reads all"})
        self.change("DELETE", f"{scopes}/read")
        client = self.ledger.add_client("For a while", project)
        self.change("DELETE", f"/clients/{client.id}")
        self.change("DELETE", f"/projects/{project}?reason=moved")
        self.change("POST", f"/accounts/{account}/suspend", {"reason": "bills"})
        self.change("POST", f"/accounts/{account}/resume", {})
        self.change("PATCH", f"/accounts/{account}", {"name": "Acme Limited"})
        self.change("DELETE", f"/accounts/{account}")
        self.assertEqual(self.words(f"/projects/{project}", 1), [
            ('project edited: description set to "Both", name changed from "Shop" to "Store"',
             None),
            ('scope read defined: "Reads"', None),
            ('scope read described anew, from "Reads" to "Reads all"', None),
            ("scope read removed", None),
            (f'client "For a while" added to project "Store" with secret …{client.secret[-4:]}, '
             'owned by "Ledger operator"', None),
            ('client "For a while" deleted', None), ('project "Store" deleted', "moved")])
        self.assertEqual(self.words(f"/accounts/{account}", 2), [
            ('project "Shop" created under account "Acme"', None),
            ('12.50 USD charged to account "Acme": application fee for client "For a while"', None),
            ('project "Store" deleted', "moved"),
            ("account suspended, the tokens of its clients void", "bills"),
            ("account resumed", None), ('account renamed from "Acme" to "Acme Limited"', None),
            ("account closed", None)])

    def test_roles(self):
        client = self.ledger.add_client("Holder of roles")
        path = f"/clients/{client.id}"
        project = self.ledger.genesis["project"]
        role = self.ledger.create("/roles", {
            "name": "Night watch", "permissions": ["clients:read", "audit:read"]})["id"]
        own = self.ledger.grant(client.id, "Night watch")["id"]
        grant = self.ledger.grant(client.id, "manager", project=project)["id"]
        self.change("PATCH", f"/roles/{role}", {"name": "Day watch"})
        self.change("DELETE", f"{path}/roles/{grant}?reason=moved+on")
        self.change("DELETE", f"{path}/roles/{own}")
        reason = "so that it can be tested"
        self.assertEqual(self.words(path, 2), [
            ('role "Night watch" for everything granted', reason),
            ('role manager for project "Operations" granted', reason),
            ('role manager for project "Operations" withdrawn', "moved on"),
            ('role "Day watch" for everything withdrawn', None)])

    def test_domains(self):
        project = self.ledger.create("/projects", {
            "name": "Domains", "account": self.ledger.genesis["account"]})["id"]
        path = f"/projects/{project}/domains"
        self.ledger.create(path, {"domain": "shop.example", "addresses": ["192.0.2.0/24"]})
        self.change("PATCH", f"{path}/shop.example", {
            "active": False, "addresses": ["192.0.2.0/25", "2001:db8::/32"], "mode": "test"})
        self.change("DELETE", f"{path}/shop.example?reason=sold")
        words = self.words(f"/projects/{project}", 1)
        self.assertEqual(words, [
            ("domain shop.example added: live, active, may authenticate, may call the API, "
             "from 192.0.2.0/24", None),
            ('domain shop.example changed: active changed from yes to no, '
             'addresses changed from "192.0.2.0/24" to "192.0.2.0/25", "2001:db8::/32", '
             'mode changed from "live" to "test"', None),
            ("domain shop.example removed, its tokens ended", "sold")])
