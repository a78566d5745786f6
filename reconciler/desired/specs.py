"""Desired specs: the content of spec files for one target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol

from reconciler.documents.json_text import Document, decode
from reconciler.documents.kinds import Kind
from reconciler.documents.places import Place, pointer_to
from reconciler.errors import Problem

NO_SPECS: Final = "no-specs"
"""The code of the problem that there are no spec files. Only a command that may prune everything, or `retired`, allows that."""


class SpecReference(NamedTuple):
    """An entry `{ref: key}` in a list of a flow spec. It refers to the connection spec with this key, whatever its id."""

    section: str
    """`sourceConnectionSpecIds` or `targetConnectionSpecIds`."""
    key: str


class SpecSource(Protocol):
    """The origin of a desired spec, for computing source positions on request."""

    @property
    def path(self) -> str:
        """The file, relative to the specs folder, in POSIX form."""

    def position(self, pointer: str) -> tuple[int, int] | None:
        """Line and column, counted from 1, of a place in the body or its nearest parent; None if the source has changed."""


@dataclass(frozen=True, slots=True)
class DesiredSpec:
    """One spec of a file for one target, with the overlay applied.

    `body_json` is compact JSON in the file's order, without server-managed fields. A top-level null is kept (it removes a live section),
    and references stay `{"ref": key}`.
    """

    kind: Kind
    key: str
    file: str
    """For display: the specs folder as the user gave it, and the path in it."""
    former_keys: tuple[str, ...]
    flow_specs: tuple[str, ...]
    """Names, ids or keys of the flow specs to attach to; empty for a flow spec."""
    pinned_id: str | None
    """The live id that the file sets for this target, in lower case."""
    adopt: bool | str
    """False, True (adopt an unmanaged spec of the same name), or the repository to take the spec over from."""
    ignore: tuple[str, ...]
    """JSON Pointers to values that keep their live value, as written."""
    body_json: bytes
    name: str
    provider_id: str
    spec_type: str | None
    """The body's `type`."""
    references: tuple[SpecReference, ...] = ()
    source: SpecSource | None = field(default=None, compare=False, repr=False)

    @property
    def body(self) -> Document:
        """The body, decoded on each call to keep memory small with ten thousand specs."""
        body: Document = decode(self.body_json)
        return body

    @property
    def path(self) -> str | None:
        """The file, relative to the specs folder; None for a spec without a file."""
        return self.source.path if self.source else None

    def position(self, pointer: str = "") -> tuple[int, int] | None:
        """Line and column of this place of the body in the file, or of its nearest parent.

        The empty pointer is cheap; any other reads the file again. None if the file has changed.
        """
        return self.source.position(pointer) if self.source else None

    def line(self, place: Place) -> int | None:
        """The line of this place of the body in the file, or of its nearest parent. Reads the file again."""
        position = self.position(pointer_to(self.body, place))
        return position[0] if position else None


@dataclass(frozen=True, slots=True)
class DesiredSet:
    """All specs of a tree for one target, by kind and key, and all problems of its files, by file, line and column."""

    specs: tuple[DesiredSpec, ...]
    problems: tuple[Problem, ...]
    broken: frozenset[tuple[Kind, str]] = frozenset()
    """Kind and key of files with errors. They are not planned, and their live specs are not orphans."""
    paths: Mapping[tuple[Kind, str], str] = field(default_factory=dict, compare=False, repr=False)
    """The file of each kind and key, relative to the specs folder, also of files with errors and of specs of other targets."""
    unparsed: frozenset[str] = field(default=frozenset(), compare=False, repr=False)
    """The files that came from the cache: nothing of them was parsed in this run. Relative to the specs folder."""

    def elsewhere(self, key: str) -> str | None:
        """The file of this key if no spec of it belongs to the target, relative to the specs folder; None otherwise."""
        if any(spec.key == key for spec in self.specs) or any(broken == key for _, broken in self.broken):
            return None
        return next((path for (_, of), path in self.paths.items() if of == key), None)
