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
    waiting = collections.deque(sorted(workers[0].ask("list"), key=place))
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
        "more read by the CLI alone, {read} read by a shell".format(**totals)
    )


if __name__ == "__main__":
    main()
