"""The environment, parsed once. An empty variable counts as unset."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, SecretStr

from ingest.errors import SettingsError
from ingest.vendor_plan import FREE, LIVE_PLANS, VendorPlan
from lake.layout import RAW_KINDS, RawKind
from lake.origin import KEY_VARIABLE, Origin, lake_of, origin_of

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

KEY_PARAMETER = "ALPHA_VANTAGE_KEY_PARAMETER"
PLAN = "ALPHA_VANTAGE_PLAN"
FIREHOSE_PREFIX = "FIREHOSE_PREFIX"


class Settings(BaseModel):
    """Where data comes from and goes to. `streams`: Firehose's, by kind; None to write into the lake itself."""

    model_config = ConfigDict(frozen=True)

    origin: Origin
    lake: str
    feed: Path | None
    api_key: SecretStr | None
    live_plan: VendorPlan
    streams: dict[RawKind, str] | None


def read_settings() -> Settings:
    """The settings of this process."""
    return settings_of(with_stored_key(os.environ))


def settings_of(environment: Mapping[str, str]) -> Settings:
    """Settings of `FEED`, `ALPHA_VANTAGE_API_KEY`, `ALPHA_VANTAGE_PLAN`, `LAKE` and `FIREHOSE_PREFIX`. No I/O."""
    feed, key, prefix = (environment.get(name) for name in ("FEED", KEY_VARIABLE, FIREHOSE_PREFIX))
    return Settings(
        origin=origin_of(environment),
        lake=lake_of(environment),
        feed=Path(feed) if feed else None,
        api_key=SecretStr(_clean_key(key)) if key else None,
        live_plan=_live_plan(environment.get(PLAN)),
        streams={kind: f"{prefix}-{kind}" for kind in RAW_KINDS} if prefix else None,
    )


def with_stored_key(environment: Mapping[str, str], client: "SSMClient | None" = None) -> Mapping[str, str]:
    """The environment with the key of the SSM SecureString that `ALPHA_VANTAGE_KEY_PARAMETER` names, if it does."""
    name = environment.get(KEY_PARAMETER)
    if not name or environment.get(KEY_VARIABLE) or environment.get("FEED"):
        return environment
    return {**environment, KEY_VARIABLE: _stored_key(name, client)}


def _stored_key(name: str, client: "SSMClient | None") -> str:
    import boto3  # only a key that is kept in SSM needs it
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        ssm = client or boto3.client("ssm")
        return ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    except (BotoCoreError, ClientError) as error:
        raise SettingsError(f"{KEY_PARAMETER}={name}: the parameter cannot be read: {error}") from error


def _clean_key(key: str) -> str:
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise SettingsError(f"{KEY_VARIABLE}: a key has no spaces and no characters outside ASCII")
    return key


def _live_plan(name: str | None) -> VendorPlan:
    if not name:
        return FREE
    if name not in LIVE_PLANS:
        raise SettingsError(f"{PLAN}={name}: the plan is one of {', '.join(LIVE_PLANS)}")
    return LIVE_PLANS[name]
