"""Reads proof.yaml: from bytes to a Proof, or to all of its problems."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Final

from reconciler.desired.spec_file import View
from reconciler.desired.tree import Unreadable
from reconciler.disk import read_regular
from reconciler.documents.json_text import Document
from reconciler.documents.pointer import Segments
from reconciler.documents.readers import read_whole
from reconciler.documents.shapes import ShapeMistake, name_of_type
from reconciler.errors import Problem, SettingsError, Severity
from reconciler.proofs.folder import MOST_BYTES, ProofFolder
from reconciler.proofs.folder import PROOF as PROOF_FILE
from reconciler.proofs.schema import PROOF
from reconciler.proofs.values import Proof
from reconciler.texts.locate import Positions, Syntax, locate
from reconciler.texts.reading import MAX_MISTAKES, Mistake, Reading
from reconciler.texts.yaml import read_yaml

_WITHOUT_VALUE: Final = {
    "alias": "this alias refers to no anchor above it",
    "tag": "this value does not match its tag, or the tag has no JSON equivalent",
    "duplicate-key": "this key is already in the mapping",
}
"""Messages for the syntax errors that usually repeat what is written."""


@dataclass(frozen=True, slots=True)
class ProofText:
    """A YAML file of a proof as it is shown and located: its path, its bytes (None: there is no file), and its spec's key."""

    file: str
    data: bytes | None = field(default=None, repr=False)
    key: str | None = None

    @property
    def positions(self) -> Positions:
        """The positions of the document. Each call reads it again, so that only problems pay for them."""
        return locate(self.data or b"", Syntax.YAML)

    def problem(self, path: Segments, code: str, message: str, hint: str, severity: Severity = Severity.ERROR) -> Problem:
        """A problem at this place of the document, or of its nearest parent."""
        line, column = self.positions.of(path) if self.data is not None else (None, None)
        return Problem(severity, code, message, self.file, line, column, hint, self.key)

    def syntax(self, mistake: Mistake) -> Problem:
        """A syntax error, without what is written there: it may be a secret."""
        message = _WITHOUT_VALUE.get(mistake.code, mistake.message)
        return Problem(Severity.ERROR, mistake.code, message, self.file, mistake.line, mistake.column, mistake.hint, self.key)

    def problems(self, mistakes: Iterable[ShapeMistake]) -> tuple[Problem, ...]:
        """The mistakes with their positions, `MAX_MISTAKES` at most."""
        first = tuple(islice(mistakes, MAX_MISTAKES))
        positions = self.positions if first else None
        placed = (
            (mistake, positions.of(mistake.path) if positions and self.data is not None else (None, None)) for mistake in first
        )
        return tuple(
            Problem(Severity.ERROR, mistake.code, mistake.message, self.file, line, column, mistake.hint, self.key)
            for mistake, (line, column) in placed
        )


@dataclass(frozen=True, slots=True)
class ReadProof:
    """A proof.yaml that was read. `proof` is None without a file, for a file of comments only, and for a file with errors."""

    text: ProofText
    proof: Proof | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def file(self) -> str:
        """The file for display, whether it exists or not."""
        return self.text.file

    @property
    def positions(self) -> Positions:
        """The positions of the document."""
        return self.text.positions


def proof_in(folder: ProofFolder, key: str, former_keys: Collection[str] = (), display_prefix: str = "specs") -> ReadProof:
    """The proof.yaml of this folder, which is that of the spec with this key. Never raises."""
    text = ProofText(View("", (), display_prefix).display(folder.path()), key=key)
    try:
        data = folder.read(PROOF_FILE)
    except Unreadable as error:
        return ReadProof(text, None, (replace(error.problem.at(text.file, 1, 1), key=key),))
    return ReadProof(text) if data is None else parsed_proof(replace(text, data=data), former_keys)


def read_proof_file(file: Path, key: str, former_keys: Collection[str] = ()) -> ReadProof:
    """A proof file in another place, which the user named. Raises SettingsError if it cannot be read."""
    try:
        data = read_regular(file, MOST_BYTES[PROOF_FILE])
    except OSError as error:
        raise SettingsError(f"cannot read {file}: {error.strerror or error}", hint="pass a proof.yaml to --proof") from None
    return parsed_proof(ProofText(file.as_posix(), data, key), former_keys)


def parsed_proof(text: ProofText, former_keys: Collection[str] = ()) -> ReadProof:
    """The proof in this text, and its problems without regard to the spec's body."""
    reading = read_yaml(text.data or b"")
    if [mistake.code for mistake in reading.mistakes] == ["empty"] or (reading.value is None and not reading.mistakes):
        return ReadProof(text)
    document = reading.value
    if reading.mistakes or not isinstance(document, dict):
        return ReadProof(text, None, _unreadable(text, reading))
    proof = read_whole(PROOF, document)
    if isinstance(proof, tuple):
        return ReadProof(text, None, text.problems(proof))
    mistakes = tuple(_mistakes(proof, document, text.key, former_keys))
    return ReadProof(text, None if mistakes else proof, text.problems(mistakes))


def _unreadable(text: ProofText, reading: Reading) -> tuple[Problem, ...]:
    if reading.mistakes:
        return tuple(map(text.syntax, reading.mistakes[:MAX_MISTAKES]))
    message = f"this file holds {name_of_type(reading.value)}; a proof must be a mapping"
    return (text.problem((), "wrong-type", message, "start with kind: Proof"),)


def _mistakes(proof: Proof, document: Document, key: str | None, former_keys: Collection[str]) -> Iterable[ShapeMistake]:
    if proof.key is not None and key is not None and proof.key not in {key, *former_keys}:
        message = f"this is the proof of {proof.key[:80]!r}, in the folder of {key!r}"
        yield ShapeMistake(("key",), "bad-key", message, "remove `key`, or rename the folder")
    if proof.streaming is not None:
        for field in ("auth", "source"):
            if field in document:
                message = f"`{field}` is not used by a streaming source, which `streaming` describes"
                yield ShapeMistake((field,), "bad-value", message, f"remove {field}, or streaming")
