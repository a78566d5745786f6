"""The files of a proof: `proofs/<key>/` in the specs folder. The folder is found by the key of a spec, or by a former key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from reconciler.desired.files import PROOFS
from reconciler.desired.tree import SpecTree, Unreadable

PROOF: Final = "proof.yaml"
PROVIDER: Final = "provider.yaml"
CASSETTE: Final = "cassette.jsonl"
RECORDS: Final = "records.jsonl"
EVENTS: Final = "events.jsonl"
AUTHENTICATION_TESTS: Final = "authentication-tests.yaml"
ENGINE: Final = "engine.yaml"
"""The one file beside the folders: what Adobe's engine has shown to do."""

MOST_BYTES: Final = {
    PROOF: 256_000,
    PROVIDER: 256_000,
    CASSETTE: 1_000_000,
    RECORDS: 1_000_000,
    EVENTS: 1_000_000,
    AUTHENTICATION_TESTS: 256_000,
}
"""The files of a proof that people or `try` write, and their maximum size in bytes."""

PROVED_BYTES: Final = 16_384
"""The maximum size in bytes of what `prove --keep` writes."""
_PROVED: Final = re.compile(r"proved-[A-Za-z0-9][A-Za-z0-9._-]*\.json")


def proved_name(target: str) -> str:
    """The file that `prove --keep` writes for this target, such as `proved-stage.json`."""
    return f"proved-{target}.json"


def is_proved_file(name: str) -> bool:
    """Whether this is the name of a file that `prove --keep` writes."""
    return bool(_PROVED.fullmatch(name))


def target_of(name: str) -> str:
    """The target whose proof is in the file with this name, which `is_proved_file` accepts."""
    return name.removeprefix("proved-").removesuffix(".json")


def most_bytes(name: str) -> int:
    """The maximum size in bytes of the file with this name."""
    return PROVED_BYTES if is_proved_file(name) else MOST_BYTES.get(name, MOST_BYTES[RECORDS])


ENGINE_BYTES: Final = 256_000
"""The maximum size in bytes of `engine.yaml`."""


def proof_path(name: str, file: str = PROOF) -> str:
    """The path of a file of this proof folder, relative to the specs folder."""
    return f"{PROOFS}/{name}/{file}"


class ProofFolder(msgspec.Struct, frozen=True):
    """The folder of one spec's proof. It need not exist: then it has no files, and `name` is the spec's key."""

    tree: SpecTree
    name: str
    files: frozenset[str] = frozenset()
    """Paths relative to this folder."""

    def path(self, file: str = PROOF) -> str:
        """The file's path, relative to the specs folder."""
        return proof_path(self.name, file)

    def read(self, file: str) -> bytes | None:
        """The file's bytes; None if there is no such file.

        Raises Unreadable for a link out of the specs folder, anything but a regular file, and a file that is too large.
        """
        if file not in self.files:
            return None
        data = self.tree.read(self.path(file))
        limit = most_bytes(file)
        if len(data) > limit:
            raise too_large(limit)
        return data


def too_large(limit: int) -> Unreadable:
    """The error of a file with more bytes than this."""
    return Unreadable("too-large", f"the file has more than {limit:,} bytes, which is the limit", "make the file smaller")


def folder_of(tree: SpecTree, key: str, former_keys: Sequence[str] = (), paths: Iterable[str] | None = None) -> ProofFolder:
    """The proof folder of the spec with this key: the first of the folders of the key and of its former keys that has a file.

    `paths` are those of the tree, if they are known.
    """
    found: dict[str, set[str]] = {name: set() for name in (key, *former_keys)}
    for path in tree.listing().paths if paths is None else paths:
        top, _, below = path.partition("/")
        name, _, file = below.partition("/")
        if top == PROOFS and name in found and file:
            found[name].add(file)
    name = next((name for name, files in found.items() if files), key)
    return ProofFolder(tree, name, frozenset(found[name]))
