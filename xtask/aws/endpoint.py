"""Moto's server on a port of its own, with what it lacks: event history, signing keys, faults.

Prints its address and serves until it is ended. A request whose signature is not the one that the
AWS CLI's own code makes of it is refused where moto would not look.
"""

import json
import os

KEY_ID, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"] = KEY_ID, SECRET
os.environ["AWS_DEFAULT_REGION"] = "us-east-1"

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from moto.sqs.models import Queue, sqs_backends
from werkzeug.serving import make_server

TARGET = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101."
# 2026-10-18T00:00:00Z.
BEGIN = 1792281600
EVENTS = 120
MINUTE = 60


class Refusal(Exception):
    """An error of AWS's JSON protocol."""

    def __init__(self, code, message, status="400 Bad Request"):
        super().__init__(message)
        self.code, self.status = code, status


class Quiet(MotoRequestHandler):
    """Logs nothing: the tests say what went wrong."""

    def log(self, *_):
        pass


class Endpoint:
    """Moto, with more in front of it."""

    def __init__(self):
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.seen = {}
        Queue.delete_message = stubborn(Queue.delete_message)

    def __call__(self, environ, start_response):
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        own = {"LookupEvents": self.lookup_events, "ListPublicKeys": self.list_public_keys}
        answer = own.get(target.removeprefix(TARGET)) if target.startswith(TARGET) else None
        if answer:
            return self.call(answer, environ, start_response)
        _, own, verb, name = (environ["PATH_INFO"] + "///").split("/")[:4]
        if own == "rolecall":
            own = {"time-passes": time_passes, "deliveries": deliveries}
            return text(start_response, own[verb](name))
        faults = {"denied": deny, "slow-down": slow, "breaks-off": break_off}
        for name, fault in faults.items():
            # The part of a key that asks for a fault.
            if environ["REQUEST_METHOD"] == "GET" and f"/{name}-" in environ["PATH_INFO"]:
                refuse = fault(self.nth(environ["PATH_INFO"]))
                return (refuse or (lambda start: self.moto(environ, start)))(start_response)
        return self.moto(environ, start_response)

    def nth(self, what):
        """How often this was asked for, this time included."""
        self.seen[what] = self.seen.get(what, 0) + 1
        return self.seen[what]

    def call(self, answer, environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        try:
            result = answer(json.loads(body), self.region(environ, body))
            status = "200 OK"
        except Refusal as refusal:
            result = {"__type": f"com.amazonaws#{refusal.code}", "message": str(refusal)}
            status = refusal.status
        payload = json.dumps(result).encode()
        headers = [("Content-Type", "application/x-amz-json-1.1")]
        start_response(status, [*headers, ("Content-Length", str(len(payload)))])
        return [payload]

    def region(self, environ, body):
        """The Region that a request is signed for, once the signature is known to be right."""
        words = environ.get("HTTP_AUTHORIZATION", "").replace(",", " ").split()
        fields = dict(word.split("=", 1) for word in words[1:])
        _, _, region, service, _ = fields["Credential"].split("/")
        url = f"http://{environ['HTTP_HOST']}{environ['PATH_INFO']}"
        request = AWSRequest(environ["REQUEST_METHOD"], url, data=body)
        for name in fields["SignedHeaders"].split(";"):
            value = environ.get(f"HTTP_{name.upper().replace('-', '_')}")
            request.headers[name] = value or environ[name.upper().replace("-", "_")]
        request.context["timestamp"] = environ["HTTP_X_AMZ_DATE"]
        signer = SigV4Auth(Credentials(KEY_ID, SECRET), service, region)
        text = signer.string_to_sign(request, signer.canonical_request(request))
        is_right = signer.signature(text, request) == fields["Signature"]
        if service != "cloudtrail" or not is_right:
            raise Refusal("SignatureDoesNotMatch", "the signature is another one")
        return region

    def lookup_events(self, request, region):
        """One event a minute, the newest first; one Region is denied, one throttles at first."""
        if region == "ap-south-1":
            raise Refusal("AccessDeniedException", "User is not authorized to perform this")
        if region == "us-west-2" and self.nth(region) == 1:
            raise Refusal("ThrottlingException", "Rate exceeded")
        first, last = request.get("StartTime", 0), request.get("EndTime", 2**40)
        times = (BEGIN + MINUTE * number for number in reversed(range(EVENTS)))
        events = [event(time, region) for time in times if first <= time <= last]
        start = int(request.get("NextToken", 0))
        end = start + request["MaxResults"]
        answer = {"Events": events[start:end]}
        return answer | {"NextToken": str(end)} if end < len(events) else answer

    def list_public_keys(self, request, region):
        """Two pages of one key each."""
        number = int(request.get("NextToken", 0))
        key = {
            "Fingerprint": f"{number:032x}",
            "Value": "MIIBCgKCAQEA",
            "ValidityStartTime": float(request["StartTime"]),
            "ValidityEndTime": float(request["EndTime"]),
        }
        answer = {"PublicKeyList": [key]}
        return answer if number else answer | {"NextToken": "1"}


def event(time, region):
    number = (time - BEGIN) // MINUTE
    record = {
        "eventVersion": "1.08",
        "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/alice"},
        "eventTime": f"2026-10-18T{number // 60:02}:{number % 60:02}:00Z",
        "eventSource": "sts.amazonaws.com",
        "eventName": "GetCallerIdentity",
        "awsRegion": region,
        "eventID": f"00000000-0000-0000-0000-{number:012}",
        "recipientAccountId": "111122223333",
    }
    return {
        "EventId": record["eventID"],
        "EventTime": float(time),
        "CloudTrailEvent": json.dumps(record),
    }


def queue_named(name):
    backends = (backend for account in sqs_backends.values() for backend in account.values())
    return next(backend.queues[name] for backend in backends if name in backend.queues)


def time_passes(name):
    """Lets every message that is hidden be delivered again; says how many there were."""
    hidden = [message for message in list(queue_named(name)._messages) if not message.visible]
    for message in hidden:
        message.visible_at = 0.0
    return str(len(hidden))


def deliveries(name):
    """How often each message that was deleted had been delivered."""
    return json.dumps(getattr(queue_named(name), "deliveries", []))


def stubborn(delete):
    """Deletes messages one after the other: moto loses one that is sent meanwhile.

    SQS may deliver a message again that was deleted; a queue named `five-…` does it four times.
    """

    def delete_message(queue, receipt_handle):
        with queue._messages_lock:
            counts = queue.__dict__.setdefault("deliveries", [])
            for message in queue._messages:
                if message.had_receipt_handle(receipt_handle):
                    if queue.name.startswith("five-") and message.approximate_receive_count < 5:
                        message.visible_at = 0.0
                        return
                    counts.append(message.approximate_receive_count)
            delete(queue, receipt_handle)

    return delete_message


def deny(_):
    """What S3 answers to credentials that may not read."""
    return lambda start_response: xml(start_response, "403 Forbidden", "AccessDenied")


def slow(n_requests):
    """What S3 answers to the first requests when there are too many."""
    if n_requests <= 2:
        return lambda start_response: xml(start_response, "503 Slow Down", "SlowDown")
    return None


def break_off(n_requests):
    """Half an answer, to the first request."""
    if n_requests > 1:
        return None

    def answer(start_response):
        start_response("200 OK", [("Content-Length", "8"), ("ETag", '"0"')])
        return [b"{"]

    return answer


def xml(start_response, status, code):
    body = f"<Error><Code>{code}</Code><Message>as asked for</Message></Error>".encode()
    start_response(status, [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
    return [body]


def text(start_response, answer):
    body = answer.encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


def main():
    server = make_server("127.0.0.1", 0, Endpoint(), threaded=True, request_handler=Quiet)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
