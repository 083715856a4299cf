"""What was done with what has leaked: found in the log, held against a second finder, and ended."""

import datetime
import ipaddress
import json
import os
import random
import subprocess
import unittest

from ledger import PROGRAM, Client, Ledger, basic, registration, run

HOME, ELSEWHERE, THIRD = "203.0.113.7", "198.51.100.7", "2001:db8::7"
LISTS = ("alerts", "changes", "charges", "denied", "tokens", "uncertain")


def impact(ledger, *arguments):
    result = run("replay", "impact", "--data", ledger.data, "--json", *arguments)
    assert result.returncode == 0, result
    return json.loads(result.stdout)


class Finder:
    """What an incident comes to, from the events alone and one after the other."""

    def __init__(self, events, kind, value, first=0, last=None):
        self.kind, self.value = kind, value
        self.window = range(first, len(events) if last is None else last)
        self.issued = {}
        self.clients = {value: 0} if kind == "client" else {}
        self.secrets = {value: 0} if kind == "secret" else {}
        self.holders, self.owners = set(), {}
        self.found = {name: [] for name in LISTS}
        self.depths, self.touched, self.reads, self.attempts = {}, {}, {}, 0
        for event in events:
            self.look(event, event["data"], event["type"], event["position"])

    def near(self, address):
        if self.kind != "address":
            return False
        try:
            mine, other = ipaddress.ip_network(self.value), ipaddress.ip_network(address)
        except ValueError:
            return False
        return mine.version == other.version and mine.overlaps(other)

    def depth_of_token(self, position):
        client, secret, address = self.issued[position]
        return self.least(self.secrets.get(secret), self.clients.get(client),
                          0 if self.near(address) else None)

    @staticmethod
    def least(*depths):
        return min((depth for depth in depths if depth is not None), default=None)

    def look(self, event, data, type, position):
        actor = event["actor"]
        if type == "token.issued":
            self.issued[position] = (actor["id"], data["secret"], actor["address"])
            if position in self.window and self.depth_of_token(position) is not None:
                self.note("tokens", event, self.depth_of_token(position))
        elif position in self.window:
            if type == "authentication.denied":
                if (event["subject"] in self.clients or data.get("secret") in self.secrets
                        or self.near(data.get("source", ""))):
                    self.found["denied"].append(position)
                    self.attempts += data["count"]
            elif type == "alert.raised":
                if (event["subject"] in self.clients or data.get("secret") in self.secrets
                        or self.near(data.get("source", data.get("network", "")))
                        or event.get("cause") in self.issued
                        and self.depth_of_token(event["cause"]) is not None):
                    self.found["alerts"].append(position)
            elif actor["kind"] == "client":
                self.attribute(event, data, type, actor)
        made = {"client.added": (data.get("secret"), event["subject"]),
                "secret.rotated": ({"id": event["subject"]}, data.get("client"))}.get(type)
        if made:
            self.owners[made[0]["id"]] = made[1]
        if made and made[0]["id"] in self.secrets:
            self.holders.add(made[1])

    def attribute(self, event, data, type, actor):
        depth = self.least(
            self.depth_of_token(actor["token"]) if "token" in actor else None,
            self.clients.get(actor["id"]), 0 if self.near(actor["address"]) else None)
        if depth is None:
            if "token" not in actor and actor["id"] in self.holders:
                self.found["uncertain"].append(event["position"])
            return
        if type == "client.added":
            self.clients[event["subject"]] = depth + 1
        if type == "secret.rotated":
            self.secrets[event["subject"]] = depth + 1
        if "token" in actor and self.near(actor["address"]):
            self.depths.setdefault(("tokens", actor["token"]), 0)
        if type == "audit.read":
            self.reads[data["what"]] = self.reads.get(data["what"], 0) + data["count"]
            return
        things = {event["subject"]} | {
            data[name] for name in ("account", "client", "project") if name in data}
        if type == "billing.charged":
            self.note("charges", event, depth)
            things = {data["account"]}
        else:
            self.note("changes", event, depth)
        if type == "client.added":
            things = {event["subject"], data["project"], data["secret"]["id"]}
        if type == "role.granted":
            things = {event["subject"]}
        things |= {each["id"] for each in data.get("replaced", [])}
        for thing in things:
            if not thing.startswith("tok_"):
                self.touched[thing] = self.touched.get(thing, 0) + 1

    def note(self, name, event, depth):
        self.found[name].append(event["position"])
        self.depths[name, event["position"]] = depth

    def secrets_known(self):
        """Suspected secrets, and those of suspected clients."""
        others = {secret: self.clients[client] for secret, client in self.owners.items()
                  if client in self.clients}
        shown = {self.issued[position][1]: 0 for position in self.tokens
                 if position in self.window and self.near(self.issued[position][2])}
        return others | shown | self.secrets

    @property
    def tokens(self):
        return sorted(position for name, position in self.depths if name == "tokens")


class Incident(unittest.TestCase):
    """A ledger in which much happens, from several addresses, by holders of several secrets."""

    SEED = 20261121

    @classmethod
    def setUpClass(cls):
        cls.ledger = Ledger(serve=("--trusted-proxy", "127.0.0.1"))
        cls.addClassCleanup(cls.ledger.close)
        cls.random = random.Random(cls.SEED)
        ledger = cls.ledger
        cls.account = ledger.create(
            "/accounts", {"name": "Acme", "currency": "EUR", "plan": "standard"})["id"]
        cls.projects = [ledger.create("/projects", {"name": name, "account": cls.account})["id"]
                        for name in ("Shop", "Stock")]
        # What there is to be used, be it ended.
        cls.credentials, cls.tokens, cls.names = [], [], iter(range(1_000))
        for number in range(3):
            client = ledger.add_client(f"Leader {number}", cls.projects[number % 2])
            ledger.grant(client.id, "owner")
            cls.credentials.append(client)
        for number in range(2):
            cls.credentials.append(ledger.add_client(f"Worker {number}", cls.projects[number]))
        for _ in range(150):
            cls.happen()
        cls.ledger.stop()
        cls.ledger.start()
        cls.events = [json.loads(line) for line in ledger.request(
            "GET", "/admin/events", headers={
                "Authorization": f"Bearer {ledger.operator.token()}",
                "Accept": "application/x-ndjson"}).body.splitlines()]

    @classmethod
    def tearDownClass(cls):
        cls.ledger.check()

    @classmethod
    def call(cls, method, path, body, token, address):
        return cls.ledger.admin(method, path, body, token=token, headers={
            "X-Forwarded-For": address, "If-Match": "*"})

    @classmethod
    def happen(cls):
        ledger, pick = cls.ledger, cls.random.random()
        address = cls.random.choice([HOME, HOME, ELSEWHERE, THIRD])
        # Mostly the newest, so that much is made with what was made.
        newest = -4 if cls.random.random() < 0.6 else 0
        credential = cls.random.choice(cls.credentials[newest:])
        if pick < 0.4 or not cls.tokens:
            answer = ledger.form(
                "/connect/token", {"grant_type": "client_credentials"},
                {"X-Forwarded-For": address,
                 "Authorization": basic(credential.id, credential.secret)})
            if answer.status == 200:
                cls.tokens.append(answer.json["access_token"])
            return
        token = cls.random.choice(cls.tokens[newest:])
        project = cls.random.choice(cls.projects)
        if pick < 0.5:
            answer = cls.call("POST", f"/projects/{project}/clients",
                              registration(f"Added {next(cls.names)}"), token, address)
            if answer.status == 201:
                added = Client(ledger, answer.json["client"]["id"], answer.json["client_secret"],
                               answer.json["secret"]["id"])
                cls.credentials.append(added)
                if cls.random.random() < 0.7:
                    cls.call("POST", f"/clients/{added.id}/roles",
                             {"role": "owner", "reason": "so that more can happen"}, token, address)
        elif pick < 0.65:
            answer = cls.call("POST", f"/clients/{credential.id}/secrets",
                              {"overlap_seconds": cls.random.choice([0, 3600])}, token, address)
            if answer.status == 201:
                cls.credentials.append(Client(
                    ledger, credential.id, answer.json["client_secret"],
                    answer.json["secret"]["id"]))
        elif pick < 0.72:
            ledger.form("/connect/revoke", {"token": cls.random.choice(cls.tokens)},
                        {"X-Forwarded-For": address,
                         "Authorization": basic(credential.id, credential.secret)})
        elif pick < 0.8:
            cls.call("PATCH", f"/projects/{project}", {
                "description": f"Described {next(cls.names)} times"}, token, address)
        elif pick < 0.85:
            cls.call("DELETE", f"/clients/{credential.id}/secrets/{credential.secret_id}", None,
                     token, address)
        elif pick < 0.93:
            cls.call("GET", f"/clients/{credential.id}/history", None, token, address)
        else:
            ledger.form("/connect/token", {"grant_type": "client_credentials"},
                        {"X-Forwarded-For": address,
                         "Authorization": basic(credential.id, credential.secret[:-1] + "~")})

    def compare(self, kind, value, *window):
        """The program's findings and those of the finder."""
        flags = [f"--{kind}", value]
        first, last = 0, len(self.events)
        times = [event["recorded"] for event in self.events]
        for flag, at in zip(("--from", "--to"), window):
            flags += [flag, times[at]]
            bound = times.index(times[at])
            first, last = (bound, last) if flag == "--from" else (first, bound)
        found = impact(self.ledger, *flags)
        expected = Finder(self.events, kind, value, first, last)
        for name in LISTS:
            positions = expected.tokens if name == "tokens" else expected.found[name]
            self.assertEqual([item["position"] for item in found[name]], positions, name)
        for name in ("tokens", "changes", "charges"):
            for item in found[name]:
                depth = expected.depths[name, item["position"]]
                self.assertEqual(item["depth"], depth, (name, item))
        touched = {item["id"]: item["changes"] for item in found["touched"]}
        self.assertEqual(touched, expected.touched)
        self.assertEqual({item["what"]: item["count"] for item in found["reads"]}, expected.reads)
        depths = expected.clients | expected.secrets_known()
        for credential in found["credentials"]:
            self.assertEqual(credential["depth"], depths.pop(credential["id"], 0))
        self.assertEqual(depths, {})
        self.assertEqual(found["counts"], {
            "tokens": len(found["tokens"]), "changes": len(found["changes"]),
            "live_tokens": sum(token["live"] for token in found["tokens"]),
            "clients_added": sum(depth > 0 for depth in expected.clients.values()),
            "secrets_made": sum(depth > 0 for depth in expected.secrets_known().values()),
            "charges": len(found["charges"]), "touched": len(touched),
            "denied_attempts": expected.attempts, "alerts": len(found["alerts"]),
            "audit_reads": sum(expected.reads.values()), "uncertain": len(found["uncertain"])})
        self.assertEqual(found["suspect"], {kind: value})
        return found

    def test_every_secret_and_client(self):
        deepest, seen = 0, set()
        for credential in self.credentials:
            with self.subTest(seed=self.SEED, secret=credential.secret_id):
                found = self.compare("secret", credential.secret_id)
                deepest = max([deepest, *(each["depth"] for each in found["credentials"])])
                seen |= {name for name in LISTS if found[name]}
        for client in {credential.id for credential in self.credentials}:
            with self.subTest(seed=self.SEED, client=client):
                self.compare("client", client)
        self.assertGreater(deepest, 2)
        self.assertEqual(seen, set(LISTS))

    def test_addresses(self):
        for network in (HOME, "203.0.113.0/24", f"{ELSEWHERE}/32", "0.0.0.0/0", THIRD,
                        "2001:db8::/32", "192.0.2.1"):
            with self.subTest(seed=self.SEED, network=network):
                self.compare("address", str(ipaddress.ip_network(network)))

    def test_times(self):
        count = len(self.events)
        for kind, value in (
                ("secret", self.credentials[0].secret_id), ("client", self.credentials[1].id),
                ("address", "203.0.113.0/24")):
            for window in ((count // 3,), (count // 3, count // 2), (0, count // 2)):
                with self.subTest(seed=self.SEED, kind=kind, window=window):
                    self.compare(kind, value, *window)

    def test_tokens_are_as_the_server_sees_them(self):
        found = impact(self.ledger, "--address", "0.0.0.0/0")
        listed = {token["id"]: token for token in self.listed()}
        for token in found["tokens"]:
            other = listed[token["id"]]
            for name in ("address", "client", "issued", "position", "secret"):
                self.assertEqual(token[name], other[name])
            self.assertEqual(token["live"], other["active"])
            self.assertEqual(token.get("inactive_because"), other.get("inactive_because"))
            expires = datetime.datetime.fromisoformat(token["expires"].replace("Z", "+00:00"))
            self.assertEqual(expires.timestamp(), other["exp"])

    def listed(self):
        after, items = {}, []
        while True:
            page = self.ledger.get("/tokens", limit=1_000, **after)
            items += page["items"]
            if "next" not in page:
                return items
            after = {"after": page["next"]}

    def test_words_have_the_counts_first(self):
        secret = self.credentials[0].secret_id
        found = impact(self.ledger, "--secret", secret)
        result = run("replay", "impact", "--data", self.ledger.data, "--secret", secret)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        blocks = [block.splitlines() for block in result.stdout.split("\n\n")]
        self.assertIn(secret, blocks[0][0])
        self.assertEqual([int(line.split()[-1]) for line in blocks[1]], [
            found["counts"][name] for name in (
                "tokens", "live_tokens", "clients_added", "secrets_made", "charges", "changes",
                "touched", "denied_attempts", "alerts", "audit_reads", "uncertain")])
        lines = {block[0]: block[1:] for block in blocks[2:]}
        self.assertEqual([int(line.split()[0]) for line in lines["tokens"]],
                         [token["position"] for token in found["tokens"]])
        for line, change in zip(lines["changes"], found["changes"], strict=True):
            self.assertIn(change["what"], line)

    def test_calls_that_are_wrong(self):
        secret, data = self.credentials[0].secret_id, ["--data", self.ledger.data]
        for arguments, status in [
            ([], 2), (["--secret", secret, "--client", self.credentials[0].id], 2),
            (["--secret", self.credentials[0].id], 2), (["--client", "Leader"], 2),
            (["--address", "203.0.113.1/24"], 2), (["--address", "everywhere"], 2),
            (["--secret", secret, "--from", "yesterday"], 2),
            (["--secret", secret, "--to", "7"], 2),
            (["--secret", secret, "--from", "2026-01-02T00:00:00Z",
              "--to", "2026-01-01T00:00:00Z"], 2),
            (["--secret", "sec_00000000000000000000000000"], 1),
            (["--client", "cli_00000000000000000000000000"], 1),
        ]:
            with self.subTest(arguments):
                result = run("replay", "impact", *data, *arguments)
                self.assertEqual((result.returncode, result.stdout), (status, ""), result)
                self.assertTrue(result.stderr)

    def test_a_secret_for_its_identifier(self):
        """Is not repeated, neither here nor where any thing can be named; the way to its id is."""
        secret, data = "tsk_live_mistaken", ["--data", self.ledger.data]
        for command in (["impact", "--secret", secret], ["impact", "--client", secret],
                        ["history", secret], ["export", "--subject", secret],
                        ["as-of", "--position", "0", "--subject", secret],
                        ["explain", secret]):
            result = run("replay", *command, *data)
            self.assertEqual((result.returncode, result.stdout), (2, ""), result)
            self.assertNotIn(secret, result.stderr)
        result = run("replay", "impact", "--secret", secret, *data)
        self.assertIn("/admin/secrets?last_four=", result.stderr)
        result = run("replay", "impact", "--data", "/nowhere", "--secret", secret)
        self.assertEqual(result.returncode, 3)

    def test_a_reader_that_went_away(self):
        reading, writing = os.pipe()
        os.close(reading)
        with os.fdopen(writing) as pipe:
            result = subprocess.run(
                [PROGRAM, "replay", "impact", "--data", self.ledger.data, "--address", "0.0.0.0/0"],
                stdout=pipe, stderr=subprocess.PIPE, timeout=60)
        self.assertEqual((result.returncode, result.stderr), (1, b""))


class Ended(unittest.TestCase):
    """From what has leaked to the end of it."""

    def test_what_is_listed_ends_and_nothing_else(self):
        with Ledger() as ledger:
            project = ledger.create(
                "/projects", {"name": "Shop", "account": ledger.genesis["account"]})["id"]
            leaked = ledger.add_client("Deploys the shop", project)
            ledger.grant(leaked.id, "manager", project=project)
            victim, bystander = [
                ledger.add_client(name, project) for name in ("Victim", "Bystander")]
            kept = [leaked.token(), bystander.token(), victim.token()]
            # The secret that replaced the leaked one in time is not suspected.
            answer = ledger.create(f"/clients/{leaked.id}/secrets", {})
            fresh = Client(ledger, leaked.id, answer["client_secret"], answer["secret"]["id"])
            good = [fresh.token(), *kept[1:]]
            stolen = leaked.token()
            path = f"/projects/{project}/clients"
            added = ledger.create(path, registration("Looks harmless"), token=stolen)
            door = Client(ledger, added["client"]["id"], added["client_secret"])
            ledger.create(f"/clients/{victim.id}/secrets", {}, token=stolen)
            taken = ledger.create(f"/clients/{victim.id}/secrets", {}, token=stolen)
            other = Client(ledger, victim.id, taken["client_secret"])
            bad = [kept[0], stolen, door.token(), other.token()]
            for token in good + bad:
                self.assertTrue(ledger.operator.introspect(token)["active"])
            found = impact(ledger, "--secret", leaked.secret_id)
            self.assertEqual(found["counts"]["live_tokens"], len(bad))
            self.assertEqual(found["revocations"]["clients"], [door.id])
            self.assertEqual(len(found["revocations"]["secrets"]), 3)
            body = found["revocations"] | {"reason": "the secret was found in a public repository"}
            shown = ledger.admin("POST", "/revocations", body | {"dry_run": True})
            self.assertEqual(shown.status, 200, shown)
            self.assertEqual(shown.json["before"]["live_tokens"], len(bad))
            answer = ledger.admin(
                "POST", "/revocations", body | {"confirm": shown.json["confirm"]})
            self.assertEqual(answer.status, 200, answer)
            self.assertEqual(answer.json["after"]["live_tokens"], 0)
            for token in good:
                self.assertTrue(ledger.operator.introspect(token)["active"])
            for token in bad:
                self.assertFalse(ledger.operator.introspect(token)["active"])
            for client, status in ((leaked, 401), (door, 401), (other, 401), (fresh, 200),
                                   (bystander, 200), (victim, 200)):
                self.assertEqual(client.ask().status, status)
            left = impact(ledger, "--secret", leaked.secret_id)
            self.assertEqual(left["counts"]["live_tokens"], 0)
            self.assertEqual(left["revocations"], {
                "clients": [], "grounds": "compromise", "secrets": [], "tokens": []})
            self.assertEqual({each["status"] for each in left["credentials"]}, {"revoked"})
            ledger.check()

    def test_a_token_that_was_shown_elsewhere_ends_by_itself(self):
        with Ledger(serve=("--trusted-proxy", "127.0.0.1")) as ledger:
            client = ledger.add_client("Reads the log", permissions="audit:read projects:write")
            token, other = client.token(), client.token()
            body = {"name": "Made elsewhere", "account": ledger.genesis["account"]}
            ledger.create("/projects", body, token=token, headers={"X-Forwarded-For": HOME})
            found = impact(ledger, "--address", HOME)
            position = ledger.get("/tokens", client=client.id)["items"][0]["position"]
            self.assertEqual([each["position"] for each in found["tokens"]], [position])
            self.assertEqual(
                [each["position"] for each in found["revocations"]["tokens"]], [position])
            body = found["revocations"] | {"reason": "shown from where nobody of ours is"}
            confirm = ledger.admin("POST", "/revocations", body | {"dry_run": True}).json["confirm"]
            self.assertEqual(
                ledger.admin("POST", "/revocations", body | {"confirm": confirm}).status, 200)
            self.assertFalse(ledger.operator.introspect(token)["active"])
            self.assertTrue(ledger.operator.introspect(other)["active"])
