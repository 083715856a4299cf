"""Schemas/openapi.json, as tests use it, and schemathesis, which reads it and tries the server."""

import collections
import copy
import json
import os
import pathlib
import re
import subprocess

from ledger import ROOT

TOOLS = ROOT / ".build/python/bin"
FILE = ROOT / "Schemas/openapi.json"
DOCUMENT = json.loads(FILE.read_text())
METHODS = ("get", "post", "patch", "delete")


def resolve(value):
    """What a reference leads to, with what stands beside it; anything else is itself."""
    if not isinstance(value, dict) or "$ref" not in value:
        return value
    target = DOCUMENT
    for part in value["$ref"].removeprefix("#/").split("/"):
        target = target[part]
    beside = {key: item for key, item in value.items() if key != "$ref"}
    return resolve(target) | beside


class Operation:
    """A method of a path."""

    def __init__(self, path, method):
        self.path, self.method = path, method
        self.item = DOCUMENT["paths"][path]
        self.content = self.item[method]

    def __repr__(self):
        return f"{self.method.upper()} {self.path}"

    @property
    def parameters(self):
        both = self.item.get("parameters", []) + self.content.get("parameters", [])
        return [resolve(parameter) for parameter in both]

    def names(self, place):
        """The names of its parameters in `query`, `path` or `header`."""
        return [each["name"] for each in self.parameters if each["in"] == place]

    @property
    def permissions(self):
        """The permissions that a caller needs."""
        schemes = self.content.get("security", [])
        return {name for scheme in schemes for name in scheme.get("bearer", [])}

    @property
    def media(self):
        """Every media type object of it, with where it stands."""
        bodies = [("request", self.content.get("requestBody"))]
        bodies += list(self.content["responses"].items())
        for place, body in bodies:
            for kind, media in resolve(body or {}).get("content", {}).items():
                yield f"{self} {place} {kind}", media

    def at(self, **ids):
        """The path with identifiers in it; one that nothing has, where none is given."""
        return re.sub(r"\{(\w+)\}", lambda name: ids.get(name[1], absent(name[1])), self.path)


OPERATIONS = [
    Operation(path, method)
    for path, item in DOCUMENT["paths"].items() for method in METHODS if method in item]
ADMINISTRATION = [each for each in OPERATIONS if each.path.startswith("/admin/")]


def absent(parameter):
    """A value for a path's parameter that names nothing."""
    schema = resolve(resolve({"$ref": f"#/components/parameters/{parameter}"})["schema"])
    if schema.get("type") == "integer":
        return str(schema["maximum"])
    return schema["examples"][0] if "examples" in schema else "absent"


class Trial:
    """A run of schemathesis against a ledger's server: requests that fit the description and such
    that do not, each answer held against what is described."""

    def __init__(self, ledger, *arguments):
        place = pathlib.Path(ledger.place.name)
        (place / "calls").write_text("")
        (place / "openapi.json").write_text(json.dumps(strict(DOCUMENT)))
        (place / "schemathesis.toml").write_text(self.configuration(ledger))
        environment = os.environ | {
            "API_CALLS": str(place / "calls"), "API_THINGS": json.dumps(self.things(ledger))}
        result = subprocess.run(
            [TOOLS / "schemathesis", "--config-file", "schemathesis.toml", "run", "openapi.json",
             "--url", f"http://127.0.0.1:{ledger.port}", "--no-color", "--continue-on-failure",
             *arguments],
            cwd=place, env=environment, capture_output=True, text=True)
        self.status, self.output = result.returncode, result.stdout + result.stderr
        # How often each operation was answered with each status.
        self.answers = collections.defaultdict(collections.Counter)
        for line in (place / "calls").read_text().splitlines():
            operation, _, status = line.rpartition(" ")
            self.answers[operation][int(status)] += 1

    @staticmethod
    def things(ledger):
        """The identifiers in the description's examples, and sets of things to stand in their
        places, so that what the caller itself stands on stays as it is."""
        kinds = ("Account", "Project", "InternalClient", "Secret", "Role", "Grant")
        examples = [resolve({"$ref": f"#/components/schemas/{kind}Id"})["examples"][0]
                    for kind in kinds]
        spares = []
        for number in range(60):
            account, project = (Trial.place_for_clients(ledger, f"Spare {number}"))
            client = ledger.add_client(f"Client {number}", project)
            # What may be deleted has nothing in it; its client stands elsewhere.
            if number % 2 == 0:
                project = Trial.place_for_clients(ledger, f"Left {number}")[1]
                account = ledger.create(
                    "/accounts", {"name": f"Empty {number}", "currency": "USD"})["id"]
            role = ledger.create(
                "/roles", {"name": f"Role {number}", "permissions": ["clients:read"]})["id"]
            grant = ledger.grant(client.id, "billing")["id"]
            spares.append((account, project, client.id, client.secret_id, role, grant))
        moments = resolve({"$ref": "#/components/schemas/Moment"})["examples"]
        return {"examples": examples, "moments": moments, "spares": spares}

    @staticmethod
    def place_for_clients(ledger, name):
        """A new account, and a project of it with the scopes and the domain of the description's examples."""
        account = ledger.create(
            "/accounts", {"name": name, "currency": "USD", "plan": "standard"})["id"]
        project = ledger.create("/projects", {"name": name, "account": account})["id"]
        for scope in ("coreapi", "billing.read", "orders.read"):
            ledger.create(f"/projects/{project}/scopes", {"name": scope, "description": scope})
        ledger.create(f"/projects/{project}/domains", {"domain": "shop.example"})
        return account, project

    @staticmethod
    def configuration(ledger):
        """With a token of the operator; text in ASCII, for which the description says everything."""
        return "\n".join([
            f"hooks = {json.dumps(str(ROOT / 'Tests/System/api_hooks.py'))}",
            "[generation]", 'codec = "ascii"',
            "[output.truncation]", "enabled = false",
            # 412 is the answer to an If-Match of another version, be it well-formed or not.
            "[checks.positive_data_acceptance]",
            'expected-statuses = ["2xx", 401, 403, 404, 409, 412]',
            "[checks.negative_data_rejection]",
            "expected-statuses = [400, 401, 403, 404, 405, 409, 412, 415, 422, 428]",
            "[checks.missing_required_header]", "expected-statuses = [400, 401, 409, 422, 428]",
            "[auth.openapi.bearer]", f"bearer = {json.dumps(ledger.operator.token())}",
            "[auth.openapi.client]", f"username = {json.dumps(ledger.operator.id)}",
            f"password = {json.dumps(ledger.operator.secret)}", ""])

    @property
    def unanswered(self):
        """The operations that never succeeded: nothing was learnt of them."""
        return [str(each) for each in OPERATIONS
                if not any(200 <= status < 300 for status in self.answers[str(each)])]


def strict(document):
    """The document for a judge: no status but those that are named, no member of an answer but
    those that are described."""
    document = copy.deepcopy(document)
    for path in document["paths"].values():
        for method in METHODS:
            path.get(method, {"responses": {}})["responses"].pop("default", None)
    close(document["components"]["schemas"])
    close(document["paths"])
    return document


def close(value):
    if isinstance(value, list):
        for each in value:
            close(each)
    elif isinstance(value, dict):
        if value.get("type") == "object" and "properties" in value:
            value.setdefault("additionalProperties", False)
        for each in value.values():
            close(each)
