"""What the plan denies is denied: calls of sessions and keys, before, after, and undone.

The endpoint applies the policies of whoever calls, with their conditions: sessions bear the times
and the names that the log gives them.
"""

import datetime
import unittest

from botocore.exceptions import ClientError
from conditions import ISSUED
from harness import ENDPOINT, FIXTURES, plans_of, prepared, read, runner
from policies import time
from replay import arn_parts

BOB = FIXTURES / "role_chaining" / "fires_leaked_key_to_the_user_bob.jsonl"
INSTANCE = FIXTURES / "role_chaining" / "fires_on_an_instance_that_climbs.jsonl"
SECOND = datetime.timedelta(seconds=1)


class Containment(unittest.TestCase):
    def prepare(self, log):
        (self.plan,) = plans_of(log)
        self.replay = prepared(read(log), self.plan)
        self.steps = {step["id"]: step for step in self.plan["steps"]}
        self.cut_off = time(self.plan["cut_off"])
        self.runner = runner()

    def tearDown(self):
        ENDPOINT.stop_checking()
        ISSUED.clear()

    def may_call(self, account, credentials, refusal="AccessDenied"):
        client = ENDPOINT.client(account, "iam", credentials=credentials)
        try:
            client.list_roles()
        except ClientError as error:
            self.assertEqual(error.response["Error"]["Code"], refusal)
            return False
        return True

    def session(self, step, issued, name="attacker"):
        """A session of the role that `step` is about, issued at a time of the log."""
        role = step["id"].split("/", 1)[1]
        arns = {f"{account}/{name}": arn for account, name, arn in self.replay.roles}
        account = arn_parts(arns[role])[0]
        made = ENDPOINT.client(account, "sts").assume_role(
            RoleArn=arns[role], RoleSessionName=name)["Credentials"]
        ISSUED[made["AccessKeyId"]] = issued
        return account, (made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])

    def about(self, begin):
        found = [step for id, step in self.steps.items() if id.startswith(begin)]
        self.assertTrue(found, begin)
        return found

    def held(self, step, denied, allowed):
        """Runs `step` and undoes it: `denied` sessions are cut off in between, others are not."""
        ENDPOINT.start_checking()
        everybody = [*denied, *allowed]
        self.assertTrue(all(self.may_call(*session) for session in everybody), "before")
        self.runner.command(step, step["command"], "")
        self.assertFalse(any(self.may_call(*session) for session in denied), "the attacker's")
        self.assertTrue(all(self.may_call(*session) for session in allowed), "others")
        self.runner.command(step, step["undo"][0], "")
        ENDPOINT.stop_checking()

    def test_sessions_of_every_role_are_cut_off_and_newer_ones_are_not(self):
        self.prepare(BOB)
        steps = self.about("revoke/")
        self.assertGreaterEqual(len(steps), 3)
        for step in steps:
            with self.subTest(step["id"]):
                old = self.session(step, self.cut_off - SECOND)
                newer = [self.session(step, self.cut_off), self.session(step, None)]
                self.held(step, [old], newer)
                ENDPOINT.start_checking()
                self.assertTrue(self.may_call(*old), "after going back")
                ENDPOINT.stop_checking()

    def test_the_second_round_cuts_off_what_was_issued_while_the_first_one_spread(self):
        self.prepare(BOB)
        for step in self.about("revoke_again/"):
            with self.subTest(step["id"]):
                spread = self.session(step, self.cut_off + SECOND)
                future = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
                self.held(step, [spread], [self.session(step, future)])
                ENDPOINT.start_checking()
                self.assertTrue(self.may_call(*spread), "going back leads to the first round")
                ENDPOINT.stop_checking()

    def test_a_narrow_revocation_leaves_the_sessions_of_others(self):
        self.prepare(INSTANCE)
        (narrow,) = self.about("revoke_narrow/")
        (wide,) = self.about("revoke/" + narrow["id"].split("/", 1)[1])
        own = next(one for one in self.plan["credentials"] if one["hop"] == 0)
        name = own["principal_id"].split(":")[1]
        attacker = self.session(narrow, self.cut_off - SECOND, name)
        other = self.session(narrow, self.cut_off - SECOND, "i-0fedcba9876543210")
        newer = self.session(narrow, self.cut_off, name)
        self.held(narrow, [attacker], [other, newer])
        self.held(wide, [attacker, other], [newer])

    def test_the_strongest_variant_cuts_off_everybody(self):
        self.prepare(BOB)
        step = self.about("deny_role/")[0]
        self.held(step, [self.session(step, self.cut_off - SECOND), self.session(step, None)], [])

    def test_the_user_that_was_made_can_do_nothing_any_more(self):
        self.prepare(BOB)
        (step,) = self.about("deny_user/")
        _, account, name = step["id"].split("/")
        (key,) = [key for key in self.replay.keys if key[:2] == (account, name)]
        secret = ENDPOINT.iam(account).access_keys[key[2]].secret_access_key
        attached = ENDPOINT.client(account, "iam").list_attached_user_policies(UserName=name)
        self.assertIn("AdministratorAccess", str(attached))
        self.held(step, [(account, (key[2], secret))], [])

    def test_a_key_that_was_deactivated_is_refused_until_it_is_undone(self):
        self.prepare(BOB)
        steps = self.about("deactivate_key/")
        self.assertGreaterEqual(len(steps), 2, "the leaked key and the one of Bob")
        for step in steps:
            _, account, key = step["id"].split("/")
            secret = ENDPOINT.iam(account).access_keys[key].secret_access_key
            ENDPOINT.start_checking()
            self.assertTrue(self.may_call(account, (key, secret)))
            self.runner.command(step, step["command"], "")
            self.assertFalse(self.may_call(account, (key, secret), "InvalidClientTokenId"))
            self.runner.command(step, step["undo"][0], "")
            self.assertTrue(self.may_call(account, (key, secret)))
            ENDPOINT.stop_checking()


if __name__ == "__main__":
    unittest.main()
