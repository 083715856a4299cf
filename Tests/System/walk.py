"""The capabilities that the ledger was built for, each used with curl as a person would."""

import json
import os
import re
import shlex
import subprocess

from ledger import ACKNOWLEDGEMENTS, Ledger

ROWS = {}


def row(tag, sentence):
    """What a person may ask for; the function shows it."""
    def add(function):
        ROWS[tag] = (f"{tag} {function.__name__.replace('_', ' ')}", sentence, function)
        return function
    return add


def in_order(tags):
    """X1 to X10, W1 to W8, O1 to O5, C2."""
    return sorted(tags, key=lambda tag: ("XWOC".index(tag[0]), int(tag[1:])))


def walk(tags, show=print):
    """Whether every outcome was the right one."""
    with Ledger() as ledger:
        walker = Walker(ledger, show)
        for tag in in_order(tags):
            title, sentence, function = ROWS[tag]
            show(f"\n{title}: {sentence}")
            walker.take(function)
        ledger.check()
        show(f"\n{len(tags)} capabilities, {walker.steps} commands, {walker.wrong} wrong outcomes")
    return walker.wrong == 0


class Wrong(Exception):
    """An outcome that should have been another."""


class Outcome:
    """What curl printed of an answer."""

    def __init__(self, printed):
        head, _, self.body = printed.partition("\r\n\r\n")
        status, *lines = head.split("\r\n")
        self.status = int(status.split()[1])
        self.headers = {name.lower(): value for name, _, value in
                        (line.partition(": ") for line in lines)}

    @property
    def json(self):
        return json.loads(self.body)

    def __getitem__(self, name):
        return self.json[name]

    @property
    def etag(self):
        return self.headers["etag"]

    @property
    def fields(self):
        return {error["field"] for error in self.json.get("errors", [])}


class Walker:
    def __init__(self, ledger, show):
        self.ledger, self.show = ledger, show
        self.steps = self.wrong = self.made = 0
        url = f"http://127.0.0.1:{ledger.port}"
        self.environment = os.environ | {"U": url, "TOKEN": ledger.operator.token()}

    def take(self, function):
        try:
            function(self)
        except (Wrong, KeyError, IndexError, ValueError) as error:
            self.wrong += 1
            self.show(f"    WRONG: {error!r}")

    def curl(self, what, command, status, holds=None):
        """Runs a command and shows it. Its outcome must have the status, and `holds` must hold."""
        self.steps += 1
        self.show(f"  {what}\n    $ {command}")
        result = subprocess.run(
            ["bash", "-c", command.replace("curl", "curl -si --max-time 20", 1)],
            env=self.environment, capture_output=True)
        if result.returncode != 0:
            raise Wrong(f"curl ended with {result.returncode}: {result.stderr.decode()}")
        outcome = Outcome(result.stdout.decode())
        self.show(f"    {outcome.status} {shortened(outcome.body)}")
        if outcome.status != status:
            raise Wrong(f"{outcome.status} instead of {status}: {outcome.body}")
        if holds is not None and not holds(outcome):
            raise Wrong(f"not as it should be: {outcome.headers} {outcome.body}")
        return outcome

    def get(self, what, path, holds=None, status=200, token="$TOKEN"):
        return self.curl(what, f'curl -H "Authorization: Bearer {token}" "$U/admin{path}"', status, holds)

    def send(self, what, method, path, body, status, holds=None, headers=(), token="$TOKEN"):
        words = ["curl"] + ([] if method == "POST" and body is not None else ["-X", method])
        words += [f'"$U/admin{path}"', f'-H "Authorization: Bearer {token}"']
        words += [f"-H {shlex.quote(header)}" for header in headers]
        if body is not None:
            words += ["-H 'Content-Type: application/json'", f"-d {shlex.quote(json.dumps(body))}"]
        return self.curl(what, " ".join(words), status, holds)

    def post(self, what, path, body, status=201, holds=None, **options):
        return self.send(what, "POST", path, body, status, holds, **options)

    def patch(self, what, path, body, etag, status=200, holds=None, **options):
        headers = [f"If-Match: {etag}"] if etag else []
        return self.send(what, "PATCH", path, body, status, holds, headers, **options)

    def delete(self, what, path, etag, status=200, holds=None, **options):
        headers = [f"If-Match: {etag}"] if etag else []
        return self.send(what, "DELETE", path, None, status, holds, headers, **options)

    def ask(self, what, client, secret, status=200, holds=None, **form):
        """A token request of a client."""
        data = "".join(f" -d {shlex.quote(f'{name}={value}')}" for name, value in form.items())
        return self.curl(
            what, f'curl "$U/connect/token" -u {shlex.quote(f"{client}:{secret}")} '
            f"-d grant_type=client_credentials{data}", status, holds)

    def introspect(self, what, client, secret, token, active):
        return self.curl(
            what, f'curl "$U/connect/introspect" -u {shlex.quote(f"{client}:{secret}")} '
            f"-d token={token}", 200, lambda answer: answer["active"] is active)

    # What a row begins with

    def number(self):
        """A number for a name that nothing has yet."""
        self.made += 1
        return self.made

    def account(self, **fields):
        body = {"name": f"Account {self.number()}", "currency": "EUR", "plan": "walk"} | fields
        if not any(plan["name"] == "walk" for plan in self.ledger.get("/plans")["items"]):
            self.ledger.create("/plans", {"name": "walk", "rates": [
                {"item": "application_fee", "amount": 1150, "currency": "EUR"}]})
        return self.ledger.create("/accounts", body)["id"]

    def project(self):
        return self.ledger.create(
            "/projects", {"name": f"Project {self.number()}", "account": self.account()})["id"]

    def registration(self, **fields):
        return {
            "client_name": f"Client {self.number()}", "application_type": "service",
            "app_name": "checkout", "app_version": "1.4", "scope": "coreapi",
            "acknowledgements": ACKNOWLEDGEMENTS} | fields

    def client(self, project=None, **fields):
        """A new client: its id, its secret, and all that was answered."""
        added = self.ledger.create(
            f"/projects/{project or self.project()}/clients", self.registration(**fields))
        return added["client"]["id"], added.get("client_secret"), added


def shortened(body):
    """As much of a body as a line takes."""
    text = re.sub(r"\s+", " ", body)
    return text if len(text) <= 160 else text[:159] + "…"


def named(*fields):
    """Whether a refusal names exactly these fields."""
    return lambda answer: answer.fields == set(fields)


@row("X1", "a name, perhaps a description, and a date of creation that nobody edits")
def project(walk):
    account = walk.account()
    walk.post("a project without a name is refused", "/projects", {"account": account}, 422,
              named("name"))
    walk.post("a date of creation cannot be given", "/projects",
              {"account": account, "name": "Shop", "created": "2020-01-01T00:00:00Z"}, 422,
              named("created"))
    made = walk.post("with a name it is made, and dated by the server", "/projects",
                     {"account": account, "name": "Shop"}, 201,
                     lambda answer: answer["created"] and "description" not in answer.json)
    path = f"/projects/{made['id']}"
    edited = walk.patch("name and description are edited", path,
                        {"name": "Web shop", "description": "Checkout"}, made.etag, 200,
                        lambda answer: answer["name"] == "Web shop"
                        and answer["created"] == made["created"])
    walk.patch("an edit of what has changed meanwhile is refused", path, {"name": "Lost"},
               made.etag, 412)
    walk.patch("an edit that does not say what it has seen is refused", path, {"name": "Lost"},
               None, 428)
    walk.patch("the date cannot be edited", path, {"created": "2020-01-01T00:00:00Z"},
               edited.etag, 422, named("created"))
    walk.patch("the description is taken away", path, {"description": None}, edited.etag, 200,
               lambda answer: "description" not in answer.json)


@row("X2", "many in a project, each with its fields; they are edited later")
def client(walk):
    project = walk.project()
    clients = f"/projects/{project}/clients"
    walk.post("every field that is missing is named", clients, {}, 422,
              named("client_name", "application_type", "app_name", "app_version", "scope",
                    "acknowledgements"))
    walk.post("names of 4 and of 51 characters are refused", clients,
              walk.registration(client_name="Four", app_name="a" * 51), 422,
              named("client_name", "app_name"))
    body = walk.registration(client_name="Shop backend", client_uri="https://shop.example",
                             scope="coreapi billing.read")
    added = walk.post("a client with all its fields", clients, body, 201,
                      lambda answer: answer["client"]["project"] == project)
    walk.post("another one of the same name is refused", clients, body, 409, named("client_name"))
    walk.post("another one of another name is not", clients, walk.registration())
    walk.get("the project has both", clients, lambda answer: answer["total"] == 2)
    path = f"/clients/{added['client']['id']}"
    walk.patch("version, scopes and address are edited", path,
               {"app_version": "1.5", "scope": "coreapi", "client_uri": None}, added.etag, 200,
               lambda answer: (answer["app_version"], answer["scope"]) == ("1.5", "coreapi")
               and "client_uri" not in answer.json)


@row("X3", "id and secret are made, the fee is charged at once, five acknowledgements are recorded")
def creation(walk):
    account = walk.account()
    project = walk.ledger.create("/projects", {"name": "Paid", "account": account})["id"]
    clients = f"/projects/{project}/clients"
    walk.get("what the five acknowledgements say", "/acknowledgements",
             lambda answer: len(answer["items"]) == 5)
    walk.post("four of the five are not enough", clients,
              walk.registration(acknowledgements=ACKNOWLEDGEMENTS[:4]), 422,
              named("acknowledgements"))
    body = walk.registration()
    key = ["Idempotency-Key: walk-x3"]
    added = walk.post("client id, secret and charge in one answer", clients, body, 201,
                      lambda answer: answer["client"]["client_id"] and answer["client_secret"]
                      and answer["charge"]["amount"] == 1150, headers=key)
    walk.post("sent again, it has one outcome", clients, body, 201,
              lambda answer: answer.headers["idempotency-replayed"] == "true"
              and answer["client"]["id"] == added["client"]["id"], headers=key)
    walk.get("the account was charged once", f"/charges?account={account}",
             lambda answer: [charge["id"] for charge in answer["items"]]
             == [added["charge"]["id"]])
    walk.get("the acknowledgements are in the log, with who gave them",
             f"/events?type=client.added&subject={added['client']['id']}",
             lambda answer: answer["items"][0]["data"]["acknowledgements"]["items"]
             == ACKNOWLEDGEMENTS)


@row("X4", "shown once, never again; a lost one is regenerated")
def secret(walk):
    added = walk.post("the secret stands in this answer", f"/projects/{walk.project()}/clients",
                      walk.registration(), 201, lambda answer: answer["client_secret"])
    client, secret = added["client"]["id"], added["client_secret"]
    walk.get("and in no other", f"/clients/{client}/secrets",
             lambda answer: secret not in answer.body
             and answer["items"][0]["last_four"] == secret[-4:])
    walk.get("nor in the log", f"/events?subject={client}",
             lambda answer: secret not in answer.body)
    new = walk.post("it was lost: here is another, and the old one goes on for a minute",
                    f"/clients/{client}/secrets", {"overlap_seconds": 60, "reason": "lost"}, 201,
                    lambda answer: answer["client_secret"] not in ("", secret))
    walk.ask("the new one works", client, new["client_secret"])
    walk.ask("and so does the old one, for that minute", client, secret)


@row("X6", "roles decide who may see, configure and manage projects and clients")
def roles(walk):
    project, elsewhere = walk.project(), walk.project()
    member, secret, _ = walk.client(elsewhere)
    walk.get("the roles that there are", "/roles",
             lambda answer: {"viewer", "auditor", "billing", "manager", "owner"}
             <= {role["id"] for role in answer["items"]})
    grants = f"/clients/{member}/roles"
    walk.post("a role is granted for one project, with the reason", grants,
              {"role": "viewer", "project": project, "reason": "new in the team"})
    token = walk.ask("its holder gets a token", member, secret, 200,
                     lambda answer: "projects:read" in answer["scope"])["access_token"]
    path = f"/projects/{project}"
    shown = walk.get("sees the project", path, token=token)
    walk.get("does not know of another", f"/projects/{elsewhere}", status=404, token=token)
    walk.patch("and may not configure it", path, {"name": "Mine"}, shown.etag, 403,
               lambda answer: "projects:write" in answer["detail"], token=token)
    granted = walk.post("it becomes its manager", grants,
                        {"role": "manager", "project": project, "reason": "leads it now"})
    token = walk.ask("with a new token", member, secret)["access_token"]
    walk.patch("it configures it", path, {"name": "Ours"}, shown.etag, token=token)
    added = walk.post("and manages its clients", f"{path}/clients", walk.registration(), token=token)
    walk.delete("the role is withdrawn", f"{grants}/{granted['id']}", None)
    walk.post("at once, for the token that is out too",
              f"/clients/{added['client']['id']}/disable", {}, 403, token=token)
    walk.post("a role of one's own making", "/roles",
              {"name": "Release team", "permissions": ["clients:read", "secrets:write"]})


@row("X10", "the provider revokes what is misused or compromised, and says why")
def revocation(walk):
    client, secret, added = walk.client()
    token = walk.ask("the client has a token", client, secret)["access_token"]
    path = f"/clients/{client}/revocations"
    walk.post("a revocation without a reason is refused", path, {"grounds": "misuse"}, 422,
              named("reason"))
    new = walk.post("the client gets a second secret", f"/clients/{client}/secrets",
                    {"overlap_seconds": 60})["client_secret"]
    walk.post("one secret was found in public: it is revoked alone", path,
              {"grounds": "compromise", "reason": "found in a public repository",
               "secret": added["secret"]["id"]}, 200, lambda answer: answer["revoked"])
    walk.ask("it buys nothing any more", client, secret, 401)
    walk.introspect("nor is what it bought good", client, new, token, False)
    walk.ask("the other one goes on", client, new)
    walk.post("the client is revoked", path,
              {"grounds": "policy_violation", "reason": "resells access"}, 200,
              lambda answer: answer["status"] == "revoked")
    walk.ask("it gets no token", client, new, 401)
    walk.post("and is never enabled again", f"/clients/{client}/enable", {}, 409)
    walk.get("why stands in its history", f"/clients/{client}/history",
             lambda answer: {"resells access", "found in a public repository"}
             <= {item.get("why") for item in answer["items"]})
    leaked, secret, added = walk.client()
    walk.ask("a secret that has leaked bought a token", leaked, secret)
    listed = {"secrets": [added["secret"]["id"]], "clients": [walk.client()[0]],
              "grounds": "compromise", "reason": "listed by replay impact"}
    shown = walk.post("a list is shown before it is carried out", "/revocations",
                      listed | {"dry_run": True}, 200,
                      lambda answer: answer["before"]["live_tokens"] == 1)
    walk.post("without having been shown it is refused", "/revocations", listed, 422,
              named("confirm"))
    walk.post("as shown, all of it ends at once", "/revocations",
              listed | {"confirm": shown["confirm"]}, 200,
              lambda answer: answer["after"]["live_tokens"] == 0
              and answer["after"]["clients"]["revoked"] == 1)
    walk.ask("the secret buys nothing any more", leaked, secret, 401)


@row("W1", "an account activates a plan before it may create clients")
def plan_first(walk):
    account = walk.account(plan=None)
    project = walk.ledger.create("/projects", {"name": "Early", "account": account})["id"]
    clients = f"/projects/{project}/clients"
    walk.post("without a plan there is no client", clients, walk.registration(), 409)
    shown = walk.get("the account as it stands", f"/accounts/{account}",
                     lambda answer: "plan" not in answer.json)
    walk.patch("it activates a plan", f"/accounts/{account}", {"plan": "walk"}, shown.etag, 200,
               lambda answer: answer["plan"])
    walk.post("now there is one", clients, walk.registration(client_name="After the plan"))


@row("W3", "for apps, teams and environments; each can be renamed")
def several_clients(walk):
    project = walk.project()
    clients = f"/projects/{project}/clients"
    for name, mode in (("Shop production", "live"), ("Shop development", "test")):
        added = walk.post(f"a client for {mode} use", clients,
                          walk.registration(client_name=name, mode=mode), 201,
                          lambda answer: answer["client"]["mode"] == mode)
    walk.get("both are there", clients, lambda answer: answer["total"] == 2)
    client = added["client"]["id"]
    walk.patch("one is renamed", f"/clients/{client}", {"client_name": "Shop staging"},
               added.etag, 200, lambda answer: answer["client_name"] == "Shop staging")
    walk.get("its history tells from what to what", f"/clients/{client}/history",
             lambda answer: '"Shop development" to "Shop staging"' in answer["items"][-1]["what"])
    walk.post("the old name is free", clients,
              walk.registration(client_name="Shop development"))


@row("W4", "several for a client, each compared as it is written")
def redirect_addresses(walk):
    addresses = ["https://shop.example/callback", "http://127.0.0.1:8400/callback"]
    clients = f"/projects/{walk.project()}/clients"
    walk.post("neither plain http, nor a fragment, nor one twice", clients,
              walk.registration(redirect_uris=["http://shop.example/", "https://shop.example/#a"]),
              422, named("redirect_uris[0]", "redirect_uris[1]"))
    added = walk.post("https, and http on this machine", clients,
                      walk.registration(redirect_uris=addresses), 201,
                      lambda answer: answer["client"]["redirect_uris"] == addresses)
    walk.patch("another one, kept to the letter", f"/clients/{added['client']['id']}",
               {"redirect_uris": [*addresses, "https://Shop.example/callback"]}, added.etag, 200,
               lambda answer: answer["redirect_uris"][2] == "https://Shop.example/callback")


@row("W5", "a client is stopped for a while: it neither authenticates nor uses what it has")
def disabling(walk):
    client, secret, _ = walk.client()
    token = walk.ask("the client has a token", client, secret)["access_token"]
    other, password, _ = walk.client(walk.ledger.genesis["project"])
    walk.post("it is disabled", f"/clients/{client}/disable", {"reason": "odd traffic"}, 200,
              lambda answer: answer["status"] == "disabled")
    walk.ask("it gets no token", client, secret, 401)
    walk.introspect("the token it had is not good", walk.ledger.operator.id,
                    walk.ledger.operator.secret, token, False)
    walk.post("it is enabled again", f"/clients/{client}/enable", {"reason": "explained"}, 200,
              lambda answer: answer["status"] == "active")
    walk.introspect("the old token stays as it was", client, secret, token, False)
    new = walk.ask("a new one is given", client, secret)["access_token"]
    walk.introspect("and good", client, secret, new, True)


@row("W6", "deleting a client ends its secrets and tokens at once")
def deletion(walk):
    client, secret, added = walk.client(client_id="to-be-deleted")
    token = walk.ask("the client has a token", "to-be-deleted", secret)["access_token"]
    path = f"/clients/{client}"
    shown = walk.get("the client as it stands", path)
    walk.delete("to delete it without saying what was seen is refused", path, None, 428)
    walk.delete("it is deleted", path, shown.etag)
    walk.ask("it gets no token", "to-be-deleted", secret, 401)
    walk.introspect("its token is not good", walk.ledger.operator.id,
                    walk.ledger.operator.secret, token, False)
    walk.get("it is gone", path, status=404)
    again = walk.post("its id may be used by another",
                      f"/projects/{added['client']['project']}/clients",
                      walk.registration(client_id="to-be-deleted"))
    walk.get("whose history is its own", f"/clients/{again['client']['id']}/history",
             lambda answer: "deleted" not in answer.body)


@row("W7", "members of a team manage clients only with the right permission")
def team_members(walk):
    project = walk.project()
    target, _, _ = walk.client(project)
    path = f"/clients/{target}"
    tokens = {}
    for role in ("viewer", "manager"):
        member, secret, _ = walk.client()
        walk.post(f"a member becomes {role} of the project", f"/clients/{member}/roles",
                  {"role": role, "project": project, "reason": "works on it"})
        tokens[role] = walk.ask("and gets a token", member, secret)["access_token"]
    shown = walk.get("the viewer sees a client", path, token=tokens["viewer"])
    for what, method, place, body in (
            ("rename it", "PATCH", path, {"client_name": "Renamed by a member"}),
            ("disable it", "POST", f"{path}/disable", {}),
            ("replace its secret", "POST", f"{path}/secrets", {})):
        headers = [f"If-Match: {shown.etag}"] if method == "PATCH" else []
        walk.send(f"the viewer may not {what}", method, place, body, 403, headers=headers,
                  token=tokens["viewer"])
    walk.patch("the manager may", path, {"client_name": "Renamed by a member"}, shown.etag,
               token=tokens["manager"])
    walk.post("but gives nobody a role", f"{path}/roles",
              {"role": "viewer", "reason": "a friend"}, 403, token=tokens["manager"])


@row("W8", "a domain is active or not, may authenticate, may call the API, from addresses, live or test")
def domain_rules(walk):
    project = walk.project()
    client, secret, _ = walk.client(project)
    domains = f"/projects/{project}/domains"
    walk.post("a name with a port, an address that is none", domains,
              {"domain": "shop.example:443", "addresses": ["10.0.0.256"]}, 422,
              named("domain", "addresses[0]"))
    added = walk.post("the project gets a domain", domains,
                      {"domain": "shop.example", "addresses": ["127.0.0.0/8"]}, 201,
                      lambda answer: answer["active"] and answer["mode"] == "live")
    path = f"{domains}/shop.example"
    walk.ask("from now on a request that names none is refused", client, secret, 400,
             lambda answer: answer["error"] == "unauthorized_client")
    walk.ask("so is one that names another", client, secret, 400, domain="other.example")
    token = walk.ask("one that names it is not", client, secret, 200,
                     domain="shop.example")["access_token"]
    origin = "-H 'Origin: https://shop.example'"
    ask = f'curl "$U/connect/token" -u {client}:{secret} -d grant_type=client_credentials {origin}'
    walk.curl("a browser names it by itself", ask, 200)
    walk.curl("a word that contradicts the browser's is refused", f"{ask} -d domain=other.example",
              400, lambda answer: answer["error"] == "invalid_request")
    walk.post("what another rule would have refused so far, from the log", f"{path}/check",
              {"addresses": ["192.0.2.0/24"]}, 200,
              lambda answer: answer["refused"] == answer["considered"] == 2
              and answer["causes"] == {"address": 2})
    changed = walk.patch("the API is forbidden to it", path, {"may_call_api": False}, added.etag)
    walk.curl("and whoever serves the API is told",
              f'curl "$U/connect/introspect" -u {client}:{secret} -d token={token}', 200,
              lambda answer: answer["active"] and answer["domain_api_access"] is False)
    for what, terms in (("may not authenticate", {"may_authenticate": False}),
                        ("is for clients in test mode", {"may_authenticate": True, "mode": "test"}),
                        ("is asked for from elsewhere",
                         {"mode": "live", "addresses": ["192.0.2.0/24"]})):
        changed = walk.patch(f"it {what}", path, terms, changed.etag)
        walk.ask("no token", client, secret, 400, domain="shop.example")
    changed = walk.patch("all is well again", path, {"addresses": None, "may_call_api": True},
                         changed.etag)
    token = walk.ask("a token", client, secret, 200, domain="shop.example")["access_token"]
    walk.patch("it is made inactive", path, {"active": False}, changed.etag)
    walk.introspect("its tokens end at once", client, secret, token, False)


@row("X5", "deleting a project is confirmed, and refused while it has clients")
def project_deletion(walk):
    project = walk.project()
    client, _, _ = walk.client(project)
    path = f"/projects/{project}"
    shown = walk.get("the project as it stands", path)
    walk.delete("without a confirmation it is refused", path, None, 428)
    walk.delete("with a client in it too, which is named", path, shown.etag, 409,
                lambda answer: answer["conflicts"] == [client])
    walk.delete("the client goes first", f"/clients/{client}",
                walk.get("the client as it stands", f"/clients/{client}").etag)
    walk.delete("now the project goes", path, shown.etag)
    walk.get("it is gone", path, status=404)
    walk.get("but not from the log", f"/projects/{project}/history",
             lambda answer: "deleted" in answer["items"][-1]["what"])


@row("O1", "searched by client id, part of a word, last token, end, owner, active; sorted, paged, all, CSV")
def search(walk):
    project = walk.project()
    made = [walk.client(project, client_name=f"{name} {walk.number()}")
            for name in ("Till at the harbour", "Till at the market", "Web shop")]
    (till, secret, _), (market, _, _), (shop, _, _) = made
    walk.ask("one of three clients gets a token", till, secret)
    clients = f"/projects/{project}/clients"

    def finds(what, query, *expected):
        walk.get(what, f"{clients}?{query}", lambda answer: [
            item["id"] for item in answer["items"]] == list(expected))
    finds("by its client id", f"client_id={market}", market)
    finds("by a part of a word, in any letter case", "q=HARB", till)
    finds("by when it got its last token", "token_created_at.from=2020-01-01T00:00:00Z", till)
    walk.get("by its owner", f"{clients}?owner={made[0][2]['client']['owner']}&client_id={shop}",
             lambda answer: answer["total"] == 1)
    finds("those that are active", "status=active&q=web", shop)
    walk.post("a second secret, so that the first one ends in an hour",
              f"/clients/{till}/secrets", {"overlap_seconds": 3600})
    walk.get("secrets that expire, and are accepted until then",
             f"/clients/{till}/secrets?expires.from=1&active=true",
             lambda answer: answer["total"] == 1 and "expires" in answer["items"][0])
    finds("sorted by name", "sort=client_name", till, market, shop)
    finds("the other way", "sort=-client_name", shop, market, till)
    finds("the one that was used last comes first", "sort=-token_created_at&per_page=1", till)
    page = walk.get("a page of two", f"{clients}?sort=client_name&per_page=2",
                    lambda answer: answer["total"] == 3 and len(answer["items"]) == 2)
    following = re.search(r'</admin([^>]*)>; rel="next"', page.headers["link"])[1]
    walk.get("the page behind it", following,
             lambda answer: [item["id"] for item in answer["items"]] == [shop])
    walk.get("all of them", f"{clients}?per_page=all", lambda answer: len(answer["items"]) == 3)
    walk.curl("all of them as CSV",
              f'curl "$U/admin{clients}?per_page=all" -H "Authorization: Bearer $TOKEN" '
              "-H 'Accept: text/csv'", 200,
              lambda answer: answer.body.startswith("id,") and len(answer.body.splitlines()) == 4)


@row("O2", "created with a chosen id and secret, a lifetime of tokens, and active or not")
def chosen_credentials(walk):
    chosen = {"client_id": "shop-backend", "client_secret": "a-secret-of-one's-own-choosing-1"}
    clients = f"/projects/{walk.project()}/clients"
    walk.post("a secret that is short, an id with a space", clients,
              walk.registration(client_id="shop backend", client_secret="short"), 422,
              named("client_id", "client_secret"))
    added = walk.post("chosen, and not active yet; the secret is in no answer", clients,
                      walk.registration(**chosen, active=False), 201,
                      lambda answer: answer["client"]["client_id"] == "shop-backend"
                      and answer["client"]["token_lifetime"] == 3600
                      and chosen["client_secret"] not in answer.body)
    walk.post("the id is taken now", clients, walk.registration(client_id="shop-backend"), 409,
              named("client_id"))
    walk.ask("it is not active", "shop-backend", chosen["client_secret"], 401)
    walk.post("it is enabled", f"/clients/{added['client']['id']}/enable", {}, 200)
    walk.ask("a token for 3,600 seconds", "shop-backend", chosen["client_secret"], 200,
             lambda answer: answer["expires_in"] == 3600)
    other = walk.registration(client_id="shop-short", token_lifetime=60)
    secret = walk.post("another one, with a minute", clients, other)["client_secret"]
    walk.ask("a token for a minute", "shop-short", secret, 200,
             lambda answer: answer["expires_in"] == 60)


@row("O5", "an update leaves alone what the flow fills in; a deletion is confirmed")
def update(walk):
    client, secret, added = walk.client()
    walk.ask("a token, so that there is something to leave alone", client, secret)
    path = f"/clients/{client}"
    shown = walk.get("the client as it stands", path)
    for field in ("id", "client_id", "created", "project", "status"):
        walk.patch(f"{field} cannot be edited", path, {field: "x"}, shown.etag, 422, named(field))
    walk.patch("the lifetime of its tokens can", path, {"token_lifetime": 120}, shown.etag, 200,
               lambda answer: answer["created"] == shown["created"]
               and answer["token_lifetime"] == 120)
    walk.delete("a deletion that confirms what has changed is refused", path, shown.etag, 412)
    walk.delete("read again and confirmed, it is done", path,
                walk.get("the client now", path).etag)


@row("C2", "compliance reads histories, billing its charges, operators the log")
def reading(walk):
    client, secret, added = walk.client()
    walk.ask("something happens", client, secret)
    first = added["charge"]["position"]
    walk.post("and something more", f"/clients/{client}/disable", {"reason": "for the auditor"}, 200)
    walk.get("the history of a client in words: who, when, what, why", f"/clients/{client}/history",
             lambda answer: answer["items"][-1]["why"] == "for the auditor"
             and answer["items"][-1]["who"]["name"] == "Ledger operator")
    walk.get("the same as of an earlier moment", f"/clients/{client}/history?as_of={first}",
             lambda answer: "disabled" not in answer.body)
    account, period = added["charge"]["account"], added["charge"]["period"]
    walk.get("the charges of an account and a month", f"/charges?account={account}&period={period}",
             lambda answer: answer["total"] == 1 and answer["items"][0]["pays_for"] == client)
    walk.get("the event behind a charge", f"/events/{first}",
             lambda answer: answer["type"] == "billing.charged")
    walk.get("every event about the client", f"/events?subject={client}",
             lambda answer: [event["type"] for event in answer["items"]]
             == ["client.added", "client.disabled"])
    walk.curl("the whole log, a stored event a line",
              'curl "$U/admin/events" -H "Authorization: Bearer $TOKEN" '
              "-H 'Accept: application/x-ndjson'", 200,
              lambda answer: len(answer.body.splitlines()) > first)
