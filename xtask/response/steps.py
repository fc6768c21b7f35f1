"""Runs the steps of a plan, one after the other, and sees that each does what it says."""

import datetime
import json
import re
import shlex
from dataclasses import dataclass, field

from aws_cli import Ran
from endpoint import MANAGEMENT
from person import PERSON
from shell import CLOCK, Fault

# Times and unique ids that are another when something was deleted and made again.
MADE_ANEW = {
    "CreateDate", "UserId", "GroupId", "RoleId", "CreationTime", "LastModifiedTime", "FunctionUrl",
    "MembershipId",
}
# What a command of the CLI says that is not one: it is never sent.
MISUSED = re.compile(
    "Parameter validation failed|Error parsing parameter|Unknown options|Invalid choice|"
    "following arguments are required|Invalid JSON|Bad value for --query"
)
# In the place of a value that nobody tells, where a command is only read.
UNKNOWN = "00000000-0000-4000-8000-000000000000"
ASSOCIATION = re.compile(r"iip-assoc-[0-9a-f]{17}")


class Unsupported(Exception):
    """A command that the endpoint does not implement."""


@dataclass
class Count:
    """What was run."""

    steps: int = 0
    commands: int = 0
    previews: int = 0
    checks: int = 0
    undone: int = 0
    parsed: int = 0
    irreversible: list = field(default_factory=list)
    # Ids of steps for which there was nothing to do.
    idle: list = field(default_factory=list)
    skipped: list = field(default_factory=list)
    unsupported: dict = field(default_factory=dict)


class Runner:
    """Runs commands with the credentials of whoever responds."""

    def __init__(self, endpoint, cli, shell, person=None, skips=lambda step: False):
        self.endpoint = endpoint
        # Which steps whoever responds decides to leave out.
        self.skips = skips
        self.cli = cli
        self.shell = shell
        self.person = {**PERSON, **(person or {})}
        self.count = Count()

    def run_plan(self, plan):
        """Runs every step of `plan` in order."""
        for step in plan["steps"]:
            if self.skips(step):
                self.count.skipped.append(step["id"])
                continue
            try:
                self.run_step(step)
            except Unsupported as missing:
                self.count.unsupported[str(missing)] = step["id"]
                self.parse_step(step)

    def run_step(self, step):
        """Preview, command, check, undo, the same state as before, and the command for good."""
        own = step.get("command") or step.get("preview")
        if own is None or own["argv"][0] != "aws":
            return
        call = " ".join(own["argv"][1:3])
        if call in self.count.unsupported:
            raise Unsupported(call)
        if not self.applies(step):
            self.count.idle.append(step["id"])
            return
        preview = self.preview(step)
        if not step.get("command"):
            self.count.previews += 1
            self.by_hand(step, preview)
            return
        before = self.state(step, seen=preview) if step.get("undo") else ""
        self.do(step, preview)
        self.check(step, preview)
        if step.get("undo"):
            for kept in self.pieces(step, preview):
                for undo in step["undo"]:
                    self.command(step, undo, kept)
            after = self.state(step, told=preview)
            # What is set on the computer of whoever responds is no state of the accounts.
            is_local = step["command"]["argv"][1] == "configure"
            if not is_local and not is_back(before, after, step["undo"]):
                # What follows is about accounts in which the step was done.
                self.do(step, preview)
                raise Fault(f"{step['id']}: the undo leaves\n{after}\nand before it was\n{before}")
            self.count.undone += 1
            # For good: what it gives was checked already.
            self.do(step, preview)
        else:
            self.count.irreversible.append(step["id"])
        self.count.steps += 1

    def pieces(self, step, preview):
        """The preview, or each line of it where the undo is run once for each."""
        is_table = step.get("repeats") and "\t" in preview
        return preview.strip().split("\n") if is_table else [preview]

    def do(self, step, preview):
        """Runs the command, as often as the step says."""
        self.command(step, step["command"], preview)
        for _ in range(25):
            if not step.get("repeats") or not self.applies(step):
                break
            self.command(step, step["command"], preview)

    def by_hand(self, step, preview):
        """A step without a command: its check holds when somebody has done it."""
        if not step.get("check"):
            return
        ran = self.run(step, step["check"]["command"], preview)
        if MISUSED.search(ran.err):
            raise Fault(f"{step['id']}: the check is no command: {ran.err.strip()}")

    def applies(self, step):
        """Whether there is anything to do, as the step's precondition tells."""
        needed = step.get("precondition")
        if not needed:
            return True
        ran = self.run(step, needed["command"], "")
        expect = needed["expect"]
        is_answer = ran.code == 0 or re.search("NotFound|NoSuch", ran.err)
        if not is_answer:
            raise Fault(f"{step['id']}: the precondition fails: {ran.err.strip()}")
        return {
            "equals": ran.code == 0 and ran.out.rstrip("\n") == expect["value"],
            "contains": ran.code == 0 and expect["value"] in ran.out,
        }[expect["kind"]]

    def parse_step(self, step):
        """Lets the CLI read every command of a step that the endpoint cannot run."""
        checks = [step.get(name) for name in ("precondition", "check")]
        commands = [check["command"] for check in checks if check]
        commands += [step.get("preview"), step.get("command"), *step.get("undo", [])]
        for command in filter(None, commands):
            if command["argv"][0] != "aws":
                continue
            ran = self.run(step, command, None, is_parsed=True)
            if MISUSED.search(ran.err):
                raise Fault(f"{step['id']}: `{command['shell']}` is no command: {ran.err.strip()}")
            self.count.parsed += 1

    def preview(self, step):
        """What a person sees before."""
        if not step.get("preview"):
            return ""
        return self.command(step, step["preview"], "").out

    def command(self, step, command, preview):
        """Runs a command that has to succeed."""
        ran = self.run(step, command, preview)
        if ran.code != 0:
            line = shlex.join(command["argv"])
            raise Fault(f"{step['id']}: `{line}` exits with {ran.code}: {ran.err.strip()}")
        self.count.commands += 1
        return ran

    def state(self, step, seen=None, told=None):
        """What can be read about what the step changes.

        `seen` is what the preview gave just now, `told` what whoever responds kept of it.
        """
        reads = [step.get("preview"), (step.get("check") or {}).get("command")]
        state = []
        for read in filter(None, reads):
            if seen is not None and read is step.get("preview"):
                ran = Ran(0, seen, "")
            else:
                ran = self.run(step, read, told if seen is None else seen)
            text = ASSOCIATION.sub("iip-assoc-", ran.out or ran.err).strip()
            state.append(f"{ran.code} {normal(text)}")
        return "\n".join(state)

    def check(self, step, preview):
        """Runs the check and compares what it gives with what the plan expects."""
        if not step.get("check"):
            return
        ran = self.run(step, step["check"]["command"], preview)
        expect = step["check"]["expect"]
        kind, value = expect["kind"], expect["value"]
        # A read call that finds nothing is an answer to whether something is gone.
        finds_nothing = kind == "lacks" and re.search("NotFound|NoSuch", ran.err)
        if kind != "fails" and ran.code != 0 and not finds_nothing:
            raise Fault(f"{step['id']}: the check fails: {ran.err.strip()}")
        holds = {
            "equals": ran.out.rstrip("\n") == value,
            "contains": value in ran.out,
            "lacks": value not in ran.out,
            "fails": ran.code != 0 and f"({value}" in ran.err,
        }
        if not holds[kind]:
            raise Fault(f"{step['id']}: the check gives {ran.out!r} {ran.err!r}, not {expect}")
        self.count.checks += 1

    def run(self, step, command, preview, is_parsed=False):
        """Runs a command with the account of its step and its markers filled in.

        One that is only to be read by the CLI gets something in the place of what nobody tells.
        """
        variables = self.endpoint.variables(
            step.get("account_id") or MANAGEMENT, step.get("region")
        )
        values = {"{{now}}": now()}
        environment = {}
        asked = []
        for given in command.get("inputs", []):
            if given.get("argv"):
                argv = [filled(argument, values) for argument in given["argv"]]
                value = self.cli_run(argv, variables, is_parsed).out.rstrip("\n")
                asked.append((argv, value or UNKNOWN if is_parsed else value))
                values[given["marker"]] = asked[-1][1]
            else:
                value = self.told(given["variable"], preview, is_parsed)
                values[given["marker"]] = environment[given["variable"]] = value
        argv = [filled(argument, values) for argument in command["argv"]]
        self.shell.same(command, argv, asked, (values["{{now}}"], environment))
        return self.cli_run(argv, variables, is_parsed)

    def told(self, variable, preview, is_parsed):
        """What a person says for `variable`."""
        if not is_parsed:
            return self.person[variable](preview)
        return "1" if variable in ("SECONDS", "DESIRED_COUNT", "HOP_LIMIT") else UNKNOWN

    def cli_run(self, argv, variables, is_parsed=False):
        self.endpoint.app.missing.clear()
        ran = self.cli.run(argv, variables)
        if self.endpoint.app.missing and not is_parsed:
            raise Unsupported(" ".join(argv[1:3]))
        return ran


def is_back(before, after, undo):
    """Whether the state is as before; what an undo dates by the clock may only be later."""
    if not any("{{now}}" in argument for command in undo for argument in command["argv"]):
        return before == after
    were, are = CLOCK.findall(before), CLOCK.findall(after)
    is_same = CLOCK.sub("TIME", before) == CLOCK.sub("TIME", after)
    return is_same and all(was <= now for was, now in zip(were, are))


def normal(text):
    """`text` without what is another when something is made anew, and in one order."""
    try:
        value = json.loads(text)
    except ValueError:
        return text

    def kept(value):
        if isinstance(value, dict):
            return {name: kept(member) for name, member in value.items() if name not in MADE_ANEW}
        return [kept(item) for item in value] if isinstance(value, list) else value

    return json.dumps(kept(value), sort_keys=True)


def now():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def filled(argument, values):
    """`argument` with its markers replaced, each once, so that no value is read as a marker."""
    pattern = "|".join(re.escape(marker) for marker in values)
    return re.sub(pattern, lambda found: values[found.group()], argument)
