"""A rollback on S3 moves Athena's stable tables too, without being told which database has them."""

from datetime import UTC, datetime, timedelta

import boto3
import pytest

from glue.arguments import Arguments
from glue.cli import main
from glue.jobs import publish
from lake import layout
from lake.snapshot import read_pointer, snapshots
from lake.storage import Storage, open_storage
from tests.glue.staged import stage

NOW = datetime(2026, 1, 20, 22, 30, 5, tzinfo=UTC)


@pytest.fixture
def storage(bucket: str, monkeypatch: pytest.MonkeyPatch) -> Storage:
    """A lake on S3 with two snapshots, published with Glue's database."""
    url = f"s3://{bucket}/lake"
    monkeypatch.setenv("LAKE", url)
    monkeypatch.delenv("GLUE_DATABASE", raising=False)
    boto3.client("glue").create_database(DatabaseInput={"Name": "prices_of_ours"})
    storage = open_storage(url)
    publish_two(storage, "prices_of_ours")
    return storage


def publish_two(storage: Storage, database: str | None) -> None:
    for hour in (0, 1):
        moment = NOW + timedelta(hours=hour)
        stage(storage, layout.stamp(moment), b"%d" % hour)
        publish.run(Arguments(storage, layout.stamp(moment), database), lambda moment=moment: moment)  # type: ignore[misc]


def stable_table() -> str:
    found = boto3.client("glue").get_table(DatabaseName="prices_of_ours", Name="daily_prices")["Table"]
    return found["StorageDescriptor"]["Location"]


def test_the_tables_follow_without_being_named(storage: Storage) -> None:
    first, second = snapshots(storage)
    assert second in stable_table()
    assert main(["rollback", first]) == 0
    assert first in stable_table()


def test_they_are_looked_for_where_they_were_published(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator's own region may be another."""
    first, _ = snapshots(storage)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    assert main(["rollback", first]) == 0
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    assert first in stable_table()


def test_a_lake_that_does_not_say_is_refused_and_unchanged(
    storage: Storage, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = snapshots(storage)
    storage.delete(layout.CATALOG)
    assert main(["rollback", first]) == 1
    assert "Set GLUE_DATABASE=<database>" in capsys.readouterr().err
    pointer = read_pointer(storage)
    assert pointer is not None
    assert (pointer.snapshot, pointer.held) == (second, False)
    monkeypatch.setenv("GLUE_DATABASE", "prices_of_ours")
    assert main(["rollback", first]) == 0
    assert first in stable_table()
    monkeypatch.setenv("GLUE_DATABASE", "none")
    assert main(["rollback", second]) == 0
    assert first in stable_table()


def test_tables_that_could_not_follow_are_said(
    storage: Storage, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = snapshots(storage)
    monkeypatch.setenv("GLUE_DATABASE", "nowhere")
    assert main(["rollback", first]) == 1
    assert f"the API serves {first}, but Athena's tables still show the snapshot before" in capsys.readouterr().err


@pytest.mark.parametrize("note", [b"", b"[]", b'{"database": "a"}'])
def test_a_broken_note_is_named(storage: Storage, capsys: pytest.CaptureFixture[str], note: bytes) -> None:
    storage.write(layout.CATALOG, note)
    assert main(["rollback", snapshots(storage)[0]]) == 1
    assert "published/catalog.json is broken; set GLUE_DATABASE" in capsys.readouterr().err
