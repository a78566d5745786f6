"""What spec files say about each other: two with one key, two for one live object, references to nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reconciler.desired.body import stray_references
from reconciler.desired.spec_file import SpecFile, View
from reconciler.desired.specs import DesiredSpec
from reconciler.documents.kinds import Kind
from reconciler.documents.pointer import Segments, format_pointer
from reconciler.documents.shapes import did_you_mean, nearest
from reconciler.errors import Problem, Severity

Keys = Mapping[str, SpecFile]


def disagreements(files: Sequence[SpecFile], view: View) -> list[Problem]:
    """Every contradiction among these files, placed in the later of two, with both named."""
    problems: list[Problem] = []
    for kind in Kind:
        problems += _double_keys([file for file in files if file.kind is kind], view)
    problems += _double_pins(files, view)
    keys = {file.key: file for file in files if file.kind is Kind.CONNECTION_SPEC and file.key is not None}
    for file in files:
        if file.spec is not None:
            problems += _references_to_nothing(file.spec, keys)
            problems += _stray_references(file.spec, keys)
    return problems


def _double_keys(files: Sequence[SpecFile], view: View) -> Iterator[Problem]:
    """Keys that two files of one kind have. Letters count as equal in both cases, because in file names they may be."""
    owners: dict[str, SpecFile] = {}
    for file in files:
        if file.key is None:
            continue
        first = owners.setdefault(file.key.casefold(), file)
        if first is not file:
            same = "the key" if first.key == file.key else f"but for its case, the key {first.key!r}"
            message = f"{file.key!r} is also {same} of {view.display(first.path)}"
            yield _problem(view, file, ("key",), "duplicate-spec", message, "give one of the two another key")
    yield from _former_keys(files, owners, view)


def _former_keys(files: Sequence[SpecFile], owners: Mapping[str, SpecFile], view: View) -> Iterator[Problem]:
    heirs: dict[str, SpecFile] = {}
    for file in files:
        for index, former in enumerate(file.former_keys):
            owner = owners.get(former.casefold())
            heir = heirs.setdefault(former.casefold(), file)
            place = ("formerly", str(index))
            if owner is not None and owner is not file:
                message = f"{former!r} is the key of {view.display(owner.path)} now, so it cannot be this spec's former one"
                yield _problem(
                    view, file, place, "former-key", message, "remove it from formerly, or give the other spec another key"
                )
            elif heir is not file:
                message = f"{former!r} is also a former key of {view.display(heir.path)}"
                yield _problem(view, file, place, "former-key", message, "leave it in the one that took its place")


def _double_pins(files: Sequence[SpecFile], view: View) -> Iterator[Problem]:
    owners: dict[tuple[str, str], SpecFile] = {}
    for file in files:
        for target, live_id in file.pins:
            first = owners.setdefault((target, live_id), file)
            if first is not file:
                message = f"{live_id} in {target} is also what {view.display(first.path)} is pinned to"
                yield _problem(
                    view, file, ("ids", target), "duplicate-pin", message, "one live object has one file: correct one of the ids"
                )


def _references_to_nothing(spec: DesiredSpec, keys: Keys) -> Iterator[Problem]:
    for index, reference in enumerate(spec.references):
        if reference.key in keys:
            continue
        renamed = next((file.key for file in keys.values() if reference.key in file.former_keys), None)
        hint = f"it is {renamed} now" if renamed else did_you_mean(reference.key, keys)
        message = f"no connection spec here has the key {reference.key!r}"
        yield _in_body(spec, _path_of(spec, index), "unknown-reference", message, hint, Severity.ERROR)


def _path_of(spec: DesiredSpec, index: int) -> Segments:
    """Where in the body the spec's reference of this index stands."""
    wanted = spec.references[index]
    nth = sum(1 for reference in spec.references[:index] if reference == wanted)
    entries = spec.body[wanted.section]
    found = [position for position, entry in enumerate(entries) if entry == {"ref": wanted.key}]
    return wanted.section, str(found[nth])


def _stray_references(spec: DesiredSpec, keys: Keys) -> Iterator[Problem]:
    """References where they mean nothing. `{ref: main}` may well be a value of its own, so only what resembles a key is told."""
    if b'{"ref":"' not in spec.body_json:
        return
    hint = "references stand in sourceConnectionSpecIds and targetConnectionSpecIds of a flow spec"
    for path, text in stray_references(spec.kind, spec.body):
        if text in keys:
            message = f"{{ref: {text}}} is not resolved here, at {format_pointer(path)}"
            yield _in_body(spec, path, "misplaced-reference", message, hint, Severity.ERROR)
        elif nearest(text, keys):
            message = f"{{ref: {text[:80]}}} is sent as it stands, at {format_pointer(path)}"
            yield _in_body(spec, path, "misplaced-reference", message, hint, Severity.WARNING)


def _problem(view: View, file: SpecFile, path: Segments, code: str, message: str, hint: str) -> Problem:
    line, column = file.source.position_in_file(path) or (1, 1)
    return Problem(Severity.ERROR, code, message, view.display(file.path), line, column, hint, file.key)


def _in_body(spec: DesiredSpec, path: Segments, code: str, message: str, hint: str, severity: Severity) -> Problem:
    line, column = spec.position(format_pointer(path)) or (1, 1)
    return Problem(severity, code, message, spec.file, line, column, hint, spec.key)
