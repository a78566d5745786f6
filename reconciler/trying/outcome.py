"""The result of `try`: the report, the files to write, and a last look for secrets in whatever is about to be written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from reconciler.errors import ReconcilerError
from reconciler.trying.report import TryAllReport, TryReport


class SecretInOutput(ReconcilerError):
    """An output contains a secret, so nothing was written."""

    code = "secret-in-output"


def no_secret(_text: str) -> None:
    """A search for secrets where there are none."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One run of `try`. `finds` names a secret that a text contains; None if it contains none."""

    report: TryReport | TryAllReport
    finds: Callable[[str], str | None] = no_secret
    files: tuple[tuple[Path, bytes], ...] = ()
    """The files to write, such as a cassette."""

    def check(self, texts: Iterable[str]) -> None:
        """Raises SecretInOutput if one of these texts, or of the files, contains a secret."""
        check_for_secrets(self.finds, (*texts, *map(file_text, self.files)), "the third party")


def check_for_secrets(finds: Callable[[str], str | None], texts: Iterable[str], repeats: str) -> None:
    """Raises SecretInOutput if one of these texts contains a secret. `repeats` is who may have repeated it, such as `the service`."""
    for text in texts:
        name = finds(text)
        if name is not None:
            raise SecretInOutput(
                f"nothing was written: the output contains the value of {name}",
                hint=f"{repeats} repeats the credential in its answers; use a credential with another value",
            )


def file_text(file: tuple[Path, bytes]) -> str:
    """The content of a file that is about to be written, as far as it is text."""
    return file[1].decode("utf-8", "replace")
