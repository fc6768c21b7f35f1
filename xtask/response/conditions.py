"""Lets moto evaluate the conditions of denies, and refuse keys that are inactive.

Moto knows neither when a session was issued nor whether a key is inactive, and takes a condition
that it cannot check for a refusal. So a statement whose conditions do not hold is left out before
moto sees it, and one whose conditions hold is seen without them.
"""

import datetime
import json

from policies import Caller, holds

# When sessions were issued, by key. Those that are not in it were issued just now.
ISSUED = {}


def settled(document, caller):
    """`document` without conditions: denies that are not about `caller` are left out."""
    policy = json.loads(document)
    kept = []
    for statement in policy["Statement"]:
        lines = [
            holds(operator, key, wanted, caller)
            for operator, keys in statement.pop("Condition", {}).items()
            for key, wanted in keys.items()
        ]
        if all(lines):
            kept.append(statement)
    return json.dumps({**policy, "Statement": kept})


def caller_of(key):
    """Who holds a session's key."""
    role = key.backend.get_role(key._owner_role_name)
    issued = ISSUED.get(key._access_key_id) or datetime.datetime.now(datetime.timezone.utc)
    return Caller(role.arn, f"{role.id}:{key._session_name}", issued)


def teach(access_control):
    """Adds both to moto's access control."""
    sessions, users = access_control.AssumedRoleAccessKey, access_control.IAMUserAccessKey
    collect, begin = sessions.collect_policies, users.__init__

    def collected(self):
        caller = caller_of(self)
        return [settled(policy, caller) if isinstance(policy, str) else policy
                for policy in collect(self)]

    def begun(self, *arguments, **named):
        begin(self, *arguments, **named)
        if self.backend.access_keys[self._access_key_id].status == "Inactive":
            raise access_control.CreateAccessKeyFailure(reason="InvalidId")

    sessions.collect_policies, users.__init__ = collected, begun
