"""Is each statement of the functions' roles needed? Each is taken out in place, a step fails, and it is put back.

Some cannot be tried here, each for the reason that stands beside it; tests/infra holds them against the code.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.e2e_aws.deployment import Deployed, client, function_name, keys, run_ingest
from tests.e2e_aws.report import Found

NOT_ASKED = {
    "Logs": "the emulator keeps a function's output without asking its role",
    "Failed": "the emulator hands on failed runs without asking the function's role",
    "Absence": "the emulator says 404 for an object that is not there even to who may not list",
}
TRIED = "QQQ"  # not published, so that a run has something to fetch; a fund, of which there are no news
Step = Callable[[], bool]  # whether it succeeds


def every_statement_is_needed(deployed: Deployed) -> Found:
    """The statements without which the function's step succeeds all the same; there is to be none."""
    spare, broken, tried = [], [], 0
    for kind in ("ingest", "api"):
        for sid in statements(kind):
            step = _step(kind, sid, deployed)
            began = time.monotonic()
            with without(kind, sid):
                if step():
                    spare.append(f"{kind}.{sid}")
            print(f"  without {kind}.{sid}  {time.monotonic() - began:.1f} s", flush=True)
            tried += 1
        broken += [f"{kind}.{sid}" for sid in _one_for_each_step(kind) if not _step(kind, sid, deployed)()]
    value = {"statements": tried, "spare": spare, "fails with it too": broken}
    return Found(value, "none spare, all work", not spare and not broken)


def statements(kind: str) -> list[str]:
    """The statements of a function's role that can be tried, by their Sid."""
    return [statement["Sid"] for statement in _policy(kind)["Statement"] if statement["Sid"] not in NOT_ASKED]


@contextmanager
def without(kind: str, *sids: str) -> Iterator[None]:
    """The role without those statements; the deployment itself is not touched."""
    whole = _policy(kind)
    _put(kind, {**whole, "Statement": [one for one in whole["Statement"] if one["Sid"] not in sids]})
    try:
        yield
    finally:
        _put(kind, whole)


def _one_for_each_step(kind: str) -> list[str]:
    """Statements that together lead to every step there is: those with one of their own, and one of the others."""
    own = [sid for sid in statements(kind) if sid in ("Key", "DeadLetter")]
    return own + [sid for sid in statements(kind) if sid not in own][:1]


def _step(kind: str, sid: str, deployed: Deployed) -> Step:
    """What shows that the statement is needed."""
    if kind == "api":
        return lambda: _answers(deployed)
    special: dict[str, Step] = {
        "Key": _reads_key,
        "DeadLetter": lambda: _keeps_what_firehose_refuses(deployed),
    }
    return special.get(sid, lambda: _runs_afresh(deployed))


def _answers(deployed: Deployed) -> bool:
    """A fresh process answers a question, and knows that no run was refused."""
    restart("api")
    health = deployed.ask("/health", with_key=False).json()
    return deployed.ask("/compare?tickers=NVDA,AMZN&range=1m").status == 200 and health["problem"] is None


def _runs_afresh(deployed: Deployed) -> bool:
    """Every task for one ticker, as on a new day: no request is counted yet, and no news was requested."""
    _forget(deployed, "state/")
    with _environment("ingest", TICKERS=TRIED):
        return all(run_ingest(task)[0] for task in ("history", "bars", "events"))


def _reads_key() -> bool:
    """Without another URL the key is read, and then refused: a simulated lake takes no live data. Nobody is asked."""
    with _environment("ingest", ALPHA_VANTAGE_URL=None):
        succeeded, answer = run_ingest("bars")
    return not succeeded and "takes no live data" in answer["errorMessage"]


def _keeps_what_firehose_refuses(deployed: Deployed) -> bool:
    _forget(deployed, "state/")
    _forget(deployed, "dead-letter/")
    with _environment("ingest", TICKERS=TRIED), without("ingest", "Deliver"):
        run_ingest("bars")
    return bool(keys(deployed.lake, "dead-letter/"))


def restart(kind: str) -> None:
    """Have the next invocation find a new process."""
    configuration = client("lambda").get_function_configuration(FunctionName=function_name(kind))
    trial = int(configuration["Environment"]["Variables"].get("TRIAL", "0")) + 1
    _set_variables(kind, {**configuration["Environment"]["Variables"], "TRIAL": str(trial)})


@contextmanager
def _environment(kind: str, **changes: str | None) -> Iterator[None]:
    """The function with other variables for a while; None takes one out."""
    before = client("lambda").get_function_configuration(FunctionName=function_name(kind))["Environment"]["Variables"]
    after = {**before, **changes}
    _set_variables(kind, {name: value for name, value in after.items() if value is not None})
    try:
        yield
    finally:
        _set_variables(kind, before)


def _set_variables(kind: str, variables: dict[str, str]) -> None:
    client("lambda").update_function_configuration(
        FunctionName=function_name(kind), Environment={"Variables": variables}
    )


def _forget(deployed: Deployed, prefix: str) -> None:
    s3 = client("s3")
    for key in keys(deployed.lake, prefix):
        s3.delete_object(Bucket=deployed.lake, Key=key)


def _role(kind: str) -> str:
    configuration = client("lambda").get_function_configuration(FunctionName=function_name(kind))
    return str(configuration["Role"]).rpartition("/")[2]


def role_arn(kind: str) -> str:
    """The role of a function."""
    return str(client("lambda").get_function_configuration(FunctionName=function_name(kind))["Role"])


def _policy(kind: str) -> dict[str, Any]:
    document = client("iam").get_role_policy(RoleName=_role(kind), PolicyName=kind)["PolicyDocument"]
    return document if isinstance(document, dict) else json.loads(document)


def _put(kind: str, document: dict[str, Any]) -> None:
    client("iam").put_role_policy(RoleName=_role(kind), PolicyName=kind, PolicyDocument=json.dumps(document))
