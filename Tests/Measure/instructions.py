#!/usr/bin/python3
"""Counts the instructions of a request, an append, the codec and a replay with callgrind.

usage: Tests/Measure/instructions.py [--keep]

Needs the release builds of tallystick and measure, and valgrind. Prints what Tests/System compares
with thresholds.json; --keep writes the counts there as the new thresholds.

A count is the difference between a long and a short run of the whole program, divided by what the
long one did more: the start cancels out. What differs from machine to machine or from run to run is
kept out: Valgrind shows every program the same processor, hash seeds are fixed, the ECDSA signature is
not counted, because OpenSSL's work for it depends on a random number, and neither is what the notary
does on its own thread, because that follows the clock. System calls count nothing. The counts depend on the versions of Swift and OpenSSL, which are kept beside them.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests/System"))

from ledger import FORM, basic, registration
from load import Wire, token_request

RELEASE = ROOT / ".build/release"
THRESHOLDS = pathlib.Path(__file__).with_name("thresholds.json")
# Notary.run, the body of its thread, as the linker knows it.
SIGNING = "$s6NotaryAAC3run*"
GOLDEN = ROOT / "Schemas/golden/token.issued.1.json"


def versions():
    """What the counts depend on beside the program."""
    swift = subprocess.run(["swift", "--version"], capture_output=True, text=True).stdout
    openssl = subprocess.run(["openssl", "version"], capture_output=True, text=True).stdout
    return {"openssl": openssl.split()[1], "swift": re.search(r"Swift version (\S+)", swift)[1]}


class Counter:
    """Runs programs under callgrind in a scratch directory."""

    def __init__(self, scratch):
        self.scratch = pathlib.Path(scratch)
        self.maps = self.scratch / "small_maps.so"
        source = pathlib.Path(__file__).with_name("small_maps.c")
        compiler = shutil.which("clang") or "cc"
        subprocess.run([compiler, "-shared", "-fPIC", "-o", self.maps, source], check=True)

    def start(self, name, program, *arguments):
        command = [
            "valgrind", "--tool=callgrind", f"--callgrind-out-file={self.scratch}/{name}.out",
            # Collects from the start, and stops inside of a signature and while the notary signs.
            "--toggle-collect=EVP_PKEY_sign", f"--toggle-collect={SIGNING}", "--collect-atstart=yes",
            str(RELEASE / program), *map(str, arguments)]
        environment = os.environ | {
            "LD_PRELOAD": str(self.maps), "SWIFT_DETERMINISTIC_HASHING": "1"}
        with open(self.scratch / f"{name}.log", "w") as log:
            return subprocess.Popen(
                command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)

    def end(self, name, process):
        """Waits for the program and returns its instructions."""
        try:
            process.communicate(timeout=120)
        finally:
            process.kill()
        if process.returncode != 0:
            raise RuntimeError((self.scratch / f"{name}.log").read_text())
        report = (self.scratch / f"{name}.out").read_text()
        return int(re.search(r"^(?:totals|summary): (\d+)", report, re.MULTILINE)[1])

    def run(self, name, program, *arguments):
        return self.end(name, self.start(name, program, *arguments))

    def new_ledger(self, name):
        """The path of a new ledger and what its beginning printed."""
        path = self.scratch / name
        result = subprocess.run(
            [RELEASE / "tallystick", "init", "--data", path, "--json"],
            capture_output=True, check=True)
        return path, json.loads(result.stdout)

    # What is counted: a run that does something so many times.

    def served(self, name, count, request):
        """A server that answers one request again and again over one connection."""
        path, genesis = self.new_ledger(f"{name}.ledger")
        process = self.start(
            name, "tallystick", "serve", "--data", path, "--listen", "127.0.0.1:0", "--loops", "1")
        wire = Wire(int(process.stdout.readline().rsplit(":", 1)[1]))
        try:
            content = request(wire, *new_client(wire, genesis))
            for _ in range(count):
                status, body = wire.exchange(content)
                if status != 200:
                    raise RuntimeError(f"{name}: {status} {body}")
        finally:
            wire.close()
            process.send_signal(signal.SIGTERM)
        return self.end(name, process)

    def health(self, name, count):
        return self.served(name, count, lambda *_: b"GET /healthz HTTP/1.1\r\nHost: ledger\r\n\r\n")

    def token(self, name, count):
        return self.served(name, count, lambda _, *credentials: token_request(*credentials))

    def introspection(self, name, count):
        return self.served(name, count, introspection_request)

    def append(self, name, count):
        path, genesis = self.new_ledger(f"{name}.ledger")
        return self.run(name, "measure", "fill", path, genesis["project"], 100, count, 64)

    def replay(self, name, count, command, *flags):
        path, genesis = self.new_ledger(f"{name}.ledger")
        fill = ["fill", path, genesis["project"], "100", str(count), "512"]
        subprocess.run([RELEASE / "measure", *fill], stdout=subprocess.DEVNULL, check=True,
                       timeout=60)
        return self.run(name, "tallystick", "replay", command, "--data", path, *flags)

    def verify(self, name, count):
        return self.replay(name, count, "verify", "--steps", "2")

    def rebuild(self, name, count):
        return self.replay(name, count, "rebuild")

    def encode(self, name, count):
        return self.run(name, "measure", "encode", GOLDEN, count)

    def parse(self, name, count):
        return self.run(name, "measure", "parse", GOLDEN, count)


def new_client(wire, genesis):
    """Id and secret of a client as it usually is, without permissions of its own."""
    _, body = wire.exchange(token_request(genesis["client_id"], genesis["client_secret"]))
    fields = json.dumps(registration("Counted client"))
    status, body = wire.exchange((
        f"POST /admin/projects/{genesis['project']}/clients HTTP/1.1\r\nHost: ledger\r\n"
        f"Authorization: Bearer {json.loads(body)['access_token']}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(fields)}\r\n\r\n{fields}"
    ).encode())
    if status != 201:
        raise RuntimeError(f"no client was added: {status} {body}")
    added = json.loads(body)
    return added["client"]["client_id"], added["client_secret"]


def introspection_request(wire, id, secret):
    """The bytes that ask for a token that was seen before."""
    _, body = wire.exchange(token_request(id, secret))
    form = f"token={json.loads(body)['access_token']}"
    return (
        f"POST /connect/introspect HTTP/1.1\r\nHost: ledger\r\nContent-Type: {FORM}\r\n"
        f"Authorization: {basic(id, secret)}\r\nContent-Length: {len(form)}\r\n\r\n{form}"
    ).encode()


# The name of a count, how it is made, and how often in the short run; the long one does four times
# as much.
COUNTS = [
    ("request for /healthz", Counter.health, 200),
    ("token, a commit each", Counter.token, 100),
    ("introspection, repeated", Counter.introspection, 100),
    ("append through the sequencer, 64 waiting", Counter.append, 500),
    ("event encoded", Counter.encode, 1_000),
    ("event parsed", Counter.parse, 1_000),
    ("event verified", Counter.verify, 500),
    ("event rebuilt", Counter.rebuild, 500),
]


def count():
    """Instructions by the name of the count."""
    with tempfile.TemporaryDirectory(prefix="tallystick-count-", dir=ROOT / ".build") as scratch, \
            concurrent.futures.ThreadPoolExecutor(2) as pool:
        counter = Counter(scratch)
        runs = {
            (name, times): pool.submit(make, counter, f"{make.__name__}-{times}", times)
            for name, make, few in COUNTS for times in (few, 4 * few)}
        return {
            name: round((runs[name, 4 * few].result() - runs[name, few].result()) / (3 * few))
            for name, _, few in COUNTS}


def main():
    counts = count()
    for name, instructions in counts.items():
        print(f"{instructions:9,}  {name}")
    if "--keep" in sys.argv[1:]:
        THRESHOLDS.write_text(json.dumps(versions() | {"instructions": counts}, indent=2) + "\n")


if __name__ == "__main__":
    main()
