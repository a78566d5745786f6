"""The files by which a step tells the runner something: GITHUB_OUTPUT, GITHUB_ENV, GITHUB_PATH, GITHUB_STEP_SUMMARY, GITHUB_STATE.

After the runner's `FileCommandManager`. A line ends with `\\n`, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

SUMMARY_LIMIT = 1024 * 1024
"""Bytes of one step's summary."""
_NAMES = ("OUTPUT", "ENV", "PATH", "STEP_SUMMARY", "STATE")


class FileCommandError(Exception):
    """A file that cannot be read as what it should be: the step fails."""


@dataclass(frozen=True, slots=True)
class StepFiles:
    """The files of one step, new and empty."""

    folder: Path

    @classmethod
    def fresh(cls, folder: Path) -> StepFiles:
        folder.mkdir(parents=True)
        for name in _NAMES:
            (folder / name).touch()
        return cls(folder)

    def variables(self) -> dict[str, str]:
        return {f"GITHUB_{name}": str(self.folder / name) for name in _NAMES}

    def outputs(self) -> Mapping[str, str]:
        """Raises `FileCommandError`."""
        return self._pairs("OUTPUT")

    def environment(self) -> Mapping[str, str]:
        """Raises `FileCommandError`."""
        pairs = self._pairs("ENV")
        if "NODE_OPTIONS" in {name.upper() for name in pairs}:
            raise FileCommandError("Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.")
        return pairs

    def paths(self) -> list[str]:
        return [line for line in self._text("PATH").splitlines() if line]

    def summary(self) -> str:
        """Raises `FileCommandError` where it is too large: then none of it is kept."""
        size = (self.folder / "STEP_SUMMARY").stat().st_size if (self.folder / "STEP_SUMMARY").exists() else 0
        if size > SUMMARY_LIMIT:
            limit = SUMMARY_LIMIT // 1024
            raise FileCommandError(
                f"$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of {limit}k, got {-(-size // 1024)}k."
            )
        return self._text("STEP_SUMMARY")

    def _pairs(self, name: str) -> dict[str, str]:
        return dict(pairs(self._text(name)))

    def _text(self, name: str) -> str:
        file = self.folder / name
        return file.read_bytes().decode("utf-8", "replace") if file.exists() else ""


def pairs(text: str) -> Iterator[tuple[str, str]]:
    """`name=value`, and `name<<WORD` with lines up to one that is WORD. Raises `FileCommandError`."""
    lines = iter(text.removesuffix("\n").split("\n") if text else [])
    for line in lines:
        before, equals, value = line.partition("=")
        name, heredoc, word = line.partition("<<")
        if not line:
            continue
        if equals and (not heredoc or len(before) < len(name)):
            if not before:
                raise FileCommandError(f"Invalid format '{line}'. Name must not be empty")
            yield before, value
        elif heredoc:
            if not name or not word:
                raise FileCommandError(f"Invalid format '{line}'. Name must not be empty and delimiter must not be empty")
            yield name, "\n".join(_until(word, lines))
        else:
            raise FileCommandError(f"Invalid format '{line}'")


def _until(word: str, lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if line == word:
            return
        yield line
    raise FileCommandError(f"Invalid value. Matching delimiter not found '{word}'")
