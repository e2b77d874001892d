"""What `make deploy` finds out about an account before it changes anything."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tools.preflight import Finding, findings, unavailable

NOW = datetime(2026, 11, 28, tzinfo=UTC)
OPEN: dict[str, Any] = {"Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}, "Permissions": ["ALL"]}
OLD_ACCOUNT: dict[str, Any] = {
    "get_account_information": {"AccountCreatedDate": NOW - timedelta(days=900)},
    "get_account_settings": {"AccountLimit": {"ConcurrentExecutions": 1000}},
    "get_data_lake_settings": {
        "DataLakeSettings": {"CreateDatabaseDefaultPermissions": [OPEN], "CreateTableDefaultPermissions": [OPEN]}
    },
    "describe_organization": {"Organization": {"MasterAccountId": "111111111111"}},
    "get_caller_identity": {"Account": "111111111111"},
}


class Stub:
    """A client of any service: answers by the name of the call; an answer may be an error code."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self._answers = answers

    def __getattr__(self, call: str) -> Any:
        answer = self._answers[call]
        if isinstance(answer, str):

            def refuse() -> None:
                raise ClientError({"Error": {"Code": answer, "Message": "no"}}, call)

            return refuse
        return lambda: answer


def found(parameters: dict[str, str] | None = None, **answers: Any) -> list[Finding]:
    """The findings about an account that differs from an old one in these answers."""
    return findings(lambda _: Stub(OLD_ACCOUNT | answers), parameters or {}, NOW)


def test_an_old_account_is_fine() -> None:
    assert found() == []
    assert found({"BudgetDollars": "15"}) == []


def test_a_young_account_is_reported_of_its_quotas() -> None:
    (one,) = found(get_account_information={"AccountCreatedDate": NOW - timedelta(days=2)})
    assert "2 days old" in one.text
    assert not one.stops


def test_few_concurrent_functions_are_named_with_the_quota() -> None:
    (one,) = found(get_account_settings={"AccountLimit": {"ConcurrentExecutions": 10}})
    assert "at most 10 functions" in one.text
    assert "L-B99A9384 --desired-value 1000" in one.text
    assert not one.stops


@pytest.mark.parametrize("what", ["Database", "Table"])
def test_lake_formation_stops_the_deployment(what: str) -> None:
    settings = OLD_ACCOUNT["get_data_lake_settings"]["DataLakeSettings"] | {f"Create{what}DefaultPermissions": []}
    (one,) = found(get_data_lake_settings={"DataLakeSettings": settings})
    assert one.stops
    assert f"each new {what.lower()}" in one.text
    assert "PREFLIGHT=no" in one.text


def test_a_budget_in_a_member_account_is_noted() -> None:
    member = {"get_caller_identity": {"Account": "222222222222"}}
    assert found(None, **member) == []
    (one,) = found({"BudgetDollars": "15"}, **member)
    assert "member of an organisation" in one.text
    assert found({"BudgetDollars": "15"}, **member, describe_organization="AWSOrganizationsNotInUseException") == []


def test_a_check_that_is_not_allowed_stops_nothing() -> None:
    (one,) = found(get_account_settings="AccessDeniedException")
    assert one.text.startswith("Lambda's concurrency could not be checked")
    assert not one.stops


def test_a_region_must_be_set_and_have_every_service() -> None:
    assert [one.stops for one in unavailable(None, lambda _: ["us-east-1"])] == [True]
    assert unavailable("us-east-1", lambda _: ["us-east-1"]) == []
    (one,) = unavailable("xx-north-1", lambda service: ["us-east-1"] if service == "glue" else ["xx-north-1"])
    assert one.stops
    assert one.text.startswith("xx-north-1 has no glue")
