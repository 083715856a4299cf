"""The life of projects and of the scopes that they define."""

from ledger import registration
from test_accounts import Changes as Base, etag


class Changes(Base):
    @classmethod
    def prepare(cls):
        account = {"name": "Projects", "currency": "USD", "plan": "standard"}
        cls.owner = "/accounts/" + cls.ledger.create("/accounts", account)["id"]

    def identifier(self, path):
        return path.rsplit("/", 1)[1]


class Projects(Changes):
    def test_it_is_edited(self):
        path = self.project(self.owner, "Shop", description="Checkout")
        old = self.shown(path).json
        answer = self.change("PATCH", path, {"name": "Store", "reason": "new brand"})
        self.assertEqual(answer.json, old | {"name": "Store"})
        self.change("PATCH", path, {"name": "Outlet", "description": "Checkout and returns"})
        answer = self.change("PATCH", path, {"description": None})
        expected = old | {"name": "Outlet"}
        del expected["description"]
        self.assertEqual(answer.json, expected)
        self.assertEqual(answer.headers["ETag"], f'"{answer.headers["Ledger-Position"]}"')
        answer = self.change("PATCH", path, {"description": ""})
        self.assertEqual(answer.json, expected | {"description": ""})
        self.restart()
        self.assertEqual(self.shown(path).json, answer.json)
        events = self.events_of(old["id"], "project.edited")
        self.assertEqual([event["data"] for event in events], [
            {"before": {"name": "Shop"}, "after": {"name": "Store"}},
            {"before": {"name": "Store", "description": "Checkout"},
             "after": {"name": "Outlet", "description": "Checkout and returns"}},
            {"before": {"description": "Checkout and returns"}, "after": {}},
            {"before": {}, "after": {"description": ""}}])
        self.assertEqual([event.get("reason") for event in events], ["new brand", None, None, None])
        self.assertEqual(self.shown(path).json["created"], old["created"])

    def test_an_edit_that_changes_nothing_makes_no_event(self):
        path = self.project(self.owner, "Same", description="As before")
        before = len(self.ledger.events())
        for body in ({}, {"name": "Same"}, {"name": "Same", "description": "As before"},
                     {"reason": "no reason"}):
            answer = self.attempt("PATCH", path, body)
            self.assertEqual((answer.status, answer.headers["Ledger-Position"]), (200, None))
        self.assertUnchanged(before)

    def test_every_bad_field_is_named(self):
        path = self.project(self.owner, "Fields")
        before = len(self.ledger.events())
        for body, fields in [
            ({"name": None}, ["name"]), ({"name": ""}, ["name"]), ({"name": 7}, ["name"]),
            ({"name": "x" * 101, "description": "x" * 501, "reason": ""},
             ["name", "description", "reason"]),
            ({"created": "2020-01-01T00:00:00.000000Z"}, ["created"]),
            ({"account": self.identifier(self.owner), "id": "prj_x", "scopes": []},
             ["account", "id", "scopes"]),
            ({"name": "pay\u200dpal"}, ["name"]), ({"description": "\ue000"}, ["description"]),
            ({"description": "two\nlines"}, ["description"]), ([], [""]),
        ]:
            with self.subTest(body):
                self.assertProblem(self.attempt("PATCH", path, body), 422, fields)
        self.assertUnchanged(before)

    def test_a_lost_update_is_refused(self):
        path = self.project(self.owner, "Guarded")
        self.check_preconditions("PATCH", path, {"name": "Nobody"})
        self.check_preconditions("DELETE", path)
        stale = etag(self.shown(path))
        self.change("PATCH", path, {"name": "Changed"}, stale)
        self.assertProblem(self.attempt("DELETE", path, None, stale), 412)
        self.assertProblem(self.attempt("PATCH", path, {"name": "Again"}, stale), 412)

    def test_with_clients_it_is_not_deleted(self):
        path = self.project(self.owner, "Crowded")
        clients = [self.ledger.add_client(f"Crowd {number:03}", self.identifier(path)).id
                   for number in range(101)]
        before = len(self.ledger.events())
        answer = self.attempt("DELETE", path)
        self.assertProblem(answer, 409)
        self.assertEqual(answer.json["conflicts"], sorted(clients)[:100])
        self.assertIn("101", answer.json["detail"])
        self.assertUnchanged(before)
        self.restart()
        self.assertProblem(self.attempt("DELETE", path), 409)
        for client in clients:
            self.change("DELETE", f"/clients/{client}")
        self.restart()
        self.change("DELETE", path)

    def test_a_deleted_one_is_gone(self):
        path = self.project(self.owner, "Short-lived")
        self.project(self.owner, "Long-lived")
        answer = self.change("DELETE", path + "?reason=a%20mistake")
        [deleted] = self.events_of(self.identifier(path), "project.deleted")
        self.assertEqual((deleted["data"], deleted["reason"]), ({}, "a mistake"))
        self.assertEqual(answer.json["deleted"], deleted["recorded"])
        for _ in range(2):
            self.assertProblem(self.ledger.admin("GET", path), 404)
            listed = [each["name"]
                      for each in self.ledger.get("/projects", per_page="all")["items"]]
            self.assertIn("Long-lived", listed)
            self.assertNotIn("Short-lived", listed)
            for method, path_, body in [
                ("PATCH", path, {"name": "x"}), ("DELETE", path, None),
                ("GET", path + "/clients", None), ("GET", path + "/scopes", None),
                ("POST", path + "/scopes", {"name": "x", "description": "x"}),
                ("POST", path + "/clients", registration("Nowhere to be")),
            ]:
                answer = self.attempt(method, path_, body, {"If-Match": "*"})
                self.assertProblem(answer, 404)
            self.restart()
        self.ledger.check()

    def test_creations_say_why_and_repeat(self):
        body = {"name": "Why", "account": self.identifier(self.owner), "reason": "asked for by sales"}
        key = {"Idempotency-Key": "why-1"}
        first = self.ledger.admin("POST", "/projects", body, headers=key)
        self.assertEqual(first.status, 201, first)
        self.assertEqual(first.json["scopes"], [])
        [created] = self.events_of(first.json["id"], "project.created")
        self.assertEqual(created["reason"], "asked for by sales")
        self.change("PATCH", "/projects/" + first.json["id"], {"name": "Since renamed"})
        self.restart()
        again = self.ledger.admin("POST", "/projects", body, headers=key)
        self.assertEqual((again.status, again.json), (201, first.json))
        self.assertEqual(again.headers["Idempotency-Replayed"], "true")


class Scopes(Changes):
    def define(self, project, name, description="What it is for", **fields):
        body = {"name": name, "description": description} | fields
        return self.ledger.admin("POST", project + "/scopes", body)

    def one(self, project, name):
        return f"{project}/scopes/{name}"

    def test_its_life(self):
        project = self.project(self.owner, "Scoped")
        answer = self.define(project, "billing.read", "Reads invoices", reason="for the portal")
        self.assertEqual(answer.status, 201, answer)
        self.assertEqual(answer.json, {"name": "billing.read", "description": "Reads invoices"})
        self.assertEqual(answer.headers["Location"].replace("%2E", "."),
                         "/admin" + self.one(project, "billing.read"))
        location = answer.headers["Location"].removeprefix("/admin")
        self.assertEqual(self.shown(location).json, answer.json)
        self.assertEqual(self.define(project, "admin").status, 201)
        self.assertProblem(self.define(project, "admin"), 409, ["name"])
        answer = self.change("PATCH", self.one(project, "billing.read"),
                             {"description": "Reads bills", "reason": "clearer"})
        self.assertEqual(answer.json, {"name": "billing.read", "description": "Reads bills"})
        for _ in range(2):
            listed = self.shown(project + "/scopes")
            self.assertEqual(listed.json, {"total": 2, "items": [
                {"name": "admin", "description": "What it is for"},
                {"name": "billing.read", "description": "Reads bills"}]})
            self.assertEqual(listed.json["items"], self.shown(project).json["scopes"])
            self.assertEqual(listed.headers["ETag"], self.shown(project).headers["ETag"])
            self.restart()
        answer = self.change("DELETE", self.one(project, "billing.read") + "?reason=unused")
        self.assertEqual([scope["name"] for scope in answer.json["scopes"]], ["admin"])
        self.assertProblem(self.ledger.admin("GET", self.one(project, "billing.read")), 404)
        events = [event for event in self.events_since(0) if event["type"].startswith("scope.")
                  and event["subject"] == self.identifier(project)]
        for event, scopes in zip(events, [["Reads invoices"], ["What it is for", "Reads invoices"],
                                          ["What it is for", "Reads bills"], ["What it is for"]]):
            listed = self.ledger.get(project + "/scopes", as_of=event["position"])["items"]
            self.assertEqual([scope["description"] for scope in listed], scopes)
        was = self.ledger.get(self.one(project, "billing.read"), as_of=events[0]["position"])
        self.assertEqual(was["description"], "Reads invoices")
        words = [item["what"] for item in self.ledger.get(project + "/history")["items"]]
        self.assertEqual(words[-4:], [
            'scope billing.read defined: "Reads invoices"', 'scope admin defined: "What it is for"',
            'scope billing.read described anew, from "Reads invoices" to "Reads bills"',
            "scope billing.read removed"])
        self.assertEqual([(event["type"], event["data"], event.get("reason")) for event in events], [
            ("scope.defined", {"name": "billing.read", "description": "Reads invoices"},
             "for the portal"),
            ("scope.defined", {"name": "admin", "description": "What it is for"}, None),
            ("scope.edited", {"name": "billing.read", "before": {"description": "Reads invoices"},
                              "after": {"description": "Reads bills"}}, "clearer"),
            ("scope.removed", {"name": "billing.read"}, "unused")])

    def test_every_bad_field_is_named(self):
        project = self.project(self.owner, "Fields")
        self.define(project, "fine")
        before = len(self.ledger.events())
        for body, fields in [
            ({}, ["name", "description"]), ({"name": "", "description": ""}, ["name", "description"]),
            ({"name": "a b", "description": "x" * 501, "x": 1}, ["name", "description", "x"]),
            ({"name": "x" * 101, "description": None}, ["name", "description"]),
            ({"name": "clients:read", "description": "x"}, ["name"]),
            ({"name": 'quo"te', "description": "x"}, ["name"]),
            ({"name": "back\\slash", "description": "x"}, ["name"]),
            ({"name": "\u00fc", "description": "\u200b"}, ["name", "description"]),
        ]:
            with self.subTest(body):
                answer = self.ledger.admin("POST", project + "/scopes", body)
                self.assertProblem(answer, 422, fields)
        for body, fields in [
            ({"description": None}, ["description"]), ({"description": "", "name": "other"},
                                                       ["description", "name"]),
        ]:
            answer = self.attempt("PATCH", self.one(project, "fine"), body)
            self.assertProblem(answer, 422, fields)
        answer = self.attempt("PATCH", self.one(project, "fine"),
                              {"description": "What it is for"})
        self.assertEqual((answer.status, answer.headers["Ledger-Position"]), (200, None))
        self.assertUnchanged(before)

    def test_longest_names_and_those_that_a_path_must_escape(self):
        project = self.project(self.owner, "Names")
        for name, escaped in [("x" * 100, "x" * 100), ("read/write", "read%2Fwrite"),
                              ("100%", "100%25"), ("a?b#c", "a%3Fb%23c"), ("a+b", "a+b")]:
            answer = self.define(project, name)
            self.assertEqual(answer.status, 201, answer)
            self.assertEqual(self.shown(self.one(project, escaped)).json["name"], name)
            location = answer.headers["Location"].removeprefix("/admin")
            self.assertEqual(self.shown(location).json["name"], name)
            self.change("DELETE", self.one(project, escaped))
        for path in ("nothing", "%ff", "%E2%84%AA", ""):
            self.define(project, "K")
            self.assertProblem(self.ledger.admin("GET", self.one(project, path)), 404)

    def test_the_version_of_a_scope_is_that_of_its_project(self):
        project = self.project(self.owner, "Versions")
        self.define(project, "read")
        scope = self.one(project, "read")
        self.check_preconditions("PATCH", scope, {"description": "New"})
        self.check_preconditions("DELETE", scope)
        stale = etag(self.shown(scope))
        self.change("PATCH", project, {"name": "Changed"})
        self.assertProblem(self.attempt("DELETE", scope, None, stale), 412)
        self.change("DELETE", scope)

    def test_clients_get_those_alone_that_are_defined(self):
        project = self.project(self.owner, "Strict")
        clients = project + "/clients"
        add = lambda name, scope: self.ledger.admin(
            "POST", clients, registration(name, scope=scope))
        self.assertEqual(add("Before any", "anything goes").status, 201)
        self.define(project, "invoices.read")
        self.define(project, "invoices.write")
        answer = add("Not defined", "invoices.read anything goes")
        self.assertProblem(answer, 422, ["scope", "scope"])
        self.assertIn("anything", answer.json["errors"][0]["message"])
        added = add("Defined ones", "invoices.write")
        self.assertEqual(added.status, 201, added)
        for _ in range(2):
            answer = self.attempt("DELETE", self.one(project, "invoices.write"))
            self.assertProblem(answer, 409)
            self.assertEqual(answer.json["conflicts"], [added.json["client"]["id"]])
            self.restart()
        client = "/clients/" + added.json["client"]["id"]
        self.assertProblem(self.attempt("PATCH", client, {"scope": "anything"}), 422, ["scope"])
        self.change("PATCH", client, {"scope": "invoices.read"})
        self.change("DELETE", self.one(project, "invoices.write"))
        self.assertProblem(self.attempt("DELETE", self.one(project, "invoices.read")), 409)
        self.change("DELETE", client)
        self.change("DELETE", self.one(project, "invoices.read"))
        self.assertEqual(add("None defined", "anything").status, 201)

    def test_there_are_two_hundred_at_most(self):
        project = self.project(self.owner, "Many")
        for number in range(200):
            self.assertEqual(self.define(project, f"s{number}", "x" * 500).status, 201)
        self.assertProblem(self.define(project, "one.more"), 409)
        self.restart()
        self.assertEqual(self.shown(project + "/scopes?per_page=all").json["total"], 200)

    def test_together_with_domains_they_are_not_too_large(self):
        project = self.project(self.owner, "Full")
        long = "\N{GRINNING FACE}" * 500
        scopes = 0
        while (answer := self.define(project, f"s{scopes}", long)).status == 201:
            scopes += 1
        self.assertProblem(answer, 409)
        domains = 0
        addresses = [f"2001:db8::{number:x}" for number in range(50)]
        while (answer := self.ledger.admin("POST", project + "/domains", {
                "domain": f"d{domains}.example", "addresses": addresses})).status == 201:
            domains += 1
        self.assertProblem(answer, 409)
        self.assertIn(len(self.shown(project).body), range(129_000, 131_073))
        self.change("PATCH", self.one(project, "s0"), {"description": "short"})
        self.change("PATCH", project, {"name": "Full of scopes"})

    def test_a_repeated_definition_has_one_outcome(self):
        project = self.project(self.owner, "Repeats")
        body = {"name": "once", "description": "Once"}
        key = {"Idempotency-Key": "scope-1"}
        first = self.ledger.admin("POST", project + "/scopes", body, headers=key)
        self.change("PATCH", self.one(project, "once"), {"description": "Changed since"})
        self.restart()
        again = self.ledger.admin("POST", project + "/scopes", body, headers=key)
        self.assertEqual((again.status, again.json), (201, first.json))
        self.assertEqual(again.headers["Idempotency-Replayed"], "true")
