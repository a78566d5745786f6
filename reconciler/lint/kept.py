"""The findings in a file as an earlier run had them.

The key is the SHA-256 of everything that a rule can see: the code, the bytes of the file, the specs that were read from it, the severities
in the settings, and the names of the targets. Rules look at one file at a time, so nothing else can change what they find.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Final

import msgspec

from reconciler.cache.store import Cache
from reconciler.cache.version import reader_version
from reconciler.desired.file_source import FileSource
from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import Unreadable
from reconciler.errors import Problem

_of_spec: Final = attrgetter(*(field.name for field in fields(DesiredSpec) if field.name != "source"))
_of_source: Final = attrgetter("path", "checksum", "body_position", "layout.syntax", "layout.body", "layout.overlays")
_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(list[Problem])


class KeptFindings:
    """The findings of one run with these severities. `run` is what else all findings of it depend on."""

    def __init__(self, cache: Cache, levels: Mapping[str, str], run: tuple[str, tuple[str, ...]]) -> None:
        self._cache = cache
        version = reader_version()
        self._head = None if version is None else version + _encoder.encode(("findings", sorted(levels.items()), run))

    def of(self, specs: Sequence[DesiredSpec], targets: Sequence[str], find: Callable[[], list[Problem]]) -> list[Problem]:
        """What `find` returns for these specs of one file, one for each of these targets, now or in an earlier run."""
        key = self._key(specs, targets)
        if key is None:
            return find()
        value = self._cache.get(key)
        known = None if value is None else _problems(value, specs[0].file)
        if known is not None:
            return known
        found = find()
        if self._key(specs, targets) != key:  # the rules read the file again: perhaps when it had other content
            return found
        try:
            self._cache.put(key, _encoder.encode(found))
        except UnicodeEncodeError:  # of a name that is not Unicode
            return found
        return found

    def _key(self, specs: Sequence[DesiredSpec], targets: Sequence[str]) -> bytes | None:
        """The key; None if the file cannot be read, or is no longer what was read."""
        source = specs[0].source
        if self._head is None or not isinstance(source, FileSource):
            return None
        try:
            data = source.tree.read(source.path)
            if zlib.crc32(data) != source.checksum:
                return None
            digest = hashlib.sha256(self._head + hashlib.sha256(data).digest())
            digest.update(_encoder.encode(tuple(targets)))
            known: dict[int, int] = {}
            for number, spec in enumerate(specs):
                if id(spec) in known:  # it is the same for several targets
                    digest.update(known[id(spec)].to_bytes(4))
                    continue
                known[id(spec)] = number
                told = _encoder.encode((_of_spec(spec), _of_source(spec.source)))
                digest.update(b"\xff\xff\xff\xff" + len(told).to_bytes(8) + told)
        except (Unreadable, UnicodeEncodeError, AttributeError):
            return None
        return digest.digest()


def _problems(value: bytes, file: str) -> list[Problem] | None:
    try:
        found = _decoder.decode(value)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return found if all(problem.file == file for problem in found) else None
