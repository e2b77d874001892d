"""The vendor over HTTP: paced, with retries where a retry can help, and without its key in any message or log."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import requests
from pydantic import SecretStr

from ingest.alpha_vantage import PATH, Answer, Function, OutputSize, Reason, Refusal, classify, parameters, redact

log = logging.getLogger(__name__)

# Seconds before each further try. A refusal that is not here is final: asking again would only spend the budget.
RETRIES: dict[Reason, tuple[float, ...]] = {Reason.BURST: (2, 4, 8), Reason.OUTAGE: (1, 4)}
_TIMEOUT = (10, 60)  # to connect, and between two pieces of the answer
_LOOPBACK = "http://127.0.0.1"


def redact_record(record: logging.LogRecord) -> bool:
    """A filter that takes the key out of what urllib3 logs: the whole URL, at DEBUG."""
    record.msg, record.args = redact(record.getMessage()), ()
    return True


@dataclass
class Client:
    """Asks the vendor at `base_url`, at most `per_second` times a second. `requests_made` counts the tries too."""

    base_url: str
    key: SecretStr
    per_second: float | None
    session: requests.Session = field(default_factory=requests.Session)
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    requests_made: int = 0
    _free_at: float = field(default=float("-inf"), init=False)

    def __post_init__(self) -> None:
        logging.getLogger("urllib3.connectionpool").addFilter(redact_record)
        if self.base_url.startswith(_LOOPBACK):
            self.session.trust_env = False  # a proxy of the environment does not know this machine's stand-in

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.session.close()

    def fetch(self, function: Function, symbol: str, outputsize: OutputSize | None = None) -> Answer:
        """The classified answer, after the retries that its kind allows."""
        spent: dict[Reason, int] = {}
        while True:
            answer = self._ask(function, symbol, outputsize)
            if not isinstance(answer, Refusal):
                return answer
            waits, tried = RETRIES.get(answer.reason, ()), spent.get(answer.reason, 0)
            if tried == len(waits):
                return answer
            log.info("%s of %s: %s; again in %g s", function, symbol, answer, waits[tried])
            spent[answer.reason] = tried + 1
            self.sleep(waits[tried])

    def _ask(self, function: Function, symbol: str, outputsize: OutputSize | None) -> Answer:
        self._pace()
        self.requests_made += 1
        key = self.key.get_secret_value()
        query = parameters(function, symbol, outputsize, key)
        try:
            # A redirect is refused: it would carry the key to somewhere else.
            answer = self.session.get(self.base_url + PATH, params=query, timeout=_TIMEOUT, allow_redirects=False)
        except requests.RequestException as error:
            # Its text holds the URL, and so the key: only the kind of the error is told.
            return Refusal(Reason.OUTAGE, type(error).__name__)
        return classify(function, answer.status_code, answer.content, key)

    def _pace(self) -> None:
        if self.per_second is None:
            return
        wait = self._free_at - self.monotonic()
        if wait > 0:
            self.sleep(wait)
        self._free_at = self.monotonic() + 1 / self.per_second
