"""What the tests share: one endpoint, one CLI, and the plans that the program makes of a log."""

import atexit
import json
import os
import pathlib
import re
import subprocess
import tempfile

from aws_cli import AwsCli
from endpoint import MANAGEMENT, Endpoint, named
from replay import Replay
from shell import Shell
from steps import Runner

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "crates" / "detect" / "fixtures"
# Built by the gate before the tests start.
ROLECALL = os.environ["ROLECALL"]

FOLDER = tempfile.TemporaryDirectory()
# Programs that the CLI runs itself.
TOOLS = pathlib.Path(FOLDER.name) / "tools"
TOOLS.mkdir()
ENDPOINT = Endpoint()
CLI = AwsCli(
    {
        "PATH": f"{TOOLS}:{os.environ['PATH']}",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_PAGER": "",
        # The configuration of whoever runs the tests is not part of them.
        "AWS_CONFIG_FILE": f"{FOLDER.name}/config",
        "AWS_SHARED_CREDENTIALS_FILE": f"{FOLDER.name}/credentials",
        "AWS_EC2_METADATA_DISABLED": "true",
        "HOME": FOLDER.name,
    },
    ENDPOINT.url,
)
SHELL = Shell(pathlib.Path(FOLDER.name))
atexit.register(FOLDER.cleanup)
atexit.register(CLI.close)


def read(path):
    """The events of a log."""
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]


def plans_of(log):
    """The plans of the incidents that the program finds in the file `log`."""
    arguments = [ROLECALL, "scan", str(log), "--format", "json"]
    ran = subprocess.run(arguments, capture_output=True, text=True)
    # Exit code 4: the log holds lines that are no records.
    assert ran.returncode in (0, 4), ran.stderr
    incidents = json.loads(ran.stdout)["incidents"]
    # What is only informational has no plan.
    return [incident["response"] for incident in incidents if "response" in incident]


def prepared(events, plan, region="us-east-1"):
    """An endpoint on which `events` have happened, and the organization of the plan's accounts."""
    ENDPOINT.reset(region)
    replay = Replay(ENDPOINT)
    replay.run(events)
    organization(plan["accounts"])
    return replay


def organization(accounts):
    client = ENDPOINT.client(MANAGEMENT, "organizations")
    client.create_organization(FeatureSet="ALL")
    root = client.list_roots()["Roots"][0]["Id"]
    client.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    for account in accounts:
        with named("moto.organizations.utils.make_random_account_id", account):
            client.create_account(AccountName=account, Email=f"{account}@example.com")


def runner(person=None, skips=lambda step: False):
    return Runner(ENDPOINT, CLI, SHELL, person, skips)


TOTAL = {"plans": 0, "steps": 0, "undone": 0, "commands": 0, "parsed": 0, "read": 0}


def counted(count):
    """Adds what was run for a plan to the numbers that the gate prints."""
    TOTAL["plans"] += 1
    for name in ("steps", "undone", "commands", "parsed"):
        TOTAL[name] += getattr(count, name)


def totals():
    """What was run in this process."""
    return {**TOTAL, "read": SHELL.count}


def each(names):
    """Gives a class of tests a method for each of `names`, so that they can run beside each other."""

    def add(tests):
        for name in names:
            word = re.sub(r"\W+", "_", name).strip("_").lower()

            def run(self, name=name):
                self.run_one(name)

            run.__doc__ = name
            setattr(tests, f"test_{word}", run)
        return tests

    return add
