"""Introspection and revocation, the numbers at their boundary, and verifiers that are not ours."""

import base64
import hashlib
import hmac
import json
import pathlib
import subprocess
import tempfile
import time

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from ledger import Ledger, LedgerTest, claims, segment, until

INACTIVE = b'{"active":false}'


def encode(value):
    """A segment of a compact JWS."""
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class TokenList(LedgerTest):
    def test_the_tokens_of_a_client_in_pages(self):
        client = self.ledger.add_client("Listed client")
        tokens = [claims(client.token()) for _ in range(5)]
        self.ledger.add_client("Another client").token()
        found, after = [], {}
        while after is not None:
            page = self.ledger.get("/tokens", client=client.id, limit=2, **after)
            found += page["items"]
            after = {"after": page["next"]} if "next" in page else None
        self.assertEqual([item["id"] for item in found], [token["jti"] for token in tokens])
        self.assertEqual([item["exp"] for item in found], [token["exp"] for token in tokens])
        self.assertTrue(all(item["active"] for item in found))
        self.assertEqual({item["secret"] for item in found}, {client.secret_id})

    def test_a_revoked_token_is_shown_as_such(self):
        client = self.ledger.add_client("Revoking client")
        token = client.token()
        client.revoke(token)
        items = self.ledger.get("/tokens", client=client.id)["items"]
        self.assertEqual([item["active"] for item in items], [False])

    def test_filters_both_ways(self):
        shop = self.ledger.create("/projects", {
            "account": self.ledger.genesis["account"], "name": "Filtered"})["id"]
        one = self.ledger.add_client("Filtered one", project=shop, mode="test")
        two = self.ledger.add_client("Filtered two", project=shop, token_lifetime=60)
        ids = [claims(client.token(**form))["jti"] for client, form in [
            (one, {}), (two, {}), (one, {"scope": "coreapi"}), (two, {}), (one, {})]]
        issued = {each["id"]: each for each in self.tokens(project=shop)}
        self.assertEqual(list(issued), ids)
        times = [issued[id]["issued"] for id in ids]
        one.revoke(one.token())
        ids.append(self.tokens(project=shop, active="false")[0]["id"])
        middle = {"issued.from": times[1], "issued.to": times[4]}
        for query, expected in [
            ({"client": one.id}, [0, 2, 4, 5]), ({"secret": two.secret_id}, [1, 3]),
            ({"mode": "test"}, [0, 2, 4, 5]), ({"scope": "billing.read", "client": one.id}, [0, 4, 5]),
            ({"active": "true"}, [0, 1, 2, 3, 4]), ({"active": "false"}, [5]),
            ({"expires.to": issued[ids[1]]["exp"] + 900}, [1, 3]), (middle, [1, 2, 3]),
            (middle | {"client": one.id}, [2]), ({"address": "127.0.0.1"}, [0, 1, 2, 3, 4, 5]),
            ({"network": "127.0.0.0/8"}, [0, 1, 2, 3, 4, 5]), ({"network": "10.0.0.0/8"}, []),
            ({"as_of": issued[ids[2]]["position"]}, [0, 1, 2]), ({"domain": "a.example"}, []),
        ]:
            query = {"project": shop} | query
            with self.subTest(query):
                expected = [ids[number] for number in expected]
                found = [each["id"] for each in self.tokens(**query)]
                self.assertEqual(found, expected)
                back = [each["id"] for each in self.tokens(sort="-issued", limit=2, **query)]
                self.assertEqual(back, expected[::-1])
        self.assertEqual(self.tokens(account=self.ledger.genesis["account"], client=two.id),
                         self.tokens(client=two.id))

    def tokens(self, limit=3, **query):
        """The tokens on all pages."""
        found, after = [], {}
        while after is not None:
            page = self.ledger.get("/tokens", limit=limit, **query, **after)
            self.assertLessEqual(len(page["items"]), limit)
            found += page["items"]
            after = {"after": page["next"]} if "next" in page else None
        return found

    def test_one_token(self):
        client = self.ledger.add_client("Has one token")
        for _ in range(3):
            token = client.token()
        shown = self.ledger.get(f"/tokens/{claims(token)['jti']}")
        self.assertEqual(shown, self.tokens(client=client.id)[-1])
        self.assertEqual((shown["active"], shown["address"]), (True, "127.0.0.1"))
        client.revoke(token)
        self.ledger.stop()
        self.ledger.start()
        shown = self.ledger.get(f"/tokens/{claims(token)['jti']}")
        self.assertEqual((shown["active"], shown["inactive_because"]), (False, "revoked"))
        self.ledger.admin("DELETE", f"/clients/{client.id}/secrets/{client.secret_id}")
        self.assertEqual({each.get("inactive_because") for each in self.tokens(client=client.id)},
                         {"secret", "revoked"})
        for id in ("tok_01m7z4s36meckrj3t8ynr19v3f", "tok_7zzzzzzzzzzzzzzzzzzzzzzzzz", "x"):
            self.assertEqual(self.ledger.admin("GET", f"/tokens/{id}").status, 404)

    def test_what_cannot_be_asked(self):
        for name in ("account", "active", "client", "expires.from", "issued.to", "mode", "network",
                     "project", "secret", "sort"):
            with self.subTest(name):
                self.assertProblem(self.ledger.admin("GET", f"/tokens?{name}=!"), 400, [name])


class Introspection(LedgerTest):
    serve = ("--trusted-proxy", "127.0.0.1")

    @classmethod
    def prepare(cls):
        cls.owner = cls.ledger.add_client("Token owner")
        cls.other = cls.ledger.add_client("Other client")

    def test_a_client_sees_its_own_tokens_alone(self):
        token = self.owner.token()
        self.assertTrue(self.owner.introspect(token)["active"])
        answer = self.other.post("/connect/introspect", token=token)
        self.assertEqual((answer.status, answer.body), (200, INACTIVE))
        self.assertEqual(answer.headers["Cache-Control"], "no-store")

    def test_the_permission_shows_all_tokens(self):
        self.assertEqual(self.ledger.operator.introspect(self.owner.token())["sub"], self.owner.id)

    def test_a_hint_changes_nothing(self):
        token = self.owner.token()
        for hint in ("access_token", "refresh_token", "nonsense"):
            answer = self.owner.post("/connect/introspect", token=token, token_type_hint=hint)
            self.assertTrue(answer.json["active"])

    def test_an_ended_secret_is_refused_at_once_on_every_connection(self):
        client = self.ledger.add_client("Client with two secrets")
        token = client.token()
        rotated = self.ledger.create(f"/clients/{client.id}/secrets", {"overlap_seconds": 3600})
        for _ in range(20):
            self.assertTrue(client.introspect(token)["active"])
        ended = rotated["replaced"][0]["id"]
        answer = self.ledger.admin("DELETE", f"/clients/{client.id}/secrets/{ended}")
        self.assertEqual(answer.status, 200)
        for number in range(20):
            headers = client.authorization | {"X-Forwarded-For": f"203.0.113.{number}"}
            self.assertOAuthError(
                self.ledger.form("/connect/introspect", {"token": token}, headers),
                "invalid_client", 401)

    def test_revoking_another_clients_token_is_refused(self):
        token = self.owner.token()
        before = len(self.ledger.events())
        self.assertOAuthError(self.other.revoke(token), "unauthorized_client")
        self.assertEqual(len(self.ledger.events()), before)
        self.assertTrue(self.owner.introspect(token)["active"])

    def test_the_permission_revokes_all_tokens(self):
        token = self.owner.token()
        self.assertEqual(self.ledger.operator.revoke(token).status, 200)
        self.assertEqual(self.owner.introspect(token), {"active": False})

    def test_repeated_revocation_changes_nothing(self):
        token = self.owner.token()
        first = self.owner.revoke(token)
        event = self.ledger.get(f"/events/{first.headers['Ledger-Position']}")
        self.assertEqual((event["type"], event["subject"]), ("token.revoked", claims(token)["jti"]))
        before = len(self.ledger.events())
        for _ in range(2):
            self.assertEqual(self.owner.revoke(token).status, 200)
        self.assertEqual(len(self.ledger.events()), before)

    def test_revoking_garbage_succeeds(self):
        for token in ("garbage", "a.b.c", "tsr_1"):
            with self.subTest(token):
                self.assertEqual(self.owner.revoke(token).status, 200)

    def test_forged_tokens_are_inactive(self):
        token = self.owner.token()
        head, payload, signature = token.split(".")
        changed = encode(claims(token) | {"scope": "coreapi billing.read admin"})
        none = encode(segment(head) | {"alg": "none"})
        key = ec.generate_private_key(ec.SECP256R1())
        point = key.public_key().public_numbers()
        jwk = {"kty": "EC", "crv": "P-256", "x": encode(point.x.to_bytes(32, "big")),
               "y": encode(point.y.to_bytes(32, "big"))}
        other = lambda **more: jwt.encode(claims(token), key, "ES256", segment(head) | more)
        symmetric = encode(segment(head) | {"alg": "HS256"})
        public = json.dumps(self.ledger.request("GET", "/.well-known/jwks.json").json["keys"][0])
        code = hmac.digest(public.encode(), f"{symmetric}.{payload}".encode(), hashlib.sha256)
        forged = {
            "garbage": "garbage", "two dots": "..", "no signature": f"{head}.{payload}.",
            "alg none": f"{none}.{payload}.", "alg none, signed": f"{none}.{payload}.{signature}",
            "changed payload": f"{head}.{changed}.{signature}",
            "another key": other(),
            "another key in the head": other(jwk=jwk),
            "unknown kid": other(kid="key_unknown"),
            "HS256 with the public key": f"{symmetric}.{payload}.{encode(code)}",
            "another type": f"{encode(segment(head) | {'typ': 'JWT'})}.{payload}.{signature}",
            "padding": token + "=", "space": token + " ", "another segment": token + ".x",
            "signature of zeros": f"{head}.{payload}.{encode(bytes(64))}",
        }
        for name, text in forged.items():
            with self.subTest(name):
                answer = self.ledger.operator.post("/connect/introspect", token=text)
                self.assertEqual((answer.status, answer.body), (200, INACTIVE))
        long = self.ledger.operator.post("/connect/introspect", token="x" * 100_000)
        self.assertEqual(long.body, INACTIVE)
        self.assertTrue(self.owner.introspect(token)["active"])

    def test_a_token_of_another_ledger_is_inactive(self):
        with Ledger() as elsewhere:
            token = elsewhere.operator.token()
        self.assertEqual(self.ledger.operator.introspect(token), {"active": False})
        self.assertProblem(self.ledger.admin("GET", "/clients", token=token), 401)


class Lifetime(LedgerTest):
    def test_a_token_ends_at_its_second(self):
        client = self.ledger.add_client("Short lived", token_lifetime=1)
        answer = client.ask()
        token = answer.json["access_token"]
        self.assertEqual(answer.json["expires_in"], 1)
        expires = claims(token)["exp"]
        self.assertEqual(expires, claims(token)["iat"] + 1)
        event = self.ledger.get(f"/events/{answer.headers['Ledger-Position']}")
        self.assertEqual(event["data"]["exp"], expires)

        def ended():
            asked = time.time()
            active = client.introspect(token)["active"]
            self.assertFalse(active and asked >= expires, "active at its expiry")
            self.assertFalse(not active and time.time() < expires, "inactive before its expiry")
            return not active

        until(ended, "the token expires", seconds=5)
        self.assertEqual(client.introspect(token), {"active": False})
        self.assertEqual(client.revoke(token).status, 200)
        self.assertEqual(self.ledger.events(type="token.revoked"), [])

    def test_longest_and_shortest(self):
        for lifetime in (1, 86_400):
            client = self.ledger.add_client(f"Lifetime {lifetime}", token_lifetime=lifetime)
            self.assertEqual(client.ask().json["expires_in"], lifetime)

    def test_lifetime_is_3600_unless_given(self):
        client = self.ledger.add_client("Default life", token_lifetime=None)
        self.assertEqual(client.ask().json["expires_in"], 3600)


class OtherImplementations(LedgerTest):
    def test_pyjwt(self):
        token = self.ledger.add_client("PyJWT client", audience="https://api.example").token()
        keys = jwt.PyJWKSet.from_dict(self.ledger.request("GET", "/.well-known/jwks.json").json)
        head = jwt.get_unverified_header(token)
        key = next(key for key in keys.keys if key.key_id == head["kid"])
        payload = jwt.decode(
            token, key.key, ["ES256"], audience="https://api.example",
            issuer=self.ledger.genesis["issuer"],
            options={"require": ["iss", "sub", "aud", "iat", "exp", "jti"]})
        self.assertEqual(payload, claims(token))
        with self.assertRaises(jwt.InvalidSignatureError):
            jwt.decode(token[:-8] + "AAAAAAAA", key.key, ["ES256"], audience="https://api.example")

    def test_jose(self):
        token = self.ledger.operator.token()
        with tempfile.TemporaryDirectory() as place:
            keys = pathlib.Path(place) / "jwks.json"
            keys.write_bytes(self.ledger.request("GET", "/.well-known/jwks.json").body)
            verify = ["jose", "jws", "ver", "-i-", "-k", str(keys), "-O-"]
            result = subprocess.run(verify, input=token.encode(), capture_output=True)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertEqual(json.loads(result.stdout), claims(token))
            forged = (token[:-8] + "AAAAAAAA").encode()
            refused = subprocess.run(verify, input=forged, capture_output=True)
            self.assertNotEqual(refused.returncode, 0)

    def test_key_set_holds_public_halves_alone(self):
        for key in self.ledger.request("GET", "/.well-known/jwks.json").json["keys"]:
            self.assertEqual(key.keys(), {"kty", "crv", "x", "y", "kid", "alg", "use"})
            self.assertEqual((key["kty"], key["crv"], key["alg"], key["use"]),
                             ("EC", "P-256", "ES256", "sig"))

    def test_metadata_is_consistent(self):
        answer = self.ledger.request("GET", "/.well-known/oauth-authorization-server")
        self.assertEqual(answer.headers["Content-Type"], "application/json")
        metadata, issuer = answer.json, self.ledger.genesis["issuer"]
        self.assertEqual(metadata["issuer"], issuer)
        self.assertEqual(claims(self.ledger.operator.token())["iss"], issuer)
        statuses = {"token_endpoint": 405, "introspection_endpoint": 405,
                    "revocation_endpoint": 405, "jwks_uri": 200}
        for name, status in statuses.items():
            self.assertTrue(metadata[name].startswith(issuer + "/"))
            path = metadata[name].removeprefix(issuer)
            self.assertEqual(self.ledger.request("GET", path).status, status, name)
        self.assertEqual(metadata["grant_types_supported"], ["client_credentials"])
        self.assertEqual(metadata["response_types_supported"], [])
        for name in ("token", "introspection", "revocation"):
            self.assertEqual(set(metadata[f"{name}_endpoint_auth_methods_supported"]),
                             {"client_secret_basic", "client_secret_post"})
