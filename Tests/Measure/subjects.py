"""The programs that are measured: what they are told, what they take, where they listen."""

import base64
import concurrent.futures
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import threading
import time

ACKNOWLEDGEMENTS = ["billing", "one_time_secret", "confidentiality", "misuse", "revocation"]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def signature_microseconds():
    """CPU microseconds of one ECDSA P-256 signature."""
    command = ["openssl", "speed", "-seconds", "2", "ecdsap256"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return 1e6 / float(re.search(r"ecdsa \(nistp256\)\s+\S+s\s+\S+s\s+([\d.]+)", text)[1])


def make_certificate(directory):
    """A certificate for 127.0.0.1 that signs itself, and its P-256 key; their paths."""
    certificate, key = f"{directory}/certificate.pem", f"{directory}/key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2",
         "-keyout", key, "-out", certificate], capture_output=True, check=True)
    return certificate, key


def cpu_seconds(pids):
    """User and system time that processes have used."""
    ticks = 0
    for pid in pids:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def resident_mebibytes(pids):
    """Memory of processes that no file backs: pages of the log that they have mapped are the
    kernel's cache, which it takes back when it wants to."""
    kibibytes = 0
    for pid in pids:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        kibibytes += int(re.search(r"RssAnon:\s+(\d+)", status)[1])
    return kibibytes / 1024


class Tallystick:
    """A server on a ledger of its own, and what one asks of it."""

    name = "tallystick"

    def __init__(self, program, directory):
        self.program, self.data = str(program), f"{directory}/ledger"
        os.makedirs(directory, exist_ok=True)
        result = subprocess.run(
            [self.program, "init", "--data", self.data, "--json"], capture_output=True, check=True)
        self.genesis = json.loads(result.stdout)
        self.operator = self.genesis["client_id"], self.genesis["client_secret"]

    def start(self, certificate=None):
        """Serves, over TLS if certificate and key are given; returns the seconds until it did."""
        flags = ["--tls-certificate", certificate[0], "--tls-key", certificate[1]] if certificate \
            else []
        begin = time.monotonic()
        self.process = subprocess.Popen(
            [self.program, "serve", "--data", self.data, "--listen", "127.0.0.1:0", *flags],
            stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        seconds = time.monotonic() - begin
        if not line.startswith("listening on "):
            raise RuntimeError("the server did not start; what it says stands above")
        self.url = line.removeprefix("listening on ").strip()
        self.port = int(self.url.rsplit(":", 1)[1])
        self.local = threading.local()
        return seconds

    def stop(self):
        self.end(signal.SIGTERM, 0)

    def kill(self):
        self.end(signal.SIGKILL, -signal.SIGKILL)

    def end(self, number, expected):
        self.process.send_signal(number)
        self.process.stdout.close()
        if (status := self.process.wait(30)) != expected:
            raise RuntimeError(f"the server ended with {status}")

    @property
    def pids(self):
        return [self.process.pid]

    # Requests, over plain HTTP

    def call(self, method, path, body=None, headers={}):
        if not hasattr(self.local, "connection"):
            self.local.connection = http.client.HTTPConnection("127.0.0.1", self.port)
        self.local.connection.request(method, path, body, headers)
        response = self.local.connection.getresponse()
        answer = json.loads(response.read())
        if response.status >= 300:
            raise RuntimeError(f"{method} {path}: {response.status} {answer}")
        return answer

    def token(self, credentials):
        headers = FORM | {"Authorization": basic(credentials)}
        body = "grant_type=client_credentials"
        return self.call("POST", "/connect/token", body, headers)["access_token"]

    def add_client(self, name, scope, token):
        """The id and the secret of a new client."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        body = {
            "client_name": name, "application_type": "service", "app_name": "bench",
            "app_version": "1", "scope": scope, "acknowledgements": ACKNOWLEDGEMENTS,
        }
        path = f"/admin/projects/{self.genesis['project']}/clients"
        answer = self.call("POST", path, json.dumps(body), headers)
        return answer["client"]["client_id"], answer["client_secret"]

    def add_clients(self, count):
        """Credentials of as many clients that hold no permission, and of one that may introspect
        the tokens of all."""
        token = self.token(self.operator)
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            clients = list(pool.map(
                lambda number: self.add_client(
                    f"bench client {number}", "coreapi billing.read", token), range(count)))
        return clients, self.add_resource_server(token)

    def add_resource_server(self, token):
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        server = self.add_client("bench resource server", "coreapi", token)
        role = {"name": "bench resource server", "permissions": ["tokens:introspect"]}
        role = self.call("POST", "/admin/roles", json.dumps(role), headers)
        grant = {"role": role["id"], "reason": "to be measured"}
        self.call("POST", f"/admin/clients/{server[0]}/roles", json.dumps(grant), headers)
        return server


def basic(credentials):
    """Ids and generated secrets hold nothing that would have to be escaped (RFC 6749 §2.3.1)."""
    return "Basic " + base64.b64encode(":".join(credentials).encode()).decode()


class Nginx:
    """nginx with one small static file: what HTTP costs where nothing is computed."""

    name = "nginx"
    CONFIGURATION = """
daemon off; pid {0}/nginx.pid; error_log stderr crit; worker_processes auto;
events {{ worker_connections 2048; }}
http {{
  access_log off; default_type text/plain; keepalive_requests 1000000000; ssl_session_tickets on;
  client_body_temp_path {0}; proxy_temp_path {0}; fastcgi_temp_path {0}; uwsgi_temp_path {0};
  scgi_temp_path {0}; ssl_certificate {1}; ssl_certificate_key {2};
  ssl_protocols TLSv1.2 TLSv1.3; ssl_session_cache shared:bench:1m;
  server {{ listen 127.0.0.1:{3} backlog=4096; listen 127.0.0.1:{4} ssl backlog=4096; root {0}; }}
}}
"""

    def __init__(self, directory, certificate):
        directory = os.path.abspath(f"{directory}/nginx")
        os.mkdir(directory)
        # The workers of a root's nginx are nobody's.
        os.chmod(directory, 0o755)
        pathlib.Path(f"{directory}/healthz").write_text('{"status":"up"}')
        certificate = [os.path.abspath(path) for path in certificate]
        self.plain, self.tls = free_port(), free_port()
        configuration = pathlib.Path(directory, "nginx.conf")
        configuration.write_text(
            "user root;" * (os.geteuid() == 0)
            + self.CONFIGURATION.format(directory, *certificate, self.plain, self.tls))
        self.process = subprocess.Popen(["nginx", "-p", directory, "-c", str(configuration)])
        wait_for(self.tls)
        self.use(None)

    def use(self, certificate):
        """From now on is measured over TLS, or plain without a certificate."""
        self.port = self.tls if certificate else self.plain
        self.url = f"{'https' if certificate else 'http'}://127.0.0.1:{self.port}"

    @property
    def pids(self):
        """The master and its workers."""
        pid = self.process.pid
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [pid, *map(int, children)]

    def stop(self):
        self.process.terminate()
        self.process.wait(30)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(port):
    deadline = time.monotonic() + 10
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


class Connections:
    """Clients that connect, ask once and leave; each is told that it is the last request."""

    REQUEST = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"

    def __init__(self, subject, certificate=None):
        self.subject = subject
        self.context = ssl.create_default_context(cafile=certificate[0]) if certificate else None

    def connect(self, session=None):
        """Asks once; returns the session that the server offered, over TLS."""
        with socket.create_connection(("127.0.0.1", self.subject.port)) as connection:
            if self.context is None:
                return self.ask(connection)
            with self.context.wrap_socket(
                    connection, server_hostname="127.0.0.1", session=session) as secure:
                self.ask(secure)
                if session and not secure.session_reused:
                    raise RuntimeError(f"{self.subject.name} did not resume the session")
                return secure.session

    def ask(self, connection):
        connection.sendall(self.REQUEST)
        answer = b""
        while part := connection.recv(65_536):
            answer += part
        if not answer.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(f"{self.subject.name} answered {answer[:100]!r}")

    def cpu_microseconds(self, count, session=None):
        """What the server takes for one connection; each resumes the session if one is given."""
        before = cpu_seconds(self.subject.pids)
        for _ in range(count):
            self.connect(session)
        return (cpu_seconds(self.subject.pids) - before) / count * 1e6
