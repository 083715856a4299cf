"""Checkpoints, tiles and proofs, checked by what knows nothing of the program: Python's hashlib and
OpenSSL's Ed25519 (C2SP signed-note, tlog-checkpoint, tlog-tiles, tlog-proof; RFC 6962, RFC 9162)."""

import base64
import hashlib
import typing

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519 = b"\x01"


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def record_hash(record):
    return sha256(b"\x00", record)


def node_hash(left, right):
    return sha256(b"\x01", left, right)


def root(hashes):
    """The root over hashes that stand side by side (RFC 6962 §2.1)."""
    if not hashes:
        return sha256()
    if len(hashes) == 1:
        return hashes[0]
    half = 1 << (len(hashes) - 1).bit_length() - 1
    return node_hash(root(hashes[:half]), root(hashes[half:]))


class Checkpoint(typing.NamedTuple):
    origin: str
    size: int
    root: bytes


def key_id(name, material):
    return sha256(name.encode(), b"\n", material)[:4]


def open_note(note, verifier_key):
    """The text of a note that the key signed; raises ValueError for any other."""
    name, stated, encoded = verifier_key.split("+", 2)
    material = base64.b64decode(encoded, validate=True)
    if material[:1] != ED25519 or key_id(name, material).hex() != stated:
        raise ValueError("no verifier key")
    text, _, signatures = note.rpartition(b"\n\n")
    text += b"\n"
    for line in signatures.decode().splitlines():
        dash, signer, encoded = line.split(" ")
        signature = base64.b64decode(encoded, validate=True)
        if dash == "\u2014" and signer == name and signature[:4] == key_id(name, material):
            try:
                Ed25519PublicKey.from_public_bytes(material[1:]).verify(signature[4:], text)
            except InvalidSignature:
                raise ValueError("the signature is not valid") from None
            return text
    raise ValueError("no signature of the key")


def open_checkpoint(note, verifier_key):
    text = open_note(note, verifier_key).decode()
    origin, size, encoded, end = text.split("\n")
    found = Checkpoint(origin, int(size), base64.b64decode(encoded, validate=True))
    if end or str(found.size) != size or verifier_key.split("+")[0] != origin:
        raise ValueError("no checkpoint of this log")
    return found


def is_included(record, position, checkpoint, proof):
    """Whether a proof shows a record at a position (RFC 9162 §2.1.3.2)."""
    node, last, found = position, checkpoint.size - 1, record
    if position > last:
        return False
    for sibling in proof:
        if last == 0:
            return False
        if node % 2 or node == last:
            found = node_hash(sibling, found)
            while node and node % 2 == 0:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and found == checkpoint.root


def is_extended(old, new, proof):
    """Whether a proof shows that one tree is the other with records appended (RFC 9162 §2.1.4.2)."""
    if old.size == new.size:
        return not proof and old.root == new.root
    if old.size == 0:
        return not proof
    proof = list(proof)
    if old.size & old.size - 1 == 0:
        proof.insert(0, old.root)
    node, last = old.size - 1, new.size - 1
    while node % 2:
        node, last = node >> 1, last >> 1
    if not proof:
        return False
    before = after = proof[0]
    for sibling in proof[1:]:
        if last == 0:
            return False
        if node % 2 or node == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while node and node % 2 == 0:
                node, last = node >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and before == old.root and after == new.root


def read_proof(text):
    """Index, hashes and checkpoint note of a tlog-proof."""
    head, _, note = text.partition(b"\n\n")
    kind, index, *hashes = head.decode().split("\n")
    word, number = index.split(" ")
    if kind != "c2sp.org/tlog-proof@v1" or word != "index" or str(int(number)) != number:
        raise ValueError("no proof")
    return int(number), [base64.b64decode(line, validate=True) for line in hashes], note


def tile_path(index, width=256):
    """`x001/x234/067.p/5`"""
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at:at + 3] for at in range(0, len(digits), 3)]
    path = "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])
    return path if width == 256 else f"{path}.p/{width}"


def split_bundle(bundle):
    """The records of an entry bundle."""
    records, at = [], 0
    while at < len(bundle):
        length = int.from_bytes(bundle[at:at + 2], "big")
        records.append(bundle[at + 2:at + 2 + length])
        at += 2 + length
    if at != len(bundle):
        raise ValueError("the bundle ends within a record")
    return records
