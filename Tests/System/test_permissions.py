"""Who may do what, and where: every method of every path, with every built-in role at every kind of
place, held against a table."""

import itertools
import json
import re

from ledger import ROOT, LedgerTest, registration

READ = "accounts:read projects:read clients:read"
ROLES = {
    "viewer": READ,
    "auditor": READ + " tokens:read billing:read audit:read",
    "billing": "accounts:read accounts:write billing:read billing:write",
    "manager": READ + " projects:write clients:write secrets:write tokens:read tokens:revoke",
    "owner": READ + " accounts:write projects:write clients:write secrets:write tokens:read "
             "tokens:revoke tokens:introspect billing:read billing:write audit:read roles:write "
             "system:write",
}

# Where the thing of a call stands: nowhere in particular, so that the permission must be held for
# everything; or it is enough to hold it anywhere; or in the account, or in the project of the test.
EVERYTHING, ANYWHERE, ACCOUNT, PROJECT = "everything", "anywhere", "account", "project"
# The account is named in the body, or things of the project are.
IN_BODY, LISTED = "body", "listed"

# The places of a caller's role that cover what stands there.
COVERING = {
    EVERYTHING: {"everything"},
    ANYWHERE: {"everything", "account", "project", "other account", "other project"},
    ACCOUNT: {"everything", "account"},
    PROJECT: {"everything", "account", "project"},
    IN_BODY: {"everything", "account"},
    LISTED: {"everything", "account", "project"},
}

CALLS = {
    "GET /admin/acknowledgements": ("clients:read", ANYWHERE),
    "GET /admin/plans": ("billing:read", EVERYTHING),
    "POST /admin/plans": ("billing:write", EVERYTHING),
    "GET /admin/plans/{id}": ("billing:read", EVERYTHING),
    "PATCH /admin/plans/{id}": ("billing:write", EVERYTHING),
    "GET /admin/accounts": ("accounts:read", ANYWHERE),
    "POST /admin/accounts": ("accounts:write", EVERYTHING),
    "GET /admin/accounts/{id}": ("accounts:read", ACCOUNT),
    "PATCH /admin/accounts/{id}": ("accounts:write", ACCOUNT),
    "DELETE /admin/accounts/{id}": ("accounts:write", ACCOUNT),
    "POST /admin/accounts/{id}/suspend": ("accounts:write", ACCOUNT),
    "POST /admin/accounts/{id}/resume": ("accounts:write", ACCOUNT),
    "GET /admin/accounts/{id}/history": ("audit:read", ACCOUNT),
    "GET /admin/projects": ("projects:read", ANYWHERE),
    "POST /admin/projects": ("projects:write", IN_BODY),
    "GET /admin/projects/{id}": ("projects:read", PROJECT),
    "PATCH /admin/projects/{id}": ("projects:write", PROJECT),
    "DELETE /admin/projects/{id}": ("projects:write", PROJECT),
    "GET /admin/projects/{id}/history": ("audit:read", PROJECT),
    "GET /admin/projects/{id}/scopes": ("projects:read", PROJECT),
    "POST /admin/projects/{id}/scopes": ("projects:write", PROJECT),
    "GET /admin/projects/{id}/scopes/{id}": ("projects:read", PROJECT),
    "PATCH /admin/projects/{id}/scopes/{id}": ("projects:write", PROJECT),
    "DELETE /admin/projects/{id}/scopes/{id}": ("projects:write", PROJECT),
    "GET /admin/projects/{id}/domains": ("projects:read", PROJECT),
    "POST /admin/projects/{id}/domains": ("projects:write", PROJECT),
    "GET /admin/projects/{id}/domains/{id}": ("projects:read", PROJECT),
    "PATCH /admin/projects/{id}/domains/{id}": ("projects:write", PROJECT),
    "DELETE /admin/projects/{id}/domains/{id}": ("projects:write", PROJECT),
    "POST /admin/projects/{id}/domains/{id}/check": ("tokens:read", PROJECT),
    "GET /admin/projects/{id}/clients": ("clients:read", PROJECT),
    "POST /admin/projects/{id}/clients": ("clients:write", PROJECT),
    "GET /admin/clients": ("clients:read", ANYWHERE),
    "GET /admin/clients/{id}": ("clients:read", PROJECT),
    "PATCH /admin/clients/{id}": ("clients:write", PROJECT),
    "DELETE /admin/clients/{id}": ("clients:write", PROJECT),
    "POST /admin/clients/{id}/disable": ("clients:write", PROJECT),
    "POST /admin/clients/{id}/enable": ("clients:write", PROJECT),
    "POST /admin/clients/{id}/revocations": ("system:write", PROJECT),
    "GET /admin/clients/{id}/history": ("audit:read", PROJECT),
    "GET /admin/clients/{id}/secrets": ("clients:read", PROJECT),
    "POST /admin/clients/{id}/secrets": ("secrets:write", PROJECT),
    "DELETE /admin/clients/{id}/secrets/{id}": ("secrets:write", PROJECT),
    "GET /admin/clients/{id}/roles": ("clients:read", PROJECT),
    "POST /admin/clients/{id}/roles": ("roles:write", PROJECT),
    "DELETE /admin/clients/{id}/roles/{id}": ("roles:write", PROJECT),
    "GET /admin/roles": ("clients:read", ANYWHERE),
    "POST /admin/roles": ("roles:write", EVERYTHING),
    "GET /admin/roles/{id}": ("clients:read", ANYWHERE),
    "PATCH /admin/roles/{id}": ("roles:write", EVERYTHING),
    "DELETE /admin/roles/{id}": ("roles:write", EVERYTHING),
    "GET /admin/charges": ("billing:read", ANYWHERE),
    "GET /admin/charges/{id}": ("billing:read", ACCOUNT),
    "GET /admin/secrets": ("clients:read", ANYWHERE),
    "GET /admin/tokens": ("tokens:read", ANYWHERE),
    "GET /admin/tokens/{id}": ("tokens:read", PROJECT),
    "GET /admin/events": ("audit:read", EVERYTHING),
    "GET /admin/events/{id}": ("audit:read", EVERYTHING),
    "GET /admin/reports": ("audit:read", EVERYTHING),
    "GET /admin/reports/{id}": ("audit:read", EVERYTHING),
    "GET /admin/alerts": ("audit:read", ANYWHERE),
    "GET /admin/policy": ("audit:read", EVERYTHING),
    "GET /log/tile/entries/{id}": ("audit:read", EVERYTHING),
    "PATCH /admin/policy": ("system:write", EVERYTHING),
    "POST /admin/revocations": ("tokens:revoke", LISTED),
}


def templates():
    source = (ROOT / "Sources/Endpoints/Route.swift").read_text()
    return re.findall(r'case \.\w+: "(/(?:admin|log/tile/entries)/[^"]+)"', source)


class Walk(LedgerTest):
    """Two accounts with two projects and one; a client that holds nothing in the first project."""

    @classmethod
    def prepare(cls):
        ledger = cls.ledger
        cls.numbers = itertools.count(1)
        cls.account, cls.other_account = [
            ledger.create("/accounts", {"name": name, "currency": "USD", "plan": "standard"})["id"]
            for name in ("Acme", "Bolt")]
        cls.project, cls.sibling, cls.stranger = [
            ledger.create("/projects", {"name": name, "account": account})["id"]
            for name, account in (
                ("One", cls.account), ("Two", cls.account), ("Three", cls.other_account))]
        for scope in ("coreapi", "billing.read"):
            body = {"name": scope, "description": "What tests ask for"}
            ledger.create(f"/projects/{cls.project}/scopes", body)
        cls.client = ledger.add_client("Target of the walk", project=cls.project)
        cls.client.token()
        issued = cls.ledger.get("/tokens", client=cls.client.id)["items"][0]
        cls.token, cls.token_position = issued["id"], issued["position"]
        cls.others = [ledger.add_client(name, project=project).id for name, project in (
            ("In the sibling project", cls.sibling), ("In the other account", cls.stranger))]
        ledger.create(f"/projects/{cls.project}/domains", {"domain": "kept.example"})
        cls.plan = ledger.create("/plans", {"name": "Walked", "rates": [
            {"item": "application_fee", "amount": 1, "currency": "USD"}]})["id"]
        cls.role = ledger.create(
            "/roles", {"name": "Walked", "permissions": ["clients:read"]})["id"]
        cls.charge = ledger.get("/charges", account=cls.account)["items"][0]["id"]
        cls.callers = {(role, place): cls.caller(role, place) for role in ROLES
                       for place in COVERING[ANYWHERE]}

    @classmethod
    def caller(cls, role, place):
        """The token of a client that holds one role at one place, and stands in no place of these."""
        where = {
            "everything": {}, "account": {"account": cls.account},
            "other account": {"account": cls.other_account}, "project": {"project": cls.project},
            "other project": {"project": cls.sibling},
        }[place]
        client = cls.ledger.add_client(f"{role} of {place}")
        cls.ledger.grant(client.id, role, **where)
        return client.token()

    def number(self):
        return next(self.numbers)

    # What is asked

    def fresh_client(self):
        return self.ledger.add_client(f"Fresh client {self.number()}", project=self.project)

    def fresh_domain(self):
        name = f"fresh-{self.number()}.example"
        self.ledger.create(f"/projects/{self.project}/domains", {"domain": name})
        return name

    def fresh_role(self):
        body = {"name": f"Fresh role {self.number()}", "permissions": ["clients:read"]}
        return self.ledger.create("/roles", body)["id"]

    def fresh_grant(self):
        client = self.fresh_client().id
        return client, self.ledger.grant(client, "viewer", project=self.project)["id"]

    def identifiers(self, call):
        """What stands for each {id}; things that the call ends are made for it."""
        if call == "DELETE /admin/clients/{id}/roles/{id}":
            return self.fresh_grant()
        if call == "DELETE /admin/clients/{id}/secrets/{id}":
            client = self.fresh_client()
            return client.id, client.secret_id
        if call in ("DELETE /admin/clients/{id}", "POST /admin/clients/{id}/revocations",
                    "POST /admin/clients/{id}/disable"):
            return (self.fresh_client().id,)
        if call == "DELETE /admin/projects/{id}/domains/{id}":
            return self.project, self.fresh_domain()
        if call == "DELETE /admin/roles/{id}":
            return (self.fresh_role(),)
        known = {
            "plans": self.plan, "accounts": self.account, "projects": self.project,
            "scopes": "coreapi", "domains": "kept.example", "clients": self.client.id,
            "secrets": self.client.secret_id, "roles": self.role, "charges": self.charge,
            "events": "0", "entries": "000.p/5", "reports": "credential_population", "tokens": self.token,
        }
        return [known[name] for name in re.findall(r"/(\w+)/\{id\}", call)]

    def body(self, call):
        number = self.number()
        bodies = {
            "POST /admin/plans": {"name": f"Plan {number}", "rates": [
                {"item": "application_fee", "amount": 1, "currency": "USD"}]},
            "PATCH /admin/plans/{id}": {"name": f"Walked {number}"},
            "POST /admin/accounts": {"name": f"Account {number}", "currency": "USD"},
            "PATCH /admin/accounts/{id}": {"name": f"Acme {number}"},
            "POST /admin/accounts/{id}/suspend": {"reason": "tried"},
            "POST /admin/accounts/{id}/resume": {},
            "POST /admin/projects": {"name": f"Project {number}", "account": self.account},
            "PATCH /admin/projects/{id}": {"description": f"Described {number} times"},
            "POST /admin/projects/{id}/scopes": {
                "name": f"scope-{number}", "description": "Tried"},
            "PATCH /admin/projects/{id}/scopes/{id}": {"description": f"Tried {number} times"},
            "POST /admin/projects/{id}/domains": {"domain": f"tried-{number}.example"},
            "PATCH /admin/projects/{id}/domains/{id}": {"may_call_api": number % 2 == 0},
            "POST /admin/projects/{id}/domains/{id}/check": {"days": 1},
            "POST /admin/projects/{id}/clients": registration(f"Client {number}"),
            "PATCH /admin/clients/{id}": {"app_version": f"1.{number}"},
            "POST /admin/clients/{id}/disable": {"reason": "tried"},
            "POST /admin/clients/{id}/enable": {},
            "POST /admin/clients/{id}/revocations": {"grounds": "misuse", "reason": "tried"},
            "POST /admin/revocations": {
                "reason": "tried", "dry_run": True,
                "tokens": [{"id": self.token, "position": self.token_position}]},
            "POST /admin/clients/{id}/secrets": {"overlap_seconds": 0},
            "POST /admin/clients/{id}/roles": {
                "role": "viewer", "project": self.project, "reason": "tried"},
            "POST /admin/roles": {"name": f"Role {number}", "permissions": ["clients:read"]},
            "PATCH /admin/roles/{id}": {"description": f"Walked {number} times"},
        }
        return bodies.get(call)

    def ask(self, call, token):
        method, template = call.split()
        ids = iter(self.identifiers(call))
        path = re.sub(r"\{id\}", lambda _: next(ids), template)
        if call == "GET /admin/tokens":
            path += f"?client={self.client.id}"
        headers = {"If-Match": "*"} if method in ("PATCH", "DELETE") else {}
        # Those that tell who read events come by the minute.
        before = len(self.ledger.events())
        answer = self.ledger.call(method, path, self.body(call), token=token, headers=headers)
        return answer, len(self.ledger.events()) - before

    def head(self):
        """How many events there are but those that tell who read them, which come by the minute."""
        return len(self.ledger.events())

    def last(self):
        """The position of the last of them."""
        return json.loads(self.ledger.events()[-1])["position"]

    def restore(self, call):
        if call == "POST /admin/accounts/{id}/suspend":
            self.ledger.admin("POST", f"/accounts/{self.account}/resume", {})

    # What is expected

    def expected(self, call, role, place):
        permission, standing = CALLS[call]
        if permission not in ROLES[role].split():
            return 403
        if place in COVERING[standing]:
            return "allowed"
        return {EVERYTHING: 403, IN_BODY: 422, LISTED: 422}.get(standing, 404)

    def test_the_table_has_every_method_of_every_path(self):
        asked = set()
        for template in templates():
            path = template.replace("{id}", "x")
            answer = self.ledger.request("OPTIONS", path)
            self.assertEqual(answer.status, 405)
            methods = set(answer.headers["Allow"].split(", ")) - {"HEAD"}
            asked |= {f"{method} {template}" for method in methods}
        self.assertEqual(asked, set(CALLS))

    def test_the_roles_are_as_described(self):
        found = {role["name"]: role for role in self.ledger.get("/roles")["items"]}
        for name, permissions in ROLES.items():
            self.assertEqual(set(found[name]["permissions"]), set(permissions.split()))
            self.assertTrue(found[name]["built_in"])

    def test_every_call_by_every_caller(self):
        outcomes = set()
        for call in CALLS:
            for (role, place), token in self.callers.items():
                expected = self.expected(call, role, place)
                answer, written = self.ask(call, token)
                outcome = answer.status if answer.status in (401, 403, 404) else "allowed"
                if expected == 422:
                    outcome = answer.status
                with self.subTest(call, role=role, place=place):
                    self.assertEqual(outcome, expected, answer)
                    if expected != "allowed":
                        self.assertEqual(written, 0)
                    if expected == 403:
                        self.assertIn(CALLS[call][0], answer.json["detail"])
                self.restore(call)
                outcomes.add(expected)
        self.assertEqual(outcomes, {"allowed", 403, 404, 422})

    def test_lists_show_what_the_caller_may_see(self):
        """Each with its total, as if the rest were not there."""
        operator = {path: {item["id"] for item in self.ledger.get(path, per_page="all")["items"]}
                    for path in ("/accounts", "/projects", "/clients")}
        everywhere = operator["/projects"], operator["/clients"]
        mine = {
            project: {item["id"] for item in self.ledger.get(
                f"/projects/{project}/clients", per_page="all")["items"]}
            for project in everywhere[0]}
        of_account = {account: {item["id"] for item in self.ledger.get(
            "/projects", per_page="all")["items"] if item["account"] == account}
            for account in operator["/accounts"]}
        clients = lambda projects: set().union(*(mine[project] for project in projects))
        for place, accounts, projects in [
            ("everything", operator["/accounts"], everywhere[0]),
            ("account", {self.account}, of_account[self.account]),
            ("other account", {self.other_account}, of_account[self.other_account]),
            ("project", set(), {self.project}), ("other project", set(), {self.sibling}),
        ]:
            token = self.callers["viewer", place]
            for path, expected in (
                    ("/accounts", accounts), ("/projects", projects),
                    ("/clients", clients(projects))):
                answer = self.ledger.admin("GET", path + "?per_page=all", token=token)
                with self.subTest(path, place=place):
                    self.assertEqual({item["id"] for item in answer.json["items"]}, expected)
                    self.assertEqual(answer.json["total"], len(expected))

    def test_charges_are_those_of_the_accounts_that_one_may_see(self):
        of_account = lambda account, **options: self.ledger.admin(
            "GET", "/charges?per_page=all" + (f"&account={account}" if account else ""), **options)
        for place, account in (("account", self.account), ("other account", self.other_account)):
            token = self.callers["billing", place]
            expected = of_account(account).json
            self.assertGreater(expected["total"], 0)
            self.assertEqual(of_account(None, token=token).json, expected)
            self.assertEqual(of_account(account, token=token).json, expected)
        token = self.callers["billing", "other account"]
        self.assertEqual(of_account(self.account, token=token).json["total"], 0)
        self.assertEqual(of_account(None, token=self.callers["billing", "project"]).json["total"], 0)

    def test_tokens_of_a_client_out_of_sight(self):
        path = f"/tokens?client={self.client.id}"
        for place, count in (("project", 1), ("account", 1), ("other project", 0)):
            answer = self.ledger.admin("GET", path, token=self.callers["auditor", place])
            self.assertEqual(len(answer.json["items"]), count, place)

    def test_grants_as_of_a_moment(self):
        client = self.fresh_client().id
        roles = lambda **query: [
            item["role"] for item in self.ledger.get(f"/clients/{client}/roles", **query)["items"]]
        first = self.ledger.grant(client, "viewer", project=self.project)
        between = self.last()
        second = self.ledger.grant(client, "manager", project=self.project)
        path = f"/clients/{client}/roles"
        for grant in (first, second):
            self.assertEqual(self.ledger.admin("DELETE", f"{path}/{grant['id']}").status, 200)
        after = self.last()
        self.ledger.stop()
        self.ledger.start()
        self.assertEqual(roles(), [])
        for position, expected in (
                (first["position"] - 1, []), (between, ["viewer"]),
                (second["position"], ["viewer", "manager"]), (after, [])):
            self.assertEqual(roles(as_of=position), expected)
        role = self.fresh_role()
        before = self.last()
        listed = lambda **query: {
            item["id"] for item in self.ledger.get("/roles", per_page="all", **query)["items"]}
        self.assertIn(role, listed())
        self.assertEqual(listed(permissions="system:write"), {"owner"})
        self.assertEqual(listed(name="manager"), {"manager"})
        self.ledger.admin("PATCH", f"/roles/{role}", {"permissions": ["audit:read"]},
                          headers={"If-Match": "*"})
        self.ledger.admin("DELETE", f"/roles/{role}", headers={"If-Match": "*"})
        self.assertEqual(self.ledger.admin("GET", f"/roles/{role}").status, 404)
        self.assertEqual(
            self.ledger.get(f"/roles/{role}", as_of=before)["permissions"], ["clients:read"])
        self.assertNotIn(role, listed())
        self.assertIn(role, listed(as_of=before))
        self.assertIn(role, listed(as_of=before, permissions="clients:read"))

    def test_a_lost_update_of_a_role(self):
        role = self.fresh_role()
        path = f"/roles/{role}"
        tag = self.ledger.admin("GET", path).headers["ETag"]
        change = lambda text, **headers: self.ledger.admin(
            "PATCH", path, {"description": text}, headers=headers)
        self.assertProblem(change("One"), 428)
        self.assertEqual(change("One", **{"If-Match": tag}).status, 200)
        self.assertProblem(change("Two", **{"If-Match": tag}), 412)
        self.assertProblem(self.ledger.admin("DELETE", path, headers={"If-Match": tag}), 412)
        answer = change(None, **{"If-Match": "*"})
        self.assertNotIn("description", answer.json)
        self.assertEqual(self.ledger.admin(
            "DELETE", path, headers={"If-Match": answer.headers["ETag"]}).status, 200)

    def test_grants_are_shown_where_the_caller_reads_clients(self):
        client = self.fresh_client().id
        grants = {
            place: self.ledger.grant(client, "viewer", **where)["id"]
            for place, where in (
                ("everything", {}), ("account", {"account": self.account}),
                ("project", {"project": self.project}))}
        for place, visible in [
            ("everything", {"everything", "account", "project"}),
            ("account", {"account", "project"}), ("project", {"project"}),
        ]:
            answer = self.ledger.admin(
                "GET", f"/clients/{client}/roles", token=self.callers["viewer", place])
            self.assertEqual(
                {item["id"] for item in answer.json["items"]}, {grants[name] for name in visible})
            self.assertEqual(answer.json["total"], len(visible))
