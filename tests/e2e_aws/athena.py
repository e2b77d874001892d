"""An Athena for the deployed function: the tests' fake Athena, with the emulator's catalog, result bucket and roles.

Like Athena, it looks up the table in Glue's catalog, reads the lake and writes the result into the workgroup's
location, each only if the caller's role allows it.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from lake.tables import FORECASTS
from tests.e2e_aws.deployment import client, download
from tests.e2e_aws.emulator import ACCOUNT, REGION
from tests.support.athena import Athena, Execution

_RELATION = re.compile(r'FROM "?(\w+)"?')


@dataclass
class DeployedAthena(Athena):
    """`root` holds a copy of the published files; `role`, `lake` and `location` are the deployed ones."""

    role: str = ""
    lake: str = ""
    tables: list[str] = field(default_factory=list)

    def answer(self, operation: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        workgroup = f"arn:aws:athena:{REGION}:{ACCOUNT}:workgroup/bellwether"
        refused = self._refused(f"athena:{operation}", workgroup)
        if refused:
            return 400, {"__type": "AccessDeniedException", "message": refused}
        status, answer = super().answer(operation, body)
        if operation == "StartQueryExecution" and status == 200:
            self._write_result(answer["QueryExecutionId"])
        return status, answer

    def _run(self, body: dict[str, Any]) -> Execution:
        database = body["QueryExecutionContext"]["Database"]
        relation = _RELATION.search(body["QueryString"])
        table = relation.group(1) if relation else ""
        fault = self._unreadable(database, table)
        return Execution("FAILED", reason=fault) if fault else super()._run(body)

    def _unreadable(self, database: str, table: str) -> str:
        """Why the table cannot be read by the caller; empty where it can."""
        catalog = f"arn:aws:glue:{REGION}:{ACCOUNT}"
        refused = (
            self._refused("glue:GetDatabase", f"{catalog}:database/default")
            or self._refused("glue:GetDatabase", f"{catalog}:database/{database}")
            or self._refused("glue:GetTable", f"{catalog}:table/{database}/{table}")
        )
        if refused:
            return refused
        glue = client("glue")
        try:
            found = glue.get_table(DatabaseName=database, Name=table)["Table"]
        except glue.exceptions.EntityNotFoundException:
            return f"TABLE_NOT_FOUND: line 1:8: {database}.{table}"
        location = found["StorageDescriptor"]["Location"]
        self.tables.append(location)
        if table == FORECASTS.name:
            self.forecast_columns = {one["Name"]: one["Type"] for one in found["StorageDescriptor"]["Columns"]}
            bucket, _, prefix = location.removeprefix("s3://").partition("/")
            download(bucket, prefix, self.root)
        return (
            self._refused("s3:GetObject", f"{location.replace('s3://', 'arn:aws:s3:::')}any/file")
            or self._refused("s3:ListBucket", f"arn:aws:s3:::{self.lake}")
            or self._refused("s3:GetBucketLocation", f"arn:aws:s3:::{self._results}")
            or self._refused("s3:PutObject", f"arn:aws:s3:::{self._results}/api/any.csv")
        )

    @property
    def _results(self) -> str:
        return self.location.removeprefix("s3://").split("/")[0]

    def _write_result(self, name: str) -> None:
        bucket, _, prefix = self.location.removeprefix("s3://").partition("/")
        if self.executions[name].state != "FAILED":
            key = f"{name}.csv"
            client("s3").put_object(Bucket=bucket, Key=f"{prefix}/{key}", Body=self.result_file(key))

    def _refused(self, action: str, resource: str) -> str:
        """The refusal of the caller's role; empty where it allows the action."""
        decision = client("iam").simulate_principal_policy(
            PolicySourceArn=self.role, ActionNames=[action], ResourceArns=[resource]
        )["EvaluationResults"][0]["EvalDecision"]
        return "" if decision == "allowed" else f"{self.role} is not authorized to perform {action} on {resource}"
