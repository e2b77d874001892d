"""The steps: data goes in through the deployed function and jobs, and comes out through the deployed API."""

import gzip
import json
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from api.store.duckdb import DuckDBStore
from lake import layout
from lake.snapshot import read_pointer
from lake.storage import open_storage
from tests.e2e_aws import zips
from tests.e2e_aws.athena import DeployedAthena
from tests.e2e_aws.deployment import (
    COMBINED,
    TICKERS,
    UNIVERSE,
    Deployed,
    client,
    download,
    function_name,
    keys,
    run_ingest,
)
from tests.e2e_aws.emulator import Emulator
from tests.e2e_aws.iam import role_arn
from tests.e2e_aws.jobs import JOBS, run_job
from tests.e2e_aws.pages import faults_of
from tests.e2e_aws.report import Found
from tests.support.client import Client

QUESTIONS = (
    "/compare?tickers=NVDA,AMZN&range=3m",
    "/compare?tickers=NVDA,AMZN&range=3m&basis=total",
    "/prices?tickers=AMZN&range=1w",
)
OPEN = ("/", "/docs", "/openapi.json", "/health")
_RESPONSE_MB = 6.0  # what Lambda answers with at most, its JSON included
_AT_ONCE = 4


@dataclass(frozen=True)
class Steps:
    """The deployment, and a folder for a copy of what it publishes."""

    emulator: Emulator
    deployed: Deployed
    athena: DeployedAthena
    folder: Path
    run: str

    def ingest(self) -> Found:
        """The scheduled tasks, with the events of their schedules, against the simulator; another task is refused."""
        reports = {task: run_ingest(task) for task in ("history", "bars", "events")}
        delivered = {task: answer.get("delivered", answer) for task, (_, answer) in reports.items()}
        wrong_succeeded, wrong = run_ingest("weekly")
        named = not wrong_succeeded and "one of history, daily, bars, events" in wrong["errorMessage"]
        whole = delivered["history"] == {
            "prices": 100 * len(TICKERS),
            "splits": len(TICKERS),
            "dividends": len(TICKERS),
        }
        return Found(
            delivered,
            "all succeed; history brings 100 bars a ticker; another task is refused",
            whole and named and all(ok for ok, _ in reports.values()),
        )

    def raw(self) -> Found:
        """Raw objects in the bucket, by kind, each record a line of JSON of a ticker that was asked for."""
        found: dict[str, int] = {}
        tickers: set[str] = set()
        for key in keys(self.deployed.lake, layout.RAW):
            body = client("s3").get_object(Bucket=self.deployed.lake, Key=key)["Body"].read()
            records = [json.loads(line) for line in body.splitlines()]
            tickers |= {record["ticker"] for record in records}
            kind = layout.raw_kind_of(key)
            found[kind] = found.get(kind, 0) + len(records)
        self._combine()
        holds = found.keys() >= {"prices", "splits", "dividends"} and tickers == set(TICKERS)
        return Found(found, "prices, splits and dividends of the tickers asked for", holds)

    def _combine(self) -> None:
        """Combine objects as Firehose does and the emulator does not: the records of five minutes in one gzip."""
        s3, bucket = client("s3"), self.deployed.lake
        folders: dict[str, list[str]] = {}
        for key in keys(bucket, layout.RAW):
            folders.setdefault(key.rpartition("/")[0], []).append(key)
        for folder, found in folders.items():
            lines = b"".join(s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in found)
            for key in found:
                s3.delete_object(Bucket=bucket, Key=key)
            s3.put_object(Bucket=bucket, Key=f"{folder}/{COMBINED}-1.gz", Body=gzip.compress(lines))

    def jobs(self) -> Found:
        """The four jobs from their uploaded scripts, each with its own role."""
        said = [run_job(name, self.run, self.emulator, self.folder) for name in JOBS]
        lines = [line.split(" ", 1)[1] for text in said for line in text.splitlines() if line.startswith("INFO job=")]
        return Found(lines, "4 jobs report", len(lines) == len(JOBS))

    def pointer(self) -> Found:
        """The pointer names a snapshot, and the catalog its tables, both the timestamped and the stable one."""
        storage = open_storage(f"s3://{self.deployed.lake}")
        pointer = read_pointer(storage)
        snapshot = pointer.snapshot if pointer else ""
        database = self.deployed.outputs["DatabaseName"]
        tables: list[Any] = client("glue").get_tables(DatabaseName=database)["TableList"]
        places = {table["Name"]: table["StorageDescriptor"]["Location"].rstrip("/") for table in tables}
        wanted = f"s3://{self.deployed.lake}/{layout.table(snapshot, 'daily_prices')}".rstrip("/")
        names = (f"daily_prices_{snapshot.lower()}", "daily_prices")
        holds = bool(snapshot) and all(places.get(name) == wanted for name in names)
        download(self.deployed.lake, layout.PUBLISHED, self.folder / "copy")
        download(self.deployed.lake, layout.ORIGIN, self.folder / "copy")
        return Found(
            {"snapshot": snapshot, "tables": sorted(places)}, f"the snapshot, and {' and '.join(names)}", holds
        )

    def compare_equal(self) -> Found:
        """The deployed API's answers equal those of this process over a copy of the published files."""
        self.athena.role = role_arn("api")
        self.athena.lake = self.deployed.lake
        self.athena.location = f"s3://{self.deployed.outputs['ResultsBucketName']}/api"
        store = DuckDBStore(self.folder / "copy")
        here = Client.of(store, now=datetime.now(UTC), root_path="/prod")
        faults = [fault for question in QUESTIONS if (fault := self._difference(question, here))]
        store.close()
        asked = len(self.athena.called("StartQueryExecution"))
        return Found(
            faults or f"{len(QUESTIONS)} answers, {asked} queries", "equal to the last digit", not faults and asked > 0
        )

    def _difference(self, question: str, here: Client) -> str:
        answer, wanted = self.deployed.ask(question), here.get(question)
        if answer.status != 200 or wanted.status_code != 200:
            return f"{question}: {answer.status} {answer.body[:500]!r}, here {wanted.status_code}"
        return "" if answer.json() == wanted.json() else f"{question}: differs"

    def universe(self) -> Found:
        """The file that UNIVERSE named is in the packages of functions and jobs, and the API follows its tickers."""
        wanted = UNIVERSE.read_bytes()
        packed = {kind: zips.file_of(kind, f"lake/universes/{UNIVERSE.name}") == wanted for kind in ("ingest", "api")}
        arguments = client("glue").get_job(JobName=function_name("clean"))["Job"]["DefaultArguments"]
        bucket, _, key = arguments["--extra-py-files"].removeprefix("s3://").partition("/")
        release = client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
        packed["jobs"] = zips.content(release, f"lake/universes/{UNIVERSE.name}") == wanted
        variables = [
            client("lambda").get_function_configuration(FunctionName=function_name(kind))["Environment"]["Variables"]
            for kind in ("ingest", "api", "forecast")
        ]
        named = {one["UNIVERSE"] for one in variables} | {arguments["--UNIVERSE"]}
        tickers = [row["value"] for row in self.deployed.ask("/tickers").json()["rows"]]
        holds = all(packed.values()) and named == {UNIVERSE.name} and tickers == list(tomllib.loads(wanted.decode()))
        return Found({"packed": packed, "named": sorted(named), "tickers": tickers}, f"{UNIVERSE.name} in each", holds)

    def mcp(self) -> Found:
        """An agent's handshake, its list of tools and a call, through the gateway with its key; 403 without."""
        client_info = {"name": "e2e", "version": "1"}
        hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client_info}
        call = {"name": "compare", "arguments": {"tickers": ["NVDA", "AMZN"], "range": "3m"}}
        messages: dict[str, dict[str, Any]] = {"initialize": hello, "tools/list": {}, "tools/call": call}
        answers = [
            self.deployed.post("/mcp", {"jsonrpc": "2.0", "id": number, "method": method, "params": params})
            for number, (method, params) in enumerate(messages.items(), start=1)
        ]
        statuses = [answer.status for answer in answers]
        refused = self.deployed.post("/mcp", {"jsonrpc": "2.0", "id": 1, "method": "ping"}, with_key=False).status
        if statuses != [200, 200, 200]:
            return Found([(one.status, one.body[:200]) for one in answers], "200 each", holds=False)
        opened, listed, called = (answer.json()["result"] for answer in answers)
        summary = called["structuredContent"]["summary"]
        wanted = self.deployed.ask("/compare?tickers=NVDA,AMZN&range=3m").json()["summary"]
        # An agent gets six digits.
        figures = [[(one["ticker"], f"{one['cumulative_return']:.6g}") for one in rows] for rows in (summary, wanted)]
        holds = opened["protocolVersion"] == hello["protocolVersion"] and figures[0] == figures[1] and refused == 403
        value = {"tools": len(listed["tools"]), "compare": figures[0], "without a key": refused}
        return Found(value, "8 tools, and the figures of /compare", holds and len(listed["tools"]) == 8)

    def no_key_403(self) -> Found:
        """Without the key, and with a wrong one."""
        bare = [self.deployed.ask(path, with_key=False).status for path in (*QUESTIONS, "/tickers", "/limits")]
        wrong = Deployed(self.deployed.outputs, "no-key-of-ours", self.deployed.base).ask("/tickers").status
        return Found(sorted({*bare, wrong}), [403], {*bare, wrong} == {403})

    def throttle_429(self) -> Found:
        """More requests than the template's burst of 40, faster than its rate."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            statuses = list(pool.map(lambda _: self.deployed.ask("/limits").status, range(60)))
        counts = {status: statuses.count(status) for status in sorted(set(statuses))}
        return Found(counts, "200 and 429, nothing else", counts.keys() == {200, 429})

    def open_pages(self) -> Found:
        """The page, Swagger UI and all that they load are served without a key, and are small enough for Lambda."""
        faults, loaded = faults_of(self.deployed, OPEN, _RESPONSE_MB)
        return Found(faults or f"{loaded} addresses", "every one 200, without a key", not faults and loaded > len(OPEN))
