"""Whom the policies of plans deny, by IAM's own rules: of every log that a detector fires on."""

import copy
import json
import unittest

from harness import FIXTURES, each, plans_of
from policies import Caller, Unknown, arn_like, denies, time
from revocation import Plan

LOGS = sorted(FIXTURES.glob("*/fires_*.jsonl"))
BOB = FIXTURES / "role_chaining" / "fires_leaked_key_to_the_user_bob.jsonl"
INSTANCE = FIXTURES / "role_chaining" / "fires_on_an_instance_that_climbs.jsonl"


class Policies(unittest.TestCase):
    def test_attackers_are_denied_and_others_are_not(self):
        held = 0
        for log in LOGS:
            for plan in plans_of(log):
                with self.subTest(log.stem):
                    held += Plan(plan).hold()
        self.assertGreater(len(LOGS), 60)
        self.assertGreater(held, 2000)


def changed(plan, begin, change):
    """`plan`, in which `change` was made to the policies of steps whose ids begin with `begin`."""
    plan = copy.deepcopy(plan)
    steps = [step for step in plan["steps"] if step["id"].startswith(begin)]
    assert steps, begin
    for step in steps:
        argv = step["command"]["argv"]
        at = next(at for at, word in enumerate(argv) if word[:1] == "{")
        policy = json.loads(argv[at])
        change(policy["Statement"][0])
        argv[at] = json.dumps(policy)
    return plan


def condition(operator, key, value):
    def change(statement):
        statement.setdefault("Condition", {}).setdefault(operator, {})[key] = value

    return change


def without(*operators):
    def change(statement):
        for operator in operators:
            statement["Condition"].pop(operator)

    return change


TIME = "aws:TokenIssueTime"
# What is wrong, in which log, in which steps.
WRONG = {
    "too early": (BOB, "revoke/", condition("DateLessThan", TIME, "2026-03-01T00:00:00Z")),
    "too late": (BOB, "revoke/", condition("DateLessThan", TIME, "2026-04-01T00:00:00Z")),
    "no time": (BOB, "revoke/", without("DateLessThan")),
    "narrow and not": (INSTANCE, "revoke_narrow/", without("StringEquals")),
    "somebody else's": (
        INSTANCE, "revoke_narrow/", condition("StringEquals", "aws:userid", ["AROAX:other"])),
    "one call only": (BOB, "revoke/", lambda statement: statement.update(Action=["iam:*"])),
    "one resource only": (
        BOB, "revoke/", lambda statement: statement.update(Resource=["arn:aws:s3:::*"])),
    "keys spared": (
        BOB, "create_policy/", lambda statement: statement["Condition"].update(
            DateLessThan=statement["Condition"].pop("DateLessThanIfExists"))),
    "everybody in the account": (BOB, "create_policy/", without("ArnLike")),
    "other principals": (
        BOB, "create_policy/",
        condition("ArnLike", "aws:PrincipalArn", ["arn:aws:iam::111122223333:role/other"])),
    "first round only": (
        BOB, "revoke_again/", condition("DateLessThan", TIME, "2026-03-10T07:15:01Z")),
    "every way": (BOB, "close_way/", lambda statement: statement.update(Resource=["*"])),
    "strongest and not": (
        BOB, "deny_role/", condition("DateLessThan", TIME, "2026-03-10T07:15:01Z")),
}


@each(WRONG)
class WrongPolicies(unittest.TestCase):
    def run_one(self, name):
        log, begin, change = WRONG[name]
        (plan, *_) = plans_of(log)
        Plan(plan).hold()
        wrong = Plan(changed(plan, begin, change))
        with self.assertRaises(AssertionError):
            wrong.hold()


class Evaluation(unittest.TestCase):
    """The rules themselves, by the examples of the user guide."""

    def policy(self, **statement):
        deny = {"Effect": "Deny", "Action": "*", "Resource": "*", **statement}
        return {"Version": "2012-10-17", "Statement": [deny]}

    def test_a_missing_key_fails_a_condition_unless_it_says_if_exists(self):
        key = Caller("arn:aws:iam::111122223333:user/u", "AIDAEXAMPLE")
        for operator, is_denied in (("DateLessThan", False), ("DateLessThanIfExists", True)):
            policy = self.policy(Condition={operator: {TIME: "2026-01-01T00:00:00Z"}})
            self.assertEqual(denies(policy, key), is_denied)

    def test_values_are_alternatives_and_lines_are_not(self):
        caller = Caller("arn:aws:iam::111122223333:role/r", "AROAX:a", time("2026-01-01T00:00:00Z"))
        both = {"StringEquals": {"aws:userid": ["AROAX:b", "AROAX:a"]},
                "DateLessThan": {TIME: "2026-01-01T00:00:01Z"}}
        self.assertTrue(denies(self.policy(Condition=both), caller))
        both["DateLessThan"][TIME] = "2026-01-01T00:00:00Z"
        self.assertFalse(denies(self.policy(Condition=both), caller))

    def test_a_wildcard_of_an_arn_stays_in_its_component(self):
        self.assertTrue(arn_like("arn:aws:iam::1:role/*/r", "arn:aws:iam::1:role/a/b/r"))
        self.assertFalse(arn_like("arn:aws:iam::1:role/*/r", "arn:aws:iam::1:role/r"))
        self.assertFalse(arn_like("arn:*:role/r", "arn:aws:iam::1:role/r"))

    def test_what_no_plan_writes_is_refused(self):
        caller = Caller("arn:aws:iam::111122223333:role/r", "AROAX:a")
        for policy in (
            self.policy(Effect="Allow"), self.policy(NotAction="iam:*"),
            self.policy(Condition={"Bool": {"aws:SecureTransport": "true"}}),
            self.policy(Condition={"StringEquals": {"aws:PrincipalTag/x": "y"}}),
        ):
            with self.assertRaises(Unknown):
                denies(policy, caller)


if __name__ == "__main__":
    unittest.main()
