"""Runs the shell text of commands with an `aws` that only writes down its arguments."""

import re
import subprocess

CLOCK = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class Fault(AssertionError):
    """A step that does not do what it says."""


class Shell:
    """A folder with the stub."""

    def __init__(self, folder):
        self.folder = folder
        self.record = folder / "arguments"
        self.answers = folder / "answers"
        self.answers.mkdir()
        stub = folder / "aws"
        # A command inside another answers with what the endpoint gave for it.
        stub.write_text(
            "#!/bin/sh\n"
            'name="$ANSWERS/$(printf "%s\\0" "$@" | cksum | tr " " -)"\n'
            '[ -f "$name" ] && exec cat "$name"\n'
            'printf "%s\\0" "$@" > "$RECORD"\n'
        )
        stub.chmod(0o755)
        self.count = 0

    def same(self, command, argv, asked, moment):
        """Fails unless a shell makes `argv` of the text of `command`.

        `asked` are the commands in it with what they gave; `moment` is the time that was filled in
        and the variables that were set.
        """
        time, environment = moment
        self.record.unlink(missing_ok=True)
        for answer in self.answers.iterdir():
            answer.unlink()
        for inner, value in asked:
            self.answer(inner, value)
        variables = {"PATH": f"{self.folder}:/usr/bin:/bin", "RECORD": str(self.record)}
        variables |= {"ANSWERS": str(self.answers), "LC_ALL": "C.UTF-8", **environment}
        ran = subprocess.run(
            ["sh", "-c", command["shell"]], env=variables, capture_output=True, text=True
        )
        if ran.returncode or not self.record.exists():
            raise Fault(f"the shell does not run `{command['shell']}`: {ran.stderr}")
        heard = self.record.read_bytes().decode().split("\0")[:-1]
        # The shell's own clock fills in the time.
        wanted = [argument.replace(time, "TIME") for argument in argv[1:]]
        dated = any("{{now}}" in argument for argument in command["argv"])
        heard = [CLOCK.sub("TIME", word) if dated else word for word in heard]
        wanted = [CLOCK.sub("TIME", word) if dated else word for word in wanted]
        if heard != wanted:
            raise Fault(f"a shell makes {heard} of `{command['shell']}`, not {wanted}")
        self.count += 1

    def answer(self, argv, text):
        data = b"".join(word.encode() + b"\0" for word in argv[1:])
        summed = subprocess.run(["cksum"], input=data, capture_output=True).stdout.decode()
        (self.answers / summed.strip().replace(" ", "-")).write_text(text + "\n")
