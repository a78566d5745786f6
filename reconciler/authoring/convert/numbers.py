"""Numbers that keep their spelling, so that a conversion does not rewrite `-0`, `1.10` or `1E5`.

Every JSON number is a YAML 1.2 number. In the other direction, forms that only YAML has (`0x1f`, `+1`, `.5`) become JSON numbers.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

import msgspec

from reconciler.documents.json_text import Json
from reconciler.texts.nodes import Node, Shape
from reconciler.texts.yaml_nodes import yaml_nodes

_JSON_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?P<fraction>\.[0-9]+)?(?P<exponent>[eE][+-]?[0-9]+)?")


@dataclass(frozen=True, slots=True, repr=False)
class SpelledNumber:
    """A number in the spelling of a JSON text. Its repr is what `yaml_writing` writes."""

    text: str

    def __repr__(self) -> str:
        return self.text


def spelled_json(text: str) -> Json:
    """The value of a text in which `read_json` finds no mistake, with a SpelledNumber for each number."""
    return json.loads(text, parse_int=SpelledNumber, parse_float=SpelledNumber)


def spelled_yaml(text: str, value: Json) -> Json:
    """The value that `read_yaml` returns for this text, with numbers for JSON: in the spelling of the text if that is valid JSON."""
    return _spelled(yaml_nodes(text), value, text)


def _spelled(node: Node, value: Json, text: str) -> Json:
    if node.shape is Shape.ALIAS:
        return _spelled(node.meant, value, text) if node.meant else value  # without a node it refers to a key, a string
    if isinstance(value, dict):
        spelled: Json = {entry.key: _spelled(entry.node, value[entry.key], text) for entry in node.entries}
        return spelled
    if isinstance(value, list):
        return [_spelled(entry.node, item, text) for entry, item in zip(node.entries, value, strict=True)]
    written = text[node.inner : node.end]
    number = _JSON_NUMBER.fullmatch(written)
    if number is None or type(value) is not (float if number["fraction"] or number["exponent"] else int):
        return value  # not a number, not valid in JSON, or given another type by its tag
    return msgspec.Raw(written.encode())
