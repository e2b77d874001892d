"""Estimates what the deployment costs a month: `python -m tools.costs` writes the table of docs/deploying.md.

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
JOB_MINUTES = (1, 3)  # Glue bills a minute at least; nobody has measured ten tickers there
CRAWLER_MINUTES, CRAWLER_DPUS = (10, 15), 2  # ten minutes are billed at least
RUN_SECONDS = (30, 90)  # of an ingest run: 25 requests at one a second, and their delivery
REQUESTS, REQUEST_SECONDS = 10_000, (0.05, 0.3)  # a dashboard of ten panels, opened thirty times a day
QUERIES, QUERY_MB = 500, 10  # one a container and snapshot; Athena bills 10 MB at least
RECORDS, RECORD_KB = 120, 5  # a day; Firehose rounds each up to 5 kB
STORED_GB, LOG_GB = 1.0, 0.1
METRICS = 5  # of each task of ingest

DPU_HOUR, GB_SECOND, LAMBDA_MILLION = 0.44, 0.0000133334, 0.20
GATEWAY_MILLION, ATHENA_TB, FIREHOSE_GB, S3_GB, LOGGED_GB = 3.50, 5.0, 0.029, 0.023, 0.50
ALARM, METRIC, FREE = 0.10, 0.30, 10  # the first ten of each are always free


@dataclass(frozen=True)
class Line:
    """One line of the bill: dollars a month, `least` to `most`; equal where nothing depends on how long it runs."""

    what: str
    how: str
    price: str
    least: float
    most: float


def bill() -> list[Line]:
    """Every line, the most expensive first."""
    found = (*_glue(), *_functions(), *_storage(), *_watching())
    return sorted(found, key=lambda line: -line.most)


def table() -> str:
    """The bill in Markdown."""
    rows = [[line.what, line.how, line.price, _dollars(line.least, line.most)] for line in bill()]
    dated = f"us-east-1, prices as known on {PRICES_OF}, not looked up that day"
    total = _dollars(sum(line.least for line in bill()), sum(line.most for line in bill()))
    together = ["**together**", "", dated, f"**{total}**"]
    return doc_blocks.table(["what", "how much a month", "price", "dollars"], [*rows, together])


def _dollars(least: float, most: float) -> str:
    texts = [f"{value:.2f}" for value in (least, most)]
    return texts[0] if texts[0] == texts[1] else " to ".join(texts)


def _to(least_and_most: tuple[float, float]) -> str:
    return f"{least_and_most[0]:g} to {least_and_most[1]:g}"


def _glue() -> Iterator[Line]:
    jobs = resources("AWS::Glue::Job").values()
    price = f"${DPU_HOUR} a DPU-hour"
    workers = sum(job["NumberOfWorkers"] for job in jobs)
    how = f"{SESSIONS} × {len(jobs)} jobs, {workers} DPU × {_to(JOB_MINUTES)} min"
    yield Line("Glue jobs", how, price, *(SESSIONS * workers * minutes / 60 * DPU_HOUR for minutes in JOB_MINUTES))
    how = f"{WEEKS:.1f} weeks × {CRAWLER_DPUS} DPU × {_to(CRAWLER_MINUTES)} min"
    yield Line("Crawler", how, price, *(WEEKS * CRAWLER_DPUS * minutes / 60 * DPU_HOUR for minutes in CRAWLER_MINUTES))


def _functions() -> Iterator[Line]:
    functions = resources("AWS::Serverless::Function")
    gigabytes = functions["IngestFunction"]["MemorySize"] / 1024
    runs = DAYS * _runs_a_day()
    how = f"{DAYS} × {_runs_a_day()} runs × {_to(RUN_SECONDS)} s × {gigabytes:g} GB"
    dollars = (runs * seconds * gigabytes * GB_SECOND for seconds in RUN_SECONDS)
    yield Line("Ingest", how, f"${GB_SECOND * 1e6:.2f} a million GB-seconds", *dollars)
    gigabytes = functions["ApiFunction"]["MemorySize"] / 1024
    how = f"{REQUESTS:,} × {_to(REQUEST_SECONDS)} s × {gigabytes:g} GB"
    dollars = (REQUESTS * (each * gigabytes * GB_SECOND + LAMBDA_MILLION / 1e6) for each in REQUEST_SECONDS)
    yield Line("API function", how, f"the same, and ${LAMBDA_MILLION:.2f} a million requests", *dollars)
    how = f"{REQUESTS:,} requests (a key has {default('RequestsPerMonth'):,})"
    yield _fixed("API gateway", how, f"${GATEWAY_MILLION:.2f} a million", REQUESTS * GATEWAY_MILLION / 1e6)


def _fixed(what: str, how: str, price: str, dollars: float) -> Line:
    return Line(what, how, price, dollars, dollars)


def _storage() -> Iterator[Line]:
    how = f"{QUERIES} queries of {QUERY_MB} MB"
    yield _fixed("Athena", how, f"${ATHENA_TB:.2f} a TB", QUERIES * QUERY_MB / 1e6 * ATHENA_TB)
    gigabytes = DAYS * RECORDS * RECORD_KB / 1e6
    yield _fixed(
        "Firehose", f"{DAYS} × {RECORDS} records of {RECORD_KB} kB", f"${FIREHOSE_GB} a GB", gigabytes * FIREHOSE_GB
    )
    yield _fixed("S3", f"{STORED_GB:g} GB", f"${S3_GB} a GB", STORED_GB * S3_GB)


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
