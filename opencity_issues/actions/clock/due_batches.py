"""Work that has come due, in batches of one transaction each: quick for ten thousand, and no row holds up the others."""

import logging
from collections.abc import Callable, Iterable

logger = logging.getLogger(__name__)

BATCH = 150
"""Issues in a transaction: some tenths of a second, so that nobody's deed waits long for the database."""


def carry_out(issue_ids: Iterable[int], deed: Callable[[list[int]], int]) -> int:
    """Do a deed to issues batch by batch, each issue once; returns the sum of what it says it did.

    `deed` takes the ids of a batch, opens a transaction of its own and finds out under its lock what is still due, so that
    it may run twice and at once. A batch that fails is done again issue by issue; what fails then is logged and left.
    """
    ids = list(dict.fromkeys(issue_ids))
    return sum(_all_or_each(ids[start : start + BATCH], deed) for start in range(0, len(ids), BATCH))


def _all_or_each(batch: list[int], deed: Callable[[list[int]], int]) -> int:
    try:
        return deed(batch)
    except Exception:
        logger.exception("A batch of %s issues failed and is done one by one.", len(batch))
    done = 0
    for issue_id in batch:
        try:
            done += deed([issue_id])
        except Exception:
            logger.exception("Issue with the key %s is left for the next round.", issue_id)
    return done
