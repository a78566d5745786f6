"""Reads one spec file: from bytes to a desired spec, or to all of its problems."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final

from reconciler.desired.body import check_body, without_server_managed
from reconciler.desired.envelope import ENVELOPES, Envelope, check_key
from reconciler.desired.file_source import FileSource, Layout
from reconciler.desired.files import Form, default_key, default_kind
from reconciler.desired.findings import Findings
from reconciler.desired.layers import Layers
from reconciler.desired.readings import Readings, parsed
from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import SpecTree
from reconciler.documents.json_text import Document, Json, encode
from reconciler.documents.kinds import Kind
from reconciler.documents.pointer import Segments
from reconciler.documents.readers import read_whole
from reconciler.documents.shapes import name_of_type
from reconciler.documents.variables import VARIABLE, is_variable, may_hold_variables
from reconciler.errors import UNKNOWN_VARIABLE, Problem
from reconciler.sdk.sources import default_flow_specs
from reconciler.texts.locate import Syntax
from reconciler.texts.reading import MAX_BYTES, MAX_MISTAKES, Reading
from reconciler.wording.guesses import did_you_mean

_EDITORS_SCHEMA: Final = "$schema"
"""A key of editors in an artifact or an envelope: it names the JSON Schema of the file, and is never sent."""
_REFERENCE: Final = b'{"ref":"'
_LEAST_SECTIONS: Final = 2
"""A document with this many top-level body fields is a bare body."""


def _without_editors_key(document: Document) -> Document:
    return {key: value for key, value in document.items() if key != _EDITORS_SCHEMA or not isinstance(value, str)}


@dataclass(frozen=True, slots=True)
class View:
    """The context in which spec files are read: the target, the known targets, and the display path of the specs folder."""

    target: str
    targets: Collection[str] = ()
    """All targets in the settings; empty if names are not checked."""
    display_prefix: str = "specs"
    given_layers: Layers | None = None
    """None for a target without groups or fleet."""
    readings: Readings | None = None
    """The files as other targets of the run read them."""

    @property
    def layers(self) -> Layers:
        return self.given_layers or Layers.of_target(self.target, self.targets)

    def display(self, path: str) -> str:
        """The file's path in reports; bytes that are not valid text are escaped."""
        shown = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        return f"{self.display_prefix}/{shown}" if self.display_prefix else shown


@dataclass(frozen=True, slots=True)
class SpecFile:
    """One parsed file: its claims, its spec (None if the file has errors) and its problems."""

    path: str
    kind: Kind
    key: str | None
    former_keys: tuple[str, ...]
    pins: tuple[tuple[str, str], ...]
    """Target and id."""
    spec: DesiredSpec | None
    problems: tuple[Problem, ...]
    source: FileSource
    belongs: bool = True
    """Whether the spec belongs to the target; if not, `spec` is None."""
    is_for_all: bool = False
    """Whether it is the same for every target: no overlay, id, variable or `only` is in it."""
    has_references: bool = False
    """Whether `{ref: key}` is anywhere in the body of its spec."""


def read_spec_file(tree: SpecTree, path: str, form: Form, view: View) -> SpecFile:
    """The parsed file at this path. Raises Unreadable if its bytes cannot be read.

    A file that is the same for every target is read once for all targets that share `view.readings`.
    """
    if view.readings is None:
        return _read(tree, path, form, view)
    known = view.readings.known(path, SpecFile)
    if known is not None:
        return known
    file = _read(tree, path, form, view)
    if file.is_for_all:
        view.readings.keep(path, file)
    return file


def _read(tree: SpecTree, path: str, form: Form, view: View) -> SpecFile:
    is_artifact = form is Form.ARTIFACT
    if view.readings is not None:
        data, reading = view.readings.of(tree, path, is_json=is_artifact)
    else:
        data, reading = parsed(tree.read(path), is_json=is_artifact)
    layout = layout_of(view, form)
    findings = Findings(view.display(path), data, layout)
    findings.mistakes(reading.mistakes)
    source = FileSource(tree, path, zlib.crc32(data), layout, reading.top.get("spec", (1, 1)))
    reader = _Reader(path, view, source, findings)
    return reader.artifact(reading) if is_artifact else reader.envelope(reading)


def unread_file(tree: SpecTree, path: str, form: Form, view: View, problem: Problem) -> SpecFile:
    """A file that cannot be read, for this reason. Its spec is the one that its name implies, which is then broken and not missing."""
    key = default_key(path)
    try:
        key = check_key(key) if key is not None else None
    except ValueError:
        key = None
    source = FileSource(tree, path, 0, layout_of(view, form), (1, 1))
    return SpecFile(path, default_kind(path), key, (), (), None, (problem,), source)


def layout_of(view: View, form: Form) -> Layout:
    """Where the body is in a file of this form, and which overlays apply to it for the view's target."""
    return _ARTIFACT if form is Form.ARTIFACT else _envelope(view.layers.order)


_ARTIFACT: Final = Layout(Syntax.JSON, (), ())


@lru_cache(maxsize=256)
def _envelope(order: tuple[str, ...]) -> Layout:
    return Layout(Syntax.YAML, ("spec",), tuple(("overlays", name) for name in reversed(order)))


class _Reader:
    """Reads one file and collects its problems in the findings."""

    __slots__ = ("_findings", "_path", "_source", "_view")

    def __init__(self, path: str, view: View, source: FileSource, findings: Findings) -> None:
        self._path = path
        self._view = view
        self._source = source
        self._findings = findings

    def artifact(self, reading: Reading) -> SpecFile:
        """Read a bare body. Its envelope is implied by the file's name."""
        body = self._mapping(reading)
        if body is not None and body.keys() >= {"kind", "spec"}:
            message = "this is an envelope; an artifact must be a bare body"
            self._findings.in_file(("kind",), "not-an-artifact", message, "write it as .yaml")
            body = None
        key = self._key(None)
        if body is None or self._is_no_body(body):
            return self._broken(Kind.CONNECTION_SPEC, key)
        body = {field: value for field, value in body.items() if field != _EDITORS_SCHEMA}
        return self._spec_file(Envelope("ConnectionSpec", body), key)

    def envelope(self, reading: Reading) -> SpecFile:
        """Read a spec with an envelope."""
        document = self._mapping(reading)
        if document is None or self._is_no_body(document) or self._is_bare(document):
            return self._broken(default_kind(self._path), self._key(None))
        kind = self._kind(document)
        written = document.get("key")
        key = self._key(written if isinstance(written, str) else None)
        self._findings.key = key
        envelope = read_whole(ENVELOPES[kind], _without_editors_key(document) | {"kind": kind.value})
        if isinstance(envelope, tuple):
            self._findings.shape(envelope)
            if isinstance(document.get("spec"), dict) and "overlays" not in document:
                check_body(kind, document["spec"], self._findings)
            return self._broken(kind, key)
        return self._spec_file(envelope, key)

    def _mapping(self, reading: Reading) -> Document | None:
        value = reading.value
        if isinstance(value, dict):
            return value
        if not reading.mistakes:
            message = f"this file holds {name_of_type(value)}; a spec must be a mapping"
            is_artifact = self._source.layout.syntax is Syntax.JSON
            hint = 'write the body as an object: {"name": …}' if is_artifact else f"start with kind: {default_kind(self._path)}"
            self._findings.in_file((), "wrong-type", message, hint)
        return None

    def _is_no_body(self, document: Document) -> bool:
        """Report a service response that has its bodies in a list. This is then the only problem reported."""
        items = document.get("items")
        if not isinstance(items, list) or "spec" in document or "name" in document:
            return False
        bodies = "one body" if len(items) == 1 else f"{len(items)} bodies"
        message = f"this is a Flow Service response with {bodies} in `items`; a spec file must hold one body"
        self._findings.in_file(("items",), "wrapped-body", message, "keep only items[0], for example with jq '.items[0]'")
        return True

    def _is_bare(self, document: Document) -> bool:
        """Report a body without an envelope, instead of each section as an unknown key."""
        if "spec" in document:
            return False
        from reconciler.sdk.sections import NAMES  # noqa: PLC0415 - most files have an envelope

        fields = frozenset().union(*NAMES.values()) - frozenset(ENVELOPES[Kind.CONNECTION_SPEC].keys)
        sections = [field for field in document if field in fields]
        if len(sections) < _LEAST_SECTIONS:
            return False
        message = f"this is a bare body: `{sections[0]}` and {len(sections) - 1} more keys belong under `spec`"
        envelope = f"write kind: {default_kind(self._path)}, then spec:, and the body under it"
        hint = f"{envelope}; a bare JSON body belongs in sources/<key>-connectionSpec.json"
        self._findings.in_file((sections[0],), "bare-body", message, hint)
        return True

    def _kind(self, document: Document) -> Kind:
        written = document.get("kind")
        usual = default_kind(self._path)
        if isinstance(written, str) and written in ENVELOPES:
            return Kind(written)
        if "kind" not in document:
            self._findings.in_file((), "missing-key", "`kind` is missing", f"write kind: {usual}")
            return usual
        shown = repr(written[:80]) if isinstance(written, str) else name_of_type(written)
        hint = did_you_mean(str(written)[:80], ENVELOPES)
        self._findings.in_file(("kind",), "unknown-kind", f"`kind` must be ConnectionSpec or FlowSpec, not {shown}", hint)
        return usual

    def _key(self, written: str | None) -> str | None:
        if written is not None:
            return written
        key = default_key(self._path)
        if key is None:
            self._findings.in_file((), "bad-key", "cannot derive a key from the file name", "write key: …")
            return None
        try:
            return check_key(key)
        except ValueError as error:
            hint = "rename the file" if self._source.layout.syntax is Syntax.JSON else "write key: …, or rename the file"
            self._findings.in_file((), "bad-key", f"the key derived from the file name: {error}", hint)
            return None

    def _broken(self, kind: Kind, key: str | None) -> SpecFile:
        return SpecFile(self._path, kind, key, (), (), None, tuple(self._findings.problems), self._source)

    def _spec_file(self, envelope: Envelope, key: str | None) -> SpecFile:
        kind = Kind(envelope.kind)
        self._findings.key = key
        self._check_claims(envelope, key)
        spec = None if self._is_variable(envelope) else self._spec(envelope, kind, key)
        pins = tuple(envelope.ids.items())
        problems = tuple(self._findings.problems)
        formerly, belongs = tuple(dict.fromkeys(envelope.formerly)), self._view.layers.includes(envelope.only)
        differs = envelope.overlays or envelope.ids or envelope.only or may_hold_variables(envelope.spec)
        refers = spec is not None and _REFERENCE in spec.body_json
        return SpecFile(self._path, kind, key, formerly, pins, spec, problems, self._source, belongs, not differs, refers)

    def _check_claims(self, envelope: Envelope, key: str | None) -> None:
        """Check the keys and targets in the envelope. An unknown target is an error: a lost id would turn an update into a create."""
        if key in envelope.formerly:
            place = ("formerly", str(envelope.formerly.index(key or "")))
            message = f"{key!r} is this spec's current key, not a former one"
            self._findings.in_file(place, "former-key", message, "remove it from formerly")
        targets, names = self._view.targets, self._view.layers.names
        for field, written, known in (("ids", envelope.ids, targets), ("overlays", envelope.overlays, names)):
            unknown = (name for name in written if known and name not in known)
            for name in islice(unknown, MAX_MISTAKES):
                message = f"`{field}` names the unknown target {name[:80]!r}"
                self._findings.in_file((field, name), "unknown-target", message, did_you_mean(name[:80], known))
        wrong = ((index, name) for index, name in enumerate(envelope.only) if names and name not in names)
        for index, name in islice(wrong, MAX_MISTAKES):
            message = f"`only` names the unknown target {name[:80]!r}"
            self._findings.in_file(("only", str(index)), "unknown-target", message, did_you_mean(name[:80], names))

    def _is_variable(self, envelope: Envelope) -> bool:
        """Report a variable in the place of a whole body or overlay. This is then the only problem of the body reported."""
        bodies = [(("spec",), envelope.spec), *((("overlays", name), patch) for name, patch in envelope.overlays.items())]
        found = [(*place, VARIABLE) for place, body in bodies if is_variable(body)]
        for place in islice(found, MAX_MISTAKES):
            message = f"a variable stands for one value, not for the whole {'body' if len(place) == 2 else 'overlay'}"  # noqa: PLR2004
            self._findings.in_file(place, "bad-value", message, "write the sections, with {var: …} for their values")
        return bool(found)

    def _unknown_variables(self, lacking: Iterable[tuple[Segments, str]], envelope: Envelope) -> None:
        """Report each variable without a value. One error lists all targets that lack it."""
        layers = self._view.layers
        for place, name in islice(lacking, MAX_MISTAKES):
            at = place[1:] if self._source.layout.syntax is Syntax.JSON else place
            message, hint = layers.undefined(name, envelope.only, place[1] if place[0] == "overlays" else None)
            self._findings.in_file(at, UNKNOWN_VARIABLE, message, hint)

    def _spec(self, envelope: Envelope, kind: Kind, key: str | None) -> DesiredSpec | None:
        layers, lacking = self._view.layers, list[tuple[Segments, str]]()
        written = layers.applied(envelope.spec, envelope.overlays, lambda place, name: lacking.append((place, name)))
        if lacking:
            if layers.includes(envelope.only):
                self._unknown_variables(lacking, envelope)
            return None
        body = without_server_managed(written, self._findings)
        references = check_body(kind, body, self._findings)
        body_json = encode(body)
        if len(body_json) > MAX_BYTES:
            message = f"the body has {len(body_json):,} bytes; the limit is {MAX_BYTES:,}"
            self._findings.in_body((), "too-large", message, "make the body smaller")
        if self._findings.has_errors or key is None or not self._view.layers.includes(envelope.only):
            return None
        spec_type: Json = body.get("type")
        return DesiredSpec(
            kind=kind,
            key=key,
            file=self._view.display(self._path),
            former_keys=tuple(dict.fromkeys(envelope.formerly)),
            flow_specs=_flow_specs(kind, envelope.flow_specs, spec_type),
            pinned_id=envelope.ids.get(self._view.target),
            adopt=envelope.adopt,
            ignore=tuple(envelope.ignore),
            body_json=body_json,
            name=body["name"],
            provider_id=body["providerId"],
            spec_type=spec_type,
            references=references,
            source=self._source,
        )


def _flow_specs(kind: Kind, written: tuple[str, ...] | None, spec_type: str | None) -> tuple[str, ...]:
    if kind is Kind.FLOW_SPEC:
        return ()
    if written is not None:
        return tuple(dict.fromkeys(written))
    return default_flow_specs(spec_type)
