"""The runner itself: a plan that is wrong in one place does not pass."""

import copy
import os
import subprocess
import unittest

from harness import ENDPOINT, SHELL, runner
from replay import Replay
from shell import Fault
from steps import filled, is_back

ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/work"
DENY = '{"Statement":[{"Action":["*"],"Effect":"Deny","Resource":["*"]}],"Version":"2012-10-17"}'


def aws(*words):
    argv = ["aws", "iam", *words]
    quoted = [f"'{word}'" for word in argv]
    return {"argv": argv, "shell": " ".join(quoted)}


def step():
    """A step that is right."""
    name = ("--role-name", "work", "--policy-name", "Deny")
    return {
        "id": "deny/work",
        "account_id": ACCOUNT,
        "preview": aws("list-role-policies", "--role-name", "work"),
        "command": aws("put-role-policy", *name, "--policy-document", DENY),
        "check": {
            "command": aws("get-role-policy", *name, "--query", "PolicyName", "--output", "text"),
            "expect": {"kind": "equals", "value": "Deny"},
        },
        "undo": [aws("delete-role-policy", *name)],
    }


class RunnerOfSteps(unittest.TestCase):
    def setUp(self):
        ENDPOINT.reset()
        Replay(ENDPOINT).role(ROLE)

    def fault(self, change):
        """What the runner says about the step after `change`."""
        wrong = copy.deepcopy(step())
        change(wrong)
        with self.assertRaises(Fault) as raised:
            runner().run_step(wrong)
        return str(raised.exception)

    def test_a_right_step_passes(self):
        run = runner()
        run.run_step(step())
        self.assertEqual((run.count.steps, run.count.undone, run.count.checks), (1, 1, 1))

    def test_an_undo_of_another_policy_fails(self):
        def change(wrong):
            wrong["undo"] = [aws("delete-role-policy", "--role-name", "work",
                                 "--policy-name", "Denied")]

        self.assertIn("NoSuchEntity", self.fault(change))

    def test_an_undo_that_changes_something_else_fails(self):
        def change(wrong):
            wrong["undo"] = [aws("put-role-policy", "--role-name", "work",
                                 "--policy-name", "Other", "--policy-document", DENY)]

        self.assertIn("the undo leaves", self.fault(change))

    def test_a_check_that_gives_something_else_fails(self):
        for kind, value in [("equals", "Den"), ("contains", "x"), ("lacks", "Deny"),
                            ("fails", "NoSuchEntity")]:
            def change(wrong, kind=kind, value=value):
                wrong["check"]["expect"] = {"kind": kind, "value": value}

            with self.subTest(kind):
                self.assertIn("the check gives", self.fault(change))

    def test_an_undo_by_the_clock_is_never_earlier(self):
        undo = [aws("put-role-policy", "--policy-document", "{{now}}")]
        early, late = "0 2026-03-09T10:00:00Z", "0 2026-03-09T10:00:01Z"
        self.assertTrue(is_back(early, late, undo))
        self.assertFalse(is_back(late, early, undo))
        self.assertFalse(is_back(early, "254 NoSuchEntity", undo))
        self.assertFalse(is_back(early, late, [aws("delete-role-policy")]))

    def test_what_is_gone_is_lacked_and_not_what_is_refused(self):
        def lacking(name):
            right = step()
            words = ("--role-name", "work", "--policy-name", name)
            right["check"] = {"command": aws("get-role-policy", *words),
                              "expect": {"kind": "lacks", "value": "Deny"}}
            return right

        runner().run_step(lacking("Gone"))
        wrong = lacking("Gone")
        wrong["check"]["command"] = aws("get-role-policy", "--role-name", "work")
        with self.assertRaises(Fault):
            runner().run_step(wrong)

    def test_a_command_for_the_wrong_account_fails(self):
        def change(wrong):
            wrong["account_id"] = "999988887777"

        self.assertIn("NoSuchEntity", self.fault(change))

    def test_a_policy_that_is_no_json_fails(self):
        def change(wrong):
            wrong["command"] = aws("put-role-policy", "--role-name", "work",
                                   "--policy-name", "Deny", "--policy-document", DENY[:-1])

        self.assertIn("MalformedPolicyDocument", self.fault(change))

    def test_a_shell_text_that_differs_from_the_arguments_fails(self):
        for text in ["aws iam list-roles", "aws iam list-role-policies --role-name $(echo work)x"]:
            def change(wrong, text=text):
                wrong["preview"]["shell"] = text

            with self.subTest(text):
                self.assertIn("a shell makes", self.fault(change))

    def test_what_the_endpoint_cannot_run_is_read_by_the_cli(self):
        def missing(*words):
            command = aws("x")
            command["argv"] = ["aws", "rolesanywhere", *words]
            command["shell"] = " ".join(f"'{word}'" for word in command["argv"])
            return {"id": "step", "account_id": ACCOUNT, "region": "us-east-1", "command": command}

        anchor = "1234abcd-12ab-34cd-56ef-1234567890ab"
        right = missing("disable-trust-anchor", "--trust-anchor-id", anchor)
        run = runner()
        run.run_plan({"steps": [right]})
        self.assertEqual((run.count.parsed, list(run.count.unsupported)),
                         (1, ["rolesanywhere disable-trust-anchor"]))
        for words in (("disable-trust-anchor", "--trust-anchor", "x", "--other", "x"),
                      ("disable-trust-anchors", "--trust-anchor-id", anchor),
                      ("disable-trust-anchor", "--trust-anchor-id", "short"),
                      ("disable-trust-anchor",)):
            with self.assertRaises(Fault) as raised:
                runner().parse_step(missing(*words))
            self.assertIn("is no command", str(raised.exception))

    def test_a_precondition_that_does_not_hold_leaves_the_step_out(self):
        for kind, value, is_run in (("equals", "work", True), ("equals", "wor", False),
                                    ("contains", "or", True), ("contains", "x", False)):
            self.setUp()
            other = step()
            look = aws("get-role", "--role-name", "work", "--query", "Role.RoleName",
                       "--output", "text")
            other["precondition"] = {"what": "", "command": look,
                                     "expect": {"kind": kind, "value": value}}
            run = runner()
            run.run_step(other)
            with self.subTest(kind=kind, value=value):
                self.assertEqual((run.count.steps, len(run.count.idle)),
                                 (1, 0) if is_run else (0, 1))

    def test_what_is_repeated_is_run_once_for_each(self):
        iam = ENDPOINT.client(ACCOUNT, "iam")
        for name in ("one", "-two", "three"):
            iam.put_role_policy(RoleName="work", PolicyName=name, PolicyDocument=DENY)
        first = ["aws", "iam", "list-role-policies", "--role-name", "work", "--query",
                 "PolicyNames | [0]", "--output", "text"]
        argv = ["aws", "iam", "delete-role-policy", "--role-name", "work", "--policy-name={{name}}"]
        inner = " ".join(f"'{word}'" for word in first)
        shell = f"aws iam delete-role-policy --role-name work --policy-name=\"$({inner})\""
        look = aws("list-role-policies", "--role-name", "work", "--query",
                   "length(PolicyNames) > `0`", "--output", "text")
        repeated = {
            "id": "empty", "account_id": ACCOUNT, "repeats": True,
            "precondition": {"what": "", "command": look,
                             "expect": {"kind": "equals", "value": "True"}},
            "command": {"argv": argv, "shell": shell,
                        "inputs": [{"marker": "{{name}}", "argv": first}]},
            "check": {"command": look, "expect": {"kind": "equals", "value": "False"}},
        }
        runner().run_step(repeated)
        self.assertEqual(iam.list_role_policies(RoleName="work")["PolicyNames"], [])

    def test_a_value_that_looks_like_a_marker_is_not_filled_in(self):
        values = {"{{a}}": "{{b}}", "{{b}}": "x"}
        self.assertEqual(filled("{{a}}-{{b}}", values), "{{b}}-x")

    def test_the_program_itself_runs_the_shell_text(self):
        """The commands of the other tests run in forks of the CLI; these in the program `aws`."""
        key, secret = ENDPOINT.operator(ACCOUNT)
        environment = {
            "PATH": f"{os.path.dirname(os.sys.executable)}:{os.environ['PATH']}",
            "AWS_ENDPOINT_URL": ENDPOINT.url,
            "AWS_ACCESS_KEY_ID": key,
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_DEFAULT_REGION": "us-east-1",
            "HOME": str(SHELL.folder),
        }
        done = step()
        for command in [done["preview"], done["command"], done["check"]["command"]]:
            ran = subprocess.run(["sh", "-c", command["shell"]], env=environment,
                                 capture_output=True, text=True)
            self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertEqual(ran.stdout, "Deny\n")


if __name__ == "__main__":
    unittest.main()
