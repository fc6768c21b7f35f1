"""What is done to buckets: each function makes a world, its trails, and what is known to differ.

A difference is a verdict of the program that the AWS CLI does not share, by key, with the reason in
a comment. Everything else must be the same.
"""

import gzip
import json
import random

from cryptography.hazmat.primitives import serialization

from bucket import World
from trail import BUCKET, Key, Trail, packed

ONE, TWO = Key(), Key()


class Case:
    """A world, the trails that deliver to it, and the keys that are known."""

    def __init__(self, keys=None):
        self.world = World()
        self.world.keys = keys or [ONE.listed(), TWO.listed()]
        self.trails = []
        # By bucket and key: the verdict of the program, and the one of the AWS CLI.
        self.differences = {}
        # What the AWS CLI does not look at, but the program does.
        self.beyond = set()
        # What a copy without metadata is right to say, although the AWS CLI says otherwise.
        self.without_metadata = set()

    def trail(self, key=ONE, **settings):
        trail = Trail(self.world, key, **settings)
        self.trails.append(trail)
        return trail

    def hours(self, count, n_logs=1, **settings):
        """A trail with that many hours; digests and log files by hour, from 1."""
        trail = self.trail(**settings)
        hours = [None] + [trail.hour(number, n_logs) for number in range(1, count + 1)]
        return trail, hours

    def content(self, key, bucket=BUCKET):
        return gzip.decompress(self.world.objects[bucket, key][0])

    def put(self, key, data, bucket=BUCKET):
        """New bytes under the old metadata."""
        self.world.objects[bucket, key] = data, self.world.objects[bucket, key][1]

    def edit(self, key, **members):
        """A digest with other members under the old metadata."""
        document = json.loads(self.content(key))
        self.put(key, packed(json.dumps(document | members).encode()))


def valid():
    case = Case()
    case.hours(4, n_logs=2)
    return case


def empty_hours():
    case = Case()
    trail = case.trail()
    for number, n_logs in [(1, 0), (2, 0), (3, 2), (4, 0)]:
        trail.hour(number, n_logs)
    return case


def first_digest_alone():
    case = Case()
    case.hours(1)
    return case


def tampered_log():
    case = Case()
    _, hours = case.hours(3)
    case.put(hours[2][1][0], packed(b'{"Records": []}'))
    return case


def log_in_other_compression():
    """The content is the same, and so is the verdict."""
    case = Case()
    _, hours = case.hours(3)
    log = hours[2][1][0]
    case.put(log, gzip.compress(case.content(log), compresslevel=1, mtime=7))
    return case


def log_without_checksum():
    case = Case()
    _, hours = case.hours(3)
    log = hours[2][1][0]
    case.put(log, case.world.objects[BUCKET, log][0][:-8])
    return case


def log_cut_off():
    case = Case()
    _, hours = case.hours(3)
    log = hours[2][1][0]
    case.put(log, case.world.objects[BUCKET, log][0][:-20])
    return case


def log_with_wrong_checksum():
    case = Case()
    _, hours = case.hours(3)
    log = hours[2][1][0]
    data = bytearray(case.world.objects[BUCKET, log][0])
    data[-8] ^= 1
    case.put(log, bytes(data))
    return case


def log_not_gzip():
    case = Case()
    _, hours = case.hours(5)
    for hour, data in [(1, b""), (2, b"{}"), (3, b"\x1f"), (4, b"\x1f\x8b\x08"), (5, b"plain text")]:
        case.put(hours[hour][1][0], data)
    return case


def log_with_trailing_bytes():
    case = Case()
    _, hours = case.hours(4)
    for hour, more in [(1, b"x"), (2, b"\0" * 8), (3, packed(b"more"))]:
        log = hours[hour][1][0]
        case.put(log, case.world.objects[BUCKET, log][0] + more)
    return case


def missing_log():
    case = Case()
    _, hours = case.hours(3, n_logs=2)
    del case.world.objects[BUCKET, hours[2][1][0]]
    return case


def moved_log():
    case = Case()
    _, hours = case.hours(3)
    log = hours[2][1][0]
    case.world.objects[BUCKET, log.replace("/01/", "/02/")] = case.world.objects.pop((BUCKET, log))
    return case


def tampered_digest():
    case = Case()
    _, hours = case.hours(4)
    case.edit(hours[2][0], logFiles=[])
    return case


def tampered_newest_digest():
    case = Case()
    _, hours = case.hours(3)
    case.edit(hours[3][0], logFiles=[])
    return case


def tampered_links():
    case = Case()
    _, hours = case.hours(5)
    case.edit(hours[2][0], previousDigestSignature="00")
    case.edit(hours[4][0], previousDigestS3Object=hours[1][0])
    return case


def digest_no_document():
    case = Case()
    _, hours = case.hours(6)
    for hour, data in [(1, b""), (2, packed(b"{")), (3, packed(b"[]")), (4, packed(b"{}")),
                       (5, case.world.objects[BUCKET, hours[5][0]][0][:-8])]:
        case.put(hours[hour][0], data)
    return case


def digest_with_trailing_bytes():
    case = Case()
    _, hours = case.hours(3)
    digest, logs = hours[2]
    case.put(digest, case.world.objects[BUCKET, digest][0] + b"more")
    # The AWS CLI looks for such bytes in log files alone. It is no object that CloudTrail wrote.
    case.differences[BUCKET, digest] = "trailing_bytes", "valid"
    case.differences[BUCKET, logs[0]] = None, "valid"
    return case


def missing_digest():
    case = Case()
    _, hours = case.hours(4)
    del case.world.objects[BUCKET, hours[3][0]]
    return case


def missing_oldest_digest():
    case = Case()
    _, hours = case.hours(3)
    del case.world.objects[BUCKET, hours[1][0]]
    return case


def moved_digest():
    case = Case()
    _, hours = case.hours(6)
    case.world.objects[BUCKET, hours[3][0]] = case.world.objects[BUCKET, hours[2][0]]
    return case


def digest_in_another_folder():
    """The AWS CLI takes a digest in the folder of a later day for the newest one.

    It begins there, goes on with those that are older by their names, and so judges neither the
    hour that is newer nor the place that the digest was taken from.
    """
    case = Case()
    _, hours = case.hours(6)
    place = hours[5][0].replace("/01/", "/02/")
    case.world.objects[BUCKET, place] = case.world.objects.pop((BUCKET, hours[5][0]))
    for key in (hours[6][0], *hours[6][1]):
        case.differences[BUCKET, key] = "valid", None
    # Of a copy without metadata, the newest hour is not verified.
    return case


def metadata_lost():
    case = Case()
    _, hours = case.hours(5)
    of = {hour: case.world.objects[BUCKET, hours[hour][0]][1] for hour in range(1, 6)}
    del of[2]["signature"]
    del of[3]["signature-algorithm"]
    of[4]["signature"] = of[5]["signature"]
    of[5]["signature"] = "no hexadecimal"
    return case


def key_changes():
    case = Case()
    trail = case.trail()
    trail.hour(1)
    trail.key = TWO
    trail.hour(2)
    trail.hour(3)
    return case


def key_unknown():
    case = Case(keys=[TWO.listed()])
    trail = case.trail()
    trail.hour(1)
    trail.key = TWO
    trail.hour(2)
    return case


def key_of_another():
    listed = ONE.listed(TWO.der())
    case = Case(keys=[listed])
    case.hours(2)
    return case


def key_is_none():
    case = Case(keys=[ONE.listed(b"\x30\x03\x02\x01\x05")])
    case.hours(2)
    return case


def key_wrapped():
    """The AWS CLI takes PKCS#1 alone; CloudTrail gives nothing else, but other tools do."""
    case = Case(keys=[ONE.listed(ONE.der(serialization.PublicFormat.SubjectPublicKeyInfo))])
    _, hours = case.hours(2)
    for digest, logs in hours[1:]:
        case.differences[BUCKET, digest] = "valid", "public_key_unreadable"
        case.differences[BUCKET, logs[0]] = "valid", None
    return case


def key_too_late():
    """The AWS CLI asks for the keys of the whole time that it is asked about."""
    late = Key(start=4, end=480)
    case = Case(keys=[late.listed()])
    # A digest may be signed until two hours after its end.
    _, hours = case.hours(4, key=late)
    digest, logs = hours[1]
    case.differences[BUCKET, digest] = "public_key_not_found", "valid"
    case.differences[BUCKET, logs[0]] = None, "valid"
    return case


def gap():
    case = Case()
    trail, _ = case.hours(2)
    trail.previous = None
    trail.hour(8)
    trail.hour(9)
    return case


def gap_and_losses():
    case = Case()
    trail, hours = case.hours(4)
    trail.previous = None
    trail.hour(8)
    trail.hour(9)
    del case.world.objects[BUCKET, hours[4][0]]
    return case


def replaced_digest():
    """The trail was made again, and signed another digest of the same hour."""
    case = Case()
    _, hours = case.hours(3)
    again = Case()
    digest, logs = again.trail().hour(2, 2)
    case.world.objects[BUCKET, digest] = again.world.objects[BUCKET, digest]
    assert digest == hours[2][0]
    for log in logs:
        case.world.objects[BUCKET, log] = again.world.objects[BUCKET, log]
        case.differences[BUCKET, log] = None, "valid"
    # The signature is CloudTrail's; that the newer digest names another one the AWS CLI ignores.
    case.differences[BUCKET, digest] = "not_the_previous", "valid"
    # The log file of the first hour has the name of one of these.
    case.beyond |= {(BUCKET, log) for log in logs}
    # Without metadata, the signature in the newer digest is not one of this digest.
    case.without_metadata.add((BUCKET, digest))
    return case


def backfilled():
    case = Case()
    case.hours(6)
    trail = Trail(case.world, ONE)
    trail.n_logs, trail.is_backfill = 100, True
    trail.hour(2)
    trail.hour(5)
    return case


def backfilled_and_broken():
    case = Case()
    case.hours(6)
    trail = Trail(case.world, ONE)
    trail.n_logs, trail.is_backfill = 100, True
    hours = [None] + [trail.hour(number) for number in range(1, 7)]
    metadata = [None] + [case.world.objects[BUCKET, digest][1] for digest, _ in hours[1:]]
    del metadata[1]["backfill-generation-timestamp"]
    metadata[2]["backfill-generation-timestamp"] = "noon"
    case.edit(hours[3][0], logFiles=[])
    del case.world.objects[BUCKET, hours[4][0]]
    case.put(hours[5][1][0], packed(b"{}"))
    metadata[6]["backfill-generation-timestamp"] = "noon"
    # The AWS CLI looks at the time only where it does not have the key from a newer digest.
    case.differences[BUCKET, hours[2][0]] = "invalid_format", "valid"
    case.differences[BUCKET, hours[2][1][0]] = None, "valid"
    return case


def two_regions():
    case = Case()
    case.hours(3)
    _, hours = case.hours(3, region="us-east-1")
    case.put(hours[2][1][0], packed(b"{}"))
    return case


def two_trails_in_one_bucket():
    case = Case()
    case.hours(3)
    _, hours = case.hours(3, name="other", key=TWO)
    del case.world.objects[BUCKET, hours[2][0]]
    return case


def prefix():
    case = Case()
    _, hours = case.hours(3, prefix="some/prefix")
    case.edit(hours[1][0], logFiles=[])
    return case


def organization():
    case = Case()
    case.hours(3, name="org", is_organization=True, account="444455556666")
    _, hours = case.hours(3, name="org", is_organization=True, account="555566667777")
    del case.world.objects[BUCKET, hours[1][1][0]]
    return case


def bucket_changes():
    case = Case()
    trail, _ = case.hours(2, bucket="older-logs")
    trail.bucket = BUCKET
    trail.hour(3)
    trail.hour(4)
    # The AWS CLI begins in the bucket that the trail delivers to.
    case.world.trails[0]["S3BucketName"] = BUCKET
    return case


CASES = [
    valid, empty_hours, first_digest_alone, tampered_log, log_in_other_compression,
    log_without_checksum, log_cut_off, log_with_wrong_checksum, log_not_gzip,
    log_with_trailing_bytes, missing_log, moved_log, tampered_digest, tampered_newest_digest,
    tampered_links, digest_no_document, digest_with_trailing_bytes, missing_digest,
    missing_oldest_digest, moved_digest, digest_in_another_folder, metadata_lost, key_changes, key_unknown, key_of_another,
    key_is_none, key_wrapped, key_too_late, gap, gap_and_losses, replaced_digest, backfilled,
    backfilled_and_broken, two_regions, two_trails_in_one_bucket, prefix, organization,
    bucket_changes,
]


def broken_at_random(seed):
    """A trail of ten hours with one to four things done to it."""
    chance, case = random.Random(seed), Case()
    trail = case.trail()
    hours = []
    for number in range(1, 11):
        if chance.random() < 0.15:
            trail.previous = None
        if chance.random() < 0.2:
            trail.key = chance.choice([ONE, TWO])
        hours.append(trail.hour(number, chance.randrange(3)))
    digests = [digest for digest, _ in hours]
    logs = [log for _, logs in hours for log in logs]
    for _ in range(chance.randrange(1, 5)):
        chance.choice([spoil_log, spoil_digest])(case, chance, logs, digests)
    return case


def spoil_log(case, chance, logs, _):
    there = [log for log in logs if (BUCKET, log) in case.world.objects]
    if not there:
        return
    log = chance.choice(there)
    data = case.world.objects[BUCKET, log][0]
    kind = chance.randrange(5)
    if kind == 0:
        del case.world.objects[BUCKET, log]
    else:
        at = chance.randrange(len(data))
        flipped = data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1:]
        case.put(log, [data + b"x", data[:at], packed(b"{}"), flipped][kind - 1])


def spoil_digest(case, chance, _, digests):
    there = [digest for digest in digests if (BUCKET, digest) in case.world.objects]
    digest = chance.choice(there)
    data, metadata = case.world.objects[BUCKET, digest]
    kind = chance.randrange(6)
    if kind == 0 and len(there) > 1:
        del case.world.objects[BUCKET, digest]
    elif kind == 1:
        case.put(digest, data[:chance.randrange(len(data))])
    elif kind == 2:
        metadata["signature"] = metadata["signature"][::-1]
    elif kind == 3:
        metadata.pop(chance.choice(["signature", "signature-algorithm"]), None)
    elif kind == 4:
        case.world.objects[BUCKET, digest] = case.world.objects[BUCKET, chance.choice(there)]
    else:
        case.put(digest, packed(b'{"digestS3Bucket": "example-logs"}'))
