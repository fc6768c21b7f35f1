"""What the plan denies is denied: calls of sessions and users, before, after, and undone.

Moto applies the policies of whoever calls, but knows neither the time at which a session was issued
nor whether a key is inactive. So the endpoint shows that the deny stands on the right role of the
right account, and that a session is cut off by it; which sessions it cuts off is read out of the
stored document.
"""

import datetime
import json
import unittest

from botocore.exceptions import ClientError
from harness import ENDPOINT, FIXTURES, plans_of, prepared, read, runner
from replay import arn_parts

LOG = FIXTURES / "role_chaining" / "fires_leaked_key_to_the_user_bob.jsonl"
REVOKED = "AWSRevokeOlderSessions"


def time(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def denies(document, issued):
    """Whether `document`, one statement that asks for nothing but the time, denies a session."""
    (statement,) = document["Statement"]
    assert (statement["Effect"], statement["Action"], statement["Resource"]) == (
        "Deny", ["*"], ["*"]), statement
    (cut_off,) = statement["Condition"].pop("DateLessThan").values()
    assert not statement["Condition"], statement
    return issued < time(cut_off)


class Containment(unittest.TestCase):
    def setUp(self):
        self.plan = plans_of(LOG)[0]
        self.replay = prepared(read(LOG), self.plan)
        self.steps = {step["id"]: step for step in self.plan["steps"]}
        self.runner = runner()

    def tearDown(self):
        ENDPOINT.stop_checking()

    def may_call(self, account, credentials):
        client = ENDPOINT.client(account, "iam", credentials=credentials)
        try:
            client.list_roles()
        except ClientError as error:
            self.assertEqual(error.response["Error"]["Code"], "AccessDenied")
            return False
        return True

    def session(self, arn):
        account = arn_parts(arn)[0]
        made = ENDPOINT.client(account, "sts").assume_role(RoleArn=arn, RoleSessionName="attacker")
        made = made["Credentials"]
        return account, (made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])

    def test_sessions_of_every_role_of_the_chain_are_cut_off_until_it_is_undone(self):
        arns = {f"{account}/{name}": arn for account, name, arn in self.replay.roles}
        steps = {id: step for id, step in self.steps.items() if id.startswith("revoke/")}
        self.assertGreaterEqual(len(steps), 3)
        sessions = {id: self.session(arns[id.removeprefix("revoke/")]) for id in steps}
        ENDPOINT.start_checking()
        for id, step in steps.items():
            with self.subTest(id):
                self.assertTrue(self.may_call(*sessions[id]))
                self.runner.command(step, step["command"], "")
                self.assertFalse(self.may_call(*sessions[id]))
                self.runner.command(step, step["undo"][0], "")
                self.assertTrue(self.may_call(*sessions[id]))

    def test_the_stored_policy_tells_old_sessions_from_new_ones(self):
        for id, step in self.steps.items():
            if not id.startswith("revoke/"):
                continue
            with self.subTest(id):
                self.runner.command(step, step["command"], "")
                _, account, role = id.split("/")
                client = ENDPOINT.client(account, "iam")
                stored = client.get_role_policy(RoleName=role, PolicyName=REVOKED)
                document = stored["PolicyDocument"]
                copy = json.loads(json.dumps(document))
                self.assertTrue(denies(document, time(self.plan["t0"])))
                later = time(self.plan["t0"]) + datetime.timedelta(seconds=1)
                self.assertFalse(denies(copy, later))

    def test_the_user_that_was_made_can_do_nothing_any_more(self):
        step = next(step for id, step in self.steps.items() if id.startswith("deny_user/"))
        _, account, name = step["id"].split("/")
        (key,) = [key for key in self.replay.keys if key[:2] == (account, name)]
        secret = ENDPOINT.iam(account).access_keys[key[2]].secret_access_key
        policies = ENDPOINT.client(account, "iam")
        self.assertIn("AdministratorAccess", str(policies.list_attached_user_policies(
            UserName=name)))
        ENDPOINT.start_checking()
        self.assertTrue(self.may_call(account, (key[2], secret)))
        self.runner.command(step, step["command"], "")
        self.assertFalse(self.may_call(account, (key[2], secret)))
        self.runner.command(step, step["undo"][0], "")
        self.assertTrue(self.may_call(account, (key[2], secret)))

    def test_the_key_that_leaked_is_inactive(self):
        steps = [step for id, step in self.steps.items() if id.startswith("deactivate_key/")]
        self.assertGreaterEqual(len(steps), 2, "the leaked key and the one of Bob")
        for step in steps:
            _, account, key = step["id"].split("/")
            self.runner.command(step, step["command"], "")
            self.assertEqual(ENDPOINT.iam(account).access_keys[key].status, "Inactive")


if __name__ == "__main__":
    unittest.main()
