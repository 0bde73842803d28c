"""What Litestar's OpenAPI document does not know of our types by itself."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from litestar.openapi.spec import OpenAPIType, Schema
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition
from msgspec import Struct

__all__ = ["schema_plugins"]


def schema_plugins() -> list[OpenAPISchemaPlugin]:
    """New ones for one application, ahead of Litestar's own."""
    return [_DecimalIsNumber(), _StrictStruct()]


class _DecimalIsNumber(OpenAPISchemaPlugin):
    """Answers carry decimals as JSON numbers with all their digits."""

    @staticmethod
    def is_plugin_supported_type(value: Any) -> bool:
        return value is Decimal

    def to_openapi_schema(self, field_definition: Any, schema_creator: Any) -> Schema:
        del field_definition, schema_creator
        return Schema(type=OpenAPIType.NUMBER)


class _StrictStruct(OpenAPISchemaPlugin):
    """A struct that forbids unknown fields says so: its schema takes no other ones."""

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        if field_definition.is_union or not field_definition.is_subclass_of(Struct):
            return False
        kind = field_definition.origin or field_definition.annotation
        return bool(kind.__struct_config__.forbid_unknown_fields)

    def to_openapi_schema(
        self, field_definition: FieldDefinition, schema_creator: Any
    ) -> Schema:
        next_one = next(
            plugin
            for plugin in schema_creator.plugins
            if plugin is not self
            and schema_creator.plugin_supports_field(plugin, field_definition)
        )
        schema: Schema = next_one.to_openapi_schema(field_definition, schema_creator)
        schema.additional_properties = False
        return schema
