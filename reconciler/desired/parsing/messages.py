"""What this process and a worker say to each other: frames of four bytes of length and so many bytes of content.

A worker first says `READY`. It is then sent the targets once, and batches of files; it answers each batch in the same order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO, Final, TypeVar

import msgspec

from reconciler.desired.layers import Layers
from reconciler.desired.spec_file import View
from reconciler.documents.json_text import Json

T = TypeVar("T")

READY: Final = b"ready"
_LENGTH: Final = 4
_MOST_BYTES: Final = 2**30
"""A longer frame is none: a batch has a few files of at most 5 MB, and an answer has each once for each target."""


class Broken(Exception):
    """The other process ended, or what it says is not a frame of the expected form."""


class OneLayers(msgspec.Struct, array_like=True):
    """The layers of a target. All of `names` may be used in files; `others` has those of the settings' targets."""

    order: tuple[str, ...]
    names: tuple[str, ...]
    variables: dict[str, Json]


class Targets(msgspec.Struct, array_like=True):
    """The targets that files are made for: name and layers. `common` is whether only what is the same for all is wanted."""

    known: tuple[str, ...]
    views: tuple[tuple[str, OneLayers], ...]
    others: dict[str, OneLayers]
    common: bool

    @classmethod
    def of(cls, views: Sequence[View], *, common: bool) -> Targets:
        """Those of these views, which are of one run: they know the same targets."""
        first = views[0]
        others = {name: _one(layers) for name, layers in first.layers.others.items()}
        return cls(tuple(first.targets), tuple((view.target, _one(view.layers)) for view in views), others, common)

    def made(self) -> tuple[View, ...]:
        """The views, except for their display paths."""
        others = {name: Layers(one.order, (), one.variables) for name, one in self.others.items()}
        return tuple(View(name, self.known, "", Layers(one.order, one.names, one.variables, others)) for name, one in self.views)


class File(msgspec.Struct, array_like=True):
    """One file to parse. The path is bytes because a path need not be Unicode."""

    path: bytes
    is_artifact: bool
    data: bytes


class Made(msgspec.Struct, array_like=True):
    """What became of one file: packed once if it is the same for all targets, else for each. None is for a file to parse elsewhere."""

    common: bytes | None
    each: tuple[bytes | None, ...]


_targets: Final = msgspec.json.Decoder(Targets)
_batch: Final = msgspec.msgpack.Decoder(list[File])
_answer: Final = msgspec.msgpack.Decoder(list[Made])


def _one(layers: Layers) -> OneLayers:
    return OneLayers(layers.order, tuple(layers.names), dict(layers.variables))


def path_in_bytes(path: str) -> bytes:
    """The path as bytes that `path_of` turns into the same path."""
    return path.encode("utf-8", "surrogateescape")


def path_of(path: bytes) -> str:
    """The path in these bytes."""
    return path.decode("utf-8", "surrogateescape")


def targets_frame(targets: Targets) -> bytes:
    """JSON, because a variable may be an integer of any size. Raises UnicodeEncodeError for a string that is not Unicode."""
    return msgspec.json.encode(targets)


def read_targets(data: bytes) -> Targets:
    """Raises Broken."""
    return _read(_targets, data)


def frame(value: Sequence[File] | Sequence[Made]) -> bytes:
    """A batch or its answer."""
    return msgspec.msgpack.encode(value)


def read_batch(data: bytes) -> list[File]:
    """Raises Broken."""
    return _read(_batch, data)


def read_answer(data: bytes) -> list[Made]:
    """Raises Broken."""
    return _read(_answer, data)


def _read(decoder: msgspec.json.Decoder[T] | msgspec.msgpack.Decoder[T], data: bytes) -> T:
    try:
        return decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Broken(str(error)) from None


def send(stream: BinaryIO, data: bytes) -> None:
    """Write one frame. Raises Broken if nobody reads it."""
    try:
        stream.write(len(data).to_bytes(_LENGTH, "big"))
        stream.write(data)
        stream.flush()
    except (OSError, ValueError, OverflowError) as error:
        raise Broken(str(error)) from None


def receive(stream: BinaryIO) -> bytes:
    """Read one frame. Raises Broken at the end of the stream."""
    size = int.from_bytes(_exactly(stream, _LENGTH), "big")
    if size > _MOST_BYTES:
        raise Broken(f"a frame of {size:,} bytes")
    return _exactly(stream, size)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    try:
        data = stream.read(size)
    except (OSError, ValueError) as error:
        raise Broken(str(error)) from None
    if len(data) < size:
        raise Broken("the stream ended")
    return data
