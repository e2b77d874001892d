"""The time of a new process from its start to the first answered event, against a minimal process.

    python -m benchmarks.api_cold

Ours imports `api.lambda_handler` and answers `/tickers` from a lake on an S3 server on loopback. The floor imports
fastapi, mangum, numpy and pyathena, creates the clients of Athena and S3, and returns a constant.

A process imports the one resource that it is asked for. `cold_questions_over_floor` also imports `/questions`, which
needs most of the others; `cold_all_over_floor` imports all of them.
"""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks import wide_lake
from benchmarks.figures import Figure, judged, report, unjudged
from benchmarks.timing import median_seconds

_ROUNDS = 15
_ROOT = Path(__file__).parent.parent
# An event of an API Gateway REST API: its fields are the ones that Mangum reads.
_EVENT = {
    "resource": "/{proxy+}",
    "path": "/tickers",
    "httpMethod": "GET",
    "headers": {"Host": "api.test"},
    "multiValueHeaders": {"Host": ["api.test"]},
    "queryStringParameters": None,
    "multiValueQueryStringParameters": None,
    "requestContext": {"resourcePath": "/{proxy+}", "stage": "prod", "httpMethod": "GET", "path": "/prod/tickers"},
    "body": None,
    "isBase64Encoded": False,
}
_ANSWER = f"answer = handler({_EVENT!r}, None); assert answer['statusCode'] == 200"
# Exits without the interpreter's cleanup, which a Lambda function never runs.
_EXIT = "import os; os._exit(0)"
_OURS = f"from api.lambda_handler import handler; {_ANSWER}; assert '\"NVDA\"' in answer['body']; {_EXIT}"
_QUESTIONS = f"import api.lambda_handler, api.resources.questions.routes; {_OURS}"
_ALL = f"""
import importlib, api.lambda_handler
from api.resources.index import MODULES
for module in MODULES.values(): importlib.import_module(module)
{_OURS}
"""
_FLOOR = f"""
import boto3, fastapi, mangum, numpy, pyathena
boto3.client("athena"), boto3.client("s3")
app = fastapi.FastAPI()
@app.get("/tickers")
async def tickers(): return {{"rows": []}}
handler = mangum.Mangum(app, lifespan="off")
{_ANSWER}
{_EXIT}
"""


def measure(rounds: int = _ROUNDS) -> list[Figure]:
    """The figures: medians over interleaved processes."""
    with tempfile.TemporaryDirectory() as folder:
        wide_lake.write(Path(folder) / "bucket" / "lake", 10, 2)
        with _s3_server(Path(folder)) as url:
            calls = [partial(_run, script, url) for script in (_OURS, _FLOOR, _QUESTIONS, _ALL)]
            for call in calls:  # the first import writes the bytecode cache, which Lambda packages have
                call()
            ours, floor, questions, everything = median_seconds(calls, rounds)
    return [
        judged("cold_over_floor", ours / floor, "<= 1.25"),
        unjudged("cold_questions_over_floor", questions / floor),
        unjudged("cold_all_over_floor", everything / floor),
        unjudged("cold_ms", ours * 1000),
        unjudged("floor_ms", floor * 1000),
    ]


def _run(script: str, url: str) -> None:
    # A whole environment and not an addition: the machine's own AWS settings must not reach the process.
    environment = {
        "PATH": os.environ["PATH"],
        "LAKE": "s3://bucket/lake",
        "AWS_ENDPOINT_URL": url,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nobody",
    }
    subprocess.run([sys.executable, "-W", "ignore", "-c", script], cwd=_ROOT, env=environment, check=True)


@contextmanager
def _s3_server(folder: Path) -> Iterator[str]:
    """A server with enough of the S3 API to read objects; a bucket is a folder."""

    class Handler(SimpleHTTPRequestHandler):
        def end_headers(self) -> None:
            # The storage reads the ETag of every object, for later conditional writes.
            self.send_header("ETag", '"0"')
            super().end_headers()

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


if __name__ == "__main__":
    sys.exit(report("api_cold", measure()))
