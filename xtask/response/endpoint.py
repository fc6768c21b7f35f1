"""Moto's server in this process: an endpoint for several accounts, which keeps AWS's own ids.

Moto makes up the ids of keys, instances and groups. The commands of a plan name the ids of the
logs, and are to be run as they are printed, without a substitution that could hide a fault. So the
server runs in the test's process, and what replays a log sets the ids that the log names.
"""

import contextlib
import json
import os
import threading
from unittest import mock

os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
    os.environ[name] = "unused"
os.environ["AWS_DEFAULT_REGION"] = "us-east-1"

import boto3
import conditions
import root
from moto import settings
from moto.iam import access_control
from moto.iam import models as iam_models
from moto.iam.responses import IamResponse
from moto.backends import get_backend
from moto.core.base_backend import BackendDict
from moto.core.responses import ActionAuthenticatorMixin
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

EVERYTHING = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
)
ANYBODY = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},'
    '"Action":"sts:AssumeRole"}]}'
)

# The account of whoever responds for the organization; no incident names it.
MANAGEMENT = "100000000001"
OPERATOR = "Responder"


# Moto reads its catalogue of more than a thousand policies of AWS for every account and partition.
POLICIES = {"AWSDenyAll", "AdministratorAccess", "IAMFullAccess", "PowerUserAccess"}
CATALOGUE = json.loads(iam_models.aws_managed_policies_data)
iam_models.aws_managed_policies_data = json.dumps({name: CATALOGUE[name] for name in POLICIES})


PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}


def partition_of(region):
    """The partition that `region` lies in."""
    begins = [begin for begin in PARTITIONS if region.startswith(begin)]
    return PARTITIONS[begins[0]] if begins else "aws"


def is_empty(backend, user):
    """Whether nothing hangs on `user` that AWS wants gone before it deletes it."""
    groups = [group for group in backend.groups.values() if user in group.users]
    return not (
        user.access_keys or user.password or user.mfa_devices or user.ssh_public_keys
        or user.signing_certificates or groups or user.policies or user.managed_policies
    )


def strict(backend_type):
    """Lets moto refuse what AWS refuses: to delete a user or a group on which something hangs."""
    delete_user, delete_group = backend_type.delete_user, backend_type.delete_group

    def user(self, user_name):
        if not is_empty(self, self.get_user(user_name)):
            raise iam_models.DeleteConflictException("Cannot delete entity, must remove what hangs on it.")
        delete_user(self, user_name)

    def group(self, group_name):
        found = self.get_group(group_name)
        if found.users or found.policies or found.managed_policies:
            raise iam_models.DeleteConflictException("Cannot delete entity, must remove what hangs on it.")
        delete_group(self, group_name)

    backend_type.delete_user, backend_type.delete_group = user, group


strict(iam_models.IAMBackend)
root.teach(IamResponse)
conditions.teach(access_control)


class Quiet(MotoRequestHandler):
    """Logs nothing: the tests say what went wrong."""

    def log(self, *_):
        pass


class Implemented:
    """Answers what moto does not implement with 501 and remembers it."""

    def __init__(self):
        self.app = DomainDispatcherApplication(create_backend_app)
        self.missing = []

    def __call__(self, environ, start_response):
        def start(status, headers, *rest):
            # A path that moto does not know is answered by the web server and not by a service.
            if status.startswith("404") and "text/html" in dict(headers).get("Content-Type", ""):
                self.missing.append(environ["PATH_INFO"])
            return start_response(status, headers, *rest)

        try:
            return self.app(environ, start)
        except (NotImplementedError, AttributeError) as error:
            # A service that moto does not know ends in an AttributeError on None.
            if isinstance(error, AttributeError) and "'NoneType'" not in str(error):
                raise
            self.missing.append(str(error))
            start_response("501 Not Implemented", [("Content-Type", "application/json")])
            return [b'{"__type":"NotImplemented","message":"moto does not implement it"}']


class Endpoint:
    """The server, with a way to be somebody in each of its accounts."""

    def __init__(self):
        self.app = Implemented()
        self.server = make_server(
            "127.0.0.1", 0, self.app, threaded=True, request_handler=Quiet
        )
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.session = boto3.Session()
        self.region = "us-east-1"
        self.operators = {}
        self.clients = {}

    @property
    def partition(self):
        """The partition of the accounts."""
        return partition_of(self.region)

    def reset(self, region="us-east-1"):
        """Empties every account; from now on what has no Region lies in the partition of `region`."""
        self.region = region
        self.operators = {}
        self.clients = {}
        self.app.missing.clear()
        for backends in BackendDict._instances:
            for account in backends.values():
                account.clear()
            backends.clear()
        get_backend("s3").bucket_accounts.clear()
        self.stop_checking()

    def iam(self, account):
        """Moto's own side of IAM."""
        return get_backend("iam")[account][self.partition]

    def ec2(self, account, region):
        """Moto's own side of EC2."""
        return get_backend("ec2")[account][region]

    def ecs(self, account, region):
        """Moto's own side of ECS."""
        return get_backend("ecs")[account][region]

    def operator(self, account):
        """Credentials of somebody in `account` who may do everything and is not in any log."""
        if account not in self.operators:
            iam = self.iam(account)
            iam.create_user(self.region, OPERATOR, "/", [])
            iam.put_user_policy(OPERATOR, "Everything", EVERYTHING)
            key = iam.create_access_key(OPERATOR)
            self.operators[account] = (key.access_key_id, key.secret_access_key)
        return self.operators[account]

    def variables(self, account, region=None):
        """The same as variables of a program."""
        key, secret = self.operator(account)
        variables = {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret}
        variables["AWS_DEFAULT_REGION"] = region or self.region
        return variables

    def client(self, account, service, region=None, credentials=None):
        """A client of `service`, as the operator of `account` or with `credentials`."""
        region = region or self.region
        who = (*(credentials or self.operator(account)), None)
        if (who, service, region) not in self.clients:
            self.clients[who, service, region] = self.session.client(
                service,
                region_name=region,
                endpoint_url=self.url,
                aws_access_key_id=who[0],
                aws_secret_access_key=who[1],
                aws_session_token=who[2],
            )
        return self.clients[who, service, region]

    def start_checking(self):
        """From now on every call is signed by a key that exists and allowed by a policy."""
        ActionAuthenticatorMixin.request_count = 0
        settings.INITIAL_NO_AUTH_ACTION_COUNT = 0

    def stop_checking(self):
        """Lets everybody do everything."""
        settings.INITIAL_NO_AUTH_ACTION_COUNT = float("inf")


@contextlib.contextmanager
def named(place, value):
    """Lets the function of moto at `place`, which makes up an id, give `value`."""
    with mock.patch(place, lambda *_, **__: value):
        yield
