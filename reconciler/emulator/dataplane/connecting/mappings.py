"""The transformations of a flow: its mapping set has to exist, and to fit to the dataset."""

from __future__ import annotations

from typing import Any

from reconciler.emulator.dataplane.connecting.asking import Asking, Body, decoded, mapping
from reconciler.emulator.dataplane.connecting.specs import transformation_names
from reconciler.emulator.dataplane.connecting.targets import dataset_of, major_version, schema_of_dataset
from reconciler.emulator.model import MAPPING_SETS

_MAPPING = "Mapping"


def check_transformations(asking: Asking, sent: Body, flow_spec: Body, target: Body | None) -> None:
    """Refuse transformations that the flow spec does not have, and a mapping that does not fit. Raises `DeclinedError`."""
    given = sent.get("transformations", [])
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise asking.declined("1392-400", value=asking.about)
    names = transformation_names(flow_spec)
    for item in given:
        if item.get("name") not in names:
            raise asking.declined("1392-400", value=asking.about)
        if item.get("name") == _MAPPING:
            _check_mapping(asking, mapping(item, "params"), target)


def _check_mapping(asking: Asking, params: Body, target: Body | None) -> None:
    mapping_id, version = params.get("mappingId"), params.get("mappingVersion", 0)
    if not isinstance(mapping_id, str) or not mapping_id:
        raise asking.declined("1328-400", field="mappingId")
    row = asking.service.find(MAPPING_SETS, asking.place, mapping_id)
    if row is None:
        raise asking.declined("1419-400", value=mapping_id, field=version)
    mapping_set = decoded(row.body)
    if str(version) != str(mapping_set.get("version", 0)):
        raise asking.declined("1412-400")
    dataset_id = mapping(target, "params").get("dataSetId")
    dataset = dataset_of(asking, str(dataset_id)) if dataset_id is not None else None
    if dataset is not None and _schema_of_mapping(mapping_set) != schema_of_dataset(dataset):
        raise asking.declined("1425-400", value=dataset_id, field=mapping_id)


def _schema_of_mapping(mapping_set: Body) -> tuple[Any, str]:
    """The id and the major version of the schema that a mapping set writes, in either of its published forms."""
    reference = mapping(mapping_set, "outputSchema", "schemaRef")
    if reference:
        return reference.get("id"), major_version(reference.get("contentType"))
    return mapping_set.get("xdmSchema"), major_version(mapping_set.get("xdmVersion"))
