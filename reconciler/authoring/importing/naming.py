"""The key and the path of a new file, derived from the name of its spec: deterministic and unique."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Final

from reconciler.desired.envelope import check_key
from reconciler.desired.files import FLOW_SPECS, SOURCES
from reconciler.desired.specs import DesiredSet
from reconciler.documents.kinds import Kind
from reconciler.errors import UsageError

_MAX_KEY: Final = 64
_DEVICES: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
"""Names that Windows reserves for devices, with any extension: a checkout there would fail."""
_ID_LETTERS: Final = 8
_CAPITAL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BETWEEN_WORDS: Final = re.compile(r"[^a-z0-9]+")


def key_from_name(kind: Kind, name: str, spec_id: str) -> str:
    """The name in lower-case letters, digits and hyphens; a key with the id if no valid key remains.

    The names of flow specs are words without spaces (`RestStorageToAEP`), so a capital letter begins a word there.
    """
    if kind is Kind.FLOW_SPEC:
        name = _CAPITAL.sub("-", name)
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    key = _BETWEEN_WORDS.sub("-", plain).strip("-")[:_MAX_KEY].rstrip("-")
    if not is_key(key):
        return f"spec-{_short(spec_id)}"
    return f"{key}-spec" if is_reserved(key) else key


def free_key(wanted: str, spec_id: str, taken: Collection[str]) -> str:
    """The wanted key, with the id appended if another spec has it. `taken` are keys in lower case."""
    candidates = (wanted, f"{wanted}-{_short(spec_id)}", f"{wanted[:_MAX_KEY]}-{spec_id.lower()}")
    return next((key for key in candidates if key.casefold() not in taken), candidates[-1])


def file_of(kind: Kind, key: str) -> str:
    """The path of a new file, relative to the specs folder."""
    return f"{FLOW_SPECS}/{key}.yaml" if kind is Kind.FLOW_SPEC else f"{SOURCES}/{key}/connection-spec.yaml"


def is_key(text: str) -> bool:
    """Whether this string is a valid key."""
    try:
        check_key(text)
    except ValueError:
        return False
    return True


def is_reserved(key: str) -> bool:
    """Whether Windows reserves this file name."""
    return _DEVICES.fullmatch(key) is not None


def check_key_is_free(kind: Kind, key: str, desired: DesiredSet) -> None:
    """Raises UsageError if a spec of this kind has or had this key; case is ignored, as in file names."""
    if is_reserved(key):
        raise UsageError(
            f"{key!r} is a reserved name on Windows: the repository could not be checked out there", hint="use another key"
        )
    hint = "use another key, or edit that file"
    for spec in desired.specs:
        if spec.kind is not kind:
            continue
        if spec.key.casefold() == key.casefold():
            case = "" if spec.key == key else " but for its case"
            raise UsageError(f"{key!r} is the key of {spec.file}{case}", hint=hint)
        if key.casefold() in {former.casefold() for former in spec.former_keys}:
            raise UsageError(f"{key!r} is a former key of {spec.file}", hint=hint)
    if key.casefold() in {other.casefold() for found, other in desired.broken if found is kind}:
        raise UsageError(f"{key!r} is the key of a file with errors", hint="`reconciler validate` shows the errors")


def _short(spec_id: str) -> str:
    return _BETWEEN_WORDS.sub("", spec_id.lower())[:_ID_LETTERS] or "unnamed"
