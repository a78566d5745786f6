"""The steps `schema` and `mapping-check`: a schema from the records, and the mapping on real records, before any connection is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from reconciler.dataflows.resources import Resource, ResourceType
from reconciler.documents.json_text import Document, Json
from reconciler.errors import count
from reconciler.proofs.values import Mapped
from reconciler.proving.making.bodies import Mark, field_group, mapping_set, mappings, schema
from reconciler.proving.making.fields import fields_of
from reconciler.proving.making.mapped import at, is_plain, is_scalar
from reconciler.proving.steps.work import PROVED, Result, Work, uri_of

_MOST_PREVIEWS: Final = 20
"""Records that are sent through the mapping, one call each."""


def make_schema(work: Work) -> Result:
    """A field group and a schema with the fields of the records; the one of the proof file if it names one."""
    subject = work.subject
    if subject.needs_records and not work.rows:
        return Result("failed", "there are no records to make the schema and the mapping from")
    work.fields = fields_of(work.rows)
    if subject.schema_id is not None:
        work.schema_uri = subject.schema_id
        return Result("skipped", "proof.yaml names a schema")
    if not work.fields.fields:
        return Result("failed", "no field of the records can be a field of a schema")
    work.tenant = work.writer.tenant()
    if work.keeps("schema"):
        return _kept_schema(work)
    mark = work.mark("fieldgroup")
    group = work.create("fieldgroup", "fieldgroup", mark, field_group(mark, work.tenant, work.fields))
    mark = work.mark("schema")
    work.schema_uri = work.create("schema", "schema", mark, schema(mark, group.uri)).uri
    return _with_left_out(work)


def _kept_schema(work: Work) -> Result:
    """The schema of an earlier proof, if it has the same fields."""
    mark, group_mark = work.kept_mark("schema"), work.kept_mark("fieldgroup")
    body = field_group(group_mark, work.tenant, work.fields)
    group, kept = kept_by_earlier(work, "fieldgroup", group_mark), kept_by_earlier(work, "schema", mark)
    if group is not None and not _covers(group.body.get("definitions"), body["definitions"]):
        return Result("failed", f"the schema {mark[0]}, which cleanup.keep kept, has other fields than the records")
    if group is not None and kept is not None:
        work.schema_uri = uri_of(kept)
        return Result("proved", f"the schema {mark[0]} was kept by an earlier proof")
    if kept is not None:
        return Result("failed", f"the schema {mark[0]}, which cleanup.keep kept, no longer has its field group")
    uri = uri_of(group) if group else work.create("fieldgroup", "fieldgroup", group_mark, body).uri
    work.schema_uri = work.create("schema", "schema", mark, schema(mark, uri)).uri
    return _with_left_out(work)


def kept_by_earlier(work: Work, kind: ResourceType, mark: Mark) -> Resource | None:
    """What an earlier proof of this repository kept: its name and its description say so. A list may have no descriptions."""
    for listed in work.writer.find(kind, mark[0]):
        found = work.writer.get(kind, listed.id)
        if found is not None and found.description == mark[1]:
            return found
    return None


def _covers(live: object, wanted: object) -> bool:
    if isinstance(wanted, dict):
        return isinstance(live, dict) and all(_covers(live.get(name), value) for name, value in wanted.items())
    return live == wanted


def _with_left_out(work: Work) -> Result:
    left_out = work.fields.left_out
    if not left_out:
        return PROVED
    shown = ", ".join(left_out[:3]) + (", …" if len(left_out) > 3 else "")  # noqa: PLR2004
    return Result("proved", f"{count(len(left_out), 'path')} left out, because a schema cannot have them: {shown}")


def entries_of(work: Work) -> tuple[Mapped, ...]:
    """The entries of the mapping."""
    return mappings(work.subject.mapping, work.fields, work.tenant)


def check_mapping(work: Work) -> Result:
    """Validate the mapping, and send real records through it. The service keeps nothing of both."""
    if not work.subject.maps:
        return Result("skipped", "proof.yaml has mapping: none")
    entries = entries_of(work)
    body = mapping_set(work.kept_mark("mapping"), work.schema_uri, entries)
    checks = work.writer.validate_mapping(body)
    for entry, check in zip(entries, checks, strict=False):
        if not check.passed:
            return Result("failed", f"the mapping {entry.source} → {entry.destination} is not valid: {check.said}")
    if len(checks) != len(entries):
        return Result("unknown", f"the service validated {len(checks)} of {count(len(entries), 'mapping')}")
    if not work.rows:
        return Result("unknown", "there is no record to send through the mapping")
    return _on_records(work, body, entries)


def _on_records(work: Work, body: Document, entries: Sequence[Mapped]) -> Result:
    """What the mapping makes of the first records; whether each entry has a value to write in any of them."""
    for number, row in enumerate(work.rows[:_MOST_PREVIEWS], start=1):
        work.waits.check()
        preview = work.writer.preview_mapping(body, row)
        if preview.errors:
            destination, said = preview.errors[0]
            return Result("failed", f"record {number} cannot be mapped to {destination}: {said}")
        if not preview.data:
            return Result("failed", f"the mapping writes nothing of record {number}")
        if (lost := _not_written(entries, row, preview.data)) is not None:
            return Result(
                "failed", f"the mapping writes nothing to {lost.destination} of record {number}, which has {lost.source}"
            )
    untried = next((one for one in entries if is_plain(one) and all(at(row, one.source) is None for row in work.rows)), None)
    if untried is None:
        return PROVED
    said = f"no record has a value at {untried.source}, so the mapping to {untried.destination} was not tried"
    return Result("unknown", f"{said}: correct target.mapping in proof.yaml, or add a record that has it")


def _not_written(entries: Sequence[Mapped], row: Json, data: Mapping[str, Json]) -> Mapped | None:
    """The first entry that has a value to write, and wrote none."""
    plain = (one for one in entries if is_plain(one) and is_scalar(at(row, one.source)))
    return next((one for one in plain if at(data, one.destination) is None), None)
