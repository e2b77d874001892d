"""A run that its function has no time for goes on in another invocation, and requests nothing twice.

The vendor's free plan takes a request a second, so that a history of three tickers needs nine; a function that has
five seconds for them is continued by itself, with its own role.
"""

import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ingest.run import SECONDS_TO_FINISH
from lake import layout
from tests.e2e_aws.deployment import (
    COMBINED,
    TICKERS,
    Deployed,
    client,
    forget,
    function_name,
    invoke,
    keys,
    run_ingest,
)
from tests.e2e_aws.report import Found

REQUESTS = 3 * len(TICKERS)  # bars, splits and dividends of each
_SECONDS = 5
_PATIENCE = 90
_QUIET = 5.0  # without a change, until nothing is taken to be under way


def goes_on(deployed: Deployed) -> Found:
    """One history in several invocations: each request once, each record once, and a repeated event is no work."""
    before = set(keys(deployed.lake, layout.RAW))
    with little_time(deployed):
        succeeded, first = run_ingest("history")
        handed_over = unfinished(deployed)
        wait_until_quiet(deployed)
    repeated = invoke("ingest", {"task": "history", "continues": first.get("run", "")})
    records = _records(deployed, set(keys(deployed.lake, layout.RAW)) - before)
    value = {
        "first": first.get("requests"),
        "handed over": len(handed_over),
        "invocations": 1 + len(unfinished(deployed)),
        "requests": spent(deployed),
        "records": records,
    }
    wanted = {"prices": 100 * len(TICKERS), "splits": len(TICKERS), "dividends": len(TICKERS)}
    holds = (
        succeeded
        and 0 < first["requests"] < REQUESTS
        and len(handed_over) == 1
        and all(one["taken"] for one in unfinished(deployed).values())
        and repeated == (True, {"run": first["run"], "continued": "by another invocation"})
        and (spent(deployed), records) == (REQUESTS, wanted)
    )
    for key in set(keys(deployed.lake, layout.RAW)) - before:
        client("s3").delete_object(Bucket=deployed.lake, Key=key)
    return Found(value, f"{REQUESTS} requests in several invocations, each record once", holds)


@contextmanager
def little_time(deployed: Deployed) -> Iterator[None]:
    """As on a new day, with a timeout that is enough for some of a history's requests."""
    forget(deployed.lake, "state/")
    # What earlier steps have delivered since the publish, which the plan would not request again.
    for key in keys(deployed.lake, layout.RAW):
        if COMBINED not in key:
            client("s3").delete_object(Bucket=deployed.lake, Key=key)
    name = function_name("ingest")
    timeout = client("lambda").get_function_configuration(FunctionName=name)["Timeout"]
    client("lambda").update_function_configuration(FunctionName=name, Timeout=int(SECONDS_TO_FINISH) + _SECONDS)
    try:
        yield
    finally:
        client("lambda").update_function_configuration(FunctionName=name, Timeout=timeout)


def unfinished(deployed: Deployed) -> Mapping[str, Any]:
    """What runs have handed over, by key."""
    s3 = client("s3")
    found = keys(deployed.lake, "state/unfinished/")
    return {key: json.loads(s3.get_object(Bucket=deployed.lake, Key=key)["Body"].read()) for key in found}


def spent(deployed: Deployed) -> int:
    """The requests of the day, by the lake's own count."""
    s3 = client("s3")
    bodies = (
        s3.get_object(Bucket=deployed.lake, Key=key)["Body"].read() for key in keys(deployed.lake, "state/spend/")
    )
    return sum(json.loads(body)["spent"] for body in bodies)


def wait_until_quiet(deployed: Deployed) -> None:
    """Wait until all that was handed over is taken, and no request has been made for some seconds."""
    until, count, since = time.monotonic() + _PATIENCE, -1, time.monotonic()
    while time.monotonic() < until:
        now = spent(deployed)
        if now != count:
            count, since = now, time.monotonic()
        taken = all(one["taken"] for one in unfinished(deployed).values())
        if taken and time.monotonic() - since > _QUIET:
            return
        time.sleep(0.5)


def _records(deployed: Deployed, found: set[str]) -> dict[str, int]:
    s3 = client("s3")
    counts: Counter[str] = Counter()
    for key in found:
        body = s3.get_object(Bucket=deployed.lake, Key=key)["Body"].read()
        counts[layout.raw_kind_of(key)] += len(body.splitlines())
    return dict(counts)
