"""Says whom a policy of a plan denies: IAM's evaluation, for what plans write and nothing else.

Moto evaluates neither `aws:TokenIssueTime` nor most other conditions. Sources: IAM user guide,
"IAM JSON policy elements: Condition operators" (operators with several keys and values, `IfExists`,
`ArnLike`) and "AWS global condition context keys". Whatever no plan writes is refused, so that a
policy which is not understood is not taken for a deny.
"""

import datetime
import json
import re
from dataclasses import dataclass, field


class Unknown(Exception):
    """Something that no plan writes."""


@dataclass(frozen=True)
class Caller:
    """Who makes a call; what a request lacks is None."""

    # aws:PrincipalArn, which for a session is the ARN of its role.
    arn: str
    # aws:userid: of a session the role's unique id and the session's name.
    user_id: str
    # aws:TokenIssueTime, which long-term keys lack.
    issued: datetime.datetime = None
    # identitystore:userId, which people of Identity Center have.
    person: str = None
    context: dict = field(init=False, compare=False, hash=False)

    def __post_init__(self):
        keys = {
            "aws:principalarn": self.arn, "aws:userid": self.user_id,
            "aws:tokenissuetime": self.issued, "identitystore:userid": self.person,
        }
        object.__setattr__(self, "context", {k: v for k, v in keys.items() if v is not None})


def time(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def many(value):
    return value if isinstance(value, list) else [value]


def like(pattern, text):
    """Whether `text` is as `pattern` with its wildcards says."""
    parts = re.split(r"([*?])", pattern)
    parts = [{"*": ".*", "?": "."}.get(part, re.escape(part)) for part in parts]
    return re.fullmatch("".join(parts), text, re.DOTALL) is not None


def arn_like(pattern, arn):
    """The same for ARNs, each of whose six components is matched on its own."""
    patterns, parts = pattern.split(":", 5), arn.split(":", 5)
    return len(patterns) == len(parts) == 6 and all(map(like, patterns, parts))


OPERATORS = {
    "DateLessThan": lambda wanted, found: found < time(wanted),
    "StringEquals": lambda wanted, found: found == wanted,
    "ArnLike": arn_like,
}
ELEMENTS = {"Sid", "Effect", "Action", "Resource", "Condition"}


def holds(operator, key, wanted, caller):
    """Whether one line of a condition holds."""
    plain = operator.removesuffix("IfExists")
    if plain not in OPERATORS:
        raise Unknown(operator)
    known = {"aws:principalarn", "aws:userid", "aws:tokenissuetime", "identitystore:userid"}
    if key.lower() not in known:
        raise Unknown(key)
    if key.lower() not in caller.context:
        return operator.endswith("IfExists")
    found = caller.context[key.lower()]
    return any(OPERATORS[plain](value, found) for value in many(wanted))


def denies(document, caller, action="s3:ListAllMyBuckets", resource="*"):
    """Whether a statement of `document` denies `caller` the action."""
    policy = json.loads(document) if isinstance(document, str) else document
    assert policy["Version"] == "2012-10-17", policy
    is_denied = False
    for statement in policy["Statement"]:
        if not set(statement) <= ELEMENTS:
            raise Unknown(set(statement) - ELEMENTS)
        if statement["Effect"] != "Deny":
            raise Unknown(statement["Effect"])
        actions = [one.lower() for one in many(statement["Action"])]
        is_about = any(like(one, action.lower()) for one in actions) and any(
            like(one, resource) for one in many(statement["Resource"])
        )
        lines = [
            holds(operator, key, wanted, caller)
            for operator, keys in statement.get("Condition", {}).items()
            for key, wanted in keys.items()
        ]
        is_denied |= is_about and all(lines)
    return is_denied
