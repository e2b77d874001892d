"""The page's static files: our own, `panels.json`, and the chart library of the plotly package.

The table of files is built once and never grows. A file is read and compressed when it is first requested.
"""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

# Plotly writes style attributes into its charts, hence 'unsafe-inline' for styles; scripts come from this origin alone.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
CHART_LIBRARY = "plotly.min.js"
_STATIC = Path(__file__).parent / "static"
_PANELS = Path(__file__).parent.parent / "panels.json"
_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
# Level 9 would save 2 % of the bytes and take three times as long, within a cold start.
_GZIP_LEVEL = 6


@dataclass(frozen=True)
class Asset:
    """One static file."""

    path: Path

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self.path.suffix]

    @cached_property
    def content(self) -> bytes:
        return self.path.read_bytes()

    @cached_property
    def gzipped(self) -> bytes:
        return gzip.compress(self.content, _GZIP_LEVEL, mtime=0)


@cache
def assets() -> Mapping[str, Asset]:
    """Every static file by its name."""
    paths = [path for path in sorted(_STATIC.iterdir()) if path.suffix in _MEDIA_TYPES]
    return {path.name: Asset(path) for path in (*paths, _PANELS, _chart_library_folder() / CHART_LIBRARY)}


def asset_version(name: str) -> str:
    """The version in the URL of a file. The chart library has its own, so that browsers keep it across our releases."""
    return _chart_library_version() if name == CHART_LIBRARY else _page_version()


@cache
def page_html() -> str:
    """`index.html` with the versioned URLs of its files."""
    text = (_STATIC / "index.html").read_text(encoding="utf-8")
    return text.replace("{charts}", f"page/{_chart_library_version()}").replace("{page}", f"page/{_page_version()}")


def _chart_library_folder() -> Path:
    # Located, not imported: an import costs time at a cold start, and only one file of the package is needed.
    spec = find_spec("plotly")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("plotly is not installed: the page needs its plotly.min.js")
    return Path(spec.submodule_search_locations[0]) / "package_data"


@cache
def _chart_library_version() -> str:
    return sha256(assets()[CHART_LIBRARY].content).hexdigest()[:12]


@cache
def _page_version() -> str:
    digest = sha256()
    for name, asset in assets().items():
        if name != CHART_LIBRARY:
            digest.update(name.encode() + b"\0" + asset.content + b"\0")
    return digest.hexdigest()[:12]
