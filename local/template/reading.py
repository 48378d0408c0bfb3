"""Reads template.yaml into records. Skips resources that do nothing on one machine, such as alarms and roles."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from local.template.functions import read_function
from local.template.intrinsics import Scope
from local.template.parameters import read_scope
from local.template.properties import Properties
from local.template.queues import read_queue
from local.template.records import Template
from local.template.routes import read_routes
from local.template.tables import read_table
from publishing.template_file import TemplateError, load_yaml

TABLE, QUEUE, FUNCTION = "AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::Serverless::Function"
ROUTE, INTEGRATION = "AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::Integration"
# These would change what runs, so skipping them silently would be wrong.
UNSUPPORTED = {
    "AWS::Lambda::Function": "write it as AWS::Serverless::Function",
    "AWS::Lambda::EventSourceMapping": "write it as an event of its function",
    "AWS::Serverless::SimpleTable": "write it as AWS::DynamoDB::Table",
}


def read_template(path: Path, stack: str = "troupe", parameters: Mapping[str, str] | None = None) -> Template:
    """:param stack: AWS::StackName, the prefix of generated names
    :param parameters: replace the template's defaults
    :raises TemplateError: names the resource, property or parameter
    """
    document = load_yaml(path)
    if not isinstance(document, dict) or not isinstance(document.get("Resources"), dict):
        raise TemplateError(f"{path} has no Resources section")
    scope = read_scope(document, stack, parameters or {})
    resources = dict(_wanted(document["Resources"], scope))
    ids = {kind: frozenset(i for i, r in resources.items() if r["Type"] == kind) for kind in (TABLE, QUEUE, FUNCTION)}

    def of(kind: str, scope: Scope = scope) -> dict[str, Properties]:
        return {i: Properties.of(i, r.get("Properties"), scope) for i, r in resources.items() if r["Type"] == kind}

    leading = scope.with_names({**{i: i for i in resources}, **{f"{i}.Arn": i for i in ids[FUNCTION]}})
    routes = read_routes(of(ROUTE, leading), of(INTEGRATION, leading), ids[FUNCTION])
    defaults = Properties.of("Globals", document.get("Globals"), scope).section("Function")
    return Template(
        tables=tuple(read_table(i, properties, stack) for i, properties in of(TABLE).items()),
        queues=tuple(read_queue(i, properties, stack, ids[QUEUE]) for i, properties in of(QUEUE).items()),
        functions=tuple(
            read_function(properties, defaults, routes.get(i, ()), ids[TABLE], ids[QUEUE])
            for i, properties in of(FUNCTION).items()
        ),
        scope=scope,
    )


def _wanted(resources: Mapping[str, Any], scope: Scope) -> Iterator[tuple[str, dict[str, Any]]]:
    for logical_id, resource in resources.items():
        if not isinstance(resource, dict) or not isinstance(resource.get("Type"), str):
            raise TemplateError(f"{logical_id}: Type is missing")
        if not scope.conditions.get(resource.get("Condition", ""), True):
            continue
        if resource["Type"] in UNSUPPORTED:
            raise TemplateError(f"{logical_id}: {resource['Type']} does not run here; {UNSUPPORTED[resource['Type']]}")
        yield logical_id, resource
