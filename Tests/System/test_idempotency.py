"""A repeated request has one outcome, before and after the server was killed."""

import json
import secrets

import api
from ledger import LedgerTest, registration
from load import raw


class Idempotency(LedgerTest):
    @classmethod
    def prepare(cls):
        cls.clients = f"/projects/{cls.ledger.genesis['project']}/clients"

    def post(self, path, body, key, token=None):
        return self.ledger.admin("POST", path, body, token, headers={"Idempotency-Key": key})

    def assertReplayed(self, answer, first):
        """The first answer again, without the secret."""
        self.assertEqual((answer.status, answer.headers["Idempotency-Replayed"]), (201, "true"))
        self.assertEqual(answer.headers["Ledger-Position"], first.headers["Ledger-Position"])
        shown = first.json
        del shown["client_secret"]
        self.assertEqual(answer.json, shown)

    def test_clients(self):
        body = registration("Added once")
        first = self.post(self.clients, body, "client-1")
        self.assertEqual((first.status, first.headers["Idempotency-Replayed"]), (201, None))
        self.assertIn("client_secret", first.json)
        before = self.ledger.events()
        self.assertReplayed(self.post(self.clients, body, "client-1"), first)
        self.ledger.kill()
        self.ledger.start()
        self.assertReplayed(self.post(self.clients, body, "client-1"), first)
        self.assertEqual(self.ledger.events(), before)
        charges = self.ledger.get("/charges", per_page="all")["items"]
        paid = [item for item in charges if item["pays_for"] == first.json["client"]["id"]]
        self.assertEqual(len(paid), 1)

    def test_secrets(self):
        client = self.ledger.add_client("Rotated once")
        path = f"/clients/{client.id}/secrets"
        first = self.post(path, {"overlap_seconds": 60}, "secret-1")
        self.assertEqual(first.status, 201)
        before = self.ledger.events()
        self.assertReplayed(self.post(path, {"overlap_seconds": 60}, "secret-1"), first)
        self.ledger.kill()
        self.ledger.start()
        self.assertReplayed(self.post(path, {"overlap_seconds": 60}, "secret-1"), first)
        self.assertEqual(self.ledger.events(), before)
        self.assertEqual(len(self.ledger.get(path)["items"]), 2)

    def test_another_body_is_refused(self):
        answer = self.post(self.clients, registration("First body"), "client-2")
        self.assertEqual(answer.status, 201)
        before = self.ledger.events()
        answer = self.post(self.clients, registration("Second body"), "client-2")
        self.assertProblem(answer, 422, ["Idempotency-Key"])
        self.assertEqual(self.ledger.events(), before)

    def test_a_refused_request_does_not_use_up_its_key(self):
        self.assertEqual(self.post(self.clients, registration("x"), "client-3").status, 422)
        self.assertEqual(self.post(self.clients, registration("Now right"), "client-3").status, 201)

    def test_keys_belong_to_a_caller_and_a_path(self):
        self.assertEqual(self.post(self.clients, registration("Caller one"), "shared").status, 201)
        other = self.ledger.add_client("Another caller", permissions="clients:write").token()
        answer = self.post(self.clients, registration("Caller two"), "shared", other)
        self.assertEqual((answer.status, answer.headers["Idempotency-Replayed"]), (201, None))
        client = self.ledger.add_client("Another path")
        answer = self.post(f"/clients/{client.id}/secrets", {}, "shared")
        self.assertEqual((answer.status, answer.headers["Idempotency-Replayed"]), (201, None))

    def test_a_replay_needs_the_permission_still(self):
        self.post(self.clients, registration("Permission kept"), "client-4")
        token = self.ledger.operator.token(scope="clients:read")
        answer = self.post(self.clients, registration("Permission kept"), "client-4", token)
        self.assertProblem(answer, 403)

    def test_keys_that_cannot_be_taken(self):
        for key in ("", "k" * 256):
            self.assertProblem(self.post(self.clients, registration("Bad key used"), key), 400)
        body = json.dumps(registration("Two keys used"))
        head = [f"POST /admin{self.clients} HTTP/1.1",
                f"Authorization: Bearer {self.ledger.operator.token()}",
                "Content-Type: application/json", "Idempotency-Key: one", "Idempotency-Key: two"]
        status, answer = raw(self.ledger, *head, body=body)
        self.assertEqual(status, 400, answer)
        answer = self.post(self.clients, registration("Long key used"), "k" * 255)
        self.assertEqual(answer.status, 201)


class EveryPost(LedgerTest):
    """Each POST of the administration that the description of the endpoints has."""

    # These write nothing: there is nothing to do once.
    READS = {"/admin/projects/{project}/domains/{domain}/check"}

    def things(self):
        """New things for the identifiers in a path."""
        name = secrets.token_hex(4)
        account = self.ledger.create(
            "/accounts", {"name": name, "currency": "USD", "plan": "standard"})["id"]
        project = self.ledger.create("/projects", {"name": name, "account": account})["id"]
        self.ledger.create(f"/projects/{project}/domains", {"domain": "shop.example"})
        client = self.ledger.add_client(f"Client {name}", project)
        return {"account": account, "project": project, "client": client.id,
                "domain": "shop.example"}

    def prepared(self, operation):
        """Its path, with things in it on which it has something to do, and its body."""
        things = self.things()
        before = {"enable": "disable", "resume": "suspend"}
        *head, last = operation.at(**things).removeprefix("/admin").split("/")
        if last in before:
            answer = self.ledger.admin("POST", "/".join([*head, before[last]]), {"reason": "first"})
            self.assertEqual(answer.status, 200, answer)
        content = operation.content["requestBody"]["content"]["application/json"]
        body = content["example"] | {"reason": "as asked"}
        if "account" in body:
            body["account"] = things["account"]
        for field in ("name", "client_name"):
            if field in body and not operation.path.endswith("/scopes"):
                body[field] = secrets.token_hex(8)
        path = "/".join([*head, last])
        return path, self.confirmed(path, things) if path == "/revocations" else body

    def confirmed(self, path, things):
        """A list of what is there, with what its dry run said."""
        body = {"clients": [things["client"]], "grounds": "compromise", "reason": "as asked"}
        shown = self.ledger.admin("POST", path, body | {"dry_run": True})
        self.assertEqual(shown.status, 200, shown)
        return body | {"confirm": shown.json["confirm"]}

    def post(self, path, body, key):
        return self.ledger.admin("POST", path, body, headers={"Idempotency-Key": key})

    def test_once_and_the_same_again(self):
        posts = [each for each in api.ADMINISTRATION if each.method == "post"]
        self.assertGreater(len(posts), 12)
        for each in posts:
            if each.path in self.READS:
                continue
            with self.subTest(each):
                self.check_one(*self.prepared(each))

    def check_one(self, path, body):
        first = self.post(path, body, "once")
        self.assertIn(first.status, (200, 201), first)
        self.assertIsNone(first.headers["Idempotency-Replayed"])
        before = self.ledger.events()
        again = self.post(path, body, "once")
        self.assertEqual(again.status, first.status, again)
        self.assertEqual(again.headers["Idempotency-Replayed"], "true")
        self.assertEqual(again.headers["Ledger-Position"], first.headers["Ledger-Position"])
        shown = first.json
        shown.pop("client_secret", None)
        self.assertEqual(again.json, shown)
        other = self.post(path, body | {"reason": "another"}, "once")
        self.assertProblem(other, 422, ["Idempotency-Key"])
        self.assertEqual(self.ledger.events(), before)
