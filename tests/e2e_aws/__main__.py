"""Runs the steps, prints a line for each, and writes `benchmarks/out/e2e.json`. Exits with 1 where one fails."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from lake import layout
from lake.universe import choose
from tests.e2e_aws import alarms, continuation, deployment, forecasts, iam, zips
from tests.e2e_aws.athena import DeployedAthena
from tests.e2e_aws.deployment import Deployed
from tests.e2e_aws.emulator import ROOT, Emulator, emulator
from tests.e2e_aws.report import Found, Report
from tests.e2e_aws.steps import Steps
from tests.support.athena import serving

OUT = ROOT / "benchmarks" / "out" / "e2e.json"


def main() -> int:
    """0 where every step holds."""
    report = Report()
    choose(str(deployment.UNIVERSE))  # for the answers of this process, which those of the deployed API have to equal
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the context managers end what they started
    with tempfile.TemporaryDirectory() as folder:
        athena = DeployedAthena(Path(folder) / "copy")
        with simulator() as vendor, serving(athena) as athena_url, emulator(athena_url) as running:
            os.environ |= running.environment
            _run_steps(report, running, athena, vendor, Path(folder))
    report.write(OUT)
    print("e2e holds" if report.holds else "e2e does not hold")
    return 0 if report.holds else 1


def _run_steps(report: Report, running: Emulator, athena: DeployedAthena, vendor: str, folder: Path) -> None:
    report.step("lint", lambda: _silent(lambda: deployment.lint(running)))
    if not report.step("build", lambda: _built(running, vendor)):
        return
    if not report.step("deploy", lambda: _silent(lambda: deployment.run_deploy("release", running, vendor))):
        return
    deployed = Deployed.of(running)
    steps = Steps(running, deployed, athena, folder, layout.stamp(datetime.now(UTC)))
    for step in (steps.ingest, steps.raw, steps.jobs, steps.pointer):
        if not report.step(step.__name__, step):
            break
    others = (steps.compare_equal, steps.universe, steps.mcp, steps.no_key_403, steps.open_pages, steps.throttle_429)
    for step in others:
        report.step(step.__name__, step)
    report.step("zips_complete", zips.complete)
    report.step("alarms", lambda: alarms.every_alarm_fires(deployed))
    report.step("continuation", lambda: continuation.goes_on(deployed))
    report.step("iam_needed", lambda: iam.every_statement_is_needed(deployed))
    # Last, because from here on another lake is served.
    report.step("forecasts", lambda: forecasts.committed_once(deployed, athena, folder))
    commits = partial(forecasts.commits, deployed, athena)
    report.step("forecast_iam", lambda: iam.every_statement_of_forecast_is_needed(commits))


def _built(running: Emulator, vendor: str) -> Found:
    deployment.run_deploy("build", running, vendor)
    here, there = zips.within_limits(), zips.for_the_default_machine()
    return Found({"built": here.value, "for arm64": there.value}, here.bar, here.holds and there.holds)


def _silent(action: Callable[[], None]) -> Found:
    """The result of a step that holds when it ends without an error."""
    action()
    return Found("done", "done", holds=True)


@contextmanager
def simulator() -> Iterator[str]:
    """The URL of a running simulator. It enforces no plan; the function keeps to the free one by itself."""
    command = [sys.executable, "-m", "ingest", "simulator", "--port", "0"]
    environment = {**os.environ, "UNIVERSE": str(deployment.UNIVERSE)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            found = re.search(r"http://[\d.]+:\d+", process.stdout.readline())
            if not found:
                raise RuntimeError("the simulator did not print its URL")
            yield found.group()
        finally:
            process.terminate()


if __name__ == "__main__":
    sys.exit(main())
