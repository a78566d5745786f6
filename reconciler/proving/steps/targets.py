"""The steps `dataset`, `target`, `mapping` and `flow`: where the records go, and how."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from reconciler.dataflows.calling import error_number
from reconciler.documents.json_text import Document
from reconciler.errors import ServiceError
from reconciler.proving.guards.destinations import IN_PROFILE, is_in_profile, may_be_read
from reconciler.proving.making import bodies
from reconciler.proving.steps.landing import rows_before
from reconciler.proving.steps.schemas import entries_of, kept_by_earlier
from reconciler.proving.steps.work import PROVED, Result, Work

START_AFTER: Final = timedelta(seconds=60)
"""A start in the past is refused (docs: Flow Service errors, 1360)."""

_WRONG_VALUE: Final = 1312
_OTHER_FORMAT: Final = "json"


def make_dataset(work: Work) -> Result:
    """The dataset; the one of the proof file if it names one."""
    if work.subject.dataset_id is not None:
        work.rows_before = rows_before(work, work.subject.dataset_id)
        said = "proof.yaml names a dataset"
        if not may_be_read(work.writer, work.subject.dataset_id):
            said += ", which this credential may not read, so whether it is enabled for Profile is not known"
        return Result("skipped", said)
    if not work.keeps("dataset"):
        mark = work.mark("dataset")
        work.create("dataset", "dataset", mark, bodies.dataset(mark, work.schema_uri))
        return PROVED
    mark = work.kept_mark("dataset")
    kept = [one for one in work.writer.find("dataset", mark[0]) if one.description == mark[1]]
    if not kept:
        work.create("dataset", "dataset", mark, bodies.dataset(mark, work.schema_uri))
        return PROVED
    reference = kept[0].body.get("schemaRef")
    if not isinstance(reference, dict) or reference.get("id") != work.schema_uri:
        return Result("failed", f"the dataset {mark[0]}, which cleanup.keep kept, has another schema")
    if is_in_profile(kept[0]):
        return Result("failed", f"the dataset {mark[0]}, which cleanup.keep kept, {IN_PROFILE}")
    work.kept_dataset = kept[0].id
    if "dataset" not in work.known:
        work.rows_before = rows_before(work, kept[0].id)
    return Result("proved", f"the dataset {mark[0]} was kept by an earlier proof")


def make_target(work: Work) -> Result:
    """The target connection."""
    mark = work.mark("target")
    body = bodies.target_connection(mark, work.schema_uri, work.dataset)
    try:
        work.create("target", "targetConnection", mark, body)
    except ServiceError as error:
        if error_number(error) != _WRONG_VALUE:
            raise
        _with_other_format(work, mark, body, error)
    return PROVED


def _with_other_format(work: Work, mark: bodies.Mark, body: Document, refusal: ServiceError) -> None:
    """The target connection with the other format that Adobe's pages have. Raises the first refusal if that is refused, too."""
    try:
        work.create("target", "targetConnection", mark, {**body, "data": {**body["data"], "format": _OTHER_FORMAT}})
    except ServiceError as error:
        if error_number(error) != _WRONG_VALUE:
            raise
        raise refusal from None


def make_mapping(work: Work) -> Result:
    """The mapping set of this key and repository, which stays: the service cannot delete one, so each proof replaces its own."""
    if not work.subject.maps:
        return Result("skipped", "proof.yaml has mapping: none")
    mark = work.kept_mark("mapping")
    body = bodies.mapping_set(mark, work.schema_uri, entries_of(work))
    own = work.known.get("mapping") or kept_by_earlier(work, "mappingSet", mark)
    if own is not None:
        _replace(work, own.id, mark[0], body)
    mapping_id = work.create("mapping", "mappingSet", mark, body).id if own is None else own.id
    work.mapping_id = mapping_id
    live = work.writer.get("mappingSet", mapping_id)
    version = live.body.get("version") if live else None
    work.mapping_version = version if isinstance(version, int) and not isinstance(version, bool) else 0
    if live is not None and live.description != mark[1]:
        return Result("proved", "the service did not keep the tag of the mapping set, so the next proof will make another one")
    return PROVED


def _replace(work: Work, mapping_id: str, name: str, body: Document) -> None:
    call = work.log.intent("mapping", "PUT", "mappingSet", name, body)
    try:
        work.writer.replace_mapping_set(mapping_id, body)
    except Exception as error:
        work.log.failed("mapping", call, error)
        raise
    work.log.replaced("mapping", call, mapping_id)


def make_flow(work: Work) -> Result:
    """The flow. One that fetches runs once, a minute from now by the service's clock."""
    mark = work.mark("flow")
    work.create("flow", "flow", mark, flow_body(work, mark))
    return PROVED


def flow_body(work: Work, mark: bodies.Mark) -> Document:
    """The body of a flow of this proof."""
    start = None if work.subject.streams else work.writer.now() + START_AFTER
    connections = (work.made["source"].id, work.made["target"].id)
    mapping = None if work.mapping_id is None else (work.mapping_id, work.mapping_version)
    return bodies.flow(mark, work.subject.flow_spec_id, connections, mapping, start)
