"""Runs the steps of a plan, one after the other, and sees that each does what it says."""

import datetime
import json
import re
import shlex
import subprocess
from dataclasses import dataclass, field

from aws_cli import Ran
from endpoint import MANAGEMENT

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
CLOCK = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
ASSOCIATION = re.compile(r"iip-assoc-[0-9a-f]{17}")


class Fault(AssertionError):
    """A step that does not do what it says."""


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
    known: set = field(default_factory=set)


def preview_columns(preview):
    """The lines of a preview, each split at its tabs."""
    return [line.split("\t") for line in preview.strip().split("\n")]


def earlier_version(preview):
    return next(line[0] for line in preview_columns(preview) if line[1] == "False")


def present_version(preview):
    return next(line[0] for line in preview_columns(preview) if line[1] == "True")


def statement_of(preview):
    return json.loads(preview)["Statement"][-1]["Sid"]


def of_statement(name):
    def of(preview):
        value = json.loads(preview)["Statement"][-1][name]
        return value if isinstance(value, str) else next(iter(value.values()))

    return of


def without_ours(preview):
    """The policy of `preview` without statements that a plan added."""
    policy = json.loads(preview)
    ours = [one for one in policy["Statement"] if one.get("Sid", "").startswith("Rolecall")]
    if not ours:
        return preview.strip()
    policy["Statement"] = [one for one in policy["Statement"] if one not in ours]
    return json.dumps(policy)


def member(*path):
    def of(preview):
        value = json.loads(preview)
        for name in path:
            value = value[name]
        return value if isinstance(value, str) else json.dumps(value)

    return of


def given(value):
    return lambda _preview: value


# What a person would give for each variable, who has nothing but the step and its preview.
PERSON = {
    "NEW_PASSWORD": given("Another-long-one-2"),
    "TRUST_POLICY": lambda preview: preview,
    "POLICY": lambda preview: preview.strip(),
    "ROLE_NAME": lambda preview: preview.strip(),
    "SECONDS": lambda preview: preview.strip(),
    "VERSION_ID": earlier_version,
    "BAD_VERSION_ID": present_version,
    "VERSION": earlier_version,
    "BAD_VERSION": present_version,
    "STATEMENT_ID": statement_of,
    "LABEL": statement_of,
    "ACTION": of_statement("Action"),
    "PRINCIPAL": of_statement("Principal"),
    "GRANT_ID": lambda preview: preview_columns(preview)[0][0],
    "SAML_METADATA": lambda preview: preview.strip(),
    "CLIENT_ID": member("ClientIDList", 0),
    "THUMBPRINT": member("ThumbprintList", 0),
    "ACL": lambda preview: preview,
    "REPLICATION": lambda preview: preview,
    "SECURITY_GROUP_ID": lambda preview: preview_columns(preview)[0][0],
    "INSTANCE_PROFILE_ARN": lambda preview: preview_columns(preview)[0][2],
    # Whoever narrows a trust policy lets services in alone here.
    "NEW_TRUST_POLICY": given(
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",'
        '"Principal":{"Service":"ec2.amazonaws.com"}}]}'
    ),
    "ECS_SERVICE": lambda preview: preview.strip().removeprefix("service:"),
    "DESIRED_COUNT": given("1"),
    "TARGET_ID": lambda preview: preview_columns(preview)[0][0],
    "PERMISSION_SET_ARN": lambda preview: preview_columns(preview)[0][1],
    "GROUP_ID": member("GroupMemberships", 0, "GroupId"),
    "POLICY_BEFORE": lambda preview: without_ours(preview),
    "TRUST_ANCHOR_ID": given("1234abcd-12ab-34cd-56ef-1234567890ab"),
    "EKS_CLUSTER": given("work"),
    "ECS_CLUSTER": given("work"),
    "ASSOCIATION_ID": member("associations", 0, "associationId"),
    "PRINCIPAL_TYPE": given("USER"),
    "AUTH_TYPE": member("AuthType"),
    "KEY_STATUS": lambda preview: preview.strip(),
}


class Runner:
    """Runs commands with the credentials of whoever responds."""

    def __init__(self, endpoint, cli, shell, person=None, known=(), skips=lambda step: False):
        self.endpoint = endpoint
        # Begins of the ids of steps that are known not to do what they say.
        self.known = known
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
            except Fault:
                kinds = [begin for begin in self.known if step["id"].startswith(begin)]
                if not kinds:
                    raise
                self.count.known.update(kinds)

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
        return "1" if variable in ("SECONDS", "DESIRED_COUNT") else UNKNOWN

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


class Shell:
    """Runs the shell text of commands with an `aws` that only writes down its arguments."""

    def __init__(self, folder):
        self.folder = folder
        self.record = folder / "arguments"
        self.answers = folder / "answers"
        self.answers.mkdir()
        stub = folder / "aws"
        # A command inside another answers with what the endpoint gave for it.
        stub.write_text(
            "#!/bin/sh\n"
            'name="$ANSWERS/$(printf "%s\\0" "$@" | cksum | tr " " -)"\n'
            '[ -f "$name" ] && exec cat "$name"\n'
            'printf "%s\\0" "$@" > "$RECORD"\n'
        )
        stub.chmod(0o755)
        self.count = 0

    def same(self, command, argv, asked, moment):
        """Fails unless a shell makes `argv` of the text of `command`.

        `asked` are the commands in it with what they gave; `moment` is the time that was filled in
        and the variables that were set.
        """
        time, environment = moment
        self.record.unlink(missing_ok=True)
        for answer in self.answers.iterdir():
            answer.unlink()
        for inner, value in asked:
            self.answer(inner, value)
        variables = {"PATH": f"{self.folder}:/usr/bin:/bin", "RECORD": str(self.record)}
        variables |= {"ANSWERS": str(self.answers), "LC_ALL": "C.UTF-8", **environment}
        ran = subprocess.run(
            ["sh", "-c", command["shell"]], env=variables, capture_output=True, text=True
        )
        if ran.returncode or not self.record.exists():
            raise Fault(f"the shell does not run `{command['shell']}`: {ran.stderr}")
        heard = self.record.read_bytes().decode().split("\0")[:-1]
        # The shell's own clock fills in the time.
        wanted = [argument.replace(time, "TIME") for argument in argv[1:]]
        dated = any("{{now}}" in argument for argument in command["argv"])
        heard = [CLOCK.sub("TIME", word) if dated else word for word in heard]
        wanted = [CLOCK.sub("TIME", word) if dated else word for word in wanted]
        if heard != wanted:
            raise Fault(f"a shell makes {heard} of `{command['shell']}`, not {wanted}")
        self.count += 1

    def answer(self, argv, text):
        data = b"".join(word.encode() + b"\0" for word in argv[1:])
        summed = subprocess.run(["cksum"], input=data, capture_output=True).stdout.decode()
        (self.answers / summed.strip().replace(" ", "-")).write_text(text + "\n")
