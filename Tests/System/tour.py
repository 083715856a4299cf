"""The tour of README.md: its commands run as they are written, its outputs compared.

In the section "Tour" a fenced block marked `sh` is a command of one shell session that goes through
the whole section. The plain block that follows it is its output; without one it prints nothing.
"""

import difflib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from ledger import PROGRAM, ROOT, missing_program, until

README = ROOT / "README.md"
SECTION = re.compile(r"(?<=\n## Tour\n).*?(?=\n## )", re.DOTALL)
STEP = re.compile(r"```sh\n(?P<command>.*?)```\n(?:\n```\n(?P<output>.*?)```\n)?", re.DOTALL)

# When the shell ends, so does every process that it has started.
OWN_NETWORK = [
    "unshare", *([] if os.geteuid() == 0 else ["--map-root-user"]), "--net", "--pid", "--fork",
    "--kill-child", "--mount-proc"]

# What differs from run to run. Of the first kinds, what is equal in the README is equal in the run.
NAMED = re.compile(
    r"(?P<id>\b(?P<kind>[a-z]{3})_[0-9a-hjkmnp-tv-z]{26}\b)"
    r"|(?P<secret>\btsk_live_[0-9A-Za-z]{49}\b)"
    r"|(?P<digest>\b[0-9a-f]{64}\b)")
PLAIN = [
    (re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"), "<time>"),
    (re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "<second>"),
    (re.compile(r'("(?:exp|expires|iat)": ?)\d{10}\b'), r"\1<seconds>"),
    (re.compile(r'("period": ?)"\d{4}-\d\d"'), r"\1<period>"),
    (re.compile(r'("last_four": ?)"[0-9A-Za-z]{4}"'), r"\1<last four>"),
    (re.compile(r"…[0-9A-Za-z]{4}\b"), "…<last four>"),
    (re.compile(r'("confirm": ?)"[0-9A-Za-z_-]{43}"'), r"\1<confirm>"),
    (re.compile(r"(events_per_second: )\d+"), r"\1<rate>"),
    # A verifier key (C2SP signed-note): its id and the public key.
    (re.compile(r"\+[0-9a-f]{8}\+A[0-9A-Za-z+/]{43}"), "+<key>"),
]

# What the shell itself says when a job of its was killed.
JOB_NOTE = re.compile(r"^\S+: line \d+: +\d+ Killed .*\n", re.MULTILINE)


def obstacle():
    """Why this machine cannot go through the tour; None if it can."""
    if missing := [name for name in ("curl", "jq", "ip") if not shutil.which(name)]:
        return f"the tour needs curl, jq and ip (of iproute2); missing: {', '.join(missing)}"
    probe = subprocess.run(
        [*OWN_NETWORK, "ip", "link", "set", "lo", "up"], capture_output=True, text=True)
    if probe.returncode != 0:
        return (f"no network of its own for the tour: {probe.stderr.strip()}\nRun it as root, or "
                "allow it: sysctl kernel.apparmor_restrict_unprivileged_userns=0")
    return missing_program()


class Names:
    """Gives each identifier, secret and digest of one run a name, in the order of appearance."""

    def __init__(self):
        self.names = {}
        self.counts = {}

    def replace(self, text):
        """The text as it is in every run."""
        text = NAMED.sub(self.name, text)
        for pattern, replacement in PLAIN:
            text = pattern.sub(replacement, text)
        return text.rstrip()

    def name(self, found):
        kind = found["kind"] or found.lastgroup
        if found[0] not in self.names:
            self.counts[kind] = self.counts.get(kind, 0) + 1
            self.names[found[0]] = f"<{kind} {self.counts[kind]}>"
        return self.names[found[0]]


class Session:
    """A bash with `tallystick` on its path, an empty directory and a network of its own."""

    def __init__(self):
        self.place = tempfile.TemporaryDirectory(prefix="tallystick-tour-")
        self.directory = pathlib.Path(self.place.name)
        self.outputs = 0
        commands = self.directory / "bin"
        commands.mkdir()
        (commands / "tallystick").symlink_to(pathlib.Path(PROGRAM).resolve())
        (self.directory / "tour").mkdir()
        variables = {
            name: value for name, value in os.environ.items() if not name.startswith("TALLYSTICK")}
        self.shell = subprocess.Popen(
            [*OWN_NETWORK, "bash"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            cwd=self.directory / "tour",
            env=variables | {"PATH": f"{commands}:{os.environ['PATH']}"})
        self.run("ip link set lo up")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.shell.kill()
        self.shell.communicate()
        self.place.cleanup()

    def run(self, command, lines=1):
        """What a command prints; of one in the background, once it has so many lines."""
        output = self.directory / f"output-{self.outputs}"
        self.outputs += 1
        script = self.directory / "command"
        script.write_text(command)
        print(f". {script} </dev/null >{output} 2>&1; echo done", file=self.shell.stdin, flush=True)
        if self.shell.stdout.readline() != "done\n":
            raise AssertionError(f"the shell ended in: {command}")

        def text():
            return JOB_NOTE.sub("", output.read_text())

        if command.rstrip().endswith("&"):
            try:
                until(lambda: text().count("\n") >= lines, command)
            except AssertionError:
                pass  # The comparison shows what is missing.
        return text()


class Tour:
    """The tour that a README tells, and what came of it."""

    def __init__(self, readme):
        self.readme = readme
        section = SECTION.search(readme)
        self.section = section[0] if section else ""
        self.steps = list(STEP.finditer(self.section))
        self.outputs = []

    def run(self):
        with Session() as session:
            for step in self.steps:
                lines = (step["output"] or "\n").count("\n")
                self.outputs.append(session.run(step["command"], lines))
        return self

    def difference(self):
        """The lines in which the README and the run differ; empty if they agree."""
        told = self.transcript([step["output"] or "" for step in self.steps])
        seen = self.transcript(self.outputs)
        return "\n".join(difflib.unified_diff(told, seen, "README.md", "this run", lineterm=""))

    def transcript(self, outputs):
        names = Names()
        lines = []
        for step, output in zip(self.steps, outputs, strict=True):
            lines += step["command"].splitlines() + names.replace(output).splitlines()
        return lines

    def updated(self):
        """The README with the outputs of the run."""
        outputs = iter(self.outputs)
        section = STEP.sub(lambda step: self.written(step["command"], next(outputs)), self.section)
        return self.readme.replace(self.section, section)

    @staticmethod
    def written(command, output):
        block = f"```sh\n{command}```\n"
        return block + (f"\n```\n{output.rstrip()}\n```\n" if output.strip() else "")
