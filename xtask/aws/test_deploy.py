"""What `deploy/` sets up: templates without faults, permissions without surprises, a queue that fills."""

import json
import os
import re
import unittest
from pathlib import Path

for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
    os.environ[name] = "unused"
os.environ["AWS_DEFAULT_REGION"] = "eu-central-1"

import boto3
import cfnlint.api
import hcl2
from cfnlint.decode import decode
from moto import mock_aws

DEPLOY = Path(__file__).parents[2] / "deploy"
TEMPLATES = [DEPLOY / "cloudformation" / name for name in ("ingest.yaml", "policies.yaml")]
BUCKET = "example-trail-bucket"
# Given, because moto leaves a null where a statement is absent.
KEY = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
# Looks like an action and is a key of conditions.
NO_ACTION = "kms:ViaService"

# Every action that the program may need, and no other: it reads, takes messages of its own queue,
# and sends alerts.
ACTIONS = {
    "ingest": {
        "cloudtrail:DescribeTrails",
        "cloudtrail:GetEventSelectors",
        "cloudtrail:GetTrailStatus",
        "cloudtrail:ListPublicKeys",
        "cloudtrail:LookupEvents",
        "kms:Decrypt",
        "s3:GetObject",
        "s3:ListBucket",
        "sqs:ChangeMessageVisibility",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:GetQueueUrl",
        "sqs:ReceiveMessage",
    },
    "enrich": {
        "ec2:DescribeAddresses",
        "ec2:DescribeInstances",
        "ec2:DescribeNatGateways",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeRegions",
        "ec2:DescribeRouteTables",
        "ec2:DescribeVpcEndpoints",
        "events:DescribeEventBus",
        "events:DescribeRule",
        "events:ListRuleNamesByTarget",
        "iam:GetRole",
        "organizations:DescribeOrganization",
        "organizations:ListAccounts",
        "s3:GetBucketNotification",
        "securityhub:DescribeHub",
    },
    "sinks": {"events:PutEvents", "securityhub:BatchImportFindings"},
}


def actions(value):
    """Every action in a policy, however it is nested."""
    if isinstance(value, dict):
        own = value.get("Action", [])
        own = {own} if isinstance(own, str) else set(own)
        return own.union(*(actions(each) for each in value.values()))
    if isinstance(value, list):
        return set().union(*(actions(each) for each in value))
    return set()


def texts(value):
    """Every text in a value, without the quotation marks that HCL leaves around it."""
    if isinstance(value, dict):
        return [text for each in (*value.keys(), *value.values()) for text in texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in texts(each)]
    return [value] if isinstance(value, str) else []


class Deploy(unittest.TestCase):
    def test_templates_have_no_fault(self):
        for path in TEMPLATES:
            rules = cfnlint.api.lint(path.read_text(), regions=["eu-central-1", "us-gov-west-1"])
            self.assertEqual([str(fault) for fault in rules], [], path.name)

    def test_policies_allow_what_is_needed_and_nothing_else(self):
        found = {}
        for path in TEMPLATES:
            template, faults = decode(str(path))
            self.assertEqual(faults, [])
            for name, resource in template["Resources"].items():
                if resource["Type"] == "AWS::IAM::ManagedPolicy":
                    found[name.lower()] = actions(resource["Properties"]["PolicyDocument"])
        self.assertEqual(found, ACTIONS)

    def test_terraform_says_the_same(self):
        found = {}
        for path in sorted((DEPLOY / "terraform").glob("*.tf")):
            for block in hcl2.loads(path.read_text()).get("resource", []):
                for kind, named in block.items():
                    if kind.strip('"') == "aws_iam_policy":
                        for name, body in named.items():
                            found[name.strip('"')] = named_actions(body)
        self.assertEqual(found, ACTIONS)

    @mock_aws
    def test_an_object_comes_to_the_queue(self):
        s3, sqs = boto3.client("s3"), boto3.client("sqs")
        s3.create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
        s3.put_bucket_notification_configuration(
            Bucket=BUCKET, NotificationConfiguration={"EventBridgeConfiguration": {}}
        )
        stacks = boto3.client("cloudformation")
        stacks.create_stack(
            StackName="rolecall",
            TemplateBody=TEMPLATES[0].read_text(),
            Parameters=[
                {"ParameterKey": "BucketName", "ParameterValue": BUCKET},
                {"ParameterKey": "KeyArn", "ParameterValue": KEY},
            ],
            Capabilities=["CAPABILITY_IAM"],
        )
        (stack,) = stacks.describe_stacks(StackName="rolecall")["Stacks"]
        outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        queue = outputs["QueueUrl"]
        for key in ("AWSLogs/a.json.gz", "elsewhere/b.json.gz"):
            s3.put_object(Bucket=BUCKET, Key=key, Body=b"{}")
        messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
        keys = [json.loads(message["Body"])["detail"]["object"]["key"] for message in messages]
        self.assertEqual(keys, ["AWSLogs/a.json.gz"])
        names = ["RedrivePolicy", "VisibilityTimeout"]
        attributes = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
        redrive = json.loads(attributes["RedrivePolicy"])
        self.assertEqual((int(redrive["maxReceiveCount"]), attributes["VisibilityTimeout"]), (5, "300"))
        dead = outputs["DeadLetterQueueUrl"].rsplit("/", 1)[1]
        self.assertTrue(redrive["deadLetterTargetArn"].endswith(f":{dead}"))


def named_actions(body):
    """The actions in a resource, whose policy HCL keeps as the text of an expression."""
    services = {action.split(":")[0] for each in ACTIONS.values() for action in each}
    pattern = rf"\b(?:{'|'.join(sorted(services))}):[A-Z][A-Za-z]*"
    found = (re.findall(pattern, text) for text in texts(body))
    return {action for each in found for action in each} - {NO_ACTION}


if __name__ == "__main__":
    unittest.main()
