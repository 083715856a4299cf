"""Guessing at secrets: slowed, locked, recorded, and never at the cost of others."""

import collections
import json
import time
import unittest

from ledger import Client, Ledger, LedgerTest, basic, claims, until
from test_metrics import scrape

HOME, ELSEWHERE = "203.0.113.7", "198.51.100.7"
PATHS = ("/connect/token", "/connect/introspect", "/connect/revoke")


def wrong(secret):
    return secret[:-1] + ("a" if secret[-1] != "a" else "b")


def attempt(client, secret=None, address=HOME, path=PATHS[0]):
    """What a request with this secret (the right one unless given) is answered, passed on for an
    address."""
    headers = {"Authorization": basic(client.id, secret or client.secret),
               "X-Forwarded-For": address}
    form = {"grant_type": "client_credentials", "token": "unknown"}
    return client.ledger.form(path, form, headers)


def fail(test, client, count, address=HOME):
    """So many failures, each as soon as it is admitted."""
    for _ in range(count):
        answer = attempt(client, wrong(client.secret), address)
        if answer.status == 429:
            time.sleep(int(answer.headers["Retry-After"]))
            answer = attempt(client, wrong(client.secret), address)
        test.assertOAuthError(answer, "invalid_client", 401)


class GuardTest(LedgerTest):
    serve = ("--trusted-proxy", "127.0.0.1")

    def assertHeldUp(self, answer, most):
        self.assertOAuthError(answer, "temporarily_unavailable", 429)
        seconds = int(answer.headers["Retry-After"])
        self.assertTrue(1 <= seconds <= most, seconds)
        self.assertGreater(seconds, most - 5)


class Guessing(GuardTest):
    def test_slowed_and_locked_from_one_address_alone(self):
        client = self.ledger.add_client("Guessed client")
        other = self.ledger.add_client("Another client")
        fail(self, client, 5)
        self.assertHeldUp(attempt(client, wrong(client.secret)), 1)
        before = scrape(self.ledger)
        fail(self, client, 5)
        after = scrape(self.ledger)
        for path in PATHS:
            self.assertHeldUp(attempt(client, path=path), 900)
            self.assertHeldUp(attempt(client, wrong(client.secret), path=path), 900)
            self.assertEqual(attempt(client, address=ELSEWHERE, path=path).status, 200)
            self.assertEqual(attempt(other, path=path).status, 200)
        name = 'tallystick_authentication_refusals_total{cause="%s"}'
        self.assertGreater(after[name % "slowed"], before[name % "slowed"])
        self.assertEqual(
            scrape(self.ledger)[name % "locked"] - after[name % "locked"], 2 * len(PATHS))
        self.ledger.stop()
        self.ledger.start()
        self.assertEqual(attempt(client).status, 200)

    def test_all_endpoints_count_together(self):
        client = self.ledger.add_client("Client at three doors")
        for path in (*PATHS, *PATHS[:2]):
            answer = attempt(client, wrong(client.secret), path=path)
            self.assertOAuthError(answer, "invalid_client", 401)
        self.assertHeldUp(attempt(client), 1)

    def test_a_success_clears(self):
        client = self.ledger.add_client("Forgetful client")
        for _ in range(5):
            fail(self, client, 4)
            self.assertEqual(attempt(client).status, 200)

    def test_an_unknown_client_is_held_up_the_same(self):
        unknown = self.ledger.add_client("Client to copy")
        unknown.id = unknown.id[:-6] + "zzzzzz"
        fail(self, unknown, 5)
        self.assertHeldUp(attempt(unknown), 1)

    def test_addresses_of_one_network_are_one(self):
        client = self.ledger.add_client("Client with IPv6")
        for number in range(5):
            fail(self, client, 1, f"2001:db8:1:2::{number}")
        self.assertHeldUp(attempt(client, address="2001:db8:1:2:3:4:5:6"), 1)
        self.assertEqual(attempt(client, address="2001:db8:1:3::1").status, 200)


def denials(ledger):
    """The denials in the log, each as its event."""
    return [json.loads(line) for line in ledger.events(type="authentication.denied")]


def total(events, **data):
    """How many attempts the events with such data stand for."""
    return sum(event["data"]["count"] for event in events
               if data.items() <= event["data"].items())


def restart(ledger):
    """Ends the server in order, so that it writes what it has summed."""
    ledger.stop()
    ledger.start()


class Sums(unittest.TestCase):
    def setUp(self):
        self.ledger = Ledger(serve=("--trusted-proxy", "127.0.0.1"))
        self.addCleanup(self.ledger.close)
        self.client = self.ledger.add_client("Denied client")

    def tearDown(self):
        self.ledger.check()

    def assertDenied(self, *arguments):
        self.assertEqual(attempt(*arguments).status, 401)

    def test_every_attempt_is_counted_and_an_unknown_name_is_not_kept(self):
        unknown = Client(self.ledger, "hunter2-is-my-secret", "hunter3-is-too-short")
        for address in [HOME] * 3 + [ELSEWHERE] * 2:
            self.assertDenied(self.client, wrong(self.client.secret), address)
            self.assertDenied(unknown, unknown.secret, address)
        self.assertEqual(scrape(self.ledger)["tallystick_denials_waiting"], 10)
        self.assertEqual(denials(self.ledger), [])
        restart(self.ledger)
        found = denials(self.ledger)
        genesis = json.loads(self.ledger.events()[0])
        for cause, subject in (
                ("wrong_secret", self.client.id), ("unknown_client", genesis["subject"])):
            for source, count in ((HOME, 3), (ELSEWHERE, 2)):
                self.assertEqual(total(found, cause=cause, source=source), count)
            subjects = {event["subject"] for event in found if event["data"]["cause"] == cause}
            self.assertEqual(subjects, {subject})
        self.assertEqual({event["actor"]["id"] for event in found}, {"guard"})
        self.assertEqual(scrape(self.ledger)["tallystick_denials_waiting"], 0)
        for file in self.ledger.data.rglob("data.mdb"):
            self.assertNotIn(b"hunter", file.read_bytes())

    def test_more_addresses_than_are_told_apart(self):
        for number in range(300):
            self.assertDenied(
                self.client, wrong(self.client.secret), f"10.0.{number // 250}.{number % 250}")
        restart(self.ledger)
        found = denials(self.ledger)
        self.assertEqual(total(found), 300)
        for minute in {event["data"]["minute"] for event in found}:
            self.assertLessEqual(sum(e["data"]["minute"] == minute for e in found), 257)
        self.assertGreater(total(found, cause="others"), 0)
        self.assertTrue(all("source" not in event["data"] for event in found
                            if event["data"]["cause"] == "others"))

    def test_what_was_held_up_is_counted_too(self):
        for _ in range(5):
            self.assertDenied(self.client, wrong(self.client.secret))
        answers = [attempt(self.client).status for _ in range(4)]
        restart(self.ledger)
        self.assertEqual(total(denials(self.ledger), cause="wrong_secret"), 5)
        self.assertEqual(total(denials(self.ledger), cause="slowed"), answers.count(429))

    def test_a_secret_that_was_good_once_is_no_guess(self):
        old = Client(self.ledger, self.client.id, self.client.secret, self.client.secret_id)
        rotated = self.ledger.create(f"/clients/{old.id}/secrets", {"overlap_seconds": 0})
        self.client.secret = rotated["client_secret"]
        for _ in range(5):
            self.assertDenied(old)
        until(lambda: attempt(self.client).status == 200, "the right secret is taken", seconds=10)
        # Wrong ones count, those of another client too.
        for _ in range(5):
            self.assertDenied(self.client, self.ledger.operator.secret)
        self.assertEqual(attempt(self.client).status, 429)
        restart(self.ledger)
        found = denials(self.ledger)
        self.assertEqual(total(found, cause="ended_secret", secret=old.secret_id), 5)
        self.assertEqual(total(found, cause="ended_secret"), 5)
        self.assertEqual(total(found, cause="wrong_secret"), 5)

    def test_the_right_secret_of_a_disabled_client_is_no_guess(self):
        path = f"/clients/{self.client.id}"
        self.assertEqual(self.ledger.admin("POST", path + "/disable").status, 200)
        for _ in range(5):
            self.assertDenied(self.client)
        self.assertEqual(self.ledger.admin("POST", path + "/enable").status, 200)
        until(lambda: attempt(self.client).status == 200, "the secret is taken", seconds=10)
        restart(self.ledger)
        found = denials(self.ledger)
        self.assertEqual(total(found, cause="disabled_client"), 5)
        self.assertEqual({event["subject"] for event in found}, {self.client.id})

    def test_a_refused_domain_is_no_guess(self):
        project = self.ledger.create(
            "/projects", {"account": self.ledger.genesis["account"], "name": "Shop"})["id"]
        client = self.ledger.add_client("Client of a shop", project)
        self.ledger.create(f"/projects/{project}/domains", {"domain": "shop.example"})
        for _ in range(6):
            self.assertEqual(attempt(client).json["error"], "unauthorized_client")
        restart(self.ledger)
        found = denials(self.ledger)
        self.assertEqual(total(found, cause="domain", source=HOME), 6)
        self.assertEqual({event["subject"] for event in found}, {client.id})

    def test_the_sums_are_written_when_their_minute_is_over(self):
        asked = time.time() // 60 * 60
        self.assertDenied(self.client, wrong(self.client.secret))
        self.ledger.get("/events/0")
        found = until(lambda: denials(self.ledger), "the minute is written", seconds=70)
        self.assertGreaterEqual(time.time(), asked + 60)
        self.assertEqual(total(found), 1)
        self.assertIn(found[0]["data"]["minute"], (asked, asked + 60))
        self.ledger.kill()
        self.ledger.start()
        self.assertEqual(denials(self.ledger), found)


class AuditReads(unittest.TestCase):
    def test_who_read_what_and_how_often(self):
        with Ledger() as ledger:
            auditor = ledger.add_client("Auditing client", permissions="audit:read clients:read")
            token = auditor.token()
            for _ in range(3):
                ledger.admin("GET", "/events", token=token)
            ledger.admin("GET", "/events", token=token, headers={"Accept": "application/x-ndjson"})
            other = auditor.token()
            ledger.admin("GET", "/events/0", token=other)
            ledger.admin("GET", f"/clients/{auditor.id}/history", token=token)
            ledger.admin("GET", "/clients", token=token)
            ledger.get("/events/1")
            restart(ledger)
            found = [json.loads(line) for line in ledger.events(type="audit.read")]

            def reads(client):
                counts = collections.Counter()
                for event in found:
                    if event["actor"]["id"] == client.id:
                        counts[event["data"]["what"]] += event["data"]["count"]
                return dict(counts)

            self.assertEqual(reads(auditor), {
                "/admin/events": 4, "/admin/events/{id}": 1, "/admin/clients/{id}/history": 1})
            self.assertEqual(reads(ledger.operator), {"/admin/events/{id}": 1})
            self.assertEqual(
                {event["data"]["what"] for event in found
                 if event["actor"]["token"] == claims(other)["ledger_position"]},
                {"/admin/events/{id}"})
            self.assertEqual({event["subject"] for event in found},
                             {json.loads(ledger.events()[0])["subject"]})
            ledger.check()


class Alerts(unittest.TestCase):
    def setUp(self):
        self.ledger = Ledger(serve=("--trusted-proxy", "127.0.0.1"))
        self.addCleanup(self.ledger.close)
        self.client = self.ledger.add_client("Watched client")

    def tearDown(self):
        self.ledger.check()

    def policy(self, **rules):
        answer = self.ledger.admin(
            "PATCH", "/policy", rules, headers={"If-Match": "*"})
        self.assertEqual(answer.status, 200, answer)

    def alerts(self, **query):
        return self.ledger.get("/alerts", **query)["items"]

    def alert(self, **query):
        """The one alert that there is, or will soon be."""
        found = until(lambda: self.alerts(**query), "an alert", seconds=10)
        self.assertEqual(len(found), 1, found)
        return found[0]

    def burst(self, client, count):
        """So many failures within one minute, each from an address of its own."""
        time.sleep(max(0, time.time() % 60 - 50))
        for number in range(count):
            answer = attempt(client, wrong(client.secret), f"10.1.{number // 250}.{number % 250}")
            self.assertEqual(answer.status, 401)

    def test_a_burst(self):
        other = self.ledger.add_client("Client left alone")
        self.burst(other, 29)
        self.burst(self.client, 31)
        found = self.alert()
        self.assertEqual(
            (found["rule"], found["client"], found["action"]),
            ("denial_burst", self.client.id, "alert"))
        self.assertGreaterEqual(found["count"], 30)
        self.assertEqual(attempt(self.client).status, 200)
        # Told once an hour.
        self.burst(self.client, 31)
        restart(self.ledger)
        self.assertEqual(self.alert(), found)
        event = self.ledger.get(f"/events/{found['position']}")
        self.assertEqual((event["type"], event["subject"]), ("alert.raised", self.client.id))
        self.assertEqual(event["actor"], {"kind": "system", "id": "guard"})

    def test_the_threshold_is_the_policys(self):
        self.policy(denial_burst={"threshold": 3})
        self.burst(self.client, 3)
        self.assertEqual(self.alert()["count"], 3)

    def test_a_burst_may_suspend(self):
        token = self.client.token()
        self.policy(denial_burst={"action": "suspend", "threshold": 3})
        self.burst(self.client, 3)
        found = self.alert()
        self.assertEqual(found["action"], "suspend")
        self.assertEqual(attempt(self.client).status, 401)
        self.assertEqual(self.ledger.operator.introspect(token), {"active": False})
        event = self.ledger.get(f"/events/{found['position'] + 1}")
        self.assertEqual((event["type"], event["subject"]), ("client.disabled", self.client.id))
        self.assertEqual(event["cause"], found["position"])
        self.assertIn("denial_burst", event["reason"])
        self.assertEqual(event["actor"], {"kind": "system", "id": "guard"})
        self.assertEqual(event["part"], [1, 2])
        restart(self.ledger)
        self.assertEqual(attempt(self.client).status, 401)
        self.assertEqual(
            self.ledger.admin("POST", f"/clients/{self.client.id}/enable").status, 200)
        self.assertEqual(attempt(self.client).status, 200)
        # Enabled again, the next burst suspends again, though it is the same hour.
        self.burst(self.client, 3)
        until(lambda: len(self.alerts(rule="denial_burst")) == 2, "another alert")
        self.assertEqual(attempt(self.client, address=ELSEWHERE).status, 401)

    def test_the_last_owner_is_never_suspended(self):
        self.policy(denial_burst={"action": "suspend", "threshold": 3})
        self.burst(self.ledger.operator, 3)
        found = self.alert(client=self.ledger.operator.id)
        self.assertEqual((found["action"], found["spared"]), ("alert", "last_owner"))
        self.assertEqual(self.ledger.operator.ask().status, 200)

    def test_a_secret_that_was_good_once(self):
        old = self.client.secret
        self.ledger.create(f"/clients/{self.client.id}/secrets", {"overlap_seconds": 0})
        for _ in range(3):
            self.assertEqual(attempt(self.client, old).status, 401)
        found = self.alert()
        self.assertEqual(
            (found["rule"], found["secret"], found["source"], found["client"]),
            ("replaced_secret", self.client.secret_id, HOME, self.client.id))

    def test_a_new_network(self):
        for address in (HOME, "203.0.113.99", HOME):
            self.assertEqual(attempt(self.client, address=address).status, 200)
        self.assertEqual(self.alerts(), [])
        answer = attempt(self.client, address=ELSEWHERE)
        self.assertEqual(answer.status, 200)
        found = self.alert()
        self.assertEqual(
            (found["rule"], found["network"], found["client"], found["action"]),
            ("new_network", "198.51.100.0/24", self.client.id, "alert"))
        position = int(answer.headers["Ledger-Position"])
        self.assertEqual(found["position"], position + 1)
        token, alert = (self.ledger.get(f"/events/{at}") for at in (position, position + 1))
        self.assertEqual(token["data"]["network"], "198.51.100.0/24")
        self.assertEqual((token["part"], alert["part"], alert["cause"]), ([0, 2], [1, 2], position))
        for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::", ELSEWHERE, "unix"):
            self.assertIn(attempt(self.client, address=address).status, (200, 400))
        self.assertEqual([found["network"] for found in self.alerts()],
                         ["2001:db8:1:2::/64", "198.51.100.0/24"])
        restart(self.ledger)
        for address in (HOME, ELSEWHERE, "2001:db8:1:2::1"):
            answer = attempt(self.client, address=address)
            event = self.ledger.get(f"/events/{answer.headers['Ledger-Position']}")
            self.assertNotIn("network", event["data"])
        self.assertEqual(len(self.alerts()), 2)

    def test_a_new_network_may_suspend(self):
        token = attempt(self.client).json["access_token"]
        self.policy(new_network={"action": "suspend"})
        self.assertEqual(attempt(self.client).status, 200)
        answer = attempt(self.client, address=ELSEWHERE)
        self.assertEqual((answer.status, answer.json["error"]), (401, "invalid_client"))
        found = self.alert()
        self.assertEqual((found["action"], found["rule"]), ("suspend", "new_network"))
        disabled = self.ledger.get(f"/events/{found['position'] + 1}")
        self.assertEqual((disabled["type"], disabled["cause"]),
                         ("client.disabled", found["position"]))
        self.assertEqual(attempt(self.client).status, 401)
        self.assertEqual(self.ledger.operator.introspect(token), {"active": False})
        # Who enables it again takes the network for known.
        self.ledger.admin("POST", f"/clients/{self.client.id}/enable")
        until(lambda: attempt(self.client, address=ELSEWHERE).status == 200, "it is let in again")
        self.assertEqual(len(self.alerts()), 1)
        # The last owner is spared wherever it comes from.
        for address in (HOME, ELSEWHERE):
            self.assertEqual(attempt(self.ledger.operator, address=address).status, 200)
        self.assertEqual({alert["spared"] for alert in self.alerts(client=self.ledger.operator.id)},
                         {"last_owner"})

    def test_a_rule_that_is_switched_off(self):
        self.policy(replaced_secret={"action": "none"}, denial_burst={"action": "none"})
        old = self.client.secret
        self.ledger.create(f"/clients/{self.client.id}/secrets", {"overlap_seconds": 0})
        self.assertEqual(attempt(self.client, old).status, 401)
        self.burst(self.client, 31)
        restart(self.ledger)
        self.assertEqual(self.alerts(), [])

    def test_the_list(self):
        self.policy(denial_burst={"threshold": 1})
        other = self.ledger.add_client("Second watched client")
        self.burst(self.client, 1)
        first = self.alert()
        self.burst(other, 1)
        until(lambda: len(self.alerts()) == 2, "two alerts")
        newest, oldest = self.alerts()
        self.assertEqual((newest["client"], oldest), (other.id, first))
        self.assertEqual(self.alerts(client=self.client.id), [first])
        self.assertEqual(self.alerts(rule="new_network"), [])
        self.assertEqual(self.alerts(**{"recorded.to": newest["recorded"]}), [first])
        self.assertEqual(self.alerts(**{"recorded.from": newest["recorded"]}), [newest])
        self.assertEqual(self.alerts(sort="recorded"), [first, newest])
        self.assertEqual(self.alerts(sort="-client", q=other.id[-9:]), [newest])
        self.assertEqual(self.alerts(as_of=first["position"]), [first])
        page = self.ledger.get("/alerts", per_page=1, page=2)
        self.assertEqual((page["items"], page["total"]), ([first], 2))
        answer = self.ledger.admin(
            "GET", "/alerts?per_page=all", headers={"Accept": "application/x-ndjson"})
        self.assertEqual([json.loads(line) for line in answer.body.splitlines()], [newest, first])
        answer = self.ledger.admin("GET", "/alerts", headers={"Accept": "text/csv"})
        self.assertEqual(len(answer.body.split(b"\r\n")), 4)
        for name, value in (("rule", "rain"), ("client", "x"), ("recorded.from", "noon"), ("colour", "1")):
            answer = self.ledger.admin("GET", f"/alerts?{name}={value}")
            self.assertEqual((answer.status, answer.fields), (400, [name]))


class Policies(GuardTest):
    PATH = "/policy"

    def patch(self, body, tag="*"):
        return self.ledger.admin("PATCH", self.PATH, body, headers={"If-Match": tag})

    def test_a_revision(self):
        answer = self.ledger.admin("GET", self.PATH)
        before = answer.json
        self.assertEqual(before, {
            "denial_burst": {"action": "alert", "threshold": 30},
            "new_network": {"action": "alert"}, "replaced_secret": {"action": "alert"}})
        tag = answer.headers["ETag"]
        changed = self.patch({"denial_burst": {"threshold": 50}, "reason": "much traffic"}, tag)
        self.assertEqual(changed.status, 200, changed)
        after = before | {"denial_burst": {"action": "alert", "threshold": 50}}
        self.assertEqual(changed.json, after)
        self.assertNotEqual(changed.headers["ETag"], tag)
        position = int(changed.headers["Ledger-Position"])
        event = self.ledger.get(f"/events/{position}")
        self.assertEqual(event["data"], {
            "after": {"denial_burst": {"threshold": 50}},
            "before": {"denial_burst": {"threshold": 30}}})
        self.assertEqual((event["type"], event["reason"]), ("policy.revised", "much traffic"))
        self.assertProblem(self.patch({"new_network": {"action": "none"}}, tag), 412)
        same = self.patch({"denial_burst": {"threshold": 50}})
        self.assertNotIn("Ledger-Position", same.headers)
        self.ledger.stop()
        self.ledger.start()
        self.assertEqual(self.ledger.get(self.PATH), after)
        self.assertEqual(self.ledger.get(self.PATH, as_of=position - 1), before)
        self.assertEqual(self.patch(before).json, before)

    def test_what_cannot_be_taken(self):
        cases = [
            ({"denial_burst": {"action": "shout"}}, ["denial_burst.action"]),
            ({"denial_burst": {"action": None}}, ["denial_burst.action"]),
            ({"denial_burst": {"threshold": 0}}, ["denial_burst.threshold"]),
            ({"denial_burst": {"threshold": 1_000_001}}, ["denial_burst.threshold"]),
            ({"denial_burst": None, "new_network": "none"}, ["denial_burst", "new_network"]),
            ({"new_network": {"threshold": 3}}, ["new_network.threshold"]),
            ({"rain": {"action": "alert"}, "reason": ""}, ["rain", "reason"]),
        ]
        for body, fields in cases:
            with self.subTest(body):
                self.assertProblem(self.patch(body), 422, fields)
        self.assertProblem(self.ledger.admin("PATCH", self.PATH, {}), 428)
        self.assertProblem(self.patch([]), 422)

    def test_who_may(self):
        reader = self.ledger.add_client("Policy reader", permissions="audit:read").token()
        nobody = self.ledger.add_client("Policy stranger").token()
        self.assertEqual(self.ledger.admin("GET", self.PATH, token=reader).status, 200)
        self.assertIn(self.ledger.admin("GET", self.PATH, token=nobody).status, (401, 403))
        self.assertEqual(self.ledger.admin("GET", "/alerts", token=reader).status, 200)
        answer = self.ledger.admin(
            "PATCH", self.PATH, {}, token=reader, headers={"If-Match": "*"})
        self.assertProblem(answer, 403)
