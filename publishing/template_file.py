"""A CloudFormation template as a file of YAML with CloudFormation's short tags."""

from pathlib import Path
from typing import Any

import yaml


class TemplateError(ValueError):
    """The template can't be read, or declares something unsupported. The message names the place."""


class _TagLoader(yaml.CSafeLoader):
    """Reads short tags as the long form: `!Ref x` as `{"Ref": "x"}`, `!GetAtt a.b` as `{"Fn::GetAtt": ["a", "b"]}`."""


def _tagged(loader: _TagLoader, tag: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    match node:
        case yaml.SequenceNode():
            value = loader.construct_sequence(node, deep=True)
        case yaml.MappingNode():
            value = loader.construct_mapping(node, deep=True)
        case yaml.ScalarNode():
            value = loader.construct_scalar(node)
    if tag == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {tag if tag in {"Ref", "Condition"} else f"Fn::{tag}": value}


_TagLoader.add_multi_constructor("!", _tagged)


def load_yaml(path: Path) -> Any:
    """:raises TemplateError: no such file, or invalid YAML, with the line"""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_TagLoader)  # noqa: S506 - a CSafeLoader
    except OSError as error:
        raise TemplateError(f"{path}: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise TemplateError(f"{path}: {error}") from None
