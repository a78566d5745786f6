"""Convert Adobe's submission artifact (a bare body in JSON) to a spec file in YAML and back, with the same values in the same order.

Numbers keep their spelling. White space, escapes in strings, and YAML comments are lost. An artifact has only a body, and its key is in the
file name, so an envelope with anything besides its kind and key cannot be converted.
"""

from __future__ import annotations

from typing import Final

from reconciler.authoring.convert.numbers import spelled_json, spelled_yaml
from reconciler.authoring.importing.naming import is_key
from reconciler.authoring.spec_text import NewSpec, spec_text
from reconciler.documents.json_text import Document, encode_readable
from reconciler.documents.kinds import Kind
from reconciler.documents.shapes import name_of_type
from reconciler.errors import Problem, Severity, SpecFileError, UsageError
from reconciler.schemas.published import SCHEMA_OF, schema_line
from reconciler.sdk.sections import ONLY_FLOW
from reconciler.texts.json import read_json
from reconciler.texts.reading import Reading, text_of
from reconciler.texts.yaml import read_yaml

_EDITORS_SCHEMA: Final = "$schema"
"""Names the schema of a file, for editors. That of an artifact is not that of a spec file, so it is not taken over."""
_BARE: Final = frozenset({"kind", "key", "spec", _EDITORS_SCHEMA})


def artifact_to_yaml(data: bytes, key: str, file: str, place: str | None = None) -> bytes:
    """The spec file with this key and the body of the artifact.

    With `place`, its path below the specs folder, the file begins with a schema comment. Raises UsageError, and SpecFileError for invalid
    JSON.
    """
    body = _mapping(read_json(data), file)
    if is_envelope(body):
        raise UsageError(f"{file} is already an envelope; an artifact must be a bare body", hint="rename it to .yaml")
    _check_sections(body, file)
    if not key:
        raise UsageError(f"cannot derive a key from the file name {file}", hint="rename the artifact: <key>-connectionSpec.json")
    if not is_key(key):
        raise UsageError(
            f"{key[:140]!r} is not a valid key for a spec file", hint="rename the artifact: <key>-connectionSpec.json"
        )
    schema = f"{schema_line(SCHEMA_OF[Kind.CONNECTION_SPEC], place)}\n" if place is not None else ""
    spelled = {field: value for field, value in spelled_json(_text(data)).items() if field != _EDITORS_SCHEMA}
    written = schema.encode() + spec_text(NewSpec(Kind.CONNECTION_SPEC, key, spelled))
    _check_written(read_yaml(written), file)
    return written


def yaml_to_artifact(data: bytes, file: str) -> bytes:
    """The artifact of a spec file that has nothing besides its body. Raises UsageError, and SpecFileError for invalid YAML."""
    document = _mapping(read_yaml(data), file)
    _check_envelope(document, file)
    body = spelled_yaml(_text(data), document)["spec"]
    if is_envelope(body):
        raise UsageError(
            f"{file} has a body with `kind` and `spec`; as an artifact it would be read as an envelope",
            hint="keep it as YAML, or remove one of them from its body",
        )
    _check_sections(body, file)
    written = encode_readable(body).encode() + b"\n"
    _check_written(read_json(written), file)
    return written


def is_envelope(document: Document) -> bool:
    """Whether this document is an envelope rather than a body."""
    return document.keys() >= {"kind", "spec"}


def _check_sections(body: Document, file: str) -> None:
    """Raises UsageError if this is not the body of a connection spec."""
    flow_fields = sorted(ONLY_FLOW & body.keys())
    if flow_fields:
        raise UsageError(
            f"{file} has `{flow_fields[0]}`, so it is the body of a flow spec; an artifact must be the body of a connection spec",
            hint="put it under `spec:` in a file with `kind: FlowSpec`; for a live flow spec, run `import --id`",
        )
    if isinstance(body.get("items"), list):
        raise UsageError(
            f"{file} is a Flow Service response, with the spec in `items`",
            hint="convert only the item; `import --id` writes a live spec without the fields that the service manages",
        )


def _check_envelope(document: Document, file: str) -> None:
    """Raises UsageError if an artifact cannot hold everything in this envelope."""
    if not isinstance(document.get("spec"), dict):
        raise UsageError(f"{file} has no `spec:` with a body", hint="use the spec file of a connection spec")
    if document.get("kind") != Kind.CONNECTION_SPEC:
        kind = document.get("kind")
        shown = repr(kind[:80]) if isinstance(kind, str) else "file without a kind"
        raise UsageError(
            f"{file} is a {shown}; an artifact must be a connection spec",
            hint="flow specs have no artifact",
        )
    key = document.get("key")
    if key is not None and not (isinstance(key, str) and is_key(key)):
        raise UsageError(
            f"{file} has the key {key[:80]!r}, which is not valid"
            if isinstance(key, str)
            else f"{file} has a key that is not a string",
            hint="fix it: the key becomes the name of the artifact",
        )
    said = sorted(name for name in document if name not in _BARE)
    if said:
        names = ", ".join(f"`{name}`" for name in said)
        raise UsageError(f"{file} has {names}, which an artifact cannot hold", hint=f"keep it as YAML, or remove {names} first")


def _check_written(reading: Reading, file: str) -> None:
    """Raises UsageError if the result exceeds the limits of a reader: it needs more bytes, or one more level."""
    for mistake in reading.mistakes:
        raise UsageError(f"cannot convert {file}: {mistake.message}", hint=mistake.hint)


def key_of_file(data: bytes) -> str | None:
    """The key in a spec file in YAML; None if it has none."""
    document = read_yaml(data).value
    key = document.get("key") if isinstance(document, dict) else None
    return key if isinstance(key, str) else None


def _text(data: bytes) -> str:
    text = text_of(data)
    return text if isinstance(text, str) else ""


def _mapping(reading: Reading, file: str) -> Document:
    if reading.mistakes:
        problems = [
            Problem(Severity.ERROR, mistake.code, mistake.message, file, mistake.line, mistake.column, mistake.hint)
            for mistake in reading.mistakes
        ]
        raise SpecFileError(f"cannot convert {file}: it cannot be read", problems)
    if not isinstance(reading.value, dict):
        raise UsageError(
            f"{file} holds {name_of_type(reading.value)}; a spec must be a mapping", hint="use a spec file or an artifact"
        )
    return reading.value
