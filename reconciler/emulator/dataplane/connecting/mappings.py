"""The transformations of a flow: its mapping set has to exist, and to fit to the dataset."""

from __future__ import annotations

from reconciler.emulator.dataplane.connecting.asking import Asking, Body, mapping
from reconciler.emulator.dataplane.connecting.specs import transformation_names
from reconciler.emulator.dataplane.connecting.targets import dataset_of, major_version, schema_key, schema_of_dataset
from reconciler.emulator.dataplane.mapping_sets import mapping_set_of, problems_of, schema_of
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
    mapping_set = _mapping_set(asking, mapping_id, version)
    if any(problem is not None for problem in problems_of(asking.service, asking.place, mapping_set)):
        raise asking.declined("1419-400", value=mapping_id, field=version)
    dataset_id = mapping(target, "params").get("dataSetId")
    dataset = dataset_of(asking, str(dataset_id)) if dataset_id is not None else None
    if dataset is not None and schema_key(asking, *_schema_of_mapping(mapping_set)) != schema_key(
        asking, *schema_of_dataset(dataset)
    ):
        raise asking.declined("1425-400", value=dataset_id, field=mapping_id)


def _mapping_set(asking: Asking, mapping_id: str, version: object) -> Body:
    """The mapping set in this version. Raises `DeclinedError` (1412, 1419)."""
    row = asking.service.find(MAPPING_SETS, asking.place, mapping_id)
    if row is None:
        raise asking.declined("1419-400", value=mapping_id, field=version)
    found = mapping_set_of(asking.service, asking.place, mapping_id, version)
    is_counted = asking.service.behaviour.mapping_versions == "counted"
    if found is None or not (is_counted or str(version) == "0"):
        raise asking.declined("1412-400")
    return found


def _schema_of_mapping(mapping_set: Body) -> tuple[str | None, str]:
    """The schema that a mapping set writes, and its major version, in either of the published forms."""
    reference = mapping(mapping_set, "outputSchema", "schemaRef")
    version = reference.get("contentType") if reference else mapping_set.get("xdmVersion")
    return schema_of(mapping_set), major_version(version)
