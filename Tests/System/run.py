#!/usr/bin/python3
"""Runs all system tests, or those whose names contain one of the arguments.

usage: Tests/System/run.py [NAME…]

A name that no test has is an error, and no test runs.

Two modules run at a time, those that measure time alone; each is shown when it is done.
The tests of test_openapi and test_export need the programs that need_python_tools of Scripts/packages fetches.
TALLYSTICK names the program under test (default .build/debug/tallystick). With
TALLYSTICK_TIMING=1, meant for a release build on a quiet machine, timing is held to its bar.
"""

import concurrent.futures
import contextlib
import io
import pathlib
import sys
import unittest

FOLDER = pathlib.Path(__file__).resolve().parent
# Begun first, as they wait for a minute or half of one.
LONG = ["test_guards", "test_slow", "test_streaming", "test_drain"]
ALONE = ["test_timing"]


class Result(unittest.TextTestResult):
    """Counts tests, and not their parts; a skipped test has not passed."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1

    @property
    def failed(self):
        found = [test for test, _ in self.failures + self.errors + self.skipped]
        return {getattr(test, "test_case", test).id() for test in found}


def load(module, names):
    """The tests of a module whose names contain one of these; all if there are none."""
    loader = unittest.TestLoader()
    loader.testNamePatterns = [f"*{name}*" for name in names] or None
    return loader.loadTestsFromName(module)


def unknown(names, modules):
    """The names that no test has."""
    return [name for name in names
            if not any(load(module, [name]).countTestCases() for module in modules)]


def run(module):
    """What the tests of a module print, and how many passed and failed."""
    tests = load(module, sys.argv[1:])
    output = io.StringIO()
    if not tests.countTestCases():
        return "", 0, 0
    print(f"== {module}", file=output)
    with contextlib.redirect_stdout(output):
        result = unittest.TextTestRunner(stream=output, resultclass=Result).run(tests)
    return output.getvalue(), result.passed, len(result.failed)


def run_all(modules, at_once):
    """How many tests passed and failed."""
    passed = failed = 0
    with concurrent.futures.ProcessPoolExecutor(at_once) as pool:
        for task in concurrent.futures.as_completed(pool.submit(run, each) for each in modules):
            output, *counts = task.result()
            sys.stdout.write(output)
            sys.stdout.flush()
            passed, failed = passed + counts[0], failed + counts[1]
    return passed, failed


def main():
    sys.path.insert(0, str(FOLDER))
    modules = sorted(path.stem for path in FOLDER.glob("test_*.py"))
    if names := unknown(sys.argv[1:], modules):
        print(f"no test has a name with {', '.join(names)} in it", file=sys.stderr)
        return 2
    others = [module for module in modules if module not in LONG + ALONE]
    counts = [run_all(LONG + others, 2), run_all(ALONE, 1)]
    passed, failed = map(sum, zip(*counts))
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
