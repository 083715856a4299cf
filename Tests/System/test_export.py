"""`replay export`: what each format holds, which events are taken, and that files are whole."""

import csv
import hashlib
import io
import json
import os
import subprocess
import tempfile
import unittest

import api
from ledger import PROGRAM, ROOT, LedgerTest, run, until
from test_schemas import FILES, validator


def record_hash(line):
    """RFC 6962 §2.1."""
    return hashlib.sha256(b"\0" + line).hexdigest()


def independent(kind, lines):
    """What an independent validator says of exported lines: a message for each that is wrong."""
    script = ROOT / "Tests/System/validate_export.py"
    result = subprocess.run(
        [api.TOOLS / "python", script, kind], input=b"".join(lines), capture_output=True)
    assert result.returncode == 0, result.stderr
    return result.stdout.decode().splitlines()


class Recorded(unittest.TestCase):
    """The recorded ledgers, which have every type of event that there is or was."""

    def test_every_type_is_valid_in_every_format(self):
        for file in sorted((ROOT / "Replay/Corpus").glob("*.ndjson")):
            with tempfile.TemporaryDirectory() as place, self.subTest(file.name):
                data = f"{place}/ledger"
                self.assertEqual(run("replay", "import", file, "--data", data).returncode, 0)
                for form in ("ndjson", "cloudevents", "ocsf"):
                    answer = run("replay", "export", "--data", data, "--format", form)
                    self.assertEqual((answer.returncode, answer.stderr), (0, ""))
                    lines = answer.stdout.encode().splitlines(keepends=True)
                    if form == "ndjson":
                        self.assertEqual(b"".join(lines), file.read_bytes())
                    else:
                        self.assertEqual(independent(form, lines), [])


class Export(LedgerTest):
    @classmethod
    def prepare(cls):
        ledger = cls.ledger
        cls.account = ledger.create(
            "/accounts", {"name": "=2+5, \"Acme\"", "currency": "EUR", "plan": "standard"})
        cls.project = ledger.create("/projects", {"name": "Shop", "account": cls.account["id"]})
        cls.client = ledger.add_client("Exported client", cls.project["id"])
        cls.other = ledger.add_client("Another client", cls.project["id"])
        for _ in range(3):
            token = cls.client.token()
        cls.other.token()
        cls.client.revoke(token)
        type(cls.client)(ledger, cls.client.id, "wrong" * 8).ask()
        ledger.create(f"/clients/{cls.client.id}/secrets", {"overlap_seconds": 60})
        ledger.admin("DELETE", f"/clients/{cls.client.id}/secrets/{cls.client.secret_id}")
        cls.client.ask()
        grant = ledger.grant(cls.other.id, "viewer", project=cls.project["id"])
        role = ledger.define_role("projects:read")["id"]
        scopes, domains = (f"/projects/{cls.project['id']}/{name}" for name in ("scopes", "domains"))
        anything = {"If-Match": "*"}
        for method, path, body in (
                ("DELETE", f"/clients/{cls.other.id}/roles/{grant['id']}", None),
                ("PATCH", f"/roles/{role}", {"name": "Watch"}),
                ("POST", scopes, {"name": "read", "description": "=1"}),
                ("DELETE", f"{scopes}/read", None),
                ("POST", domains, {"domain": "shop.example"}),
                ("PATCH", "/policy", {"new_network": {"action": "none"}}),
                ("POST", f"/clients/{cls.other.id}/disable", {"reason": "=because, \"so\""}),
                ("DELETE", f"/clients/{cls.other.id}", None)):
            answer = ledger.admin(method, path, body, headers=anything)
            assert answer.status < 300, (path, answer)
        until(lambda: ledger.events(type="alert.raised"), "an alert of the replaced secret")
        # The server sums denials and reads up, and writes them when it ends.
        ledger.events(type="client.added")
        ledger.stop()
        ledger.start()

    def export(self, *flags):
        result = subprocess.run(
            [PROGRAM, "replay", "export", "--data", self.ledger.data, *flags], capture_output=True)
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        return result.stdout

    def lines(self, *flags):
        return self.export(*flags).splitlines(keepends=True)

    def served(self, media_type):
        answer = self.ledger.admin("GET", "/events", headers={"Accept": media_type})
        self.assertEqual(answer.status, 200)
        return answer.body

    # The formats

    def test_ndjson_and_csv_are_what_the_server_answers(self):
        self.assertEqual(self.export(), self.served("application/x-ndjson"))
        self.assertEqual(self.export("--format", "csv"), self.served("text/csv"))

    def test_ndjson_is_of_the_schemas(self):
        for position, line in enumerate(self.lines()):
            event = json.loads(line)
            self.assertEqual(event["position"], position)
            schema = FILES[f"{event['type']}.{event['revision']}.schema.json"]
            validator(schema).validate(event)

    def test_csv_is_read_back(self):
        text = self.export("--format", "csv").decode()
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        events = [json.loads(line) for line in self.lines()]
        self.assertEqual(len(rows), len(events))
        for row, event in zip(rows, events):
            self.assertEqual(json.loads(row["data"]), event["data"])
            self.assertEqual(
                [row[name] for name in ("position", "recorded", "type", "subject", "actor")],
                [str(event["position"]), event["recorded"], event["type"], event["subject"],
                 event["actor"]["id"]])
        reasons = {row["reason"] for row in rows}
        self.assertIn("'=because, \"so\"", reasons)

    def test_cloudevents(self):
        stored = self.lines()
        lines = self.lines("--format", "cloudevents")
        self.assertEqual(len(lines), len(stored))
        self.assertEqual(independent("cloudevents", lines), [])
        ids = {schema["$id"] for schema in FILES.values()}
        for line, event in zip(lines, stored):
            wrapped = json.loads(line)
            self.assertIn(b'{"data":' + event.rstrip(b"\n") + b',"datacontenttype"', line)
            data = wrapped["data"]
            self.assertIn(wrapped["dataschema"], ids)
            self.assertEqual(wrapped, {
                "data": data, "datacontenttype": "application/json",
                "dataschema": wrapped["dataschema"], "id": record_hash(event.rstrip(b"\n")),
                "position": str(data["position"]), "source": "//" + self.ledger.genesis["origin"],
                "specversion": "1.0", "subject": data["subject"], "time": data["recorded"],
                "type": data["type"]})

    def test_ocsf(self):
        stored = self.lines()
        lines = self.lines("--format", "ocsf")
        self.assertEqual(len(lines), len(stored))
        self.assertEqual(independent("ocsf", lines), [])
        classes = {}
        for line, event in zip(lines, stored):
            record, event = json.loads(line), event.rstrip(b"\n")
            self.assertEqual(record["raw_data"].encode(), event)
            self.assertEqual(record["metadata"]["uid"], record_hash(event))
            self.assertEqual(record["unmapped"]["data"], json.loads(event)["data"])
            classes[json.loads(event)["type"]] = (
                record["class_uid"], record["activity_id"], record["status_id"])
        expected = {
            "ledger.created": (6003, 1, 1), "project.created": (6003, 1, 1),
            "billing.charged": (6003, 1, 1), "client.added": (3001, 1, 1),
            "client.disabled": (3001, 5, 1), "client.deleted": (3001, 6, 1),
            "secret.rotated": (3001, 3, 1), "secret.revoked": (3001, 99, 1),
            "role.granted": (3005, 1, 1), "token.issued": (3002, 1, 1),
            "token.revoked": (3002, 2, 1), "authentication.denied": (3002, 1, 2),
            "audit.read": (6003, 2, 1), "alert.raised": (2004, 1, 1), "role.withdrawn": (3005, 2, 1),
            "role.revised": (6003, 3, 1), "scope.removed": (6003, 4, 1)}
        self.assertEqual({name: classes.get(name) for name in expected}, expected)

    def test_the_validators_can_say_no(self):
        lines = self.lines("--format", "ocsf")[:1]
        for damage in ({"severity_id": 77}, {"class_uid": 3002}, {"user": {"uid": "x"}},
                       {"type_uid": 1}, {"time": "now"}, {"status_id": 5}):
            damaged = json.dumps(json.loads(lines[0]) | damage).encode() + b"\n"
            self.assertEqual(len(independent("ocsf", [damaged])), 1, damage)
        lines = self.lines("--format", "cloudevents")[:1]
        for damage in ({"id": ""}, {"specversion": "2"}, {"time": "now"}, {"Position": "1"},
                       {"type": 5}, {"dataschema": "two words"}, {"source": "a b"}):
            damaged = json.dumps(json.loads(lines[0]) | damage).encode() + b"\n"
            self.assertEqual(len(independent("cloudevents", [damaged])), 1, damage)

    # Which events

    def test_by_subject(self):
        events = self.lines()
        for id in (self.client.id, self.client.secret_id, self.account["id"], self.project["id"]):
            naming = [line for line in events if f'"{id}"'.encode() in line]
            self.assertGreater(len(naming), 1)
            self.assertEqual(self.lines("--subject", id), naming)
        types = {json.loads(line)["type"] for line in self.lines("--subject", self.client.id)}
        self.assertLessEqual(
            {"client.added", "billing.charged", "token.issued", "token.revoked", "secret.rotated",
             "secret.revoked", "authentication.denied"}, types)

    def test_text_that_speaks_of_a_thing_does_not_name_it(self):
        id = self.client.id
        before = self.lines("--subject", id)
        for text in (f"see {id}", f'"{id}"', f'x "{id}', f'\\"{id}"'):
            self.ledger.create("/projects", {"name": "Talk", "description": text,
                                             "account": self.account["id"]})
        self.assertEqual(self.lines("--subject", id), before)
        self.ledger.create("/projects", {"name": "Talk", "description": id,
                                         "account": self.account["id"]})
        self.assertEqual(len(self.lines("--subject", id)), len(before) + 1)

    def test_by_type(self):
        types = ("client.added", "billing.charged")
        wanted = [line for line in self.lines() if json.loads(line)["type"] in types]
        self.assertEqual(self.lines("--type", ",".join(types)), wanted)
        self.assertEqual(
            self.lines("--type", "client.added", "--subject", self.client.id),
            [line for line in wanted if b"client.added" in line and self.client.id.encode() in line])

    def test_by_position_and_time(self):
        events = self.lines("--to", "30")
        self.assertEqual(self.lines("--from", "4", "--to", "9"), events[4:9])
        self.assertEqual(self.lines("--from", "9", "--to", "9"), [])
        self.assertEqual(self.lines("--from", "99999999"), [])
        times = [json.loads(line)["recorded"] for line in events]
        start, end = times[11], times[16]
        between = [line for line, time in zip(events, times) if start <= time < end]
        self.assertTrue(between)
        self.assertEqual(self.lines("--from", start, "--to", end), between)
        self.assertEqual(self.lines("--to", "1999-01-01T00:00:00+02:00"), [])

    def test_pages_do_not_show(self):
        for _ in range(1100):
            self.client.ledger.operator.token()
        self.assertEqual(self.export(), self.served("application/x-ndjson"))
        rows = self.lines("--format", "cloudevents")
        self.assertEqual([json.loads(row)["position"] for row in rows],
                         [str(position) for position in range(len(rows))])

    # Where to

    def test_a_file_is_written_whole(self):
        path = os.path.join(self.ledger.place.name, "export.ndjson")
        with open(path, "w") as file:
            file.write("what was there")
        answer = run("replay", "export", "--data", self.ledger.data, "--output", path, "--json")
        with open(path, "rb") as file:
            content = file.read()
        self.assertEqual(content, self.export()[:len(content)])
        self.assertEqual((answer.returncode, json.loads(answer.stdout)),
                         (0, {"events": content.count(b"\n"), "output": path}))
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)

    def test_a_file_that_cannot_be_written_leaves_what_was_there(self):
        path = os.path.join(self.ledger.place.name, "kept.ndjson")
        with open(path, "w") as file:
            file.write("what was there")
        answer = subprocess.run(
            ["bash", "-c", 'ulimit -f 1; exec "$@"', "bash", PROGRAM, "replay", "export", "--data",
             self.ledger.data, "--output", path],
            capture_output=True, text=True, preexec_fn=ignore_file_size_signal)
        self.assertEqual((answer.returncode, answer.stdout), (3, ""))
        self.assertIn(path, answer.stderr)
        with open(path) as file:
            self.assertEqual(file.read(), "what was there")
        self.assertEqual([name for name in os.listdir(self.ledger.place.name) if "part" in name], [])

    def test_a_reader_that_goes_away(self):
        result = subprocess.run(
            ["bash", "-c", '"$@" | true; echo ${PIPESTATUS[0]}', "bash", PROGRAM, "replay", "export",
             "--data", self.ledger.data], capture_output=True, text=True)
        self.assertIn(result.stdout, ("1\n",))
        self.assertEqual(result.stderr, "")

    def test_wrong_calls(self):
        for flags in (["--format", "xml"], ["--from", "yesterday"], ["--to", "-1"],
                      ["--subject", "acme"], ["--json"], ["--type", ""], ["--type", "token.isued"],
                      ["--type", "token.issued.2"], ["--type", "envelope"],
                      ["--output", ""], ["extra"], ["--from", "5", "--to", "4"],
                      ["--from", "2026-01-02T00:00:00Z", "--to", "2026-01-01T00:00:00Z"]):
            answer = run("replay", "export", "--data", self.ledger.data, *flags)
            self.assertEqual((answer.returncode, answer.stdout), (2, ""), flags)
            self.assertEqual(len(answer.stderr.splitlines()), 1, flags)
        answer = run("replay", "export", "--data", self.ledger.place.name)
        self.assertEqual(answer.returncode, 3)


def ignore_file_size_signal():
    """So that a file that grows too large is an error of the write."""
    import signal
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


if __name__ == "__main__":
    unittest.main()
