"""The specs that a command line names: sources that fetch records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.desired.specs import DesiredSet, DesiredSpec
from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, ReconcilerError, Severity, SpecFileError, UsageError, count
from reconciler.sdk.sources import STREAMING
from reconciler.sources.evidence import ROWS
from reconciler.wording.guesses import did_you_mean


def source_named(desired: DesiredSet, key: str, *, fetching: bool = True) -> DesiredSpec:
    """The source with this key; with `fetching`, one that fetches records. Raises UsageError or SpecFileError, each with a next step."""
    found = next((spec for spec in desired.specs if spec.key == key and spec.kind is Kind.CONNECTION_SPEC), None)
    if found is not None:
        return _fetching(found) if fetching else found
    if (Kind.CONNECTION_SPEC, key) in desired.broken:
        problems = tuple(problems_of(desired, key))
        raise SpecFileError(f"the spec file of {key!r} has {count(len(problems), 'error')}", problems)
    if any(spec.key == key for spec in desired.specs) or (Kind.FLOW_SPEC, key) in desired.broken:
        raise UsageError(
            f"{key!r} is a flow spec, and only sources fetch records", hint=did_you_mean(key, keys_of(desired, fetching=fetching))
        )
    renamed = next((spec for spec in desired.specs if key in spec.former_keys), None)
    if renamed is not None:
        raise UsageError(f"the spec {key!r} was renamed", hint=f"use its key: {renamed.key}")
    known = keys_of(desired, fetching=fetching)
    hint = did_you_mean(key, known) if known else "create a source: reconciler new KEY"
    raise UsageError(f"unknown key {key[:80]!r}: no spec file has it", hint=hint)


def checked_assumptions(assume: Mapping[str, str]) -> None:
    """Raises UsageError for an assumption of --assume that does not exist, or cannot have this value."""
    for name, value in assume.items():
        row = ROWS.get(name)
        if row is None:
            raise UsageError(f"--assume: unknown assumption {name[:80]!r}", hint=did_you_mean(name[:80], ROWS))
        known = (row.default, *row.alternatives)
        if value not in known:
            raise UsageError(f"--assume: {name} cannot be {value[:80]!r}", hint=did_you_mean(value[:80], known))


def keys_of(desired: DesiredSet, *, fetching: bool = True) -> list[str]:
    """The keys of all sources, or of those that fetch records, also of those whose files have errors."""
    sources = [spec for spec in desired.specs if spec.kind is Kind.CONNECTION_SPEC]
    keys = {spec.key for spec in sources if not fetching or spec.spec_type != STREAMING}
    return sorted(keys | {key for kind, key in desired.broken if kind is Kind.CONNECTION_SPEC})


def problems_of(desired: DesiredSet, key: str) -> Iterator[Problem]:
    """The errors of the file of this key."""
    for problem in desired.problems:
        folders = (problem.file or "").split("/")
        if problem.is_error and (problem.key == key or key in folders or f"{key}-connectionSpec.json" in folders):
            yield problem


def _fetching(spec: DesiredSpec) -> DesiredSpec:
    if spec.spec_type == STREAMING:
        hint = "send events to its inlet instead, and check the file with reconciler validate"
        raise UsageError(f"{spec.key!r} is a streaming source: it receives records, so there is nothing to fetch", hint=hint)
    return spec


def reasons(error: ReconcilerError) -> tuple[Problem, ...]:
    """An error as problems: its own, or itself."""
    found: tuple[Problem, ...] = getattr(error, "problems", ())
    return found or (Problem(Severity.ERROR, error.code, error.message, hint=error.hint),)
