"""The files of the page: our own, and the chart library of the plotly package. Each is compressed once, and kept."""

import gzip
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "  # the charts'
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
CHARTS = "plotly.min.js"
_STATIC = Path(__file__).parent / "static"
PANELS = Path(__file__).parent.parent / "panels.json"
_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
_LEVEL = 6  # 9 would save a fiftieth, for thrice the time of a cold start


@dataclass(frozen=True)
class Asset:
    """One file: `plain` and its gzip."""

    media_type: str
    plain: bytes
    compressed: bytes


@cache
def asset(name: str) -> Asset | None:
    """The file of that name; None where the page has no such file."""
    path = _paths().get(name)
    if path is None:
        return None
    plain = path.read_bytes()
    return Asset(_MEDIA_TYPES[path.suffix], plain, gzip.compress(plain, _LEVEL, mtime=0))


def version_of(name: str) -> str:
    """What stands in the address of a file: the chart library has one of its own, so that it outlives our releases."""
    return _charts_version() if name == CHARTS else _own_version()


@cache
def page_html() -> str:
    """The page: the same for everybody, with the versions of its files in their addresses."""
    text = (_STATIC / "index.html").read_text(encoding="utf-8")
    return text.replace("{charts}", f"page/{_charts_version()}").replace("{page}", f"page/{_own_version()}")


@cache
def _paths() -> dict[str, Path]:
    own = {path.name: path for path in sorted(_STATIC.iterdir()) if path.suffix in _MEDIA_TYPES}
    return own | {PANELS.name: PANELS, CHARTS: _charts_folder() / CHARTS}


def _charts_folder() -> Path:
    """Where the package lies, without importing it: of plotly only this one file is needed."""
    spec = find_spec("plotly")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("plotly is not installed: the page draws with its plotly.min.js")
    return Path(spec.submodule_search_locations[0]) / "package_data"


@cache
def _charts_version() -> str:
    return sha256((_charts_folder() / CHARTS).read_bytes()).hexdigest()[:12]


@cache
def _own_version() -> str:
    digest = sha256()
    for name, path in _paths().items():
        if name != CHARTS:
            digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
