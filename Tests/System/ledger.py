"""A ledger of its own for a test: its data directory, its server, and what one asks of it.

The program is the one that the environment variable TALLYSTICK names.
"""

import base64
import hashlib
import http.client
import json
import os
import pathlib
import re
import select
import signal
import subprocess
import tempfile
import time
import unittest
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("TALLYSTICK", str(ROOT / ".build/debug/tallystick"))

ACKNOWLEDGEMENTS = ["billing", "one_time_secret", "confidentiality", "misuse", "revocation"]
PERMISSIONS = (
    "accounts:read accounts:write projects:read projects:write clients:read clients:write "
    "secrets:write tokens:read tokens:revoke tokens:introspect billing:read billing:write "
    "audit:read roles:write system:write"
)
FORM = "application/x-www-form-urlencoded"


def missing_program():
    """What to say if there is no program; None if there is one."""
    if os.access(PROGRAM, os.X_OK):
        return None
    return f"there is no {PROGRAM}; Scripts/run builds it"


def run(*arguments, **options):
    """The program, run to its end."""
    command = [PROGRAM, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **options)


def until(condition, what, seconds=10):
    """Polls until the condition holds and returns what it gave."""
    deadline = time.monotonic() + seconds
    while True:
        if result := condition():
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {seconds} s")
        time.sleep(0.01)


def basic(client_id, secret):
    """An Authorization header; both halves are form-encoded first (RFC 6749 §2.3.1)."""
    pair = f"{urllib.parse.quote_plus(client_id)}:{urllib.parse.quote_plus(secret)}"
    return "Basic " + base64.b64encode(pair.encode()).decode()


def segment(text):
    """A segment of a compact JWS, decoded."""
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def claims(token):
    return segment(token.split(".")[1])


def registration(name, **fields):
    """The body that adds a client; a field of None is left out."""
    body = {
        "client_name": name,
        "application_type": "service",
        "app_name": "System tests",
        "app_version": "1.0",
        "scope": "coreapi billing.read",
        "acknowledgements": ACKNOWLEDGEMENTS,
    } | fields
    return {field: value for field, value in body.items() if value is not None}


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def fields(self):
        """The fields that a problem document names."""
        return sorted(error["field"] for error in self.json.get("errors", []))

    def __repr__(self):
        return f"{self.status} {self.body[:500]!r}"


class Client:
    """A client of the ledger with one of its secrets."""

    def __init__(self, ledger, id, secret, secret_id=None):
        self.ledger, self.id, self.secret, self.secret_id = ledger, id, secret, secret_id

    @property
    def authorization(self):
        return {"Authorization": basic(self.id, self.secret)}

    def post(self, path, **form):
        return self.ledger.form(path, form, self.authorization)

    def ask(self, **form):
        """The answer to a token request."""
        return self.post("/connect/token", grant_type="client_credentials", **form)

    def token(self, **form):
        answer = self.ask(**form)
        assert answer.status == 200, answer
        return answer.json["access_token"]

    def introspect(self, token):
        return self.post("/connect/introspect", token=token).json

    def revoke(self, token):
        return self.post("/connect/revoke", token=token)


class Ledger:
    """A new ledger in a temporary directory, served until `close`.

    It is served with the flags of `serve`, at the addresses of `listen`, and spoken with over TLS
    if there is a context for it.
    """

    def __init__(
            self, *init_flags, inside=None, start=True, serve=(), listen="127.0.0.1:0", tls=None):
        self.place = tempfile.TemporaryDirectory(prefix="tallystick-test-", dir=inside)
        self.data = pathlib.Path(self.place.name) / "ledger"
        self.log_file = pathlib.Path(self.place.name) / "log"
        self.serve = [*serve, "--listen", listen]
        self.tls = tls
        self.process = None
        self.bearer = None
        result = run("init", "--data", self.data, "--json", *init_flags)
        assert result.returncode == 0, result.stderr
        self.genesis = json.loads(result.stdout)
        self.operator = Client(self, self.genesis["client_id"], self.genesis["client_secret"])
        if start:
            self.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # The server

    def start(self, under=(), environment={}):
        """Starts the server, under another program if one is given; returns when it listens."""
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(
                [*under, PROGRAM, "serve", "--data", self.data, *self.serve],
                stdout=subprocess.PIPE, bufsize=0, stderr=log, env=os.environ | environment)
        self.endpoints = [self.endpoint() for _ in self.serve[-1].split(",")]
        ports = [name.rsplit(":", 1)[1] for name in self.endpoints if name.startswith("http")]
        self.port = int(ports[0]) if ports else None

    def line(self, seconds=60):
        """The next line that the server prints, or what there is of it when the time is over."""
        deadline = time.monotonic() + seconds
        printed = select.poll()
        printed.register(self.process.stdout, select.POLLIN)
        line = b""
        while printed.poll(max(deadline - time.monotonic(), 0) * 1000):
            octet = self.process.stdout.read(1)
            line += octet
            if octet in (b"", b"\n"):
                break
        return line.decode()

    def endpoint(self):
        """The next address that the server says it listens on."""
        line = self.line()
        found = re.fullmatch(r"listening on (.+)\n", line)
        if not found:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"the server did not start: {line!r} {self.log()}")
        return found[1]

    def end(self, number):
        """Sends a signal and returns the status with which the server ended."""
        self.process.send_signal(number)
        status = self.process.wait(20)
        self.process.stdout.close()
        self.process = None
        return status

    def kill(self):
        self.end(signal.SIGKILL)

    def stop(self):
        status = self.end(signal.SIGTERM)
        assert status == 0, f"the server ended with {status}: {self.log()}"

    def close(self):
        if self.process:
            self.kill()
        self.place.cleanup()

    def log(self):
        return self.log_file.read_text()

    def warnings(self):
        """The warning lines of the server's log."""
        lines = [json.loads(line) for line in self.log().splitlines() if line.startswith("{")]
        return [line for line in lines if line["level"] == "warning"]

    def descriptors(self):
        """How many the server has open."""
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def memory(self):
        """Bytes of the server's own memory; the pages of its files belong to the system."""
        with open(f"/proc/{self.process.pid}/status") as file:
            fields = dict(line.split(":", 1) for line in file)
        return int(fields["RssAnon"].split()[0]) * 1024

    # Requests

    def connection(self):
        if self.tls:
            return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=self.tls)
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)

    def request(self, method, path, body=None, headers={}):
        connection = self.connection()
        try:
            connection.request(method, path, body, headers)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def form(self, path, form, headers={}):
        """Posts a form: a dictionary, or the text of one."""
        body = form if isinstance(form, str) else urllib.parse.urlencode(form)
        return self.request("POST", path, body, {"Content-Type": FORM} | headers)

    def admin(self, method, path, *arguments, **options):
        """An administration call, by the operator unless another token is given."""
        return self.call(method, "/admin" + path, *arguments, **options)

    def call(self, method, path, body=None, token=None, headers={}):
        """A call with an access token, the operator's unless another is given."""
        if token is None:
            self.bearer = self.bearer or self.operator.token()
            token = self.bearer
        headers = {"Authorization": f"Bearer {token}"} | headers
        if body is not None:
            headers = {"Content-Type": "application/json"} | headers
            body = body if isinstance(body, (str, bytes)) else json.dumps(body)
        return self.request(method, path, body, headers)

    def get(self, path, **query):
        text = "?" + urllib.parse.urlencode(query) if query else ""
        answer = self.admin("GET", path + text)
        assert answer.status == 200, answer
        return answer.json

    def create(self, path, body, **options):
        answer = self.admin("POST", path, body, **options)
        assert answer.status == 201, answer
        return answer.json

    def add_client(self, name, project=None, permissions="", **fields):
        """Adds a client; one with permissions holds them for everything."""
        path = f"/projects/{project or self.genesis['project']}/clients"
        answer = self.create(path, registration(name, **fields))
        if permissions:
            self.grant(answer["client"]["id"], self.define_role(permissions)["id"])
        client = answer["client"]["client_id"]
        return Client(self, client, answer["client_secret"], answer["secret"]["id"])

    def define_role(self, permissions):
        """The role with these permissions, and no other; it is made if there is none."""
        name = f"tests: {hashlib.sha256(permissions.encode()).hexdigest()[:12]}"
        for role in self.get("/roles", per_page="all")["items"]:
            if role["name"] == name:
                return role
        return self.create("/roles", {"name": name, "permissions": permissions.split()})

    def grant(self, client, role, **place):
        """Gives a role to a client: for everything unless an account or a project is named."""
        body = {"role": role, "reason": "so that it can be tested"} | place
        return self.create(f"/clients/{client}/roles", body)

    def events(self, **query):
        """All events that match, as the lines in which they are stored; those that reading them
        makes, a minute later, only when asked for by type."""
        path = "/events?" + urllib.parse.urlencode(query)
        answer = self.admin("GET", path, headers={"Accept": "application/x-ndjson"})
        assert answer.status == 200, answer
        own = b'"type":"audit.read"}'
        return [line for line in answer.body.splitlines() if "type" in query or own not in line]

    # Replay

    def run_replay(self, command):
        return run("replay", command, "--data", self.data, "--json")

    def replay(self, command):
        """The exit status and the object that a replay command prints."""
        result = self.run_replay(command)
        assert result.stdout, f"replay {command} printed nothing: {result.stderr}"
        return result.returncode, json.loads(result.stdout)

    def check(self):
        """The log verifies, and the state is what the log alone gives."""
        status, log = self.replay("verify")
        assert status == 0 and log["verified"], log
        status, state = self.replay("compare")
        assert status == 0 and state["live"] == state["rebuilt"], state


class LedgerTest(unittest.TestCase):
    """Tests that share one ledger, which is consistent when they are done."""

    serve = ()

    @classmethod
    def setUpClass(cls):
        cls.ledger = Ledger(serve=cls.serve)
        # A test may put another in its place.
        cls.addClassCleanup(lambda: cls.ledger.close())
        cls.prepare()

    @classmethod
    def prepare(cls):
        """What the tests need beside the ledger."""

    @classmethod
    def tearDownClass(cls):
        cls.ledger.check()

    def assertOAuthError(self, answer, code, status=400):
        """RFC 6749 §5.2, and that no cache may keep it."""
        self.assertEqual((answer.status, answer.json["error"]), (status, code), answer)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertEqual(answer.headers["Content-Type"], "application/json")

    def assertProblem(self, answer, status, fields=None):
        """RFC 9457, with exactly these fields named."""
        self.assertEqual(answer.status, status, answer)
        self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
        self.assertEqual(answer.json["status"], status)
        self.assertTrue(answer.json["title"])
        if fields is not None:
            self.assertEqual(answer.fields, sorted(fields), answer)
            self.assertTrue(all(error["message"] for error in answer.json["errors"]))
