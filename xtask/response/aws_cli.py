"""Runs commands of the AWS CLI, each in a process that is forked from one that has it loaded.

Starting the CLI takes a second, most of which is reading its own files; a gate runs thousands of
commands. A fork of a process that has read them parses and runs the same arguments by the same
code in a fraction of the time. One test runs commands by the program itself.
"""

import gc
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

LOADED = ["iam", "sts", "ec2", "organizations", "lambda", "s3", "events"]
WARM = [
    "iam list-roles", "sts get-caller-identity", "ec2 describe-instances",
    "organizations list-roots", "lambda list-functions", "s3api list-buckets",
]


@dataclass
class Ran:
    """What a command gave."""

    code: int
    out: str
    err: str


class AwsCli:
    """The CLI, ready to be forked."""

    def __init__(self, environment, url):
        # The CLI knows the endpoints of some services by itself and does not ask its environment.
        self.endpoint = ["--endpoint-url", url]
        self.process = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def run(self, argv, variables):
        """Runs `argv` with the variables of its credentials."""
        assert argv[0] == "aws", f"{argv[0]} is not the AWS CLI"
        self.process.stdin.write(json.dumps([argv[1:] + self.endpoint, variables]) + "\n")
        self.process.stdin.flush()
        return Ran(*json.loads(self.process.stdout.readline()))

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


def child(driver, arguments, variables, out, err):
    os.environ.update(variables)
    null = os.open(os.devnull, os.O_RDONLY)
    for source, target in [(null, 0), (out, 1), (err, 2)]:
        os.dup2(source, target)
    code = 255
    try:
        code = driver.main(arguments)
    except SystemExit as end:
        code = end.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 255)


def forked(driver, arguments, variables):
    files = [os.memfd_create(name) for name in ("out", "err")]
    pid = os.fork()
    if pid == 0:
        child(driver, arguments, variables, *files)
    _, status = os.waitpid(pid, 0)
    texts = []
    for file in files:
        os.lseek(file, 0, os.SEEK_SET)
        with os.fdopen(file, "rb") as reader:
            texts.append(reader.read().decode())
    return [os.waitstatus_to_exitcode(status), *texts]


def warm(driver):
    """Lets `driver` build what it builds once: a command of each service, which reaches nobody."""
    nobody = ["--endpoint-url", "http://127.0.0.1:9"]
    with open(os.devnull, "w") as null, redirect_stdout(null), redirect_stderr(null):
        for command in WARM:
            driver.main(command.split() + nobody)
    # The forks have their own credentials.
    driver.session._credentials = None


def serve():
    from awscli.clidriver import create_clidriver

    driver = create_clidriver()
    loader = driver.session.get_component("data_loader")
    loader.load_data("endpoints")
    loader.load_data("partitions")
    for service in LOADED:
        for kind in ("service-2", "endpoint-rule-set-1", "paginators-1", "waiters-2"):
            if service in loader.list_available_services(kind):
                loader.load_service_model(service, kind)
    driver.session.get_available_services()
    warm(driver)
    gc.collect()
    # Otherwise the collector of every fork copies what all of them share.
    gc.freeze()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(forked(driver, *json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
