"""The two validators that are compared: the AWS CLI's and the program, each in its own words."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "response"))

from aws_cli import AwsCli
from bucket import Aws

# Built by the gate before the tests start.
ROLECALL = os.environ["ROLECALL"]
AWS = Aws()
HOME = tempfile.TemporaryDirectory()
CLI = AwsCli(
    {
        "PATH": os.environ["PATH"],
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "unused",
        "AWS_ENDPOINT_URL": AWS.url,
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_PAGER": "",
        "AWS_CONFIG_FILE": f"{HOME.name}/none",
        "AWS_SHARED_CREDENTIALS_FILE": f"{HOME.name}/none",
        "AWS_EC2_METADATA_DISABLED": "true",
        "HOME": HOME.name,
    },
    AWS.url,
)

JUDGED = re.compile(r"^(?:\(backfill\) )?(?:Digest|Log) file\ts3://([^/]+)/(.*)\t(.*)$")
GAP = re.compile(r"No log files were delivered by CloudTrail between (\S+) and (\S+)$")
# The texts of the AWS CLI, and the ids of the program for the same reasons.
REASONS = {
    "valid": "valid",
    "INVALID: has been moved from its original location": "moved",
    "INVALID: hash value doesn't match": "hash_mismatch",
    "INVALID: invalid format": "invalid_format",
    "INVALID: not found": "not_found",
    "INVALID: signature verification failed": "signature_verification_failed",
    "INVALID: unexpected data after end of compressed stream": "trailing_bytes",
}
# What the AWS CLI says of something that it did not expect: the reason is Python's.
UNEXPECTED = "unexpected"


def reason(text):
    if text.startswith("INVALID: public key not found in region"):
        return "public_key_not_found"
    if text.startswith("INVALID: Unable to load PKCS #1 key"):
        return "public_key_unreadable"
    return REASONS.get(text, UNEXPECTED)


def by_the_cli(trails, until):
    """Verdicts by bucket and key, and gaps, of every trail."""
    verdicts, gaps = {}, set()
    for trail in trails:
        argv = ["aws", "cloudtrail", "validate-logs", "--trail-arn", trail.arn, "--verbose",
                "--region", trail.region, "--account-id", trail.account,
                "--start-time", "2026-02-20T00:00:00Z", "--end-time", until]
        ran = CLI.run(argv, {})
        assert ran.code in (0, 1) and "Results requested" in ran.out, ran
        for line in (ran.out + "\n" + ran.err).splitlines():
            judged, gap = JUDGED.match(line), GAP.search(line)
            if judged:
                place = judged.group(1), judged.group(2)
                verdicts.setdefault(place, set()).add(reason(judged.group(3)))
            elif gap and gap.group(1) < gap.group(2):
                # A chain that begins anew without a pause is a gap of no length to the AWS CLI.
                gaps.add(gap.groups())
    return verdicts, gaps


def by_the_program(world, keys, has_metadata):
    """The document of the program about a copy of every bucket in `world`."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder, "copy")
        for (bucket, key), (content, metadata) in world.objects.items():
            path = root / bucket / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            if has_metadata and "CloudTrail-Digest" in key:
                head = json.dumps({"ContentType": "application/json", "Metadata": metadata})
                pathlib.Path(f"{path}.metadata.json").write_text(head)
        listing = pathlib.Path(folder, "keys.json")
        listing.write_text(json.dumps({"PublicKeyList": keys}))
        argv = [ROLECALL, "verify", str(root), "--public-keys", str(listing), "--all",
                "--format", "json"]
        ran = subprocess.run(argv, capture_output=True, text=True)
    assert ran.returncode in (0, 3, 4), ran.stderr
    return json.loads(ran.stdout), ran.returncode


def verdicts_of(document):
    """Verdicts by bucket and key, and gaps, in the words of the AWS CLI."""
    verdicts, gaps = {}, set()
    for chain in document["chains"]:
        for digest in chain["digests"]:
            # A digest that cannot be read does not say where it belongs, but its path does.
            place = place_of(digest)
            verdicts.setdefault(place, set()).add(verdict_of(digest))
        for gap in chain["gaps"]:
            if gap["cause"] == "chain_start":
                gaps.add((gap["from"], gap["until"]))
    for log in document["log_files"]:
        verdicts.setdefault((log["bucket"], log["key"]), set()).add(verdict_of(log))
    return verdicts, gaps


def place_of(digest):
    source = digest["source"]
    if source.startswith("s3://"):
        bucket, _, key = source.removeprefix("s3://").partition("/")
    else:
        bucket, _, key = source.partition("/copy/")[2].partition("/")
    return bucket, key


def verdict_of(item):
    if item["verdict"] == "unverified":
        return "unverified"
    return item.get("reason", "valid")
