"""Requests sent byte by byte over many connections, and every byte that comes back."""

import dataclasses
import itertools

from load import Wire

ALIVE = b"GET /healthz HTTP/1.1\r\nHost: ledger\r\n\r\n"
LAST = ALIVE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")


def rest(connection):
    """All bytes until the server closes; the connection is closed then."""
    received = bytearray()
    with connection:
        while part := connection.recv(65_536):
            received += part
    return bytes(received)


@dataclasses.dataclass
class Reply:
    status: int
    headers: dict
    body: bytes


def replies(received, bodiless=False):
    """The answers that the bytes are: whole, and nothing beside them."""
    found = []
    while received:
        head, end, received = received.partition(b"\r\n\r\n")
        assert end, f"half a head: {head!r}"
        line, *fields = head.decode("ascii").split("\r\n")
        version, status, _ = line.split(" ", 2)
        assert version == "HTTP/1.1", line
        pairs = [field.split(": ", 1) for field in fields]
        headers = {name.lower(): value for name, value in pairs}
        assert len(headers) == len(fields), f"a header twice: {head!r}"
        length = 0 if bodiless or status == "100" else int(headers["content-length"])
        assert len(received) >= length, f"half a body: {received!r}"
        found.append(Reply(int(status), headers, received[:length]))
        received = received[length:]
    return found


def cuts(request):
    """The request whole, and cut in two at every byte; a long one at a hundred places."""
    step = 1 if len(request) < 1_000 else len(request) // 100
    return [(request,)] + [(request[:at], request[at:]) for at in range(1, len(request), step)]


class Conversations:
    """Talks to a server of one loop.

    Such a server can be waited for until it has read what was sent, on all connections; so no cut
    is lost by chance.
    """

    def __init__(self, control, connect):
        """Conversations on what `connect` gives, watched from a connection that stays."""
        self.control = Wire(over=control)
        self.connect = connect

    def close(self):
        self.control.close()

    def settle(self):
        """Returns when the server has read everything: the second answer comes from a turn of its
        loop after the one that gave the first."""
        for _ in range(2):
            assert self.control.exchange(ALIVE)[0] == 200

    def hold(self, scripts):
        """What the server sends on a connection of its own for each script until it closes.

        A script is the parts of what the client sends; the server reads each by itself.
        """
        for start in range(0, len(scripts), 50):
            batch = scripts[start:start + 50]
            connections = [self.connect() for _ in batch]
            self.settle()
            for parts in itertools.zip_longest(*batch):
                for connection, part in zip(connections, parts):
                    if part:
                        connection.sendall(part)
                self.settle()
            yield from map(rest, connections)
