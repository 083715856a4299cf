#!/usr/bin/python3
"""Runs all system tests, or those whose names contain one of the arguments.

usage: Tests/System/run.py [NAME…]

TALLYSTICK names the program under test (default .build/debug/tallystick). With
TALLYSTICK_TIMING=1, meant for a release build on a quiet machine, timing is held to its bar.
"""

import pathlib
import sys
import unittest


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


def main():
    folder = pathlib.Path(__file__).resolve().parent
    loader = unittest.TestLoader()
    loader.testNamePatterns = [f"*{name}*" for name in sys.argv[1:]] or None
    tests = loader.discover(str(folder))
    result = unittest.TextTestRunner(stream=sys.stdout, resultclass=Result).run(tests)
    print(f"{result.passed} passed, {len(result.failed)} failed")
    return 0 if result.passed and not result.failed else 1


if __name__ == "__main__":
    sys.exit(main())
