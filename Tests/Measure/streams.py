"""What readers of the whole log cost the server in memory: slow ones, and ones that stop."""

import http.client
import socket
import time

from figures import Table, significant
from log import begin, fill
from subjects import resident_mebibytes

# Bytes a second that the slow reader takes, and seconds that the stalled ones are watched.
PACE = 12_000_000
WATCHED = 5
STALLED = 20


class Peak:
    """The largest growth of the server's memory that was seen."""

    def __init__(self, ledger):
        self.ledger = ledger
        self.start = resident_mebibytes(ledger.pids)
        self.growth = 0

    def look(self):
        self.growth = max(self.growth, resident_mebibytes(self.ledger.pids) - self.start)


def request(token):
    return {"Authorization": f"Bearer {token}", "Accept": "application/x-ndjson"}


def read_slowly(ledger, token, peak):
    """Takes every event at its own pace; returns their number and their bytes."""
    connection = http.client.HTTPConnection("127.0.0.1", ledger.port)
    connection.request("GET", "/admin/events", headers=request(token))
    response = connection.getresponse()
    begin, lines, size = time.monotonic(), 0, 0
    while part := response.read(65_536):
        lines, size = lines + part.count(b"\n"), size + len(part)
        peak.look()
        time.sleep(max(0, begin + size / PACE - time.monotonic()))
    connection.close()
    return lines, size


def stall(ledger, token, peak):
    """Readers that ask for everything and take nothing; others are answered meanwhile."""
    head = "".join(f"{name}: {value}\r\n" for name, value in request(token).items())
    readers = [socket.create_connection(("127.0.0.1", ledger.port)) for _ in range(STALLED)]
    for reader in readers:
        reader.sendall(f"GET /admin/events HTTP/1.1\r\nHost: ledger\r\n{head}\r\n".encode())
    end = time.monotonic() + WATCHED
    while time.monotonic() < end:
        ledger.token(ledger.operator)
        peak.look()
        time.sleep(0.05)
    for reader in readers:
        reader.close()


def measure(options, directory):
    ledger = begin(options, directory)
    fill(ledger, options.measure, options.clients, options.events)
    ledger.start()
    token = ledger.token(ledger.operator)
    last = ledger.call(
        "GET", "/admin/tokens?limit=1&client=" + ledger.genesis["client_id"],
        headers={"Authorization": f"Bearer {token}"})
    slow = Peak(ledger)
    lines, size = read_slowly(ledger, token, slow)
    head = last["items"][0]["position"] + 1
    if lines != head:
        raise RuntimeError(f"the stream had {lines} of {head} events")
    stalled = Peak(ledger)
    stall(ledger, token, stalled)
    ledger.stop()
    figures = Table(
        f"Streams of {lines:,} events, {significant(size / 1e6)} MB",
        {"figure": "figure", "value": "value", "unit": "unit"}, judged="value")
    figures.add(figure=f"memory for a reader that takes {PACE // 1_000_000} MB/s, at most",
                value=significant(slow.growth), unit="MiB more")
    figures.add(figure=f"memory for {STALLED} readers that take nothing, at most",
                value=significant(stalled.growth), unit="MiB more")
    return {"streams": figures}
