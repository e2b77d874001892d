"""The vendor over HTTP: paced, with retries where a retry can help, and without its key in any message or log."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from types import TracebackType
from typing import Protocol, Self

import requests
from pydantic import SecretStr

from ingest.alpha_vantage.protocol import PATH, Answer, Function, Options, Reason, Refusal, classify, parameters, redact

log = logging.getLogger(__name__)

# Seconds before each further try. A refusal that is not here is final: asking again would only spend the budget.
RETRIES: dict[Reason, tuple[float, ...]] = {Reason.BURST: (2, 4, 8), Reason.OUTAGE: (1, 4)}
JITTER = 0.5  # up to so much of a wait is added, so that functions that met one refusal do not meet again
_CONNECT, _READ = 10.0, 60.0  # seconds: to connect, and between two pieces of the answer
_LOOPBACK = "http://127.0.0.1"


class Budget(Protocol):
    """What may still be asked today."""

    def reserve(self) -> bool:
        """Take one request from the day's; False where none is left."""

    def exhaust(self) -> None:
        """Remember that the vendor has refused: the day is spent, whoever spent it."""


class Unlimited:
    """The budget of a plan without a daily limit."""

    def reserve(self) -> bool:
        return True

    def exhaust(self) -> None:
        """Nothing is counted."""


def redact_record(record: logging.LogRecord) -> bool:
    """A filter that takes the key out of what urllib3 logs: the whole URL, at DEBUG."""
    record.msg, record.args = redact(record.getMessage()), ()
    return True


@dataclass
class Client:
    """Asks the vendor at `base_url`, at most `per_second` times a second, and until `ends_at` on its clock.

    `requests_made` counts the tries too: each is reserved from the budget before it is made.
    """

    base_url: str
    key: SecretStr
    per_second: float | None
    session: requests.Session = field(default_factory=requests.Session)
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    budget: Budget = field(default_factory=Unlimited)
    ends_at: float = float("inf")
    jitter: Callable[[], float] = field(default_factory=lambda: Random().random)  # noqa: S311 - no secret
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

    def fetch(self, function: Function, symbol: str, options: Options | None = None) -> Answer:
        """The classified answer, after the retries that its kind, the budget and the time allow."""
        spent: dict[Reason, int] = {}
        while True:
            answer = self._ask(function, symbol, options or {})
            if not isinstance(answer, Refusal):
                return answer
            waits, tried = RETRIES.get(answer.reason, ()), spent.get(answer.reason, 0)
            if tried == len(waits):
                return answer
            wait = waits[tried] * (1 + JITTER * self.jitter())
            if self.monotonic() + wait >= self.ends_at:
                return answer
            log.info("%s of %s: %s; again in %.1f s", function, symbol, answer, wait)
            spent[answer.reason] = tried + 1
            self.sleep(wait)

    def _ask(self, function: Function, symbol: str, options: Options) -> Answer:
        self._pace()
        left = self.ends_at - self.monotonic()
        if left <= 0:
            return Refusal(Reason.OUT_OF_TIME, "")
        if not self.budget.reserve():
            return Refusal(Reason.DAILY_LIMIT, "by our own count")
        self.requests_made += 1
        answer = self._get(function, parameters(function, symbol, options, self.key.get_secret_value()), left)
        if isinstance(answer, Refusal) and answer.reason is Reason.DAILY_LIMIT:
            self.budget.exhaust()
        return answer

    def _get(self, function: Function, query: dict[str, str], left: float) -> Answer:
        timeout = (min(_CONNECT, left), min(_READ, left))
        try:
            # A redirect is refused: it would carry the key to somewhere else.
            answer = self.session.get(self.base_url + PATH, params=query, timeout=timeout, allow_redirects=False)
        except requests.RequestException as error:
            # Its text holds the URL, and so the key: only the kind of the error is told.
            return Refusal(Reason.OUTAGE, type(error).__name__)
        return classify(function, answer.status_code, answer.content, self.key.get_secret_value())

    def _pace(self) -> None:
        if self.per_second is None:
            return
        wait = self._free_at - self.monotonic()
        if wait > 0:
            self.sleep(wait)
        self._free_at = self.monotonic() + 1 / self.per_second
