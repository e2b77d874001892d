"""What a run's new price records change of the current ones, staged for transform and the quality gate."""

from collections.abc import Sequence

from pyspark.sql import DataFrame, Observation
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.arguments import Arguments
from glue.increments.base import BaseSnapshot
from glue.merge.new_records import has_no_new_records, read_new_records
from glue.merge.restatements import CHANGES, CONTRADICTS, Response, changes_of, withdrawn_responses, without_responses
from glue.merge.validation import current_table
from glue.snapshots import staging
from glue.snapshots.staging import CLEAN
from lake.tables import DAILY_PRICES, RAW_PRICES

_CHANGES, _CONTRADICTING = "changes", "contradicting"


def read_price_changes(arguments: Arguments) -> DataFrame:
    """The staged changes, rows of `glue.merge.restatements.CHANGES`."""
    return staging.read(arguments, CLEAN, _CHANGES, CHANGES)


def stage_price_changes(arguments: Arguments, base: BaseSnapshot, years: Sequence[int]) -> list[dict[str, str]]:
    """Stage the changes of new price records in `years`, without those of withdrawn responses.

    Gives back every withdrawn response: those that the served snapshot knows, then those of this run.
    """
    known = list(base.served.withdrawn) if base.served else []
    if base.manifest is None or has_no_new_records(base, RAW_PRICES):
        return known
    if not _stage(arguments, base, years, ()):
        return known
    withdrawn = withdrawn_responses(read_price_changes(arguments))
    if withdrawn:
        _stage(arguments, base, years, withdrawn)
    return known + withdrawn


def _stage(arguments: Arguments, base: BaseSnapshot, years: Sequence[int], withdrawn: Sequence[Response]) -> int:
    """Gives back how many of the changes contradict what is published."""
    new = without_responses(read_new_records(arguments, RAW_PRICES), withdrawn)
    current = staging.read_base_table(arguments, base.id, current_table(RAW_PRICES), years)
    published = staging.read_base_table(arguments, base.id, DAILY_PRICES, years)
    counts = Observation()
    counter = F.count_if(F.expr(CONTRADICTS)).alias(_CONTRADICTING)
    staging.write(changes_of(new, current, published).observe(counts, counter), arguments, CLEAN, _CHANGES)
    return int(counts.get[_CONTRADICTING])
