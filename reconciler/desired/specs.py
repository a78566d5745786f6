"""What a spec file says for one target: the value that everything after this room works on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol

from reconciler.documents.json_text import Document, decode
from reconciler.documents.kinds import Kind
from reconciler.documents.places import Place, pointer_to
from reconciler.errors import Problem

NO_SPECS: Final = "no-specs"
"""The code of the problem that there is no spec file at all; pruning everything is the one way to mean that."""


class SpecReference(NamedTuple):
    """An entry `{ref: key}` of a flow spec's list: the connection spec with this key is meant, whatever its id is."""

    section: str
    """`sourceConnectionSpecIds` or `targetConnectionSpecIds`."""
    key: str


class SpecSource(Protocol):
    """Where a desired spec came from, so that its places can be found when somebody asks."""

    @property
    def path(self) -> str:
        """The file, relative to the specs folder, POSIX."""

    def position(self, pointer: str) -> tuple[int, int] | None:
        """Line and column (from 1) of a place in the spec's body, or of its nearest parent; None if that is not known any more."""


@dataclass(frozen=True, slots=True)
class DesiredSpec:
    """One spec as its file has it for one target, overlay applied.

    `body_json` is compact JSON in the file's order. It has no server-managed fields; a top-level null stays (it removes a live section);
    references stay `{"ref": key}`.
    """

    kind: Kind
    key: str
    file: str
    """For display: the specs folder as the user named it, and the path in it."""
    former_keys: tuple[str, ...]
    flow_specs: tuple[str, ...]
    """Names, ids or keys of the flow specs to attach to; none for a flow spec."""
    pinned_id: str | None
    """The live id that the file names for this target, in lower case."""
    adopt: bool | str
    """False, True (an unmanaged namesake), or the repository that it may be taken over from."""
    ignore: tuple[str, ...]
    """JSON Pointers that stay as they are live, as written."""
    body_json: bytes
    name: str
    provider_id: str
    spec_type: str | None
    """The body's `type`."""
    references: tuple[SpecReference, ...] = ()
    source: SpecSource | None = field(default=None, compare=False, repr=False)

    @property
    def body(self) -> Document:
        """The body, decoded anew on each call, so that ten thousand specs stay small in memory."""
        body: Document = decode(self.body_json)
        return body

    @property
    def path(self) -> str | None:
        """The file, relative to the specs folder; None for a spec that came from no file."""
        return self.source.path if self.source else None

    def position(self, pointer: str = "") -> tuple[int, int] | None:
        """Line and column (from 1) of this place of the body in the file, or of its nearest parent.

        The empty pointer is cheap; any other reads the file again. None if the file is not as it was.
        """
        return self.source.position(pointer) if self.source else None

    def line(self, place: Place) -> int | None:
        """The line of the file where this place of the body is, or its nearest parent. Reads the file again."""
        position = self.position(pointer_to(self.body, place))
        return position[0] if position else None


@dataclass(frozen=True, slots=True)
class DesiredSet:
    """All specs of a tree for one target, by kind and key, and everything that is wrong with its files, by file, line and column."""

    specs: tuple[DesiredSpec, ...]
    problems: tuple[Problem, ...]
    broken: frozenset[tuple[Kind, str]] = frozenset()
    """Kind and key of what has a file that is in error: not to be planned, and not an orphan either."""
