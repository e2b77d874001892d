"""The settings, read once from the environment."""

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from api.limits import ANSWER
from lake.origin import lake_of
from lake.universe import VARIABLE as UNIVERSE
from lake.universe import choose

_DEADLINE_SECONDS = 20.0  # below API Gateway's 29 s, so that the refusal still arrives
_HOST = "127.0.0.1"  # a container sets HOST=0.0.0.0; anywhere else the API is for this machine alone
_PORT = 8000
_CACHE_MB = 64.0
ANSWER_MB = 32.0  # fifty tickers over twenty years of weeks; a Lambda answers less
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[a-z0-9.\-\[\]:_]+")
_HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_POINTER_SECONDS = 10.0  # so that a new snapshot is served within a minute


class SettingsError(Exception):
    """A variable that cannot be used. Its text names the variable, its value and what it must be."""


@dataclass(frozen=True)
class Settings:
    """`root_path` is the gateway's stage, `/prod`, or empty; `deadline` the seconds a query may take.

    `cache_mb`: the memory for bars and for answers together; `pointer_seconds`: for how long
    the pointer to the served snapshot is remembered; `answer_bytes`: how many bytes of rows an answer may have;
    `cors_origins`: whose scripts may read answers, `*` for any;
    `allowed_hosts`: more names by which agents may reach `/mcp`, `*` for any.
    """

    lake: str
    root_path: str = ""
    workgroup: str = "bellwether"
    database: str = "bellwether"
    deadline: float = _DEADLINE_SECONDS
    port: int = _PORT
    cache_mb: float = _CACHE_MB
    answer_bytes: int = ANSWER.most
    pointer_seconds: float = _POINTER_SECONDS
    host: str = _HOST
    cors_origins: tuple[str, ...] = ()
    allowed_hosts: tuple[str, ...] = ()


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """LAKE (or FEED and the key), ROOT_PATH, ATHENA_WORKGROUP, _DATABASE and _DEADLINE, HOST, PORT, CACHE_MB,

    ANSWER_MB, CORS_ORIGINS, ALLOWED_HOSTS. UNIVERSE is chosen for the process here.
    """
    choose(environment.get(UNIVERSE))
    return Settings(
        lake=lake_of(environment),
        root_path=_root_path(environment.get("ROOT_PATH", "")),
        workgroup=environment.get("ATHENA_WORKGROUP") or "bellwether",
        database=environment.get("ATHENA_DATABASE") or "bellwether",
        deadline=_number(environment, "ATHENA_DEADLINE", _DEADLINE_SECONDS, 1, 29),
        cache_mb=_number(environment, "CACHE_MB", _CACHE_MB, 1, 100_000),
        answer_bytes=_answer_bytes(environment),
        port=int(_number(environment, "PORT", _PORT, 1, 65_535)),
        host=_address(environment.get("HOST") or _HOST),
        cors_origins=_origins(environment.get("CORS_ORIGINS", "")),
        allowed_hosts=_hosts(environment.get("ALLOWED_HOSTS", "")),
    )


def _answer_bytes(environment: Mapping[str, str]) -> int:
    """On AWS Lambda what it lets through, which is its own variable to tell; anywhere else ANSWER_MB."""
    if environment.get("AWS_LAMBDA_FUNCTION_NAME"):
        return ANSWER.most
    return int(_number(environment, "ANSWER_MB", ANSWER_MB, 1, 1000) * 1_000_000)


def _root_path(value: str) -> str:
    """`prod`, `/prod` and `/prod/` are all `/prod`."""
    stage = value.strip("/")
    return f"/{stage}" if stage else ""


def _address(text: str) -> str:
    try:
        return str(ipaddress.IPv4Address(text))
    except ValueError:
        raise SettingsError(f"HOST={text}: must be an IPv4 address, such as 127.0.0.1 or 0.0.0.0") from None


def _origins(text: str) -> tuple[str, ...]:
    """`*`, or origins separated by commas, as browsers write them: in small letters, without a slash at the end."""
    origins = tuple(origin.strip().rstrip("/").lower() for origin in text.split(",") if origin.strip())
    if not all(origin == "*" or _ORIGIN.fullmatch(origin) for origin in origins):
        raise SettingsError(
            f"CORS_ORIGINS={text}: must be * or origins separated by commas, such as https://grafana.example:3000"
        )
    return origins


def _hosts(text: str) -> tuple[str, ...]:
    """`*`, or names separated by commas, without scheme and port."""
    hosts = tuple(host.strip().lower() for host in text.split(",") if host.strip())
    if not all(host == "*" or _HOST_NAME.fullmatch(host) for host in hosts):
        raise SettingsError(f"ALLOWED_HOSTS={text}: must be * or names separated by commas, such as prices.example")
    return hosts


def _number(environment: Mapping[str, str], name: str, default: float, least: float, most: float) -> float:
    text = environment.get(name)
    if not text:
        return default
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not least <= number <= most:
        raise SettingsError(f"{name}={text}: must be a number from {least:g} to {most:g}")
    return number
