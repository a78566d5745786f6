"""The envelope of a spec file: the keys around the body.

Spec keys consist of letters, digits, `.`, `_` and `-`, begin with a letter or digit, and have at most 128 characters. A key must not look
like a UUID, because flow specs are attached by name, id or key and the three must be distinguishable.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from reconciler.documents.json_text import Document
from reconciler.documents.kinds import Kind
from reconciler.documents.pointer import parse_pointer
from reconciler.documents.readers import ANYTHING, ListOf, MapOf, OrNull, Reader, Record, Scalar, text
from reconciler.documents.shapes import Misfit, name_of_type
from reconciler.sdk.patterns import KEY, OWNER, UUID
from reconciler.wording.guesses import suggestion

_UUID: Final = re.compile(UUID)
_BARE_POINTER: Final = re.compile(r"[\w.-]+(?:/[\w.-]+)*")


def check_key(text: str) -> str:
    """The key, if it is valid. Raises Misfit."""
    if not re.fullmatch(KEY, text):
        raise Misfit(
            f"{text[:140]!r} is not a valid key",
            "use up to 128 letters, digits, '.', '_' and '-', starting with a letter or digit",
        )
    if is_id(text):
        raise Misfit(f"{text!r} is not a valid key: it looks like an id", "use a name; the live object's id belongs under ids")
    return text


def is_id(text: str) -> bool:
    """Whether this is a UUID as the service writes them."""
    return bool(_UUID.fullmatch(text))


def check_id(text: str) -> str:
    """The id of a live object in lower case, if it is valid. Raises Misfit."""
    if not is_id(text):
        raise Misfit(
            f"{text[:80]!r} is not a valid id",
            "write the live object's id, such as 0ed90a81-07f4-4586-8190-b40eccef1c5a, or remove it",
        )
    return text.lower()


def _check_adopt(value: Any) -> bool | str:
    if isinstance(value, bool):
        return value
    if not (isinstance(value, str) and re.fullmatch(OWNER, value)):
        shown = repr(value[:80]) if isinstance(value, str) else name_of_type(value)
        raise Misfit(
            f"{shown} is not a valid repository", "write true, false, or the repository that owns the spec now: owner/name"
        )
    return value


def _check_ignore(text: str) -> str:
    try:
        segments = parse_pointer(text)
    except ValueError as error:
        hint = "write a path into the body, such as /sourceSpec/attributes"
        raise Misfit(str(error)[:200], suggestion(f"/{text}") if _BARE_POINTER.fullmatch(text) else hint) from None
    if not segments:
        raise Misfit("an empty pointer would ignore the whole body", "write the path to ignore, such as /sourceSpec/attributes")
    return text


def _check_name(text: str) -> str:
    if not text.strip():
        raise Misfit("the name is empty", "write a flow spec's name, id or key, or [] for none")
    return text


@dataclass(frozen=True, slots=True)
class Envelope:
    """The envelope keys that both kinds share. Values are checked; the body is not. Flow specs have no attachments."""

    kind: str
    spec: Document
    key: str | None = None
    formerly: tuple[str, ...] = ()
    ids: Mapping[str, str] = field(default_factory=dict)
    adopt: bool | str = False
    ignore: tuple[str, ...] = ()
    overlays: Mapping[str, Document] = field(default_factory=dict)
    flow_specs: tuple[str, ...] | None = None
    only: tuple[str, ...] = ()
    """The targets, fleets or groups that the spec belongs to; empty for all."""


_ANY_KIND: Final[Mapping[str, Reader]] = {
    "kind": text(),
    "key": OrNull(text(check_key)),
    "formerly": ListOf(text(check_key)),
    "ids": MapOf(text(check_id)),
    "adopt": Scalar(None, _check_adopt),
    "ignore": ListOf(text(_check_ignore)),
    "overlays": MapOf(MapOf(ANYTHING)),
    "only": ListOf(text(), least=1),
    "spec": MapOf(ANYTHING),
}
_REQUIRED: Final = ("kind", "spec")

ENVELOPES: Final[Mapping[Kind, Record[Envelope]]] = {
    Kind.CONNECTION_SPEC: Record(
        Envelope,
        {**_ANY_KIND, "kind": Scalar("string", choices=("ConnectionSpec",)), "flowSpecs": OrNull(ListOf(text(_check_name)))},
        _REQUIRED,
        {"flowSpecs": "flow_specs"},
    ),
    Kind.FLOW_SPEC: Record(Envelope, {**_ANY_KIND, "kind": Scalar("string", choices=("FlowSpec",))}, _REQUIRED),
}
"""The envelope model of each kind."""
