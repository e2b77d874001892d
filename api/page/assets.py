"""The page's static files: its script and style sheet, and the chart library, TradingView's lightweight-charts.

With the document these four are all that a browser asks for. The table of files is built once and never grows. A file
is read and compressed when it is first requested.
"""

import gzip
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from api.page.bundle import bundle

# Scripts and styles come from this origin alone; what sets a style from a script does so property by property.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
CHART_LIBRARY, SCRIPT, STYLES = "lightweight-charts.js", "page.js", "style.css"
_STATIC = Path(__file__).parent / "static"
_PANELS = Path(__file__).parent.parent / "panels.json"
_MEDIA_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
# Level 9 would save 2 % of the bytes and take three times as long, within a cold start.
_GZIP_LEVEL = 6


@dataclass(frozen=True)
class Asset:
    """One static file. The script is no file of its own: it is made of the page's modules."""

    path: Path

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self.path.suffix]

    @cached_property
    def content(self) -> bytes:
        if self.path.name == SCRIPT:
            return bundle(_STATIC / "main.js", {"panels.json": _PANELS}).encode()
        return self.path.read_bytes()

    @cached_property
    def gzipped(self) -> bytes:
        return gzip.compress(self.content, _GZIP_LEVEL, mtime=0)


@cache
def assets() -> Mapping[str, Asset]:
    """Every static file by its name."""
    paths = (_STATIC / SCRIPT, _STATIC / STYLES, _chart_library_folder() / CHART_LIBRARY)
    return {path.name: Asset(path) for path in paths}


def asset_version(name: str) -> str:
    """The version in the URL of a file. The chart library has its own, so that browsers keep it across our releases."""
    return _chart_library_version() if name == CHART_LIBRARY else _page_version()


@cache
def page_html() -> str:
    """`index.html` with the versioned URLs of its files, and with its icon."""
    text = (_STATIC / "index.html").read_text(encoding="utf-8")
    icon = b64encode((_STATIC / "icon.svg").read_bytes()).decode()
    text = text.replace("{icon}", f"data:image/svg+xml;base64,{icon}")
    return text.replace("{charts}", f"page/{_chart_library_version()}").replace("{page}", f"page/{_page_version()}")


def _chart_library_folder() -> Path:
    # Located, not imported: only one file of the package is needed, and its Python needs packages that are not locked.
    spec = find_spec("lightweight_charts")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"lightweight-charts-onesixth is not installed: the page needs its {CHART_LIBRARY}")
    return Path(spec.submodule_search_locations[0]) / "js"


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
