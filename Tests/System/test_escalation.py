"""Tries to gain permissions in every way that anybody has thought of; nothing may be gained."""

import json

from ledger import PERMISSIONS, LedgerTest, basic, registration

NOBODY = "00000000000000000000000000"
MATCH = {"If-Match": "*"}


class Escalation(LedgerTest):
    """Attackers: a baron who owns one account, his steward who manages it, and a registrar who makes
    and gives roles everywhere but may do little else. Above them: an auditor of everything who stands
    in the baron's account, and the operator."""

    @classmethod
    def prepare(cls):
        ledger = cls.ledger
        cls.fief, cls.abroad = [
            ledger.create("/accounts", {"name": name, "currency": "USD", "plan": "standard"})["id"]
            for name in ("Fief", "Abroad")]
        cls.home, cls.far = [
            ledger.create("/projects", {"name": name, "account": account})["id"]
            for name, account in (("Home", cls.fief), ("Far", cls.abroad))]
        cls.auditor = ledger.add_client("Auditor of all", project=cls.home)
        ledger.grant(cls.auditor.id, "auditor")
        cls.villager = ledger.add_client("Villager", project=cls.home)
        cls.foreigner = ledger.add_client("Foreigner", project=cls.far)
        cls.baron = ledger.add_client("Baron", project=cls.home)
        ledger.grant(cls.baron.id, "owner", account=cls.fief)
        cls.steward = ledger.add_client("Steward", project=cls.home)
        ledger.grant(cls.steward.id, "manager", account=cls.fief)
        cls.registrar = ledger.add_client(
            "Registrar", project=cls.home, permissions="clients:read roles:write")
        cls.own_role = ledger.define_role("clients:read roles:write")["id"]
        cls.attackers = {
            "baron": cls.baron, "steward": cls.steward, "registrar": cls.registrar}
        cls.tokens = {name: client.token() for name, client in cls.attackers.items()}
        cls.before = cls.powers()

    @classmethod
    def powers(cls):
        """What each attacker holds, and what their tokens can carry."""
        ledger = cls.ledger
        return {name: (
            [{key: grant[key] for key in grant if key != "position"}
             for grant in ledger.get(f"/clients/{client.id}/roles")["items"]],
            client.ask().json["scope"]) for name, client in cls.attackers.items()}

    def tearDown(self):
        self.assertEqual(self.powers(), self.before)

    def by(self, name, method, path, body=None, headers={}):
        return self.ledger.admin(method, path, body, token=self.tokens[name], headers=headers)

    def assertRefused(self, answer, status=403, naming=""):
        self.assertProblem(answer, status)
        self.assertIn(naming, answer.body.decode())

    def give(self, name, client, role, **place):
        body = {"role": role, "reason": "because"} | place
        return self.by(name, "POST", f"/clients/{client}/roles", body)

    # Grants

    def test_nobody_grants_what_he_does_not_hold_there(self):
        for role in ("viewer", "auditor", "billing", "manager", "owner", self.own_role):
            for client in (self.baron, self.villager):
                self.assertRefused(self.give("baron", client.id, role), 403, "roles:write")
                self.assertRefused(self.give("steward", client.id, role), 403, "roles:write")
                self.assertRefused(
                    self.give("baron", client.id, role, account=self.abroad), 422, "no account")
                self.assertRefused(
                    self.give("baron", client.id, role, project=self.far), 422, "no project")
        for role in ("viewer", "auditor", "billing", "manager", "owner"):
            self.assertRefused(self.give("registrar", self.registrar.id, role))
            self.assertRefused(
                self.give("registrar", self.villager.id, role, project=self.home))

    def test_nobody_grants_to_who_is_above_or_out_of_sight(self):
        for client in (self.foreigner.id, self.ledger.operator.id, f"cli_{NOBODY}"):
            answer = self.give("baron", client, "viewer", account=self.fief)
            self.assertRefused(answer, 404)
        for client in (self.auditor.id, self.ledger.operator.id):
            answer = self.give("registrar", client, self.own_role, project=self.home)
            self.assertRefused(answer, 403)
        answer = self.give("baron", self.auditor.id, "viewer", account=self.fief)
        self.assertRefused(answer, 403)

    def test_nobody_withdraws_what_he_could_not_grant(self):
        for client in (self.ledger.operator, self.auditor):
            grant = self.ledger.get(f"/clients/{client.id}/roles")["items"][0]["id"]
            path = f"/clients/{client.id}/roles/{grant}"
            self.assertRefused(self.by("registrar", "DELETE", path), 403)
            self.assertRefused(self.by("baron", "DELETE", path), 403, "roles:write")
            self.assertRefused(self.by("steward", "DELETE", path), 403, "roles:write")

    def test_a_grant_of_another_client_is_not_reached_through_ones_own(self):
        grant = self.ledger.get(f"/clients/{self.ledger.operator.id}/roles")["items"][0]["id"]
        path = f"/clients/{self.registrar.id}/roles/{grant}"
        self.assertRefused(self.by("registrar", "DELETE", path), 404)

    # Roles

    def test_roles_are_no_ladder(self):
        for permissions in (["system:write"], ["clients:read", "audit:read"], PERMISSIONS.split()):
            body = {"name": "Ladder", "permissions": permissions}
            self.assertRefused(self.by("registrar", "POST", "/roles", body))
            self.assertRefused(self.by("baron", "POST", "/roles", body), 403, "roles:write")
            patch = {"permissions": permissions + ["roles:write"] * ("roles:write" not in permissions)}
            answer = self.by("registrar", "PATCH", f"/roles/{self.own_role}", patch, MATCH)
            self.assertRefused(answer)

    def test_a_role_that_gives_more_is_not_touched(self):
        above = self.ledger.define_role("clients:read audit:read")["id"]
        for body in ({"permissions": ["clients:read"]}, {"name": "Mine now"}):
            self.assertRefused(self.by("registrar", "PATCH", f"/roles/{above}", body, MATCH))
        self.assertRefused(self.by("registrar", "DELETE", f"/roles/{above}", None, MATCH))
        for role in ("owner", "viewer"):
            path = f"/roles/{role}"
            body = {"permissions": PERMISSIONS.split()}
            self.assertRefused(self.by("registrar", "PATCH", path, body, MATCH), 409, "built in")
            self.assertRefused(self.by("registrar", "DELETE", path, None, MATCH), 409, "built in")

    def test_no_role_is_taken_for_a_built_in_one(self):
        for name in ("owner", "Owner", "OWNER", "viewer", self.own_role):
            body = {"name": name, "permissions": ["clients:read"]}
            self.assertRefused(self.by("registrar", "POST", "/roles", body), 422, "name")
        for name in ("owner\u200b", "ow\u00adner"):
            body = {"name": name, "permissions": ["clients:read"]}
            self.assertRefused(self.by("registrar", "POST", "/roles", body), 422, "name")

    # Clients that are above

    def attempts(self, client):
        """Every change of a client that there is, with a body that would be taken."""
        path = f"/clients/{client.id}"
        yield "PATCH", path, {"client_name": "Taken over"}, MATCH
        yield "PATCH", path, {"owner": self.steward.id}, MATCH
        yield "PATCH", path, {"application_type": "native"}, MATCH
        yield "PATCH", path, {"token_lifetime": 1}, MATCH
        yield "DELETE", path, None, MATCH
        yield "POST", path + "/disable", {"reason": "because"}, {}
        yield "POST", path + "/enable", {}, {}
        yield "POST", path + "/revocations", {"grounds": "misuse", "reason": "because"}, {}
        yield "POST", path + "/secrets", {}, {}
        yield "POST", path + "/secrets", {"client_secret": "chosen by the attacker, long enough"}, {}
        yield "DELETE", path + f"/secrets/{client.secret_id}", None, {}

    def test_who_is_above_is_neither_changed_nor_taken_over(self):
        head = len(self.ledger.events())
        for name in ("baron", "steward"):
            for method, path, body, headers in self.attempts(self.auditor):
                with self.subTest(name, method=method, path=path, body=body):
                    self.assertRefused(self.by(name, method, path, body, headers), 403)
        for method, path, body, headers in self.attempts(self.baron):
            with self.subTest("steward", method=method, path=path, body=body):
                self.assertRefused(self.by("steward", method, path, body, headers), 403)
        self.assertEqual(len(self.ledger.events()), head)

    def test_a_narrowed_token_does_no_more_than_it_says(self):
        token = self.ledger.operator.token(
            scope="clients:write clients:read secrets:write roles:write")
        call = lambda method, path, body, headers={}: self.ledger.admin(
            method, path, body, token=token, headers=headers)
        for method, path, body, headers in self.attempts(self.auditor):
            self.assertRefused(call(method, path, body, headers), 403)
        path = f"/clients/{self.villager.id}/roles"
        body = {"role": "auditor", "reason": "because"}
        self.assertRefused(call("POST", path, body), 403, "accounts:read")
        body = {"name": "Wide", "permissions": ["audit:read"]}
        self.assertRefused(call("POST", "/roles", body), 403, "audit:read")

    def test_stopping_all_is_stopping_who_is_above(self):
        answer = self.by("baron", "POST", f"/accounts/{self.fief}/suspend", {"reason": "because"})
        self.assertRefused(answer, 403)
        answer = self.by(
            "baron", "POST", f"/projects/{self.home}/domains", {"domain": "fief.example"})
        self.assertRefused(answer, 403)
        answer = self.by(
            "steward", "POST", f"/projects/{self.home}/domains",
            {"domain": "fief.example", "active": False})
        self.assertRefused(answer, 403)
        self.assertTrue(self.auditor.token())

    # Tokens

    def test_no_scope_brings_permissions(self):
        for scope in ("system:write", "clients:read system:write", PERMISSIONS, "clients:Read",
                      "clients:*", "*", ":"):
            answer = self.villager.ask(scope=scope)
            self.assertOAuthError(answer, "invalid_scope")
        for scope in ("system:write", "coreapi clients:read", "Clients:Read", "x:y"):
            body = registration("Scoped", scope=scope)
            path = f"/projects/{self.home}/clients"
            self.assertRefused(self.by("steward", "POST", path, body), 422, "scope")
            path = f"/clients/{self.villager.id}"
            self.assertRefused(self.by("steward", "PATCH", path, {"scope": scope}, MATCH), 422)
            path = f"/projects/{self.home}/scopes"
            body = {"name": scope.split()[-1], "description": "Not reserved"}
            self.assertRefused(self.by("steward", "POST", path, body), 422, "name")
        self.assertOAuthError(self.steward.ask(scope="clients:read audit:read"), "invalid_scope")

    def test_a_token_minted_before_gains_and_keeps_nothing(self):
        client = self.ledger.add_client("Comes and goes", project=self.home)
        early = client.token()
        read = lambda token: self.ledger.admin("GET", "/projects", token=token).status
        self.assertEqual(read(early), 403)
        grant = self.ledger.grant(client.id, "viewer", account=self.fief)
        late = client.token()
        self.assertEqual((read(early), read(late)), (403, 200))
        self.ledger.stop()
        self.ledger.start()
        self.assertEqual((read(early), read(late)), (403, 200))
        path = f"/clients/{client.id}/roles/{grant['id']}"
        self.assertEqual(self.ledger.admin("DELETE", path + "?reason=gone").status, 200)
        self.assertEqual(read(late), 403)
        self.assertEqual(client.ask().json["scope"], "coreapi billing.read")
        self.ledger.grant(client.id, "viewer", project=self.home)
        answer = self.ledger.admin("GET", "/projects", token=late).json
        self.assertEqual([item["id"] for item in answer["items"]], [self.home])

    def test_a_role_that_shrinks_shrinks_for_tokens_that_are_out(self):
        body = {"name": "Shrinks", "permissions": ["projects:read", "clients:read"]}
        role = self.ledger.create("/roles", body)["id"]
        client = self.ledger.add_client("Holds what shrinks")
        self.ledger.grant(client.id, role)
        token = client.token()
        read = lambda: self.ledger.admin("GET", "/projects", token=token).status
        self.assertEqual(read(), 200)
        change = {"permissions": ["clients:read"]}
        self.assertEqual(
            self.ledger.admin("PATCH", f"/roles/{role}", change, headers=MATCH).status, 200)
        self.assertEqual(read(), 403)
        self.assertEqual(client.ask().json["scope"], "coreapi billing.read clients:read")
        answer = self.ledger.admin("DELETE", f"/roles/{role}", headers=MATCH)
        self.assertRefused(answer, 409, client.id)

    def test_tokens_of_others_stay_others(self):
        token = self.foreigner.token()
        self.assertEqual(self.baron.introspect(token), {"active": False})
        self.assertOAuthError(self.baron.revoke(token), "unauthorized_client")
        self.assertTrue(self.foreigner.introspect(token)["active"])
        mine = self.villager.token()
        self.assertEqual(self.steward.introspect(mine), {"active": False})
        self.assertTrue(self.baron.introspect(mine)["active"])
        self.assertEqual(self.steward.revoke(mine).status, 200)
        self.assertEqual(self.baron.introspect(mine), {"active": False})

    def test_tokens_for_others_carry_no_permissions(self):
        away = self.ledger.add_client(
            "Away from here", project=self.home, audience="https://api.example")
        for name in ("baron", "operator"):
            body = {"role": "viewer", "project": self.home, "reason": "because"}
            token = self.tokens.get(name)
            answer = self.ledger.admin("POST", f"/clients/{away.id}/roles", body, token=token)
            self.assertRefused(answer, 409)
        answer = self.ledger.admin(
            "PATCH", f"/clients/{self.baron.id}", {"audience": "https://api.example"},
            headers=MATCH)
        self.assertRefused(answer, 409)

    # Identifiers

    def test_a_deleted_client_leaves_nothing_to_its_namesake(self):
        path = f"/projects/{self.home}/clients"
        body = registration("Namesake", client_id="chosen-name")
        old = self.ledger.create(path, body)
        self.ledger.grant(old["client"]["id"], "auditor")
        token = self.ledger.form(
            "/connect/token", {"grant_type": "client_credentials"},
            {"Authorization": basic("chosen-name", old["client_secret"])}).json["access_token"]
        self.assertRefused(self.by("steward", "POST", path, body), 409)
        answer = self.ledger.admin("DELETE", f"/clients/{old['client']['id']}", headers=MATCH)
        self.assertEqual(answer.status, 200)
        new = self.by("steward", "POST", path, body).json
        self.assertNotEqual(new["client"]["id"], old["client"]["id"])
        self.assertEqual(self.ledger.get(f"/clients/{new['client']['id']}/roles")["items"], [])
        answer = self.ledger.form(
            "/connect/token", {"grant_type": "client_credentials"},
            {"Authorization": basic("chosen-name", new["client_secret"])})
        self.assertEqual(answer.json["scope"], "coreapi billing.read")
        self.assertRefused(self.ledger.admin("GET", "/events", token=token), 401)
        self.assertRefused(
            self.ledger.admin("GET", "/events", token=answer.json["access_token"]), 403)
        self.assertRefused(self.give("baron", old["client"]["id"], "viewer", account=self.fief), 404)

    def test_no_id_is_taken_for_another(self):
        path = f"/projects/{self.home}/clients"
        for chosen in (self.ledger.operator.id, self.auditor.id, f"cli_{NOBODY}", "rol_owner"):
            body = registration("Impostor", client_id=chosen)
            self.assertRefused(self.by("steward", "POST", path, body), 422, "client_id")

    # Requests

    def test_the_key_of_another_opens_nothing(self):
        path = f"/projects/{self.home}/clients"
        body = registration("Keyed client")
        key = {"Idempotency-Key": "a key that leaked"}
        first = self.ledger.admin("POST", path, body, headers=key)
        self.assertEqual(first.status, 201)
        answer = self.by("steward", "POST", path, body, key)
        self.assertRefused(answer, 409)
        self.assertRefused(self.by("registrar", "POST", path, body, key), 403)
        secrets = f"/clients/{self.auditor.id}/secrets"
        self.assertEqual(self.ledger.admin("POST", secrets, {}, headers=key).status, 201)
        self.assertRefused(self.by("steward", "POST", secrets, {}, key), 403)

    def test_a_repeated_request_shows_nothing_that_went_out_of_sight(self):
        client = self.ledger.add_client("Once a baron abroad", project=self.home)
        other = self.ledger.add_client("Beside the foreigner", project=self.far)
        grant = self.ledger.grant(client.id, "owner", account=self.abroad)
        self.ledger.grant(client.id, "owner", account=self.fief)
        token = client.token()
        calls = [
            (f"/projects/{self.far}/clients", registration("Made while allowed"), 404),
            ("/projects", {"name": "Made while allowed", "account": self.abroad}, 404),
            (f"/clients/{self.foreigner.id}/secrets", {"overlap_seconds": 60}, 404),
            (f"/clients/{other.id}/roles",
             {"role": "viewer", "project": self.far, "reason": "because"}, 404)]
        ask = lambda number, path, body: self.ledger.admin(
            "POST", path, body, token=token, headers={"Idempotency-Key": f"sight {number}"})
        for number, (path, body, _) in enumerate(calls):
            self.assertEqual(ask(number, path, body).status, 201)
        answer = self.ledger.admin("DELETE", f"/clients/{client.id}/roles/{grant['id']}")
        self.assertEqual(answer.status, 200)
        for number, (path, body, status) in enumerate(calls):
            with self.subTest(path):
                self.assertRefused(ask(number, path, body), status)

    # What is out of sight

    def test_what_is_hidden_answers_as_what_is_not_there(self):
        """Byte for byte, by every method, with every body."""
        secret = self.foreigner.secret_id
        charge = self.ledger.get("/charges", account=self.abroad)["items"][0]["id"]
        self.ledger.create(f"/projects/{self.far}/scopes", {"name": "coreapi", "description": "x"})
        self.ledger.create(f"/projects/{self.far}/domains", {"domain": "far.example"})
        clients = registration("Hidden or not")
        why = {"grounds": "misuse", "reason": "because"}
        calls = [
            ("GET", "/accounts/{acc}", None), ("GET", "/accounts/{acc}/history", None),
            ("PATCH", "/accounts/{acc}", {"name": "x"}), ("DELETE", "/accounts/{acc}", None),
            ("POST", "/accounts/{acc}/suspend", {"reason": "x"}),
            ("POST", "/accounts/{acc}/resume", {}), ("GET", "/projects/{prj}", None),
            ("GET", "/projects/{prj}/history", None), ("PATCH", "/projects/{prj}", {"name": "x"}),
            ("DELETE", "/projects/{prj}", None), ("GET", "/projects/{prj}/scopes", None),
            ("POST", "/projects/{prj}/scopes", {"name": "y", "description": "x"}),
            ("GET", "/projects/{prj}/scopes/coreapi", None),
            ("PATCH", "/projects/{prj}/scopes/coreapi", {"description": "y"}),
            ("DELETE", "/projects/{prj}/scopes/coreapi", None),
            ("GET", "/projects/{prj}/domains", None),
            ("POST", "/projects/{prj}/domains", {"domain": "y.example"}),
            ("GET", "/projects/{prj}/domains/far.example", None),
            ("PATCH", "/projects/{prj}/domains/far.example", {"active": False}),
            ("DELETE", "/projects/{prj}/domains/far.example", None),
            ("POST", "/projects/{prj}/domains/far.example/check", {"days": 1}),
            ("GET", "/projects/{prj}/clients", None), ("POST", "/projects/{prj}/clients", clients),
            ("GET", "/clients/{cli}", None), ("GET", "/clients/{cli}/history", None),
            ("PATCH", "/clients/{cli}", {"app_version": "2"}), ("DELETE", "/clients/{cli}", None),
            ("POST", "/clients/{cli}/disable", {"reason": "x"}),
            ("POST", "/clients/{cli}/enable", {}), ("POST", "/clients/{cli}/revocations", why),
            ("GET", "/clients/{cli}/secrets", None), ("POST", "/clients/{cli}/secrets", {}),
            ("DELETE", "/clients/{cli}/secrets/{sec}", None), ("GET", "/clients/{cli}/roles", None),
            ("POST", "/clients/{cli}/roles", {"role": "viewer", "reason": "x"}),
            ("GET", "/charges/{chg}", None), ("GET", "/tokens?client={cli}", None),
            ("GET", "/charges?account={acc}", None),
        ]
        hidden = {"acc": self.abroad, "prj": self.far, "cli": self.foreigner.id, "sec": secret,
                  "chg": charge}
        absent = {kind: f"{kind}_{NOBODY}" for kind in hidden}
        bodies = lambda body: [body] if body is None else [body, {}, {"unknown": 1}, "[", "7"]
        for method, path, body in calls:
            for given in bodies(body):
                for headers in ({}, MATCH, {"If-Match": '"1"'}):
                    answers = [self.by("baron", method, path.format(**ids), given, headers)
                               for ids in (hidden, absent)]
                    found = [(answer.status, answer.body) for answer in answers]
                    with self.subTest(path, method=method, body=given, headers=headers):
                        self.assertEqual(*found)
                        self.assertNotIn(found[0][0], (200, 201) if "?" not in path else ())

    def test_fields_that_name_what_is_hidden(self):
        unknown = {"acc": f"acc_{NOBODY}", "cli": f"cli_{NOBODY}"}
        for hidden, absent, method, path, field, body in [
            (self.abroad, unknown["acc"], "POST", "/projects", "account", {"name": "x"}),
            (self.foreigner.id, unknown["cli"], "POST", f"/projects/{self.home}/clients", "owner",
             registration("Owned from afar")),
            (self.foreigner.id, unknown["cli"], "PATCH", f"/clients/{self.villager.id}", "owner",
             {}),
            (self.abroad, unknown["acc"], "POST", f"/clients/{self.villager.id}/roles", "account",
             {"role": "viewer", "reason": "x"}),
        ]:
            answers = [self.by("baron", method, path, body | {field: value}, MATCH)
                       for value in (hidden, absent)]
            with self.subTest(path, field=field):
                self.assertRefused(answers[0], 422, field)
                self.assertEqual(answers[0].body, answers[1].body)

    def test_the_past_shows_no_more_than_the_present(self):
        for path in (f"/clients/{self.foreigner.id}/history", f"/accounts/{self.abroad}/history"):
            for moment in ("0", str(len(self.ledger.events()) - 1)):
                answer = self.by("baron", "GET", f"{path}?as_of={moment}")
                self.assertRefused(answer, 404)

    def test_being_the_owner_of_a_client_gives_nothing(self):
        client = self.ledger.add_client("Owned by the villager", project=self.home,
                                        owner=self.villager.id)
        token = self.villager.token()
        for method, path, body, headers in self.attempts(client):
            answer = self.ledger.admin(method, path, body, token=token, headers=headers)
            self.assertRefused(answer, 403)
        self.assertEqual(self.villager.introspect(client.token()), {"active": False})

    def test_every_event_of_an_attacker_is_about_what_is_his(self):
        """What they did in all these tests."""
        for line in self.ledger.events():
            event = json.loads(line)
            if event["actor"].get("id") in (self.baron.id, self.steward.id, self.registrar.id):
                self.assertIn(event["type"], {
                    "client.added", "billing.charged", "token.issued", "token.revoked"})
