"""The plan of every incident in the fixtures of the detectors, step by step, on an endpoint."""

import unittest

from harness import FIXTURES, plans_of, prepared, read, runner
from steps import Fault


class Fixtures(unittest.TestCase):
    def test_every_step_does_what_it_says_and_can_be_undone(self):
        for log in sorted(FIXTURES.glob("*/fires_*.jsonl")):
            for plan in plans_of(log):
                with self.subTest(f"{log.parent.name}/{log.stem}"):
                    prepared(read(log), plan)
                    runner().run_plan(plan)


if __name__ == "__main__":
    unittest.main()
