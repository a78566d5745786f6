"""`proofs/engine.yaml`: what proofs have shown about Adobe's engine. Trials assume it, and `prove` adds to it.

The file is untrusted: each entry is checked, and a wrong one is a problem and no answer. An answer that another proof contradicts is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Protocol

from reconciler.desired.files import PROOFS
from reconciler.desired.spec_file import View
from reconciler.desired.tree import SpecTree, Unreadable
from reconciler.documents.json_text import Document
from reconciler.documents.readers import FLAG, Found, Reader, Record, Scalar, text
from reconciler.documents.shapes import Misfit, ShapeMistake, name_of_type
from reconciler.errors import Problem, Severity
from reconciler.proofs.folder import ENGINE, ENGINE_BYTES, too_large
from reconciler.proofs.moments import utc
from reconciler.proofs.proof import ProofText
from reconciler.sources.evidence import ROWS
from reconciler.texts.reading import MAX_MISTAKES
from reconciler.texts.yaml import read_yaml
from reconciler.texts.yaml_writing import flow_text, key_head
from reconciler.wording.guesses import did_you_mean

CONTRADICTED: Final = "contradicting-answer"
_HEADER: Final = (
    "# What proofs have shown about Adobe's engine: `reconciler prove` writes it, and `reconciler try` assumes it.\n"
    "# Remove an entry to have the next proof answer it again.\n"
)
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class EngineAnswer:
    """The value of a row of the evidence table: the proof that showed it, its target, and when (ISO 8601 in UTC)."""

    value: str
    by: str
    target: str
    at: datetime
    emulated: bool = False
    """Whether an emulator showed it: then it holds for this target only."""
    contradicted: EngineAnswer | None = None
    """What a later proof showed instead: then neither counts."""

    def counts_for(self, target: str | None) -> bool:
        """Whether a trial for this target may rely on it."""
        return self.contradicted is None and (not self.emulated or self.target == target)

    def __str__(self) -> str:
        where = f"{self.target} (emulator)" if self.emulated else self.target
        return f"{self.by} in {where} on {self.at:%Y-%m-%d}"


class Row(Protocol):
    """A row that a proof has learnt."""

    @property
    def key(self) -> str: ...
    @property
    def value(self) -> str: ...


@dataclass(frozen=True, slots=True)
class ReadEngine:
    """An engine.yaml that was read. A file that is not there has no answers."""

    text: ProofText
    answers: Mapping[str, EngineAnswer] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def known(self, target: str | None) -> dict[str, EngineAnswer]:
        """The answers that count for a trial in this target, by row."""
        return {key: answer for key, answer in self.answers.items() if answer.counts_for(target)}


def with_known(known: Mapping[str, EngineAnswer], assume: Mapping[str, str]) -> dict[str, str]:
    """The values that a trial assumes: what proofs have shown, unless a person assumes something else."""
    return {**{key: answer.value for key, answer in known.items()}, **assume}


def _short(value: str) -> str:
    if not value.strip() or len(value) > _LONGEST:
        raise Misfit(f"it must have 1 to {_LONGEST} characters", "remove this entry; the next proof answers it again")
    return value


_PLAIN: Final[Mapping[str, Reader]] = {
    "value": text(_short),
    "by": text(_short),
    "target": text(_short),
    "at": Scalar("string", utc),
    "emulated": FLAG,
}
_REQUIRED: Final = ("value", "by", "target", "at")
_ANSWER: Final = Record(EngineAnswer, {**_PLAIN, "contradicted": Record(EngineAnswer, _PLAIN, _REQUIRED)}, _REQUIRED)


def engine_path() -> str:
    """The path of the file, relative to the specs folder."""
    return f"{PROOFS}/{ENGINE}"


def engine_in(tree: SpecTree, display_prefix: str = "specs", paths: Iterable[str] | None = None) -> ReadEngine:
    """The engine.yaml of this specs folder. Never raises. `paths` are those of the tree, if they are known."""
    shown = ProofText(View("", (), display_prefix).display(engine_path()))
    if engine_path() not in (tree.listing().paths if paths is None else paths):
        return ReadEngine(shown)
    try:
        data = tree.read(engine_path())
        if len(data) > ENGINE_BYTES:
            raise too_large(ENGINE_BYTES)
    except Unreadable as error:
        return ReadEngine(shown, problems=(error.problem.at(shown.file, 1, 1),))
    return parsed_engine(replace(shown, data=data))


def parsed_engine(of: ProofText) -> ReadEngine:
    """The answers in this text, and the problem of each entry that is none."""
    reading = read_yaml(of.data or b"")
    if [mistake.code for mistake in reading.mistakes] == ["empty"] or (reading.value is None and not reading.mistakes):
        return ReadEngine(of)
    if reading.mistakes:
        return ReadEngine(of, problems=tuple(map(of.syntax, reading.mistakes[:MAX_MISTAKES])))
    if not isinstance(reading.value, dict):
        message = f"this file holds {name_of_type(reading.value)}; answers must be a mapping"
        return ReadEngine(of, problems=(of.problem((), "wrong-type", message, "remove the file; the next proof writes it"),))
    answers, mistakes = _entries(reading.value)
    return ReadEngine(of, answers, of.problems(mistakes))


def _entries(document: Document) -> tuple[dict[str, EngineAnswer], list[ShapeMistake]]:
    answers: dict[str, EngineAnswer] = {}
    mistakes: list[ShapeMistake] = []
    for key, value in document.items():
        found: Found = []
        answer = _ANSWER.read(value, (key,), found)
        if isinstance(answer, EngineAnswer) and not (found := list(_misfits(key, answer))):
            answers[key] = answer
        mistakes += found
    return answers, mistakes


def _misfits(key: str, answer: EngineAnswer) -> Iterable[ShapeMistake]:
    row = ROWS.get(key)
    if row is None or not row.alternatives:
        message = f"{key[:80]!r} is not a row of the evidence table that has several values"
        yield ShapeMistake(
            (key,), "unknown-key", message, did_you_mean(key[:80], [name for name in ROWS if ROWS[name].alternatives])
        )
        return
    known = (row.default, *row.alternatives)
    for each in (answer, answer.contradicted):
        if each is not None and each.value not in known:
            yield ShapeMistake((key,), "bad-value", f"{key} cannot be {each.value[:80]!r}", did_you_mean(each.value[:80], known))


def with_learnt(
    read: ReadEngine, rows: Sequence[Row], run: str, target: str, at: datetime, *, emulated: bool = False
) -> tuple[bytes | None, tuple[Problem, ...]]:
    """The file with what a proof has learnt, and warnings about answers that it contradicts. None: nothing is to be written.

    The first answer stays, and a contradicting one is written beside it, so that neither counts until a person decides. What an emulator
    shows never replaces what Adobe has shown. A file with problems is left as it is.
    """
    if not rows:
        return None, ()
    if read.problems:
        message = f"{read.text.file} has errors, so what this proof has learnt is not written"
        return None, (Problem(Severity.WARNING, "not-learnt", message, read.text.file, hint="fix the file, then prove again"),)
    answers, problems = dict(read.answers), []
    for row in rows:
        new = EngineAnswer(row.value, f"proof {run}", target, at, emulated)
        answers[row.key], problem = _merged(row.key, answers.get(row.key), new, read.text)
        problems += [problem] if problem else []
    data = engine_bytes(answers)
    return (None if answers == dict(read.answers) else data), tuple(problems)


def _merged(key: str, old: EngineAnswer | None, new: EngineAnswer, of: ProofText) -> tuple[EngineAnswer, Problem | None]:
    if old is None or (old.emulated and not new.emulated):
        return new, None
    if old.value == new.value or (new.emulated and not old.emulated):
        return old, None
    if old.emulated and new.emulated:
        return new, None  # an emulator does what its switches say
    message = f"{key} is {new.value} by {new}, but {old.value} by {old}: neither is assumed"
    hint = f"remove the wrong one from {of.file}, or the whole entry, and prove again"
    return replace(old, contradicted=new), Problem(Severity.WARNING, CONTRADICTED, message, of.file, hint=hint)


def engine_bytes(answers: Mapping[str, EngineAnswer]) -> bytes:
    """The file: a line for each row, sorted, so that the same answers give the same bytes."""
    lines = [f"{key_head(key)} {flow_text(_document(answers[key]))}" for key in sorted(answers)]
    return (_HEADER + "".join(f"{line}\n" for line in lines)).encode()


def _document(answer: EngineAnswer) -> Document:
    said: Document = {"value": answer.value, "by": answer.by, "target": answer.target, "at": f"{answer.at:%Y-%m-%dT%H:%M:%SZ}"}
    if answer.emulated:
        said["emulated"] = True
    if answer.contradicted is not None:
        said["contradicted"] = _document(answer.contradicted)
    return said
