"""One incident for every kind of thing that is left behind: the same chain, another last call.

The chain is that of the mission: a key of a user, a role in the user's account, an administrator
role in another account. What differs is written here as CloudTrail writes it.
"""

import copy
import json
from dataclasses import dataclass, field

KEY_ACCOUNT, ACCOUNT, STRANGER = "222233334444", "444455556666", "999988887777"
REGION = "us-east-1"
ALICE = f"arn:aws:iam::{KEY_ACCOUNT}:user/alice"
HUB = f"arn:aws:iam::{KEY_ACCOUNT}:role/deployment-hub"
ADMIN = f"arn:aws:iam::{ACCOUNT}:role/prod-admin"
INSTANCE = "i-0a1b2c3d4e5f60718"
STOLEN = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Sid": "x", "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{STRANGER}:root"},
     "Action": "*", "Resource": "*"}]})
OPEN_TRUST = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{STRANGER}:root"},
     "Action": "sts:AssumeRole"}]})
GRANTS = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "*", "Resource": "*"}]})


@dataclass
class Kind:
    """A call that leaves something behind."""

    service: str
    call: str
    request: dict
    response: dict = None
    # Calls of the account's own people before, which the log holds, too.
    before: list = field(default_factory=list)
    # What exists and is in no log.
    setting: str = ""
    # What whoever responds gives, beside what the previews tell.
    person: dict = field(default_factory=dict)


def event(number, minute, identity, service, call, request, response, account):
    return {
        "eventVersion": "1.11",
        "userIdentity": identity,
        "eventTime": f"2026-03-09T09:{minute:02}:00Z",
        "eventSource": f"{service}.amazonaws.com",
        "eventName": call,
        "awsRegion": REGION,
        "sourceIPAddress": "203.0.113.50",
        "userAgent": "aws-cli/2.17.9 md/awscrt#0.21.2 ua/2.0 os/linux#6.8 lang/python#3.11.8",
        "requestParameters": request,
        "responseElements": response,
        "requestID": f"00000000-0000-4000-8000-0000000000{number:02}",
        "eventID": f"10000000-0000-4000-8000-0000000000{number:02}",
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": account,
        "eventCategory": "Management",
    }


def user_identity(arn, key):
    account, name = arn.split(":")[4], arn.rsplit("/", 1)[-1]
    return {"type": "IAMUser", "principalId": f"AIDA{name.upper():X<17.17}", "arn": arn,
            "accountId": account, "accessKeyId": key, "userName": name}


def principal_id(role):
    name = role.rsplit("/", 1)[-1].replace("-", "").upper()
    return f"AROA{name:X<17.17}"


def session_identity(role, session, key, minute):
    account, name = role.split(":")[4], role.rsplit("/", 1)[-1]
    return {
        "type": "AssumedRole",
        "principalId": f"{principal_id(role)}:{session}",
        "arn": f"arn:aws:sts::{account}:assumed-role/{name}/{session}",
        "accountId": account,
        "accessKeyId": key,
        "sessionContext": {
            "sessionIssuer": {"type": "Role", "principalId": principal_id(role), "arn": role,
                              "accountId": account, "userName": name},
            "attributes": {"creationDate": f"2026-03-09T09:{minute:02}:00Z",
                           "mfaAuthenticated": "false"},
        },
    }


def assumption(number, minute, identity, role, session, key):
    account, name = role.split(":")[4], role.rsplit("/", 1)[-1]
    response = {
        "credentials": {"accessKeyId": key, "sessionToken": "EXAMPLE",
                        "expiration": f"Mar 9, 2026, 10:{minute:02}:00 AM"},
        "assumedRoleUser": {"assumedRoleId": f"{principal_id(role)}:{session}",
                            "arn": f"arn:aws:sts::{account}:assumed-role/{name}/{session}"},
    }
    request = {"roleArn": role, "roleSessionName": session, "durationSeconds": 3600}
    return event(number, minute, identity, "sts", "AssumeRole", request, response,
                 identity["accountId"])


def log(kind, alice=ALICE, hub=HUB, admin=ADMIN, session="alice"):
    """The log of an incident that ends with `kind`."""
    account = admin.split(":")[4]
    builder = user_identity(f"arn:aws:iam::{account}:user/builder", "AKIAQJBUILDEREXAMPLE")
    first = user_identity(alice, "AKIASFALICEXXEXAMPLE")
    second = session_identity(hub, session, "ASIASFHUBIXXXEXAMPLE", 11)
    third = session_identity(admin, session, "ASIASFADMINIXEXAMPLE", 12)
    events = [
        event(10 + at, at, builder, *call, account) for at, call in enumerate(kind.before)
    ]
    events.append(assumption(30, 11, first, hub, session, "ASIASFHUBIXXXEXAMPLE"))
    events.append(assumption(31, 12, second, admin, session, "ASIASFADMINIXEXAMPLE"))
    events.append(event(32, 13, third, kind.service, kind.call, copy.deepcopy(kind.request),
                        kind.response, account))
    return events


def user(**more):
    return {"userName": "svc-monitor", **more}


def iam(call, request, response=None, **more):
    return Kind("iam", call, request, response, **more)


ROLE = {"roleName": "reporting"}
KEY = {"accessKey": {"userName": "svc-monitor", "status": "Active",
                     "accessKeyId": "AKIASFMONITOREXAMPLE"}}
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
POLICY = f"arn:aws:iam::{ACCOUNT}:policy/work"
SAML = f"arn:aws:iam::{ACCOUNT}:saml-provider/corp"
OIDC = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.example.com"
LAMBDA_ROLE = f"arn:aws:iam::{ACCOUNT}:role/export-function"
QUEUE = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/orders"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:orders"
KMS_KEY = "1234abcd-12ab-34cd-56ef-1234567890ab"
SNAPSHOT, IMAGE = "snap-0a1b2c3d4e5f60718", "ami-0a1b2c3d4e5f60718"
TEMPLATE = "lt-0a1b2c3d4e5f60718"

KINDS = {
    "user": iam("CreateUser", user(), {"user": user()}),
    "access key": iam("CreateAccessKey", user(), KEY),
    "password": iam("CreateLoginProfile", user(), {"loginProfile": user()}),
    "service-specific credential": iam("CreateServiceSpecificCredential",
                                       user(serviceName="codecommit.amazonaws.com"),
                                       setting="user"),
    "SSH public key": iam("UploadSSHPublicKey", user(sSHPublicKeyBody="ssh-rsa AAAA")),
    "signing certificate": iam("UploadSigningCertificate", user(), setting="certificate"),
    "attached user policy": iam("AttachUserPolicy", user(policyArn=ADMINISTRATOR)),
    "attached role policy": iam("AttachRolePolicy", {**ROLE, "policyArn": ADMINISTRATOR}),
    "attached group policy": iam("AttachGroupPolicy",
                                 {"groupName": "staff", "policyArn": ADMINISTRATOR}),
    "inline user policy": iam("PutUserPolicy", user(policyName="p", policyDocument=GRANTS)),
    "inline role policy": iam("PutRolePolicy",
                              {**ROLE, "policyName": "p", "policyDocument": GRANTS}),
    "inline group policy": iam("PutGroupPolicy", {"groupName": "staff", "policyName": "p",
                                                  "policyDocument": GRANTS}),
    "inline role policy over an earlier one": iam(
        "PutRolePolicy", {**ROLE, "policyName": "p", "policyDocument": GRANTS},
        before=[("iam", "PutRolePolicy", {**ROLE, "policyName": "p", "policyDocument":
                 GRANTS.replace("*", "s3:ListBucket", 1)}, None)]),
    "group": iam("CreateGroup", {"groupName": "intruders"}),
    "group membership": iam("AddUserToGroup", user(groupName="staff")),
    "policy version": iam("CreatePolicyVersion", {"policyArn": POLICY, "policyDocument": GRANTS,
                                                  "setAsDefault": True}, setting="policy"),
    "trust policy": iam("UpdateAssumeRolePolicy", {**ROLE, "policyDocument": OPEN_TRUST}),
    "trust policy over an earlier one": iam(
        "UpdateAssumeRolePolicy", {**ROLE, "policyDocument": OPEN_TRUST},
        before=[("iam", "UpdateAssumeRolePolicy", {**ROLE, "policyDocument":
                 OPEN_TRUST.replace(STRANGER, ACCOUNT)}, None)]),
    "role": iam("CreateRole", {**ROLE, "assumeRolePolicyDocument": OPEN_TRUST}),
    "role settings": iam("UpdateRole", {**ROLE, "maxSessionDuration": 43200}),
    "boundary taken off a role": iam(
        "DeleteRolePermissionsBoundary", ROLE, setting="role_boundary",
        person={"BOUNDARY_ARN": lambda _: ADMINISTRATOR}),
    "boundary taken off a user": iam(
        "DeleteUserPermissionsBoundary", user(), setting="user_boundary",
        person={"BOUNDARY_ARN": lambda _: ADMINISTRATOR}),
    "role in an instance profile": iam(
        "AddRoleToInstanceProfile", {"instanceProfileName": "kiosk", "roleName": "reporting"},
        setting="instance_profile"),
    "SAML provider": iam("CreateSAMLProvider",
                         {"name": "corp", "sAMLMetadataDocument": "m" * 1024},
                         {"sAMLProviderArn": SAML}),
    "OIDC provider": iam("CreateOpenIDConnectProvider",
                         {"url": "https://token.example.com", "clientIDList": ["sts"],
                          "thumbprintList": ["a" * 40]}, {"openIDConnectProviderArn": OIDC}),
    "MFA device": iam("EnableMFADevice",
                      user(serialNumber=f"arn:aws:iam::{ACCOUNT}:mfa/phone",
                           authenticationCode1="123456", authenticationCode2="654321"),
                      setting="mfa"),
    "trust anchor": Kind("rolesanywhere", "CreateTrustAnchor", {"name": "corp"},
                         setting="nothing"),
    "Identity Center user": Kind("identitystore", "CreateUser", {"identityStoreId": "d-1"},
                                 {"userId": "94482488-3041-7092-0000-000000000001"},
                                 setting="directory_user"),
    "account assignment": Kind(
        "sso", "CreateAccountAssignment",
        {"permissionSetArn": "arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/"
         "ps-0123456789abcdef", "targetId": ACCOUNT, "targetType": "AWS_ACCOUNT",
         "principalType": "USER", "principalId": "94482488-3041-7092-0000-000000000001"},
        setting="assignment", person={"TARGET_ID": lambda _: ACCOUNT}),
    "function": Kind("lambda", "CreateFunction20150331",
                     {"functionName": "export", "role": LAMBDA_ROLE}),
    "code of a function": Kind("lambda", "UpdateFunctionCode20150331v2",
                               {"functionName": "export"}),
    "permission of a function": Kind(
        "lambda", "AddPermission20150331v2",
        {"functionName": "export", "statementId": "x", "action": "lambda:InvokeFunction",
         "principal": "*"}),
    "URL of a function": Kind("lambda", "CreateFunctionUrlConfig",
                              {"functionName": "export", "authType": "NONE"},
                              setting="function"),
    "rule": Kind("events", "PutRule", {"name": "nightly", "scheduleExpression": "rate(1 hour)"}),
    "schedule": Kind("scheduler", "CreateSchedule", {
        "name": "nightly", "scheduleExpression": "rate(1 hour)",
        "flexibleTimeWindow": {"mode": "OFF"},
        "target": {"arn": LAMBDA_ROLE.replace("iam", "lambda"), "roleArn": LAMBDA_ROLE}}),
    "event source mapping": Kind("lambda", "CreateEventSourceMapping20150331", {
        "functionName": "export", "eventSourceArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders"},
        setting="mapping"),
    "EKS access entry": Kind("eks", "CreateAccessEntry",
                             {"name": "work", "clusterName": "work", "principalArn": ADMIN},
                             setting="cluster"),
    "pod identity association": Kind("eks", "CreatePodIdentityAssociation", {
        "name": "work", "clusterName": "work", "namespace": "n", "serviceAccount": "s",
        "roleArn": ADMIN}, setting="cluster"),
    "task definition": Kind("ecs", "RegisterTaskDefinition", {
        "family": "miner", "containerDefinitions": [
            {"name": "miner", "image": "miner", "memory": 128}]}),
    "instance": Kind("ec2", "RunInstances", {
        "instancesSet": {"items": [{"imageId": IMAGE, "minCount": 1, "maxCount": 1}]},
        "iamInstanceProfile": {"name": "kiosk"}}, {"instancesSet": {"items": [{
            "instanceId": INSTANCE, "iamInstanceProfile": {
                "arn": f"arn:aws:iam::{ACCOUNT}:instance-profile/kiosk"}}]}}),
    "profile of an instance": Kind(
        "ec2", "AssociateIamInstanceProfile", {"AssociateIamInstanceProfileRequest": {
            "InstanceId": INSTANCE, "IamInstanceProfile": {"Name": "kiosk"}}},
        setting="instance_with_profile"),
    "key pair": Kind("ec2", "CreateKeyPair", {"keyName": "intruder"}),
    "serial console": Kind("ec2", "EnableSerialConsoleAccess", {"EnableSerialConsoleAccess": ""},
                           setting="nothing"),
    "user data": Kind("ec2", "ModifyInstanceAttribute",
                      {"instanceId": INSTANCE, "userData": "<sensitiveDataRemoved>"},
                      setting="instance"),
    "launch template": Kind("ec2", "CreateLaunchTemplateVersion", {
        "CreateLaunchTemplateVersionRequest": {"LaunchTemplateId": TEMPLATE}},
        setting="template"),
    "shared snapshot": Kind("ec2", "ModifySnapshotAttribute", {
        "snapshotId": SNAPSHOT, "attributeType": "CREATE_VOLUME_PERMISSION",
        "createVolumePermission": {"add": {"items": [{"userId": STRANGER}]}}},
        setting="snapshot"),
    "shared image": Kind("ec2", "ModifyImageAttribute", {
        "imageId": IMAGE, "attributeType": "launchPermission",
        "launchPermission": {"add": {"items": [{"userId": STRANGER}]}}}, setting="image"),
    "shared database": Kind("rds", "ModifyDBSnapshotAttribute", {
        "dBSnapshotIdentifier": "nightly", "attributeName": "restore",
        "valuesToAdd": [STRANGER]}, setting="database"),
    "activation": Kind("ssm", "CreateActivation", {"iamRole": "reporting"},
                       setting="nothing"),
    "document": Kind("ssm", "CreateDocument", {"name": "intruder"}, setting="document"),
    "bucket policy": Kind("s3", "PutBucketPolicy", {
        "bucketName": "work-bucket", "bucketPolicy": json.loads(STOLEN)}, setting="bucket"),
    "bucket list": Kind("s3", "PutBucketAcl", {
        "bucketName": "work-bucket", "x-amz-acl": "public-read"}, setting="bucket_acl"),
    "bucket replication": Kind("s3", "PutBucketReplication", {"bucketName": "work-bucket"},
                               setting="bucket_replication"),
    "key policy": Kind("kms", "PutKeyPolicy", {
        "keyId": KMS_KEY, "policyName": "default", "policy": STOLEN}, setting="kms_policy"),
    "key policy over an earlier one": Kind(
        "kms", "PutKeyPolicy", {"keyId": KMS_KEY, "policyName": "default", "policy": STOLEN},
        before=[("kms", "PutKeyPolicy", {"keyId": KMS_KEY, "policyName": "default",
                 "policy": STOLEN.replace(STRANGER, ACCOUNT)}, None)], setting="kms_policy"),
    "grant": Kind("kms", "CreateGrant", {
        "keyId": KMS_KEY, "granteePrincipal": f"arn:aws:iam::{STRANGER}:root",
        "operations": ["Decrypt"]}, setting="kms_grant"),
    "secret's policy": Kind("secretsmanager", "PutResourcePolicy", {
        "secretId": "db", "resourcePolicy": STOLEN}, setting="secret"),
    "repository's policy": Kind("ecr", "SetRepositoryPolicy", {
        "repositoryName": "work", "policyText": STOLEN}, setting="repository"),
    "topic's permission": Kind("sns", "AddPermission", {
        "topicArn": TOPIC, "label": "x", "aWSAccountIds": [STRANGER],
        "actionNames": ["Publish"]}, setting="topic",
        person={"ACCOUNT": lambda _: STRANGER, "ACTION": lambda _: "Publish"}),
    "queue's permission": Kind("sqs", "AddPermission", {
        "queueUrl": QUEUE, "label": "x", "aWSAccountIds": [STRANGER],
        "actions": ["SendMessage"]}, setting="queue",
        person={"ACCOUNT": lambda _: STRANGER, "ACTION": lambda _: "SendMessage"}),
    "lifecycle configuration": Kind("sagemaker", "CreateNotebookInstanceLifecycleConfig", {
        "notebookInstanceLifecycleConfigName": "start"}),
    "build project": Kind("codebuild", "CreateProject", {"name": "runner"},
                          setting="build_project"),
    "stack": Kind("cloudformation", "CreateStack", {
        "stackName": "base", "roleARN": ADMIN}, setting="stack"),
    "federation token": Kind("sts", "GetFederationToken", {"name": "svc-sync"}),
}
