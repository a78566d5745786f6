"""Target connections: the dataset that rows are written to."""

from __future__ import annotations

import re
from typing import Any

from reconciler.emulator.dataflows import DATA_LAKE
from reconciler.emulator.dataplane.connecting.asking import Asking, Body, decoded, mapping
from reconciler.emulator.dataplane.connecting.specs import check_drafts
from reconciler.emulator.dataplane.registry.resources import find
from reconciler.emulator.model import DATASETS, SCHEMAS

_FORMATS = ("parquet_xdm", "json")
_VERSION = re.compile(r"version\s*=\s*(\d+)")


def complete_target(asking: Asking, sent: Body) -> Body:
    """A target connection as it is stored. Raises `DeclinedError`."""
    asking.named(sent)
    body, _ = _with_spec(asking, sent)
    dataset_id = mapping(sent, "params").get("dataSetId")
    if not isinstance(dataset_id, str) or not dataset_id:
        raise asking.declined("1325-400", value=sent["name"])
    _check_format(asking, sent)
    dataset = dataset_of(asking, dataset_id)
    if dataset is None:
        raise asking.declined("1312-400", field="dataSetId", value=dataset_id)
    _check_schema(asking, sent, dataset)
    return body


def draft_target(asking: Asking, sent: Body) -> Body:
    """A draft of a target connection as it is stored. Raises `DeclinedError`."""
    body, spec = _with_spec(asking, sent)
    check_drafts(asking, spec)
    return body


def dataset_of(asking: Asking, dataset_id: str) -> Body | None:
    """A dataset of the catalog; None if there is none."""
    row = asking.service.find(DATASETS, asking.place, dataset_id)
    return None if row is None else decoded(row.body)


def schema_of_dataset(dataset: Body) -> tuple[Any, str]:
    """The id and the major version of the schema of a dataset."""
    reference = mapping(dataset, "schemaRef")
    return reference.get("id"), major_version(reference.get("contentType"))


def schema_key(asking: Asking, uri: object, version: str) -> tuple[str, str]:
    """A schema by its `meta:altId`, if it is an own one: references have that, or its `$id`."""
    row = find(asking.service, SCHEMAS, asking.place, str(uri))
    return str(uri) if row is None else row.id, version


def major_version(text: object) -> str:
    """The version in a content type (`…;version=1`), or the first number of a version (`1.0`); 1 without one."""
    written = str(text)
    found = _VERSION.search(written) or re.match(r"(\d+)", written)
    return found[1] if found else "1"


def _with_spec(asking: Asking, sent: Body) -> tuple[Body, Body]:
    spec_id = mapping(sent, "connectionSpec").get("id")
    if isinstance(spec_id, str) and spec_id != DATA_LAKE:
        raise asking.declined("1307-400", value=spec_id, allowed=DATA_LAKE)
    reference, spec = asking.reference(sent, "connectionSpec")
    return {**sent, "connectionSpec": reference}, spec


def _check_format(asking: Asking, sent: Body) -> None:
    given, accepted = mapping(sent, "data").get("format"), asking.service.behaviour.target_format
    formats = _FORMATS if accepted == "any" else (accepted,)
    if given not in formats and not (given is None and accepted == "any"):
        raise asking.declined("1312-400", field="data.format", value=given)


def _check_schema(asking: Asking, sent: Body, dataset: Body) -> None:
    """The schema that a target connection names has to be the one of its dataset."""
    named = mapping(sent, "data", "schema")
    schema_id, version = schema_of_dataset(dataset)
    if not named:
        return
    if schema_key(asking, named.get("id"), version) != schema_key(asking, schema_id, version):
        raise asking.declined("1312-400", field="data.schema.id", value=named.get("id"))
    if major_version(named.get("version")) != version:
        raise asking.declined("1312-400", field="data.schema.version", value=named.get("version"))
