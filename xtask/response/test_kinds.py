"""The steps about what was left behind, for every kind of thing."""

import json
import pathlib
import unittest

import settings
from harness import ENDPOINT, FOLDER, counted, plans_of, runner
from kinds import ACCOUNT, KINDS, log
from replay import Replay

# What moto 5.2.5 does not implement; a service that it does not know at all is named by its first
# call. Their kinds run no step.
UNSUPPORTED = {
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
STEPS_AT_LEAST = 55

# Kinds whose step does not do what it says. One that does is to be taken out.
KNOWN = {}


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


class Kinds(unittest.TestCase):
    def test_what_was_left_behind_is_taken_away_and_comes_back(self):
        unsupported, by_hand, known, steps = {}, set(), {}, 0
        for name, kind in KINDS.items():
            events = log(kind)
            file = pathlib.Path(FOLDER.name) / "log.jsonl"
            file.write_text("\n".join(json.dumps(event) for event in events))
            with self.subTest(name):
                plans = plans_of(file)
                plan = next(plan for plan in plans if ACCOUNT in plan["accounts"]
                            and "ASIASFADMINIXEXAMPLE" in json.dumps(plan["credentials"]))
                prepare(kind, events)
                run = runner(kind.person, [KNOWN[name]] if name in KNOWN else [])
                run.run_plan({"steps": [s for s in plan["steps"] if about_what_was_left(s)]})
                counted(run.count)
                steps += run.count.steps
                unsupported |= {name: call for call in run.count.unsupported}
                known |= {name: step for step in run.count.known}
                if not (run.count.steps or run.count.unsupported or run.count.known):
                    by_hand.add(name)
        self.assertEqual(unsupported, UNSUPPORTED)
        self.assertEqual(by_hand, BY_HAND)
        self.assertEqual(known, KNOWN)
        self.assertGreaterEqual(steps, STEPS_AT_LEAST)


if __name__ == "__main__":
    unittest.main()
