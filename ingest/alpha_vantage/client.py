"""The vendor's HTTP client: paced, with retries where a retry can help, and without the key in any message or log."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import urlencode

import requests
from pydantic import SecretStr

from ingest.alpha_vantage.protocol import PATH, Answer, Function, Options, Reason, Refusal, classify, parameters, redact

log = logging.getLogger(__name__)

# Seconds before each retry. Any other refusal is final: a retry would only spend the budget.
RETRIES: dict[Reason, tuple[float, ...]] = {Reason.BURST: (2, 4, 8), Reason.OUTAGE: (1, 4)}
# The largest fraction added to a wait, so that two throttled runs do not retry together.
JITTER = 0.5
_CONNECT, _READ = 10.0, 60.0  # seconds: to connect, and between two pieces of the answer
_LOOPBACK = "http://127.0.0.1"


class Budget(Protocol):
    """The requests that are left today."""

    def reserve(self) -> bool:
        """Count one request; False where none is left."""

    def exhaust(self) -> None:
        """Count the day as spent, because the vendor says that it is."""


class UnlimitedBudget:
    """The budget of a plan without a daily limit."""

    def reserve(self) -> bool:
        return True

    def exhaust(self) -> None:
        """Nothing is counted."""


def redact_record(record: logging.LogRecord) -> bool:
    """A logging filter that redacts the key: at DEBUG, urllib3 logs whole URLs."""
    record.msg, record.args = redact(record.getMessage()), ()
    return True


@dataclass
class Client:
    """Requests from `base_url`, at most `per_second` a second, and none after `ends_at` of the monotonic clock.

    `requests_made` counts retries too. Each is reserved from the budget before it is made.
    """

    base_url: str
    key: SecretStr
    per_second: float | None
    session: requests.Session = field(default_factory=requests.Session)
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    budget: Budget = field(default_factory=UnlimitedBudget)
    ends_at: float = float("inf")
    jitter: Callable[[], float] = field(default_factory=lambda: Random().random)  # noqa: S311 - no secret
    notify: Callable[[str], None] = log.info  # of each retry, before the wait
    requests_made: int = 0
    _free_at: float = field(default=float("-inf"), init=False)

    def __post_init__(self) -> None:
        logging.getLogger("urllib3.connectionpool").addFilter(redact_record)
        if self.base_url.startswith(_LOOPBACK):
            # A proxy named in the environment cannot reach a simulator on loopback.
            self.session.trust_env = False
        # Once for all requests: two thousand of a wide universe would take as long to prepare as to make.
        url = self.base_url + PATH
        self._prepared = self.session.prepare_request(requests.Request("GET", url))
        self._settings = self.session.merge_environment_settings(url, {}, None, None, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.session.close()

    def fetch(self, function: Function, symbol: str, options: Options | None = None) -> Answer:
        """The classified answer, after as many retries as its reason, the budget and the time allow."""
        retries: dict[Reason, int] = {}
        while True:
            answer = self._request(function, symbol, options or {})
            if not isinstance(answer, Refusal):
                return answer
            waits, retried = RETRIES.get(answer.reason, ()), retries.get(answer.reason, 0)
            if retried == len(waits):
                return answer
            wait = waits[retried] * (1 + JITTER * self.jitter())
            # No sleep beyond the end: Lambda would kill the run in it, without a report.
            if self.monotonic() + wait >= self.ends_at:
                return answer
            retries[answer.reason] = retried + 1
            # The vendor's words about a throttle are an advertisement.
            why = answer.reason if answer.reason is Reason.BURST else answer
            self.notify(f"{function} of {symbol}: {why}; next try in {wait:.1f} s")
            self.sleep(wait)

    def _request(self, function: Function, symbol: str, options: Options) -> Answer:
        self._pace()
        left = self.ends_at - self.monotonic()
        if left <= 0:
            return Refusal(Reason.OUT_OF_TIME, "")
        # Counted before it is made: a run that is killed during the request has spent it all the same.
        if not self.budget.reserve():
            return Refusal(Reason.DAILY_LIMIT, "by the lake's own count")
        self.requests_made += 1
        answer = self._get(function, parameters(function, symbol, options, self.key.get_secret_value()), left)
        if self.per_second is not None:
            # From the end of the answer: requests that are sent a second apart may arrive in less than that.
            self._free_at = self.monotonic() + 1 / self.per_second
        if isinstance(answer, Refusal) and answer.reason is Reason.DAILY_LIMIT:
            self.budget.exhaust()
        return answer

    def _get(self, function: Function, query: dict[str, str], left: float) -> Answer:
        # Neither timeout exceeds the time left, so that the run can still report.
        timeout = (min(_CONNECT, left), min(_READ, left))
        prepared = self._prepared.copy()
        prepared.url = f"{prepared.url}?{urlencode(query)}"
        try:
            # Redirects are not followed, because they would carry the key to another host.
            answer = self.session.send(prepared, timeout=timeout, allow_redirects=False, **self._settings)
        except requests.RequestException as error:
            # The error's text holds the URL, and so the key.
            return Refusal(Reason.OUTAGE, _in_words(error))
        return classify(function, answer.status_code, answer.content, self.key.get_secret_value())

    def _pace(self) -> None:
        wait = self._free_at - self.monotonic()
        if wait > 0:
            self.sleep(wait)


def _in_words(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):  # before ConnectionError, because a ConnectTimeout is both
        return "no answer in time"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "the answer was cut off"
    if isinstance(error, requests.ConnectionError):
        return "no connection"
    return "the request failed"
