"""What the log costs: appending, verifying, rebuilding, starting; each beside LMDB alone."""

import json
import os
import struct
import subprocess
import time

from figures import Bar, Table, significant
from subjects import Tallystick

WAITING = 64
# Enough for some seconds of both.
APPENDED = 100_000
FORMATS = ("ndjson", "cloudevents", "ocsf", "csv")


def table(title):
    return Table(title, {"figure": "figure", "value": "value", "unit": "unit"}, judged="value")


def run(measure, *arguments):
    """What the measuring program printed."""
    result = subprocess.run(
        [measure, *map(str, arguments)], capture_output=True, text=True, check=True)
    return json.loads(result.stdout)


def begin(options, directory):
    """A new ledger in a new directory, with a scratch directory beside it."""
    os.makedirs(f"{directory}/scratch")
    return Tallystick(options.program, directory)


def measure_append(options, directory):
    ledger = begin(options, directory)
    result = run(
        options.measure, "append", ledger.data, ledger.genesis["project"], options.clients,
        APPENDED, WAITING, f"{directory}/scratch")
    sequencer = result["events"] / result["sequencer_microseconds"] * 1e6
    lmdb = result["events"] / result["lmdb_microseconds"] * 1e6
    figures = table(f"Durable appends, {WAITING} waiting")
    figures.add(figure="sequencer", value=round(sequencer), unit="events/s")
    figures.add(figure="LMDB alone, the same bytes, batches and syncs", value=round(lmdb),
                unit="events/s")
    figures.add(Bar(least=60), figure="sequencer beside LMDB",
                value=significant(100 * sequencer / lmdb), unit="%")
    figures.add(figure="batch", value=significant(result["events"] / result["batches"]),
                unit="events")
    return {"append": figures}


def measure_replay(options, directory):
    ledger = begin(options, directory)
    fill(ledger, options.measure, options.clients, options.events)
    result = run(options.measure, "replay", ledger.data, f"{directory}/scratch")
    events = result["events"]

    def lmdb(name):
        return round(events / result[f"lmdb_{name}_microseconds"] * 1e6)

    def command(name, *arguments):
        return round(events / seconds(options.program, ledger, name, *arguments))

    figures = table(f"Replay of {events:,} events")
    figures.add(Bar(least=1_000_000), figure="verify", value=command("verify"), unit="events/s")
    figures.add(figure="LMDB alone, the same reads", value=lmdb("read"), unit="events/s")
    rebuild = events / result["rebuild_microseconds"] * 1e6
    figures.add(Bar(least=500_000), figure="rebuild", value=round(rebuild), unit="events/s")
    figures.add(figure="LMDB alone, the same log and state", value=lmdb("rebuild"),
                unit="events/s")
    figures.add(Bar(least=50), figure="rebuild beside LMDB",
                value=significant(100 * rebuild / lmdb("rebuild")), unit="%")
    figures.add(figure="as-of the end", unit="events/s",
                value=command("as-of", "--position", str(events - 1), "--json"))
    for form in FORMATS:
        figures.add(figure=f"export as {form}", unit="events/s", value=command(
            "export", "--format", form, "--output", f"{directory}/scratch/{form}"))
    figures.add(figure="LMDB alone, the same reads and file", value=lmdb("export"),
                unit="events/s")
    for scopes in ("coreapi", "coreapi billing.read"):
        length, used = token_bytes(options, f"{directory}/{len(scopes)}", scopes)
        figures.add(Bar(most=480) if scopes == "coreapi" else None, value=round(used), unit="bytes",
                    figure=f"journal, a token of {length} bytes, {scopes}")
    figures.add(Bar(most=1), figure="start after kill -9",
                value=significant(start_after_kill(ledger)), unit="s")
    return {"replay": figures}


def seconds(program, ledger, command, *arguments):
    """The seconds that a replay command takes, from its start to its end."""
    begin = time.monotonic()
    subprocess.run([program, "replay", command, "--data", ledger.data, *arguments],
                   stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - begin


def token_bytes(options, directory, scope):
    """The length of a stored token event, and the bytes that the journal grows by for each."""
    used = []
    for tokens in (1, 50_000):
        ledger = begin(options, f"{directory}/{tokens}")
        filled = fill(ledger, options.measure, 100, tokens, scope)
        used.append(used_bytes(ledger.data))
    return filled["last_event_bytes"], (used[1] - used[0]) / (50_000 - 1)


def fill(ledger, measure, clients, tokens, *scope):
    """Adds clients and tokens; returns what was printed of it."""
    return run(measure, "fill", ledger.data, ledger.genesis["project"], clients, tokens, 512, *scope)


def start_after_kill(ledger):
    """Seconds from the start until the server listens, once it was killed."""
    ledger.start()
    ledger.token(ledger.operator)
    ledger.kill()
    seconds = ledger.start()
    ledger.token(ledger.operator)
    ledger.stop()
    return seconds


def used_bytes(data):
    """Bytes of the journal up to the last page in use: LMDB's newer meta page says it."""
    with open(f"{data}/journal/data.mdb", "rb") as file:
        pages = file.read(8_192)
    # mm_last_pg and mm_txnid of struct MDB_meta, behind the page's head of 16 bytes.
    last_page, _ = max(
        (struct.unpack_from("<QQ", pages, start + 136) for start in (0, 4_096)),
        key=lambda meta: meta[1])
    return (last_page + 1) * 4_096
