"""The tables in Glue's catalog, as Athena finds them."""

from typing import Any

import boto3
import pytest

from glue.snapshots.catalog import Catalog
from lake import layout
from lake.errors import LakeError
from lake.snapshot import read_pointer, swap_pointer
from lake.storage import Storage, open_storage

ONE, TWO = "20260120T223005Z", "20260121T223005Z"


@pytest.fixture
def lake(bucket: str) -> Storage:
    boto3.client("glue").create_database(DatabaseInput={"Name": "bellwether"})
    storage = open_storage(f"s3://{bucket}/lake")
    for snapshot, years in ((ONE, (2025,)), (TWO, (2024, 2025, 2026))):
        for year in years:
            storage.write(f"{layout.table(snapshot, 'daily_prices')}year={year}/part-0.parquet", b"")
    return storage


def table(name: str) -> dict[str, Any]:
    return dict(boto3.client("glue").get_table(DatabaseName="bellwether", Name=name)["Table"])


def test_a_snapshots_tables_project_their_years(lake: Storage) -> None:
    Catalog("bellwether").register(lake, TWO)
    prices = table(f"daily_prices_{TWO.lower()}")
    location = f"{lake.url}/published/{TWO}/daily_prices/"
    assert prices["StorageDescriptor"]["Location"] == location
    columns = {column["Name"]: column["Type"] for column in prices["StorageDescriptor"]["Columns"]}
    assert (columns["ticker"], columns["date"], columns["raw_volume"], columns["close"]) == (
        "string", "date", "bigint", "double",
    )  # fmt: skip
    assert "year" not in columns
    assert [(key["Name"], key["Type"]) for key in prices["PartitionKeys"]] == [("year", "int")]
    assert prices["Parameters"] == {
        "classification": "parquet",
        "projection.enabled": "true",
        "projection.year.type": "integer",
        "projection.year.range": "2024,2026",
        "storage.location.template": f"{location}year=${{year}}/",
    }
    empty = table(f"daily_sentiment_{TWO.lower()}")["Parameters"]
    assert empty["projection.year.range"] == "1990,1990"


def test_the_stable_tables_follow_the_pointer(lake: Storage) -> None:
    catalog = Catalog("bellwether")
    catalog.align(lake)
    assert boto3.client("glue").get_tables(DatabaseName="bellwether")["TableList"] == []
    for snapshot in (ONE, TWO):
        swap_pointer(lake, snapshot, read_pointer(lake))
        catalog.align(lake)
        assert snapshot in table("daily_prices")["StorageDescriptor"]["Location"]
        assert snapshot in table("corporate_actions")["Parameters"]["storage.location.template"]


def test_what_is_dropped_is_gone_and_dropping_again_is_no_error(lake: Storage) -> None:
    catalog = Catalog("bellwether")
    catalog.register(lake, ONE)
    for _ in range(2):
        catalog.drop(ONE)
    assert boto3.client("glue").get_tables(DatabaseName="bellwether")["TableList"] == []


def test_a_database_that_is_not_there_is_said(lake: Storage) -> None:
    with pytest.raises(LakeError, match="Glue's catalog, database another"):
        Catalog("another").register(lake, ONE)
