"""Numbers with the text that they have, so that one syntax writes them as the other did: `-0`, `1.10` and `1E5` are not respelled.

Every number of JSON is one of YAML 1.2. The other way round, what YAML alone can write (`0x1f`, `+1`, `.5`) becomes JSON's own form.
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
    """A number as a text of JSON has it. Its repr is what `yaml_writing` writes for a number."""

    text: str

    def __repr__(self) -> str:
        return self.text


def spelled_json(text: str) -> Json:
    """The value of a text that `read_json` finds no mistake in, each number a SpelledNumber."""
    return json.loads(text, parse_int=SpelledNumber, parse_float=SpelledNumber)


def spelled_yaml(text: str, value: Json) -> Json:
    """The value that `read_yaml` reads this text as, each number as JSON is to write it: in the text's own way, if that is JSON."""
    return _spelled(yaml_nodes(text), value, text)


def _spelled(node: Node, value: Json, text: str) -> Json:
    if node.shape is Shape.ALIAS:
        return _spelled(node.meant, value, text) if node.meant else value  # without a node it means a key, which is a string
    if isinstance(value, dict):
        spelled: Json = {entry.key: _spelled(entry.node, value[entry.key], text) for entry in node.entries}
        return spelled
    if isinstance(value, list):
        return [_spelled(entry.node, item, text) for entry, item in zip(node.entries, value, strict=True)]
    written = text[node.inner : node.end]
    number = _JSON_NUMBER.fullmatch(written)
    if number is None or type(value) is not (float if number["fraction"] or number["exponent"] else int):
        return value  # no number, not JSON's way to write one, or by its tag not what it looks like
    return msgspec.Raw(written.encode())
