"""docs/providers.md has every key of a provider file, with its default."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import pytest

from reconciler.documents.readers import Record
from reconciler.providers.provider import Provider
from reconciler.providers.schema import ANSWER, AUTH, BODY, FAULT, NEXT, PAGING, PROVIDER, RECORDS, TOKEN, WINDOW, provider_of
from reconciler.texts.yaml import read_yaml

PAGE = (Path(__file__).parents[2] / "docs" / "providers.md").read_text()
TABLES = [
    {name: row for row in table.splitlines() for name in re.findall(r"`(\w+)`", re.split(r"(?<!\\)\|", row)[1])}
    for table in re.findall(r"^\| key .*\n\| --- .*\n((?:\| .*\n)+)", PAGE, re.MULTILINE)
]
RECORDS_OF_PAGE = [PROVIDER, AUTH, RECORDS, ANSWER, PAGING, NEXT, TOKEN, WINDOW, FAULT, BODY]


@pytest.mark.parametrize(
    ("record", "table"), list(zip(RECORDS_OF_PAGE, TABLES, strict=True)), ids=lambda one: getattr(one, "make", dict).__name__
)
def test_each_table_has_the_keys_of_its_mapping_with_their_defaults(record: Record[Any], table: dict[str, str]) -> None:
    assert table.keys() == record.keys.keys()
    defaults = {field.name: field.default for field in fields(record.make)}
    for key, row in table.items():
        default = defaults[record.fields.get(key, key)]
        if "default" not in PAGE[: PAGE.index(row)].rpartition("| key ")[2].partition("\n")[0] or default in (None, MISSING, ""):
            continue
        if isinstance(default, bool | int | str) and key not in record.required:
            said = str(default).lower() if isinstance(default, bool) else str(default)
            assert f"`{said}`" in row.split("|")[2], row


def test_the_example_is_a_valid_provider_file() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert isinstance(provider_of(read_yaml(example.encode()).value), Provider)
