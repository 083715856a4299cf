"""The schemas of events, by a validator that knows nothing of the ledger: python-jsonschema.

The golden events and the list of refused values are the ones that the decoder is tested with.
The events of a new ledger are validated too, made by the program that the environment variable
TALLYSTICK names (default .build/debug/tallystick).
"""

import base64
import copy
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest
import urllib.parse
import urllib.request

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("TALLYSTICK", str(ROOT / ".build/debug/tallystick"))
SCHEMAS = ROOT / "Schemas"
BASE = "https://tallystick.invalid/schemas/events/"
FILES = {path.name: json.loads(path.read_text()) for path in (SCHEMAS / "events").iterdir()}
SHARED = {"envelope.schema.json", "values.schema.json"}
GOLDEN = {path.name: path.read_bytes() for path in sorted((SCHEMAS / "golden").iterdir())}
REFUSED = json.loads((SCHEMAS / "refused.json").read_text())


def validator(schema):
    store = {BASE + name: content for name, content in FILES.items()}
    resolver = jsonschema.RefResolver(schema["$id"], schema, store=store)
    return jsonschema.Draft202012Validator(schema, resolver=resolver)


VALIDATORS = {
    str((schema["properties"]["type"]["const"], schema["properties"]["revision"]["const"])):
    validator(schema)
    for name, schema in FILES.items() if name not in SHARED
}


def problems(event):
    """What the schema of the event's own type and revision says against it."""
    name = (event.get("type"), event.get("revision"))
    if VALIDATORS.get(str(name)) is None:
        return [f"no schema for {name}"]
    return [
        f"{'.'.join(map(str, error.absolute_path))}: {error.message}"
        for error in VALIDATORS[str(name)].iter_errors(event)
    ]


def canonical(event):
    """RFC 8785 for what the ledger stores: integers, and names in ASCII."""
    return json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def places(value, path=()):
    """The path of every member and element below a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, child in items:
        yield path + (key,)
        if isinstance(child, (dict, list)):
            yield from places(child, path + (key,))


def at(value, path):
    for key in path:
        value = value[key]
    return value


def replaced(event, path, value):
    event = copy.deepcopy(event)
    at(event, path[:-1])[path[-1]] = value
    return event


def removed(event, path):
    event = copy.deepcopy(event)
    del at(event, path[:-1])[path[-1]]
    return event


def is_optional(event, path):
    """Members that an event of its type may do without."""
    optional = {
        "actor.token", "part", "request", "reason", "data.client_uri", "data.after.client_uri",
        "data.before.client_uri",
    }
    if event["type"] != "token.revoked":
        optional.add("cause")
    if event["type"] == "secret.revoked":
        optional.add("data.grounds")
    if event["type"] in ("project.created", "role.defined"):
        optional.add("data.description")
    if event["type"] == "alert.raised":
        optional.add("data.spared")
    if event["type"] == "token.issued":
        optional |= {"data.mode", "data.domain", "data.network"}
    if event["type"] == "client.edited":
        optional.add("data.before.scope")
    if event["type"] == "client.added" and event["revision"] > 1:
        optional.add("data.scope")
    if event["type"] == "role.granted":
        optional |= {"data.account", "data.project"}
    if event["type"] == "role.revised":
        # One side is enough, as a description may be new or gone.
        optional |= {"data.before.description", "data.after.description"}
    if event["type"] == "plan.activated":
        optional.add("data.before")
    if event["type"] == "project.edited" and "name" in event["data"]["after"]:
        optional |= {"data.before.description", "data.after.description"}
    if event["type"] == "domain.changed" and path[1:2] in (("after",), ("before",)):
        return len(path) == 3
    return ".".join(map(str, path)) in optional


class SchemaTests(unittest.TestCase):
    def test_every_schema_is_a_schema(self):
        for name, schema in FILES.items():
            with self.subTest(name):
                jsonschema.Draft202012Validator.check_schema(schema)
                self.assertEqual(schema["$id"], BASE + name)

    def test_every_reference_leads_somewhere(self):
        for name, schema in FILES.items():
            for path in places(schema):
                if path[-1] != "$ref":
                    continue
                with self.subTest(schema=name, path=path):
                    file, _, pointer = at(schema, path).partition("#")
                    target = FILES[file or name]
                    at(target, [part for part in pointer.split("/") if part])

    def test_every_object_is_closed(self):
        for name, schema in FILES.items():
            for path in places(schema):
                part = at(schema, path)
                if isinstance(part, dict) and "properties" in part and "$defs" not in path[-1:]:
                    with self.subTest(schema=name, path=path):
                        self.assertTrue(self.is_closed(part, path))

    @staticmethod
    def is_closed(part, path):
        # Branches narrow the members of an object that is closed where it is described.
        narrows = any(key in ("anyOf", "if", "then") for key in path)
        return narrows or part.get("additionalProperties") is False

    def test_every_type_has_schema_and_golden(self):
        schemas = {name.removesuffix(".schema.json") for name in FILES.keys() - SHARED}
        goldens = {re.match(r"[a-z]+\.[a-z_]+\.[0-9]+", name)[0] for name in GOLDEN}
        self.assertEqual(schemas, goldens)
        for name in schemas:
            properties = FILES[name + ".schema.json"]["properties"]
            stated = f"{properties['type']['const']}.{properties['revision']['const']}"
            self.assertEqual(stated, name)


class GoldenTests(unittest.TestCase):
    EVENTS = [(name, json.loads(stored)) for name, stored in GOLDEN.items()]

    def test_valid(self):
        for name, event in self.EVENTS:
            self.assertEqual(problems(event), [], name)
            self.assertTrue(name.startswith(f"{event['type']}.{event['revision']}."))

    def test_canonical(self):
        for name, event in self.EVENTS:
            self.assertEqual(GOLDEN[name], canonical(event), name)

    def test_refused_by_the_schemas_of_other_types(self):
        for name, event in self.EVENTS:
            for other, schema in VALIDATORS.items():
                own = other == str((event["type"], event["revision"]))
                self.assertEqual(schema.is_valid(event), own, (name, other))

    def test_removed_members(self):
        for name, event in self.EVENTS:
            for path in places(event):
                if isinstance(path[-1], str):
                    found = problems(removed(event, path))
                    self.assertEqual(not found, is_optional(event, path), (name, path))

    def test_additional_members(self):
        for name, event in self.EVENTS:
            for path in [(), *places(event)]:
                if isinstance(at(event, path), dict):
                    found = problems(replaced(event, path + ("additional",), None))
                    self.assertTrue(found, (name, path))

    def test_changed_types(self):
        for name, event in self.EVENTS:
            for path in places(event):
                kind = type(at(event, path))
                for other in (None, True, 1, 1.5, "text", [], {}):
                    if type(other) is not kind:
                        self.assertTrue(problems(replaced(event, path, other)), (name, path, other))

    def test_identifiers(self):
        """Each is of one kind, and holds a UUIDv7."""
        free = {("data", "client_id"), ("data", "acknowledgements", "acknowledged_by")}
        for name, event in self.EVENTS:
            for path in places(event):
                value = at(event, path)
                if isinstance(value, str) and re.match("[a-z]{3}_", value) and path not in free:
                    for other in self.other_identifiers(value):
                        self.assertTrue(problems(replaced(event, path, other)), (name, other))

    @staticmethod
    def other_identifiers(value):
        kinds = {"acc", "chg", "cli", "key", "led", "pln", "prj", "sec", "tok", "rol", "grt"}
        for kind in kinds - {value[:3]}:
            yield kind + value[3:]
        yield value[:4] + "0" * 26
        yield value[:14] + "g" + value[15:]
        yield value[:17] + "c" + value[18:]
        yield value[:-1]
        yield value + "0"

    def test_refused_values(self):
        for case in REFUSED:
            with self.subTest(**case):
                event = json.loads(GOLDEN[case["golden"]])
                self.assertTrue(problems(replaced(event, tuple(case["at"]), case["value"])))

    def test_integers_that_not_every_reader_keeps(self):
        for name, event in self.EVENTS:
            for path in places(event):
                if type(at(event, path)) is int:
                    for beyond in (2**53, -(2**53)):
                        self.assertTrue(problems(replaced(event, path, beyond)), (name, path))

    def test_line_breaks_at_the_end(self):
        for name, event in self.EVENTS:
            for path in places(event):
                value = at(event, path)
                if isinstance(value, str) and path != ("reason",):
                    self.assertTrue(problems(replaced(event, path, value + "\n")), (name, path))

    def test_charges_add_up(self):
        for name, event in self.EVENTS:
            if event["type"] == "billing.charged":
                data = event["data"]
                self.assertEqual(data["amount"], data["price"] * data["quantity"], name)


class EnvelopeTests(unittest.TestCase):
    """What holds for every event, one whose type is not known yet too."""

    ENVELOPE = validator(FILES["envelope.schema.json"])
    EVENT = {**json.loads(GOLDEN["token.issued.1.json"]), "type": "token.minted", "revision": 2}

    def test_taken(self):
        for event in [self.EVENT, *map(json.loads, GOLDEN.values())]:
            self.assertTrue(self.ENVELOPE.is_valid(event), event)

    def test_refused(self):
        for name, value in [
            ("type", 1), ("type", "Token.issued"), ("type", "token"), ("type", ""),
            ("revision", 0), ("revision", 2**53), ("revision", "1"), ("subject", 1),
            ("data", []), ("actor", None), ("additional", 1),
        ]:
            self.assertFalse(self.ENVELOPE.is_valid({**self.EVENT, name: value}), (name, value))
        self.assertFalse(self.ENVELOPE.is_valid([]))


class StricterThanTheDecoder(unittest.TestCase):
    """Values that can be decoded and that the rules never record."""

    CASES = [
        ("key.activated.1.json", ("data", "alg"), "RS256"),
        ("key.activated.1.json", ("data", "x"), "AA"),
        ("ledger.created.1.json", ("data", "issuer"), "https://ledger.example/"),
        ("ledger.created.1.json", ("data", "issuer"), "https://ledger.example/?a=b"),
        ("ledger.created.1.json", ("data", "issuer"), "ftp://ledger.example"),
        ("ledger.created.1.json", ("data", "origin"), "ledger+example"),
        ("ledger.created.1.json", ("data", "origin"), "ledger\u00a0example"),
        ("plan.defined.1.json", ("data", "plan_revision"), 0),
        ("plan.defined.1.json", ("data", "rates"), []),
        ("plan.defined.1.json", ("data", "rates", 0, "amount"), -1),
        ("plan.defined.1.json", ("data", "rates", 0, "amount"), 10**12 + 1),
        ("account.opened.1.json", ("data", "name"), " Operations"),
        ("account.opened.1.json", ("data", "name"), "Operations\u3000"),
        ("account.opened.1.json", ("data", "name"), "Oper\u0085ations"),
        ("client.added.1.json", ("data", "client_id"), "no spaces"),
        ("client.added.2.json", ("data", "redirect_uris", 0), "http://billing.example/callback"),
        ("client.added.2.json", ("data", "redirect_uris", 0), "https://billing.example/#top"),
        ("client.added.2.json", ("data", "redirect_uris", 0), "https://billing.example/ "),
        ("client.added.2.json", ("data", "redirect_uris", 0), "http://127.0.0.1.example/"),
        ("client.added.2.json", ("data", "redirect_uris", 0), "billing:/callback"),
        ("client.added.2.json", ("data", "redirect_uris", 0), "https://" + "x" * 2041),
        ("client.added.1.json", ("data", "audience"), "api.example"),
        ("client.added.1.json", ("data", "audience"), "https://"),
        ("client.added.1.json", ("data", "audience"), "https://" + "x" * 2041),
        ("client.added.1.json", ("data", "token_lifetime"), 0),
        ("client.added.1.json", ("data", "token_lifetime"), 86401),
        ("client.added.1.json", ("data", "acknowledgements", "items"), ["billing"] * 5),
        ("client.added.1.json", ("data", "acknowledgements", "items"), ["billing", "misuse"]),
        ("client.added.1.json", ("data", "acknowledgements", "statement"), "november"),
        ("client.added.1.json", ("data", "secret", "last_four"), "three"),
        ("client.added.1.json", ("data", "secret", "last_four"), "caf\u00e9"),
        ("client.added.1.json", ("data", "secret", "pepper"), "5F0C9A1E"),
        ("client.added.1.json", ("data", "secret", "verifier"), "A" * 42 + "B"),
        ("client.added.1.json", ("actor", "id"), "cli_00000000000000000000000000"),
        ("client.added.1.json", ("actor", "address"), "ledger.example"),
        ("client.added.1.json", ("actor", "address"), "203.0.113"),
        ("client.added.1.json", ("actor", "address"), "2001:" * 9 + "1"),
        ("client.added.1.json", ("data", "scope"), " ".join(f"s{n}" for n in range(51))),
        ("billing.charged.1.json", ("data", "amount"), -1250),
        ("billing.charged.1.json", ("data", "quantity"), 0),
        ("billing.charged.1.json", ("data", "period"), "2026-13"),
        ("billing.charged.1.json", ("data", "unit"), "token"),
        ("plan.revised.1.json", ("data", "plan_revision"), 1),
        ("plan.revised.1.json", ("data", "after", "rates"), []),
        ("scope.defined.1.json", ("data", "name"), "two words"),
        ("scope.defined.1.json", ("data", "name"), "clients:read"),
        ("scope.removed.1.json", ("data", "name"), 'quo"ted'),
        ("scope.edited.1.json", ("data", "name"), "back\\slash"),
        ("token.issued.1.json", ("actor",), {"kind": "system", "id": "tallystick init"}),
        ("token.issued.1.json", ("data", "exp"), -1),
        ("domain.added.1.json", ("data", "addresses"), ["10.0.0.0/8", "10.0.0.0/8"]),
        ("domain.changed.1.json", ("data", "after"), {}),
        ("token.revoked.1.json", ("actor",), {"kind": "system", "id": "tallystick init"}),
    ]

    def test_refused(self):
        for golden, path, value in self.CASES:
            with self.subTest(golden, path=path, value=value):
                self.assertTrue(problems(replaced(json.loads(GOLDEN[golden]), path, value)))

    TEXTS = [
        ("role.defined.1.json", ("data", "description"), 1, 500),
        ("role.defined.1.json", ("data", "name"), 1, 50),
        ("role.revised.1.json", ("data", "after", "name"), 1, 50),
        ("account.opened.1.json", ("actor", "id"), 1, None),
        ("account.opened.1.json", ("data", "name"), 1, 100),
        ("client.added.1.json", ("data", "acknowledgements", "acknowledged_by"), 1, None),
        ("client.added.1.json", ("data", "app_name"), 5, 50),
        ("client.added.1.json", ("data", "app_version"), 1, 50),
        ("client.added.1.json", ("data", "client_name"), 5, 50),
        ("client.renamed.1.json", ("data", "after"), 5, 50),
        ("client.edited.1.json", ("data", "after", "app_name"), 5, 50),
        ("client.edited.1.json", ("data", "before", "app_version"), 1, 50),
        ("plan.defined.1.json", ("data", "name"), 1, 50),
        ("project.created.1.json", ("data", "description"), 0, 500),
        ("project.created.1.json", ("data", "name"), 1, 100),
        ("project.edited.1.json", ("data", "after", "description"), 0, 500),
        ("project.edited.1.json", ("data", "after", "name"), 1, 100),
        ("account.renamed.1.json", ("data", "after"), 1, 100),
        ("account.renamed.1.json", ("data", "before"), 1, 100),
        ("plan.revised.1.json", ("data", "after", "name"), 1, 50),
        ("scope.defined.1.json", ("data", "description"), 1, 500),
        ("scope.edited.1.json", ("data", "after", "description"), 1, 500),
    ]

    def test_lengths_of_names(self):
        for golden, path, shortest, longest in self.TEXTS:
            for length in (shortest - 1, shortest, longest, (longest or 0) + 1):
                if length is None or length < 0 or (longest is None and length > shortest):
                    continue
                taken = shortest <= length and (longest is None or length <= longest)
                for character in "x😀":
                    found = self.problems_with(golden, path, character * length)
                    self.assertEqual(not found, taken, (golden, path, length, found))

    def test_lengths_of_words(self):
        for golden, path, character, shortest, longest in [
            ("client.added.1.json", ("data", "client_id"), "x", 5, 64),
            ("ledger.created.1.json", ("data", "origin"), "x", 1, 255),
            ("ledger.continued.1.json", ("data", "origin"), "x", 1, 255),
            ("ledger.continued.1.json", ("data", "previous", "origin"), "x", 1, 255),
            ("scope.defined.1.json", ("data", "name"), "x", 1, 100),
        ]:
            for length in (shortest - 1, shortest, longest, longest + 1):
                found = self.problems_with(golden, path, character * length)
                self.assertEqual(not found, shortest <= length <= longest, (golden, path, found))

    def test_lengths_of_lists(self):
        event = json.loads(GOLDEN["plan.defined.1.json"])
        rate = event["data"]["rates"][0]
        rates = [{**rate, "amount": number} for number in range(101)]
        self.check_list("plan.defined.1.json", ("data", "rates"), rates)
        event = json.loads(GOLDEN["secret.rotated.1.json"])
        secret = event["data"]["replaced"][0]
        replaced_secrets = [{**secret, "expires": number} for number in range(10)]
        self.check_list("secret.rotated.1.json", ("data", "replaced"), replaced_secrets)
        addresses = [f"https://billing.example/{number}" for number in range(21)]
        self.check_list("client.added.2.json", ("data", "redirect_uris"), addresses)

    def check_list(self, golden, path, items):
        """The list is one too long, and holds no item twice."""
        self.assertTrue(self.problems_with(golden, path, items))
        self.assertEqual(self.problems_with(golden, path, items[1:]), [])
        self.assertTrue(self.problems_with(golden, path, items[:1] * 2))

    @staticmethod
    def problems_with(golden, path, value):
        return problems(replaced(json.loads(GOLDEN[golden]), path, value))

    def test_limits_are_taken(self):
        for golden, path, value in [
            ("client.added.1.json", ("data", "token_lifetime"), 86400),
            ("client.added.1.json", ("data", "scope"), " ".join(f"s{n}" for n in range(50))),
            ("client.added.1.json", ("data", "scope"), "ab a b aba"),
            ("client.added.1.json", ("data", "audience"), "HTTP://[::1]:8080/a?b#c"),
            ("client.added.1.json", ("data", "audience"), "https://" + "x" * 2040),
            ("client.added.2.json", ("data", "redirect_uris", 0), "HTTP://LocalHost:1?a"),
            ("client.added.2.json", ("data", "redirect_uris", 0), "https://" + "x" * 2040),
            ("plan.defined.1.json", ("data", "rates", 0, "amount"), 10**12),
            ("token.issued.1.json", ("position",), 2**53 - 1),
            ("token.issued.1.json", ("recorded",), "1970-01-01T00:00:00.000000Z"),
            ("token.issued.1.json", ("recorded",), "2000-02-29T23:59:59.999999Z"),
            ("token.issued.1.json", ("recorded",), "2400-02-29T12:00:00.000000Z"),
            ("token.issued.1.json", ("recorded",), "9999-12-31T23:59:59.999999Z"),
            ("token.issued.1.json", ("actor", "address"), "::ffff:203.0.113.7"),
        ]:
            with self.subTest(golden, path=path, value=value):
                self.assertEqual(problems(replaced(json.loads(GOLDEN[golden]), path, value)), [])


@unittest.skipUnless(os.access(PROGRAM, os.X_OK), f"{PROGRAM} is no program")
class LedgerTests(unittest.TestCase):
    def test_every_event_of_a_new_ledger(self):
        with tempfile.TemporaryDirectory() as parent:
            data = os.path.join(parent, "ledger")
            init = [PROGRAM, "init", "--data", data, "--json"]
            ledger = json.loads(subprocess.run(init, check=True, capture_output=True).stdout)
            lines = self.serve(data, ledger)
        self.assertEqual(lines.pop(), b"")
        seen = set()
        for position, line in enumerate(lines):
            event = json.loads(line)
            self.assertEqual(problems(event), [], line)
            self.assertEqual(line, canonical(event))
            self.assertEqual(event["position"], position)
            seen.add(event["type"])
        self.assertLessEqual(
            {
                "ledger.created", "key.activated", "plan.defined", "account.opened",
                "plan.activated", "project.created", "client.added", "billing.charged",
                "token.issued",
            }, seen)

    def serve(self, data, ledger):
        command = [PROGRAM, "serve", "--data", data, "--listen", "127.0.0.1:0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                origin = server.stdout.readline().split()[-1]
                return self.events(origin, self.token(origin, ledger))
            finally:
                server.terminate()

    def token(self, origin, ledger):
        credentials = f"{ledger['client_id']}:{ledger['client_secret']}".encode()
        request = urllib.request.Request(
            origin + "/connect/token",
            data=urllib.parse.urlencode({"grant_type": "client_credentials"}).encode(),
            headers={"Authorization": "Basic " + base64.b64encode(credentials).decode()})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)["access_token"]

    def events(self, origin, token):
        request = urllib.request.Request(
            origin + "/admin/events",
            headers={"Authorization": "Bearer " + token, "Accept": "application/x-ndjson"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read().split(b"\n")


if __name__ == "__main__":
    unittest.main()
