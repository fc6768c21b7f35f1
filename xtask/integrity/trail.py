"""An invented trail: log files, and digests signed by a key of its own."""

import base64
import datetime
import gzip
import hashlib
import json

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from bucket import ORGANIZATION

ACCOUNT = "111122223333"
BUCKET = "example-logs"
MIDNIGHT = datetime.datetime(2026, 3, 1, tzinfo=datetime.timezone.utc)


def hour_of(number):
    return MIDNIGHT + datetime.timedelta(hours=number)


def extended(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def packed(content):
    return gzip.compress(content, mtime=0)


class Key:
    """A key of CloudTrail's."""

    def __init__(self, start=-240, end=480):
        self.private = rsa.generate_private_key(65537, 2048)
        self.fingerprint = hashlib.md5(self.der()).hexdigest()
        self.validity = hour_of(start).timestamp(), hour_of(end).timestamp()

    def der(self, form=serialization.PublicFormat.PKCS1):
        return self.private.public_key().public_bytes(serialization.Encoding.DER, form)

    def sign(self, text):
        return self.private.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()).hex()

    def listed(self, der=None):
        """The key as ListPublicKeys gives it."""
        start, end = self.validity
        return {
            "Fingerprint": self.fingerprint,
            "Value": base64.b64encode(der or self.der()).decode(),
            "ValidityStartTime": start,
            "ValidityEndTime": end,
        }


class Trail:
    """One trail in one account and Region, which delivers to a world."""

    def __init__(self, world, key, name="audit", region="eu-west-1", account=ACCOUNT,
                 bucket=BUCKET, prefix="", is_organization=False):
        self.world, self.key, self.name, self.region = world, key, name, region
        self.account, self.bucket, self.prefix = account, bucket, prefix
        self.is_organization, self.is_backfill, self.previous = is_organization, False, None
        self.n_logs = 0
        self.arn = f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/{name}"
        trail = {"TrailARN": self.arn, "S3BucketName": bucket,
                 "IsOrganizationTrail": is_organization}
        if prefix:
            trail["S3KeyPrefix"] = prefix
        if trail not in world.trails:
            world.trails.append(trail)

    def place(self, service, time, name):
        parts = [self.prefix, "AWSLogs", ORGANIZATION if self.is_organization else "",
                 self.account, service, self.region, time.strftime("%Y/%m/%d"), name]
        return "/".join(part for part in parts if part)

    def digest_key(self, number):
        end, suffix = hour_of(number), "_backfill" if self.is_backfill else ""
        name = (f"{self.account}_CloudTrail-Digest_{self.region}_{self.name}_eu-west-1_"
                f"{end:%Y%m%dT%H%M%SZ}{suffix}.json.gz")
        return self.place("CloudTrail-Digest", end, name)

    def log(self, number):
        """Delivers a log file, and returns what a digest says of it."""
        self.n_logs += 1
        time = hour_of(number) - datetime.timedelta(minutes=40 - self.n_logs % 20)
        unique = f"{self.name[:6]}{self.n_logs:010}"
        name = f"{self.account}_CloudTrail_{self.region}_{time:%Y%m%dT%H%MZ}_{unique}.json.gz"
        key = self.place("CloudTrail", time, name)
        content = json.dumps({"Records": [{"eventID": name, "eventTime": extended(time)}]}).encode()
        self.world.objects[self.bucket, key] = packed(content), {}
        return {"s3Bucket": self.bucket, "s3Object": key, "hashAlgorithm": "SHA-256",
                "hashValue": hashlib.sha256(content).hexdigest(),
                "newestEventTime": extended(time), "oldestEventTime": extended(time)}

    def hour(self, number, n_logs=1):
        """Delivers the log files and the digest of an hour, and returns their keys."""
        logs = [self.log(number) for _ in range(n_logs)]
        key = self.digest_key(number)
        times = [log["newestEventTime"] for log in logs] or [None]
        document = {
            "awsAccountId": self.account, "digestStartTime": extended(hour_of(number - 1)),
            "digestEndTime": extended(hour_of(number)), "digestS3Bucket": self.bucket,
            "digestS3Object": key, "digestPublicKeyFingerprint": self.key.fingerprint,
            "digestSignatureAlgorithm": "SHA256withRSA", "newestEventTime": times[-1],
            "oldestEventTime": times[0],
        }
        names = ("S3Bucket", "S3Object", "HashValue", "HashAlgorithm", "Signature")
        previous = self.previous or (None,) * len(names)
        document |= {f"previousDigest{name}": value for name, value in zip(names, previous)}
        content = json.dumps(document | {"logFiles": logs}).encode()
        hash_value = hashlib.sha256(content).hexdigest()
        text = "\n".join([document["digestEndTime"], f"{self.bucket}/{key}", hash_value,
                          previous[-1] or "null"])
        signature = self.key.sign(text)
        metadata = {"signature": signature, "signature-algorithm": "SHA256withRSA"}
        if self.is_backfill:
            metadata["backfill-generation-timestamp"] = extended(hour_of(number + 30))
        self.world.objects[self.bucket, key] = packed(content), metadata
        self.previous = self.bucket, key, hash_value, "SHA-256", signature
        return key, [log["s3Object"] for log in logs]
