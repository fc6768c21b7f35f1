"""Whole plans: every step of an incident's plan does what it says, in its order."""

import unittest

from harness import counted, each, plans_of, prepared, read, runner
from incidents import INCIDENTS


@each(INCIDENTS)
class Incidents(unittest.TestCase):
    def run_one(self, name):
        incident = INCIDENTS[name]
        (plan,) = plans_of(incident.path)
        prepared(read(incident.path), plan)
        person = incident.setting(plan) if incident.setting else {}
        run = runner(person)
        run.run_plan(plan)
        counted(run.count)
        self.assertEqual(run.count.unsupported.keys(), incident.unsupported)
        self.assertGreater(run.count.steps, len(plan["steps"]) / 4)
        # A step for which there seems to be nothing to do would hide a wrong precondition.
        idle = run.count.idle
        self.assertEqual([id for id in idle if not id.startswith(incident.idle or "-")], [])
        for begin in incident.idle:
            self.assertTrue(any(id.startswith(begin) for id in idle), f"{begin} is not idle")


if __name__ == "__main__":
    unittest.main()
