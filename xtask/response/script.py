"""Runs the script of a plan as a person would: reads what it says, and answers what it asks.

The script's `aws` hands its arguments to the CLI that the other tests use, with the credentials of
the profile that the script chose.
"""

import json
import os
import pathlib
import re
import select
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field

from endpoint import MANAGEMENT
from harness import CLI, ENDPOINT, FOLDER, ROLECALL

TITLE = re.compile(r"^\[\d+/\d+\] (.*) \((safe|disruptive|destructive)\)$", re.M)
PROMPT = re.compile(r"^(.*(?:\[y/s\(kip\)/q\]|\[y/q\]|:)) $", re.M)
# What the script says when something is not as the plan says.
TROUBLE = ("NOT as expected", "It failed with status", "It cannot be told", "script.sh:")
# A machine may be busy; a script that waits for what nobody says waits for ever.
SILENCE_SECS = 300
CLIENT = '''#!{python} -IS
import json, os, socket, sys
link = socket.socket(socket.AF_UNIX)
link.connect("{socket}")
link.sendall(json.dumps([sys.argv[1:], os.environ.get("AWS_PROFILE", "")]).encode() + b"\\n")
code, out, err = json.loads(link.makefile().readline())
sys.stdout.write(out)
sys.stderr.write(err)
sys.exit(code)
'''


class Terminal:
    """A folder with the programs that a script runs."""

    def __init__(self):
        self.folder = pathlib.Path(FOLDER.name) / "terminal"
        self.programs = self.folder / "programs"
        self.programs.mkdir(parents=True, exist_ok=True)
        self.address = f"{self.folder}/link"
        pathlib.Path(self.address).unlink(missing_ok=True)
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(self.address)
        self.server.listen()
        self.calls = []
        self.program("aws", CLIENT.format(python=sys.executable, socket=self.address))
        self.program("rolecall", f'#!/bin/sh\nexec "{ROLECALL}" "$@"\n')
        threading.Thread(target=self.serve, daemon=True).start()

    def program(self, name, text):
        (self.programs / name).write_text(text)
        (self.programs / name).chmod(0o755)

    def serve(self):
        while True:
            link, _ = self.server.accept()
            with link, link.makefile("rw") as stream:
                arguments, profile = json.loads(stream.readline())
                stream.write(json.dumps(self.call(arguments, profile)) + "\n")

    def call(self, arguments, profile):
        """Runs a command; before a step names an account there is no profile."""
        account = MANAGEMENT if profile in ("", "management") else profile
        self.calls.append((account, arguments))
        try:
            ran = CLI.run(["aws", *arguments], ENDPOINT.variables(account))
        except Exception as error:  # Whoever reads what the script says has to see it.
            return [255, "", f"It failed with status: {error!r}"]
        return [ran.code, ran.out, ran.err]


@dataclass
class Session:
    """What a script said and was answered."""

    code: int = 0
    text: str = ""
    # Titles of steps, with the answers that were given to them.
    answers: dict = field(default_factory=dict)

    def trouble(self):
        """The lines that say that something went wrong, with the step that they belong to."""
        found, title = [], ""
        for line in self.text.splitlines():
            title = (TITLE.match(line) or [None, title])[1]
            found += [(title, line) for word in TROUBLE if word in line]
        return found


def run(terminal, log, plan, answer, values):
    """Runs the script of `plan`; `answer` says y or s for a step's title and risk."""
    tag = plan["incident_id"][:8]
    # The script writes it.
    (terminal.folder / f"incident-{tag}.json").unlink(missing_ok=True)
    written = subprocess.run(
        [ROLECALL, "respond", plan["incident_id"], str(log), "--format", "sh", "--quiet"],
        capture_output=True, text=True, check=True,
    )
    script = terminal.folder / "script.sh"
    script.write_text(written.stdout)
    variables = {
        "PATH": f"{terminal.programs}:/usr/bin:/bin", "HOME": str(terminal.folder),
        "ROLECALL_WAIT": "0", "ROLECALL_PROFILE_MANAGEMENT": "management", "LC_ALL": "C.UTF-8",
        **{f"ROLECALL_PROFILE_{account}": account for account in plan["accounts"]},
    }
    process = subprocess.Popen(
        ["sh", str(script)], cwd=terminal.folder, env=variables, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )
    return converse(process, answer, values)


def converse(process, answer, values):
    session, unread = Session(), b""
    while True:
        ready, _, _ = select.select([process.stdout], [], [], SILENCE_SECS)
        if not ready:
            process.kill()
            raise AssertionError(f"the script says nothing more: {session.text}{unread}")
        piece = os.read(process.stdout.fileno(), 65536)
        if not piece:
            break
        unread += piece
        text = unread.decode(errors="replace")
        line = text.rsplit("\n", 1)[-1]
        if not PROMPT.fullmatch(line):
            continue
        session.text += text + "\n"
        unread = b""
        said = reply(session, line.strip(), answer, values)
        process.stdin.write(said.encode() + b"\n")
        process.stdin.flush()
    session.text += unread.decode(errors="replace")
    session.code = process.wait()
    return session


def reply(session, prompt, answer, values):
    """What a person says to `prompt`."""
    title, risk = TITLE.findall(session.text)[-1]
    if "[y/" in prompt:
        said = answer(title, risk)
        session.answers.setdefault(title, []).append((prompt, said))
        return said
    return values[prompt.split(",")[0]]
