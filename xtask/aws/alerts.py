"""How long it takes until people are told, with a store that holds a large organization.

Starts the service of `PROGRAM` on `STORE` with a queue and a bucket of moto's server and a webhook,
puts objects in which a leaked key leads through three roles to a new user's key, one after the
other, and prints what it measured as one line of JSON.
"""

import gzip
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from endpoint import KEY_ID, SECRET, Endpoint, Quiet

import boto3
from werkzeug.serving import make_server

OBJECTS = 8
# Seconds between objects in which nothing happens, where others come all the time.
BUSY = 0.25
# Seconds after which something is taken to hang.
PATIENCE = 120
ACCOUNT = "111122223333"


class Hook(BaseHTTPRequestHandler):
    """Notes when it was told."""

    told = []

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.told.append(time.monotonic())
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def serving(server):
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def wait_for(what, condition, process):
    """Waits until `condition` holds; gives how long that took."""
    begin = time.monotonic()
    while not condition():
        if process.poll() is not None or time.monotonic() - begin > PATIENCE:
            sys.exit(f"{what}: waited in vain")
        time.sleep(0.01)
    return time.monotonic() - begin


def is_ready(address):
    try:
        return urllib.request.urlopen(f"http://{address}/readyz", timeout=5).status == 200
    except (urllib.error.URLError, ConnectionError):
        return False


def resident(process):
    """Bytes that the process holds now, and at most so far."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    of = {line.split(":")[0]: line.split()[1] for line in status.splitlines() if "VmRSS" in line or "VmHWM" in line}
    return int(of["VmRSS"]) * 1024, int(of["VmHWM"]) * 1024


def record(nth, when, key, service, name, more):
    """One event of attack `nth`."""
    if key.startswith("AKIA"):
        identity = {"type": "IAMUser", "principalId": f"AIDA{nth}", "userName": f"leaked-{nth}"}
        identity["arn"] = f"arn:aws:iam::{ACCOUNT}:user/leaked-{nth}"
    else:
        role = key[4:]
        identity = {"type": "AssumedRole", "principalId": f"AROA{role}:work"}
        identity["arn"] = f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/work"
        identity["sessionContext"] = {"attributes": {"creationDate": when}}
    return {
        "eventVersion": "1.11",
        "eventTime": when,
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "eventID": f"{nth}-{key}-{name}",
        "awsRegion": "us-east-1",
        "recipientAccountId": ACCOUNT,
        "sourceIPAddress": "198.51.100.7",
        "userAgent": "aws-cli/2.17.0",
        "userIdentity": identity | {"accountId": ACCOUNT, "accessKeyId": key},
    } | more


def attack(nth, as_of):
    """A leaked key, three roles, and the key of a new user."""
    when = (as_of + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    keys = [f"AKIA{nth}", f"ASIAHUB{nth}", f"ASIADEPLOY{nth}", f"ASIAADMIN{nth}"]
    records = []
    for key, session in zip(keys, keys[1:]):
        role = session[4:]
        records.append(record(nth, when, key, "sts", "AssumeRole", {
            "requestParameters": {
                "roleArn": f"arn:aws:iam::{ACCOUNT}:role/{role}",
                "roleSessionName": "work",
            },
            "responseElements": {
                "credentials": {"accessKeyId": session},
                "assumedRoleUser": {
                    "assumedRoleId": f"AROA{role}:work",
                    "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/work",
                },
            },
        }))
    user = {"userName": f"bob-{nth}"}
    for name, told in [("CreateUser", {"user": user}), ("CreateAccessKey", {"accessKey": user | {"accessKeyId": f"AKIABOB{nth}"}})]:
        more = {"requestParameters": user, "responseElements": told}
        records.append(record(nth, when, keys[-1], "iam", name, more))
    return gzip.compress(json.dumps({"Records": records}).encode())


def benign(nth, as_of):
    """A call of somebody whom nobody knows yet."""
    when = (as_of + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    records = [record(nth, when, f"AKIACALM{nth}", "s3", "ListBuckets", {})]
    return gzip.compress(json.dumps({"Records": records}).encode())


class Busy(threading.Thread):
    """Puts objects all the time, until it is told to stop."""

    def __init__(self, put, mark, as_of):
        super().__init__(daemon=True)
        self.put, self.mark, self.as_of, self.is_over = put, mark, as_of, threading.Event()

    def run(self):
        number = 0
        while not self.is_over.wait(BUSY):
            self.put(f"calm-{number}", benign(f"{self.mark}{number:06}", self.as_of))
            number += 1


def main():
    program, store = sys.argv[1:]
    endpoint = serving(make_server("127.0.0.1", 0, Endpoint(), threaded=True, request_handler=Quiet))
    hook = serving(ThreadingHTTPServer(("127.0.0.1", 0), Hook))
    sqs, s3 = (boto3.client(name, endpoint_url=endpoint, region_name="us-east-1") for name in ("sqs", "s3"))
    queue = sqs.create_queue(QueueName="trail")["QueueUrl"]
    arn = "arn:aws:sqs:us-east-1:123456789012:trail"
    s3.create_bucket(Bucket="trail")
    told = {"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}
    s3.put_bucket_notification_configuration(
        Bucket="trail", NotificationConfiguration={"QueueConfigurations": [told]}
    )
    shown = [program, "store", "show", store, "--format", "json"]
    before = json.loads(subprocess.check_output(shown))
    as_of = datetime.fromisoformat(before["as_of"].replace("Z", "+00:00")).astimezone(timezone.utc)
    with tempfile.TemporaryDirectory() as folder:
        metrics = "127.0.0.1:19464"
        config = pathlib.Path(folder, "rolecall.toml")
        config.write_text(
            f'[store]\npath = "{store}"\n[listen]\nmetrics = "{metrics}"\n'
            '[console]\naddress = "127.0.0.1:0"\n'
            f'[[source]]\nname = "trail"\nkind = "sqs"\nqueue_url = "{queue}"\n'
            f'[[sink]]\nname = "hook"\nkind = "webhook"\nurl = "{hook}"\n'
        )
        environment = os.environ | {
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ACCESS_KEY_ID": KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        log = pathlib.Path(folder, "log").open("wb")
        process = subprocess.Popen(
            [program, "serve", "--config", config], env=environment, stdout=log, stderr=log
        )
        try:
            start = wait_for("ready", lambda: is_ready(metrics), process)
            # What the store held may be told once it is there.
            time.sleep(3)
            mark = f"{int(time.time()) % 10**8:08}"

            def put(name, body):
                s3.put_object(Bucket="trail", Key=f"{mark}-{name}.json.gz", Body=body)

            def measured(kind):
                alerts = []
                for number in range(OBJECTS):
                    body = attack(f"{mark}{kind}{number}", as_of)
                    n_told = len(Hook.told)
                    begin = time.monotonic()
                    put(f"{kind}{number}", body)
                    wait_for("an alert", lambda: len(Hook.told) > n_told, process)
                    alerts.append(round(Hook.told[n_told] - begin, 2))
                    # Not in step with the analyses.
                    time.sleep(2 + 0.3 * number)
                return alerts

            alerts = measured(0)
            busy = Busy(put, mark, as_of)
            busy.start()
            busy_alerts = measured(1)
            busy.is_over.set()
            busy.join()
            now, at_most = resident(process)
            page = urllib.request.urlopen(f"http://{metrics}/metrics", timeout=5).read().decode()
        finally:
            process.terminate()
            process.wait()
    values = dict(line.rsplit(" ", 1) for line in page.splitlines() if not line.startswith("#"))
    known = int(values["rolecall_store_credentials"])
    print(json.dumps({
        "credentials": known,
        "analyzed": known - int(values["rolecall_store_credentials_at_rest"]),
        "start_seconds": round(start, 2),
        "alert_seconds": alerts,
        "busy_alert_seconds": busy_alerts,
        "rss_bytes": now,
        "peak_rss_bytes": at_most,
    }))


if __name__ == "__main__":
    main()
