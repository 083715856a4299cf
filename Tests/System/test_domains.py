"""Domains of projects: who may ask for tokens under which, from where, and what becomes of them."""

import json

from ledger import Ledger, LedgerTest, claims

SHOP = "shop.example"


class DomainTest(LedgerTest):
    """A server behind a proxy of ours, which says from where a request comes."""

    serve = ("--trusted-proxy", "127.0.0.1")

    def setUp(self):
        name = self.id().rsplit(".", 1)[1]
        self.project = self.ledger.create(
            "/projects", {"name": name, "account": self.ledger.genesis["account"]})["id"]
        self.client = self.ledger.add_client(name[:50], project=self.project)
        self.path = f"/projects/{self.project}/domains"

    def add(self, domain=SHOP, **terms):
        return self.ledger.create(self.path, {"domain": domain} | terms)

    def change(self, domain=SHOP, etag="*", **terms):
        answer = self.ledger.admin(
            "PATCH", f"{self.path}/{domain}", terms, headers={"If-Match": etag})
        self.assertEqual(answer.status, 200, answer)
        return answer

    def remove(self, domain=SHOP):
        answer = self.ledger.admin("DELETE", f"{self.path}/{domain}", headers={"If-Match": "*"})
        self.assertEqual(answer.status, 200, answer)

    def ask(self, client=None, address="203.0.113.7", host=None, origin=None, **form):
        """The answer to a token request, with the headers that proxy and browser would send."""
        client = client or self.client
        headers = client.authorization | {"X-Forwarded-For": address}
        if host is not None:
            headers["X-Forwarded-Host"] = host
        if origin is not None:
            headers["Origin"] = origin
        form = {"grant_type": "client_credentials"} | form
        return self.ledger.form("/connect/token", form, headers)

    def token(self, **options):
        answer = self.ask(**options)
        self.assertEqual(answer.status, 200, answer)
        return answer.json["access_token"]

    def assertRefused(self, answer, words=""):
        self.assertOAuthError(answer, "unauthorized_client")
        self.assertIn(words, answer.json["error_description"])


class Endpoints(DomainTest):
    def test_life_of_a_domain(self):
        empty = self.ledger.get(self.path)
        self.assertEqual(empty, {"items": [], "total": 0})
        answer = self.ledger.admin(
            "POST", self.path, {"domain": SHOP, "addresses": ["2001:DB8::/32", "10.1.2.3"],
                                "reason": "the shop opens"})
        self.assertEqual(answer.status, 201, answer)
        self.assertEqual(answer.headers["Location"], f"/admin{self.path}/{SHOP}")
        position = int(answer.headers["Ledger-Position"])
        rule = {
            "active": True, "addresses": ["2001:db8::/32", "10.1.2.3/32"], "domain": SHOP,
            "may_authenticate": True, "may_call_api": True, "mode": "live", "since": position}
        self.assertEqual(answer.json, rule)
        self.add("api.example")
        shown = self.ledger.admin("GET", f"{self.path}/{SHOP}")
        self.assertEqual(shown.json, rule)
        listed = self.ledger.admin("GET", self.path)
        self.assertEqual([item["domain"] for item in listed.json["items"]], ["api.example", SHOP])
        self.assertEqual(listed.headers["ETag"], shown.headers["ETag"])
        changed = self.change(
            etag=shown.headers["ETag"], active=False, addresses=None, reason="closed")
        self.assertEqual(changed.json, rule | {"active": False, "addresses": []})
        self.assertEqual(self.change(active=True).json["since"], position + 3)
        self.remove()
        self.assertProblem(self.ledger.admin("GET", f"{self.path}/{SHOP}"), 404)
        past = self.ledger.admin("GET", f"{self.path}/{SHOP}?as_of={position + 1}")
        self.assertEqual((past.json, past.headers["Ledger-Position"]), (rule, str(position + 1)))
        past = self.ledger.get(self.path, as_of=position + 2)
        self.assertEqual([item["active"] for item in past["items"]], [True, False])
        self.assertProblem(
            self.ledger.admin("GET", f"{self.path}/{SHOP}?as_of={position - 1}"), 404)
        self.ledger.kill()
        self.ledger.start()
        self.assertEqual([item["domain"] for item in self.ledger.get(self.path)["items"]],
                         ["api.example"])
        self.add(may_call_api=False)
        events = [json.loads(line) for line in self.ledger.events(subject=self.project)][1:]
        self.assertEqual(
            [event["type"] for event in events],
            ["domain.added", "domain.added", "domain.changed", "domain.changed", "domain.removed",
             "domain.added"])
        self.assertEqual(events[0]["reason"], "the shop opens")
        self.assertEqual(events[2]["reason"], "closed")
        self.assertEqual(
            events[2]["data"],
            {"domain": SHOP, "before": {"active": True, "addresses": rule["addresses"]},
             "after": {"active": False, "addresses": []}})

    def test_bad_fields(self):
        for body, fields in [
            ({}, ["domain"]),
            ({"domain": "Shop.example", "active": 1, "may_authenticate": "yes", "may_call_api": [],
              "mode": "sandbox", "addresses": "10.0.0.0/8", "x": 1, "reason": ""},
             ["domain", "active", "may_authenticate", "may_call_api", "mode", "addresses", "x",
              "reason"]),
            ({"domain": "shop.example:443"}, ["domain"]), ({"domain": "192.0.2.1"}, ["domain"]),
            ({"domain": "b\u00fccher.example"}, ["domain"]), ({"domain": 7}, ["domain"]),
            ({"domain": SHOP, "addresses": ["10.0.0.1/8", "10.0.0.0/8", 5, "10.0.0.0/8", ""]},
             ["addresses[0]", "addresses[2]", "addresses[3]", "addresses[4]"]),
            ({"domain": SHOP, "addresses": ["10.0.0.0\u0000/8"]}, ["addresses[0]"]),
            ({"domain": SHOP, "addresses": ["2001:db8::1", "2001:DB8::1/128"]}, ["addresses"]),
            ({"domain": None}, ["domain"]),
            ({"domain": SHOP, "addresses": [f"10.0.0.{n}" for n in range(51)]}, ["addresses"]),
        ]:
            self.assertProblem(self.ledger.admin("POST", self.path, body), 422, fields)
        self.add(addresses=[f"10.0.0.{n}" for n in range(50)])
        for body, fields in [
            ({"domain": "other.example"}, ["domain"]), ({"active": "no", "mode": 1},
                                                        ["active", "mode"]),
        ]:
            answer = self.ledger.admin(
                "PATCH", f"{self.path}/{SHOP}", body, headers={"If-Match": "*"})
            self.assertProblem(answer, 422, fields)

    def test_what_is_not_there_or_in_the_way(self):
        self.add()
        self.assertProblem(self.ledger.admin("POST", self.path, {"domain": SHOP}), 409, ["domain"])
        other = "/projects/prj_01m7w6nkxzfznr7083fk8sgptm/domains"
        for method, path, body in [
            ("GET", other, None), ("POST", other, {"domain": SHOP}),
            ("GET", f"{other}/{SHOP}", None), ("DELETE", f"{other}/{SHOP}", None),
            ("GET", f"{self.path}/none.example", None), ("GET", f"{self.path}/Shop.example", None),
            ("PATCH", f"{self.path}/none.example", {}), ("DELETE", f"{self.path}/none.example", None),
        ]:
            answer = self.ledger.admin(method, path, body, headers={"If-Match": "*"})
            self.assertProblem(answer, 404)

    def test_lost_updates(self):
        first = self.ledger.admin("POST", self.path, {"domain": SHOP})
        tag = self.ledger.admin("GET", f"{self.path}/{SHOP}").headers["ETag"]
        self.assertEqual(tag, f'"{first.headers["Ledger-Position"]}"')
        self.add("api.example")
        for method in "PATCH", "DELETE":
            path = f"{self.path}/{SHOP}"
            self.assertProblem(self.ledger.admin(method, path, {} if method == "PATCH" else None),
                               428)
            answer = self.ledger.admin(
                method, path, {"active": False} if method == "PATCH" else None,
                headers={"If-Match": tag})
            self.assertProblem(answer, 412)

    def test_an_edit_that_changes_nothing_is_no_event(self):
        self.add()
        before = len(self.ledger.events())
        answer = self.change(active=True, addresses=[], mode="live")
        self.assertNotIn("Ledger-Position", answer.headers)
        self.assertEqual(len(self.ledger.events()), before)

    def test_repeated_requests(self):
        key = {"Idempotency-Key": "domain-1"}
        first = self.ledger.admin("POST", self.path, {"domain": SHOP}, headers=key)
        self.change(active=False)
        again = self.ledger.admin("POST", self.path, {"domain": SHOP}, headers=key)
        self.assertEqual((again.status, again.json), (201, first.json))
        self.assertEqual(again.headers["Idempotency-Replayed"], "true")
        other = self.ledger.admin("POST", self.path, {"domain": "b.example"}, headers=key)
        self.assertProblem(other, 422)

    def test_at_most_a_hundred(self):
        for number in range(100):
            self.add(f"d{number}.example")
        self.assertProblem(self.ledger.admin("POST", self.path, {"domain": SHOP}), 409)
        self.assertEqual(self.ledger.get(self.path, per_page="all")["total"], 100)
        self.token(domain="d57.example")


class Resolution(DomainTest):
    def test_a_project_without_domains_has_no_restriction(self):
        for origin in ("https://shop.example", "null", "nonsense"):
            self.assertNotIn("domain", claims(self.token(origin=origin)))
        self.assertNotIn("domain", claims(self.token(host="shop.example, x")))
        self.assertRefused(self.ask(domain=SHOP), "does not have")
        self.assertOAuthError(self.ask(domain="x y"), "invalid_request")

    def test_every_source(self):
        self.add()
        self.add("b.example")
        for options in (
            {"domain": SHOP}, {"domain": "SHOP.example"}, {"origin": "https://shop.example"},
            {"origin": "http://shop.example:8080"}, {"host": "Shop.Example:443"},
            {"host": SHOP, "origin": "https://shop.example", "domain": SHOP},
            {"host": "127.0.0.1:8080", "origin": "https://shop.example"},
        ):
            token = self.token(**options)
            self.assertEqual(claims(token)["domain"], SHOP, options)
            self.assertEqual(self.client.introspect(token)["domain"], SHOP, options)
        event = json.loads(self.ledger.events(type="token.issued", after=0)[-1])
        self.assertEqual(event["data"].get("domain"), None if event["actor"]["id"]
                         != self.client.id else SHOP)

    def test_contradictions_are_refused(self):
        self.add()
        self.add("b.example")
        for options in (
            {"host": SHOP, "domain": "b.example"}, {"host": "b.example", "domain": SHOP},
            {"host": SHOP, "origin": "https://b.example"},
            {"origin": "https://b.example", "domain": SHOP},
            {"origin": "null", "domain": SHOP}, {"host": SHOP, "origin": "null"},
            {"origin": "https://elsewhere.example", "domain": SHOP},
            {"host": f"{SHOP}, {SHOP}"}, {"host": f"https://{SHOP}"}, {"origin": SHOP},
            {"origin": f"https://{SHOP}/"}, {"domain": f"{SHOP}:443"}, {"domain": f"{SHOP}."},
        ):
            self.assertOAuthError(self.ask(**options), "invalid_request")

    def test_what_names_none_of_them_is_refused(self):
        self.add()
        self.assertRefused(self.ask(), "names none")
        self.assertRefused(self.ask(host="127.0.0.1"), "names none")
        self.assertRefused(self.ask(origin="null"), "names none")
        self.assertRefused(self.ask(origin="http://192.0.2.1"), "names none")
        for options in ({"domain": "b.example"}, {"origin": "https://www.shop.example"},
                        {"host": "example"}):
            answer = self.ask(**options)
            self.assertRefused(answer, "does not have")
            self.assertNotIn(SHOP, answer.body.decode())

    def test_domains_of_other_projects_do_not_count(self):
        self.add()
        other = self.ledger.create(
            "/projects", {"name": "Other", "account": self.ledger.genesis["account"]})["id"]
        client = self.ledger.add_client("Of another project", project=other)
        self.assertRefused(self.ask(client, domain=SHOP), "does not have")
        self.assertEqual(self.ask(client).status, 200)


class NoProxy(LedgerTest):
    def test_who_is_no_proxy_has_no_word_on_the_host(self):
        ledger = self.ledger
        project = ledger.create(
            "/projects", {"name": "No proxy", "account": ledger.genesis["account"]})["id"]
        client = ledger.add_client("No proxy", project=project)
        self.ledger.bearer = ledger.operator.token()
        ledger.create(f"/projects/{project}/domains", {"domain": SHOP})
        form = {"grant_type": "client_credentials"}
        headers = client.authorization | {"X-Forwarded-Host": SHOP}
        self.assertOAuthError(ledger.form("/connect/token", form, headers), "unauthorized_client")
        headers["X-Forwarded-Host"] = "elsewhere.example"
        answer = ledger.form("/connect/token", form | {"domain": SHOP}, headers)
        self.assertEqual(claims(answer.json["access_token"])["domain"], SHOP)
        self.assertEqual(
            ledger.admin("DELETE", f"/projects/{project}/domains/{SHOP}",
                         headers={"If-Match": "*"}).status, 200)


class Enforcement(DomainTest):
    def test_terms(self):
        self.add(active=False)
        self.assertRefused(self.ask(domain=SHOP), "not active")
        self.change(active=True, may_authenticate=False)
        self.assertRefused(self.ask(domain=SHOP), "may not authenticate")
        self.change(may_authenticate=True, mode="test")
        self.assertRefused(self.ask(domain=SHOP), "mode")
        self.change(mode="live", may_call_api=False)
        self.assertEqual(self.ask(domain=SHOP).status, 200)

    def test_addresses(self):
        self.add(addresses=["198.51.100.0/24", "2001:db8:7::/48"])
        for address, is_inside in [
            ("198.51.100.0", True), ("198.51.100.255", True), ("198.51.99.255", False),
            ("198.51.101.0", False), ("2001:db8:7::", True),
            ("2001:db8:7:ffff:ffff:ffff:ffff:ffff", True), ("2001:db8:8::", False),
            ("::ffff:198.51.100.9", True), ("2001:db8:6:ffff::1", False),
        ]:
            answer = self.ask(domain=SHOP, address=address)
            if is_inside:
                self.assertEqual(answer.status, 200, (address, answer))
            else:
                self.assertRefused(answer, "address")
        self.change(addresses=None)
        self.assertEqual(self.ask(domain=SHOP, address="203.0.113.1").status, 200)

    def test_modes(self):
        name = "Client in test mode"
        tester = self.ledger.add_client(name, project=self.project, mode="test")
        self.add()
        self.add("test.example", mode="test")
        self.assertRefused(self.ask(tester, domain=SHOP), "mode")
        self.assertRefused(self.ask(domain="test.example"), "mode")
        token = self.token(client=tester, domain="test.example")
        self.assertEqual(claims(token)["mode"], "test")
        self.assertEqual(tester.introspect(token)["mode"], "test")

    def test_it_holds_at_once(self):
        self.add()
        first = self.token(domain=SHOP)
        self.assertTrue(self.client.introspect(first)["domain_api_access"])
        self.change(may_call_api=False)
        self.assertEqual(self.client.introspect(first)["active"], True)
        self.assertIs(self.client.introspect(first)["domain_api_access"], False)
        self.change(may_authenticate=False)
        self.assertRefused(self.ask(domain=SHOP))
        self.assertEqual(self.client.introspect(first)["active"], True)
        self.change(active=False)
        self.assertEqual(self.client.introspect(first), {"active": False})
        self.change(active=True, may_authenticate=True)
        self.assertEqual(self.client.introspect(first), {"active": False})
        second = self.token(domain=SHOP)
        self.assertTrue(self.client.introspect(second)["active"])
        self.remove()
        self.assertEqual(self.client.introspect(second), {"active": False})
        self.ledger.kill()
        self.ledger.start()
        self.assertEqual(self.client.introspect(second), {"active": False})
        self.assertEqual(self.ask().status, 200)
        self.add()
        self.assertEqual(self.client.introspect(second), {"active": False})
        self.assertRefused(self.ask())

    def test_what_the_loops_remember_of_clients_ends(self):
        origin = "https://shop.example"
        for has_domain in (False, True, False, True):
            if has_domain:
                self.add()
            elif self.ledger.get(self.path)["items"]:
                self.remove()
            for _ in range(12):
                self.assertEqual("domain" in claims(self.token(origin=origin)), has_domain)

    def test_a_token_without_domain_lives_on(self):
        token = self.token()
        self.add()
        self.assertTrue(self.client.introspect(token)["active"])
        self.assertNotIn("domain", self.client.introspect(token))

    def test_administration_under_a_domain(self):
        client = self.ledger.add_client(
            "Administers", project=self.project, permissions="projects:read")
        self.add()
        token = self.token(client=client, domain=SHOP)
        self.assertEqual(self.ledger.admin("GET", "/projects", token=token).status, 200)
        self.change(active=False)
        self.assertProblem(self.ledger.admin("GET", "/projects", token=token), 401)


class DryRun(DomainTest):
    ADDRESSES = ["198.51.100.1", "198.51.100.2", "203.0.113.7", "2001:db8::1"]

    def check(self, domain=SHOP, **body):
        answer = self.ledger.admin(
            "POST", f"{self.path}/{domain}/check", body, headers={"Idempotency-Key": "check"})
        self.assertEqual(answer.status, 200, answer)
        self.assertTrue(answer.json["complete"])
        return answer.json

    def asked(self, **options):
        """The ids of the tokens that requests from every address get; None for each refused."""
        answers = [self.ask(address=address, **options) for address in self.ADDRESSES]
        return [answer.status == 200 and claims(answer.json["access_token"])["jti"] or None
                for answer in answers]

    def test_it_says_what_then_happens(self):
        tester = self.ledger.add_client("Dry run tester", project=self.project, mode="test")
        self.add()
        issued = self.asked(domain=SHOP)
        self.assertRefused(self.ask(tester, domain=SHOP), "mode")
        events = len(self.ledger.events())
        for terms, causes in [
            ({}, [None] * 4),
            ({"addresses": ["198.51.100.0/24"]}, [None, None, "address", "address"]),
            ({"addresses": ["2001:db8::/32", "203.0.113.7"]}, ["address", "address", None, None]),
            ({"addresses": ["198.51.100.0/24"], "mode": "test"}, ["mode"] * 4),
            ({"may_authenticate": False}, ["authentication"] * 4),
            ({"active": False, "may_authenticate": False}, ["inactive"] * 4),
            ({"may_call_api": False}, [None] * 4),
        ]:
            found = self.check(**terms)
            refused = {token["id"]: token for token in found["tokens"]}
            self.assertEqual(found["considered"], 4)
            self.assertEqual(found["refused"], 4 - causes.count(None), terms)
            self.assertEqual(sum(found["causes"].values()), found["refused"])
            self.assertEqual([refused.get(id, {}).get("cause") for id in issued], causes, terms)
        self.assertEqual(len(self.ledger.events()), events)
        token = self.check(active=False)["tokens"][-1]
        self.assertEqual(
            (token["address"], token["client"], token["id"]),
            (self.ADDRESSES[0], self.client.id, issued[0]))
        event = json.loads(self.ledger.events(subject=token["id"])[0])
        self.assertEqual((event["position"], event["recorded"]), (token["position"], token["issued"]))
        terms = {"addresses": ["198.51.100.0/24"]}
        foretold = self.check(**terms)["refused"]
        self.change(**terms)
        self.assertEqual(self.asked(domain=SHOP).count(None), foretold)

    def test_a_domain_that_is_not_there_yet(self):
        self.asked()
        other = self.ledger.add_client("Dry run elsewhere")
        other.token()
        terms = {"addresses": ["198.51.100.0/24"]}
        found = self.check(**terms)
        self.assertEqual((found["considered"], found["refused"]), (4, 2))
        self.assertEqual({token["client"] for token in found["tokens"]}, {self.client.id})
        self.add(**terms)
        self.assertEqual(self.asked(domain=SHOP).count(None), found["refused"])
        again = self.check()
        self.assertEqual((again["considered"], again["refused"]), (2, 0))
        self.assertEqual(self.check("b.example")["considered"], 4)
        self.assertEqual(self.check("b.example", mode="test")["causes"], {"mode": 4})

    def test_more_than_are_shown(self):
        self.add()
        for _ in range(120):
            self.token(domain=SHOP)
        found = self.check(active=False, days=1)
        self.assertEqual((found["considered"], found["refused"]), (120, 120))
        self.assertEqual(len(found["tokens"]), 100)
        positions = [token["position"] for token in found["tokens"]]
        self.assertEqual(positions, sorted(positions, reverse=True))
        self.ledger.kill()
        self.ledger.start()
        self.assertEqual(self.check(active=False, days=1) | {"since": ""}, found | {"since": ""})

    def test_refusals(self):
        path = f"{self.path}/{SHOP}/check"
        for body, fields in [
            ({"days": 0}, ["days"]), ({"days": 91}, ["days"]), ({"days": "7"}, ["days"]),
            ({"domain": SHOP}, ["domain"]), ({"active": 1, "x": 2}, ["active", "x"]),
            ({"addresses": ["10.0.0.1/8"]}, ["addresses[0]"]),
        ]:
            self.assertProblem(self.ledger.admin("POST", path, body), 422, fields)
        self.assertProblem(self.ledger.admin("GET", path), 405)
        self.assertProblem(self.ledger.admin("POST", f"{self.path}/192.0.2.1/check", {}), 404)
        other = f"/projects/prj_01m7w6nkxzfznr7083fk8sgptm/domains/{SHOP}/check"
        self.assertProblem(self.ledger.admin("POST", other, {}), 404)
        reader = self.ledger.add_client("Reads tokens not", permissions="projects:read")
        self.assertProblem(self.ledger.admin("POST", path, {}, token=reader.token()), 403)


class TestMode(LedgerTest):
    def test_a_test_token_never_passes_as_live(self):
        ledger = self.ledger
        tester = ledger.add_client(
            "Tester with rights", mode="test",
            permissions="projects:read tokens:introspect tokens:revoke audit:read")
        live = ledger.add_client("Live one", permissions="tokens:introspect")
        token = tester.token()
        self.assertEqual(claims(token)["mode"], "test")
        self.assertTrue(tester.introspect(token)["active"])
        self.assertEqual(live.introspect(token), {"active": False})
        self.assertEqual(ledger.operator.introspect(token), {"active": False})
        self.assertEqual(tester.introspect(live.token()), {"active": False})
        self.assertOAuthError(tester.revoke(live.token()), "unauthorized_client")
        self.assertTrue(ledger.operator.introspect(live.token())["active"])
        for path in ("/projects", "/events", "/projects/prj_x/domains"):
            self.assertProblem(ledger.admin("GET", path, token=token), 401)
