"""Estimates what the deployment costs a month: `python -m tools.costs` writes the tables of docs/deploying.md and
docs/scaling.md.

Prices are those of us-east-1 on the date below, without the free tiers that end after a year. What depends on use is
estimated for the use stated; what depends on how long something runs is a range. https://aws.amazon.com/pricing
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tools import doc_blocks
from tools.template import default, resources

PRICES_OF = "2026-11-24"
SESSIONS, DAYS = 21, 30  # a month's
HOURS, WEEKS = 730, 730 / 24 / 7
CRAWLER_MINUTES, CRAWLER_DPUS = (10, 15), 2  # ten minutes are billed at least
REQUESTS, REQUEST_SECONDS = 10_000, (0.05, 0.3)  # a dashboard of ten panels, opened thirty times a day
QUERIES = 500  # one a container and snapshot
RECORD_KB = 5  # Firehose rounds each record up to it
WRITES, READS = 400, 4_000  # of S3 a day: a snapshot has some 70 objects, each copied; every answer reads the pointer
FORECAST_SECONDS = (5, 20)
LOG_GB = 0.1
METRICS = 5  # of each task of ingest

DPU_HOUR, GB_SECOND, LAMBDA_MILLION = 0.44, 0.0000133334, 0.20
S3_WRITES_MILLION, S3_READS_MILLION = 5.0, 0.40
GATEWAY_MILLION, ATHENA_TB, FIREHOSE_GB, S3_GB, LOGGED_GB = 3.50, 5.0, 0.029, 0.023, 0.50
_GB_SECONDS = f"${GB_SECOND * 1e6:.2f} a million GB-seconds"
ALARM, METRIC, FREE = 0.10, 0.30, 10  # the first ten of each are always free


@dataclass(frozen=True)
class Size:
    """A universe's size, and what depends on it. `years`: of history; `key`: the vendor's plan and its dollars a month.

    `job_minutes`: of a Glue job. `run_seconds`: of an ingest run. `records`: of a day. `query_mb`: scanned by a query.
    """

    tickers: int
    years: int
    key: tuple[str, int]
    job_minutes: tuple[float, float]  # Glue bills one at least; nobody has measured any of these there
    run_seconds: tuple[float, float]  # all three runs of a day, a third each
    records: int  # six bars a ticker, its events, and a stock's news
    query_mb: float  # Athena bills 10 MB at least
    stored_gb: float


TEN = Size(10, 20, ("free", 0), (1, 3), (30, 90), 120, 10, 1.0)
# A premium key's 75 a minute: four requests a ticker and day. Bytes as docs/scaling.md measures them, with five
# snapshots, whose unchanged years S3 copies.
SIZES = (
    TEN,
    Size(100, 20, ("premium", 50), (1, 3), (107, 150), 1_000, 15, 1.5),
    Size(503, 20, ("premium", 50), (2, 6), (537, 700), 5_030, 60, 3.0),
    Size(8_000, 40, ("1,200 a minute", 250), (10, 30), (534, 1_600), 80_000, 600, 60.0),
)


@dataclass(frozen=True)
class Line:
    """One line of the bill: dollars a month, `least` to `most`; equal where nothing depends on how long it runs."""

    what: str
    how: str
    price: str
    least: float
    most: float


def bill(size: Size = TEN) -> list[Line]:
    """Every line, the most expensive first."""
    found = (*_glue(size), *_functions(size), *_storage(size), *_watching())
    return sorted(found, key=lambda line: -line.most)


def table() -> str:
    """The bill in Markdown."""
    rows = [[line.what, line.how, line.price, _dollars(line.least, line.most)] for line in bill()]
    dated = f"us-east-1, prices as known on {PRICES_OF}, not looked up that day"
    total = _dollars(sum(line.least for line in bill()), sum(line.most for line in bill()))
    together = ["**together**", "", dated, f"**{total}**"]
    return doc_blocks.table(["what", "how much a month", "price", "dollars"], [*rows, together])


def sizes_table() -> str:
    """What each size costs, in Markdown, by what depends on it."""
    columns = ["Glue jobs", "Ingest", "Firehose", "Athena", "S3"]
    rows = []
    for size in SIZES:
        lines = bill(size)
        named = {line.what: line for line in lines}
        total = _dollars(sum(line.least for line in lines), sum(line.most for line in lines))
        key = f"{size.key[0]}, ${size.key[1]}"
        own = [_dollars(named[what].least, named[what].most) for what in columns]
        rows.append([f"{size.tickers:,} × {size.years} years", *own, f"**{total}**", key])
    return doc_blocks.table(["tickers", *columns, "AWS, together", "the vendor's key"], rows)


def _dollars(least: float, most: float) -> str:
    texts = [f"{value:.2f}" for value in (least, most)]
    return texts[0] if texts[0] == texts[1] else " to ".join(texts)


def _to(least_and_most: tuple[float, float]) -> str:
    return f"{least_and_most[0]:g} to {least_and_most[1]:g}"


def _glue(size: Size) -> Iterator[Line]:
    jobs = resources("AWS::Glue::Job").values()
    price = f"${DPU_HOUR} a DPU-hour"
    workers = sum(job["NumberOfWorkers"] for job in jobs)
    how = f"{SESSIONS} × {len(jobs)} jobs, {workers} DPU × {_to(size.job_minutes)} min"
    yield Line("Glue jobs", how, price, *(SESSIONS * workers * minutes / 60 * DPU_HOUR for minutes in size.job_minutes))
    how = f"{WEEKS:.1f} weeks × {CRAWLER_DPUS} DPU × {_to(CRAWLER_MINUTES)} min"
    yield Line("Crawler", how, price, *(WEEKS * CRAWLER_DPUS * minutes / 60 * DPU_HOUR for minutes in CRAWLER_MINUTES))


def _functions(size: Size) -> Iterator[Line]:
    functions = resources("AWS::Serverless::Function")
    gigabytes = functions["IngestFunction"]["MemorySize"] / 1024
    runs = DAYS * _runs_a_day()
    how = f"{DAYS} × {_runs_a_day()} runs × {_to(size.run_seconds)} s × {gigabytes:g} GB"
    dollars = (runs * seconds * gigabytes * GB_SECOND for seconds in size.run_seconds)
    yield Line("Ingest", how, _GB_SECONDS, *dollars)
    gigabytes = functions["ForecastFunction"]["MemorySize"] / 1024
    how = f"{SESSIONS} × {_to(FORECAST_SECONDS)} s × {gigabytes:g} GB"
    yield Line("Forecasts", how, _GB_SECONDS, *(SESSIONS * each * gigabytes * GB_SECOND for each in FORECAST_SECONDS))
    gigabytes = functions["ApiFunction"]["MemorySize"] / 1024
    how = f"{REQUESTS:,} × {_to(REQUEST_SECONDS)} s × {gigabytes:g} GB"
    dollars = (REQUESTS * (each * gigabytes * GB_SECOND + LAMBDA_MILLION / 1e6) for each in REQUEST_SECONDS)
    yield Line("API function", how, f"{_GB_SECONDS}, ${LAMBDA_MILLION:.2f} a million requests", *dollars)
    how = f"{REQUESTS:,} requests (a key has {default('RequestsPerMonth'):,})"
    yield _fixed("API gateway", how, f"${GATEWAY_MILLION:.2f} a million", REQUESTS * GATEWAY_MILLION / 1e6)


def _fixed(what: str, how: str, price: str, dollars: float) -> Line:
    return Line(what, how, price, dollars, dollars)


def _storage(size: Size) -> Iterator[Line]:
    how = f"{QUERIES} queries of {size.query_mb} MB"
    yield _fixed("Athena", how, f"${ATHENA_TB:.2f} a TB", QUERIES * size.query_mb / 1e6 * ATHENA_TB)
    gigabytes = DAYS * size.records * RECORD_KB / 1e6
    yield _fixed(
        "Firehose",
        f"{DAYS} × {size.records} records of {RECORD_KB} kB",
        f"${FIREHOSE_GB} a GB",
        gigabytes * FIREHOSE_GB,
    )
    how = f"{DAYS} × {WRITES} writes and {READS:,} reads"
    price = f"${S3_WRITES_MILLION:.2f} and ${S3_READS_MILLION:.2f} a million"
    requests = DAYS * (WRITES * S3_WRITES_MILLION + READS * S3_READS_MILLION) / 1e6
    yield _fixed("S3 requests", how, price, requests)
    yield _fixed("S3", f"{size.stored_gb:g} GB", f"${S3_GB} a GB", size.stored_gb * S3_GB)


def _watching() -> Iterator[Line]:
    alarms = len(resources("AWS::CloudWatch::Alarm"))
    yield _fixed("Alarms", f"{alarms}, and {FREE} are free", f"${ALARM:.2f} each", max(0, alarms - FREE) * ALARM)
    whole = METRICS * _runs_a_day() * DAYS / HOURS  # billed for the hours in which they are reported
    how = f"{METRICS} a task, {_runs_a_day()} hours a day: {whole:.1f} whole ones, and {FREE} are free"
    yield _fixed("Metrics", how, f"${METRIC:.2f} each", max(0.0, whole - FREE) * METRIC)
    yield _fixed("Logs", f"{LOG_GB:g} GB", f"${LOGGED_GB:.2f} a GB", LOG_GB * LOGGED_GB)


def _runs_a_day() -> int:
    """The daily schedules that are on once a key is stored."""
    functions: list[Any] = [one["Events"].values() for one in resources("AWS::Serverless::Function").values()]
    states = [event["Properties"].get("State") for events in functions for event in events]
    return states.count({"Ref": "Schedules"})


if __name__ == "__main__":
    doc_blocks.write("costs", table())
    doc_blocks.write("sizes", sizes_table())
