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

# What a process has read, and the commands by which it builds what it builds once. A fork copies the
# tables of its pages, so that each kind of service has a process of its own.
GROUPS = {
    "iam": (["iam", "sts", "organizations"],
            ["iam list-roles", "sts get-caller-identity", "organizations list-roots"]),
    "ec2": (["ec2"], ["ec2 describe-instances"]),
    "other": (["lambda", "s3", "sso-admin", "identitystore"],
              ["lambda list-functions", "s3api list-buckets", "sso-admin list-instances"]),
}


def group_of(service):
    """The process that runs the commands of `service`."""
    return next((name for name, (services, _) in GROUPS.items() if service in services), "other")


@dataclass
class Ran:
    """What a command gave."""

    code: int
    out: str
    err: str


class AwsCli:
    """The CLI, ready to be forked."""

    def __init__(self, environment, url):
        self.environment = environment
        # The CLI knows the endpoints of some services by itself and does not ask its environment.
        self.endpoint = ["--endpoint-url", url]
        self.processes = {}

    def process(self, name):
        if name not in self.processes:
            self.processes[name] = subprocess.Popen(
                [sys.executable, __file__, name],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=self.environment,
            )
        return self.processes[name]

    def run(self, argv, variables):
        """Runs `argv` with the variables of its credentials."""
        assert argv[0] == "aws", f"{argv[0]} is not the AWS CLI"
        process = self.process(group_of(argv[1]))
        process.stdin.write(json.dumps([argv[1:] + self.endpoint, variables]) + "\n")
        process.stdin.flush()
        return Ran(*json.loads(process.stdout.readline()))

    def close(self):
        for process in self.processes.values():
            process.stdin.close()
            process.stdout.close()
            process.wait()


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


def warm(driver, commands):
    """Lets `driver` build what it builds once, by commands that reach nobody."""
    nobody = ["--endpoint-url", "http://127.0.0.1:9"]
    with open(os.devnull, "w") as null, redirect_stdout(null), redirect_stderr(null):
        for command in commands:
            driver.main(command.split() + nobody)
    # The forks have their own credentials, and read their own configuration.
    session = driver.session
    session._credentials = session._config = session._profile_map = None
    session._register_credential_provider()


def serve(name):
    from awscli.clidriver import create_clidriver

    services, commands = GROUPS[name]
    driver = create_clidriver()
    loader = driver.session.get_component("data_loader")
    loader.load_data("endpoints")
    loader.load_data("partitions")
    for service in services:
        for kind in ("service-2", "endpoint-rule-set-1", "paginators-1", "waiters-2"):
            if service in loader.list_available_services(kind):
                loader.load_service_model(service, kind)
    driver.session.get_available_services()
    warm(driver, commands)
    gc.collect()
    # Otherwise the collector of every fork copies what all of them share.
    gc.freeze()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(forked(driver, *json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve(sys.argv[1])
