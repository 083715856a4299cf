#!/usr/bin/env python3
"""Checks an evidence bundle offline, with Python 3.8 alone: python3 check.py BUNDLE [KEY]

KEY is the log's verifier key, had from somewhere else than the bundle. Ends with 0 if the log's
key vouches for every event of the bundle, with 1 and a sentence if not. README.txt says more.
"""
import base64, hashlib, json, pathlib, re, sys

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, FOURTH_ROOT = -121665 * pow(121666, P - 2, P) % P, pow(2, (P - 1) // 4, P)
FIRST = ["README.txt", "check.py", "checkpoint", "subject", "verifier-key"]
CONTEXT, checking = ["ledger.created", "ledger.continued", "key.activated"], ["the archive"]

def need(condition, what):
    if not condition:
        raise ValueError(what)

def add(p, q):  # points of the curve edwards25519, RFC 8032 §5.1.4
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P

def times(number, point):
    if number == 0:
        return 0, 1, 1, 0
    rest = times(number >> 1, add(point, point))
    return add(rest, point) if number & 1 else rest

def point(octets):  # RFC 8032 §5.1.3
    y = int.from_bytes(octets, "little") & (1 << 255) - 1
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * FOURTH_ROOT % P
    need(x * x % P == square, "the key is no point of the curve")
    x = x if x & 1 == octets[31] >> 7 else P - x
    return x, y, 1, x * y % P

def is_valid(signature, text, key):  # RFC 8032 §5.1.7
    s = int.from_bytes(signature[32:], "little")
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % L
    base = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    x, y, z, _ = add(times(s, base), times(L - k, point(key)))
    x, y = x * pow(z, P - 2, P) % P, y * pow(z, P - 2, P) % P
    expected = (y | (x & 1) << 255).to_bytes(32, "little")
    return len(signature) == 64 and s < L and signature[:32] == expected

def unbase64(text):
    octets = base64.b64decode(text, validate=True)
    need(base64.b64encode(octets).decode() == text, "is not base64 as it is written")
    return octets

def verified(note, key):  # origin, size and root of a checkpoint; C2SP signed-note
    name, key_id, material = key.split("+", 2)
    material = unbase64(material)
    digest = hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]
    is_key = digest.hex() == key_id and len(material) == 33 and material[0] == 1
    need(is_key and name.isprintable(), "has no verifier key that can be used")
    text, _, lines = note.rpartition("\n\n")
    need(re.fullmatch("(— [^\\s+]+ \\S+\n){1,100}", lines), "is no signed note")
    signatures = map(unbase64, re.findall(f"— {re.escape(name)} (\\S+)\n", lines))
    signatures = [each[4:] for each in signatures if each[:4] == digest]
    are_valid = [is_valid(each, f"{text}\n".encode(), material[1:]) for each in signatures]
    need(are_valid and all(are_valid), f"has no valid signature of {name}+{key_id}")
    origin, size, root = text.split("\n")
    need(origin == name and size == str(int(size)), "is no checkpoint of this log")
    return origin, int(size), unbase64(root)

def root_of(event, index, size, siblings):  # RFC 9162 §2.1.3.2
    node, last = hashlib.sha256(b"\0" + event).digest(), size - 1
    for sibling in siblings:
        need(last > 0, "is too long")
        is_left = index % 2 == 0 and index < last
        node = hashlib.sha256(b"\1" + (node + sibling if is_left else sibling + node)).digest()
        while not is_left and index % 2 == 0 and index > 0:
            index, last = index // 2, last // 2
        index, last = index // 2, last // 2
    need(last == 0, "is too short")
    return node

def canonical(value):  # RFC 8785; here all names are ASCII and all numbers integers
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

def files(archive):  # those of a ustar archive of which every byte is what it has to be
    found, at = {}, 0
    while archive[at:at + 1] not in (b"\0", b""):
        name, size = archive[at:at + 100].rstrip(b"\0"), int(archive[at + 124:at + 135], 8)
        checking[0] = re.sub("[^!-~]", "?", name.decode("latin-1"))
        head = name.ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2 + b"%011o\0" % max(size, 0)
        head, tail = head + b"%011o\0" % 0, b"0" + bytes(100) + b"ustar\0" + b"00" + bytes(247)
        head += b"%06o\0 " % (sum(head) + sum(tail) + 8 * 32) + tail
        end = at + 512 + size
        need(archive[at:at + 512] == head and checking[0] not in found, "has a damaged header")
        need(archive[end:end - -size // 512 * 512 - size].strip(b"\0") == b"", "ends in damage")
        found[checking[0]], at = archive[at + 512:end], at + 512 - -size // 512 * 512
    checking[0] = "the archive"
    need(archive[at:] == bytes(1024), "does not end as it must")
    return found

def check(found, key):  # every file; gives what is proven
    def see(name):
        checking[0] = name
        need(name in found, "is missing")
        return found[name]
    own, subject = (see(name).decode() for name in ("verifier-key", "subject"))
    need(re.fullmatch("[a-z]{3}_[0-9a-z]{26}\n", subject), "is no identifier")
    mention, checking[0] = re.compile(f'[:,\\[{{]"{subject[:-1]}"'.encode()), "verifier-key"
    need(own == (key or own[:-1]) + "\n", "is another key than the one given")
    origin, size, root = verified(see("checkpoint").decode(), own[:-1])
    names, naming, keys, origins, schemas = [], 0, [], [], {"envelope", "values"}
    for name in [name for name in found if name.startswith("events/")]:
        stored = see(name)
        event = json.loads(stored.decode(), parse_float=int, parse_constant=int)  # integers alone
        position, kind = event["position"], event["type"]
        need(canonical(event) == stored, "is not in canonical form")
        need(name == f"events/{position}.json", f"says that it is at {position}")
        need(kind in CONTEXT or mention.search(stored), "does not name the subject")
        names, naming = names + [name], naming + bool(mention.search(stored))
        schemas.add(f"{kind}.{event['revision']}")
        need(re.fullmatch("[a-z_.]+[.][1-9][0-9]*", f"{kind}.{event['revision']}"), "is of no type")
        jwk = {"crv": "P-256", "kid": event["subject"], "kty": "EC", "use": "sig", **event["data"]}
        keys += [jwk] if kind == CONTEXT[2] else []
        origins += [event["data"]["origin"]] if kind in CONTEXT[:2] else []
        names += [f"proofs/{position}.tlog-proof"]
        head, _, end = see(names[-1]).decode().partition("\n\n")
        first, index, *siblings = head.split("\n")
        need((first, index) == ("c2sp.org/tlog-proof@v1", f"index {position}"), "is of another")
        need(end.encode() == found["checkpoint"] and position < size, "is of another")
        need(root_of(stored, position, size, map(unbase64, siblings)) == root, "proves nothing")
    expected = FIRST + names + ["keys.json"]
    expected += [f"schemas/{name}.schema.json" for name in sorted(schemas)] + ["SHA256SUMS"]
    sums = [see(name) for name in expected][-1].decode().split("\n")
    for checking[0], name in zip(found, expected + [None]):
        need(checking[0] == name, "does not belong there")
    for name, line in zip(expected[:-1], sums):
        right = f"{hashlib.sha256(see(name)).hexdigest()}  {name}"
        need(line == right, "is not what SHA256SUMS says")
    need(see("keys.json") == canonical({"keys": keys}), "is not what the events say of keys")
    checking[0] = "SHA256SUMS"
    need(sums[len(expected) - 1:] == [""], "has lines too few or too many")
    need(naming and origin in origins, "lists no event of the subject, or none that begins the log")
    proven = f"{len(names) // 2} events verified, {naming} name {subject[:-1]}; {origin} at {size}"
    return proven if key else f"{proven}\nWARNING: checked with the bundle's own key {own[:-1]}"

try:
    bundle, *key = sys.argv[1:] or sys.exit(__doc__)
    print(check(files(pathlib.Path(bundle).read_bytes()), *(key or [None])))
except Exception as error:
    sys.exit(re.sub("[^ -~]", "?", f"{checking[0]}: {error}"))
