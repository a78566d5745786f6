"""Checks of a new source: nothing is written that `validate` rejects or that no plan could create."""

from __future__ import annotations

from typing import Final

from reconciler.authoring.importing.naming import check_key_is_free
from reconciler.authoring.new.addresses import check_host, check_path, placeholders
from reconciler.authoring.new.source import SECRET_FIELDS, NewSource, new_files, spec_path
from reconciler.desired.load import load_desired
from reconciler.desired.specs import DesiredSet
from reconciler.desired.tree import GivenFiles
from reconciler.documents.kinds import Kind
from reconciler.documents.names import name_claim, name_faults, name_without_faults
from reconciler.errors import Problem, Severity, UsageError
from reconciler.lint.run import Levels, lint

_YET_TO_COME: Final = {"example-host": "off"}
"""Rules that do not apply to a new spec file: it may still have these findings."""
_MOST: Final = {"name": 256, "description": 1024}
"""Maximum length of an option's value."""


def check_source(source: NewSource, levels: Levels) -> None:
    """Raises UsageError, which names the option, if the new spec file would have a warning or an error.

    `levels` are the severities of rules in the settings.
    """
    _check_text("name", source.name)
    _check_text("description", source.description)
    check_host(source.host)
    check_path(source.path)
    for option, text in (("host", source.host), ("path", source.path)):
        secret = next((name for name in placeholders(text) if name in SECRET_FIELDS), None)
        if secret is not None:
            raise UsageError(
                f"--{option}: ${{{secret}}} is a secret, and addresses are written to logs",
                hint="remove it: the service sends it according to the authentication type",
            )
    desired = _read(source)
    problems = (*desired.problems, *lint(desired.specs, {**levels, **_YET_TO_COME}, ("",)))
    objection = next((problem for problem in problems if problem.severity is not Severity.INFO), None)
    if objection is not None:
        option = _option_of(source, objection)
        raise UsageError(f"{option}: {objection.message} [{objection.code}]", hint=objection.hint)


def check_neighbours(source: NewSource, desired: DesiredSet) -> None:
    """Raises UsageError if a spec in `desired`, the existing files, has the key, or a name that conflicts."""
    check_key_is_free(Kind.CONNECTION_SPEC, source.key, desired)
    claims = {name_claim(spec) for spec in _read(source).specs}
    for spec in desired.specs:
        if name_claim(spec) in claims:
            raise UsageError(
                f"--name: {source.name!r} is already the name of {spec.file}; two specs cannot have the same name",
                hint="pass another --name",
            )


def _check_text(option: str, text: str) -> None:
    if not text.strip():
        raise UsageError(f"--{option} is empty", hint=f"write --{option} 'Acme Orders'")
    if len(text) > _MOST[option]:
        raise UsageError(
            f"--{option} has {len(text)} characters; the maximum is {_MOST[option]}", hint="write what fits into the catalog"
        )
    faults = name_faults(text)
    if faults:
        raise UsageError(f"--{option} has {faults[0]}", hint=f"write one line of plain text: {name_without_faults(text)[:80]}")


def _read(source: NewSource) -> DesiredSet:
    """The desired set of the new spec file alone."""
    path = spec_path(source.key)
    return load_desired(GivenFiles({path: new_files(source)[path].encode()}), "", "")


def _option_of(source: NewSource, problem: Problem) -> str:
    """The option whose value the message quotes, as far as can be determined."""
    texts = {"--name": source.name, "--description": source.description, "--host": source.host, "--path": source.path}
    lines = new_files(source)[spec_path(source.key)].splitlines()
    line = lines[problem.line - 1] if problem.line else ""
    found = [option for option, text in texts.items() if text in line]
    by_field = {"host:": "--host", "path:": "--path", "name:": "--name", "description:": "--description"}
    return by_field.get(line.split(maxsplit=1)[0] if line.strip() else "") or (found[0] if found else "this source")
