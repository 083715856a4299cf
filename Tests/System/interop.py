"""The log as golang.org/x/mod reads it: one that is grown to every size of interest, damaged copies of it,
and that of a server."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from ledger import PROGRAM, ROOT, Ledger

SOURCES = ROOT / "Tests/Interop"
AUDITOR = ROOT / ".build/interop"
MEASURE = pathlib.Path(PROGRAM).parent / "measure"
# Around the edges of a tile at level 0 and at level 1, and beyond both.
SIZES = (1, 255, 256, 257, 65_535, 65_536, 65_537, 70_000)


def build():
    """Builds the auditor from Debian's sources, without a network."""
    environment = os.environ | {
        "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": "",
        "GOCACHE": str(ROOT / ".build/go-cache")}
    subprocess.run(["go", "build", "-o", AUDITOR, "."], cwd=SOURCES, env=environment, check=True)


def audit(place, **environment):
    """Whether the auditor finds all right, and what it prints."""
    result = subprocess.run(
        [AUDITOR, place], env=os.environ | environment, capture_output=True, text=True)
    if result.returncode not in (0, 1):
        raise RuntimeError(result.stdout + result.stderr)
    return result.returncode == 0, result.stdout


def grow(folder, sizes):
    """Publishes a log at each of the sizes."""
    os.mkdir(folder)
    with tempfile.TemporaryDirectory() as place:
        subprocess.run([MEASURE, "log", f"{place}/ledger", folder, *map(str, sizes)],
                       stdout=subprocess.DEVNULL, check=True)


def flip(path):
    """Flips a bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def damages(size):
    """Files of a published log, one of each kind, and what the auditor must say when they are
    damaged."""
    above = "tile/1/000" if size >= 65_536 else f"tile/1/000.p/{size // 256}"
    return {
        "key": "the verifier key", f"{size}/checkpoint": f"size {size}: the checkpoint",
        "tile/0/000": "tile/0/000 is not", above: f"{above} is not", "tile/entries/000": "WRONG",
        f"{size}/proof/255": "the proof of 255", f"{size}/consistency/1": "from 1 to"}


def survey(show, sizes=SIZES, tokens=65_300):
    """Whether x/mod agrees everywhere, and finds every damage."""
    with tempfile.TemporaryDirectory(prefix="tallystick-interop-") as place:
        folder = pathlib.Path(place) / "log"
        grow(folder, sizes)
        good, text = audit(folder)
        show(f"A log at each size\n{text}")
        missed = [name for name, says in damages(sizes[-1]).items() if not finds(folder, name, says)]
        show(f"Damaged files: {len(damages(sizes[-1]))}, not found: {', '.join(missed) or 'none'}\n")
        return good and not missed and serve(show, place, tokens)


def finds(folder, name, says):
    """Whether the auditor names a file that has a flipped bit."""
    copy = folder.parent / "damaged"
    shutil.copytree(folder, copy)
    flip(copy / name)
    good, text = audit(copy)
    shutil.rmtree(copy)
    return not good and says in text


def serve(show, place, tokens):
    """A server's log, over HTTP; and again once it has grown."""
    with Ledger(start=False) as ledger:
        subprocess.run(
            [MEASURE, "fill", ledger.data, ledger.genesis["project"], "10", str(tokens), "512"],
            stdout=subprocess.DEVNULL, check=True)
        ledger.start()
        url = f"http://127.0.0.1:{ledger.port}"
        token = ledger.operator.token()
        cover(ledger)
        good, text = audit(url, TOKEN=token)
        show(f"A server's log\n{text}")
        older = pathlib.Path(place) / "older"
        older.write_bytes(ledger.request("GET", "/log/checkpoint").body)
        for _ in range(300):
            ledger.operator.token()
        cover(ledger)
        extends, text = audit(url, TOKEN=token, CHECKPOINT=str(older))
        show(f"The same log, grown\n{text}")
        ledger.check()
        return good and extends


def cover(ledger):
    """Waits until a checkpoint covers everything: a proof of the last event is answered by then."""
    last = ledger.operator.ask().headers["Ledger-Position"]
    answer = ledger.request("GET", f"/log/proof/{last}")
    assert answer.status == 200, answer
