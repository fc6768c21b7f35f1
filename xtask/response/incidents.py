"""Incidents whose whole plans are run: a log for each, and what exists and is in no log."""

import json
import pathlib
import re
from dataclasses import dataclass

import root
from endpoint import MANAGEMENT
from harness import ENDPOINT, FIXTURES, FOLDER

NO_CREDENTIALS = "iam list-service-specific-credentials"
NO_STATUS = "sso-admin list-permission-set-provisioning-status"
# When the second round is run.
LATER = "2026-03-10T09:00:00Z"
MERGE = re.compile("add the statement (.*) to the policy of the preview")


@dataclass
class Incident:
    """A log, and whoever responds to it."""

    log: str
    # Makes what no log holds, and gives what whoever responds knows beside the previews.
    setting: object = None
    # Begins of the ids of steps for which there is nothing to do in these accounts.
    idle: tuple = ()
    # What moto 5.2.5 does not implement, beside the lookup of events.
    missing: tuple = ()
    # Names of the log, and others in their place.
    renamed: tuple = ()

    @property
    def unsupported(self):
        return {"cloudtrail lookup-events", *self.missing}

    @property
    def path(self):
        path = FIXTURES / f"{self.log}.jsonl"
        if not self.renamed:
            return path
        text = path.read_text()
        for old, new in self.renamed:
            text = text.replace(old, new)
        renamed = pathlib.Path(FOLDER.name) / "renamed.jsonl"
        renamed.write_text(text)
        return renamed


def directory(plan, inline=None):
    """The person, permission set, assignment and group of the log from Identity Center."""
    admin, store = (ENDPOINT.client(MANAGEMENT, name) for name in ("sso-admin", "identitystore"))
    (instance,) = admin.list_instances()["Instances"]
    arn, store_id = instance["InstanceArn"], instance["IdentityStoreId"]
    person = store.create_user(
        IdentityStoreId=store_id, UserName="ana@example.com", DisplayName="Ana",
        Name={"GivenName": "Ana", "FamilyName": "A"},
    )["UserId"]
    made = admin.create_permission_set(InstanceArn=arn, Name="Developer")["PermissionSet"]
    set_arn = made["PermissionSetArn"]
    admin.provision_permission_set(
        InstanceArn=arn, PermissionSetArn=set_arn, TargetType="ALL_PROVISIONED_ACCOUNTS"
    )
    for account in plan["accounts"][:2]:
        admin.create_account_assignment(
            InstanceArn=arn, TargetId=account, TargetType="AWS_ACCOUNT", PermissionSetArn=set_arn,
            PrincipalType="USER", PrincipalId=person,
        )
    group = store.create_group(IdentityStoreId=store_id, DisplayName="Developers")["GroupId"]
    store.create_group_membership(
        IdentityStoreId=store_id, GroupId=group, MemberId={"UserId": person}
    )
    if inline:
        admin.put_inline_policy_to_permission_set(
            InstanceArn=arn, PermissionSetArn=set_arn, InlinePolicy=inline
        )
    return {
        "PERMISSION_SET_ARN": lambda _: set_arn,
        "MERGED_POLICY": lambda preview: merged(plan, preview),
        "MERGED_POLICY_AGAIN": lambda preview: preview.strip().replace(plan["cut_off"], LATER),
        # Kept from the steps that took them away, when there is none to be seen any more.
        "TARGET_ID": lambda preview: preview.split("\t")[0].strip() or plan["accounts"][0],
        "GROUP_ID": lambda preview: kept_group(preview) or group,
    }


def kept_group(preview):
    memberships = json.loads(preview)["GroupMemberships"]
    return memberships[0]["GroupId"] if memberships else None


OWN = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})


def directory_with_policy(plan):
    """The same, with a permission set that has an inline policy."""
    return directory(plan, OWN)


def merged(plan, preview):
    """The policy of `preview` with the statement that the step names, as a person puts it in."""
    step = next(step for step in plan["steps"] if step["id"].startswith("merge_reserved/"))
    policy, statement = json.loads(preview), json.loads(MERGE.search(step["why"]).group(1))
    if statement["Sid"] in [one.get("Sid") for one in policy["Statement"]]:
        return preview.strip()
    policy["Statement"].append(statement)
    return json.dumps(policy)


def member_account(plan):
    """Root of the account, with everything that it may have, in an organization that can reach it."""
    root.make(next(account for account in plan["accounts"]))
    return {}


INCIDENTS = {
    "leaked key, chain over accounts, the user Bob": Incident(
        "role_chaining/fires_leaked_key_to_the_user_bob", idle=("empty_user/",),
        missing=(NO_CREDENTIALS,)),
    "names that look like options": Incident(
        "role_chaining/fires_leaked_key_to_the_user_bob", idle=("empty_user/",),
        missing=(NO_CREDENTIALS,),
        renamed=(("Bob", "-rf"), ("prod-admin", "--query=a,b@c.d+e"),
                 ("staging-deployer", "n" * 64), ("publisher", "-"))),
    "instance": Incident(
        "instance_credential_exfiltration/fires_high_on_the_usual_call_away_from_a_known_address"),
    "federation token": Incident(
        "federation_token_persistence/fires_on_a_token_that_survives_its_key",
        idle=("deactivate_key/222233334444/AKIATGPUBLISHEXAMPLE",)),
    "juggling by one role": Incident("role_juggling/fires_on_a_role_that_renews_itself"),
    "Identity Center": Incident(
        "role_chaining/fires_on_a_chain_from_identity_center", directory,
        idle=("merge_reserved/", "revoke_again_merged/", "lift/merge_reserved/"),
        missing=(NO_STATUS,)),
    "Identity Center, permission set with a policy": Incident(
        "role_chaining/fires_on_a_chain_from_identity_center", directory_with_policy,
        idle=("revoke_reserved/", "revoke_again_reserved/", "lift/revoke_reserved/"),
        missing=(NO_STATUS,)),
    "foreign account": Incident(
        "role_chaining/fires_on_a_foreign_account_that_comes_in_and_goes_on"),
    "session of root": Incident("role_chaining/fires_on_a_session_of_root"),
    "key of root": Incident(
        "long_term_key_persistence/fires_on_a_key_of_root", member_account,
        idle=("empty_user/",), missing=(NO_CREDENTIALS,)),
    "function": Incident("chain_to_persistence/fires_on_a_function_with_a_permission_for_anybody"),
    "password": Incident(
        "chain_to_persistence/fires_on_a_password_and_follows_it_to_the_console"),
    "console": Incident("role_chaining/fires_on_a_user_of_the_console"),
    "SAML": Incident("role_chaining/fires_on_a_person_of_a_saml_provider"),
    "OIDC": Incident("role_chaining/fires_on_a_pipeline_with_a_web_identity"),
    "pod with a service account": Incident(
        "role_chaining/fires_on_a_pod_with_a_service_account"),
    "pod with Pod Identity": Incident(
        "role_chaining/fires_on_a_pod_that_climbs",
        missing=("eks list-pod-identity-associations",)),
    "task": Incident("role_chaining/fires_on_a_task_that_climbs"),
    "function that climbs": Incident("role_chaining/fires_on_a_function_that_climbs"),
    "Roles Anywhere": Incident(
        "role_chaining/fires_on_a_machine_with_a_certificate",
        missing=("rolesanywhere list-trust-anchors",)),
}
