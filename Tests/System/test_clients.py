"""The life of clients and their secrets, from registration to the end and the next with the same id."""

import base64
import hashlib
import json
import threading

from ledger import Client, LedgerTest, registration
from test_schemas import problems

CHOSEN = "correct horse battery staple 0123456789"


class ClientTest(LedgerTest):
    @classmethod
    def prepare(cls):
        cls.clients = f"/projects/{cls.ledger.genesis['project']}/clients"

    @classmethod
    def tearDownClass(cls):
        """Whatever the tests wrote is as its schema says."""
        for line in cls.ledger.events():
            assert not problems(json.loads(line)), line
        super().tearDownClass()

    def call(self, method, path, body=None, match=None, **options):
        headers = options.pop("headers", {}) | ({"If-Match": match} if match else {})
        return self.ledger.admin(method, path, body, headers=headers, **options)

    def show(self, id):
        answer = self.call("GET", f"/clients/{id}")
        self.assertEqual(answer.status, 200, answer)
        return answer

    def shown(self, id):
        """The client without what became of it."""
        shown = self.show(id).json
        shown.pop("last_token", None)
        return shown

    def done(self, method, path, body=None, match=None, **options):
        """The answer to a change that is made."""
        answer = self.call(method, path, body, match, **options)
        self.assertEqual(answer.status, 200, answer)
        return answer

    def edit(self, id, **fields):
        return self.done("PATCH", f"/clients/{id}", fields, "*")

    def act(self, id, action, **fields):
        return self.done("POST", f"/clients/{id}/{action}", fields)

    def delete(self, id, query=""):
        return self.done("DELETE", f"/clients/{id}{query}", match="*")

    def assertUnchanged(self, answer, before):
        """The change is fine and there was nothing to do."""
        self.assertEqual((answer.status, answer.headers["Ledger-Position"]), (200, None), answer)
        self.assertEqual(self.ledger.events(), before)

    def assertStopped(self, client, token):
        """The client gets nothing any more, and what it got is worth nothing."""
        self.assertOAuthError(client.ask(), "invalid_client", 401)
        answer = client.post("/connect/introspect", token=token)
        self.assertOAuthError(answer, "invalid_client", 401)
        self.assertOAuthError(client.revoke(token), "invalid_client", 401)
        self.assertVoid(token)

    def assertVoid(self, token):
        self.assertEqual(self.ledger.operator.introspect(token), {"active": False})

    def restart(self):
        self.ledger.kill()
        self.ledger.start()

    def stored(self, **query):
        return [json.loads(line) for line in self.ledger.events(**query)]

    def types(self, id):
        return [event["type"] for event in self.stored(subject=id)]


class Lives(ClientTest):
    def test_a_whole_life(self):
        client = self.ledger.add_client("Short lived", redirect_uris=["https://a.example/back"])
        first = self.show(client.id)
        self.assertEqual((first.json["status"], first.json["redirect_uris"]),
                         ("active", ["https://a.example/back"]))
        token = client.token()
        other = self.ledger.add_client("The next owner")
        edited = self.done("PATCH", f"/clients/{client.id}", {
            "client_name": "Long lived", "app_version": "2.0", "client_uri": "https://a.example",
            "owner": other.id, "reason": "grown up"}, first.headers["ETag"])
        self.assertEqual(edited.json, first.json | {
            "client_name": "Long lived", "app_version": "2.0", "client_uri": "https://a.example",
            "owner": other.id})
        self.assertEqual(edited.headers["ETag"], f'"{edited.headers["Ledger-Position"]}"')
        renamed, changed, given = self.stored(subject=client.id)[-3:]
        self.assertEqual([event["data"] for event in (renamed, changed, given)], [
            {"before": "Short lived", "after": "Long lived"},
            {"before": {"app_version": "1.0"},
             "after": {"app_version": "2.0", "client_uri": "https://a.example"}},
            {"before": self.ledger.operator.id, "after": other.id}])
        self.assertEqual([event["part"] for event in (renamed, changed, given)],
                         [[0, 3], [1, 3], [2, 3]])
        self.assertEqual({event["reason"] for event in (renamed, changed, given)}, {"grown up"})
        self.assertTrue(client.introspect(token)["active"])
        self.restart()
        self.assertEqual(self.shown(client.id), edited.json)
        self.assertTrue(client.introspect(token)["active"])

        disabled = self.act(client.id, "disable", reason="holidays")
        self.assertEqual(disabled.json["status"], "disabled")
        self.assertStopped(client, token)
        self.restart()
        self.assertStopped(client, token)
        self.assertEqual(self.act(client.id, "enable").json, edited.json)
        self.assertVoid(token)
        again = client.token()
        self.restart()
        self.assertVoid(token)
        self.assertTrue(client.introspect(again)["active"])

        deleted = self.delete(client.id, "?reason=over+and+out")
        self.assertIn("deleted", deleted.json)
        self.assertStopped(client, again)
        self.restart()
        self.assertStopped(client, again)
        self.assertEqual(self.types(client.id), [
            "client.added", "client.renamed", "client.edited", "client.owner_changed",
            "client.disabled", "client.enabled", "client.deleted"])
        self.assertEqual(self.stored(subject=client.id)[-1]["reason"], "over and out")

    def test_what_was_deleted_is_not_there(self):
        client = self.ledger.add_client("Soon deleted")
        self.delete(client.id)
        before = self.ledger.events()
        path = f"/clients/{client.id}"
        for method, path, body, match in [
            ("GET", path, None, None), ("PATCH", path, {"app_version": "2"}, "*"),
            ("DELETE", path, None, "*"), ("POST", f"{path}/disable", {}, None),
            ("POST", f"{path}/enable", {}, None), ("POST", f"{path}/secrets", {}, None),
            ("GET", f"{path}/secrets", None, None),
            ("DELETE", f"{path}/secrets/{client.secret_id}", None, None),
            ("POST", f"{path}/revocations", {"grounds": "misuse", "reason": "Late"}, None),
        ]:
            with self.subTest(path, method=method):
                self.assertProblem(self.call(method, path, body, match), 404)
        answer = self.call("POST", self.clients, registration("Orphan", owner=client.id))
        self.assertProblem(answer, 422, ["owner"])
        for path in ("/clients", self.clients):
            items = self.ledger.get(path, per_page="all")["items"]
            self.assertNotIn(client.id, [item["id"] for item in items])
        self.assertEqual(self.ledger.events(), before)

    def test_an_id_is_used_again(self):
        body = registration("Phoenix", client_id="phoenix-1", client_secret=CHOSEN)
        one = self.ledger.create(self.clients, body)
        old = Client(self.ledger, "phoenix-1", CHOSEN)
        token = old.token()
        self.assertProblem(self.call("POST", self.clients, body), 409, ["client_name"])
        other_name = body | {"client_name": "Another bird"}
        self.assertProblem(self.call("POST", self.clients, other_name), 409, ["client_id"])
        self.delete(one["client"]["id"])
        self.assertStopped(old, token)
        two = self.ledger.create(self.clients, body)
        self.assertNotEqual(one["client"]["id"], two["client"]["id"])
        for _ in range(2):
            self.assertVoid(token)
            self.assertTrue(old.introspect(old.token())["active"])
            self.assertEqual(old.introspect(token), {"active": False})
            self.assertEqual(self.types(one["client"]["id"]), ["client.added", "client.deleted"])
            self.assertEqual(self.types(two["client"]["id"]), ["client.added"])
            self.assertEqual(self.shown(two["client"]["id"]), two["client"])
            self.restart()

    def test_born_disabled(self):
        answer = self.ledger.create(
            self.clients, registration("Not yet", active=False, reason="starts in May"))
        id = answer["client"]["id"]
        self.assertEqual(answer["client"]["status"], "disabled")
        self.assertEqual(answer["client"], self.shown(id))
        self.assertEqual(self.stored(subject=id)[-1]["reason"], "starts in May")
        client = Client(self.ledger, id, answer["client_secret"])
        self.assertOAuthError(client.ask(), "invalid_client", 401)
        self.act(id, "enable")
        self.assertTrue(client.introspect(client.token())["active"])

    def test_no_token_survives_the_answer(self):
        """Whoever asks while the client is being disabled gets a refusal or a void token."""
        client = self.ledger.add_client("Hammered")
        tokens, stopped = [], threading.Event()

        def hammer():
            while not stopped.is_set():
                answer = client.ask()
                if answer.status != 200:
                    return
                tokens.append(answer.json["access_token"])

        threads = [threading.Thread(target=hammer) for _ in range(4)]
        for thread in threads:
            thread.start()
        while len(tokens) < 40:
            pass
        self.act(client.id, "disable")
        late = len(tokens)
        stopped.set()
        for thread in threads:
            thread.join()
        self.assertLessEqual(len(tokens), late + 4)
        for token in tokens:
            self.assertVoid(token)


class Edits(ClientTest):
    def test_the_last_update_is_not_lost(self):
        client = self.ledger.add_client("Edited by two")
        path = f"/clients/{client.id}"
        tag = self.show(client.id).headers["ETag"]
        self.assertProblem(self.call("PATCH", path, {"app_version": "2"}), 428)
        self.assertProblem(self.call("DELETE", path), 428)
        newer = self.done("PATCH", path, {"app_version": "2"}, tag)
        self.assertNotEqual(newer.headers["ETag"], tag)
        before = self.ledger.events()
        for match in (tag, f"W/{newer.headers['ETag']}", "2", '"x"', '""'):
            with self.subTest(match):
                self.assertProblem(self.call("PATCH", path, {"app_version": "3"}, match), 412)
                self.assertProblem(self.call("DELETE", path, match=match), 412)
        self.assertEqual(self.ledger.events(), before)
        self.restart()
        self.assertProblem(self.call("PATCH", path, {"app_version": "3"}, tag), 412)
        self.act(client.id, "disable")
        self.assertProblem(self.call("DELETE", path, match=newer.headers["ETag"]), 412)
        self.done("DELETE", path, match=self.show(client.id).headers["ETag"])

    def test_nothing_to_change(self):
        client = self.ledger.add_client("Never changed", client_uri="https://a.example")
        shown = self.shown(client.id)
        before = self.ledger.events()
        fields = ["client_name", "app_name", "app_version", "application_type", "client_uri",
                  "scope", "redirect_uris", "audience", "token_lifetime", "owner"]
        same = {field: shown[field] for field in fields}
        for body in ({}, same, {"audience": None, "token_lifetime": None, "redirect_uris": None}):
            answer = self.call("PATCH", f"/clients/{client.id}", body, "*")
            self.assertUnchanged(answer, before)
            self.assertEqual(answer.json, shown)
        self.assertUnchanged(self.call("POST", f"/clients/{client.id}/enable", {}), before)
        self.act(client.id, "disable")
        before = self.ledger.events()
        self.assertUnchanged(self.call("POST", f"/clients/{client.id}/disable", {}), before)

    def test_every_bad_field_is_named_at_once(self):
        client = self.ledger.add_client("Badly edited")
        cases = [
            ({"client_name": "abcd", "app_name": "", "app_version": 1, "application_type": "robot",
              "client_uri": "ftp://x", "scope": "a  b", "redirect_uris": "https://a.example",
              "audience": "nowhere", "token_lifetime": 0, "owner": "acc_x", "reason": "", "x": 1},
             ["client_name", "app_name", "app_version", "application_type", "client_uri", "scope",
              "redirect_uris", "audience", "token_lifetime", "owner", "reason", "x"]),
            ({"client_name": None, "app_name": None, "app_version": None, "scope": None,
              "application_type": None, "owner": None},
             ["client_name", "app_name", "app_version", "scope", "application_type", "owner"]),
            ({"mode": "test", "client_id": "another-id", "project": self.ledger.genesis["project"],
              "status": "active", "created": "2020-01-01T00:00:00Z", "id": client.id},
             ["mode", "client_id", "project", "status", "created", "id"]),
            ({"owner": "cli_00000000000000000000000000"}, ["owner"]),
            ({"scope": "wallet:open"}, ["scope"]),
            ({"reason": "x" * 501}, ["reason"]),
        ]
        before = self.ledger.events()
        for body, fields in cases:
            with self.subTest(body=body):
                answer = self.call("PATCH", f"/clients/{client.id}", body, "*")
                self.assertProblem(answer, 422, fields)
        for action, body, fields in [
            ("disable", {"reason": 7, "x": 1}, ["reason", "x"]),
            ("enable", {"reason": "a\tb"}, ["reason"]),
            ("revocations", {}, ["grounds", "reason"]),
            ("revocations", {"grounds": "dislike", "reason": "", "secret": "x", "y": None},
             ["grounds", "reason", "secret", "y"]),
            ("secrets", {"client_secret": "x" * 31, "reason": "", "overlap_seconds": -1},
             ["client_secret", "reason", "overlap_seconds"]),
        ]:
            with self.subTest(action, body=body):
                answer = self.call("POST", f"/clients/{client.id}/{action}", body)
                self.assertProblem(answer, 422, fields)
        self.assertProblem(self.call("DELETE", f"/clients/{client.id}?why=x", match="*"), 400)
        self.assertProblem(
            self.call("DELETE", f"/clients/{client.id}?reason={'x' * 501}", match="*"), 422)
        self.assertEqual(self.ledger.events(), before)

    def test_media_types_of_a_patch(self):
        client = self.ledger.add_client("Patched client")
        for type, status in [("application/merge-patch+json", 200), ("application/json", 200),
                             ("application/json-patch+json", 415), ("text/plain", 415)]:
            answer = self.call("PATCH", f"/clients/{client.id}", {"app_version": type}, "*",
                               headers={"Content-Type": type})
            self.assertEqual(answer.status, status, answer)

    def test_names_are_unique_and_free_again(self):
        one, two = self.ledger.add_client("First name"), self.ledger.add_client("Second name")
        answer = self.call("PATCH", f"/clients/{two.id}", {"client_name": "First name"}, "*")
        self.assertProblem(answer, 409, ["client_name"])
        self.edit(one.id, client_name="Third name")
        self.edit(two.id, client_name="First name")
        self.restart()
        self.assertEqual([self.shown(client.id)["client_name"] for client in (one, two)],
                         ["Third name", "First name"])
        self.ledger.add_client("Second name")
        answer = self.call("POST", self.clients, registration("Third name"))
        self.assertProblem(answer, 409, ["client_name"])

    def test_values_that_are_taken_away(self):
        client = self.ledger.add_client(
            "Has everything", client_uri="https://a.example", audience="https://api.example",
            redirect_uris=["https://a.example/back"], token_lifetime=60)
        self.edit(client.id, client_uri=None, audience=None, redirect_uris=None,
                  token_lifetime=None)
        shown = self.shown(client.id)
        self.assertNotIn("client_uri", shown)
        self.assertEqual((shown["audience"], shown["redirect_uris"], shown["token_lifetime"]),
                         (self.ledger.genesis["issuer"], [], 3600))
        event = self.stored(subject=client.id)[-1]
        self.assertEqual(event["data"]["before"]["client_uri"], "https://a.example")
        self.assertNotIn("client_uri", event["data"]["after"])

    def test_tokens_that_say_too_much_are_void(self):
        client = self.ledger.add_client("Narrowed", scope="coreapi billing.read")
        for fields, stays in [
            ({"scope": "coreapi billing.read more"}, True), ({"scope": "more coreapi"}, False),
            ({"scope": "coreapi more"}, True), ({"app_name": "Another app"}, True),
            ({"token_lifetime": 5}, True), ({"audience": "https://api.example"}, False),
            ({"audience": "https://api.example", "app_version": "3"}, True),
        ]:
            with self.subTest(fields):
                token = client.token()
                self.edit(client.id, **fields)
                self.assertEqual(client.introspect(token)["active"], stays)
        self.restart()
        self.assertEqual(client.ask().json["scope"], "coreapi more")

    def test_a_native_client_gets_no_tokens(self):
        client = self.ledger.add_client("Becomes native")
        token = client.token()
        self.edit(client.id, application_type="native")
        self.assertVoid(token)
        self.assertOAuthError(client.ask(), "unauthorized_client")
        self.edit(client.id, application_type="web")
        self.assertVoid(token)
        client.token()


class RedirectURIs(ClientTest):
    RULE = ("https://a.example/back", "https://a.example", "https://a.example:8443/b?c=d&e=f",
            "HTTPS://A.example/Back", "http://127.0.0.1:8400/back", "http://[::1]/back",
            "http://localhost/back", "https://xn--caf-dma.example/%C3%A9", "https://192.0.2.7/",
            "https://a.example/" + "x" * 2030)
    BROKEN = ("http://a.example/back", "https://a.example/back#", "https://a.example/#x",
              "com.example.app:/back", "javascript:alert(1)", "https://", "https:///back",
              "//a.example/back", "/back", "", " https://a.example", "https://a.example/ b",
              "https://caf\u00e9.example/", "https://a.example/\n", "https://u:p@a.example/",
              "http://127.0.0.1.example/", "http://localhost.example/", "http://127.0.0.2/",
              "http://local%68ost/", "https://a.example\\@b.example/", "https://a.example:99999/",
              'https://a.example/"', "https://a.example/<>", "https://a.example/" + "x" * 2031, 7,
              None, ["https://a.example"])

    def test_each_by_itself(self):
        client = self.ledger.add_client("Redirected")
        for address in self.RULE:
            with self.subTest(address):
                answer = self.edit(client.id, redirect_uris=[address])
                self.assertEqual(answer.json["redirect_uris"], [address])
        self.restart()
        self.assertEqual(self.shown(client.id)["redirect_uris"], [self.RULE[-1]])
        for address in self.BROKEN:
            with self.subTest(address):
                good = "https://a.example/good"
                answer = self.call("PATCH", f"/clients/{client.id}",
                                   {"redirect_uris": [good, address]}, "*")
                self.assertProblem(answer, 422, ["redirect_uris[1]"])
                body = registration("Never added", redirect_uris=[address])
                answer = self.call("POST", self.clients, body)
                self.assertProblem(answer, 422, ["redirect_uris[0]"])

    def test_all_together(self):
        many = [f"https://a.example/{number}" for number in range(21)]
        client = self.ledger.add_client("Much redirected", redirect_uris=many[:20])
        self.assertEqual(self.shown(client.id)["redirect_uris"], many[:20])
        for addresses, field in [(many, "redirect_uris"), (many[:2] * 2, "redirect_uris[2]"),
                                 ({}, "redirect_uris"), ("x", "redirect_uris")]:
            answer = self.call(
                "PATCH", f"/clients/{client.id}", {"redirect_uris": addresses}, "*")
            self.assertEqual(answer.status, 422, answer)
            self.assertIn(field, answer.fields)
        swapped = many[19::-1]
        self.assertEqual(self.edit(client.id, redirect_uris=swapped).json["redirect_uris"], swapped)


class Chosen(ClientTest):
    def test_ids(self):
        for id, status in [
            ("abcd", 422), ("abcde", 201), ("x" * 64, 201), ("x" * 65, 422), ("A.b_c-9", 201),
            ("with space", 422), ("caf\u00e9s", 422), ("a/b/c", 422), ("a:b:c", 422),
            ("cli_hello", 422), ("sec_hello", 422), ("tok_hello", 422), ("acc_hello", 422),
            ("tsk_live_hello", 422), ("tsr_hello", 422), ("usr_hello", 422), ("led_hello", 422),
            ("xcli_hello", 201), ("CLIENT", 201), (12345, 422),
        ]:
            with self.subTest(id):
                name = f"Chosen {str(id)[:40]}"
                answer = self.call("POST", self.clients, registration(name, client_id=id))
                self.assertEqual(answer.status, status, answer)
                if status == 422:
                    self.assertEqual(answer.fields, ["client_id"])
                    continue
                self.assertEqual(answer.json["client"]["client_id"], id)
                self.assertNotEqual(answer.json["client"]["id"], id)
                client = Client(self.ledger, id, answer.json["client_secret"])
                self.assertEqual(client.introspect(client.token())["client_id"], id)

    def test_secrets(self):
        for number, (secret, taken) in enumerate([
            ("x" * 31, False), ("x" * 32, True), ("~ !\"#%&+=:?@" + "x" * 30, True),
            ("y" * 128, True), ("y" * 129, False), ("\u00e9" * 32, False), ("\t" + "x" * 40, False),
            (7, False), ("", False),
        ]):
            with self.subTest(secret):
                body = registration(f"Secret number {number}", client_secret=secret)
                answer = self.call("POST", self.clients, body)
                self.assertEqual(answer.status, 201 if taken else 422, answer)
                if secret:
                    self.assertNotIn(str(secret)[:31].encode(), answer.body)
                if not taken:
                    self.assertEqual(answer.fields, ["client_secret"])
                    continue
                self.assertNotIn("client_secret", answer.json)
                self.assertEqual(answer.json["secret"]["last_four"], secret[-4:])
                Client(self.ledger, answer.json["client"]["client_id"], secret).token()

    def test_a_rotation_to_a_chosen_secret(self):
        client = self.ledger.add_client("Rotates by choice")
        path = f"/clients/{client.id}/secrets"
        answer = self.ledger.create(
            path, {"client_secret": CHOSEN, "overlap_seconds": 0, "reason": "moved here"})
        self.assertNotIn("client_secret", answer)
        self.assertEqual(self.stored(subject=answer["secret"]["id"])[0]["reason"], "moved here")
        chosen = Client(self.ledger, client.id, CHOSEN)
        chosen.token()
        self.assertOAuthError(client.ask(), "invalid_client", 401)
        self.restart()
        chosen.token()
        before = self.ledger.events()
        for used in (CHOSEN, client.secret):
            answer = self.call("POST", path, {"client_secret": used})
            self.assertProblem(answer, 422, ["client_secret"])
        self.assertEqual(self.ledger.events(), before)

    def test_it_is_nowhere(self):
        secret = "a person chose this one, alas, 2026"
        body = json.dumps(registration("Remembered by a person", client_secret=secret))
        key = {"Idempotency-Key": "chosen-1"}
        first = self.call("POST", self.clients, body, headers=key)
        self.assertEqual(first.status, 201, first)
        again = self.call("POST", self.clients, body, headers=key)
        self.assertEqual((again.status, again.json), (201, first.json))
        self.assertEqual(again.headers["Idempotency-Replayed"], "true")
        other = json.dumps(registration("Remembered by a person", client_secret=secret + "!"))
        answer = self.call("POST", self.clients, other, headers=key)
        self.assertProblem(answer, 422, ["Idempotency-Key"])
        self.restart()
        again = self.call("POST", self.clients, body, headers=key)
        self.assertEqual(again.headers["Idempotency-Replayed"], "true")
        log = b"\n".join(self.ledger.events())
        guess = hashlib.sha256(body.encode()).digest()
        for trace in (secret.encode(), base64.urlsafe_b64encode(guess).rstrip(b"=")):
            self.assertNotIn(trace, log)
            for file in self.ledger.data.rglob("*"):
                if file.is_file():
                    self.assertNotIn(trace, file.read_bytes(), file)
        self.assertNotIn(secret, self.ledger.log())


class Revocations(ClientTest):
    def test_of_a_client_is_for_ever(self):
        client = self.ledger.add_client("Misbehaved")
        token = client.token()
        path = f"/clients/{client.id}"
        answer = self.act(client.id, "revocations", grounds="policy_violation", reason="Sold tokens")
        self.assertEqual(answer.json["status"], "revoked")
        event = self.stored(subject=client.id)[-1]
        self.assertEqual((event["type"], event["data"], event["reason"]),
                         ("client.revoked", {"grounds": "policy_violation"}, "Sold tokens"))
        self.assertStopped(client, token)
        self.restart()
        before = self.ledger.events()
        for action, body in [("enable", {}), ("disable", {}), ("secrets", {}),
                             ("revocations", {"grounds": "misuse", "reason": "Once more"})]:
            answer = self.call("POST", f"{path}/{action}", body)
            self.assertProblem(answer, 409)
            self.assertEqual(answer.json["conflicts"], [client.id])
        answer = self.call("DELETE", f"{path}/secrets/{client.secret_id}")
        self.assertProblem(answer, 409)
        self.assertEqual(answer.json["conflicts"], [client.secret_id])
        self.assertEqual(self.ledger.events(), before)
        secrets = self.ledger.get(f"{path}/secrets")["items"]
        self.assertEqual([item["active"] for item in secrets], [False])
        self.assertOAuthError(client.ask(), "invalid_client", 401)
        self.delete(client.id)

    def test_an_eleventh_secret_is_refused_and_the_ten_are_named(self):
        client = self.ledger.add_client("Many secrets")
        path = f"/clients/{client.id}/secrets"
        for _ in range(9):
            self.ledger.create(path, {})
        answer = self.call("POST", path, {})
        self.assertProblem(answer, 409)
        secrets = [item["id"] for item in self.ledger.get(path)["items"]]
        self.assertEqual((len(secrets), sorted(answer.json["conflicts"])), (10, sorted(secrets)))

    def test_of_one_secret(self):
        client = self.ledger.add_client("Leaked one")
        path = f"/clients/{client.id}"
        token = client.token()
        new = self.ledger.create(f"{path}/secrets", {})
        other = Client(self.ledger, client.id, new["client_secret"])
        kept = other.token()
        body = {"grounds": "compromise", "reason": "Found in public", "secret": client.secret_id}
        answer = self.act(client.id, "revocations", **body)
        self.assertEqual(answer.json["id"], client.secret_id)
        self.assertIn("revoked", answer.json)
        event = self.stored(subject=client.secret_id)[-1]
        self.assertEqual((event["type"], event["revision"], event["data"]), (
            "secret.revoked", 2, {"client": client.id, "grounds": "compromise"}))
        for _ in range(2):
            self.assertOAuthError(client.ask(), "invalid_client", 401)
            self.assertVoid(token)
            self.assertTrue(other.introspect(kept)["active"])
            self.restart()
        self.assertProblem(self.call("POST", f"{path}/revocations", body), 409)
        unknown = body | {"secret": "sec_01m7w6tm0der1rxza4x90v8aex"}
        self.assertProblem(self.call("POST", f"{path}/revocations", unknown), 404)
        foreign = self.ledger.add_client("Not its secret").secret_id
        self.assertProblem(
            self.call("POST", f"{path}/revocations", body | {"secret": foreign}), 404)
        self.assertEqual(self.shown(client.id)["status"], "active")

    def test_a_secret_ended_by_its_owner_has_no_grounds(self):
        client = self.ledger.add_client("Ends its own")
        self.done("DELETE", f"/clients/{client.id}/secrets/{client.secret_id}?reason=moved")
        event = self.stored(subject=client.secret_id)[-1]
        self.assertEqual((event["data"], event["reason"]), ({"client": client.id}, "moved"))


class Repeats(ClientTest):
    def repeat(self, path, body, key):
        headers = {"Idempotency-Key": key}
        first = self.call("POST", path, body, headers=headers)
        self.assertIn(first.status, (200, 201), first)
        before = self.ledger.events()
        for _ in range(2):
            again = self.call("POST", path, body, headers=headers)
            self.assertEqual((again.status, again.headers["Idempotency-Replayed"]),
                             (first.status, "true"))
            shown = first.json
            shown.pop("client_secret", None)
            self.assertEqual(again.json, shown)
            for name in ("ETag", "Ledger-Position", "Location"):
                self.assertEqual(again.headers[name], first.headers[name])
            self.restart()
        self.assertEqual(self.ledger.events(), before)
        answer = self.call("POST", path, body | {"reason": "Another"}, headers=headers)
        self.assertProblem(answer, 422, ["Idempotency-Key"])

    def test_every_post(self):
        self.repeat(self.clients, registration("Born once", active=False), "born")
        client = self.ledger.add_client("Repeated")
        path = f"/clients/{client.id}"
        self.repeat(f"{path}/disable", {"reason": "Once"}, "disable")
        self.repeat(f"{path}/enable", {}, "enable")
        self.repeat(f"{path}/secrets", {"client_secret": CHOSEN}, "secret")
        self.repeat(f"{path}/revocations", {
            "grounds": "misuse", "reason": "Once", "secret": client.secret_id}, "one")
        self.repeat(f"{path}/revocations", {"grounds": "misuse", "reason": "Once"}, "all")

    def test_a_repeat_after_a_change_undoes_nothing(self):
        client = self.ledger.add_client("Enabled since")
        key = {"Idempotency-Key": "stop"}
        path = f"/clients/{client.id}/disable"
        first = self.done("POST", path, {}, headers=key)
        self.act(client.id, "enable")
        again = self.done("POST", path, {}, headers=key)
        self.assertEqual((again.json, again.headers["ETag"]), (first.json, first.headers["ETag"]))
        self.assertEqual(self.shown(client.id)["status"], "active")
