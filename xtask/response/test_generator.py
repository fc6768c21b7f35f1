"""The plans of attacks that the generator hides in the logs of an invented organization.

The organization is made again from its whole log. Of plans that have the same steps for another
instance or role, one is run.
"""

import gzip
import json
import pathlib
import re
import subprocess
import unittest

from harness import FOLDER, ROLECALL, counted, each, plans_of, prepared, runner

# What the attacks are called in the truth beside the logs, with steps that have nothing to do.
ATTACKS = {
    "leaked_key_chain": ("empty_user/",),
    "role_juggling": (),
    "instance_ssrf_chain": ("empty_user/",),
    "instance_key_outside": (),
    "instance_key_after_termination": ("snapshot/", "origin/"),
    "federation_survivor": ("deactivate_key/",),
    "function_key_outside": (),
    "task_key_outside": (),
}
# The same steps for another instance.
ALIKE = {
    "instance_key_foreign_endpoint": "instance_key_outside",
    "instance_key_two_places": "instance_key_outside",
    "instance_key_elsewhere": "instance_key_outside",
}
# Calls that leave nothing which a plan touches.
LEFT_ALONE = {"ssm", "s3", "states", "athena", "cloudformation", "secretsmanager", "signin"}
NETWORK = re.compile("Address|Route|Gateway|Endpoint|NetworkInterface")
SEED, DAYS = "7", "4"


class Organization:
    """The generated logs, read once."""

    made = None

    def __init__(self):
        self.folder = pathlib.Path(FOLDER.name) / "organization"
        arguments = [ROLECALL, "simulate", str(self.folder), "--seed", SEED, "--days", DAYS]
        subprocess.run(arguments, check=True, capture_output=True)
        self.truth = json.loads((self.folder / "truth.json").read_text())["attacks"]
        self.plans = plans_of(self.folder / "AWSLogs")
        self.events = list(self.read())

    @classmethod
    def get(cls):
        cls.made = cls.made or cls()
        return cls.made

    def read(self):
        """The events that make something, and those that tell who there is, each once."""
        seen = set()
        for file in sorted((self.folder / "AWSLogs").rglob("*.json.gz")):
            for event in json.loads(gzip.decompress(file.read_bytes())).get("Records", []):
                # Some records are broken, as in the logs of real organizations.
                is_whole = {"eventID", "eventSource", "eventName", "eventTime"} <= event.keys()
                if is_whole and event["eventID"] not in seen and self.is_kept(event):
                    seen.add(event["eventID"])
                    yield event

    def is_kept(self, event):
        service = event["eventSource"].removesuffix(".amazonaws.com")
        is_network = service == "ec2" and NETWORK.search(event["eventName"])
        return not is_network and not (service in LEFT_ALONE and not event.get("readOnly"))

    def plan(self, name):
        """The plan of the incident that the attack `name` is."""
        attack = next(attack for attack in self.truth if attack["name"] == name)
        origin = attack["origin"]
        wanted = origin.get("instance_id") or origin["access_key_id"]
        found = [plan for plan in self.plans if wanted in json.dumps(plan)]
        # A role that several workloads share is in the plans of all of them.
        own = [plan for plan in found if wanted in json.dumps(plan["credentials"])]
        assert len(own) == 1, (name, wanted, [plan["title"] for plan in found])
        return own[0]


def shape(plan):
    """The kinds of a plan's steps, without the names in their ids."""
    return [step["id"].split("/")[0] + "/" + step["id"].split("/")[1].split("-")[0]
            if step["id"].startswith("origin/") else step["id"].split("/")[0]
            for step in plan["steps"]]


@each(ATTACKS)
class Generator(unittest.TestCase):
    def run_one(self, name):
        organization = Organization.get()
        plan = organization.plan(name)
        accounts = set(plan["accounts"])
        prepared([event for event in organization.events
                  if event["recipientAccountId"] in accounts], plan)
        run = runner()
        run.run_plan(plan)
        counted(run.count)
        idle = [id for id in run.count.idle if not id.startswith(ATTACKS[name] or "-")]
        self.assertEqual(idle, [])
        self.assertLessEqual(run.count.unsupported.keys(), {
            "cloudtrail lookup-events", "iam list-service-specific-credentials"})
        self.assertGreater(run.count.steps, 4)


class Alike(unittest.TestCase):
    def test_every_attack_is_run_or_has_the_steps_of_one_that_is(self):
        organization = Organization.get()
        names = {attack["name"] for attack in organization.truth}
        self.assertEqual(names, ATTACKS.keys() | ALIKE.keys())
        for name, other in ALIKE.items():
            with self.subTest(name):
                self.assertEqual(shape(organization.plan(name)), shape(organization.plan(other)))


if __name__ == "__main__":
    unittest.main()
