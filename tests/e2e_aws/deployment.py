"""Runs `make deploy` against the emulator, and reaches what was deployed from outside."""

import gzip
import json
import os
import platform
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from tests.e2e_aws.emulator import ROOT, Emulator

STACK = "bellwether"
VENV = ROOT / ".venv-deploy" / "bin"
TICKERS = ("VOO", "NVDA", "AMZN")
COMBINED = "bellwether-combined"  # in the names of raw objects that the step `raw` has written
UNIVERSE = Path(__file__).parent / "four.toml"
_PATIENT = Config(read_timeout=300, retries={"total_max_attempts": 1})


def parameters(simulator_url: str) -> dict[str, str]:
    """The template's parameters: this Python and machine, and the switch for what the emulator lacks."""
    return {
        "Runtime": f"python{sys.version_info.major}.{sys.version_info.minor}",
        "Architecture": "arm64" if platform.machine() == "aarch64" else "x86_64",
        "Emulated": "true",
        "VendorUrl": simulator_url,
        "Tickers": ",".join(TICKERS),
        "RequestsPerSecond": "2",  # so that a few requests exceed it
    }


def run_deploy(command: str, emulator: Emulator, simulator_url: str) -> None:
    """`build` or `release`, as `make deploy` runs them."""
    overrides = " ".join(f"{name}={value}" for name, value in parameters(simulator_url).items())
    given = {"ALPHA_VANTAGE_API_KEY": "a-key-of-nobody", "UNIVERSE": str(UNIVERSE)}
    _call([str(VENV / "python"), "-m", "tools.deploy", command], emulator, PARAMETERS=overrides, **given)


def lint(emulator: Emulator) -> None:
    """`sam validate --lint`, which samconfig.toml makes strict."""
    _call([str(VENV / "sam"), "validate", "--lint", f"--template={ROOT / 'infra' / 'template.yaml'}"], emulator)


def _call(command: list[str], emulator: Emulator, **variables: str) -> None:
    environment = {**os.environ, **emulator.environment, "SAM_CLI_TELEMETRY": "0", "STACK": STACK, **variables}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")


@dataclass(frozen=True)
class Answer:
    """An HTTP answer, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def plain(self) -> bytes:
        """The body as it was before it was compressed."""
        return gzip.decompress(self.body) if self.headers.get("content-encoding") == "gzip" else self.body

    def json(self) -> Any:
        return json.loads(self.plain)


@dataclass(frozen=True)
class Deployed:
    """The stack's outputs, and its API with its key."""

    outputs: Mapping[str, str]
    key: str
    base: str

    @classmethod
    def of(cls, emulator: Emulator) -> "Deployed":
        """What is deployed now."""
        stack: Any = client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
        outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        key = client("apigateway").get_api_key(apiKey=outputs["ApiKeyId"], includeValue=True)["value"]
        return cls(outputs, key, f"{emulator.url}/_aws/execute-api/{outputs['ApiId']}/prod")

    def ask(self, path: str, *, with_key: bool = True) -> Answer:
        """GET a path below the stage, with the headers that a browser sends."""
        headers = {"Accept": "*/*", "Accept-Encoding": "gzip"} | ({"x-api-key": self.key} if with_key else {})
        return self._send(urllib.request.Request(self.base + path, headers=headers))

    def post(self, path: str, message: Mapping[str, Any], *, with_key: bool = True) -> Answer:
        """POST a JSON message, as a client of the Model Context Protocol does."""
        headers = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
        headers |= {"x-api-key": self.key} if with_key else {}
        return self._send(urllib.request.Request(self.base + path, json.dumps(message).encode(), headers))

    def _send(self, request: urllib.request.Request) -> Answer:
        try:
            with urllib.request.urlopen(request, timeout=60) as got:
                return Answer(got.status, _lower(got.headers), got.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, _lower(error.headers), error.read())

    @property
    def lake(self) -> str:
        return self.outputs["LakeBucketName"]


@cache
def client(service: str) -> Any:
    """A client for the emulator. Its type is Any, because ten services are called once or twice each."""
    return boto3.client(service, config=_PATIENT)  # type: ignore[call-overload]


def run_ingest(task: str) -> tuple[bool, Any]:
    """Whether a run of the task succeeded, and its report, or its error. The event is a schedule's Input."""
    return invoke("ingest", {"task": task})


def invoke(kind: str, event: Mapping[str, Any]) -> tuple[bool, Any]:
    """Whether an invocation of the function succeeded, and what it returned, or its error."""
    answer = client("lambda").invoke(FunctionName=function_name(kind), Payload=json.dumps(event).encode())
    return "FunctionError" not in answer, json.loads(answer["Payload"].read())


def function_name(kind: str) -> str:
    """The deployed name of the function `ingest`, `api` or `forecast`, or of a Glue job."""
    return f"{STACK}-{kind}"


def download(bucket: str, prefix: str, folder: Path) -> None:
    """Copy what lies below a prefix of a bucket into a folder."""
    s3 = client("s3")
    for key in keys(bucket, prefix):
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())


def keys(bucket: str, prefix: str) -> list[str]:
    """The keys below a prefix, in order."""
    pages = client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return [item["Key"] for page in pages for item in page.get("Contents", [])]


def forget(bucket: str, prefix: str) -> None:
    """Remove what lies below a prefix."""
    for key in keys(bucket, prefix):
        client("s3").delete_object(Bucket=bucket, Key=key)


def _lower(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
