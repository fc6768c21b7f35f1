"""Whole plans: every step of an incident's plan does what it says, in its order."""

import unittest

from harness import FIXTURES, counted, plans_of, prepared, read, runner

# One log for each kind of incident: origin, accounts, juggling, theft.
LOGS = {
    "leaked key, chain over accounts, the user Bob": "role_chaining/fires_leaked_key_to_the_user_bob",
    "instance": "instance_credential_exfiltration/"
    "fires_high_on_the_usual_call_away_from_a_known_address",
    "federation token": "federation_token_persistence/fires_on_a_token_that_survives_its_key",
    "juggling by one role": "role_juggling/fires_on_a_role_that_renews_itself",
    "Identity Center": "role_chaining/fires_on_a_chain_from_identity_center",
    "foreign account": "role_chaining/fires_on_a_foreign_account_that_comes_in_and_goes_on",
    "root": "role_chaining/fires_on_a_session_of_root",
    "function": "chain_to_persistence/fires_on_a_function_with_a_permission_for_anybody",
    "console": "chain_to_persistence/fires_on_a_password_and_follows_it_to_the_console",
}

# What moto 5.2.5 does not implement.
UNSUPPORTED = {"cloudtrail lookup-events"}
STEPS_AT_LEAST = 115

# Begins of the ids of steps that do not do what they say. One that does is to be taken out.
KNOWN = set()


class Incidents(unittest.TestCase):
    def test_every_step_does_what_it_says_and_can_be_undone(self):
        steps, unsupported, known = 0, set(), set()
        for name, log in LOGS.items():
            log = FIXTURES / f"{log}.jsonl"
            plans = plans_of(log)
            self.assertTrue(plans, name)
            for plan in plans:
                with self.subTest(name):
                    prepared(read(log), plan)
                    run = runner(known=KNOWN)
                    run.run_plan(plan)
                    counted(run.count)
                    steps += run.count.steps
                    unsupported |= run.count.unsupported.keys()
                    known |= run.count.known
        self.assertEqual(unsupported, UNSUPPORTED)
        self.assertEqual(known, KNOWN)
        self.assertGreaterEqual(steps, STEPS_AT_LEAST)


if __name__ == "__main__":
    unittest.main()
