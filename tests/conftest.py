"""What the tests of several rooms share."""

import gc
import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import boto3
import pytest
from botocore.loaders import JSONFileLoader
from hypothesis import settings
from moto import mock_aws
from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

from lake.storage import Storage, open_storage

# Without bytecode each worker rewrites the asserts of 500 modules, a third of the time that it collects tests, and
# every Python that a test starts compiles Bellwether.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Python's collector would traverse what is imported again and again: a sixth of the time that collecting tests takes.
# Not gc.disable(), because a Lambda's module enables the collector where it is imported.
_GC_THRESHOLDS = gc.get_threshold()
gc.set_threshold(0)

settings.register_profile("here", deadline=None)  # a busy machine is no fault of what is tested
settings.load_profile("here")

# All tests of one file run in one worker. So do those of these files: their Spark session, whose first queries take 20
# seconds more than later ones, and the lake of tests/glue/scenarios.
ONE_SESSION = (
    "tests/glue/",
    "tests/e2e/test_order_of_delivery.py",
    "tests/e2e/test_outage.py",
    "tests/e2e/test_published_cases.py",
    "tests/e2e/test_recorded",
)
# The longest files, which start first: started last, one of them would keep a single core busy for minutes after
# everything else is done.
LONGEST = (*ONE_SESSION, "tests/e2e/", "tests/browser/", "tests/hostile/", "tests/api/test_limits.py", "tests/soak/")


class _Scheduling(LoadFileScheduling):  # type: ignore[misc]
    def _split_scope(self, nodeid: str) -> str:
        return "one session" if nodeid.startswith(ONE_SESSION) else str(super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadFileScheduling | None:
    return _Scheduling(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of LONGEST first, in its order; all others stay in theirs."""
    items.sort(key=lambda item: next((at for at, folder in enumerate(LONGEST) if item.nodeid.startswith(folder)), 99))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Start Python's collector, and exempt from it what was imported."""
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)


def pytest_sessionfinish() -> None:
    """Without this DuckDB reports at the end of Python what was never collected."""
    gc.unfreeze()


@pytest.fixture(scope="session")
def service_models() -> Iterator[None]:
    """Parse each description of an AWS service once, and not anew for each test, for which moto makes new sessions."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(JSONFileLoader, "load_file", staticmethod(cache(JSONFileLoader().load_file)))
        yield


@pytest.fixture
def aws(service_models: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """AWS as moto plays it, with credentials of nobody, so that no test can reach an account."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "nobody")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        yield


@pytest.fixture
def bucket(aws: None) -> str:
    """The name of an S3 bucket of that AWS."""
    boto3.client("s3").create_bucket(Bucket="bucket")
    return "bucket"


@pytest.fixture(params=["folder", "s3"])
def any_storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """An empty lake in a folder, then one on S3: what holds for one holds for the other."""
    if request.param == "folder":
        return open_storage(str(tmp_path / "lake"))
    return open_storage(f"s3://{request.getfixturevalue('bucket')}/some/prefix/")
