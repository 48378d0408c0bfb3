"""Reads the routes that are resources of their own: AWS::ApiGatewayV2::Route and ::Integration."""

from collections import defaultdict
from collections.abc import Mapping

from local.template.properties import Properties
from local.template.records import Route


def read_routes(
    routes: Mapping[str, Properties], integrations: Mapping[str, Properties], functions: frozenset[str]
) -> dict[str, tuple[Route, ...]]:
    """Returns the routes by function. References to integrations and functions must resolve to their logical ids.

    :raises TemplateError: a route leads to no function of this template, or has another payload format
    """
    found: dict[str, tuple[Route, ...]] = defaultdict(tuple)
    for properties in routes.values():
        _, _, name = properties.text("Target").partition("integrations/")
        if name not in integrations:
            raise properties.wrong("Target", "integrations/<an integration of this template>")
        found[_function(integrations[name], functions)] += (_route(properties),)
    return found


def _function(integration: Properties, functions: frozenset[str]) -> str:
    function = integration.values.get("IntegrationUri")
    if function not in functions:
        raise integration.wrong("IntegrationUri", "!GetAtt <a function of this template>.Arn")
    if integration.text("PayloadFormatVersion") != "2.0":
        raise integration.wrong("PayloadFormatVersion", '"2.0"')
    return str(function)


def _route(properties: Properties) -> Route:
    method, _, path = properties.text("RouteKey").partition(" ")
    if method == "$default":
        return Route("ANY", "$default")
    if not path.startswith("/"):
        raise properties.wrong("RouteKey", "METHOD /path")
    return Route(method, path)
