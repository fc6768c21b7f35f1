"""What the policies of a plan have to deny and what not, held against each of them.

The attacker's sessions, issued before the cut-off, are denied; sessions that are issued later are
not, and neither are those of others, where a step says that it is about the attacker's alone.
"""

import datetime
import json
import re

from policies import Caller, denies, time

SECOND = datetime.timedelta(seconds=1)
HOUR = datetime.timedelta(hours=1)
OPTIONS = ("--policy-document", "--content", "--inline-policy")


def document_of(command, now=""):
    """The policy that a command writes; the time at which it is run is `now`."""
    argv = command["argv"]
    at = next(at for at, word in enumerate(argv) if word in OPTIONS)
    return argv[at + 1].replace("{{now}}", now)


def option(command, name):
    """The value of an option."""
    argv = command["argv"]
    joined = [word for word in argv if word.startswith(f"--{name}=")]
    return joined[0].split("=", 1)[1] if joined else argv[argv.index(f"--{name}") + 1]


def session_of(credential):
    """Account and role name of a role session."""
    found = re.fullmatch(
        r"arn:[^:]+:sts::(\d+):assumed-role/([^/]+)/.*", credential.get("principal_arn") or ""
    )
    return found.groups() if found else None


def user_of(credential):
    """Account and name of a user's credential."""
    found = re.fullmatch(
        r"arn:[^:]+:iam::(\d+):user/(?:.*/)?([^/]+)", credential.get("principal_arn") or ""
    )
    return found.groups() if found else None


class Plan:
    """A plan, with the callers whom it is about."""

    def __init__(self, plan):
        self.plan = plan
        self.cut_off, self.t0 = time(plan["cut_off"]), time(plan["t0"])
        self.steps = {step["id"]: step for step in plan["steps"]}
        self.n_held = 0

    def caller(self, credential, issued=None, user_id=None):
        """Who holds `credential`, or a session like it that was issued at another time."""
        arn = credential.get("principal_arn") or ""
        role = session_of(credential)
        if role:
            partition = arn.split(":")[1]
            arn = self.role_arns().get(role, f"arn:{partition}:iam::{role[0]}:role/{role[1]}")
        if credential["is_long_term"] and issued is None:
            return Caller(arn, credential["principal_id"])
        created = credential.get("created")
        issued = issued or (time(created) if created else self.t0)
        return Caller(arn, user_id or credential["principal_id"], issued)

    def role_arns(self):
        """ARNs with their paths, as the organization's policies name them."""
        found = {}
        for step in self.plan["steps"]:
            if step["id"].startswith("create_policy/") and step.get("command"):
                text = document_of(step["command"])
                for arn in re.findall(r'"(arn:[^"]+:role/[^"*]+)"', text):
                    parts = arn.split(":", 5)
                    found[parts[4], arn.rsplit("/", 1)[-1]] = arn
        return found

    def of_role(self, account, role):
        mine = [one for one in self.plan["credentials"] if session_of(one) == (account, role)]
        assert mine, f"no session of {role}"
        return mine

    def want(self, is_denied, document, caller, why, **call):
        assert denies(document, caller, **call) == is_denied, (why, caller, document)
        self.n_held += 1

    def hold(self):
        """Holds every policy of the plan that denies sessions."""
        checks = {
            "revoke/": self.revoke, "revoke_narrow/": self.revoke, "revoke_again/": self.again,
            "revoke_again_narrow/": self.again, "revoke_again_reserved/": self.again,
            "deny_role/": self.deny_role, "revoke_reserved/": self.revoke,
            "revoke_tokens/": self.tokens, "revoke_again_tokens/": self.tokens_again, "close_way/": self.close_way,
        }
        for step in self.plan["steps"]:
            begin = step["id"].split("/", 1)[0] + "/"
            if begin in checks and step.get("command"):
                checks[begin](step)
        self.organization()
        return self.n_held

    def revoke(self, step):
        _, account, role = step["id"].split("/")
        document = document_of(step["command"])
        is_narrow = not step["id"].startswith("revoke/")
        for credential in self.of_role(account, role.split("#")[0]):
            self.want(True, document, self.caller(credential), "the attacker's session")
            last = self.caller(credential, self.cut_off - SECOND)
            self.want(True, document, last, "issued in the last second before the cut-off")
            for issued in (self.cut_off, self.cut_off + HOUR):
                newer = self.caller(credential, issued)
                self.want(False, document, newer, "a newer session")
            other = self.caller(credential, self.t0, self.somebody_else(credential))
            self.want(not is_narrow, document, other, "a session of somebody else")

    def somebody_else(self, credential):
        return credential["principal_id"].split(":")[0] + ":somebody-else"

    def again(self, step):
        """The second round, an hour later."""
        later = self.cut_off + HOUR
        _, account, role = step["id"].split("/")
        document = document_of(step["command"], later.strftime("%Y-%m-%dT%H:%M:%SZ"))
        (undo,) = step["undo"]
        for credential in self.of_role(account, role.split("#")[0]):
            self.want(True, document, self.caller(credential), "the attacker's session")
            spread = self.caller(credential, self.cut_off + SECOND)
            self.want(True, document, spread, "issued while the first round spread")
            self.want(False, document, self.caller(credential, later), "a newer session")
            self.want(True, document_of(undo), self.caller(credential), "after going back")
            self.want(False, document_of(undo), spread, "after going back")

    def deny_role(self, step):
        _, account, role = step["id"].split("/")
        document = document_of(step["command"])
        for credential in self.of_role(account, role.split("#")[0]):
            newer = self.caller(credential, self.cut_off + HOUR)
            self.want(True, document, newer, "a newer session, in the strongest variant")

    def tokens(self, step):
        _, account, user = step["id"].split("/")
        document = document_of(step["command"])
        arn = f"arn:aws:iam::{account}:user/{user}"
        key = Caller(arn, "AIDAEXAMPLEEXAMPLE123")
        self.want(False, document, key, "a long-term key of the user")
        for seconds, is_denied in ((-1, True), (0, False), (1, False)):
            issued = self.cut_off + seconds * SECOND
            self.want(is_denied, document, Caller(arn, key.user_id, issued), "a token of the user")

    def tokens_again(self, step):
        """The second round against tokens, an hour later."""
        later = self.cut_off + HOUR
        _, account, user = step["id"].split("/")
        document = document_of(step["command"], later.strftime("%Y-%m-%dT%H:%M:%SZ"))
        (undo,) = step["undo"]
        arn = f"arn:aws:iam::{account}:user/{user}"
        self.want(False, document, Caller(arn, "AIDAEXAMPLEEXAMPLE123"), "a long-term key")
        spread = Caller(arn, "AIDAEXAMPLEEXAMPLE123", self.cut_off + SECOND)
        self.want(True, document, spread, "a token of before the key was stopped everywhere")
        self.want(False, document, Caller(arn, spread.user_id, later), "a newer token")
        self.want(False, document_of(undo), spread, "after going back")

    def close_way(self, step):
        document = document_of(step["command"])
        (statement,) = json.loads(document)["Statement"]
        (action,), (target,) = statement["Action"], statement["Resource"]
        caller = Caller("arn:aws:iam::111122223333:role/any", "AROAEXAMPLEEXAMPLE123:any")
        self.want(True, document, caller, "the way", action=action, resource=target)
        # Which root user a session is for is no resource; every other way leads to one role.
        if action != "sts:AssumeRoot":
            self.want(False, document, caller, "another way", action=action, resource=target + "x")
        self.want(False, document, caller, "another call", resource=target)

    def organization(self):
        """Whatever of the chain lies in an account that the policies are attached to."""
        made = [step for id, step in self.steps.items() if id.startswith("create_policy/")]
        documents = [document_of(step["command"]) for step in made]
        attached = {id.rsplit("/", 1)[-1] for id in self.steps if id.startswith("attach_policy/")}
        reach = lambda caller: any(denies(document, caller) for document in documents)
        for credential in self.plan["credentials"]:
            if credential["account_id"] not in attached or not credential.get("principal_arn"):
                continue
            if "AWSServiceRoleFor" in credential["principal_arn"]:
                continue
            self.n_held += 2
            assert reach(self.caller(credential)), ("not contained", credential)
            newer = self.caller(credential, self.cut_off)
            assert not reach(newer), ("a newer session is contained", credential)
            if "AWSReservedSSO_" in credential["principal_arn"]:
                other = self.caller(credential, self.t0, self.somebody_else(credential))
                assert not reach(other), ("somebody else with the permission set", other)
        for account in attached:
            stranger = Caller(f"arn:aws:iam::{account}:role/bystander", "AROABYSTANDER:x", self.t0)
            assert not reach(stranger), ("somebody else in the account", stranger)
            self.n_held += 1
