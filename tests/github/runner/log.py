"""The log of a job, and the workflow commands in it: `::error file=a::text` at the start of a line, `##[error]text` anywhere in one.

After the runner's `ActionCommand` and `ActionCommandManager`; what a line is, .NET says: it ends at `\\n`, `\\r\\n` and at a lone `\\r`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.github.runner.results import Annotation

_KNOWN = frozenset(
    {
        "add-mask",
        "add-matcher",
        "add-path",
        "debug",
        "echo",
        "endgroup",
        "error",
        "group",
        "notice",
        "remove-matcher",
        "save-state",
        "set-env",
        "set-output",
        "stop-commands",
        "warning",
    }
)
_DISABLED = ("set-env", "add-path")
_NEWLINE = re.compile(r"\r\n|\r|\n")
_SHORT = (("%0D", "\r"), ("%0A", "\n"))
_IN_PROPERTY = (*_SHORT, ("%3A", ":"), ("%2C", ","), ("%25", "%"))
_IN_DATA = (*_SHORT, ("%25", "%"))
_IN_OLD = (("%3B", ";"), *_SHORT, ("%5D", "]"), ("%25", "%"))


@dataclass(frozen=True, slots=True)
class Command:
    """A workflow command."""

    name: str
    properties: Mapping[str, str]
    data: str


def parse_command(line: str, names: frozenset[str] = _KNOWN) -> Command | None:
    """The command in a line, if it is one of these names, in any case of letters."""
    match = re.match(r"\s*::(.*?)::(.*)", line, re.DOTALL)
    command = _command(match[1], match[2], ",", _IN_PROPERTY, _IN_DATA) if match else None
    if command is None or command.name.lower() not in names:
        match = re.search(r"##\[(.*?)\](.*)", line, re.DOTALL)
        command = _command(match[1], match[2], ";", _IN_OLD, _IN_OLD) if match else None
    return command if command and command.name.lower() in names else None


def _command(
    info: str, data: str, separator: str, in_property: tuple[tuple[str, str], ...], in_data: tuple[tuple[str, str], ...]
) -> Command:
    name, _, rest = info.partition(" ")
    pairs = [part.strip().partition("=") for part in rest.split(separator)]
    properties = {key: _unescaped(value, in_property) for key, _, value in pairs if key and value}
    return Command(name, properties, _unescaped(data, in_data))


def _unescaped(text: str, escapes: tuple[tuple[str, str], ...]) -> str:
    for escape, character in escapes:
        text = text.replace(escape, character)
    return text


@dataclass
class Log:
    """The log of a job: `raw` lines as they came, `shown` ones with secrets masked."""

    raw: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    annotations: list[Annotation] = field(default_factory=list)
    masks: list[str] = field(default_factory=list)

    def mask(self, secret: str) -> None:
        """From here on this is shown as `***`, and so is each of its lines."""
        for part in (secret, *_NEWLINE.split(secret)):
            if part.strip() and part not in self.masks:
                self.masks.append(part)

    def masked(self, text: str) -> str:
        for secret in sorted(self.masks, key=len, reverse=True):
            text = text.replace(secret, "***")
        return text

    def show(self, line: str) -> None:
        self.shown.append(self.masked(line))

    def annotate(self, level: str, message: str, step: str, properties: Mapping[str, str] | None = None) -> None:
        """An annotation, which is a line of the log too."""
        self.show(f"##[{level}]{message}")
        of = {name.lower(): self.masked(value) for name, value in (properties or {}).items()}
        line = int(of["line"]) if of.get("line", "").isdecimal() else None
        self.annotations.append(Annotation(level, self.masked(message), step, of.get("title"), of.get("file"), line))


@dataclass
class Console:
    """Where one process of a step writes. A command is done and not shown; one that is not allowed any more fails the step."""

    log: Log
    step: str
    outputs: dict[str, str] = field(default_factory=dict)
    failed: bool = False
    _resume: str | None = None

    def write(self, text: str) -> None:
        """All that a process wrote."""
        lines = _NEWLINE.split(text)
        for line in lines if lines[-1] else lines[:-1]:
            self.line(line)

    def line(self, line: str) -> None:
        self.log.raw.append(line)
        command = parse_command(line, _KNOWN | ({self._resume.lower()} if self._resume else set()))
        if command is None:
            self.log.show(line)
        elif self._resume is not None:
            self.log.show(line)
            self._resume = None if command.name.lower() == self._resume.lower() else self._resume
        elif command.name.lower() == "stop-commands":
            self.log.show(line)
            self._resume = command.data
        else:
            self._do(command, line)

    def error(self, message: str) -> None:
        """An error of the runner itself: it fails the step."""
        self.failed = True
        self.log.annotate("error", message, self.step)

    def _do(self, command: Command, line: str) -> None:
        name, data = command.name.lower(), command.data
        if name in ("error", "warning", "notice"):
            self.log.annotate(name, data, self.step, command.properties)
        elif name in _DISABLED:
            self.error(f"Unable to process command '{line}' successfully. The `{name}` command is disabled.")
        elif name == "add-mask" and not data.strip():
            self.log.annotate("warning", "Can't add secret mask for empty string in ##[add-mask] command.", self.step)
        elif name == "add-mask":
            self.log.mask(data)
        elif name == "set-output":
            self.outputs[command.properties.get("name", "")] = data
        elif name in ("group", "endgroup"):
            self.log.show(f"##[{name}]{data}")
