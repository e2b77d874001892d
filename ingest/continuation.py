"""A run that a function has no time to finish goes on in another invocation of the function.

The requests that are left are handed over in the lake, and not planned anew: Firehose delivers after minutes, so a new
plan would not see what has just been fetched, and would request it again.
"""

import json
from dataclasses import dataclass
from typing import Protocol

from ingest.errors import ContinuationError
from ingest.plan.requests import PlannedRequest
from lake import layout
from lake.errors import ConflictError, LakeError, NotFoundError
from lake.storage import Storage

# Invocations after the first: two hours, or nine thousand requests at 75 a minute. AWS itself ends a function that
# invokes itself sixteen times: https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
MOST = 8


class LambdaClient(Protocol):
    """What is needed of boto3's client."""

    def invoke(self, *, FunctionName: str, InvocationType: str, Payload: bytes) -> object: ...  # noqa: N803 - boto3's


@dataclass(frozen=True)
class Unfinished:
    """What is left of a run. `number`: which continuation makes these requests, from 1 on."""

    requests: tuple[PlannedRequest, ...]
    number: int


def lambda_client() -> LambdaClient:
    """boto3's client. boto3 is imported late, because a run on one machine does without it."""
    import boto3

    client: LambdaClient = boto3.client("lambda")
    return client


@dataclass(frozen=True)
class Continuations:
    """Invokes `function` for what a run in `storage` has left."""

    storage: Storage
    function: str
    client: LambdaClient

    def hand_over(self, run: str, task: str, left: Unfinished) -> str:
        """Store what is left and invoke the function for it; a sentence that says so.

        ContinuationError where the run has been continued MOST times already, or the function cannot be invoked.
        """
        from botocore.exceptions import BotoCoreError, ClientError  # imported late, as boto3

        count = f"{len(left.requests)} requests are left"
        if left.number > MOST:
            raise ContinuationError(f"{count} after {MOST} continuations: the next run plans them anew")
        requests = [request.to_dict() for request in left.requests]
        data = {"number": left.number, "taken": False, "requests": requests}
        self.storage.write(layout.unfinished(run), json.dumps(data).encode())
        payload = json.dumps({"task": task, "continues": run}).encode()
        try:
            self.client.invoke(FunctionName=self.function, InvocationType="Event", Payload=payload)
        except (BotoCoreError, ClientError) as error:
            raise ContinuationError(f"{count}, and {self.function} cannot be invoked: {error}") from error
        return f"{count}: continuation {left.number} of at most {MOST} makes them"


def take(storage: Storage, run: str) -> Unfinished | None:
    """What is left of a run; None where it has been taken: Lambda may deliver an asynchronous event twice."""
    key = layout.unfinished(run)
    try:
        data, tag = storage.read_tagged(key)
        found = json.loads(data)
        if found["taken"]:
            return None
        storage.write_if(key, json.dumps({**found, "taken": True}).encode(), tag)
        return Unfinished(tuple(map(PlannedRequest.from_dict, found["requests"])), found["number"])
    except ConflictError:
        return None
    except NotFoundError:
        raise ContinuationError(f"{storage.url} has no {key}: there is nothing to continue") from None
    except (ValueError, TypeError, KeyError, LakeError) as error:
        raise ContinuationError(f"{storage.url}/{key} cannot be read: {error}") from error
