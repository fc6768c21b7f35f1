"""What exists in an account of `kinds` and is in no log: what the last call of the chain is about.

Each function makes the thing, in the state after that call, where replaying the call cannot.
"""

import json
from unittest import mock

from endpoint import named
from kinds import (ACCOUNT, GRANTS, IMAGE, INSTANCE, KMS_KEY, POLICY, REGION, SNAPSHOT, STOLEN,
                   STRANGER, TEMPLATE)


def template(endpoint, _replay):
    client = endpoint.client(ACCOUNT, "ec2")
    with named("moto.ec2.models.launch_templates.random_launch_template_id", TEMPLATE):
        client.create_launch_template(
            LaunchTemplateName="work", LaunchTemplateData={"InstanceType": "t3.micro"}
        )
    client.create_launch_template_version(
        LaunchTemplateId=TEMPLATE, LaunchTemplateData={"InstanceType": "t3.large"}
    )
    client.modify_launch_template(LaunchTemplateId=TEMPLATE, DefaultVersion="2")


def certificate_of(client, user):
    """Moto reads certificates; one is made here."""
    import datetime

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    start = datetime.datetime(2026, 1, 1)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, start,
                                   start + datetime.timedelta(days=900))
    body = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
    client.upload_signing_certificate(UserName=user, CertificateBody=body)


def certificate(endpoint, replay):
    replay.user(ACCOUNT, "svc-monitor")
    certificate_of(endpoint.client(ACCOUNT, "iam"), "svc-monitor")


def policy(endpoint, _replay):
    client = endpoint.client(ACCOUNT, "iam")
    client.create_policy(PolicyName="work", PolicyDocument=GRANTS)
    client.create_policy_version(
        PolicyArn=POLICY, PolicyDocument=GRANTS.replace("*", "s3:*", 1), SetAsDefault=True
    )


def role_boundary(_endpoint, replay):
    replay.role(f"arn:aws:iam::{ACCOUNT}:role/reporting")


def nothing(_endpoint, _replay):
    """Moto has no such thing."""


def user(_endpoint, replay):
    replay.user(ACCOUNT, "svc-monitor")


user_boundary = user


def instance_profile(endpoint, replay):
    replay.profile(ACCOUNT, "kiosk", "reporting")


def mfa(endpoint, replay):
    replay.user(ACCOUNT, "svc-monitor")
    mfa_of(endpoint.client(ACCOUNT, "iam"), "svc-monitor")


def mfa_of(client, user):
    device = client.create_virtual_mfa_device(VirtualMFADeviceName="phone")
    client.enable_mfa_device(
        UserName=user,
        SerialNumber=device["VirtualMFADevice"]["SerialNumber"],
        AuthenticationCode1="123456",
        AuthenticationCode2="654321",
    )


def directory_user(endpoint, _replay):
    admin = endpoint.client(ACCOUNT, "sso-admin")
    store = admin.list_instances()["Instances"][0]["IdentityStoreId"]
    uuid = "moto.identitystore.models.mock_random.uuid4"
    with mock.patch(uuid, lambda: "94482488-3041-7092-0000-000000000001"):
        endpoint.client(ACCOUNT, "identitystore").create_user(
            IdentityStoreId=store, UserName="intruder", DisplayName="I",
            Name={"GivenName": "I", "FamilyName": "I"},
        )


def assignment(endpoint, _replay):
    admin = endpoint.client(ACCOUNT, "sso-admin")
    instance = admin.list_instances()["Instances"][0]["InstanceArn"]
    admin.create_account_assignment(
        InstanceArn=instance,
        TargetId=ACCOUNT,
        TargetType="AWS_ACCOUNT",
        PermissionSetArn="arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/"
        "ps-0123456789abcdef",
        PrincipalType="USER",
        PrincipalId="94482488-3041-7092-0000-000000000001",
    )


def function(endpoint, replay):
    client = replay.function(ACCOUNT, REGION, "export")
    client.create_function_url_config(FunctionName="export", AuthType="NONE")


def mapping(endpoint, replay):
    endpoint.client(ACCOUNT, "sqs").create_queue(QueueName="orders")
    replay.function(ACCOUNT, REGION, "export").create_event_source_mapping(
        FunctionName="export", EventSourceArn=f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders"
    )


def cluster(endpoint, replay):
    endpoint.client(ACCOUNT, "eks").create_cluster(
        name="work", roleArn=f"arn:aws:iam::{ACCOUNT}:role/eks",
        resourcesVpcConfig={"subnetIds": []},
    )


def instance(_endpoint, replay):
    replay.instance(ACCOUNT, INSTANCE)


def instance_with_profile(_endpoint, replay):
    replay.instance(ACCOUNT, INSTANCE, profile="kiosk")


def snapshot(endpoint, _replay):
    client = endpoint.client(ACCOUNT, "ec2")
    volume = client.create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"]
    with named("moto.ec2.models.elastic_block_store.random_snapshot_id", SNAPSHOT):
        client.create_snapshot(VolumeId=volume)
    client.modify_snapshot_attribute(
        SnapshotId=SNAPSHOT, Attribute="createVolumePermission", OperationType="add",
        UserIds=[STRANGER],
    )


def image(endpoint, replay):
    replay.instance(ACCOUNT, INSTANCE)
    client = endpoint.client(ACCOUNT, "ec2")
    with named("moto.ec2.models.amis.random_ami_id", IMAGE):
        client.create_image(InstanceId=INSTANCE, Name="work")
    client.modify_image_attribute(
        ImageId=IMAGE, LaunchPermission={"Add": [{"UserId": STRANGER}]}
    )


def database(endpoint, _replay):
    client = endpoint.client(ACCOUNT, "rds")
    client.create_db_instance(
        DBInstanceIdentifier="work", DBInstanceClass="db.t3.micro", Engine="postgres",
        MasterUsername="work", MasterUserPassword="Long-enough-1", AllocatedStorage=20,
    )
    client.create_db_snapshot(DBInstanceIdentifier="work", DBSnapshotIdentifier="nightly")
    client.modify_db_snapshot_attribute(
        DBSnapshotIdentifier="nightly", AttributeName="restore", ValuesToAdd=[STRANGER]
    )


def document(endpoint, _replay):
    content = {"schemaVersion": "2.2", "description": "x", "mainSteps": []}
    endpoint.client(ACCOUNT, "ssm").create_document(
        Name="intruder", Content=json.dumps(content), DocumentType="Command"
    )


def bucket(endpoint, _replay):
    client = endpoint.client(ACCOUNT, "s3")
    client.create_bucket(Bucket="work-bucket")
    client.put_bucket_policy(Bucket="work-bucket", Policy=STOLEN)


def bucket_acl(endpoint, _replay):
    client = endpoint.client(ACCOUNT, "s3")
    client.create_bucket(Bucket="work-bucket")
    client.put_bucket_acl(Bucket="work-bucket", ACL="public-read")


def bucket_replication(endpoint, replay):
    client = endpoint.client(ACCOUNT, "s3")
    for name in ("work-bucket", "stolen-bucket"):
        client.create_bucket(Bucket=name)
        client.put_bucket_versioning(
            Bucket=name, VersioningConfiguration={"Status": "Enabled"}
        )
    client.put_bucket_replication(
        Bucket="work-bucket",
        ReplicationConfiguration={
            "Role": f"arn:aws:iam::{ACCOUNT}:role/copy",
            "Rules": [{"Status": "Enabled", "Priority": 1, "Filter": {"Prefix": ""},
                       "DeleteMarkerReplication": {"Status": "Disabled"},
                       "Destination": {"Bucket": "arn:aws:s3:::stolen-bucket"}}],
        },
    )


def kms(endpoint):
    client = endpoint.client(ACCOUNT, "kms")
    with named("moto.kms.models.generate_key_id", KMS_KEY):
        client.create_key()
    return client


def kms_policy(endpoint, _replay):
    kms(endpoint).put_key_policy(KeyId=KMS_KEY, PolicyName="default", Policy=STOLEN)


def kms_grant(endpoint, _replay):
    kms(endpoint).create_grant(
        KeyId=KMS_KEY, GranteePrincipal=f"arn:aws:iam::{STRANGER}:root", Operations=["Decrypt"]
    )


def secret(endpoint, _replay):
    client = endpoint.client(ACCOUNT, "secretsmanager")
    client.create_secret(Name="db", SecretString="x")
    client.put_resource_policy(SecretId="db", ResourcePolicy=STOLEN)


def repository(endpoint, _replay):
    client = endpoint.client(ACCOUNT, "ecr")
    client.create_repository(repositoryName="work")
    client.set_repository_policy(repositoryName="work", policyText=STOLEN)


def topic(endpoint, _replay):
    client = endpoint.client(ACCOUNT, "sns")
    arn = client.create_topic(Name="orders")["TopicArn"]
    client.add_permission(
        TopicArn=arn, Label="x", AWSAccountId=[STRANGER], ActionName=["Publish"]
    )


def queue(endpoint, _replay):
    client = endpoint.client(ACCOUNT, "sqs")
    url = client.create_queue(QueueName="orders")["QueueUrl"]
    client.add_permission(
        QueueUrl=url, Label="x", AWSAccountIds=[STRANGER], Actions=["SendMessage"]
    )


def build_project(endpoint, _replay):
    endpoint.client(ACCOUNT, "codebuild").create_project(
        name="runner",
        source={"type": "S3", "location": "work-bucket/source"},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={"type": "LINUX_CONTAINER", "image": "x", "computeType":
                     "BUILD_GENERAL1_SMALL"},
        serviceRole=f"arn:aws:iam::{ACCOUNT}:role/builder",
    )


def stack(endpoint, _replay):
    body = {"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}
    endpoint.client(ACCOUNT, "cloudformation").create_stack(
        StackName="base", TemplateBody=json.dumps(body)
    )
