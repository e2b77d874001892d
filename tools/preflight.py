"""What `make deploy` looks at before it changes anything: whether the account and the region can run the stack.

Each check is one call that only reads. A check that the credentials may not make is a note, not a refusal.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

SERVICES = ("apigateway", "athena", "firehose", "glue", "lambda", "scheduler")
YOUNG = timedelta(days=30)
# A page asks ten questions at once, and a container answers one at a time. New accounts have 10 of usually 1,000.
CONCURRENCY = 50
QUOTA = (
    "aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value"
)
_EVERYBODY = "IAM_ALLOWED_PRINCIPALS"


@dataclass(frozen=True)
class Finding:
    """What a check found. `stops`: the deployment would not work, and nothing should be changed."""

    text: str
    stops: bool = False


Client = Callable[[str], Any]
Check = Callable[[Client, Mapping[str, str]], Iterator[Finding]]


def findings(client: Client, parameters: Mapping[str, str], now: datetime | None = None) -> list[Finding]:
    """Everything that the checks found. `client` opens a client of a service; `parameters` are the template's."""
    found: list[Finding] = []
    for name, check in _checks(now or datetime.now(UTC)).items():
        try:
            found += check(client, parameters)
        except (BotoCoreError, ClientError) as error:
            found.append(Finding(f"{name} could not be checked: {error}"))
    return found


def unavailable(region: str | None, regions_of: Callable[[str], list[str]]) -> list[Finding]:
    """The services that a region lacks; `regions_of` gives the regions of a service. No I/O."""
    if not region:
        return [Finding("no region is set; set AWS_REGION, or a region in the profile", stops=True)]
    lacking = [service for service in SERVICES if regions_of(service) and region not in regions_of(service)]
    return [Finding(f"{region} has no {', '.join(lacking)}; choose another region", stops=True)] if lacking else []


def _checks(now: datetime) -> dict[str, Check]:
    return {
        "the account's age": lambda client, _: _age(client, now),
        "Lambda's concurrency": lambda client, _: _concurrency(client),
        "Lake Formation's defaults": lambda client, _: _lake_formation(client),
        "the budget": _budget,
    }


def _age(client: Client, now: datetime) -> Iterator[Finding]:
    created = client("account").get_account_information()["AccountCreatedDate"]
    if now - created < YOUNG:
        yield Finding(
            f"this account is {(now - created).days} days old. In its first weeks quotas are low (Lambda, Glue's "
            "DPUs): if a job waits or fails with a concurrency or DPU limit, ask for more in Service Quotas"
        )


def _concurrency(client: Client) -> Iterator[Finding]:
    most = client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    if most < CONCURRENCY:
        yield Finding(
            f"this account runs at most {most} functions at once, and a dashboard of ten panels needs ten. Ask for "
            f"more, it is free: {QUOTA} 1000"
        )


def _lake_formation(client: Client) -> Iterator[Finding]:
    settings = client("lakeformation").get_data_lake_settings()["DataLakeSettings"]
    for what in ("Database", "Table"):
        defaults = settings.get(f"Create{what}DefaultPermissions", [])
        if not [one for one in defaults if one["Principal"]["DataLakePrincipalIdentifier"] == _EVERYBODY]:
            yield Finding(
                f"Lake Formation, not IAM, decides about each new {what.lower()} of this account, and would refuse the "
                "jobs, the crawler and Athena. Tick both boxes 'Use only IAM access control' in Lake Formation > "
                "Data Catalog settings. If you grant the stack's roles there yourself, deploy with PREFLIGHT=no",
                stops=True,
            )


def _budget(client: Client, parameters: Mapping[str, str]) -> Iterator[Finding]:
    if parameters.get("BudgetDollars", "0") == "0":
        return
    try:
        organisation = client("organizations").describe_organization()["Organization"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "AWSOrganizationsNotInUseException":
            return
        raise
    own = client("sts").get_caller_identity()["Account"]
    if organisation["MasterAccountId"] != own:
        yield Finding(
            f"BudgetDollars={parameters['BudgetDollars']}: this account is a member of an organisation, whose members "
            "may create budgets only if the management account lets them. If the stack fails at its Budget, leave "
            "BudgetDollars out"
        )
