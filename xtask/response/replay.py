"""Makes an endpoint what the accounts were when a log ended, by doing what the log says was done.

Nothing here knows what a plan is: users, roles, keys and instances come from the events alone, so
that a plan which names the wrong one finds nothing there.
"""

import json
import re

from unittest import mock

from botocore import xform_name
from endpoint import ANYBODY, EVERYTHING, named

# What is done again, by service; all other calls leave nothing that a plan takes away.
REPLAYED = ("Create", "Put", "Attach", "Add", "Update", "Set", "Run", "Modify", "Delete", "Upload",
            "Reset", "Import", "Register", "Associate", "Enable", "Deactivate", "Replace", "Publish",
            "Terminate")
SERVICES = {
    "iam", "ec2", "lambda", "s3", "kms", "secretsmanager", "ecr", "sns", "sqs", "events",
    "scheduler", "sagemaker", "codebuild", "eks", "ecs", "cloudformation", "rds", "sso",
    "identitystore", "rolesanywhere",
}
CLIENTS = {"sso": "sso-admin"}
IMAGE = "ami-12c6146b"
# The provider of a role that people or workloads outside AWS come in by.
FEDERATED = {"AssumeRoleWithSAML": "principalArn", "AssumeRoleWithWebIdentity": "provider"}
TASKS, FUNCTIONS = "ecs-tasks.amazonaws.com", "lambda.amazonaws.com"
NETWORK = "10.20.0.0/16"


def arn_parts(arn):
    """Account, kind and name of a principal's ARN, with the role's path."""
    _, _, _, _, account, resource = arn.split(":", 5)
    kind, _, rest = resource.partition("/")
    path, _, name = rest.rpartition("/")
    return account, kind, f"/{path}/" if path else "/", name


def shaped(shape, value):
    """`value` of a log, whose member names begin with small letters, as `shape` of the API."""
    if shape.type_name == "structure":
        known = {name.lower(): name for name in shape.members}
        members = {}
        for name, member in value.items():
            if member is not None and name.lower() in known:
                real = known[name.lower()]
                members[real] = shaped(shape.members[real], member)
        return members
    if shape.type_name == "list":
        items = value.get("items", []) if isinstance(value, dict) else value
        return [shaped(shape.member, item) for item in items]
    if shape.type_name == "string" and isinstance(value, (dict, list)):
        return json.dumps(value)
    return value


def admits(arn):
    """A trust policy that admits a provider or an account, and nobody else."""
    kind, action = "Federated", "sts:AssumeRoleWithWebIdentity"
    if arn.endswith(":root"):
        kind, action = "AWS", "sts:AssumeRole"
    elif ":saml-provider/" in arn:
        action = "sts:AssumeRoleWithSAML"
    statement = {"Effect": "Allow", "Principal": {kind: arn}, "Action": action}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


class Replay:
    """The accounts of one log on an endpoint."""

    def __init__(self, endpoint):
        self.endpoint = endpoint
        self.roles = []
        self.keys = []

    def run(self, events):
        """Replays `events` in the order of time."""
        for event in sorted(events, key=lambda event: event["eventTime"]):
            is_sign_in = event["eventName"] == "ConsoleLogin" and not event.get("errorMessage")
            self.caller(event.get("userIdentity") or {}, is_sign_in)
            request = event.get("requestParameters") or {}
            if isinstance(request.get("roleArn"), str) and ":role/" in request["roleArn"]:
                self.entry(event, request)
            service = event["eventSource"].removesuffix(".amazonaws.com")
            name = re.sub(r"20\d{6}(v\d+)?$", "", event["eventName"])
            is_done = not event.get("errorCode") and service in SERVICES
            is_about_objects = service == "s3" and not name.startswith("PutBucket")
            # Hidden parameters cannot be given again.
            if is_done and not is_about_objects and name.startswith(REPLAYED) and request:
                self.call(service, name, event, request, event.get("responseElements") or {})

    # Where a chain begins.

    def entry(self, event, request):
        """The role that an event opens, and whatever opens it."""
        provider = FEDERATED.get(event["eventName"])
        if provider:
            arn = request.get(provider) or (event.get("responseElements") or {}).get(provider)
            self.provider(arn)
            self.role(request["roleArn"], admits(arn))
            return
        identity = event.get("userIdentity") or {}
        is_foreign = identity.get("type") == "AWSAccount" and identity.get("accountId")
        caller = f"arn:{self.endpoint.partition}:iam::{identity['accountId']}:root" if (
            is_foreign) else None
        self.role(request["roleArn"], admits(caller) if caller else ANYBODY)
        if event["eventName"] == "AssumeRole" and identity.get("type") == "AWSService":
            account, name = event["recipientAccountId"], request.get("roleSessionName")
            region = event.get("awsRegion")
            if identity["invokedBy"].removesuffix(".cn") == TASKS:
                self.task(account, region, name)
            if identity["invokedBy"].removesuffix(".cn") == FUNCTIONS:
                self.function(account, region, name)

    def provider(self, arn):
        """An identity provider."""
        account, kind, _, name = arn_parts(arn)
        client = self.endpoint.client(account, "iam")
        name = arn.split(f"{kind}/", 1)[1]
        if kind == "saml-provider":
            known = client.list_saml_providers()["SAMLProviderList"]
            if arn not in [provider["Arn"] for provider in known]:
                client.create_saml_provider(Name=name, SAMLMetadataDocument="m" * 1024)
            return
        known = client.list_open_id_connect_providers()["OpenIDConnectProviderList"]
        if arn not in [provider["Arn"] for provider in known]:
            client.create_open_id_connect_provider(
                Url=f"https://{name}", ClientIDList=["sts.amazonaws.com"],
                ThumbprintList=["a" * 40],
            )

    def task(self, account, region, task_id):
        """A task of the id, which a service of the cluster `work` started."""
        client = self.endpoint.client(account, "ecs", region)
        known = self.endpoint.ecs(account, region).tasks.get("work", {})
        if any(arn.endswith(task_id) for arn in known):
            return
        client.create_cluster(clusterName="work")
        container = {"name": "work", "image": "work", "memory": 128}
        client.register_task_definition(
            family="work", containerDefinitions=[container], networkMode="none"
        )
        names = [arn.split("/")[-1] for arn in client.list_services(cluster="work")["serviceArns"]]
        if "orders" not in names:
            client.create_service(
                cluster="work", serviceName="orders", taskDefinition="work", desiredCount=1
            )
        with mock.patch("moto.ecs.models.mock_random.uuid4", lambda: task_id):
            made = client.run_task(cluster="work", taskDefinition="work", launchType="FARGATE")
        tasks = self.endpoint.ecs(account, region).tasks["work"]
        tasks[made["tasks"][0]["taskArn"]].group = "service:orders"

    # Who calls.

    def caller(self, identity, from_console):
        """The user or role that made a call, and its key or password."""
        account = identity.get("accountId")
        issuer = identity.get("sessionContext", {}).get("sessionIssuer", {})
        if identity.get("type") == "IAMUser" and identity.get("userName"):
            self.user(account, identity["userName"])
            if from_console:
                self.password(account, identity["userName"])
            key = identity.get("accessKeyId", "")
            if key.startswith("AKIA"):
                self.key(account, identity["userName"], key)
        elif issuer.get("type") == "Role":
            self.role(issuer["arn"])
            self.rename_role(account, issuer["userName"], issuer["principalId"])
            session = identity["arn"].rsplit("/", 1)[-1]
            if re.fullmatch(r"i-[0-9a-f]{17}", session):
                self.instance(account, session, profile=issuer["userName"])

    def arn(self, account, resource):
        """An ARN of IAM in the endpoint's partition."""
        return f"arn:{self.endpoint.partition}:iam::{account}:{resource}"

    def user(self, account, name):
        iam = self.endpoint.iam(account)
        if name not in iam.users:
            iam.create_user(self.endpoint.region, name, "/", [])
            iam.put_user_policy(name, "Work", EVERYTHING)

    def key(self, account, user, key_id):
        iam = self.endpoint.iam(account)
        if key_id in iam.access_keys:
            return
        self.rename_key(account, iam.create_access_key(user), key_id)
        self.keys.append((account, user, key_id))

    def rename_key(self, account, key, key_id):
        """Gives a key of moto the id of the log."""
        iam = self.endpoint.iam(account)
        del iam.access_keys[key.access_key_id]
        key.access_key_id = key_id
        iam.access_keys[key_id] = key

    def password(self, account, name):
        if not self.endpoint.iam(account).users[name].password:
            self.endpoint.iam(account).create_login_profile(name, "Long-enough-1")

    def role(self, arn, trust=ANYBODY):
        account, _, path, name = arn_parts(arn)
        iam = self.endpoint.iam(account)
        if not any(role.name == name for role in iam.roles.values()):
            iam.create_role(name, trust, path, None, "", [], "3600")
            iam.put_role_policy(name, "Work", EVERYTHING)
            self.roles.append((account, name, arn))

    def rename_role(self, account, name, unique_id):
        """Gives a role of moto the unique id of the log, which the ids of its sessions begin with."""
        roles = self.endpoint.iam(account).roles
        role = next(role for role in roles.values() if role.name == name)
        if role.id != unique_id:
            del roles[role.id]
            role.id = unique_id
            roles[unique_id] = role

    def profile(self, account, name, role=None):
        iam = self.endpoint.iam(account)
        if not any(profile.name == name for profile in iam.instance_profiles.values()):
            client = self.endpoint.client(account, "iam")
            client.create_instance_profile(InstanceProfileName=name)
            self.role(self.arn(account, f"role/{role or name}"))
            client.add_role_to_instance_profile(
                InstanceProfileName=name, RoleName=role or name
            )

    def instance(self, account, instance_id, region=None, profile=None, found=None):
        """The instance with its network, groups and profile; `found` is how an event shows it."""
        found, region = found or {}, region or self.endpoint.region
        ec2 = self.endpoint.ec2(account, region)
        if any(instance.id == instance_id for instance in ec2.all_instances()):
            return
        client = self.endpoint.client(account, "ec2", region)
        launch = {}
        if found.get("vpcId") and found.get("subnetId"):
            launch["SubnetId"] = self.subnet(client, found["vpcId"], found["subnetId"])
        groups = found.get("groupSet", {}).get("items", [])
        launch["SecurityGroupIds"] = [
            self.group(client, group["groupId"], found.get("vpcId")) for group in groups
        ] or [self.default_group(client, found.get("vpcId"))]
        with named("moto.ec2.models.instances.random_instance_id", instance_id):
            client.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, **launch)
        options = found.get("metadataOptions", {})
        if options.get("httpTokens"):
            client.modify_instance_metadata_options(
                InstanceId=instance_id,
                HttpTokens=options["httpTokens"],
                # The default of EC2, where the event does not tell.
                HttpPutResponseHopLimit=options.get("httpPutResponseHopLimit", 1),
            )
        if profile:
            self.profile(account, profile)
            client.associate_iam_instance_profile(
                InstanceId=instance_id, IamInstanceProfile={"Name": profile}
            )

    def subnet(self, client, vpc_id, subnet_id):
        if not client.describe_vpcs(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])["Vpcs"]:
            with named("moto.ec2.models.vpcs.random_vpc_id", vpc_id):
                client.create_vpc(CidrBlock=NETWORK)
        known = client.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])
        known = known["Subnets"]
        if subnet_id not in [subnet["SubnetId"] for subnet in known]:
            with named("moto.ec2.models.subnets.random_subnet_id", subnet_id):
                client.create_subnet(VpcId=vpc_id, CidrBlock=f"10.20.{len(known)}.0/24")
        return subnet_id

    def default_group(self, client, vpc_id):
        wanted = [{"Name": "group-name", "Values": ["default"]}]
        wanted += [{"Name": "vpc-id", "Values": [vpc_id]}] if vpc_id else []
        return client.describe_security_groups(Filters=wanted)["SecurityGroups"][0]["GroupId"]

    def group(self, client, group_id, vpc_id):
        known = client.describe_security_groups()["SecurityGroups"]
        if group_id not in [group["GroupId"] for group in known]:
            with named("moto.ec2.models.security_groups.random_security_group_id", group_id):
                client.create_security_group(
                    GroupName=f"work-{group_id}", Description="Work", VpcId=vpc_id
                )
        return group_id

    # What was called.

    def call(self, service, name, event, request, response):
        """Does the call again, with the ids that the log shows."""
        account = event["recipientAccountId"]
        region = event.get("awsRegion") or self.endpoint.region
        if service == "ec2" and name == "RunInstances":
            for found in response["instancesSet"]["items"]:
                profile = (found.get("iamInstanceProfile") or {}).get("arn", "").split("/")[-1]
                self.instance(account, found["instanceId"], region, profile or None, found)
            return
        special = getattr(self, f"{service}_{xform_name(name)}".replace("-", "_"), None)
        if special:
            special(account, region, request, response)
            return
        # Some requests of EC2 stand in a member of their own.
        request = request.get(f"{name}Request", request)
        self.before(service, name, account, request)
        self.send(service, name, account, region, request)

    def send(self, service, name, account, region, request):
        client = self.endpoint.client(account, CLIENTS.get(service, service), region)
        shape = client.meta.service_model.operation_model(name).input_shape
        return getattr(client, xform_name(name))(**(shaped(shape, request) if shape else {}))

    def before(self, service, name, account, request):
        """Makes what the call takes for granted."""
        if service != "iam":
            return
        if request.get("userName") and name != "CreateUser":
            self.user(account, request["userName"])
        if request.get("roleName") and name != "CreateRole":
            self.role(self.arn(account, f"role/{request['roleName']}"))
        if request.get("groupName") and name != "CreateGroup":
            if request["groupName"] not in self.endpoint.iam(account).groups:
                self.endpoint.client(account, "iam").create_group(GroupName=request["groupName"])

    def iam_create_access_key(self, account, _region, request, response):
        user = response["accessKey"]["userName"]
        self.user(account, user)
        self.key(account, user, response["accessKey"]["accessKeyId"])

    def iam_create_role(self, account, _region, request, _response):
        client = self.endpoint.client(account, "iam")
        document = request.get("assumeRolePolicyDocument")
        document = document if isinstance(document, str) and document[:1] == "{" else ANYBODY
        client.create_role(
            RoleName=request["roleName"],
            Path=request.get("path") or "/",
            AssumeRolePolicyDocument=document,
        )

    def iam_create_login_profile(self, account, _region, request, _response):
        self.user(account, request["userName"])
        self.endpoint.client(account, "iam").create_login_profile(
            UserName=request["userName"], Password="Long-enough-1"
        )

    def iam_update_login_profile(self, account, region, request, response):
        self.user(account, request["userName"])
        if not self.endpoint.iam(account).users[request["userName"]].password:
            self.iam_create_login_profile(account, region, request, response)

    def iam_update_access_key(self, account, _region, request, _response):
        user = request["userName"]
        self.user(account, user)
        self.key(account, user, request["accessKeyId"])
        self.endpoint.client(account, "iam").update_access_key(
            UserName=user, AccessKeyId=request["accessKeyId"], Status=request["status"]
        )

    def iam_create_service_linked_role(self, *_):
        """Nothing of a plan touches one."""

    def rolesanywhere_create_session(self, *_):
        """It leaves nothing but the session."""

    def ec2_terminate_instances(self, account, region, request, _response):
        ids = [item["instanceId"] for item in request["instancesSet"]["items"]]
        for instance_id in ids:
            self.instance(account, instance_id, region)
        self.endpoint.client(account, "ec2", region).terminate_instances(InstanceIds=ids)

    def ec2_create_vpc_endpoint(self, *_):
        """Nothing of a plan touches one."""

    def ec2_associate_address(self, *_):
        """Nothing of a plan touches one."""

    def ecs_update_service(self, *_):
        """Nothing of a plan touches one."""

    def cloudformation_create_stack(self, *_):
        """The plan only looks at it; what is in it depends on a template that logs do not hold."""

    def function(self, account, region, name):
        """A function of the name."""
        client = self.endpoint.client(account, "lambda", region)
        if name in [known["FunctionName"] for known in client.list_functions()["Functions"]]:
            return client
        role = self.arn(account, f"role/{name}-function")
        self.role(role)
        client.create_function(
            FunctionName=name,
            Runtime="python3.12",
            Role=role,
            Handler="main.handle",
            Code={"ZipFile": b"PK\x05\x06" + b"\0" * 18},
        )
        return client

    def lambda_update_function_code(self, account, region, request, _response):
        self.function(account, region, request["functionName"].split(":")[-1])

    lambda_create_function = lambda_update_function_code
    lambda_update_function_configuration = lambda_update_function_code

    def lambda_add_permission(self, account, region, request, _response):
        client = self.function(account, region, request["functionName"].split(":")[-1])
        client.add_permission(
            FunctionName=request["functionName"],
            StatementId=request["statementId"],
            Action=request["action"],
            Principal=request["principal"],
        )
