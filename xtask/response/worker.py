"""Runs tests one after the other, in a process with an endpoint of its own.

Each line of the input is the name of a test, and is answered by a line with what came of it. The
name `list` is answered with the names of all tests, and the end of the input with what was run.
"""

import io
import json
import os
import sys
import time
import unittest

# What programs print goes to the log; the answers alone go to whoever asked.
ANSWERS = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def answer(value):
    ANSWERS.write(json.dumps(value) + "\n")
    ANSWERS.flush()


def names(suite):
    """The names of the tests in `suite`."""
    for part in suite:
        if isinstance(part, unittest.TestSuite):
            yield from names(part)
        else:
            yield part.id()


def run(loader, name):
    text, start = io.StringIO(), time.monotonic()
    result = unittest.TextTestRunner(stream=text).run(loader.loadTestsFromName(name))
    is_right = result.wasSuccessful() and result.testsRun == 1 and not result.skipped
    return {"name": name, "is_right": is_right, "seconds": time.monotonic() - start,
            "text": "" if is_right else text.getvalue()}


def main():
    loader = unittest.TestLoader()
    for line in sys.stdin:
        name = line.strip()
        if name == "list":
            answer(list(names(loader.discover("."))))
        else:
            answer(run(loader, name))
    from harness import totals

    answer(totals())


if __name__ == "__main__":
    main()
