"""What a browser loads by itself when a person opens the page or Swagger UI: scripts, styles, pictures, modules."""

import json
import re
from urllib.parse import urljoin, urlsplit

from tests.e2e_aws.deployment import Answer, Deployed

_LOADED = re.compile(r"""(?:<link[^>]*?\shref|<script[^>]*?\ssrc|<img[^>]*?\ssrc)\s*=\s*["']([^"']+)""")
_IMPORTED = re.compile(r"""(?:^|\s)(?:import|from)\s*\(?\s*["'](\.[^"']+)["']""")
_SPEC = re.compile(r"""url:\s*'([^']+)'""")
MB = 1_000_000


def faults_of(deployed: Deployed, pages: tuple[str, ...], most: float) -> tuple[list[str], int]:
    """The faults of the pages and of all that they load, and how many addresses there are."""
    stage = urlsplit(deployed.base).path.rpartition("/")[2]
    waiting = [f"/{stage}{page}" for page in pages]
    seen: set[str] = set()
    faults: list[str] = []
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        if not address.startswith(f"/{stage}/"):
            faults.append(f"{address} leaves the stage or the service")
            continue
        answer = deployed.ask(address.removeprefix(f"/{stage}"), with_key=False)
        if answer.status != 200 or not answer.body:
            faults.append(f"{address}: {answer.status}")
        elif (size := _size_in_lambda_response(answer) / MB) > most:
            faults.append(f"{address}: {size:.1f} MB")
        waiting += [urljoin(address, link) for link in _links(answer.headers.get("content-type", ""), answer.plain)]
    return faults, len(seen)


def _size_in_lambda_response(answer: Answer) -> float:
    """The bytes of the body in Lambda's JSON response: text is escaped, and compressed bodies are base64."""
    if "content-encoding" in answer.headers:
        return len(answer.body) * 4 / 3
    return len(json.dumps(answer.body.decode("utf-8", errors="replace")))


def _links(kind: str, body: bytes) -> list[str]:
    """The addresses that a document or a module loads."""
    text = body.decode("utf-8", errors="replace")
    if kind.startswith("text/html"):
        return [link for link in (*_LOADED.findall(text), *_SPEC.findall(text)) if not link.startswith("data:")]
    return _IMPORTED.findall(text) if "javascript" in kind and len(body) < MB else []
