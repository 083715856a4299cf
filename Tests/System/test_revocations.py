"""Lists of revocations: shown before, carried out as shown or not at all, and felt by nobody else."""

import http.client
import json
import random
import urllib.parse

from ledger import FORM, Client, LedgerTest, claims

PATH = "/revocations"
LIMIT = 1_000


def listed(token):
    """A token as lists name it."""
    return {"id": claims(token)["jti"], "position": claims(token)["ledger_position"]}


def order(**things):
    """The body of a list, which a dry run takes."""
    return {"reason": "found in a public repository", "grounds": "compromise"} | things


class Ordering(LedgerTest):
    def client(self, name, **options):
        return self.ledger.add_client(f"{self.id().rsplit('.', 1)[1][5:35]} {name}", **options)

    def rotate(self, client, overlap=3600):
        """The client with a further secret."""
        answer = self.ledger.create(f"/clients/{client.id}/secrets", {"overlap_seconds": overlap})
        return Client(self.ledger, client.id, answer["client_secret"], answer["secret"]["id"])

    def head(self):
        """How many events there are but those that come by the minute, of who was denied."""
        return sum(json.loads(line)["actor"]["id"] != "guard" for line in self.ledger.events())

    def active(self, token):
        return self.ledger.operator.introspect(token)["active"]

    def post(self, body, **options):
        return self.ledger.admin("POST", PATH, body, **options)

    def dry_run(self, body, **options):
        """What a dry run shows; it leaves nothing behind."""
        head = self.head()
        answer = self.post(body | {"dry_run": True}, **options)
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(self.head(), head)
        self.assertIsNone(answer.headers["Ledger-Position"])
        self.assertIs(answer.json["dry_run"], True)
        return answer.json

    def carry_out(self, body, **options):
        """What was shown, done; both say the same."""
        shown = self.dry_run(body)
        answer = self.post(body | {"confirm": shown["confirm"]}, **options)
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(
            answer.json, {key: value for key, value in shown.items() if key != "confirm"}
            | {"dry_run": False})
        return answer

    def refused(self, body, status, fields=None, **options):
        head = self.head()
        answer = self.post(body, **options)
        self.assertProblem(answer, status, fields)
        self.assertEqual(self.head(), head)
        return answer


class Lists(Ordering):
    def test_what_was_leaked_ends_and_nothing_else(self):
        leaked, bystander = self.client("leaked"), self.client("bystander")
        second = self.rotate(leaked)
        tokens = {name: [client.token() for _ in range(2)] for name, client in (
            ("leaked", leaked), ("second", second), ("bystander", bystander))}
        single = tokens["bystander"][0]
        body = order(secrets=[leaked.secret_id], tokens=[listed(single)])
        shown = self.dry_run(body)
        self.assertEqual(shown["before"], {
            "active_secrets": 1, "live_tokens": 3, "live_tokens_is_lower_bound": False,
            "clients": {"active": 0, "disabled": 0, "revoked": 0, "deleted": 0}})
        self.assertEqual(shown["after"], shown["before"] | {"active_secrets": 0, "live_tokens": 0})
        self.assertEqual(
            shown["secrets"], [{"id": leaked.secret_id, "outcome": "revoked"}])
        self.assertEqual(shown["tokens"], [listed(single) | {"outcome": "revoked"}])
        self.assertTrue(all(map(self.active, sum(tokens.values(), []))))
        answer = self.carry_out(body)
        ended = {single, *tokens["leaked"]}
        for restarted in (False, True):
            for token in sum(tokens.values(), []):
                self.assertEqual(self.active(token), token not in ended)
            self.assertOAuthError(leaked.ask(), "invalid_client", 401)
            self.assertEqual(second.ask().status, 200)
            self.assertEqual(bystander.ask().status, 200)
            if not restarted:
                self.ledger.stop()
                self.ledger.start()
        last = int(answer.headers["Ledger-Position"])
        events = [self.ledger.get(f"/events/{at}") for at in (last - 1, last)]
        self.assertEqual([event["type"] for event in events], ["token.revoked", "secret.revoked"])
        self.assertEqual([event["part"] for event in events], [[0, 2], [1, 2]])
        self.assertEqual({event["reason"] for event in events}, {body["reason"]})
        self.assertEqual(events[1]["data"]["grounds"], "compromise")
        self.assertEqual(events[0]["cause"], listed(single)["position"])

    def test_a_client_ends_with_all_that_it_has(self):
        client = self.client("whole")
        second = self.rotate(client)
        tokens = [client.token(), second.token()]
        answer = self.carry_out(order(clients=[client.id])).json
        self.assertEqual(answer["before"]["clients"]["active"], 1)
        self.assertEqual(answer["after"]["clients"], {
            "active": 0, "disabled": 0, "revoked": 1, "deleted": 0})
        counts = [(answer[when]["active_secrets"], answer[when]["live_tokens"])
                  for when in ("before", "after")]
        self.assertEqual(counts, [(2, 2), (0, 0)])
        self.assertFalse(any(map(self.active, tokens)))
        self.assertEqual({each.ask().status for each in (client, second)}, {401})

    def test_each_thing_counts_once(self):
        client = self.client("twice")
        token = client.token()
        body = order(clients=[client.id], secrets=[client.secret_id], tokens=[listed(token)])
        answer = self.carry_out(body)
        before = answer.json["before"]
        self.assertEqual((before["active_secrets"], before["live_tokens"]), (1, 1))
        last = int(answer.headers["Ledger-Position"])
        self.assertEqual(
            [self.ledger.get(f"/events/{at}")["type"] for at in range(last - 2, last + 1)],
            ["token.revoked", "secret.revoked", "client.revoked"])

    def test_what_ended_before_stays_as_it_is(self):
        client, deleted = self.client("done"), self.client("deleted")
        token = client.token()
        client.revoke(token)
        self.ledger.admin("DELETE", f"/clients/{client.id}/secrets/{client.secret_id}")
        self.ledger.admin("DELETE", f"/clients/{deleted.id}", headers={"If-Match": "*"})
        body = order(clients=[deleted.id], secrets=[client.secret_id, deleted.secret_id],
                     tokens=[listed(token)])
        head = self.head()
        answer = self.carry_out(body)
        self.assertEqual(self.head(), head)
        self.assertIsNone(answer.headers["Ledger-Position"])
        outcomes = {thing["outcome"] for kind in ("clients", "secrets", "tokens")
                    for thing in answer.json[kind]}
        self.assertEqual(outcomes, {"ended_before"})
        self.assertEqual(answer.json["before"]["clients"]["deleted"], 1)
        self.assertEqual(answer.json["before"], answer.json["after"])

    def test_only_what_was_shown_is_carried_out(self):
        first, second = self.client("first"), self.client("second")
        body = order(secrets=[first.secret_id, second.secret_id])
        confirm = self.dry_run(body)["confirm"]
        for other in (
                body | {"secrets": [first.secret_id]}, body | {"grounds": "misuse"},
                body | {"reason": "another"}, body | {"clients": [first.id]},
                body | {"secrets": [second.secret_id, first.secret_id]}):
            self.refused(other | {"confirm": confirm}, 412)
        self.refused(body | {"confirm": confirm[:-1] + ("A" if confirm[-1] != "A" else "B")}, 412)
        # Somebody ends one of them meanwhile.
        self.ledger.admin("DELETE", f"/clients/{first.id}/secrets/{first.secret_id}")
        self.refused(body | {"confirm": confirm}, 412)
        self.assertEqual(second.ask().status, 200)
        self.carry_out(body)
        self.assertEqual(second.ask().status, 401)

    def test_who_goes_on_getting_tokens_does_not_keep_the_list_from_being_carried_out(self):
        client = self.client("busy")
        old = client.token()
        body = order(secrets=[client.secret_id], tokens=[listed(old)])
        confirm = self.dry_run(body)["confirm"]
        new = client.token()
        self.rotate(client)
        client.revoke(old)
        answer = self.post(body | {"confirm": confirm})
        self.assertEqual((answer.status, answer.json["before"]["live_tokens"]), (200, 1), answer)
        self.assertEqual(answer.json["tokens"][0]["outcome"], "ended_before")
        self.assertFalse(self.active(new))

    def test_bad_lists_are_refused_whole(self):
        client = self.client("kept")
        token = listed(client.token())
        unknown = {kind: f"{kind}_00000000000000000000000000" for kind in ("cli", "sec", "tok")}
        secrets = [client.secret_id]
        for body, fields in [
            ({}, ["", "reason", "confirm"]),
            (order(dry_run=True), [""]),
            (order(dry_run=True, secrets=[]), [""]),
            (order(secrets=secrets), ["confirm"]),
            (order(secrets=secrets, confirm="short"), ["confirm"]),
            (order(secrets=secrets, confirm="A" * 43, dry_run=True), ["confirm"]),
            (order(secrets=secrets, dry_run="yes"), ["confirm", "dry_run"]),
            (order(secrets=secrets, dry_run=True, reason=""), ["reason"]),
            (order(secrets=secrets, dry_run=True, grounds="spite"), ["grounds"]),
            ({"reason": "none", "clients": [client.id], "dry_run": True}, ["grounds"]),
            (order(secrets=secrets, dry_run=True, extra=1), ["extra"]),
            (order(secrets=secrets * 2, dry_run=True), ["secrets[1]"]),
            (order(secrets=client.secret_id, dry_run=True), ["", "secrets"]),
            (order(secrets=[client.id, 7], dry_run=True), ["secrets[0]", "secrets[1]"]),
            (order(clients=None, dry_run=True), ["", "clients"]),
            (order(tokens=[token, token], dry_run=True), ["tokens[1]"]),
            (order(tokens=[token["id"]], dry_run=True), ["", "tokens[0]"]),
            (order(tokens=[{"id": token["id"]}], dry_run=True), ["tokens[0].position"]),
            (order(tokens=[token | {"x": 1}], dry_run=True), ["tokens[0].x"]),
            # What is not there is named, all of it.
            (order(clients=[client.id, unknown["cli"]], secrets=[unknown["sec"], *secrets],
                   tokens=[{"id": unknown["tok"], "position": token["position"]}, token,
                           ], dry_run=True), ["clients[1]", "secrets[0]", "tokens[0]"]),
            (order(tokens=[token | {"position": token["position"] - 1}], dry_run=True),
             ["tokens[0]"]),
        ]:
            with self.subTest(body):
                self.refused(body, 422, fields)
        self.refused([], 422, [""])
        self.assertEqual(self.post("[").status, 400)
        many = [f"sec_{number:026d}" for number in range(LIMIT + 1)]
        self.refused(order(secrets=many, dry_run=True), 422, ["", "secrets"])
        self.refused(order(secrets=many[:LIMIT], tokens=[token], dry_run=True), 422, [""])
        self.refused(order(secrets=many[:LIMIT], dry_run=True), 422,
                     [f"secrets[{number}]" for number in range(LIMIT)])
        self.assertEqual(client.ask().status, 200)

    def test_one_permission_that_is_missing_and_nothing_happens(self):
        account = self.ledger.genesis["account"]
        mine, other = [self.ledger.create("/projects", {"name": name, "account": account})["id"]
                       for name in ("Mine", "Another")]
        here, there = self.client("here", project=mine), self.client("there", project=other)
        caller = self.client("caller")
        self.ledger.grant(caller.id, "manager", project=mine)
        bearer = caller.token()
        token = listed(here.token())
        # Out of sight is as good as not there.
        self.refused(order(secrets=[here.secret_id, there.secret_id], dry_run=True), 422,
                     ["secrets[1]"], token=bearer)
        # The provider's grounds, and clients, take what a manager does not have.
        body = order(clients=[here.id], secrets=[here.secret_id], tokens=[token])
        for extra in ({"dry_run": True}, {"confirm": "A" * 43}):
            answer = self.refused(body | extra, 403, ["clients[0]", "secrets[0]"], token=bearer)
            self.assertIn("system:write", answer.headers["WWW-Authenticate"])
        # Who stands above the caller is not the caller's to end.
        above = self.client("above", project=mine)
        self.ledger.grant(above.id, "owner")
        body = {"reason": "none", "secrets": [above.secret_id, here.secret_id]}
        self.refused(body | {"dry_run": True}, 403, ["secrets[0]"], token=bearer)
        # A token that carries less may do less.
        narrow = caller.token(scope="tokens:revoke")
        body = {"reason": "ours", "secrets": [here.secret_id], "tokens": [token]}
        self.refused(body | {"dry_run": True}, 403, ["secrets[0]"], token=narrow)
        self.assertEqual(here.ask().status, 200)
        confirm = self.dry_run(body, token=bearer)["confirm"]
        self.assertEqual(self.post(body | {"confirm": confirm}, token=bearer).status, 200)
        self.assertEqual(here.ask().status, 401)
        self.ledger.admin("DELETE", f"/clients/{above.id}", headers={"If-Match": "*"})

    def test_the_last_owner_stays(self):
        operator = self.ledger.operator
        answer = self.refused(order(clients=[operator.id], dry_run=True), 409)
        self.assertEqual(answer.json["conflicts"], [operator.id])

    def test_repeated_it_answers_the_same(self):
        client = self.client("again")
        client.token()
        body = order(secrets=[client.secret_id], clients=[client.id])
        body["confirm"] = self.dry_run(body)["confirm"]
        headers = {"Idempotency-Key": self.id()}
        first = self.post(body, headers=headers)
        self.ledger.kill()
        self.ledger.start()
        head = self.head()
        again = self.post(body, headers=headers)
        self.assertEqual((first.status, first.json["before"]["live_tokens"]), (200, 1), first)
        self.assertEqual((again.status, again.body), (200, first.body))
        self.assertEqual(
            [answer.headers["Idempotency-Replayed"] for answer in (first, again)], [None, "true"])
        self.assertEqual(again.headers["Ledger-Position"], first.headers["Ledger-Position"])
        self.assertEqual(self.head(), head)
        # Without the key it is a new request, and nothing is left of what was shown.
        self.refused(body, 412)
        self.refused(body | {"reason": "another"}, 422, ["Idempotency-Key"], headers=headers)

    def test_as_many_as_a_list_may_name(self):
        client = self.client("thousand")
        connection = http.client.HTTPConnection("127.0.0.1", self.ledger.port)
        form = urllib.parse.urlencode({"grant_type": "client_credentials"})
        tokens = []
        for _ in range(LIMIT):
            connection.request("POST", "/connect/token", form,
                               {"Content-Type": FORM} | client.authorization)
            tokens.append(json.loads(connection.getresponse().read())["access_token"])
        connection.close()
        spared = client.token()
        answer = self.carry_out(order(tokens=[listed(token) for token in tokens]))
        self.assertEqual(answer.json["before"]["live_tokens"], LIMIT)
        self.assertEqual(answer.json["after"]["live_tokens"], 0)
        events = [json.loads(line) for line in self.ledger.events(type="token.revoked")][-LIMIT:]
        self.assertEqual([event["part"] for event in events],
                         [[index, LIMIT] for index in range(LIMIT)])
        self.assertEqual([event["subject"] for event in events],
                         [listed(token)["id"] for token in tokens])
        self.assertTrue(self.active(spared))
        self.assertFalse(self.active(tokens[0]) or self.active(tokens[-1]))


class Model:
    """What there is, told from what was asked for and not from the ledger."""

    def __init__(self):
        self.status, self.secrets, self.tokens = {}, {}, {}

    def add(self, client):
        self.status[client.id] = "active"
        self.secrets[client.secret_id] = {"client": client, "revoked": False}

    def live(self, token):
        secret = self.tokens[token]["secret"]
        return not self.tokens[token]["ended"] and not self.secrets[secret]["revoked"]

    def end_tokens(self, client):
        for token in self.tokens.values():
            if self.secrets[token["secret"]]["client"].id == client:
                token["ended"] = True

    def end_client(self, client, status):
        self.status[client] = status
        self.end_tokens(client)
        for secret in self.secrets.values():
            secret["revoked"] |= secret["client"].id == client

    def census(self, clients, secrets, tokens):
        of_clients = {id for id, secret in self.secrets.items() if secret["client"].id in clients}
        meant = {token for token, facts in self.tokens.items()
                 if token in tokens or facts["secret"] in of_clients | set(secrets)}
        return {
            "active_secrets": sum(
                not self.secrets[id]["revoked"] for id in of_clients | set(secrets)),
            "clients": {status: sum(self.status[id] == status for id in clients)
                        for status in ("active", "disabled", "revoked", "deleted")},
            "live_tokens": sum(map(self.live, meant)), "live_tokens_is_lower_bound": False}


class AtRandom(Ordering):
    """Whatever happened before and whatever the list names, it ends that and nothing else."""

    SEED = 20261121

    def test_against_a_model(self):
        self.random, self.model = random.Random(self.SEED), Model()
        projects = [self.ledger.create("/projects", {
            "name": name, "account": self.ledger.genesis["account"]})["id"] for name in "AB"]
        for number in range(8):
            self.model.add(self.client(number, project=projects[number % 2]))
        for step in range(6):
            with self.subTest(seed=self.SEED, step=step):
                for _ in range(12):
                    self.happen()
                self.revoke()
                if step % 2:
                    self.ledger.kill()
                    self.ledger.start()
                self.compare()

    def happen(self):
        model, pick = self.model, self.random.random()
        secret = self.random.choice(sorted(model.secrets))
        client, status = (model.secrets[secret]["client"],
                          model.status[model.secrets[secret]["client"].id])
        path = f"/clients/{client.id}"
        if pick < 0.6:
            answer = client.ask()
            usable = status == "active" and not model.secrets[secret]["revoked"]
            self.assertEqual(answer.status == 200, usable, answer)
            if usable:
                model.tokens[answer.json["access_token"]] = {"secret": secret, "ended": False}
        elif pick < 0.75 and status == "active":
            if sum(each["client"].id == client.id for each in model.secrets.values()) < 5:
                new = self.rotate(client)
                model.secrets[new.secret_id] = {"client": new, "revoked": False}
        elif pick < 0.85 and status in ("active", "disabled"):
            word = "disable" if status == "active" else "enable"
            self.assertEqual(self.ledger.admin("POST", f"{path}/{word}", {}).status, 200)
            model.status[client.id] = "disabled" if word == "disable" else "active"
            if word == "disable":
                model.end_tokens(client.id)
        elif pick < 0.9 and model.tokens:
            token = self.random.choice(sorted(model.tokens))
            holder = model.secrets[model.tokens[token]["secret"]]["client"]
            if holder.revoke(token).status == 200:
                model.tokens[token]["ended"] = True
        elif pick < 0.93 and status != "deleted":
            self.ledger.admin("DELETE", path, headers={"If-Match": "*"})
            model.end_client(client.id, "deleted")

    def revoke(self):
        model = self.model
        some = lambda things, most: self.random.sample(
            sorted(things), min(len(things), self.random.randint(0, most)))
        clients, secrets, tokens = (
            some(model.status, 2), some(model.secrets, 3), some(model.tokens, 6))
        if not clients and not secrets and not tokens:
            return
        before = model.census(clients, secrets, tokens)
        body = order(
            clients=clients, secrets=secrets, tokens=[listed(token) for token in tokens])
        outcomes = {listed(token)["id"]: model.live(token) for token in tokens}
        outcomes |= {id: not model.secrets[id]["revoked"] for id in secrets}
        outcomes |= {id: model.status[id] in ("active", "disabled") for id in clients}
        answer = self.carry_out(body).json
        for token in tokens:
            model.tokens[token]["ended"] = True
        for id in secrets:
            model.secrets[id]["revoked"] = True
        for id in clients:
            if model.status[id] != "deleted":
                model.end_client(id, "revoked")
        self.assertEqual(answer["before"], before)
        self.assertEqual(answer["after"], model.census(clients, secrets, tokens))
        said = {thing["id"]: thing["outcome"] == "revoked"
                for kind in ("clients", "secrets", "tokens") for thing in answer[kind]}
        self.assertEqual(said, outcomes)

    def compare(self):
        """Everything there is, listed or not."""
        for token in self.model.tokens:
            self.assertEqual(self.active(token), self.model.live(token))
        for secret in self.model.secrets.values():
            usable = not secret["revoked"] and self.model.status[secret["client"].id] == "active"
            if usable:
                self.assertEqual(secret["client"].introspect("unknown"), {"active": False})
