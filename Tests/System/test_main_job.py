"""The main job from end to end, and everything as it was after kill -9."""

import json
import time

from ledger import LedgerTest, claims, registration, segment


class MainJob(LedgerTest):
    AUDIENCE = "https://api.example"

    @classmethod
    def prepare(cls):
        cls.account = cls.ledger.create(
            "/accounts", {"name": "Acme", "currency": "EUR", "plan": "standard"})
        cls.project = cls.ledger.create(
            "/projects",
            {"name": "Billing", "description": "Nightly jobs", "account": cls.account["id"]})

    def add(self, name):
        return self.ledger.add_client(name, self.project["id"], audience=self.AUDIENCE)

    def rotate(self, client, overlap):
        """Gives the client its new secret; returns the answer and the client as it was."""
        path = f"/clients/{client.id}/secrets"
        answer = self.ledger.create(path, {"overlap_seconds": overlap})
        new = type(client)(
            self.ledger, client.id, answer["client_secret"], answer["secret"]["id"])
        return answer, new

    def test_account_and_project(self):
        plan = self.ledger.genesis["plan"]
        plans = self.ledger.get("/plans")["items"]
        self.assertIn({"id": self.account["plan"], "name": plan},
                      [{"id": item["id"], "name": item["name"]} for item in plans])
        self.assertEqual(self.ledger.get(f"/accounts/{self.account['id']}"), self.account)
        self.assertEqual(self.ledger.get(f"/projects/{self.project['id']}"), self.project)
        self.assertTrue(self.project["created"])

    def test_adding_a_client_charges_its_account(self):
        path = f"/projects/{self.project['id']}/clients"
        body = registration("Nightly export", audience=self.AUDIENCE,
                            client_uri="https://acme.example/jobs", token_lifetime=600)
        answer = self.ledger.admin("POST", path, body)
        self.assertEqual(answer.status, 201, answer)
        client, secret, charge = (answer.json[name] for name in ("client", "secret", "charge"))
        for field in body.keys() - {"acknowledgements"}:
            self.assertEqual(client[field], body[field])
        self.assertRegex(answer.json["client_secret"], r"^tsk_live_[0-9A-Za-z]{49}$")
        self.assertEqual(secret["last_four"], answer.json["client_secret"][-4:])
        self.assertTrue(secret["id"].startswith("sec_") and secret["created"])
        self.assertEqual(
            (charge["amount"], charge["currency"], charge["exponent"]), (1150, "EUR", 2))
        self.assertEqual((charge["plan"], charge["plan_revision"]), (self.account["plan"], 1))
        self.assertEqual((charge["pays_for"], charge["quantity"]), (client["id"], 1))
        position = int(answer.headers["Ledger-Position"])
        added, charged = (self.ledger.get(f"/events/{at}") for at in (position - 1, position))
        self.assertEqual((added["type"], added["part"]), ("client.added", [0, 2]))
        self.assertEqual((charged["type"], charged["part"]), ("billing.charged", [1, 2]))
        accepted = added["data"]["acknowledgements"]
        self.assertEqual(sorted(accepted["items"]), sorted(body["acknowledgements"]))
        self.assertEqual(accepted["acknowledged_by"], self.ledger.operator.id)
        self.assertTrue(accepted["statement"])
        charges = self.ledger.get("/charges", account=self.account["id"])["items"]
        self.assertIn(charge["id"], [item["id"] for item in charges])
        self.assertNotIn(answer.json["client_secret"].encode(), b"\n".join(self.ledger.events()))

    def test_a_change_is_traced_to_token_secret_and_client(self):
        first = self.ledger.add_client("Two secrets", permissions="projects:write projects:read")
        rotated = self.ledger.create(f"/clients/{first.id}/secrets", {})
        second = type(first)(
            self.ledger, first.id, rotated["client_secret"], rotated["secret"]["id"])
        for client in (second, first):
            token = client.token()
            body = {"name": f"By {client.secret_id}", "account": self.account["id"]}
            answer = self.ledger.admin("POST", "/projects", body, token=token)
            event = self.ledger.get(f"/events/{answer.headers['Ledger-Position']}")
            issued = self.ledger.get(f"/events/{event['actor']['token']}")
            self.assertEqual(issued["subject"], claims(token)["jti"])
            self.assertEqual(issued["data"]["secret"], client.secret_id)
            self.assertEqual(issued["actor"]["id"], event["actor"]["id"])
            self.assertNotIn("token", issued["actor"])
        # Who shows a secret shows no token.
        revoked = self.ledger.get(f"/events/{first.revoke(token).headers['Ledger-Position']}")
        self.assertEqual(revoked["type"], "token.revoked")
        self.assertNotIn("token", revoked["actor"])

    def test_token_is_as_rfc_9068_says(self):
        client = self.add("Token reader")
        before = int(time.time())
        answer = client.ask()
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual((answer.json["token_type"], answer.json["expires_in"]), ("Bearer", 3600))
        self.assertEqual(answer.json["scope"], "coreapi billing.read")
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        token = answer.json["access_token"]
        head, payload = segment(token.split(".")[0]), claims(token)
        keys = self.ledger.request("GET", "/.well-known/jwks.json").json["keys"]
        self.assertEqual(head, {"alg": "ES256", "typ": "at+jwt", "kid": keys[0]["kid"]})
        self.assertEqual(payload.keys(), {
            "iss", "sub", "client_id", "aud", "iat", "exp", "jti", "scope", "ledger_position"})
        self.assertEqual(payload["iss"], self.ledger.genesis["issuer"])
        self.assertEqual((payload["sub"], payload["client_id"]), (client.id, client.id))
        self.assertEqual(payload["aud"], self.AUDIENCE)
        self.assertEqual(payload["scope"], "coreapi billing.read")
        self.assertIn(payload["iat"], range(before, before + 5))
        self.assertEqual(payload["exp"], payload["iat"] + 3600)
        event = self.ledger.get(f"/events/{answer.headers['Ledger-Position']}")
        self.assertEqual(event["position"], payload["ledger_position"])
        self.assertEqual((event["type"], event["subject"]), ("token.issued", payload["jti"]))
        self.assertEqual(event["data"]["aud"], payload["aud"])
        self.assertEqual(event["data"]["exp"], payload["exp"])
        self.assertEqual(event["actor"]["id"], client.id)
        self.assertEqual(client.introspect(token),
                         payload | {"active": True, "token_type": "Bearer"})

    def test_rotation_revocation_and_return_after_kill(self):
        first = self.add("Rotating client")
        bystander = self.add("Bystander").token()
        old_token = first.token()

        answer, second = self.rotate(first, 3600)
        self.assertEqual([item["id"] for item in answer["replaced"]], [first.secret_id])
        self.assertAlmostEqual(answer["replaced"][0]["expires"], time.time() + 3600, delta=5)
        self.assertEqual((first.ask().status, second.ask().status), (200, 200))
        bought_by_second = second.token()

        answer, third = self.rotate(second, 0)
        self.assertEqual({item["id"] for item in answer["replaced"]},
                         {first.secret_id, second.secret_id})
        for ended in (first, second):
            self.assertOAuthError(ended.ask(), "invalid_client", 401)
        self.assertTrue(third.introspect(old_token)["active"])
        self.assertTrue(third.introspect(bought_by_second)["active"])

        answer = self.ledger.admin("DELETE", f"/clients/{first.id}/secrets/{first.secret_id}")
        self.assertEqual((answer.status, answer.json["id"]), (200, first.secret_id), answer)
        self.assertTrue(answer.headers["Ledger-Position"])
        self.assertEqual(third.introspect(old_token), {"active": False})
        self.assertTrue(third.introspect(bought_by_second)["active"])

        kept, revoked, dropped = third.token(), third.token(), third.token()
        answer = third.revoke(revoked)
        self.assertEqual((answer.status, answer.body), (200, b""))
        self.assertEqual(third.introspect(revoked), {"active": False})
        answer, fourth = self.rotate(third, 3600)
        answer = self.ledger.admin("DELETE", f"/clients/{first.id}/secrets/{third.secret_id}")
        self.assertEqual(answer.status, 200, answer)
        self.assertOAuthError(third.ask(), "invalid_client", 401)
        self.assertEqual(fourth.introspect(dropped), {"active": False})

        tokens = [old_token, bought_by_second, kept, revoked, dropped, bystander]
        before = self.whole_state(tokens)
        self.ledger.kill()
        self.ledger.start()
        self.assertEqual(self.whole_state(tokens), before)
        self.assertEqual([state["active"] for state in before["introspection"]],
                         [False, True, False, False, False, True])
        self.assertOAuthError(third.ask(), "invalid_client", 401)
        self.assertEqual(fourth.ask().status, 200)

    def whole_state(self, tokens):
        """Everything that can be read: every administration resource, events, tokens."""
        state = {name: self.ledger.get(name, per_page="all")
                 for name in ("/plans", "/accounts", "/projects", "/clients", "/charges")}
        for name in list(state):
            for item in state[name]["items"]:
                path = f"{name}/{item['id']}"
                state[path] = self.ledger.get(path)
                self.assertEqual(state[path], item)
        for client in state["/clients"]["items"]:
            path = f"/clients/{client['id']}/secrets"
            state[path] = self.ledger.get(path)
        for project in state["/projects"]["items"]:
            path = f"/projects/{project['id']}/clients"
            state[path] = self.ledger.get(path, per_page="all")
        state["/acknowledgements"] = self.ledger.get("/acknowledgements")
        state["events"] = self.ledger.events()
        state["page"] = self.ledger.get("/events", limit=1000)
        state["keys"] = self.ledger.request("GET", "/.well-known/jwks.json").json
        state["introspection"] = [self.ledger.operator.introspect(token) for token in tokens]
        return state

    def test_replay_beside_and_without_the_server(self):
        self.ledger.check()
        refused = self.ledger.run_replay("rebuild")
        self.assertEqual(refused.returncode, 1)
        self.assertEqual((refused.stdout, len(refused.stderr.splitlines())), ("", 1))
        self.ledger.stop()
        try:
            status, live = self.ledger.replay("compare")
            self.assertEqual((status, live["live"]), (0, live["rebuilt"]))
            status, rebuilt = self.ledger.replay("rebuild")
        finally:
            self.ledger.start()
        self.assertEqual((status, rebuilt["digest"]), (0, live["live"]))
        self.assertEqual(rebuilt["position"], rebuilt["events"] - 1)
        self.assertEqual(
            rebuilt["events"],
            len(self.ledger.events()) + len(self.ledger.events(type="audit.read")))
        self.assertEqual(self.ledger.warnings(), [], json.dumps(self.ledger.warnings()))
