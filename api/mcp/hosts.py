"""Which Host and Origin headers `/mcp` accepts, so that no page in a browser reaches it by DNS rebinding. Pure."""

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from api.settings import Settings

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
ANY = "*"


def allowed_hosts(settings: Settings, event: Mapping[str, Any] | None = None) -> frozenset[str]:
    """The names of this service: this machine's, HOST, ALLOWED_HOSTS, and the gateway's own.

    `event`: what API Gateway sent; its domain is the one that the gateway itself was reached by.
    """
    gateway = (event or {}).get("requestContext", {}).get("domainName")
    names = {settings.host, *settings.allowed_hosts, *([gateway] if isinstance(gateway, str) else [])}
    return frozenset({*_LOOPBACK, *(name.lower() for name in names)})


def is_allowed_host(header: str, hosts: Collection[str]) -> bool:
    """Whether a Host header names this service, whatever the port."""
    return ANY in hosts or _name_of(header) in hosts


def is_allowed_origin(origin: str, host: str, cors_origins: Collection[str]) -> bool:
    """Whether scripts of an origin may ask: those of the page itself, and those that CORS_ORIGINS names."""
    same = urlsplit(origin.lower()).netloc == host.lower() != ""
    return same or ANY in cors_origins or origin.lower() in cors_origins


def _name_of(header: str) -> str | None:
    """The name without the port; None where there is none."""
    try:
        return urlsplit(f"//{header}").hostname
    except ValueError:  # brackets that do not close
        return None
