"""The steps about what was left behind, for every kind of thing."""

import json
import pathlib
import unittest

import settings
from harness import ENDPOINT, FOLDER, counted, each, plans_of, runner
from kinds import ACCOUNT, KINDS, log
from replay import Replay

# What moto 5.2.5 does not implement; a service that it does not know at all is named by its first
# call.
UNSUPPORTED = {
    "user": "iam list-service-specific-credentials",
    "service-specific credential": "iam list-service-specific-credentials",
    "boundary taken off a user": "iam put-user-permissions-boundary",
    "trust anchor": "rolesanywhere list-trust-anchors",
    "EKS access entry": "eks describe-access-entry",
    "pod identity association": "eks list-pod-identity-associations",
    "serial console": "ec2 get-serial-console-access-status",
    "activation": "ssm describe-activations",
}

# Kinds whose step has no command: it says what to do in the console, or only looks.
BY_HAND = {"federation token", "stack", "user data", "key policy"}
# Steps for which there is nothing to do when the steps before were done.
IDLE = {}
HANGING = ("empty_user/", "empty_role/", "empty_group/")


def about_what_was_left(step):
    """Whether a step is about the last call and not about the chain before it."""
    is_late = step["phase"] in ("remove_persistence", "recover")
    chain = ("lift/", "new_key/", "AKIASFALICEXXEXAMPLE", "AKIAQJBUILDEREXAMPLE")
    return is_late and not any(word in step["id"] for word in chain)


def prepare(kind, events):
    """The account as the log leaves it, with what no log holds."""
    ENDPOINT.reset()
    replay = Replay(ENDPOINT)
    if not kind.setting:
        replay.run(events)
        return
    replay.run(event for event in events if event["eventSource"].startswith("sts."))
    getattr(settings, kind.setting)(ENDPOINT, replay)


@each(KINDS)
class Kinds(unittest.TestCase):
    def run_one(self, name):
        kind = KINDS[name]
        events = log(kind)
        file = pathlib.Path(FOLDER.name) / "log.jsonl"
        file.write_text("\n".join(json.dumps(event) for event in events))
        plan = next(plan for plan in plans_of(file) if ACCOUNT in plan["accounts"]
                    and "ASIASFADMINIXEXAMPLE" in json.dumps(plan["credentials"]))
        prepare(kind, events)
        run = runner(kind.person)
        run.run_plan({"steps": [s for s in plan["steps"] if about_what_was_left(s)]})
        counted(run.count)
        missing = {UNSUPPORTED[name]} if name in UNSUPPORTED else set()
        self.assertEqual(run.count.unsupported.keys(), missing)
        is_run = run.count.steps or missing
        self.assertEqual(not is_run, name in BY_HAND)
        # What hangs on a user or a role beside what the log holds is tested on its own.
        idle = [id for id in run.count.idle if not id.startswith(HANGING)]
        self.assertEqual(idle, IDLE.get(name, []))


if __name__ == "__main__":
    unittest.main()
