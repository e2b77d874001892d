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

from lake.storage import Storage, open_storage

# Without bytecode each worker rewrites the asserts of 500 modules, a third of the time that it collects tests, and
# every Python that a test starts compiles Bellwether.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

settings.register_profile("here", deadline=None)  # a busy machine is no fault of what is tested
settings.load_profile("here")

# Where the longest files are, the longest first. They start first, because a file is one worker's:
# started last, one of them would keep a single core busy for minutes after everything else is done.
LONGEST = (
    "tests/glue/increments/test_full_rebuild.py",
    "tests/e2e/test_make_run.py",
    "tests/glue/jobs/",
    "tests/glue/",
    "tests/e2e/",
    "tests/browser/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of LONGEST first, in its order; all others stay in theirs."""
    items.sort(key=lambda item: next((at for at, folder in enumerate(LONGEST) if item.nodeid.startswith(folder)), 99))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Exempt what was imported and collected from Python's collector, which would traverse it again and again."""
    gc.freeze()


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
