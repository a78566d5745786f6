"""Reads provider.yaml and its records: the third party of a trial with `--stub`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from reconciler.desired.spec_file import View
from reconciler.desired.tree import Unreadable
from reconciler.documents.json_text import Json, NotJson, decode
from reconciler.documents.shapes import ShapeMistake, name_of_type
from reconciler.errors import Problem, Severity
from reconciler.proofs.folder import PROVIDER, ProofFolder
from reconciler.proofs.proof import ProofText
from reconciler.providers.provider import Provider
from reconciler.providers.rows import MadeRows
from reconciler.providers.schema import provider_of
from reconciler.texts.reading import MAX_MISTAKES
from reconciler.texts.yaml import read_yaml
from reconciler.wording.guesses import did_you_mean


@dataclass(frozen=True, slots=True)
class Beside:
    """The files in the folder of a provider file: how one is read (None: there is none; raises Unreadable) and shown, and their names."""

    read: Callable[[str], bytes | None]
    display: Callable[[str], str]
    files: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class ReadProvider:
    """A provider.yaml that was read, with its records. `provider` is None without a file, and for a file with errors."""

    text: ProofText
    provider: Provider | None = None
    rows: Sequence[Json] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def file(self) -> str:
        """The file for display, whether it exists or not."""
        return self.text.file


def read_provider(folder: ProofFolder, key: str, display_prefix: str = "specs") -> ReadProvider:
    """The provider.yaml of this folder, which is that of the spec with this key. Never raises."""
    view = View("", (), display_prefix)
    text = ProofText(view.display(folder.path(PROVIDER)), key=key)
    try:
        data = folder.read(PROVIDER)
    except Unreadable as error:
        return ReadProvider(text, problems=(replace(error.problem.at(text.file, 1, 1), key=key),))
    if data is None:
        return ReadProvider(text)
    beside = Beside(folder.read, lambda name: view.display(folder.path(name)), folder.files)
    return parsed_provider(replace(text, data=data), beside)


def parsed_provider(text: ProofText, beside: Beside) -> ReadProvider:
    """The provider in this text, with the records in a file beside it. Never raises."""
    reading = read_yaml(text.data or b"")
    if reading.mistakes:
        return ReadProvider(text, problems=tuple(map(text.syntax, reading.mistakes[:MAX_MISTAKES])))
    if not isinstance(reading.value, dict):
        message = f"this file holds {name_of_type(reading.value)}; a provider must be a mapping"
        mistake = ShapeMistake((), "wrong-type", message, "start with kind: Provider")
        return ReadProvider(text, problems=text.problems([mistake]))
    provider = provider_of(reading.value)
    if isinstance(provider, tuple):
        return ReadProvider(text, problems=text.problems(provider))
    return _with_rows(text, provider, beside)


def _with_rows(text: ProofText, provider: Provider, beside: Beside) -> ReadProvider:
    name = provider.records.file
    if name is None:
        return ReadProvider(text, provider, MadeRows(provider.records))
    try:
        data = beside.read(name)
    except Unreadable as error:
        return ReadProvider(text, problems=(replace(error.problem.at(beside.display(name), 1, 1), key=text.key),))
    if data is None:
        here = [file for file in beside.files if file.endswith(".jsonl")]
        message = f"`records.file`: there is no {name[:80]!r} in the folder of this file"
        hint = did_you_mean(name[:80], here) if here else "write one JSON object a line to that file"
        return ReadProvider(text, problems=text.problems([ShapeMistake(("records", "file"), "no-file", message, hint)]))
    rows, problems = _rows(data, beside.display(name), text.key)
    return ReadProvider(text, None if problems else provider, rows, problems)


def _rows(data: bytes, file: str, key: str | None) -> tuple[tuple[Json, ...], tuple[Problem, ...]]:
    """The records in these lines, and a problem for each line that is not a JSON object. Blank lines do not count."""
    rows: list[Json] = []
    problems: list[Problem] = []
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not line.strip() or len(problems) == MAX_MISTAKES:
            continue
        try:
            row = decode(line)
        except NotJson as error:
            row, reason = None, f"this line is not JSON: {str(error)[:120]}"
        else:
            reason = f"a record must be a JSON object, not {name_of_type(row)}"
        if isinstance(row, dict):
            rows.append(row)
        else:
            hint = "write one JSON object a line"
            problems.append(Problem(Severity.ERROR, "bad-record", reason, file, number, 1, hint, key))
    return tuple(rows), tuple(problems)
