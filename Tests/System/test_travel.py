"""The past from the log alone, against what the server answers of it and what it answered then."""

import base64
import datetime
import json

from checkpoints import record_hash, root
from ledger import LedgerTest, claims, run, until

LISTS = ["accounts", "charges", "clients", "plans", "projects", "roles", "secrets"]
# What only the server knows at once, and what only a picture shows.
BESIDE = {"last_token", "last_used", "tokens_issued", "acknowledgements", "roles", "live_tokens"}


def things(items):
    """What two ways of showing things have in common."""
    shown = [{name: value for name, value in item.items() if name not in BESIDE}
             for item in items if not item.get("built_in")]
    return sorted(shown, key=lambda item: item["id"])


def clock(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def utc_now():
    return clock(datetime.datetime.now(datetime.timezone.utc))


class Step:
    """What the server said of everything right after a change."""

    def __init__(self, name, position, ledger, tokens):
        self.name, self.position = name, position
        self.lists = {path: things(ledger.get(f"/{path}", per_page="all")["items"])
                      for path in LISTS}
        self.policy = ledger.get("/policy")
        self.active = {token: ledger.operator.introspect(text)["active"]
                       for token, text in tokens.items()}
        self.time = utc_now()


class Journey(LedgerTest):
    """A ledger with a history of every kind, and what the server said at each step of it."""

    maxDiff = None
    serve = ("--trusted-proxy", "127.0.0.1")

    @classmethod
    def prepare(cls):
        cls.steps, cls.tokens = [], {}
        cls.things()
        cls.keys()
        cls.endings()
        cls.ends()
        cls.ledger.stop()
        cls.ledger.start()

    @classmethod
    def take(cls, name, answer):
        """Notes what the server says after a change."""
        assert answer.status in (200, 201), answer
        position = int(answer.headers["Ledger-Position"])
        cls.steps.append(Step(name, position, cls.ledger, cls.tokens))
        return answer.json

    @classmethod
    def change(cls, name, method, path, body=None):
        headers = {} if method == "POST" else {"If-Match": "*"}
        return cls.take(name, cls.ledger.admin(method, path, body, headers=headers))

    @classmethod
    def buy(cls, name, client, **form):
        """A token, and what the server says then."""
        headers = client.authorization | {"X-Forwarded-For": "203.0.113.7"}
        if "host" in form:
            headers["X-Forwarded-Host"] = form.pop("host")
        form = {"grant_type": "client_credentials"} | form
        answer = cls.ledger.form("/connect/token", form, headers)
        assert answer.status == 200, answer
        cls.tokens[name] = answer.json["access_token"]
        position = claims(cls.tokens[name])["ledger_position"]
        cls.steps.append(Step(name, position, cls.ledger, cls.tokens))

    @classmethod
    def things(cls):
        cls.tokens["bearer"] = cls.ledger.bearer = cls.ledger.operator.token()
        cls.plan = cls.change("plan", "POST", "/plans", {
            "name": "Yen", "rates": [
                {"item": "application_fee", "amount": 900, "currency": "JPY"}]})["id"]
        cls.account = cls.change("account", "POST", "/accounts", {
            "name": "Acme", "currency": "JPY", "plan": "Yen"})["id"]
        cls.project = cls.change("project", "POST", "/projects", {
            "name": "Shop", "account": cls.account, "description": "Checkout"})["id"]
        cls.change("rename", "PATCH", f"/projects/{cls.project}", {"name": "Shops"})
        cls.change("scope", "POST", f"/projects/{cls.project}/scopes", {
            "name": "coreapi", "description": "The core"})
        cls.change("scope 2", "POST", f"/projects/{cls.project}/scopes", {
            "name": "billing.read", "description": "Bills"})
        cls.role = cls.change("role", "POST", "/roles", {
            "name": "Readers", "permissions": ["clients:read"]})["id"]

    @classmethod
    def keys(cls):
        cls.clients = {}
        for name in ("single", "voided", "secret", "edited", "deleted", "revoked", "short"):
            fields = {"token_lifetime": 1} if name == "short" else {}
            cls.clients[name] = cls.ledger.add_client(f"Client {name}", cls.project, **fields)
            if name != "short":
                cls.buy(name, cls.clients[name])
        cls.clients["kept"] = cls.ledger.add_client("Client kept", cls.project)
        cls.buy("kept", cls.clients["kept"], scope="coreapi")
        cls.grant = cls.change("grant", "POST", f"/clients/{cls.clients['kept'].id}/roles", {
            "role": cls.role, "project": cls.project, "reason": "to look"})["id"]
        cls.change("role revised", "PATCH", f"/roles/{cls.role}", {
            "permissions": ["clients:read", "tokens:read"]})
        rotated = cls.change("rotated", "POST", f"/clients/{cls.clients['kept'].id}/secrets", {
            "overlap_seconds": 3600})
        cls.second = rotated["secret"]["id"]
        cls.change("policy", "PATCH", "/policy", {
            "new_network": {"action": "none"}, "reason": "too loud"})

    @classmethod
    def endings(cls):
        """Tokens end in every way."""
        ids = {name: client.id for name, client in cls.clients.items()}
        position = claims(cls.tokens["single"])["ledger_position"]
        answer = cls.clients["single"].revoke(cls.tokens["single"])
        assert answer.status == 200, answer
        last = cls.ledger.events(type="token.revoked")[-1]
        assert json.loads(last)["cause"] == position
        cls.steps.append(Step(
            "single revoked", json.loads(last)["position"], cls.ledger, cls.tokens))
        cls.change("disabled", "POST", f"/clients/{ids['voided']}/disable", {"reason": "odd"})
        cls.change("enabled", "POST", f"/clients/{ids['voided']}/enable", {"reason": "fine"})
        cls.change("disabled again", "POST", f"/clients/{ids['voided']}/disable", {})
        cls.change("secret ended", "DELETE",
                   f"/clients/{ids['secret']}/secrets/{cls.clients['secret'].secret_id}"
                   "?reason=leaked")
        cls.change("edited down", "PATCH", f"/clients/{ids['edited']}", {"scope": "coreapi"})
        cls.change("client deleted", "DELETE", f"/clients/{ids['deleted']}?reason=over")
        cls.change("client revoked", "POST", f"/clients/{ids['revoked']}/revocations", {
            "grounds": "compromise", "reason": "found on a wall"})

    @classmethod
    def ends(cls):
        """Domains, an account, and time."""
        domains = f"/projects/{cls.project}/domains"
        cls.change("domain", "POST", domains, {"domain": "shop.example"})
        cls.change("domain 2", "POST", domains, {"domain": "api.example"})
        for name in ("in domain", "in domain 2"):
            host = "shop.example" if name == "in domain" else "api.example"
            cls.buy(name, cls.clients["kept"], host=host)
        cls.change("domain off", "PATCH", f"{domains}/shop.example", {"active": False})
        cls.change("domain on", "PATCH", f"{domains}/shop.example", {"active": True})
        cls.change("domain gone", "DELETE", f"{domains}/api.example?reason=sold")
        cls.buy("of account", cls.clients["kept"], host="shop.example")
        cls.change("suspended", "POST", f"/accounts/{cls.account}/suspend", {"reason": "unpaid"})
        cls.change("resumed", "POST", f"/accounts/{cls.account}/resume", {})
        cls.buy("short", cls.clients["short"], host="shop.example")
        until(lambda: not cls.ledger.operator.introspect(cls.tokens["short"])["active"], "expired")
        cls.change("withdrawn", "DELETE", f"/clients/{cls.clients['kept'].id}/roles/{cls.grant}")
        cls.change("role removed", "DELETE", f"/roles/{cls.role}")
        cls.change("renamed", "PATCH", f"/accounts/{cls.account}", {"name": "Acme Ltd"})

    def replay(self, command, *arguments):
        """The exit status and what a command prints, JSON where it is some."""
        result = run("replay", command, *arguments, "--data", self.ledger.data, "--json")
        return result.returncode, json.loads(result.stdout) if result.stdout else result.stderr

    def shown(self, *flags):
        status, picture = self.replay("as-of", *flags)
        self.assertEqual(status, 0, picture)
        return picture

    def words(self, command, *arguments):
        result = run("replay", command, *arguments, "--data", self.ledger.data)
        return result.returncode, result.stdout + result.stderr

    def lines(self):
        """Every event as it is stored."""
        answer = self.ledger.admin("GET", "/events", headers={"Accept": "application/x-ndjson"})
        return answer.body.splitlines()

    def all_events(self):
        return [json.loads(line) for line in self.lines()]

    def moments(self):
        """The last event of every command."""
        return [event for event in self.all_events()
                if "part" not in event or event["part"][0] == event["part"][1] - 1]


class AsOf(Journey):
    def test_what_the_server_said_at_each_step(self):
        self.assertGreater(len(self.steps), 35)
        for step in self.steps:
            with self.subTest(step.name):
                picture = self.shown("--position", step.position)
                for name in LISTS:
                    self.assertEqual(things(picture[name]), step.lists[name])
                self.assertEqual(picture["ledger"]["policy"], step.policy)
                # That one expires within a second: before or behind what the server said.
                if step.name != "short":
                    self.assertEqual(
                        picture["counts"]["live_tokens"], sum(step.active.values()), step.active)

    def test_what_the_server_says_of_moments_between(self):
        hashes = [record_hash(line) for line in self.lines()]
        for event in self.moments()[::2]:
            position = event["position"]
            picture = self.shown("--position", position)
            top = base64.b64encode(root(hashes[:position + 1])).decode()
            self.assertEqual(picture["as_of"], {
                "position": position, "time": event["recorded"], "root": top})
            self.assertEqual(picture["counts"]["events"], position + 1)
            for name in LISTS:
                if name == "roles":
                    continue
                answer = self.ledger.get(f"/{name}", as_of=position, per_page="all")
                self.assertEqual(things(picture[name]), things(answer["items"]), position)
            for client in picture["clients"]:
                answer = self.ledger.get(f"/clients/{client['id']}/roles", as_of=position)
                self.assertEqual(client["roles"], answer["items"])

    def test_acknowledgements_are_those_of_the_log(self):
        said = {event["subject"]: event["data"]["acknowledgements"]
                for event in self.all_events() if event["type"] == "client.added"}
        for client in self.shown("--position", self.steps[-1].position)["clients"]:
            self.assertEqual(client["acknowledgements"], said[client["id"]])

    def test_times(self):
        for event in self.moments()[3::7]:
            by_position = self.shown("--position", event["position"])
            self.assertEqual(self.shown("--time", event["recorded"]), by_position)
        before = datetime.datetime.fromisoformat(event["recorded"].replace("Z", "+00:00"))
        earlier = self.shown("--time", clock(before - datetime.timedelta(microseconds=1)))
        self.assertLess(earlier["as_of"]["position"], event["position"])

    def test_one_thing_and_what_belongs_to_it(self):
        moment = next(step for step in self.steps if step.name == "policy").position
        client = self.clients["kept"]
        whole = self.shown("--position", moment)

        def found(subject, position=moment):
            return self.shown("--position", position, "--subject", subject)

        def ids(picture, name):
            return {item["id"] for item in picture[name]}

        account = found(self.account)
        self.assertEqual(ids(account, "accounts"), {self.account})
        self.assertEqual(ids(account, "plans"), {self.plan})
        self.assertEqual(ids(account, "projects"), {self.project})
        self.assertEqual(ids(account, "clients"), {each.id for each in self.clients.values()})
        self.assertEqual(len(account["charges"]), len(self.clients))
        self.assertEqual(account["counts"]["live_tokens"], 7)
        project = found(self.project)
        self.assertEqual(project["clients"], account["clients"])
        self.assertEqual(project["accounts"], [])
        one = found(client.id)
        self.assertEqual(one["clients"], [
            each for each in whole["clients"] if each["id"] == client.id])
        self.assertEqual(ids(one, "secrets"), {client.secret_id, self.second})
        self.assertEqual(one["clients"][0]["live_tokens"], 1)
        self.assertEqual([role["id"] for role in one["clients"][0]["roles"]], [self.grant])
        self.assertEqual(found(self.second)["secrets"], [
            each for each in whole["secrets"] if each["id"] == self.second])
        self.assertEqual(ids(found(self.plan), "accounts"), {self.account})
        self.assertEqual(ids(found(self.role), "clients"), {client.id})
        self.assertEqual(ids(found(self.grant), "clients"), {client.id})
        self.assertEqual(found(whole["keys"][0]["id"])["keys"], whole["keys"])
        self.assertEqual(found(whole["ledger"]["id"])["ledger"], whole["ledger"])
        token = claims(self.tokens["single"])["jti"]
        now = self.steps[-1].position
        self.assertEqual(found(token, now)["token"], self.ledger.get(f"/tokens/{token}"))
        self.assertTrue(found(token)["token"]["active"])

    def test_revocations_in_force(self):
        events = {event["position"]: event for event in self.all_events()}
        last = self.steps[-1].position
        found = self.shown("--position", last)["revocations"]
        self.assertEqual([token["id"] for token in found["tokens"]],
                         [claims(self.tokens["single"])["jti"]])
        self.assertEqual(
            {item["id"] for item in found["voided"]},
            {self.clients[name].id for name in ("voided", "edited", "deleted", "revoked")}
            | {self.clients["secret"].secret_id, self.account})
        for item in found["voided"]:
            self.assertEqual(events[item["before"]]["subject"], item["id"])
        first = self.shown("--position", self.steps[0].position)["revocations"]
        self.assertEqual(first, {"tokens": [], "voided": []})

    def test_words(self):
        step = next(step for step in self.steps if step.name == "role revised")
        status, text = self.words("as-of", "--position", step.position)
        self.assertEqual(status, 0)
        client = self.clients["kept"]
        for line in (
                f"as of position {step.position}, ",
                f'  {self.account} "Acme" active, JPY, plan "Yen"\n',
                f'  {self.project} "Shops" of account "Acme": Checkout\n    scope billing.read: "Bi',
                f'  {client.id} "Client kept" active, live, service, project "Shops", scope coreapi '
                "billing.read, audience http://127.0.0.1:8080, tokens for 3600 s, owned by "
                '"Ledger operator", 1 token good\n    role "Readers" for project "Shops"\n',
                f'  {client.secret_id} …{client.secret[-4:]} of client "Client kept", accepted\n',
                f'  {self.role} "Readers": clients:read, tokens:read\n'):
            self.assertIn(line, text)

    def test_what_there_was_not(self):
        last = self.all_events()[-1]["position"]
        first = self.all_events()[0]["recorded"]
        deleted = self.clients["deleted"].id
        gone = next(step for step in self.steps if step.name == "client deleted").position
        made = json.loads(self.ledger.events(subject=deleted)[0])["position"]
        cases = [
            (1, ["--position", last + 100], f"the log ends at position "),
            (1, ["--time", "2001-01-01T00:00:00Z"], f"the log begins with {first}"),
            (1, ["--time", "2999-01-01T00:00:00Z"], "is still to come"),
            (2, ["--position", made], f"within the command of positions {made} to {made + 1}"),
            (2, ["--position", "-1"], "--position must be"),
            (2, ["--position", "1e3"], "--position must be"),
            (2, ["--time", "yesterday"], "--time must be"),
            (2, [], "either --position or --time"),
            (2, ["--position", 1, "--time", first], "either --position or --time"),
            (2, ["--position", 1, "--subject", "nobody"], "--subject must be an identifier"),
            (1, ["--position", made - 1, "--subject", deleted],
             f"was not there yet at position {made - 1}: it was made at position {made}"),
            (1, ["--position", gone, "--subject", deleted],
             f"had ended at position {gone}: position {gone}"),
            (1, ["--position", gone, "--subject", deleted[:-4] + "zzzz"], "is not in this log"),
            (1, ["--position", 1, "--subject", claims(self.tokens["single"])["jti"]],
             "was not there yet at position 1"),
            (1, ["--position", 1, "--subject", self.grant], "was not there yet at position 1"),
        ]
        for status, flags, words in cases:
            with self.subTest(flags):
                found, text = self.words("as-of", *flags)
                self.assertEqual(found, status, text)
                self.assertIn(words, text)
        self.shown("--position", gone - 1, "--subject", deleted)


class History(Journey):
    def told(self, id):
        status, answer = self.replay("history", id)
        self.assertEqual(status, 0, answer)
        self.assertEqual(answer["id"], id)
        return answer["items"]

    def test_accounts_clients_and_projects_as_the_server_tells_them(self):
        paths = [f"accounts/{self.account}", f"projects/{self.project}"]
        paths += [f"clients/{client.id}" for client in self.clients.values()]
        paths.append(f"clients/{self.ledger.operator.id}")
        for path in paths:
            with self.subTest(path):
                expected = self.ledger.get(f"/{path}/history", limit=1000)["items"]
                self.assertGreater(len(expected), 1)
                self.assertEqual(self.told(path.split("/")[1]), expected)
                answer = self.ledger.admin("GET", f"/{path}/history?limit=1000", headers={
                    "Accept": "text/plain"})
                status, text = self.words("history", path.split("/")[1])
                self.assertEqual((status, text), (0, answer.body.decode()))

    def test_other_things(self):
        kept, gone = self.clients["kept"], self.clients["revoked"]

        def types(id):
            return [item["type"] for item in self.told(id)]

        self.assertEqual(types(kept.secret_id), ["client.added", "secret.rotated"])
        self.assertEqual(types(self.second), ["secret.rotated"])
        self.assertEqual(types(gone.secret_id), ["client.added", "client.revoked"])
        self.assertEqual(
            types(self.clients["secret"].secret_id), ["client.added", "secret.revoked"])
        self.assertEqual(types(self.role), [
            "role.defined", "role.granted", "role.revised", "role.withdrawn", "role.removed"])
        self.assertEqual(types(self.grant), ["role.granted", "role.withdrawn"])
        charges = types(self.plan)
        self.assertEqual(charges[:2], ["plan.defined", "plan.activated"])
        self.assertEqual(set(charges[2:]), {"billing.charged"})
        self.assertEqual(len(charges) - 2, len(self.clients))
        ledger = self.shown("--position", 5)["ledger"]["id"]
        self.assertEqual(types(ledger)[:2], ["ledger.created", "policy.revised"])

    def test_tokens(self):
        for name, what in [
                ("single", "token.revoked"), ("voided", "client.disabled"),
                ("secret", "secret.revoked"), ("edited", "client.edited"),
                ("deleted", "client.deleted"), ("revoked", "client.revoked"),
                ("in domain", "domain.changed"), ("in domain 2", "domain.removed"),
                ("of account", "account.suspended"), ("short", None), ("bearer", None)]:
            id = claims(self.tokens[name])["jti"]
            with self.subTest(name):
                items = self.told(id)
                self.assertEqual([item["type"] for item in items],
                                 ["token.issued"] + ([what] if what else []))
                self.assertEqual(items[0]["what"], f"token {id} issued")
                if what == "client.disabled":
                    self.assertEqual(items[1]["why"], "odd")

    def test_what_is_not_there(self):
        status, text = self.words("history", self.account[:-4] + "zzzz")
        self.assertEqual((status, "is not in this log" in text), (1, True), text)
        status, text = self.words("history", claims(self.tokens["short"])["jti"][:-4] + "zzzz")
        self.assertEqual((status, "is not in this log" in text), (1, True), text)
        status, text = self.words("history", "Shop")
        self.assertEqual((status, "ID must be an identifier" in text), (2, True), text)
        status, text = self.words("history")
        self.assertEqual((status, "ID is needed" in text), (2, True), text)


class Explain(Journey):
    def explained(self, name, *flags):
        status, answer = self.replay("explain", claims(self.tokens[name])["jti"], *flags)
        self.assertEqual(status, 0 if answer["accepted"] else 1)
        return answer

    def test_it_agrees_with_introspection_before_and_behind_every_change(self):
        refusals = set()
        for before, step in zip(self.steps, self.steps[1:]):
            for name in step.active:
                if before.active.get(name) == step.active[name] and step is not self.steps[-1]:
                    continue
                for each in (before, step):
                    answer = self.explained(name, "--at", each.time)
                    self.assertEqual(
                        answer["accepted"], each.active.get(name, False), (each.name, name, answer))
                    refusals.add(answer.get("refused_because"))
        self.assertEqual(refusals, {
            None, "not_yet_issued", "revoked", "client", "secret", "account", "domain", "expired"})

    def test_it_agrees_with_introspection_now(self):
        for name, token in self.tokens.items():
            with self.subTest(name):
                active = self.ledger.operator.introspect(token)["active"]
                self.assertEqual(self.explained(name)["accepted"], active)

    def test_before_a_token_and_at_its_end(self):
        event = json.loads(self.ledger.events(subject=claims(self.tokens["bearer"])["jti"])[0])
        issued = datetime.datetime.fromisoformat(event["recorded"].replace("Z", "+00:00"))
        microsecond = datetime.timedelta(microseconds=1)
        early = self.explained("bearer", "--at", clock(issued - microsecond))
        self.assertEqual(early["refused_because"], "not_yet_issued")
        self.assertTrue(self.explained("bearer", "--at", event["recorded"])["accepted"])
        end = datetime.datetime.fromtimestamp(event["data"]["exp"], datetime.timezone.utc)
        self.assertTrue(self.explained("bearer", "--at", clock(end - microsecond))["accepted"])
        late = self.explained("bearer", "--at", clock(end))
        self.assertEqual(late["refused_because"], "expired")
        self.assertNotIn("ended_by", late)
        first = self.explained("bearer", "--at", "2001-01-01T00:00:00Z")
        self.assertEqual(first["refused_because"], "not_yet_issued")
        self.assertNotIn("position", first)

    def test_which_event_ended_it(self):
        steps = {step.name: step.position for step in self.steps}
        for name, step, why in [
                ("single", "single revoked", None), ("voided", "disabled", "odd"),
                ("secret", "secret ended", "leaked"), ("edited", "edited down", None),
                ("deleted", "client deleted", "over"),
                ("revoked", "client revoked", "found on a wall"),
                ("in domain", "domain off", None), ("in domain 2", "domain gone", "sold"),
                ("of account", "suspended", "unpaid")]:
            with self.subTest(name):
                ending = self.explained(name)["ended_by"]
                self.assertEqual((ending["position"], ending.get("why")), (steps[step], why))

    def test_why_it_was_issued(self):
        client = self.clients["kept"]
        answer = self.explained("kept")
        event = json.loads(self.ledger.events(subject=claims(self.tokens["kept"])["jti"])[0])
        self.assertEqual(answer["token"], event["data"] | {
            "address": "203.0.113.7", "client": client.id, "id": event["subject"],
            "issued": event["recorded"], "position": event["position"]})
        added = json.loads(self.ledger.events(subject=client.id)[0])
        because = answer["because"]
        self.assertEqual(because["secret"], {
            "created": added["recorded"], "id": client.secret_id,
            "last_four": client.secret[-4:], "made_at_position": added["position"],
            "made_by": self.ledger.operator.id})
        then = self.shown("--position", event["position"])
        self.assertEqual(because["client"]["id"], client.id)
        self.assertEqual(
            things([because["client"]]),
            things([each for each in then["clients"] if each["id"] == client.id]))
        for name, kind in [("account", self.account), ("project", self.project),
                           ("plan", self.plan), ("key", event["data"]["key"])]:
            self.assertEqual(because[name], next(
                item for item in then[f"{name}s"] if item["id"] == kind))
        self.assertEqual(because["roles"], [])
        self.assertEqual(self.explained("in domain")["because"]["domain"]["domain"], "shop.example")
        roles = self.explained("in domain")["because"]["roles"]
        self.assertEqual([role["id"] for role in roles], [self.grant])

    def test_words(self):
        client, event = self.clients["kept"], json.loads(self.ledger.events(
            subject=claims(self.tokens["in domain"])["jti"])[0])
        status, text = self.words("explain", event["subject"])
        self.assertEqual(status, 1)
        end = [json.loads(line) for line in self.ledger.events(type="domain.changed")][0]
        for line in (
                f"token {event['subject']} was issued at position {event['position']}, "
                f"{event['recorded']}, to client \"Client kept\" ({client.id})\n",
                f"  for secret …{client.secret[-4:]} ({client.secret_id}), made at position ",
                "  asked for from 203.0.113.7\n",
                "  under domain shop.example: live, active, may authenticate, may call the API, ",
                '    role "Readers" for project "Shops"\n',
                '  project "Shops", account "Acme" active, plan "Yen"\n',
                ": its domain ended, or was not there all the time\n",
                f"  ended by {end['position']}  {end['recorded']}  Ledger operator ("):
            self.assertIn(line, text)

    def test_other_names_of_a_token(self):
        token = self.tokens["kept"]
        moment = self.steps[0].time
        by_id = self.explained("kept", "--at", moment)
        position = claims(token)["ledger_position"]
        self.assertEqual(self.replay("explain", position, "--at", moment), (1, by_id))
        flags = ("replay", "explain", "-", "--data", self.ledger.data, "--json", "--at", moment)
        shown = run(*flags, input=token + "\n")
        self.assertEqual(json.loads(shown.stdout), by_id)
        head, payload, signature = token.split(".")
        forged = signature[:20] + ("A" if signature[20] != "A" else "B") + signature[21:]
        result = run(*flags, input=f"{head}.{payload}.{forged}\n")
        self.assertEqual(result.returncode, 1)
        self.assertIn("no key of this ledger signed", result.stderr)
        for text in ("", "nothing", "a.b.c"):
            result = run(*flags, input=text)
            self.assertEqual((result.returncode, result.stdout), (2, ""))

    def test_what_is_no_token(self):
        charge = self.shown("--position", 5)["charges"]
        for status, name, words in [
                (2, "tok_1", "TOKEN must be"), (2, self.account, "TOKEN must be"),
                (1, "0", "issued no such token"), (1, "99999", "issued no such token"),
                (1, claims(self.tokens["kept"])["jti"][:-4] + "zzzz", "issued no such token")]:
            with self.subTest(name):
                found, text = self.words("explain", name)
                self.assertEqual((found, words in text), (status, True), text)
        status, text = self.words("explain", "0", "--at", "noon")
        self.assertEqual((status, "--at must be a time" in text), (2, True), text)


class Diff(Journey):
    KINDS = {"acc": "accounts", "chg": "charges", "cli": "clients", "pln": "plans",
             "prj": "projects", "rol": "roles", "sec": "secrets", "key": "keys"}

    def difference(self, a, b, *flags):
        status, answer = self.replay("diff", a, b, *flags)
        self.assertEqual(status, 0 if answer["equal"] else 1)
        return answer

    def position(self, name):
        return next(step.position for step in self.steps if step.name == name)

    def test_pictures_differ_by_it(self):
        """From the picture at one moment and the difference, the one at the other."""
        steps = self.steps
        pairs = [(0, len(steps) - 1)]
        pairs += zip(range(0, len(steps) - 7, 7), range(7, len(steps), 7))
        for a, b in pairs:
            old, new = (self.shown("--position", steps[i].position) for i in (a, b))
            found = self.difference(steps[a].position, steps[b].position)
            for kind, name in self.KINDS.items():
                before, after = ({item["id"]: item for item in things(picture[name])
                                  if item.get("active", True)} for picture in (old, new))

                def ids(what):
                    return {entry["id"] for entry in found[what] if entry["id"][:3] == kind}

                with self.subTest((steps[a].name, steps[b].name, name)):
                    self.assertEqual(ids("added"), set(after) - set(before))
                    self.assertEqual(ids("ended"), set(before) - set(after))
                    self.assertEqual(ids("changed"), {
                        id for id in set(before) & set(after) if before[id] != after[id]})
            issued = new["counts"]["tokens_issued"] - old["counts"]["tokens_issued"]
            self.assertEqual(found["tokens"]["issued"], issued)
            self.assertEqual(sum(found["events"].values()),
                             steps[b].position - steps[a].position)

    def test_members_before_and_after(self):
        found = self.difference(self.position("project"), self.position("scope 2"))
        self.assertEqual(found["added"], [])
        entry = found["changed"][0]
        self.assertEqual((entry["id"], entry["kind"]), (self.project, "project"))
        self.assertEqual(entry["changes"], [
            {"member": "name", "from": "Shop", "to": "Shops"},
            {"member": "scopes/billing.read/description", "from": None, "to": "Bills"},
            {"member": "scopes/billing.read/name", "from": None, "to": "billing.read"},
            {"member": "scopes/coreapi/description", "from": None, "to": "The core"},
            {"member": "scopes/coreapi/name", "from": None, "to": "coreapi"}])
        ledger = self.difference(self.position("rotated"), self.position("policy"))["changed"]
        self.assertEqual([entry["changes"] for entry in ledger], [[
            {"member": "policy/new_network/action", "from": "alert", "to": "none"}]])

    def test_ends(self):
        found = self.difference(self.position("policy"), self.position("client revoked"))
        self.assertEqual([entry["id"] for entry in found["ended"]], [
            self.clients["secret"].secret_id, self.clients["deleted"].id,
            self.clients["deleted"].secret_id, self.clients["revoked"].secret_id])
        self.assertEqual(found["tokens"]["issued"], 0)
        self.assertEqual(found["tokens"]["revoked"], 1)
        self.assertEqual(set(found["tokens"]["voided_of"]), {
            self.clients[name].id for name in ("voided", "edited", "deleted", "revoked")}
            | {self.clients["secret"].secret_id})

    def test_came_and_went(self):
        found = self.difference(self.steps[0].position, self.steps[-1].position)
        passed = {entry["id"] for entry in found["passed"]}
        self.assertIn(self.clients["deleted"].id, passed)
        self.assertIn(self.role, passed)

    def test_a_subject(self):
        a, b = self.position("role"), self.position("grant")
        client = self.clients["kept"]
        found = self.difference(a, b, "--subject", client.id)
        self.assertEqual({entry["kind"] for entry in found["added"]},
                         {"client", "secret", "charge", "grant"})
        self.assertEqual(found["tokens"], {"issued": 1, "revoked": 0, "voided_of": []})
        other = self.clients["single"].id
        found = self.difference(b, self.steps[-1].position, "--subject", other)
        self.assertEqual((found["tokens"]["revoked"], found["changed"]), (1, []))

    def test_no_difference(self):
        step = self.steps[5]
        self.assertTrue(self.difference(step.position, step.position)["equal"])
        status, text = self.words("diff", step.position, step.position)
        self.assertEqual((status, text.splitlines()[-1]), (0, "no difference"))

    def test_words(self):
        status, text = self.words("diff", self.position("project"), self.position("grant"))
        client = self.clients["kept"]
        self.assertEqual(status, 1)
        for line in (
                f'~ project "Shops" ({self.project})\n    name changed from "Shop" to "Shops"\n',
                f'+ role "Readers" ({self.role})\n', f'+ client "Client kept" ({client.id})\n',
                f'+ secret …{client.secret[-4:]} ({client.secret_id}) of client "Client kept"\n',
                f'+ grant {self.grant} of client "Client kept": role "Readers" for project "Shops"\n',
                "tokens issued: 7\n"):
            self.assertIn(line, text)

    def test_times_and_wrong_calls(self):
        a, b = self.steps[3], self.steps[9]
        by_time = self.difference(a.time, b.time)
        self.assertEqual(by_time["from"]["position"], a.position)
        self.assertEqual(by_time["added"], self.difference(a.position, b.position)["added"])
        for status, arguments, words in [
                (2, [b.position, a.position], "A must not be behind B"),
                (2, [a.position], "B is needed"), (2, [a.position, "x"], "B must be a position"),
                (1, [a.position, 99999], "the log ends at"),
                (1, [a.position, b.position, "--subject", self.account[:-4] + "zzzz"],
                 "was there at neither moment")]:
            with self.subTest(arguments):
                found, text = self.words("diff", *arguments)
                self.assertEqual((found, words in text), (status, True), text)
