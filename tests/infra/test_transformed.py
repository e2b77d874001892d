"""What CloudFormation really creates: the template after the SAM transform."""

import json
from graphlib import TopologicalSorter
from typing import Any

import pytest

from tests.infra.parsed import as_list, text_of
from tests.infra.transformed import dependencies, of_type, size, transformed
from tools.template import resources

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
MOST_BYTES, MOST_RESOURCES = 1_000_000, 500
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: a function's resource-based policy
MOST_POLICY_BYTES = 20_480
PERMISSION_BYTES = 400  # of one statement, rounded up
OPEN = {"/", "/page/{proxy+}", "/docs", "/static-offline-docs/{proxy+}", "/openapi.json", "/health"}
PROBLEM = "'application/problem+json'"


def methods() -> dict[tuple[str, str], bool]:
    """The gateway's paths and methods, and whether each needs a key."""
    (api,) = of_type("AWS::ApiGateway::RestApi").values()
    return {
        (path, method.upper()): operation["security"] == [{"api_key": []}]
        for path, operations in api["Body"]["paths"].items()
        for method, operation in operations.items()
    }


def test_there_is_one_stage() -> None:
    """Without OpenApiVersion SAM creates a second one called Stage, which has neither limits nor a usage plan."""
    (stage,) = of_type("AWS::ApiGateway::Stage").values()
    assert stage["StageName"] == {"Ref": "Stage"}
    (deployment,) = of_type("AWS::ApiGateway::Deployment").values()
    assert "StageName" not in deployment
    (plan,) = of_type("AWS::ApiGateway::UsagePlan").values()
    assert plan["ApiStages"] == [{"ApiId": {"Ref": "Api"}, "Stage": {"Ref": "ApiStage"}}]


def test_every_method_is_throttled() -> None:
    (stage,) = of_type("AWS::ApiGateway::Stage").values()
    (settings,) = stage["MethodSettings"]
    assert (settings["ResourcePath"], settings["HttpMethod"]) == ("/*", "*")
    assert settings["ThrottlingRateLimit"] == {"Ref": "RequestsPerSecond"}
    assert settings["ThrottlingBurstLimit"] == {"Ref": "RequestsBurst"}


def test_answers_are_compressed() -> None:
    (api,) = of_type("AWS::ApiGateway::RestApi").values()
    assert api["MinimumCompressionSize"] == 1024
    assert api["BinaryMediaTypes"] == ["*/*"]


def test_a_key_is_needed_except_for_what_a_browser_opens_and_for_preflights() -> None:
    expected = {(path, method): False for path in OPEN for method in ("GET", "HEAD", "OPTIONS")}
    # What programs look for before they have a key: what the service is, and OAuth, of which there is none.
    expected |= {(path, "GET"): False for path in ("/llms.txt", "/.well-known/{proxy+}")}
    expected |= {("/{proxy+}", method): True for method in ("GET", "HEAD", "POST")}
    assert methods() == expected | {("/{proxy+}", "OPTIONS"): False}


@pytest.mark.parametrize("kind", ["DEFAULT_4XX", "DEFAULT_5XX", "INVALID_API_KEY", "MISSING_AUTHENTICATION_TOKEN"])
def test_the_gateway_refuses_with_problem_bodies(kind: str) -> None:
    (api,) = of_type("AWS::ApiGateway::RestApi").values()
    response = api["Body"]["x-amazon-apigateway-gateway-responses"][kind]
    # A browser shows a page of another origin nothing of a refusal without this header, and it is off by default.
    allowed = {"Fn::If": ["HasCorsOrigins", "'*'", {"Ref": "AWS::NoValue"}]}
    assert response["responseParameters"] == {
        "gatewayresponse.header.Content-Type": PROBLEM,
        "gatewayresponse.header.Access-Control-Allow-Origin": allowed,
    }
    text = response["responseTemplates"]["application/json"]
    body = json.loads(text.replace("$context.error.messageString", '"Too Many Requests"'))
    assert body["type"].startswith("urn:bellwether:problem:")
    assert body["title"]
    assert body["detail"] == body["message"] != ""
    assert "status" not in body or int(response.get("statusCode", 403)) == body["status"]


def test_nothing_depends_on_itself() -> None:
    graph = {name: dependencies(name) for name in transformed()["Resources"]}
    assert {"ApiFunction", "Crawler", "PublishTrigger"} <= set(TopologicalSorter(graph).static_order())
    assert "BuildRole" in graph["CleanJob"]


def test_the_roles_that_sam_adds_only_start_ingest() -> None:
    added = {name: role for name, role in of_type("AWS::IAM::Role").items() if name not in resources("AWS::IAM::Role")}
    assert len(added) == 4  # one a schedule
    for role in added.values():
        (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Principal"] == {"Service": ["scheduler.amazonaws.com"]}
        found = [one for policy in role["Policies"] for one in policy["PolicyDocument"]["Statement"]]
        assert {action for one in found for action in as_list(one["Action"])} == {
            "lambda:InvokeFunction",
            "sqs:SendMessage",
        }
        assert "*" not in {resource for one in found for resource in map(text_of, as_list(one["Resource"]))}


def test_no_role_has_a_name_or_a_managed_policy() -> None:
    """A name would need CAPABILITY_NAMED_IAM and could clash; a managed policy gives more than is needed."""
    for role in of_type("AWS::IAM::Role").values():
        assert "RoleName" not in role
        assert not role.get("ManagedPolicyArns")


def test_every_function_and_job_logs_to_a_group_with_a_retention() -> None:
    groups = of_type("AWS::Logs::LogGroup")
    assert {text_of(group["RetentionInDays"]) for group in groups.values()} == {"LogDays"}
    for function in of_type("AWS::Lambda::Function").values():
        assert text_of(function["LoggingConfig"]["LogGroup"]) in groups
    names = {text_of(group["LogGroupName"]) for group in groups.values()}
    for job in of_type("AWS::Glue::Job").values():
        prefix = text_of(job["DefaultArguments"]["--custom-logGroup-prefix"])
        assert {f"{prefix}/output", f"{prefix}/error"} <= names
    for stream in of_type("AWS::KinesisFirehose::DeliveryStream").values():
        logged = stream["ExtendedS3DestinationConfiguration"]["CloudWatchLoggingOptions"]
        assert text_of(logged["LogGroupName"]) in groups


def test_it_is_far_below_cloudformations_limits() -> None:
    assert size() < MOST_BYTES / 2
    assert len(transformed()["Resources"]) < MOST_RESOURCES / 2


def test_the_gateway_may_call_the_function_by_few_enough_permissions() -> None:
    """SAM adds one for each method of each path, all in one policy of the function."""
    every = of_type("AWS::Lambda::Permission").values()
    permissions: list[Any] = [one for one in every if one["Principal"] == "apigateway.amazonaws.com"]
    assert len(permissions) == len(methods())
    assert len(permissions) * PERMISSION_BYTES < MOST_POLICY_BYTES
