"""What an attacker made is deleted although others hung things on it that no log shows."""

import json
import pathlib
import unittest

import settings
from harness import ENDPOINT, FOLDER, counted, plans_of, runner
from kinds import ACCOUNT, GRANTS, KINDS, log
from replay import Replay
from shell import Fault

READ_ONLY = "arn:aws:iam::aws:policy/PowerUserAccess"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
SSH_KEY = "ssh-rsa AAAA{} svc"


class Emptying(unittest.TestCase):
    def plan(self, kind):
        """The plan of the incident that ends with `kind`, and its account as the log leaves it."""
        events = log(KINDS[kind])
        file = pathlib.Path(FOLDER.name) / "log.jsonl"
        file.write_text("\n".join(json.dumps(event) for event in events))
        plan = next(plan for plan in plans_of(file) if ACCOUNT in plan["accounts"])
        ENDPOINT.reset()
        Replay(ENDPOINT).run(events)
        return plan

    def steps(self, plan, name):
        """The steps that remove `name`, the last of which deletes it."""
        found = [step for step in plan["steps"] if step["id"].endswith(f"/{ACCOUNT}/{name}")]
        return [step for step in found if step["phase"] in ("remove_persistence", "recover")]

    def delete(self, kind, name, n_kinds):
        plan = self.plan(kind)
        getattr(self, "fill_" + kind)(ENDPOINT.client(ACCOUNT, "iam"), name)
        steps = self.steps(plan, name)
        self.too_early(kind, steps[-1])
        run = runner()
        self.shows_documents(run, steps)
        run.run_plan({"steps": steps})
        counted(run.count)
        emptied = [step for step in steps if step["id"].startswith("empty_")]
        self.assertEqual(len(emptied), n_kinds)
        self.assertEqual(run.count.idle, [])

    def shows_documents(self, run, steps):
        """The preview of the inline policies shows what they grant, and not only their names."""
        step = next(step for step in steps if step["id"].startswith("empty_")
                    and "/inline_policies/" in step["id"])
        shown = {one["PolicyName"]: one["PolicyDocument"] for one in json.loads(run.preview(step))}
        for number in range(2):
            self.assertEqual(shown[f"-policy-{number}"], json.loads(GRANTS))

    def too_early(self, kind, step):
        """The deletion before what hangs on the thing is gone: AWS refuses it, and of a user who
        still has policies it is not even tried."""
        if kind == "user":
            run = runner()
            run.run_step(step)
            self.assertEqual((run.count.idle, run.count.steps), ([step["id"]], 0))
            step = {name: value for name, value in step.items() if name != "precondition"}
        with self.assertRaises(Fault) as raised:
            runner().run_step(step)
        self.assertIn("DeleteConflict", str(raised.exception))

    def fill_user(self, client, name):
        client.create_login_profile(UserName=name, Password="Long-enough-1")
        for number in range(2):
            client.create_access_key(UserName=name)
            client.upload_ssh_public_key(
                UserName=name, SSHPublicKeyBody=SSH_KEY.format(number))
            client.create_group(GroupName=f"-group-{number}")
            client.add_user_to_group(UserName=name, GroupName=f"-group-{number}")
            client.put_user_policy(
                UserName=name, PolicyName=f"-policy-{number}", PolicyDocument=GRANTS)
        for arn in (READ_ONLY, ADMINISTRATOR):
            client.attach_user_policy(UserName=name, PolicyArn=arn)
        settings.certificate_of(client, name)
        settings.mfa_of(client, name)

    def fill_role(self, client, name):
        for number in range(2):
            client.put_role_policy(
                RoleName=name, PolicyName=f"-policy-{number}", PolicyDocument=GRANTS)
            client.create_instance_profile(InstanceProfileName=f"profile-{number}")
            client.add_role_to_instance_profile(
                InstanceProfileName=f"profile-{number}", RoleName=name)
        for arn in (READ_ONLY, ADMINISTRATOR):
            client.attach_role_policy(RoleName=name, PolicyArn=arn)

    def fill_group(self, client, name):
        for number in range(2):
            client.create_user(UserName=f"-member-{number}")
            client.add_user_to_group(UserName=f"-member-{number}", GroupName=name)
            client.put_group_policy(
                GroupName=name, PolicyName=f"-policy-{number}", PolicyDocument=GRANTS)
        for arn in (READ_ONLY, ADMINISTRATOR):
            client.attach_group_policy(GroupName=name, PolicyArn=arn)

    def test_a_user_on_whom_everything_hangs(self):
        self.delete("user", "svc-monitor", 9)
        self.assertNotIn("svc-monitor", ENDPOINT.iam(ACCOUNT).users)

    def test_a_role_on_which_everything_hangs(self):
        self.delete("role", "reporting", 3)
        names = [role.name for role in ENDPOINT.iam(ACCOUNT).roles.values()]
        self.assertNotIn("reporting", names)

    def test_a_group_on_which_everything_hangs(self):
        self.delete("group", "intruders", 3)
        self.assertNotIn("intruders", ENDPOINT.iam(ACCOUNT).groups)


if __name__ == "__main__":
    unittest.main()
