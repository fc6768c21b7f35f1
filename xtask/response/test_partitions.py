"""Whole plans in the other partitions of AWS, whose endpoints, ARNs and Regions differ."""

import pathlib
import json
import unittest

from harness import FOLDER, counted, each, plans_of, prepared, runner
from incidents import INCIDENTS
from revocation import Plan

BOB = "leaked key, chain over accounts, the user Bob"
REGIONS = {
    "aws-cn": {"us-east-1": "cn-north-1", "us-west-2": "cn-northwest-1"},
    "aws-us-gov": {"us-east-1": "us-gov-west-1", "us-west-2": "us-gov-east-1"},
}
CASES = {
    "China: the leaked key": ("aws-cn", BOB),
    "China: Identity Center": ("aws-cn", "Identity Center"),
    "GovCloud: an instance": ("aws-us-gov", "instance"),
    "GovCloud: a pipeline": ("aws-us-gov", "OIDC"),
}


def moved(text, partition):
    """A log as it would be in another partition."""
    text = text.replace("arn:aws:", f"arn:{partition}:")
    for here, there in REGIONS[partition].items():
        text = text.replace(here, there)
    return text


@each(CASES)
class Partitions(unittest.TestCase):
    def run_one(self, name):
        partition, of = CASES[name]
        incident = INCIDENTS[of]
        file = pathlib.Path(FOLDER.name) / "moved.jsonl"
        file.write_text(moved(incident.path.read_text(), partition))
        (plan,) = plans_of(file)
        self.assertNotIn("arn:aws:", json.dumps(plan))
        events = [json.loads(line) for line in file.read_text().splitlines()]
        prepared(events, plan, REGIONS[partition]["us-east-1"])
        run = runner(incident.setting(plan) if incident.setting else {})
        run.run_plan(plan)
        counted(run.count)
        self.assertEqual(run.count.unsupported.keys(), incident.unsupported)
        idle = run.count.idle
        self.assertEqual([id for id in idle if not id.startswith(incident.idle or "-")], [])
        self.assertGreater(run.count.steps, len(plan["steps"]) / 4)
        Plan(plan).hold()


if __name__ == "__main__":
    unittest.main()
