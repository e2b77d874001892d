"""Where a lake's data comes from. It is written once, because data of two origins never mix in a lake."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal, cast, get_args

from lake import calendar, layout
from lake.errors import ConflictError, LakeError, NotFoundError
from lake.storage import Storage

Origin = Literal["simulated", "recorded", "live"]
KEY_VARIABLE = "ALPHA_VANTAGE_API_KEY"
URL_VARIABLE = "ALPHA_VANTAGE_URL"  # of a simulator that answers instead of the vendor


def origin_of(environment: Mapping[str, str]) -> Origin:
    """The origin that the environment asks for.

    `FEED` means recorded; else `ALPHA_VANTAGE_URL` means simulated; else `ALPHA_VANTAGE_API_KEY` means live. Without
    any of them it is simulated.
    """
    if environment.get("FEED"):
        return "recorded"
    if environment.get(URL_VARIABLE):
        return "simulated"
    return "live" if environment.get(KEY_VARIABLE) else "simulated"


def lake_of(environment: Mapping[str, str]) -> str:
    """`LAKE`, or the default folder of the origin: `.lake/simulated`."""
    return environment.get("LAKE") or f".lake/{origin_of(environment)}"


def read_origin(storage: Storage) -> Origin | None:
    """The lake's origin; None until something has been delivered."""
    try:
        origin = json.loads(storage.read(layout.ORIGIN)).get("origin")
    except NotFoundError:
        return None
    except (ValueError, AttributeError, RecursionError) as error:
        raise LakeError(f"{storage.url}/{layout.ORIGIN} cannot be read: {error}") from error
    if origin not in get_args(Origin):
        raise LakeError(f"{storage.url}/{layout.ORIGIN}: origin={origin!r} is not one of {', '.join(get_args(Origin))}")
    return cast("Origin", origin)


def claim_origin(storage: Storage, origin: Origin) -> None:
    """Write the origin of an empty lake; LakeError where the lake has another one."""
    try:
        storage.write_if(layout.ORIGIN, json.dumps({"origin": origin}).encode(), None)
    except ConflictError:
        found = read_origin(storage)
        if found != origin:
            raise LakeError(
                f"LAKE={storage.url} holds {found} data and takes no {origin} data; name another LAKE, "
                f"or check FEED and {KEY_VARIABLE}"
            ) from None


def clock_of(origin: Origin, newest_session: date, now: datetime) -> datetime:
    """The time at which freshness is measured: `now`, or of a recorded lake the evening of its last session."""
    return calendar.evening_of(newest_session) if origin == "recorded" else now
