"""The program and the AWS CLI say the same of the same objects, verdict by verdict."""

import atexit
import unittest

import worlds
from validators import AWS, CLI, HOME, UNEXPECTED, by_the_cli, by_the_program, verdicts_of

SEEDS = range(24)
UNTIL = "2026-03-05T00:00:00Z"
TOTAL = {"worlds": 0, "verdicts": 0, "differences": 0, "kept_open": 0}


class Agreement(unittest.TestCase):
    maxDiff = None

    def test_on_everything_that_is_done_to_a_bucket(self):
        for make in worlds.CASES:
            with self.subTest(make.__name__):
                self.compare(make())

    def test_on_buckets_that_are_broken_at_random(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                self.compare(worlds.broken_at_random(seed), is_random=True)

    def compare(self, case, is_random=False):
        AWS.serve(case.world)
        theirs, their_gaps = by_the_cli(case.trails, UNTIL)
        self.assertTrue(theirs, "the AWS CLI judged nothing")
        document, code = by_the_program(case.world, case.world.keys, has_metadata=True)
        ours, our_gaps = verdicts_of(document)
        self.same(case, ours, theirs)
        self.assertEqual(our_gaps, their_gaps)
        is_broken = any(verdict != {"valid"} for verdict in theirs.values())
        if is_broken and not case.differences:
            self.assertEqual(code, 3)
        if not case.differences:
            whole = any(counts for name, counts in document["counts"].items() if "invalid" in name)
            self.assertEqual(whole, is_broken)
        self.without_metadata(case, theirs, is_random)
        TOTAL["worlds"] += 1
        TOTAL["verdicts"] += len(theirs)
        TOTAL["differences"] += len(case.differences)

    def same(self, case, ours, theirs):
        for place in ours.keys() | theirs.keys():
            our, their = one(ours.get(place)), one(theirs.get(place))
            expected = case.differences.get(place)
            if expected:
                self.assertEqual((our, their), expected, place)
            elif their == UNEXPECTED:
                self.assertNotIn(our, ("valid", "unverified", None), place)
            elif place not in case.beyond:
                self.assertEqual(our, their, place)
        for place in case.differences:
            self.assertIn(place, ours.keys() | theirs.keys(), "a difference that is none")

    def without_metadata(self, case, theirs, is_random):
        """A copy without metadata knows less, and never says the opposite.

        Of two digests of which one was changed, it cannot always tell which; so worlds that are
        broken at random show only that nothing changed is called valid.
        """
        document, _ = by_the_program(case.world, case.world.keys, has_metadata=False)
        ours, _ = verdicts_of(document)
        for place, verdicts in ours.items():
            if place in case.differences or place in case.without_metadata | case.beyond:
                continue
            our, their = one(verdicts), one(theirs.get(place))
            if our == "unverified":
                TOTAL["kept_open"] += 1
            elif our == "valid":
                # What lies in the metadata alone is not part of the copy.
                is_of_metadata = their in ("signature_verification_failed", "invalid_format", None)
                self.assertTrue(their == "valid" or is_of_metadata, (place, our, their))
            elif not is_random:
                self.assertNotEqual(their, "valid", (place, our))


def one(verdicts):
    """The only verdict of a set, or all of them."""
    return next(iter(verdicts)) if verdicts and len(verdicts) == 1 else verdicts


def say():
    print(
        f"integrity: {TOTAL['verdicts']} verdicts of {TOTAL['worlds']} buckets agree with the AWS "
        f"CLI, {TOTAL['differences']} are known to differ, {TOTAL['kept_open']} open without "
        "metadata",
        flush=True,
    )
    CLI.close()
    HOME.cleanup()


atexit.register(say)
