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
    without = fill(begin(options, f"{directory}/without"), options, tokens=1)
    ledger = begin(options, directory)
    per_token = (fill(ledger, options, options.events) - without) / (options.events - 1)
    result = run(options.measure, "replay", ledger.data, f"{directory}/scratch")

    def rate(name):
        return result["events"] / result[name + "_microseconds"] * 1e6

    figures = table(f"Replay of {result['events']:,} events")
    figures.add(Bar(least=1_000_000), figure="verify", value=round(rate("verify")),
                unit="events/s")
    figures.add(figure="LMDB alone, the same reads", value=round(rate("lmdb_read")),
                unit="events/s")
    figures.add(Bar(least=500_000), figure="rebuild", value=round(rate("rebuild")),
                unit="events/s")
    figures.add(figure="LMDB alone, the same log and state", value=round(rate("lmdb_rebuild")),
                unit="events/s")
    figures.add(Bar(least=50), figure="rebuild beside LMDB",
                value=significant(100 * rate("rebuild") / rate("lmdb_rebuild")), unit="%")
    figures.add(Bar(most=480), figure="journal, a token", value=round(per_token), unit="bytes")
    figures.add(Bar(most=1), figure="start after kill -9",
                value=significant(start_after_kill(ledger)), unit="s")
    return {"replay": figures}


def fill(ledger, options, tokens):
    """Adds the clients and so many tokens; returns the bytes of the journal that are in use."""
    project = ledger.genesis["project"]
    run(options.measure, "fill", ledger.data, project, options.clients, tokens, 512)
    return used_bytes(ledger.data)


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
