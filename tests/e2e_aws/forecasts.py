"""The deployed function commits the forecasts of a lake that is not simulated, once; SQL and the API then read them.

The lake that the jobs have published is a simulated one of 100 sessions, which keeps no record. So a snapshot of ten
tickers whose manifest says `live` is put beside it and served.
"""

from pathlib import Path
from typing import Any

from benchmarks.support.lakes import SNAPSHOT, History, publish
from benchmarks.support.markets import LAST, SESSIONS, walk
from glue.snapshots.catalog import Catalog
from lake import layout
from lake.snapshot import read_pointer, swap_pointer
from lake.storage import open_storage
from tests.e2e_aws import iam
from tests.e2e_aws.athena import DeployedAthena
from tests.e2e_aws.deployment import Deployed, client, download, invoke, keys
from tests.e2e_aws.report import Found

TICKERS = ("AAPL", "AMZN", "GOOGL", "META", "MSFT", "NVDA", "QQQ", "SCHG", "TSLA", "VOO")
PAIRS, HORIZONS = 4, (21, 63)
QUERY = "SELECT horizon, array_join(baskets.a, '+') AS a, probability, snapshot FROM forecasts WHERE dt = '{}'"


def committed_once(deployed: Deployed, athena: DeployedAthena, folder: Path) -> Found:
    """Two runs of the function: the first commits, the second changes nothing. The table and the API show the rows."""
    _serve_live_lake(deployed, athena, folder)
    iam.drop_condition("forecast", "Commit")
    athena.role = iam.role_arn("forecast")
    first = invoke("forecast", {"detail": {"state": "SUCCEEDED"}})
    before = _objects(deployed)
    second = invoke("forecast", {"detail": {"state": "SUCCEEDED"}})
    unchanged = _objects(deployed) == before
    refused = _refuses_to_rewrite(deployed, next(iter(before), ""))
    athena.role = iam.role_arn("api")
    rows = _by_sql(deployed, athena)
    answer = deployed.ask("/outlook/record")
    record = answer.json()["rows"] if answer.status == 200 else []
    counts = [(ok, len(found.get("added", ())), len(found.get("there", ()))) for ok, found in (first, second)]
    value: dict[str, Any] = {"runs": counts, "unchanged": unchanged, "rewritten": not refused}
    holds = (
        counts == [(True, PAIRS, 0), (True, 0, PAIRS)]
        and unchanged
        and refused
        and sorted(horizon for horizon, *_ in rows) == sorted(HORIZONS * PAIRS)
        and sorted(rows)
        == sorted((row["horizon_sessions"], row["a"], row["p_a_beats_b"], row["snapshot"]) for row in record)
    )
    value |= {"by SQL": len(rows), "by the API": len(record)}
    return Found(value, f"{PAIRS} objects once, {PAIRS * len(HORIZONS)} rows", holds)


def commits(deployed: Deployed, athena: DeployedAthena) -> bool:
    """Whether the function commits everything for a session that has nothing yet."""
    for key in keys(deployed.lake, layout.FORECASTS):  # the emulator has no bucket policy, which would refuse
        client("s3").delete_object(Bucket=deployed.lake, Key=key)
    athena.role = iam.role_arn("forecast")
    iam.restart("forecast")
    succeeded, answer = invoke("forecast", {"detail": {"state": "SUCCEEDED"}})
    return succeeded and len(answer["added"]) == PAIRS


def _serve_live_lake(deployed: Deployed, athena: DeployedAthena, folder: Path) -> None:
    market = {ticker: History(walk(seed, SESSIONS, 50)) for seed, ticker in enumerate(TICKERS)}
    local = publish(folder / "live", market, origin="live")
    for path in (local / layout.snapshot(SNAPSHOT)).rglob("*"):
        if path.is_file():
            key = path.relative_to(local).as_posix()
            client("s3").put_object(Bucket=deployed.lake, Key=key, Body=path.read_bytes())
    storage = open_storage(f"s3://{deployed.lake}")
    catalog = Catalog(deployed.outputs["DatabaseName"], client("glue"))
    catalog.register(storage, SNAPSHOT)
    swap_pointer(storage, SNAPSHOT, read_pointer(storage))
    catalog.align(storage)
    download(deployed.lake, layout.PUBLISHED, athena.root)
    iam.restart("api")


def _objects(deployed: Deployed) -> dict[str, tuple[str, bytes, str]]:
    """Tag, bytes and time of each committed object, by key."""
    found = {}
    for key in keys(deployed.lake, layout.FORECASTS):
        one = client("s3").get_object(Bucket=deployed.lake, Key=key)
        found[key] = (one["ETag"], one["Body"].read(), str(one["LastModified"]))
    return found


def _refuses_to_rewrite(deployed: Deployed, key: str) -> bool:
    """Whether S3 refuses the only write that the function's role may make."""
    s3 = client("s3")
    try:
        s3.put_object(Bucket=deployed.lake, Key=key, Body=b"{}", IfNoneMatch="*")
    except s3.exceptions.ClientError as error:
        return bool(error.response["ResponseMetadata"]["HTTPStatusCode"] == 412)
    return False


def _by_sql(deployed: Deployed, athena: DeployedAthena) -> list[Any]:
    """The rows that Athena gives, which looks the table up in the catalog."""
    context = {"Database": deployed.outputs["DatabaseName"]}
    body = {"QueryString": QUERY.format(LAST.isoformat()), "QueryExecutionContext": context}
    status, started = athena.answer("StartQueryExecution", body)
    if status != 200:
        raise RuntimeError(f"Athena: {started}")
    execution = athena.executions[started["QueryExecutionId"]]
    if execution.state == "FAILED":
        raise RuntimeError(f"Athena: {execution.reason}")
    return execution.rows
