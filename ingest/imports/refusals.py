"""Says what a file is that holds no table: a web page, a message of the source, another delimiter. No I/O."""

import re
from html import unescape

from ingest.alpha_vantage.protocol import redact
from ingest.errors import FileError

_WEB_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|script)\b", re.IGNORECASE | re.DOTALL
)
_TITLE = re.compile(r"<title[^>]*>(.{0,200}?)</title>", re.IGNORECASE | re.DOTALL)
_XML = re.compile(r"\s*<(?:\?xml|[a-z]+[^<>]*xmlns)", re.IGNORECASE)
_SENTENCES = (
    (
        re.compile(
            r"limit|quota|allocation|too many|throttl|frequency|exceeded|spreading out|per (?:day|minute|second)",
            re.IGNORECASE,
        ),
        "it is no table of prices but the message of a limit on requests, {message}: download it again later",
    ),
    (
        re.compile(
            r"\bno\b.{0,20}\b(?:data|results?|records?|rows|quotes|prices|timezone)\b|not found|brak danych|"
            r"nothing found|n/d$|not available|unavailable|delisted|unknown symbol|does not exist|"
            r"invalid (?:symbol|ticker|api call)",
            re.IGNORECASE,
        ),
        "the source had no data: the file says {message}. Check the ticker and the dates that were asked for",
    ),
    (
        re.compile(
            r"api.?key|premium|subscri|upgrade|your plan\b|unauthori[sz]ed|not.?authori[sz]ed|forbidden|access denied|"
            r"log ?in|sign ?in|\btoken\b|have access",
            re.IGNORECASE,
        ),
        "the source refused the download: the file says {message}. Check the key or the plan there",
    ),
)
_LONGEST = 200  # characters of a message that are shown


def refuse_web_page(text: str) -> None:
    """FileError where the text is a web page or XML."""
    if _WEB_PAGE.match(text[: _LONGEST * 20]):
        title = _TITLE.search(text[:100_000])
        name = " ".join(unescape(title[1]).split()) if title else ""
        raise FileError(
            f"it is a web page{f' ({name[:80]!r})' if name else ''}, not a file of prices: open the source in a "
            "browser, pass what it asks, and save the file that its download button gives"
        )
    if _XML.match(text[: _LONGEST * 20]):
        raise FileError("it is XML, not a table: download it as CSV or JSON")


def message_of_source(text: str) -> FileError:
    """The refusal of a file that holds a message of its source instead of data, with its words."""
    message = " ".join(redact(text).split()).strip('"')
    quoted = repr(message if len(message) <= _LONGEST else f"{message[:_LONGEST]}…")
    for pattern, sentence in _SENTENCES:
        if pattern.search(message):
            return FileError(sentence.format(message=quoted))
    return FileError(f"it is no table of prices; it says {quoted}")
