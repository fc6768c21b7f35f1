"""A root user, which moto does not know: a user of the account stands for it.

Calls of IAM without a user's name are about whoever calls. The plan makes them with a session of
root, which the CLI gets from a process: here a stub that answers as STS does, by the credentials of
the account's operator, and lets the CLI's own query shape the answer.
"""

import json
import os
import sys

STAND_IN = "root-stands-for-it"


def make(account):
    """Root of `account`, with a password, a key, a certificate and an MFA device."""
    import settings
    from harness import ENDPOINT, FOLDER, TOOLS

    iam = ENDPOINT.iam(account)
    iam.create_user(ENDPOINT.region, STAND_IN, "/", [])
    iam.create_login_profile(STAND_IN, "Long-enough-1")
    for _ in range(2):
        iam.create_access_key(STAND_IN)
    client = ENDPOINT.client(account, "iam")
    settings.certificate_of(client, STAND_IN)
    settings.mfa_of(client, STAND_IN)
    key, secret = ENDPOINT.operator(account)
    answer = {
        "Credentials": {
            "AccessKeyId": key, "SecretAccessKey": secret, "SessionToken": "EXAMPLE",
            "Expiration": "2099-01-01T00:00:00Z",
        },
        "SourceIdentity": "Responder",
    }
    folder = f"{FOLDER.name}/roots"
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/{account}.json", "w") as file:
        json.dump(answer, file)
    stub = TOOLS / "aws"
    stub.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{__file__}" "{folder}" "$@"\n')
    stub.chmod(0o755)


def named(get_param, self, name, *default):
    """What `name` is in a request; the user's name, where there is none, is that of root."""
    value = get_param(self, name, *default)
    is_about_root = name == "UserName" and not value and STAND_IN in self.backend.users
    return STAND_IN if is_about_root else value


def features(self):
    """The answer of ListOrganizationsFeatures, where centralized root access is enabled."""
    from moto.core.responses import ActionResult

    enabled = ["RootCredentialsManagement", "RootSessions"]
    return ActionResult({"OrganizationId": "o-exampleorg", "EnabledFeatures": enabled})


def teach(responses):
    """Adds both to moto's answers for IAM."""
    get_param = responses._get_param
    responses._get_param = lambda self, name, *rest: named(get_param, self, name, *rest)
    responses.list_organizations_features = features


def answer(folder, arguments):
    """Prints what STS answers, as the CLI prints it."""
    import jmespath

    given = dict(zip(arguments[2::2], arguments[3::2]))
    account = given["--target-principal"]
    assert arguments[:2] == ["sts", "assume-root"], arguments
    assert given["--task-policy-arn"] == (
        "arn=arn:aws:iam::aws:policy/root-task/IAMDeleteRootUserCredentials"), arguments
    assert given["--region"] and given["--output"] == "json", arguments
    with open(f"{folder}/{account}.json") as file:
        print(json.dumps(jmespath.search(given["--query"], json.load(file))))


if __name__ == "__main__":
    answer(sys.argv[1], sys.argv[2:])
