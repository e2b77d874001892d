"""Reads the environment once. An empty variable counts as unset."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr

from ingest.alpha_vantage.api_key import with_stored_key
from ingest.alpha_vantage.plans import PLANS, VendorPlan
from ingest.errors import SettingsError
from lake.layout import RAW_KINDS, RawKind
from lake.origin import KEY_VARIABLE, URL_VARIABLE, Origin, lake_of, origin_of
from lake.universe import VARIABLE as UNIVERSE
from lake.universe import choose, chosen_file, universe

PLAN = "ALPHA_VANTAGE_PLAN"
FIREHOSE_PREFIX = "FIREHOSE_PREFIX"
TICKERS = "TICKERS"
# Firehose allows 64 characters, and "-dividends" is appended.
_STREAM = re.compile(r"[a-zA-Z0-9_.-]{1,54}")


class Settings(BaseModel):
    """Where data comes from and goes to.

    `url`: a simulator that takes the vendor's place. `plan`: None for the origin's own. `tickers`: those to fetch.
    `streams`: Firehose's, by kind; None to write into the lake directly.
    """

    model_config = ConfigDict(frozen=True)

    origin: Origin
    lake: str
    feed: Path | None
    url: str | None
    api_key: SecretStr | None
    plan: VendorPlan | None
    tickers: tuple[str, ...]
    streams: dict[RawKind, str] | None


def choose_universe() -> None:
    """Follow the tickers of the file that `UNIVERSE` names, from now on. Comes before everything else."""
    choose(os.environ.get(UNIVERSE))


def read_settings() -> Settings:
    """The settings of this process."""
    return settings_of(with_stored_key(os.environ))


def read_function_settings() -> Settings:
    """The settings of the Lambda function. LAKE is required, because a function's disk is lost with it."""
    choose_universe()
    _require_lake("name the lake, as in s3://bucket/prefix")
    return read_settings()


def read_import_settings() -> Settings:
    """The settings of an import. LAKE is required: a default would add files to a lake that nobody named."""
    _require_lake("name the lake to import into")
    return settings_of(os.environ)


def read_delivery_settings() -> Settings:
    """The settings of a redelivery, which makes no request and so needs no key."""
    return settings_of(os.environ)


def settings_of(environment: Mapping[str, str]) -> Settings:
    """The settings that the variables say; `python -m ingest --help` lists them. No I/O."""
    feed, key, url, prefix = (environment.get(name) for name in ("FEED", KEY_VARIABLE, URL_VARIABLE, FIREHOSE_PREFIX))
    return Settings(
        origin=origin_of(environment),
        lake=lake_of(environment),
        feed=Path(feed) if feed else None,
        url=_url(url) if url else None,
        api_key=SecretStr(_clean_key(key)) if key else None,
        plan=_plan(environment.get(PLAN)),
        tickers=_tickers(environment.get(TICKERS)),
        streams=_streams(prefix) if prefix else None,
    )


def _require_lake(advice: str) -> None:
    if not os.environ.get("LAKE"):
        raise SettingsError(f"LAKE is not set: {advice}")


def _clean_key(key: str) -> str:
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise SettingsError(f"{KEY_VARIABLE}: a key has no spaces, and only ASCII characters")
    return key


def _url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query:
        raise SettingsError(f"{URL_VARIABLE}={url}: expected a base URL, such as http://127.0.0.1:8100")
    return url.rstrip("/")


def _streams(prefix: str) -> dict[RawKind, str]:
    if not _STREAM.fullmatch(prefix):
        raise SettingsError(f"{FIREHOSE_PREFIX}={prefix}: expected letters, digits and . _ - (at most 54 characters)")
    return {kind: f"{prefix}-{kind}" for kind in RAW_KINDS}


def _tickers(named: str | None) -> tuple[str, ...]:
    """The named tickers, or all of the universe, in its order."""
    chosen = {ticker.strip().upper() for ticker in (named or "").split(",") if ticker.strip()}
    unknown = sorted(chosen - universe().keys())
    if unknown:
        names = ", ".join(unknown)
        raise SettingsError(f"{TICKERS}={named}: {names} is not in the universe; add it to {chosen_file()}")
    return tuple(ticker for ticker in universe() if not chosen or ticker in chosen)


def _plan(name: str | None) -> VendorPlan | None:
    if not name:
        return None
    if name not in PLANS:
        raise SettingsError(f"{PLAN}={name}: expected one of {', '.join(PLANS)}")
    return PLANS[name]
