"""Damages a ledger in every way there is, and looks whether `replay verify` says so.

Each damage is done to a copy of a ledger that has a backup from its middle, a checkpoint that was kept
elsewhere, and a neighbour. A damage that is not found must have changed nothing: then every entry of
every table is what it was.
"""

import base64
import contextlib
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile

import lmdb
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding, NoEncryption, PrivateFormat, PublicFormat, load_pem_private_key)

from ledger import Ledger, run

PAGE = 4096
TILE = 256
# Pages behind the last one in use that a copy keeps.
SPARE = 8
TABLES = [b"events", b"tiles", b"meta"]


# The tree (RFC 6962 §2.1) and its tiles (C2SP tlog-tiles)

def leaf(event):
    return hashlib.sha256(b"\0" + event).digest()


def root(hashes):
    if not hashes:
        return hashlib.sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    middle = 1 << (len(hashes) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + root(hashes[:middle]) + root(hashes[middle:])).digest()


def full_tiles(events):
    """The key and the bytes of every full tile."""
    tiles, level, hashes = {}, 0, [leaf(event) for event in events]
    while len(hashes) >= TILE:
        groups = [hashes[at:at + TILE] for at in range(0, len(hashes) // TILE * TILE, TILE)]
        for index, group in enumerate(groups):
            tiles[struct.pack(">BQ", level, index)] = b"".join(group)
        level, hashes = level + 1, [root(group) for group in groups]
    return tiles


# What stands in a data directory

def used_pages(content):
    """Pages up to the last one in use: LMDB's newer meta page says it."""
    metas = [struct.unpack_from("<QQ", content, at + 136) for at in (0, PAGE)]
    return max(metas, key=lambda meta: meta[1])[0] + 1


@contextlib.contextmanager
def journal(data, write=False):
    """A transaction on the journal of a data directory."""
    environment = lmdb.open(str(data / "journal"), max_dbs=8, map_size=1 << 30, readonly=not write)
    try:
        with environment.begin(write=write) as transaction:
            yield transaction, {name: environment.open_db(name, transaction, create=False)
                                for name in TABLES}
    finally:
        environment.close()


def contents(data):
    """Every entry of every table."""
    with journal(data) as (transaction, tables):
        return {name: list(transaction.cursor(table)) for name, table in tables.items()}


def replace_log(data, events, tiles=None):
    """Puts other events in the place of all, and their tiles if they are given."""
    with journal(data, write=True) as (transaction, tables):
        transaction.drop(tables[b"events"], delete=False)
        for position, event in enumerate(events):
            transaction.put(struct.pack(">Q", position), event, db=tables[b"events"])
        if tiles is not None:
            transaction.drop(tables[b"tiles"], delete=False)
            for key, value in tiles.items():
                transaction.put(key, value, db=tables[b"tiles"])


def stored_events(data):
    return [value for _, value in contents(data)[b"events"]]


# Ledgers to damage

class Specimens:
    """A ledger, a backup from its middle and a neighbour; nothing serves them."""

    def __init__(self, place, events=700):
        self.good, self.backup, self.other = (place / name for name in ("good", "backup", "other"))
        with Ledger() as ledger:
            client = ledger.add_client("Tampered with")
            self.grow(ledger, client, events // 2)
            ledger.stop()
            self.take(ledger, self.backup)
            ledger.start()
            self.grow(ledger, client, events)
            ledger.check()
            ledger.stop()
            self.take(ledger, self.good)
            self.key = ledger.genesis["checkpoint_key"]
        with Ledger() as ledger:
            self.grow(ledger, ledger.add_client("Of another ledger"), events // 4)
            ledger.stop()
            self.take(ledger, self.other)
        self.events = stored_events(self.good)
        self.whole = contents(self.good)
        self.page_count = used_pages((self.good / "journal/data.mdb").read_bytes())
        # What left the machine: the newest checkpoint.
        self.kept = place / "kept"
        shutil.copy(self.good / "checkpoint", self.kept)

    def grow(self, ledger, client, size):
        while len(ledger.events()) < size:
            for _ in range(50):
                client.token()

    def take(self, ledger, place):
        """Copies what verify looks at, with few of the pages that are reserved ahead."""
        shutil.copytree(ledger.data, place, ignore=shutil.ignore_patterns("state", "lock"))
        file = place / "journal/data.mdb"
        os.truncate(file, (used_pages(file.read_bytes()) + SPARE) * PAGE)


# Damages. Each takes the specimens, a copy of the good one and a random source, and returns what it
# did. Those of OUTSIDE are for a verification that has the key and the newest checkpoint from outside.

DAMAGES, OUTSIDE = {}, {}


def damage(function):
    DAMAGES[function.__name__.replace("_", " ")] = function
    return function


def outside(function):
    OUTSIDE[function.__name__.replace("_", " ")] = function
    return function


def flip(path, at, bit):
    content = bytearray(path.read_bytes())
    content[at] ^= 1 << bit
    path.write_bytes(content)
    return f"bit {bit} of byte {at} of {path.name}"


def flip_anywhere(path, chance):
    return flip(path, chance.randrange(path.stat().st_size), chance.randrange(8))


def flip_within(path, part, chance):
    """Flips a bit of bytes that stand in the file once or more often: in their last copy."""
    at = path.read_bytes().rindex(part)
    return flip(path, at + chance.randrange(len(part)), chance.randrange(8))


def write_page(data, number, content):
    with open(data / "journal/data.mdb", "r+b") as file:
        file.seek(number * PAGE)
        file.write(content)


def page(data, number):
    with open(data / "journal/data.mdb", "rb") as file:
        file.seek(number * PAGE)
        return file.read(PAGE)


@damage
def bit_of_the_journal(specimens, data, chance):
    return flip_anywhere(data / "journal/data.mdb", chance)


@damage
def bit_of_a_meta_page(specimens, data, chance):
    return flip(data / "journal/data.mdb", chance.randrange(2) * PAGE + chance.randrange(168),
                chance.randrange(8))


@damage
def bit_of_an_event(specimens, data, chance):
    return flip_within(data / "journal/data.mdb", chance.choice(specimens.events), chance)


@damage
def bit_of_a_tile(specimens, data, chance):
    _, tile = chance.choice(specimens.whole[b"tiles"])
    return flip_within(data / "journal/data.mdb", tile, chance)


@damage
def bit_of_the_checkpoint(specimens, data, chance):
    return flip_anywhere(data / "checkpoint", chance)


@damage
def bit_of_the_checkpoint_key(specimens, data, chance):
    return flip_anywhere(data / "keys/checkpoint", chance)


@damage
def bit_of_a_signing_key(specimens, data, chance):
    return flip_anywhere(next((data / "keys").glob("key_*.pem")), chance)


@damage
def garbage_in_the_lock_file(specimens, data, chance):
    path = data / "journal/lock.mdb"
    path.write_bytes(chance.randbytes(chance.randrange(0, 65_536)))
    return f"{path.stat().st_size} bytes"


@damage
def file_cut_short(specimens, data, chance):
    path = data / chance.choice(["journal/data.mdb"] * 3 + ["checkpoint", "keys/checkpoint"])
    size = chance.randrange(min(path.stat().st_size, specimens.page_count * PAGE))
    os.truncate(path, size)
    return f"{path.name} after {size} bytes"


@damage
def file_removed(specimens, data, chance):
    names = chance.choice([["journal/data.mdb"], ["checkpoint"], ["keys/checkpoint"],
                           ["checkpoint", "keys/checkpoint"]])
    for name in names:
        os.remove(data / name)
    return ", ".join(names)


@damage
def page_zeroed(specimens, data, chance):
    number = chance.randrange(specimens.page_count)
    write_page(data, number, bytes(PAGE))
    return f"page {number}"


@damage
def page_of_garbage(specimens, data, chance):
    number = chance.randrange(specimens.page_count)
    write_page(data, number, chance.randbytes(PAGE))
    return f"page {number}"


@damage
def page_torn(specimens, data, chance):
    """Some sectors of a page were written and the others not: they hold what was there before."""
    number, sectors = chance.randrange(specimens.page_count), chance.randrange(1, 8)
    before = chance.choice([bytes(PAGE), page(data, chance.randrange(specimens.page_count))])
    write_page(data, number, page(data, number)[:sectors * 512] + before[sectors * 512:])
    return f"page {number} behind {sectors} sectors"


@damage
def page_written_elsewhere(specimens, data, chance):
    number, place = (chance.randrange(specimens.page_count) for _ in range(2))
    write_page(data, place, page(data, number))
    return f"page {number} on page {place}"


@damage
def events_swapped(specimens, data, chance):
    events = list(specimens.events)
    left, right = chance.sample(range(len(events)), 2)
    events[left], events[right] = events[right], events[left]
    replace_log(data, events)
    return f"{left} and {right}"


def other_text(event, chance):
    """The event with one character in one of its strings replaced."""
    texts = [match.span(1) for match in re.finditer(rb'":"([^"\\]*[0-9A-Za-z][^"\\]*)"', event)]
    start, end = chance.choice(texts)
    at = chance.choice([at for at in range(start, end) if chr(event[at]).isalnum()])
    kinds = [b"0123456789", b"abcdefghjkmnpqrstvwxyz", b"ABCDEFGHJKMNPQRSTVWXYZ"]
    kind = next((kind for kind in kinds if event[at] in kind), kinds[1])
    new = chance.choice([byte for byte in kind if byte != event[at]])
    return event[:at] + bytes([new]) + event[at + 1:]


def with_other_text(specimens, chance):
    events = list(specimens.events)
    position = chance.randrange(len(events))
    events[position] = other_text(events[position], chance)
    return events, f"in event {position}"


@damage
def text_replaced(specimens, data, chance):
    events, what = with_other_text(specimens, chance)
    replace_log(data, events)
    return what


@damage
def text_replaced_and_all_hashed_again(specimens, data, chance):
    events, what = with_other_text(specimens, chance)
    replace_log(data, events, full_tiles(events))
    return what


@damage
def event_left_out(specimens, data, chance):
    """The key of the missing one stays away, or the others move up."""
    position = chance.randrange(len(specimens.events) - 1)
    if chance.random() < 0.5:
        with journal(data, write=True) as (transaction, tables):
            transaction.delete(struct.pack(">Q", position), db=tables[b"events"])
        return f"event {position}"
    events = specimens.events[:position] + specimens.events[position + 1:]
    replace_log(data, events, full_tiles(events))
    return f"event {position}, the others moved up"


@damage
def event_left_out_and_all_numbered_again(specimens, data, chance):
    alone = [at for at, event in enumerate(specimens.events) if b'"part":' not in event]
    position = chance.choice(alone[:-1])
    events = specimens.events[:position] + [
        event.replace(b'"position":%d,' % at, b'"position":%d,' % (at - 1))
        for at, event in enumerate(specimens.events) if at > position]
    replace_log(data, events, full_tiles(events))
    return f"event {position}"


@damage
def tail_deleted(specimens, data, chance):
    size = chance.randrange(1, len(specimens.events))
    tiles = full_tiles(specimens.events[:size]) if chance.random() < 0.5 else None
    replace_log(data, specimens.events[:size], tiles)
    return f"behind {size} events, tiles {'stay' if tiles is None else 'too'}"


@damage
def tail_replaced(specimens, data, chance):
    """By events of the same ledger with other identifiers."""
    size = chance.randrange(20, len(specimens.events))
    def forge(event):
        return re.sub(rb"tok_\w{20}", lambda match: match[0][:-1] + b"0", event)
    events = specimens.events[:size] + [forge(event) for event in specimens.events[size:]]
    if events == specimens.events:
        events[-1] = other_text(events[-1], chance)
    replace_log(data, events, full_tiles(events))
    return f"behind {size} events"


@damage
def tile_removed(specimens, data, chance):
    key, _ = chance.choice(specimens.whole[b"tiles"])
    with journal(data, write=True) as (transaction, tables):
        transaction.delete(key, db=tables[b"tiles"])
    return key.hex()


@damage
def tile_too_much(specimens, data, chance):
    level = chance.randrange(2)
    index = len(specimens.events) // TILE if level == 0 else 0
    with journal(data, write=True) as (transaction, tables):
        transaction.put(struct.pack(">BQ", level, index), chance.randbytes(TILE * 32),
                        db=tables[b"tiles"])
    return f"level {level}, index {index}"


@damage
def format_changed(specimens, data, chance):
    found = chance.choice([0, 1, 3, 200])
    with journal(data, write=True) as (transaction, tables):
        transaction.put(b"format", bytes([found]), db=tables[b"meta"])
    return str(found)


@damage
def checkpoint_of_another_log(specimens, data, chance):
    shutil.copy(specimens.other / "checkpoint", data / "checkpoint")
    if chance.random() < 0.5:
        shutil.copy(specimens.other / "keys/checkpoint", data / "keys/checkpoint")
        return "with its key"
    return "without its key"


@damage
def checkpoint_changed_by_hand(specimens, data, chance):
    path = data / "checkpoint"
    lines = path.read_bytes().split(b"\n")
    if chance.random() < 0.5:
        lines[1] = b"%d" % chance.randrange(len(specimens.events))
    else:
        lines[2] = base64.b64encode(chance.randbytes(32))
    path.write_bytes(b"\n".join(lines))
    return lines[1].decode()


@damage
def journal_of_another_ledger(specimens, data, chance):
    shutil.copy(specimens.other / "journal/data.mdb", data / "journal/data.mdb")
    return "the file"


@damage
def stale_journal_put_back(specimens, data, chance):
    shutil.copy(specimens.backup / "journal/data.mdb", data / "journal/data.mdb")
    return "the file"


@outside
def stale_backup_put_back_as_a_whole(specimens, data, chance):
    shutil.rmtree(data)
    shutil.copytree(specimens.backup, data)
    return "journal and checkpoint"


@outside
def stale_checkpoint_put_back(specimens, data, chance):
    shutil.copy(specimens.backup / "checkpoint", data / "checkpoint")
    return "the file"


@outside
def log_rewritten_and_signed_with_another_key(specimens, data, chance):
    """All that who holds the machine can do, and the key did not leave it."""
    events, what = with_other_text(specimens, chance)
    replace_log(data, events, full_tiles(events))
    sign(data, events)
    return what


@outside
def log_grown_and_signed_as_another(specimens, data, chance):
    """What the kept checkpoint covers is there; the key that vouches for the rest is of another log."""
    events = specimens.events
    last = events[-1].replace(b'"position":%d,' % (len(events) - 1), b'"position":%d,' % len(events))
    replace_log(data, [*events, last], full_tiles([*events, last]))
    sign(data, [*events, last], "another.example")
    return "by one event"


@outside
def log_rewritten_and_made_to_look_old(specimens, data, chance):
    """As if it were of the time before there were tiles and checkpoints."""
    events, what = with_other_text(specimens, chance)
    replace_log(data, events)
    with journal(data, write=True) as (transaction, tables):
        transaction.put(b"format", bytes([1]), db=tables[b"meta"])
    for name in ("checkpoint", "keys/checkpoint"):
        os.remove(data / name)
    return what


@outside
def other_ledger_in_its_place(specimens, data, chance):
    shutil.rmtree(data)
    shutil.copytree(specimens.other, data)
    return "as a whole"


def sign(data, events, origin=None):
    """Makes a checkpoint key and a checkpoint (C2SP signed-note, tlog-checkpoint)."""
    key = Ed25519PrivateKey.generate()
    origin = origin or (data / "checkpoint").read_text().split("\n")[0]
    public = b"\1" + key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    key_id = hashlib.sha256(origin.encode() + b"\n" + public).digest()[:4]
    raw = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    seed = base64.b64encode(b"\1" + raw).decode()
    (data / "keys/checkpoint").write_text(f"PRIVATE+KEY+{origin}+{key_id.hex()}+{seed}\n")
    head = base64.b64encode(root([leaf(event) for event in events])).decode()
    text = f"{origin}\n{len(events)}\n{head}\n"
    signature = base64.b64encode(key_id + key.sign(text.encode())).decode()
    (data / "checkpoint").write_text(f"{text}\n\u2014 {origin} {signature}\n")


# One damage after the other

class Tampering:
    """Counts what became of damages."""

    def __init__(self, seed, place, events=700):
        self.seed, self.place = seed, pathlib.Path(place)
        self.specimens = Specimens(self.place, events)
        self.counts = {name: {} for name in [*DAMAGES, *OUTSIDE]}
        self.missed = []

    def run(self, count):
        """So many damages of all kinds in turn; the seed and the number decide about each."""
        names = list(self.counts)
        for number in range(count):
            name = names[number % len(names)]
            chance = random.Random(f"{self.seed} {number}")
            what, fate, words = self.one(name, chance)
            self.counts[name][fate] = self.counts[name].get(fate, 0) + 1
            if fate == "missed":
                self.missed.append(f"{number}: {name}, {what}: {words}")

    def one(self, name, chance):
        data = self.place / "damaged"
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(self.specimens.good, data)
        what = (DAMAGES | OUTSIDE)[name](self.specimens, data, chance)
        flags = []
        if name in OUTSIDE:
            flags = ["--key", self.specimens.key, "--checkpoint", self.specimens.kept]
        result = run("replay", "verify", "--data", data, "--json", *flags)
        return what, *self.judge(data, result)

    def judge(self, data, result):
        """What became of a damage, and in which words."""
        if result.returncode == 1 and result.stdout:
            found = json.loads(result.stdout)
            is_named = not found["verified"] and found["fault"]
            return "a fault" if is_named else "missed", found.get("fault", "no words")
        if result.returncode == 3:
            return "unreadable" if result.stderr else "missed", result.stderr
        if result.returncode == 0 and self.is_untouched(data):
            return "nothing changed", ""
        return "missed", f"status {result.returncode} {result.stdout}{result.stderr}"

    def is_untouched(self, data):
        """Whether every entry and every file beside the journal says what it said. The reader is a
        process of its own: the file may end it."""
        reader = [sys.executable, __file__, str(self.specimens.good), str(data)]
        return subprocess.run(reader, capture_output=True, timeout=60).returncode == 0

    def table(self):
        """A line for each kind."""
        fates = ["a fault", "unreadable", "nothing changed", "missed"]
        width = max(map(len, self.counts))
        lines = [f"{'damage':{width}}  " + "  ".join(fates)]
        rows = [*self.counts.items(), ("all", self.total())]
        for name, found in rows:
            cells = [f"{found.get(fate, 0) or '–':>{len(fate)}}" for fate in fates]
            lines.append(f"{name:{width}}  " + "  ".join(cells))
        return "\n".join(lines)

    def total(self):
        total = {}
        for found in self.counts.values():
            for fate, count in found.items():
                total[fate] = total.get(fate, 0) + count
        return total


def private_numbers(path):
    return load_pem_private_key(path.read_bytes(), None).private_numbers()


def is_the_same(good, data):
    """Whether two data directories have the same entries, checkpoints and keys."""
    files = ["checkpoint", "keys/checkpoint", "keys/peppers"]
    return contents(good) == contents(data) and all(
        (good / name).read_bytes() == (data / name).read_bytes() for name in files) and all(
        private_numbers(path) == private_numbers(data / "keys" / path.name)
        for path in (good / "keys").glob("*.pem"))


if __name__ == "__main__":
    sys.exit(0 if is_the_same(*map(pathlib.Path, sys.argv[1:3])) else 1)
