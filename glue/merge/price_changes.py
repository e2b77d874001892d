"""What a run's new price records change of the current ones, and which responses contradict what is published."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import DataFrame, Observation
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.arguments import Arguments
from glue.freeze.held import ANSWER, Held, answers_of, to_dicts
from glue.increments.base import BaseSnapshot
from glue.merge.new_records import has_no_new_records, read_new_records
from glue.merge.restatements import (
    CHANGES,
    CONTRADICTS,
    RESPONSE_KEY,
    Contradiction,
    Response,
    changes_of,
    contradictions_in,
    without_responses,
)
from glue.merge.validation import current_table, flagged_records, valid_records
from glue.snapshots import staging
from glue.snapshots.staging import CLEAN
from glue.spark import named
from lake import layout
from lake.tables import DAILY_PRICES, RAW_PRICES

_CHANGES, _CONTRADICTING = "changes", "contradicting"


@dataclass(frozen=True)
class JudgedAnswers:
    """The responses of which nothing is used.

    `withdrawn`: a later response has agreed with what is published; `held`: none has yet.
    """

    withdrawn: list[dict[str, str]]
    held: list[Held]

    @property
    def ignored(self) -> list[dict[str, str]]:
        """All of them."""
        return self.withdrawn + answers_of(to_dicts(self.held))


def read_price_changes(arguments: Arguments) -> DataFrame:
    """The staged changes, rows of `glue.merge.restatements.CHANGES`."""
    return staging.read(arguments, CLEAN, _CHANGES, CHANGES)


def known_answers(base: BaseSnapshot) -> JudgedAnswers:
    """What the served snapshot knows."""
    served = base.served
    if served is None:
        return JudgedAnswers([], [])
    held = [one for one in map(Held.from_dict, served.held) if one.kind == ANSWER]
    return JudgedAnswers(list(served.withdrawn), held)


def judge_unseen(arguments: Arguments, base: BaseSnapshot) -> JudgedAnswers:
    """For a rebuild: judge the answers that the served snapshot has not seen against what it publishes."""
    known = known_answers(base)
    keys = [key for key in base.unseen_objects if layout.raw_kind_of(key) == RAW_PRICES.name]
    if base.manifest or not keys or base.served is None:
        return known
    valid = valid_records(flagged_records(arguments, keys, RAW_PRICES), RAW_PRICES)
    new = without_responses(valid, known.ignored).cache()  # for its years, and for the comparison
    years = [row["year"] for row in new.select("year").distinct().collect()]
    judged = _judged(known, *contradictions_in(_changes(arguments, base.served.snapshot, new, years)))
    new.unpersist()
    return judged


def stage_price_changes(arguments: Arguments, base: BaseSnapshot, years: Sequence[int]) -> JudgedAnswers:
    """Stage the changes of new price records in `years`, without those of responses of which nothing is used."""
    known = known_answers(base)
    if base.manifest is None or has_no_new_records(base, RAW_PRICES):
        return known
    # Without those that are known: an object may be read twice, and what was withdrawn once would contradict again.
    contradicting = _stage(arguments, base.manifest.snapshot, years, known.ignored)
    if not contradicting and not known.held:
        return known
    judged = _judged(known, *contradictions_in(read_price_changes(arguments)))
    if contradicting:
        _stage(arguments, base.manifest.snapshot, years, judged.ignored)
    return judged


def _judged(known: JudgedAnswers, found: Sequence[Contradiction], agreed: dict[str, str]) -> JudgedAnswers:
    held = [*known.held, *(_held(one) for one in found)]
    confirmed = [one for one in held if agreed.get(one.ticker, "") > one.fetched_at]
    withdrawn = known.withdrawn + answers_of(to_dicts(confirmed))
    return JudgedAnswers(withdrawn, [one for one in held if one not in confirmed])


def _held(one: Contradiction) -> Held:
    ticker, source, fetched = (one.response[name] for name in RESPONSE_KEY)
    return Held(ticker, ANSWER, fetched[:10], "restated", one.sentence, source=source, fetched_at=fetched)


def _stage(arguments: Arguments, base: str, years: Sequence[int], ignored: Sequence[Response]) -> int:
    """Gives back how many of the changes contradict what is published."""
    changes = _changes(arguments, base, without_responses(read_new_records(arguments, RAW_PRICES), ignored), years)
    counts = Observation()
    counter = F.count_if(F.expr(CONTRADICTS)).alias(_CONTRADICTING)
    with named("compare new prices with published ones"):
        staging.write(changes.observe(counts, counter), arguments, CLEAN, _CHANGES)
    return int(counts.get[_CONTRADICTING])


def _changes(arguments: Arguments, base: str, new: DataFrame, years: Sequence[int]) -> DataFrame:
    current = staging.read_base_table(arguments, base, current_table(RAW_PRICES), years)
    published = staging.read_base_table(arguments, base, DAILY_PRICES, years)
    return changes_of(new, current, published)
