"""The sandbox of a proof: not a production one, whatever a file lists, unless the command says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reconciler.dataflows.reading import ProofReader
from reconciler.errors import Problem, ServiceError
from reconciler.proving.guards.before import refusal
from reconciler.proving.options import ProveOptions
from reconciler.proving.subject import Subject

_PROD: Final = "prod"
"""The name of the sandbox that every organization has for production."""
_PRODUCTION: Final = "production"


def sandbox_type(reader: ProofReader, subject: Subject, options: ProveOptions) -> str | None:
    """The type of the sandbox in lower case; None if it is not known. Empty where it does not matter: then nothing is asked."""
    target = subject.target
    if target.emulated or target.name == options.allow_target:
        return ""
    if target.sandbox.casefold() == _PROD:
        return _PRODUCTION
    try:
        return reader.sandbox_type(target.sandbox)
    except ServiceError:
        return None


def sandbox_refusals(subject: Subject, kind: str | None) -> Iterator[Problem]:
    """A refusal of a sandbox of type production. A pull request can change proof.yaml, so its list of targets is not enough."""
    target = subject.target
    if kind == _PRODUCTION:
        said = f"{target.sandbox} is a production sandbox, and a proof writes records there"
        hint = f"prove in a development sandbox, or pass --allow-target {target.name}"
        yield refusal(subject.key, "production-sandbox", said, hint)


def unknown_type(subject: Subject, kind: str | None) -> str | None:
    """What a person should know who is asked; None if the type is known."""
    return f"whether {subject.target.sandbox} is a production sandbox is not known" if kind is None else None
