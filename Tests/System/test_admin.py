"""What the administration endpoints accept, refuse, and to whom."""

from ledger import ACKNOWLEDGEMENTS, PERMISSIONS, LedgerTest, registration


class Fields(LedgerTest):
    @classmethod
    def prepare(cls):
        cls.clients = f"/projects/{cls.ledger.genesis['project']}/clients"
        cls.client = cls.ledger.add_client("Existing client")

    def post(self, path, body):
        return self.ledger.admin("POST", path, body)

    def test_every_bad_field_is_named_at_once(self):
        before = len(self.ledger.events())
        bad = {
            "/accounts": [
                ({}, ["name", "currency"]),
                ({"name": "", "currency": "XXX", "plan": 7, "x": 1},
                 ["name", "currency", "plan", "x"]),
                ({"name": "a\tb", "currency": "usd"}, ["name", "currency"]),
                ({"name": "A", "currency": "USD", "plan": "nothing"}, ["plan"]),
                ({"name": "A", "currency": "SEK", "plan": "standard"}, ["currency"])],
            "/projects": [
                ({}, ["name", "account"]),
                ({"name": "x" * 101, "description": "x" * 501, "account": "acc_x",
                  "created": "2020-01-01T00:00:00Z"},
                 ["name", "description", "account", "created"]),
                ({"name": "A", "account": self.client.id}, ["account"]),
                ({"name": "A", "account": "acc_00000000000000000000000000"}, ["account"])],
            "/plans": [
                ({}, ["name", "rates"]),
                ({"name": 1, "rates": []}, ["name", "rates"]),
                ({"name": "P", "rates": [{"item": "x", "amount": -1, "currency": "?", "y": 0}, 5]},
                 ["rates[0].item", "rates[0].amount", "rates[0].currency", "rates[0].y",
                  "rates[1]"])],
            self.clients: [
                ({}, ["client_name", "application_type", "app_name", "app_version", "scope",
                      "acknowledgements"]),
                (registration("abcd", application_type="robot", app_name="x" * 51, app_version="",
                              client_uri="ftp://x", scope="a  b", audience="nowhere", mode="dry",
                              token_lifetime=0, owner="acc_x", acknowledgements=["billing"],
                              client_secret="chosen"),
                 ["client_name", "application_type", "app_name", "app_version", "client_uri",
                  "scope", "audience", "mode", "token_lifetime", "owner", "acknowledgements",
                  "client_secret"]),
                (registration(7, token_lifetime=86_401), ["client_name", "token_lifetime"]),
                (registration("Lifetime text", token_lifetime="60"), ["token_lifetime"]),
                (registration("Reserved one", scope="wallet:open"), ["scope"]),
                (registration("Twice agreed", acknowledgements=ACKNOWLEDGEMENTS[:4] * 2),
                 ["acknowledgements"]),
                (registration("No owner", owner="cli_00000000000000000000000000"), ["owner"])],
            f"/clients/{self.client.id}/secrets": [
                ({"overlap_seconds": -1, "x": None}, ["overlap_seconds", "x"]),
                ({"overlap_seconds": 2_592_001}, ["overlap_seconds"]),
                ({"overlap_seconds": True}, ["overlap_seconds"])],
        }
        for path, bodies in bad.items():
            for body, fields in bodies:
                with self.subTest(path, body=body):
                    self.assertProblem(self.post(path, body), 422, fields)
        self.assertEqual(len(self.ledger.events()), before)

    def test_names_are_counted_in_scalars(self):
        family = "\U0001F468\u200D\U0001F469"
        for name, status in [
            ("n" * 4, 422), ("n" * 5, 201), ("N" * 50, 201), ("N" * 51, 422),
            ("é" * 4, 422), ("é" * 5, 201), ("é" * 50, 201), ("é" * 51, 422),
            ("e\u0301" * 49 + "x", 201), ("o\u0308" * 4, 422),
            ("😀" * 4, 422), ("😀" * 5, 201), ("😀" * 50, 201), ("😀" * 51, 422),
            (family + "ab", 201), (family + "a", 422),
        ]:
            with self.subTest(name):
                answer = self.post(self.clients, registration(name))
                self.assertEqual(answer.status, status, answer)
                if status == 422:
                    self.assertEqual(answer.fields, ["client_name"])

    def test_names_are_kept_in_nfc_and_unique(self):
        answer = self.post(self.clients, registration("Cafe\u0301 app"))
        self.assertEqual(answer.json["client"]["client_name"], "Caf\u00e9 app")
        before = len(self.ledger.events())
        for name in ("Caf\u00e9 app", "Cafe\u0301 app", "Existing client"):
            self.assertProblem(self.post(self.clients, registration(name)), 409, ["client_name"])
        self.assertEqual(len(self.ledger.events()), before)
        plan = {"name": "standard", "rates": [
            {"item": "application_fee", "amount": 1, "currency": "USD"}]}
        self.assertProblem(self.post("/plans", plan), 409, ["name"])

    def test_bodies_that_cannot_be_read(self):
        for body in ("{", "[]x", '{"name":1e400}', '{"name":"a","name":"b"}', '{"name":1.5}',
                     '{"name":"\\ud800"}', b'{"name":"\xff"}', "[" * 10_000):
            with self.subTest(body):
                self.assertProblem(self.post("/accounts", body), 400)
        for body in ("[]", "7", "null", '"text"'):
            with self.subTest(body):
                self.assertProblem(self.post("/accounts", body), 422)
        plain = {"Content-Type": "text/plain"}
        self.assertProblem(self.ledger.admin("POST", "/accounts", "{}", headers=plain), 415)

    def test_what_is_not_there(self):
        unknown = "00000000000000000000000000"
        for method, path, body in [
            ("GET", f"/accounts/acc_{unknown}", None), ("GET", f"/plans/pln_{unknown}", None),
            ("GET", f"/projects/prj_{unknown}", None), ("GET", f"/clients/cli_{unknown}", None),
            ("GET", f"/charges/chg_{unknown}", None), ("GET", "/events/999999", None),
            ("GET", "/events/-1", None), ("GET", "/clients/nonsense", None),
            ("GET", f"/projects/{self.client.id}", None),
            ("GET", f"/projects/prj_{unknown}/clients", None),
            ("GET", f"/clients/cli_{unknown}/secrets", None),
            ("POST", f"/projects/prj_{unknown}/clients", registration("Nowhere at all")),
            ("POST", f"/clients/cli_{unknown}/secrets", {}),
            ("DELETE", f"/clients/{self.client.id}/secrets/sec_{unknown}", None),
            ("DELETE", f"/clients/{self.ledger.operator.id}/secrets/{self.client.secret_id}", None),
        ]:
            with self.subTest(path, method=method):
                self.assertProblem(self.ledger.admin(method, path, body), 404)


class Money(LedgerTest):
    def add(self, account, name):
        project = self.ledger.create("/projects", {"name": name, "account": account["id"]})
        return self.ledger.admin("POST", f"/projects/{project['id']}/clients", registration(name))

    def test_currencies_with_other_exponents(self):
        for currency, amount, exponent in (("JPY", 1900, 0), ("KWD", 3850, 3), ("USD", 1250, 2)):
            with self.subTest(currency):
                account = self.ledger.create(
                    "/accounts", {"name": currency, "currency": currency, "plan": "standard"})
                charge = self.add(account, f"Pays in {currency}").json["charge"]
                self.assertEqual((charge["amount"], charge["currency"], charge["exponent"]),
                                 (amount, currency, exponent))
                listed = self.ledger.get("/charges", account=account["id"])
                self.assertEqual((listed["items"], listed["total"]), ([charge], 1))
                month = charge["recorded"][:7]
                for period, total in ((month, 1), ("1999-01", 0)):
                    found = self.ledger.get("/charges", account=account["id"], period=period)
                    self.assertEqual(found["total"], total)

    def test_account_without_a_plan_cannot_add_clients(self):
        account = self.ledger.create("/accounts", {"name": "No plan", "currency": "USD"})
        before = len(self.ledger.events())
        answer = self.add(account, "Never charged")
        self.assertProblem(answer, 409)
        self.assertIn("plan", answer.json["detail"])
        self.assertEqual(len(self.ledger.events()), before + 1)

    def test_a_plan_of_ones_own(self):
        rate = {"item": "application_fee", "amount": 7, "currency": "BHD"}
        plan = self.ledger.create("/plans", {"name": "Gulf", "rates": [rate]})
        self.assertEqual(plan["rates"], [rate | {"exponent": 3}])
        body = {"name": "Gulf", "currency": "BHD", "plan": plan["id"]}
        account = self.ledger.create("/accounts", body)
        charge = self.add(account, "Pays in dinars").json["charge"]
        self.assertEqual((charge["amount"], charge["plan"]), (7, plan["id"]))


class Permissions(LedgerTest):
    @classmethod
    def prepare(cls):
        cls.reader = cls.ledger.add_client("Reader", permissions="projects:read").token()
        cls.clients = f"/projects/{cls.ledger.genesis['project']}/clients"

    def test_a_missing_permission_is_named(self):
        id = self.ledger.operator.id
        before = len(self.ledger.events())
        for method, path, permission in [
            ("GET", "/accounts", "accounts:read"), ("POST", "/accounts", "accounts:write"),
            ("GET", "/plans", "billing:read"), ("POST", "/plans", "billing:write"),
            ("POST", "/projects", "projects:write"), ("GET", "/clients", "clients:read"),
            ("GET", self.clients, "clients:read"), ("POST", self.clients, "clients:write"),
            ("GET", f"/clients/{id}/secrets", "clients:read"),
            ("POST", f"/clients/{id}/secrets", "secrets:write"),
            ("DELETE", f"/clients/{id}/secrets/sec_1", "secrets:write"),
            ("GET", "/charges", "billing:read"), ("GET", "/events", "audit:read"),
            ("GET", "/events/0", "audit:read"),
        ]:
            with self.subTest(path, method=method):
                answer = self.ledger.admin(method, path, token=self.reader)
                self.assertProblem(answer, 403)
                self.assertIn(permission, answer.json["detail"])
                challenge = answer.headers["WWW-Authenticate"]
                self.assertIn('error="insufficient_scope"', challenge)
                self.assertIn(f'scope="{permission}"', challenge)
        self.assertEqual(self.ledger.admin("GET", "/projects", token=self.reader).status, 200)
        self.assertEqual(len(self.ledger.events()), before)

    def test_permissions_are_no_scope_of_a_client(self):
        for scope in ("projects:read", "coreapi system:write", "coreapi some:thing"):
            answer = self.ledger.admin("POST", self.clients, registration("Reader", scope=scope))
            self.assertProblem(answer, 422, ["scope"])

    def test_rotation_gives_no_permissions_the_caller_lacks(self):
        rotator = self.ledger.add_client("Rotator", permissions="secrets:write").token()
        path = f"/clients/{self.ledger.operator.id}/secrets"
        answer = self.ledger.admin("POST", path, {}, token=rotator)
        self.assertProblem(answer, 403)

    def test_no_token(self):
        for headers in ({}, {"Authorization": "Basic eDp5"}):
            answer = self.ledger.request("GET", "/admin/clients", headers=headers)
            self.assertProblem(answer, 401)
            self.assertRegex(answer.headers["WWW-Authenticate"], "^Bearer ")
            self.assertNotIn("error", answer.headers["WWW-Authenticate"])
        answer = self.ledger.admin("GET", "/clients", token="nonsense")
        self.assertProblem(answer, 401)
        self.assertIn('error="invalid_token"', answer.headers["WWW-Authenticate"])

    def test_a_token_for_another_audience_is_refused(self):
        token = self.ledger.add_client("Elsewhere", audience="https://api.example").token()
        self.assertProblem(self.ledger.admin("GET", "/projects", token=token), 401)

    def test_the_operator_holds_everything(self):
        self.assertEqual(self.ledger.operator.ask().json["scope"], PERMISSIONS)
