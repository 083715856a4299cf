"""The life of accounts and plans: every change, what stands in its way, and what it does at once."""

import json

from ledger import LedgerTest, registration

RATE = {"item": "application_fee", "amount": 500, "currency": "EUR"}


def etag(answer):
    return {"If-Match": answer.headers["ETag"]}


class Changes(LedgerTest):
    """What the tests of things that change have in common."""

    def shown(self, path):
        answer = self.ledger.admin("GET", path)
        self.assertEqual(answer.status, 200, answer)
        return answer

    def change(self, method, path, body=None, headers=None):
        """A change of a thing as it was just read, which leaves an event."""
        answer = self.attempt(method, path, body, headers)
        self.assertEqual(answer.status, 200, answer)
        self.assertTrue(answer.headers["Ledger-Position"])
        return answer

    def attempt(self, method, path, body=None, headers=None):
        if headers is None:
            headers = etag(self.shown(path.partition("?")[0]))
        return self.ledger.admin(method, path, body, headers=headers)

    def events_of(self, subject, kind):
        return [event for event in self.events_since(0)
                if event["subject"] == subject and event["type"] == kind]

    def events_since(self, count):
        return [json.loads(line) for line in self.ledger.events()[count:]]

    def assertUnchanged(self, before):
        self.assertEqual(len(self.ledger.events()), before)

    def restart(self):
        self.ledger.kill()
        self.ledger.start()

    def account(self, name, **fields):
        body = {"name": name, "currency": "USD", "plan": "standard"} | fields
        return "/accounts/" + self.ledger.create("/accounts", body)["id"]

    def project(self, account, name="Project", **fields):
        body = {"name": name, "account": account.removeprefix("/accounts/")} | fields
        return "/projects/" + self.ledger.create("/projects", body)["id"]

    def check_preconditions(self, method, path, body=None):
        """428 without If-Match, 412 with one that does not fit, nothing done by either."""
        before = len(self.ledger.events())
        self.assertProblem(self.ledger.admin(method, path, body), 428)
        for value in ('"0"', "W/" + self.shown(path).headers["ETag"], "0", '""', '"x"', '"99999"'):
            answer = self.ledger.admin(method, path, body, headers={"If-Match": value})
            self.assertProblem(answer, 412)
        self.assertUnchanged(before)


class Accounts(Changes):
    def test_it_is_renamed_and_gets_another_plan(self):
        plan = self.ledger.create("/plans", {
            "name": "Dollars", "rates": [RATE | {"currency": "USD"}]})
        path = self.account("Acme")
        old = self.shown(path).json
        answer = self.change("PATCH", path, {"name": "Ac\u0301me", "reason": "as they write it"})
        self.assertEqual(answer.json, old | {"name": "A\u0107me"})
        answer = self.change("PATCH", path, {"plan": "Dollars"})
        self.assertEqual(answer.json["plan"], plan["id"])
        self.restart()
        self.assertEqual(self.shown(path).json, answer.json)
        renamed, = self.events_of(old["id"], "account.renamed")
        self.assertEqual(renamed["data"], {"before": "Acme", "after": "A\u0107me"})
        self.assertEqual(renamed["reason"], "as they write it")
        first, second = self.events_of(old["id"], "plan.activated")
        self.assertEqual((first["revision"], first["data"]), (2, {"plan": old["plan"]}))
        self.assertEqual(second["data"], {"before": old["plan"], "plan": plan["id"]})
        self.ledger.check()

    def test_one_edit_is_one_command(self):
        path = self.account("Both at once", plan=None)
        before = len(self.ledger.events())
        answer = self.change("PATCH", path, {"name": "Both", "plan": "standard"})
        events = self.events_since(before)
        self.assertEqual([(event["type"], event["part"]) for event in events],
                         [("account.renamed", [0, 2]), ("plan.activated", [1, 2])])
        self.assertEqual(answer.headers["Ledger-Position"], str(events[1]["position"]))
        self.assertEqual(answer.headers["ETag"], f'"{events[1]["position"]}"')
        self.assertNotIn("before", events[1]["data"])

    def test_an_edit_that_changes_nothing_makes_no_event(self):
        path = self.account("Same")
        before = len(self.ledger.events())
        for body in ({}, {"name": "Same"}, {"plan": "standard", "reason": "again"}):
            answer = self.attempt("PATCH", path, body)
            self.assertEqual((answer.status, answer.headers["Ledger-Position"]), (200, None))
            self.assertEqual(answer.json, self.shown(path).json)
        answer = self.ledger.admin("POST", path + "/resume", {})
        self.assertEqual((answer.status, answer.headers["Ledger-Position"]), (200, None))
        self.assertUnchanged(before)

    def test_a_lost_update_is_refused(self):
        path = self.account("First")
        self.check_preconditions("PATCH", path, {"name": "Nobody"})
        self.check_preconditions("DELETE", path)
        stale = etag(self.shown(path))
        self.change("PATCH", path, {"name": "Second"}, stale)
        self.assertProblem(self.attempt("PATCH", path, {"name": "Third"}, stale), 412)
        self.assertEqual(self.shown(path).json["name"], "Second")
        self.change("PATCH", path, {"name": "Fourth"}, {"If-Match": "*"})

    def test_every_bad_field_is_named(self):
        path = self.account("Fields")
        self.ledger.create("/plans", {"name": "Euros", "rates": [RATE]})
        before = len(self.ledger.events())
        for body, fields in [
            ({"name": None, "plan": None, "reason": "", "currency": "EUR", "status": "active"},
             ["name", "plan", "reason", "currency", "status"]),
            ({"name": "", "plan": "x" * 51, "reason": "x" * 501}, ["name", "plan", "reason"]),
            ({"name": "x" * 101, "plan": 7}, ["name", "plan"]),
            ({"name": "zero\u200bwidth"}, ["name"]), ({"name": "\u202egnorw"}, ["name"]),
            ({"name": "a\u0000"}, ["name"]), ({"name": " a"}, ["name"]),
            ({"plan": "nothing"}, ["plan"]), ({"plan": "Euros"}, ["plan"]),
        ]:
            with self.subTest(body):
                self.assertProblem(self.attempt("PATCH", path, body), 422, fields)
        for body, fields in [
            ({}, ["reason"]), ({"reason": None}, ["reason"]), ({"reason": " "}, ["reason"]),
            ({"reason": "x" * 501, "x": 1}, ["reason", "x"]),
        ]:
            answer = self.ledger.admin("POST", path + "/suspend", body)
            self.assertProblem(answer, 422, fields)
        self.assertProblem(self.ledger.admin("POST", path + "/resume", {"x": 1}), 422, ["x"])
        self.assertProblem(self.attempt("DELETE", path + "?because=x"), 400, ["because"])
        self.assertUnchanged(before)

    def test_a_merge_patch_has_its_own_media_type(self):
        path = self.account("Patch")
        for kind, status in [
            ("application/merge-patch+json", 200), ("application/json; charset=utf-8", 200),
            ("application/json-patch+json", 415), ("text/plain", 415),
        ]:
            headers = {"If-Match": "*", "Content-Type": kind}
            answer = self.ledger.admin("PATCH", path, {"name": kind[:40]}, headers=headers)
            self.assertEqual(answer.status, status, answer)

    def test_what_is_not_there(self):
        nobody = "/accounts/acc_00000000000000000000000000"
        for method, path, body in [
            ("PATCH", nobody, {"name": "x"}), ("DELETE", nobody, None),
            ("POST", nobody + "/suspend", {"reason": "x"}), ("POST", nobody + "/resume", {}),
            ("PATCH", "/accounts/x", {}), ("PATCH", "/plans/pln_1", {}),
        ]:
            answer = self.attempt(method, path, body, {"If-Match": "*"})
            self.assertProblem(answer, 404)


class Suspension(Changes):
    def test_its_clients_are_shut_out_at_once(self):
        path = self.account("Owes money")
        project = self.project(path)
        client = self.ledger.add_client("Client of who owes", project.removeprefix("/projects/"))
        bystander = self.ledger.add_client("Client of who pays")
        token, other = client.token(), bystander.token()
        self.assertTrue(client.introspect(token)["active"])
        body = {"reason": "invoice 17 is unpaid"}
        answer = self.ledger.admin("POST", path + "/suspend", body)
        self.assertEqual((answer.status, answer.json["status"]), (200, "suspended"), answer)
        for _ in range(2):
            self.assertOAuthError(client.ask(), "invalid_client", 401)
            self.assertOAuthError(client.post("/connect/introspect", token=token),
                                  "invalid_client", 401)
            self.assertEqual(self.ledger.operator.introspect(token), {"active": False})
            self.assertTrue(bystander.introspect(other)["active"])
            clients = f"{project}/clients"
            answer = self.ledger.admin("POST", clients, registration("Too late for it"))
            self.assertProblem(answer, 409)
            self.assertIn("suspended", answer.json["detail"])
            self.assertEqual(answer.json["conflicts"], [path.removeprefix("/accounts/")])
            body = {"name": "Too late", "account": path.removeprefix("/accounts/")}
            self.assertProblem(self.ledger.admin("POST", "/projects", body), 409)
            self.restart()
        answer = self.ledger.admin("POST", path + "/resume", {"reason": "paid"})
        self.assertEqual((answer.status, answer.json["status"]), (200, "active"), answer)
        fresh = client.token()
        for _ in range(2):
            self.assertFalse(client.introspect(token)["active"])
            self.assertTrue(client.introspect(fresh)["active"])
            self.restart()
        id = path.removeprefix("/accounts/")
        suspended, = self.events_of(id, "account.suspended")
        resumed, = self.events_of(id, "account.resumed")
        self.assertEqual((suspended["data"], suspended["reason"]), ({}, "invoice 17 is unpaid"))
        self.assertEqual((resumed["data"], resumed["reason"]), ({}, "paid"))

    def test_a_repeated_request_has_one_outcome(self):
        path = self.account("Repeated")
        key = {"Idempotency-Key": "suspend-1"}
        post = lambda path, body, key: self.ledger.admin("POST", path, body, headers=key)
        first = post(path + "/suspend", {"reason": "once"}, key)
        self.assertEqual(first.status, 200, first)
        resumed = post(path + "/resume", {}, {"Idempotency-Key": "resume-1"})
        before = len(self.ledger.events())
        for _ in range(2):
            again = post(path + "/suspend", {"reason": "once"}, key)
            self.assertEqual((again.status, again.json), (200, first.json))
            self.assertEqual(again.headers["Idempotency-Replayed"], "true")
            self.assertEqual(again.headers["Ledger-Position"], first.headers["Ledger-Position"])
            self.assertProblem(post(path + "/suspend", {"reason": "twice"}, key), 422)
            again = post(path + "/resume", {}, {"Idempotency-Key": "resume-1"})
            self.assertEqual(again.json, resumed.json)
            self.restart()
        self.assertUnchanged(before)
        self.assertEqual(self.shown(path).json["status"], "active")


class Closing(Changes):
    def test_projects_stand_in_its_way_and_then_it_is_gone(self):
        path = self.account("Leaves us")
        projects = [self.project(path, f"Project {number}") for number in range(3)]
        self.account("Stays")
        answer = self.attempt("DELETE", path)
        self.assertProblem(answer, 409)
        # Identifiers of one millisecond are in no order.
        self.assertEqual(sorted(answer.json["conflicts"]),
                         sorted(project.removeprefix("/projects/") for project in projects))
        self.assertIn("3", answer.json["detail"])
        for project in projects:
            self.change("DELETE", project)
        answer = self.change("DELETE", path + "?reason=contract+ended")
        self.assertEqual(answer.json["status"], "closed")
        closed, = self.events_of(answer.json["id"], "account.closed")
        self.assertEqual((closed["data"], closed["reason"]), ({}, "contract ended"))
        for _ in range(2):
            self.assertProblem(self.ledger.admin("GET", path), 404)
            names = [item["name"] for item in self.ledger.get("/accounts", per_page="all")["items"]]
            self.assertIn("Stays", names)
            self.assertNotIn("Leaves us", names)
            for method, body in [("PATCH", {"name": "x"}), ("DELETE", None)]:
                answer = self.attempt(method, path, body, {"If-Match": "*"})
                self.assertProblem(answer, 404)
            self.assertProblem(self.ledger.admin("POST", path + "/suspend", {"reason": "x"}), 404)
            body = {"name": "x", "account": path.removeprefix("/accounts/")}
            self.assertProblem(self.ledger.admin("POST", "/projects", body), 422, ["account"])
            words = [item["what"] for item in self.ledger.get(path + "/history")["items"]]
            self.assertEqual(words[-1], "account closed")
            self.restart()


class Plans(Changes):
    def plan(self, name, **fields):
        return "/plans/" + self.ledger.create("/plans", {"name": name, "rates": [RATE]} | fields)["id"]

    def test_charges_keep_the_revision_that_they_were_made_by(self):
        path = self.plan("Metered")
        account = self.account("Metered", currency="EUR", plan="Metered")
        project = self.project(account)
        charges = []
        for number, amount in enumerate((500, 700, 900)):
            if number:
                self.change("PATCH", path, {"rates": [RATE | {"amount": amount}]})
            added = self.ledger.create(f"{project}/clients", registration(f"Client {number}"))
            charges.append(added["charge"])
        self.assertEqual([(charge["amount"], charge["plan_revision"]) for charge in charges],
                         [(500, 1), (700, 2), (900, 3)])
        self.restart()
        listed = self.ledger.get("/charges", account=account.removeprefix("/accounts/"))["items"]
        self.assertEqual(listed, charges)
        first, second = self.events_of(path.removeprefix("/plans/"), "plan.revised")
        rates = lambda amount: {"rates": [RATE | {"amount": amount, "exponent": 2}]}
        self.assertEqual(first["data"], {
            "before": rates(500), "after": rates(700), "plan_revision": 2})
        self.assertEqual(second["data"]["plan_revision"], 3)

    def test_its_old_name_is_free(self):
        path = self.plan("Old name")
        self.assertProblem(self.attempt("PATCH", path, {"name": "standard"}), 409, ["name"])
        answer = self.change("PATCH", path, {"name": "New name", "reason": "marketing"})
        self.assertEqual((answer.json["name"], answer.json["plan_revision"]), ("New name", 2))
        self.restart()
        body = {"name": "Who", "currency": "EUR", "plan": "Old name"}
        self.assertProblem(self.ledger.admin("POST", "/accounts", body), 422, ["plan"])
        account = self.ledger.create("/accounts", body | {"plan": "New name"})
        self.assertEqual("/plans/" + account["plan"], path)
        other = self.plan("Old name")
        self.assertNotEqual(other, path)
        self.assertProblem(self.attempt("PATCH", path, {"name": "Old name"}), 409, ["name"])

    def test_a_currency_that_an_account_needs_stays(self):
        path = self.plan("Two", rates=[RATE, RATE | {"currency": "USD"}])
        accounts = [self.account(f"Euro {number}", currency="EUR", plan="Two") for number in "12"]
        self.account("Dollar", currency="USD", plan="Two")
        only_dollars = {"rates": [RATE | {"currency": "USD"}]}
        answer = self.attempt("PATCH", path, only_dollars)
        self.assertProblem(answer, 409)
        self.assertEqual(["/accounts/" + id for id in answer.json["conflicts"]], accounts)
        self.plan("Elsewhere")
        self.change("PATCH", accounts[0], {"plan": "Elsewhere"})
        self.change("DELETE", accounts[1])
        self.restart()
        self.change("PATCH", path, only_dollars)

    def test_a_lost_update_is_refused(self):
        path = self.plan("Guarded")
        self.check_preconditions("PATCH", path, {"name": "Nobody"})
        before = len(self.ledger.events())
        answer = self.attempt("PATCH", path, {"name": "Guarded", "rates": [RATE]})
        self.assertEqual((answer.status, answer.headers["Ledger-Position"]), (200, None))
        self.assertUnchanged(before)

    def test_every_bad_field_is_named(self):
        path = self.plan("Fields")
        for body, fields in [
            ({"name": None, "rates": None}, ["name", "rates"]),
            ({"name": "", "rates": [], "plan_revision": 9}, ["name", "rates", "plan_revision"]),
            ({"rates": [RATE, RATE]}, ["rates"]),
            ({"rates": [RATE | {"amount": -1, "exponent": 2}]},
             ["rates[0].amount", "rates[0].exponent"]),
        ]:
            with self.subTest(body):
                self.assertProblem(self.attempt("PATCH", path, body), 422, fields)
