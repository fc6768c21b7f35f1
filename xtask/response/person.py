"""What whoever responds says for each variable, with nothing but the step and its preview."""

import json


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
    "SECURITY_GROUP_IDS": lambda preview: preview.strip(),
    "INSTANCE_PROFILE_ARN": lambda preview: preview_columns(preview)[0][2],
    # Whoever narrows a trust policy lets services in alone here.
    "NEW_TRUST_POLICY": given(
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",'
        '"Principal":{"Service":"ec2.amazonaws.com"}}]}'
    ),
    "HTTP_TOKENS": lambda preview: preview_columns(preview)[0][0],
    "HOP_LIMIT": lambda preview: preview_columns(preview)[0][1],
    "ECS_SERVICE": given("orders"),
    # Kept from the step that stopped the service.
    "DESIRED_COUNT": lambda preview: preview_columns(preview)[0][1] if preview.strip() else "1",
    "TRUST_POLICY_OF_TEMPLATE": given(
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",'
        '"Principal":{"Service":"lambda.amazonaws.com"}}]}'
    ),
    "TARGET_ID": lambda preview: preview_columns(preview)[0][0],
    "PERMISSION_SET_ARN": lambda preview: preview_columns(preview)[0][1],
    "GROUP_ID": member("GroupMemberships", 0, "GroupId"),
    "POLICY_BEFORE": lambda preview: without_ours(preview),
    "POLICY_OF_FIRST_ROUND": lambda preview: preview.strip(),
    "TRUST_ANCHOR_ID": given("1234abcd-12ab-34cd-56ef-1234567890ab"),
    "EKS_CLUSTER": given("work"),
    "ECS_CLUSTER": given("work"),
    "ASSOCIATION_ID": member("associations", 0, "associationId"),
    "PRINCIPAL_TYPE": given("USER"),
    "AUTH_TYPE": member("AuthType"),
}
