"""What a new source may not be: nothing is written that `validate` would object to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from reconciler.authoring.new_spec import SECRET_FIELDS, NewSource, new_files, placeholders, spec_path
from reconciler.desired.load import load_desired
from reconciler.desired.tree import Listing
from reconciler.errors import Problem, Severity, UsageError
from reconciler.lint.run import Levels, lint

_WORD: Final = r"[^\s/?#@:\\%{}$\[\]\"'`<>|^,;()*&+=!~]+"
_HOST: Final = re.compile(rf"https://(?:{_WORD}|\$\{{[^{{}}]*\}})+(?::\d{{1,5}})?(?:/[^\s?#@\\]*)?")
_PATH: Final = re.compile(r"/(?!/)[^\s#\\]*")
_PLACEHOLDER_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_BARE: Final = re.compile(r"(?<![$@])\{(?!SCHEDULE_QUERY\})[^{}]*\}?")
_MAX_CHARACTERS: Final = 256


def check_source(source: NewSource, levels: Levels) -> None:
    """Raises UsageError, with the option that it is about, for what could not be written in order.

    `levels` are what the rules weigh in this repository.
    """
    _check_text("name", source.name)
    _check_text("description", source.description)
    _check_host(source.host)
    _check_path(source.path)
    for option, text in (("host", source.host), ("path", source.path)):
        _check_placeholders(option, text)
    objection = _objection(source, levels)
    if objection is not None:
        option = _option_of(source, objection)
        raise UsageError(f"{option}: {objection.message} [{objection.code}]", hint=objection.hint)


def _check_text(option: str, text: str) -> None:
    if not text.strip():
        raise UsageError(f"--{option} is empty", hint=f"write --{option} 'Acme Orders'")
    if len(text) > _MAX_CHARACTERS:
        raise UsageError(
            f"--{option} has {len(text)} characters, and {_MAX_CHARACTERS} is the most", hint="write what fits into the catalogue"
        )
    if not text.isprintable():
        odd = next(character for character in text if not character.isprintable())
        raise UsageError(
            f"--{option} has the character U+{ord(odd):04X}, which cannot be seen", hint="write one line of plain text"
        )


def _check_host(host: str) -> None:
    if not host.startswith("https://") or not host.removeprefix("https://").strip("/"):
        raise UsageError(
            "the host does not begin with https:// and a name", hint="credentials are sent to it: write https://api.acme.example"
        )
    if "@" in host:
        raise UsageError("the host has a user or a password before an @", hint="users are asked for theirs: leave it out")
    if not _HOST.fullmatch(host):
        raise UsageError(
            f"{host[:80]!r} is no host",
            hint="write https:// and a name, as in https://api.acme.example or https://${tenant}.acme.example; the rest is --path",
        )


def _check_path(path: str) -> None:
    if not path.startswith("/"):
        raise UsageError("the path does not begin with a slash", hint="write it as /v1/orders")
    if not _PATH.fullmatch(path):
        raise UsageError(
            f"{path[:80]!r} is no path of an address", hint="write it as /v1/orders; a space is %20 there, and a # is %23"
        )


def _check_placeholders(option: str, text: str) -> None:
    if "${}" in text:
        raise UsageError(f"--{option}: `${{}}` names nothing", hint="write ${name}")
    bare = _BARE.search(text)
    if bare:
        raise UsageError(f"--{option}: {bare[0][:80]} is sent as it stands", hint="what a user enters is written ${name}")
    for name in placeholders(text):
        if not _PLACEHOLDER_NAME.fullmatch(name):
            raise UsageError(
                f"--{option}: {name[:80]!r} is no name of a parameter", hint="use letters and digits, as in ${listId}"
            )
        if name in SECRET_FIELDS:
            raise UsageError(
                f"--{option}: ${{{name}}} is a secret, and addresses are written into logs",
                hint="leave it out: the service sends it as the authentication type says",
            )


def _objection(source: NewSource, levels: Levels) -> Problem | None:
    """The first thing that `validate` would find in the spec file; infos do not count."""
    path = spec_path(source.key)
    desired = load_desired(_OneFile(path, new_files(source)[path].encode()), "", "")
    problems = (*desired.problems, *lint(desired.specs, levels, 1))
    return next((problem for problem in problems if problem.severity is not Severity.INFO), None)


def _option_of(source: NewSource, problem: Problem) -> str:
    """The option whose text the message shows, as well as can be told."""
    texts = {"--name": source.name, "--description": source.description, "--host": source.host, "--path": source.path}
    lines = new_files(source)[spec_path(source.key)].splitlines()
    line = lines[problem.line - 1] if problem.line else ""
    found = [option for option, text in texts.items() if text in line]
    by_field = {"host:": "--host", "path:": "--path", "name:": "--name", "description:": "--description"}
    return by_field.get(line.split(maxsplit=1)[0] if line.strip() else "") or (found[0] if found else "this source")


@dataclass(frozen=True, slots=True)
class _OneFile:
    """A tree of one file, which is not written yet."""

    path: str
    data: bytes

    def listing(self) -> Listing:
        return Listing((self.path,))

    def read(self, _path: str) -> bytes:
        return self.data
