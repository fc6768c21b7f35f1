"""The script of a plan, run whole against the endpoint by somebody who answers it."""

import re
import unittest

from harness import ENDPOINT, TOTAL, each, plans_of, prepared, read
from incidents import INCIDENTS
from person import PERSON
from script import Terminal, run

BOB = "leaked key, chain over accounts, the user Bob"
TERMINAL = Terminal()
# Moto does not implement it, so that nobody can tell whether there is one.
UNTOLD = "service-specific credentials"
PROVISION = "Provision permission set Developer"
NUMBER = re.compile(r"step \d+")


def yes(_title, _risk):
    return "y"


def nothing_disruptive(_title, risk):
    return "s" if risk == "disruptive" else "y"


def nothing(_title, _risk):
    return "s"


# Whose script, and what is answered.
SCRIPTS = {
    "everything for Bob": (BOB, yes),
    "nothing disruptive for Bob": (BOB, nothing_disruptive),
    "nothing for Bob": (BOB, nothing),
    "everything for an instance": ("instance", yes),
    "nothing disruptive for an instance": ("instance", nothing_disruptive),
    "everything for Identity Center": ("Identity Center", yes),
    "nothing disruptive for Identity Center": ("Identity Center", nothing_disruptive),
    "nothing disruptive for a key of root": ("key of root", nothing_disruptive),
}


@each(SCRIPTS)
class Scripts(unittest.TestCase):
    def run_one(self, name):
        of, answer = SCRIPTS[name]
        incident = INCIDENTS[of]
        (plan,) = plans_of(incident.path)
        prepared(read(incident.path), plan)
        person = incident.setting(plan) if incident.setting else {}
        values = {
            "SOURCE": str(incident.path), "NEWER_LOGS": str(incident.path),
            **{name: PERSON[name]("") for name in ("TRUST_POLICY_OF_TEMPLATE", "NEW_PASSWORD")},
        }
        if "PERMISSION_SET_ARN" in person:
            values["PERMISSION_SET_ARN"] = person["PERMISSION_SET_ARN"](None)
            values["TARGET_ID"] = person["TARGET_ID"]("")
            values["GROUP_ID"] = person["GROUP_ID"]('{"GroupMemberships": []}')
        session = run(TERMINAL, incident.path, plan, answer, values)
        self.assertEqual(session.code, 0, session.text)
        self.assertIn("All steps were shown.", session.text)
        trouble = [title for title, _ in session.trouble() if UNTOLD not in title]
        expected = self.expected(of, answer)
        self.assertEqual(len(trouble), len(expected), session.text)
        for title, begin in zip(trouble, expected):
            self.assertTrue(NUMBER.sub("step N", title).startswith(begin), title)
        self.asked_before_it_ran(plan, session, answer)
        check = getattr(self, "after_" + name.replace(" ", "_").lower(), None)
        if check:
            check(plan)
        TOTAL["plans"] += 1

    def expected(self, of, answer):
        """Begins of the titles of steps that an answer of y does not bring about here.

        Nobody is at the console, and the endpoint says neither how far a provisioning is nor
        whether a user is enabled.
        """
        if of != "Identity Center" or answer is nothing:
            return []
        enable = ["Enable Identity Center user"]
        if answer is nothing_disruptive:
            return enable
        provision = [f"{PROVISION} to", f"{PROVISION} again", f"Take back step N: {PROVISION} to"]
        return ["Disable Identity Center user", *provision, *enable]

    def asked_before_it_ran(self, plan, session, answer):
        """Steps whose titles were answered by s alone changed nothing."""
        for title, said in session.answers.items():
            words = {word for _, word in said}
            self.assertLessEqual(words, {"y", "s"})
        titles = {step["title"] for step in plan["steps"] if step.get("command")}
        self.assertGreater(len(titles & set(session.answers)), 5)

    def policies(self, account):
        """Inline policies that plans made, by role and user."""
        iam = ENDPOINT.iam(account)
        owners = [*iam.roles.values(), *iam.users.values()]
        ours = ("Rolecall", "AWSRevoke")
        return {
            (owner.name, policy) for owner in owners for policy in owner.policies
            if policy.startswith(ours)
        }

    def after_everything_for_bob(self, plan):
        self.assertNotIn("Bob", ENDPOINT.iam("444455556666").users)
        publisher = ENDPOINT.iam("222233334444").users["publisher"]
        self.assertEqual(len(publisher.access_keys), 1, "the new key alone")
        self.assertNotEqual(publisher.access_keys[0].access_key_id, "AKIAPUBLISHEREXAMPLE")
        for account in plan["accounts"]:
            self.assertEqual(self.policies(account), set(), "every deny was lifted")
        role = next(role for role in ENDPOINT.iam("555566667777").roles.values()
                    if role.name == "log-archive-admin")
        self.assertNotIn("999988887777", role.assume_role_policy_document)
        self.assertIn("lambda.amazonaws.com", role.assume_role_policy_document, "of the templates")

    def after_nothing_for_bob(self, plan):
        self.assertIn("Bob", ENDPOINT.iam("444455556666").users)
        keys = ENDPOINT.iam("222233334444").access_keys
        self.assertEqual(keys["AKIAPUBLISHEREXAMPLE"].status, "Active")
        for account in plan["accounts"]:
            self.assertEqual(self.policies(account), set())

    def after_nothing_disruptive_for_bob(self, plan):
        keys = ENDPOINT.iam("222233334444").access_keys
        self.assertEqual(keys["AKIAPUBLISHEREXAMPLE"].status, "Active", "its owner works with it")
        # The deny stays on Bob, and with it Bob.
        (attached,) = ENDPOINT.iam("444455556666").users["Bob"].managed_policies
        self.assertEqual(attached, "arn:aws:iam::aws:policy/AWSDenyAll")
        for account in plan["accounts"]:
            self.assertEqual(self.policies(account), set(), "what was set was lifted")


if __name__ == "__main__":
    unittest.main()
