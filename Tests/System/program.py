"""The program that a script tries: the one that TALLYSTICK names, else one that is built for release.

To be imported before `ledger`.
"""

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
IS_GIVEN = "TALLYSTICK" in os.environ
os.environ.setdefault("TALLYSTICK", str(ROOT / ".build/release/tallystick"))


def prepare(*needs):
    """Does what `needs` say in the words of Scripts/packages, and builds the program unless one is
    given. Whether all is there; what is said meanwhile goes to standard error."""
    steps = [". Scripts/packages", *needs]
    if not IS_GIVEN:
        steps += ["need_swift", "need_packages liblmdb-dev libssl-dev",
                  "swift build -c release --product tallystick"]
    command = ["bash", "-c", " && ".join(steps)]
    return subprocess.run(command, cwd=ROOT, stdout=sys.stderr).returncode == 0
