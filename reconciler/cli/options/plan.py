"""The flags that limit what a plan may do, shared by the commands that make one."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from reconciler.settings.scope import Scope

if TYPE_CHECKING:  # `--help` makes no plan
    from reconciler.planning.plan import Options
    from reconciler.settings.values import Safety

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class PlanFlags:
    """The plan flags of one command. A limit of None means the limit from the settings."""

    prune: bool = False
    allow_create: tuple[str, ...] = ()
    allow_rewind: bool = False
    allow_dirty: bool = False
    allow_in_use: bool = False
    allow_breaking: bool = False
    allow_untried: bool = False
    allow_unproved: bool = False
    max_creates: int | None = None
    max_updates: int | None = None
    max_detaches: int | None = None
    skip_gate: tuple[str, ...] = ()
    reason: str | None = None

    def options(self, keys: tuple[str, ...], safety: Safety) -> Options:
        """The plan's options: the flags, with the limits from the settings where no flag sets one."""
        from reconciler.sessions.plan_options import options_of

        return options_of(
            keys,
            safety,
            prune=self.prune,
            allow_create=self.allow_create,
            allow_rewind=self.allow_rewind,
            allow_dirty=self.allow_dirty,
            allow_in_use=self.allow_in_use,
            allow_breaking=self.allow_breaking,
            allow_untried=self.allow_untried,
            allow_unproved=self.allow_unproved,
            max_creates=self.max_creates,
            max_updates=self.max_updates,
            max_detaches=self.max_detaches,
            skip_gate=self.skip_gate,
            reason=self.reason,
        )

    @property
    def flags(self) -> tuple[str, ...]:
        """The flags as typed on a command line."""
        typed: list[str] = []
        for option in fields(self):
            value, flag = getattr(self, option.name), f"--{option.name.replace('_', '-')}"
            if value is True:
                typed.append(flag)
            elif isinstance(value, tuple):
                typed += [part for key in value for part in (flag, key)]
            elif value is not None and value is not False:
                typed += [flag, str(value)]
        return tuple(typed)


def plan_options(command: F) -> F:
    """The options that limit what a plan may do. The command receives them as keywords and builds `PlanFlags` from them."""
    for option in reversed(_PLAN_OPTIONS):
        command = option(command)
    return command


def _gates(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        gate, has_key, key = value.partition("=")
        if gate not in _GATES or (has_key and not key):
            raise click.BadParameter(f"{value!r} is not one of {', '.join(_GATES)}, alone or with =KEY", context, parameter)
    return tuple(dict.fromkeys(values))


def _reason(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not _SHORTEST_REASON <= len(value.strip()) <= _LONGEST_REASON:
        message = f"a reason has from {_SHORTEST_REASON} to {_LONGEST_REASON} characters"
        raise click.BadParameter(message, context, parameter)
    return value and " ".join(value.split())


_GATES = ("same", "soak", "proved")
_SHORTEST_REASON = 10
_LONGEST_REASON = 500
_count = click.IntRange(min=0)
_PLAN_OPTIONS = (
    click.option("--prune", is_flag=True, help="Detach and retire every live spec that no longer has a file."),
    click.option("--max-creates", type=_count, metavar="N", help="Override safety.max_creates for this run."),
    click.option("--max-updates", type=_count, metavar="N", help="Override safety.max_updates for this run."),
    click.option("--max-detaches", type=_count, metavar="N", help="Override safety.max_detaches for this run."),
    click.option(
        "--allow-create", multiple=True, metavar="KEY", help="Create KEY even if it may be a renamed spec (repeatable)."
    ),
    click.option(
        "--allow-rewind", is_flag=True, help="Overwrite specs applied from a commit that this checkout does not contain."
    ),
    click.option("--allow-dirty", is_flag=True, help="Apply spec files with uncommitted changes."),
    click.option("--allow-in-use", is_flag=True, help="Detach specs even if flows or source connections may use them."),
    click.option("--allow-breaking", is_flag=True, help="Allow changes that break connections or flows that use a spec."),
    click.option("--allow-untried", is_flag=True, help="Write specs that were not tried, or whose trial failed."),
    click.option("--allow-unproved", is_flag=True, help="Write specs of which no proof counts."),
    click.option(
        "--skip-gate",
        multiple=True,
        metavar="GATE[=KEY]",
        callback=_gates,
        help="Pass over a gate (same, soak or proved), for all specs or for KEY (repeatable). Requires --reason.",
    ),
    click.option("--reason", metavar="TEXT", callback=_reason, help="Why --skip-gate is right; kept in the journal."),
)


def drift_command(scope: Scope, target: str, *words: str) -> str:
    """The command that imports or undoes drift in this target."""
    folder = () if scope.specs == Scope().specs else ("--specs", str(scope.specs))
    return shlex.join(["reconciler", *folder, "--target", target, *words])


def flags_of(options: Options) -> PlanFlags:
    """The flags that set these plan options; default limits are left out."""
    from reconciler.planning.plan import Options

    usual = Options()
    limits = {name: getattr(options, name) for name in ("max_creates", "max_updates", "max_detaches")}
    given = {name: limit for name, limit in limits.items() if limit != getattr(usual, name)}
    others = {"skip_gate", *limits}
    switches = {field.name: getattr(options, field.name) for field in fields(PlanFlags) if field.name not in others}
    return PlanFlags(**switches, **given, skip_gate=options.skip_gates)


def apply_command(
    scope: Scope, target: str, keys: tuple[str, ...], asked: PlanFlags, digest: str | None = None, saved: Path | None = None
) -> str:
    """The command that applies exactly the plan just shown: by its digest, or from its file."""
    words = ["reconciler"]
    if scope.specs != Scope().specs:
        words += ["--specs", str(scope.specs)]
    if saved is not None:
        words += ["--target", target, "apply", "--plan", str(saved), *keys, *asked.flags]
        return shlex.join(words)
    words += ["--target", target, "apply", *keys, *asked.flags]
    return shlex.join([*words, "--expect", digest] if digest else words)
