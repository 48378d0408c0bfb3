"""Reads AWS::DynamoDB::Table."""

from typing import Any

from local.template.properties import Properties
from local.template.records import Table

TABLE_PROPERTIES = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "LocalSecondaryIndexes")


def read_table(logical_id: str, properties: Properties, stack: str) -> Table:
    definition: dict[str, Any] = {key: properties.items(key) for key in TABLE_PROPERTIES if key in properties.values}
    for key in ("AttributeDefinitions", "KeySchema"):
        if key not in definition:
            raise properties.wrong(key, "a list")
    view = properties.section("StreamSpecification").values.get("StreamViewType")
    if view:
        definition["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": view}
    lifetime = properties.section("TimeToLiveSpecification")
    has_ttl = bool(lifetime.values) and lifetime.flag("Enabled")
    return Table(
        logical_id=logical_id,
        name=properties.text("TableName", f"{stack}-{logical_id}"),
        definition=definition,
        ttl_attribute=lifetime.text("AttributeName") if has_ttl else None,
    )
