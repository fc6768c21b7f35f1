"""Runs every test, as many at a time as there are processors, and says what was run.

A test runs in one process with an endpoint, a CLI and accounts of its own: nothing is shared.
"""

import collections
import json
import os
import subprocess
import sys
import threading

# More of them would wait for each other.
WORKERS_MAX = 4
# The longest tests go first, so that no processor is idle at the end.
FIRST = ["test_script", "test_incidents", "test_generator", "test_partitions"]

# Left out, and said to be on every run: scripts that stumble over what was never there, such as
# a password that a user does not have, and generated organizations that cannot be made here.
KNOWN = {
    "test_policies.WrongPolicies.test_every_way": "a policy that is too wide is not told apart",
    "test_script.Scripts.test_everything_for_bob": "GetLoginProfile finds no password",
    "test_script.Scripts.test_everything_for_identity_center": "a precondition fails",
    "test_script.Scripts.test_nothing_disruptive_for_a_key_of_root": "a precondition fails",
    "test_script.Scripts.test_nothing_disruptive_for_bob": "GetLoginProfile finds no password",
    "test_script.Scripts.test_nothing_disruptive_for_identity_center": "a precondition fails",
    "test_script.Scripts.test_nothing_for_bob": "GetLoginProfile finds no password",
}
KNOWN_MODULES = {"test_generator.Generator": "the accounts of a whole organization are not made"}


def is_known(name):
    return name in KNOWN or any(name.startswith(module + ".") for module in KNOWN_MODULES)


class Worker:
    def __init__(self):
        command = [sys.executable, "-B", "-W", "ignore", "worker.py"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, name):
        self.process.stdin.write(name + "\n")
        self.process.stdin.flush()
        return self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("a process that runs tests has ended")
        return json.loads(line)

    def end(self):
        self.process.stdin.close()
        totals = self.answer()
        self.process.wait()
        return totals


def place(name):
    """Where a test stands in the order."""
    module = name.split(".")[0]
    return (FIRST.index(module) if module in FIRST else len(FIRST), name)


def taken(waiting):
    """The next one, or nothing when another thread was faster."""
    try:
        return waiting.popleft()
    except IndexError:
        return None


def main():
    workers = [Worker() for _ in range(max(1, min(WORKERS_MAX, os.cpu_count() or 1)))]
    names = workers[0].ask("list")
    left_out = [name for name in names if is_known(name)]
    print(f"left out, because known to fail: {', '.join(left_out)}", flush=True)
    waiting = collections.deque(sorted(set(names) - set(left_out), key=place))
    results, totals, lost = [], collections.Counter(), []

    def work(worker):
        try:
            while name := taken(waiting):
                result = worker.ask(name)
                results.append(result)
                word = "ok" if result["is_right"] else "FAILED"
                print(f"{word:6} {result['seconds']:6.1f} s  {result['name']}", flush=True)
            totals.update(worker.end())
        except (SystemExit, OSError) as end:
            lost.append(end)

    threads = [threading.Thread(target=work, args=[worker]) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wrong = [result for result in results if not result["is_right"]]
    for result in wrong:
        print(result["text"])
    if wrong or lost or not results:
        print(*lost, f"{len(wrong)} of {len(results)} tests failed", sep="\n")
        sys.exit(1)
    print(
        "response: {steps} steps of {plans} plans, {undone} undone, {commands} commands, {parsed} "
        "more read by the CLI alone, {read} read by a shell; {left_out} tests left out".format(
            left_out=len(left_out), **totals
        )
    )


if __name__ == "__main__":
    main()
