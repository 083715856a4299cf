"""The description of the endpoints, held against the server and against independent validators."""

import re
import subprocess
import unittest

import jsonschema

import api
from ledger import PERMISSIONS, ROOT, LedgerTest


def templates():
    """The paths that the router knows, with {id} for each identifier."""
    source = (ROOT / "Sources/Endpoints/Route.swift").read_text()
    return re.findall(r'case \.\w+: "(/[^"]+)"', source)


def template(path):
    """How the router writes a path; it knows the reports by one, which the document has each."""
    path = re.sub(r"^/admin/reports/\w+$", "/admin/reports/{id}", path)
    return re.sub(r"\{\w+\}", "{id}", path)


class Document(unittest.TestCase):
    def test_an_independent_validator_takes_it(self):
        result = subprocess.run(
            [api.TOOLS / "openapi-spec-validator", "--schema", "3.1", api.FILE],
            capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_every_path_of_the_router_and_no_other(self):
        described = {template(path) for path in api.DOCUMENT["paths"]}
        self.assertEqual(described, set(templates()))

    def test_operations_have_names_of_their_own(self):
        names = [each.content["operationId"] for each in api.OPERATIONS]
        self.assertEqual(len(names), len(set(names)))

    def test_parameters_of_a_path_are_those_in_it(self):
        for each in api.OPERATIONS:
            with self.subTest(each):
                self.assertEqual(each.names("path"), re.findall(r"\{(\w+)\}", each.path))

    def test_every_post_takes_a_key_and_nothing_else_does(self):
        for each in api.ADMINISTRATION:
            with self.subTest(each):
                keyed = "Idempotency-Key" in each.names("header")
                self.assertEqual(keyed, each.method == "post")

    def test_the_refusals_that_every_call_can_meet(self):
        for each in api.ADMINISTRATION:
            expected = {"400", "401", "403", "503"} | ({"404"} if "{" in each.path else set())
            if "requestBody" in each.content:
                expected |= {"415", "422"}
            if "If-Match" in each.names("header"):
                expected |= {"412", "428"}
            with self.subTest(each):
                self.assertLessEqual(expected, each.content["responses"].keys())

    def test_every_administration_call_names_one_permission(self):
        known = set(PERMISSIONS.split())
        for each in api.ADMINISTRATION:
            with self.subTest(each):
                self.assertEqual(len(each.permissions), 1)
                self.assertLessEqual(each.permissions, known)

    def test_examples_fit_their_schemas(self):
        resolver = jsonschema.RefResolver("", api.DOCUMENT)
        seen = 0
        for each in api.OPERATIONS:
            for place, media in each.media:
                if "example" in media:
                    seen += 1
                    with self.subTest(place):
                        jsonschema.Draft202012Validator(
                            media["schema"], resolver=resolver).validate(media["example"])
        self.assertGreater(seen, 20)

    def test_every_schema_is_a_schema(self):
        for name, schema in api.DOCUMENT["components"]["schemas"].items():
            with self.subTest(name):
                jsonschema.Draft202012Validator.check_schema(schema)

    def test_bodies_are_closed(self):
        for each in api.ADMINISTRATION:
            body = api.resolve(each.content.get("requestBody", {}))
            for media in body.get("content", {}).values():
                with self.subTest(each):
                    schema = api.resolve(media["schema"])
                    self.assertIs(schema.get("additionalProperties"), False)


class Described(LedgerTest):
    """What the document says is what the server does."""

    @classmethod
    def prepare(cls):
        account = cls.ledger.genesis["account"]
        project = cls.ledger.create("/projects", {"name": "Things", "account": account})["id"]
        cls.ledger.create(f"/projects/{project}/scopes", {
            "name": "coreapi", "description": "What the client is for"})
        cls.ledger.create(f"/projects/{project}/domains", {"domain": "shop.example"})
        client = cls.ledger.add_client("Stands for clients", project, scope="coreapi")
        cls.things = {
            "scope": "coreapi", "domain": "shop.example",
            "role": cls.ledger.define_role("clients:read")["id"],
            "grant": cls.ledger.grant(client.id, "viewer")["id"],
            "account": account, "project": project,
            "client": client.id, "secret": client.secret_id, "position": "0",
            "plan": cls.ledger.get("/plans")["items"][0]["id"],
            "charge": cls.ledger.get("/charges")["items"][0]["id"],
        }

    def test_the_served_bytes_are_the_file(self):
        answer = self.ledger.request("GET", "/openapi.json")
        self.assertEqual((answer.status, answer.body), (200, api.FILE.read_bytes()))
        self.assertEqual(answer.headers["Content-Type"], "application/json")
        self.assertIn("public", answer.headers["Cache-Control"])

    def test_every_method_of_every_path_and_no_other(self):
        for path, item in api.DOCUMENT["paths"].items():
            answer = self.ledger.request("OPTIONS", api.Operation(path, next(
                method for method in api.METHODS if method in item)).at())
            described = {method.upper() for method in api.METHODS if method in item}
            described |= {"HEAD"} & {"HEAD" if "get" in item else ""}
            with self.subTest(path):
                self.assertEqual(answer.status, 405)
                self.assertEqual(set(answer.headers["Allow"].split(", ")), described)

    def test_a_call_without_a_token_is_refused(self):
        for each in api.ADMINISTRATION:
            answer = self.ledger.request(each.method.upper(), each.at())
            with self.subTest(each):
                self.assertProblem(answer, 401)

    def test_the_permission_that_is_missing_is_the_one_described(self):
        token = self.ledger.add_client("Has no permission").token()
        for each in api.ADMINISTRATION:
            answer = self.ask(each, token=token)
            with self.subTest(each):
                self.assertProblem(answer, 403)
                self.assertIn(next(iter(each.permissions)), answer.json["detail"])

    def test_the_reports_are_those_that_the_server_lists(self):
        listed = self.ledger.get("/reports")["items"]
        described = [path for path in api.DOCUMENT["paths"] if path.startswith("/admin/reports/")]
        self.assertEqual(
            sorted(described), sorted(f"/admin/reports/{report['name']}" for report in listed))
        for report in listed:
            operation = api.Operation(f"/admin/reports/{report['name']}", "get")
            schema = operation.content["responses"]["200"]["content"]["application/json"]["schema"]
            row = schema["properties"]["rows"]["items"]
            names = [parameter["name"] for parameter in report["parameters"]]
            with self.subTest(report["name"]):
                self.assertEqual(row["required"], sorted(report["columns"]))
                self.assertEqual(operation.names("query"), [*names, "as_of"])

    def test_parameters_that_are_not_described_are_refused(self):
        for each in api.ADMINISTRATION:
            answer = self.ask(each, "?no_such_parameter=1")
            with self.subTest(each):
                self.assertProblem(answer, 400, ["no_such_parameter"])

    def test_parameters_that_are_described_are_known(self):
        for each in api.ADMINISTRATION:
            for name in each.names("query"):
                answer = self.ask(each, f"?{name}=1")
                with self.subTest(each, parameter=name):
                    self.assertNotIn("is not a parameter", answer.body.decode())

    def ask(self, operation, query="", **options):
        # Position 0 changed none of the things: nothing that is asked here happens.
        headers = {"If-Match": '"0"'} if "If-Match" in operation.names("header") else {}
        path = operation.at(**self.things).removeprefix("/admin") + query
        return self.ledger.admin(operation.method.upper(), path, headers=headers, **options)


class Tried(LedgerTest):
    """schemathesis asks what the document allows, and what it does not."""

    def test_a_short_trial(self):
        trial = api.Trial(
            self.ledger, "--phases", "examples,coverage,fuzzing", "--max-examples", "3",
            "--generation-deterministic")
        self.assertEqual(trial.status, 0, trial.output)
        self.assertEqual(trial.unanswered, [])
