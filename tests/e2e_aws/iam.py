"""Tests that each statement of the functions' roles is needed: without it, a step fails. Then it is put back.

Some statements cannot be tested here, each for the reason next to it; tests/infra compares them with the code.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Literal

from tests.e2e_aws.continuation import little_time, unfinished, wait_until_quiet
from tests.e2e_aws.deployment import Deployed, client, forget, function_name, keys, run_ingest
from tests.e2e_aws.report import Found

NOT_TESTED = {
    "Logs": "the emulator stores a function's output without checking its role",
    "Failed": "the emulator forwards failed runs without checking the function's role",
    "Absence": "the emulator answers 404 for a missing object even to a role that may not list",
}
TICKER = "DIA"  # not published, so that a run has something to fetch; a fund, for which no news is requested
Step = Callable[[], bool]  # whether it succeeds
Kind = Literal["ingest", "api", "forecast"]


def every_statement_is_needed(deployed: Deployed) -> Found:
    """The statements without which the function's step succeeds all the same; there must be none."""
    unneeded: list[str] = []
    broken: list[str] = []
    kinds: tuple[Kind, ...] = ("ingest", "api")
    for kind in kinds:
        unneeded += _unneeded(kind, partial(_step, kind, deployed=deployed))
        broken += [f"{kind}.{sid}" for sid in _one_for_each_step(kind) if not _step(kind, sid, deployed)()]
    return _found(sum(len(statements(kind)) for kind in kinds), unneeded, broken)


def every_statement_of_forecast_is_needed(commits: Step) -> Found:
    """The same for the function that commits forecasts; `commits` is its step."""
    unneeded = _unneeded("forecast", lambda _: commits)
    return _found(len(statements("forecast")), unneeded, [] if commits() else ["forecast"])


def _unneeded(kind: Kind, step_of: Callable[[str], Step]) -> list[str]:
    found = []
    for sid in statements(kind):
        began = time.monotonic()
        with without(kind, sid):
            if step_of(sid)():
                found.append(f"{kind}.{sid}")
        print(f"  without {kind}.{sid}  {time.monotonic() - began:.1f} s", flush=True)
    return found


def _found(tested: int, unneeded: list[str], broken: list[str]) -> Found:
    value = {"statements": tested, "unneeded": unneeded, "fails with it too": broken}
    return Found(value, "each is needed, and all work", not unneeded and not broken)


def statements(kind: str) -> list[str]:
    """The Sids of the statements that can be tested here."""
    return [statement["Sid"] for statement in _policy(kind)["Statement"] if statement["Sid"] not in NOT_TESTED]


@contextmanager
def without(kind: str, *sids: str) -> Iterator[None]:
    """Take the statements out of the role for a while. The stack itself is not changed."""
    whole = _policy(kind)
    _put(kind, {**whole, "Statement": [one for one in whole["Statement"] if one["Sid"] not in sids]})
    try:
        yield
    finally:
        _put(kind, whole)


def _one_for_each_step(kind: str) -> list[str]:
    """Statements that together use every step: those with a step of their own, and one of the others."""
    own = [sid for sid in statements(kind) if sid in ("Key", "DeadLetter", "Continue")]
    return own + [sid for sid in statements(kind) if sid not in own][:1]


def _step(kind: Kind, sid: str, deployed: Deployed) -> Step:
    """The step that needs the statement."""
    if kind == "api":
        return lambda: _answers(deployed)
    special: dict[str, Step] = {
        "Key": _reads_key,
        "DeadLetter": lambda: _keeps_what_firehose_refuses(deployed),
        "Continue": lambda: _goes_on(deployed),
    }
    return special.get(sid, lambda: _runs_afresh(deployed))


def _answers(deployed: Deployed) -> bool:
    """Whether a new process answers a question, and reads that no run was refused."""
    restart("api")
    health = deployed.ask("/health", with_key=False).json()
    return deployed.ask("/compare?tickers=NVDA,AMZN&range=1m").status == 200 and health["problem"] is None


def _runs_afresh(deployed: Deployed) -> bool:
    """Every task for one ticker, as on a new day: no request is counted yet, and no news was requested."""
    forget(deployed.lake, "state/")
    with _environment("ingest", TICKERS=TICKER):
        return all(run_ingest(task)[0] for task in ("history", "bars", "events"))


def _reads_key() -> bool:
    """Whether the key is read once no simulator is named. The run then stops, because the lake is a simulated one."""
    with _environment("ingest", ALPHA_VANTAGE_URL=None):
        succeeded, answer = run_ingest("bars")
    return not succeeded and "takes no live data" in answer["errorMessage"]


def _keeps_what_firehose_refuses(deployed: Deployed) -> bool:
    forget(deployed.lake, "state/")
    forget(deployed.lake, "dead-letter/")
    with _environment("ingest", TICKERS=TICKER), without("ingest", "Deliver"):
        run_ingest("bars")
    return bool(keys(deployed.lake, "dead-letter/"))


def _goes_on(deployed: Deployed) -> bool:
    """Whether a run that is out of time goes on. The continuation ends before the next step."""
    with little_time(deployed):
        succeeded, _ = run_ingest("history")
        handed_over = bool(unfinished(deployed))
        if succeeded:
            wait_until_quiet(deployed)
    if not handed_over:
        raise RuntimeError("the history was not cut short, so that nothing was to be continued")
    return succeeded


def drop_condition(kind: str, sid: str) -> None:
    """Take the condition from a statement, where the emulator does not know its key and so allows nothing.

    tests/infra holds the condition in the template.
    """
    whole = _policy(kind)
    for statement in whole["Statement"]:
        if statement["Sid"] == sid:
            statement.pop("Condition", None)
    _put(kind, whole)


def restart(kind: str) -> None:
    """Make the next invocation start a new process, by a changed variable."""
    configuration = client("lambda").get_function_configuration(FunctionName=function_name(kind))
    restarts = int(configuration["Environment"]["Variables"].get("RESTARTS", "0")) + 1
    _set_variables(kind, {**configuration["Environment"]["Variables"], "RESTARTS": str(restarts)})


@contextmanager
def _environment(kind: str, **changes: str | None) -> Iterator[None]:
    """Change the function's variables for a while; None removes one."""
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
