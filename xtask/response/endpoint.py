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
from moto import settings
from moto.iam import models as iam_models
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
        self.operators = {}
        self.clients = {}

    def reset(self):
        """Empties every account."""
        self.operators = {}
        self.clients = {}
        self.app.missing.clear()
        for backends in BackendDict._instances:
            for account in backends.values():
                account.clear()
            backends.clear()
        get_backend("s3").bucket_accounts.clear()
        self.stop_checking()

    def iam(self, account, partition="aws"):
        """Moto's own side of IAM."""
        return get_backend("iam")[account][partition]

    def ec2(self, account, region):
        """Moto's own side of EC2."""
        return get_backend("ec2")[account][region]

    def operator(self, account):
        """Credentials of somebody in `account` who may do everything and is not in any log."""
        if account not in self.operators:
            iam = self.iam(account)
            iam.create_user("us-east-1", OPERATOR, "/", [])
            iam.put_user_policy(OPERATOR, "Everything", EVERYTHING)
            key = iam.create_access_key(OPERATOR)
            self.operators[account] = (key.access_key_id, key.secret_access_key)
        return self.operators[account]

    def variables(self, account, region=None):
        """The same as variables of a program."""
        key, secret = self.operator(account)
        variables = {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret}
        if region:
            variables["AWS_DEFAULT_REGION"] = region
        return variables

    def client(self, account, service, region="us-east-1", credentials=None):
        """A client of `service`, as the operator of `account` or with `credentials`."""
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
