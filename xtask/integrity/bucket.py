"""A stand-in for AWS that serves objects with their metadata, trails and public keys.

It knows what `aws cloudtrail validate-logs` asks for and nothing else: of S3 GetBucketLocation,
ListObjects and GetObject, of CloudTrail DescribeTrails and ListPublicKeys, and DescribeOrganization.
"""

import http.server
import json
import threading
import urllib.parse
from xml.sax.saxutils import escape

ORGANIZATION = "o-example1234"


class World:
    """What the stand-in serves."""

    def __init__(self):
        # By bucket and key: bytes and metadata.
        self.objects = {}
        self.trails = []
        # As ListPublicKeys gives them, with times in seconds.
        self.keys = []


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body go out together: otherwise each answer waits for the acknowledgement of
    # its first half.
    wbufsize = -1

    def log_message(self, *_):
        pass

    def answer(self, status, body, headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
        bucket, _, key = urllib.parse.unquote(url.path).lstrip("/").partition("/")
        if "location" in query:
            self.answer(200, b"<LocationConstraint>eu-west-1</LocationConstraint>")
        elif key:
            self.object(bucket, key)
        else:
            self.listing(bucket, query)

    def object(self, bucket, key):
        found = self.server.world.objects.get((bucket, key))
        if found is None:
            body = b"<Error><Code>NoSuchKey</Code><Message>no such key</Message></Error>"
            self.answer(404, body)
            return
        content, metadata = found
        headers = [(f"x-amz-meta-{name}", value) for name, value in metadata.items()]
        self.answer(200, content, headers)

    def listing(self, bucket, query):
        prefix, marker = query.get("prefix", ""), query.get("marker", "")
        held = sorted(key for of, key in self.server.world.objects if of == bucket)
        keys = [key for key in held if key.startswith(prefix) and key > marker]
        contents = "".join(f"<Contents><Key>{escape(key)}</Key></Contents>" for key in keys)
        body = f"<ListBucketResult><IsTruncated>false</IsTruncated>{contents}</ListBucketResult>"
        self.answer(200, body.encode())

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or "{}")
        operation = self.headers["X-Amz-Target"].rpartition(".")[2]
        answer = getattr(self, operation)(asked)
        headers = [("Content-Type", "application/x-amz-json-1.1")]
        self.answer(200, json.dumps(answer).encode(), headers)

    def DescribeTrails(self, _):
        return {"trailList": self.server.world.trails}

    def DescribeOrganization(self, _):
        return {"Organization": {"Id": ORGANIZATION}}

    def ListPublicKeys(self, asked):
        def is_used(key):
            start, end = key["ValidityStartTime"], key["ValidityEndTime"]
            return start <= asked["EndTime"] and end >= asked["StartTime"]

        return {"PublicKeyList": [key for key in self.server.world.keys if is_used(key)]}


class Aws:
    """The stand-in, which serves one world at a time."""

    def __init__(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.world = World()
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def serve(self, world):
        self.server.world = world
