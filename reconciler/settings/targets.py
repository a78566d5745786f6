"""The settings, and the target that a command works on."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from reconciler.documents.shapes import Misfit
from reconciler.errors import Problem, SettingsError, Severity, UsageError
from reconciler.sdk.patterns import ORG_ID, SANDBOX
from reconciler.settings.addresses import host_of, url_in_environment
from reconciler.settings.values import (
    PRODUCTION_BASE_URL,
    PRODUCTION_TOKEN_URL,
    DriftSettings,
    FleetSettings,
    GitUse,
    Network,
    ProofSettings,
    Rollout,
    RuleLevel,
    Safety,
    Target,
    TargetSettings,
    Tombstone,
)
from reconciler.wording.guesses import did_you_mean, nearest, suggestion

EMULATOR_BASE_URL: Final = "http://emulator.invalid/data/foundation/flowservice"
EMULATOR_TOKEN_URL: Final = "http://emulator.invalid/ims/token/v3"  # noqa: S105 — an address, not a password
EMULATOR_ORG_ID: Final = "0000000000@AdobeOrg"
EMULATOR_SANDBOX: Final = "dev"

Place: TypeAlias = tuple[str, str, str]
"""The address, the organization and the sandbox of a target."""


def matching(pattern: str, what: str, hint: str) -> Callable[[str], str]:
    """A check that a whole string matches this expression; it raises Misfit."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise Misfit(f"{text[:80]!r} is not a valid {what}", hint)
        return text

    return check


check_org_id: Final = matching(ORG_ID, "organization id", "write the id, such as 1234567890@AdobeOrg")


def check_sandbox(text: str) -> str:
    """Check a sandbox name, as `x-sandbox-name` requires it: all in lower case. Raises Misfit."""
    if not re.fullmatch(SANDBOX, text):
        guess = f"{suggestion(text.lower())} " if re.fullmatch(SANDBOX, text.lower()) else ""
        hint = f"{guess}write the name of the sandbox, such as prod, not its title: Sandboxes in Experience Platform shows both"
        raise Misfit(f"{text[:80]!r} is not a valid sandbox name: use lower-case letters, digits and '-'", hint)
    return text


_NO: Final = frozenset({"", "0", "false", "no"})
_CHECKS: Final[Mapping[str, Callable[[str], str]]] = {
    "base_url": url_in_environment,
    "token_url": url_in_environment,
    "org_id": check_org_id,
    "sandbox": check_sandbox,
}


def place_of(target: TargetSettings) -> Place | None:
    """Where a target is, as the file says it; None if the environment has to say it."""
    if target.emulator is not None:
        return str(target.emulator), target.org_id or EMULATOR_ORG_ID, target.sandbox or EMULATOR_SANDBOX
    if target.org_id is None or target.sandbox is None:
        return None
    return target.base_url or PRODUCTION_BASE_URL, target.org_id, target.sandbox


def variable(target: str, name: str) -> str:
    """The environment variable for one target: `RECONCILER_STAGE_ORG_ID`."""
    middle = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in target.upper())
    return f"RECONCILER_{middle}_{name.upper()}"


@dataclass(frozen=True, slots=True)
class Settings:
    """The validated content of `reconciler.yaml`."""

    repository: str
    """The repository's name in ownership markers."""
    targets: Mapping[str, TargetSettings]
    default_target: str | None = None
    fleets: Mapping[str, FleetSettings] = field(default_factory=dict)
    """The fleets as written; their targets are in `targets`, too."""
    groups: tuple[str, ...] = ()
    """The groups, general ones first: the order of their overlays."""
    safety: Safety = field(default_factory=Safety)
    proof: ProofSettings = field(default_factory=ProofSettings)
    network: Network = field(default_factory=Network)
    fleet: Rollout = field(default_factory=Rollout)
    drift: DriftSettings = field(default_factory=DriftSettings)
    git: GitUse = field(default_factory=GitUse)
    rules: Mapping[str, RuleLevel] = field(default_factory=dict)
    """Severities of `validate` rules by code, where they differ from the default."""
    retired: tuple[Tombstone, ...] = ()
    """The specs to retire, and why."""
    formerly: tuple[str, ...] = ()
    """Former repository names whose markers still count as ours."""
    version: int = field(kw_only=True)
    """The version of the file format."""

    def target(self, name: str | None, environ: Mapping[str, str]) -> Target:
        """The target of this name, or the default one, with overrides from the environment.

        Raises UsageError for an unknown name, and SettingsError for an incomplete or disallowed target. Also raises SettingsError for a
        default target that is an emulator if `CI` is set: a pipeline that lost its `--target` would report success without reaching a real
        service.
        """
        target = self.targets[self.target_name(name)]
        if name is None and target.emulator is not None and environ.get("CI", "").lower() not in _NO:
            raise SettingsError(
                f"the default target {target.name!r} is an emulator, and CI is set",
                hint=f"choose the target: --target NAME (--target {target.name} to use the emulator)",
            )
        resolved = _resolved(target, environ)
        return replace(resolved, sandboxes=self._sandboxes_beside(resolved)) if resolved.emulator else resolved

    def _sandboxes_beside(self, target: Target) -> tuple[str, ...]:
        """The sandboxes that the settings name for this embedded service and organization, each once."""
        beside = (one for one in self.targets.values() if one.emulator == target.emulator)
        found = [one.sandbox for one in beside if one.sandbox and (one.org_id or EMULATOR_ORG_ID) == target.org_id]
        return tuple(dict.fromkeys(found))

    def layers(self, name: str) -> tuple[str, ...]:
        """The overlays that apply to this target, in order: its groups, its fleet, itself."""
        target = self.targets.get(name, TargetSettings())
        fleet = (target.fleet,) if target.fleet else ()
        return (*(group for group in self.groups if group in target.groups), *fleet, name)

    def upstreams(self, name: str) -> tuple[str, ...]:
        """The targets that `after` of this target names, with each fleet as its targets, in the order of the settings."""
        after = self.targets[name].after
        return tuple(
            one for one, target in self.targets.items() if one in after or (target.fleet is not None and target.fleet in after)
        )

    def wave(self, name: str) -> int:
        """The wave in which this target is applied, from 1: later than everything that it is `after`."""
        return 1 + max((self.wave(one) for one in self.upstreams(name)), default=0)

    @property
    def overlay_names(self) -> tuple[str, ...]:
        """The names that `overlays` may use."""
        return (*self.groups, *self.fleets, *self.targets)

    def unknown_target(self, name: str, known: Collection[str] = ()) -> UsageError:
        """The error for a name of no target; `known` are the names that may stand there, if not only those of targets.

        A name like those of a fleet's targets is taken for a sandbox that the fleet does not list.
        """
        fleet, sandbox = next(
            ((one, name.removeprefix(f"{one}-")) for one in self.fleets if name.startswith(f"{one}-")), ("", "")
        )
        if not sandbox or name in self.groups:
            return UsageError(f"unknown target {name!r}", hint=did_you_mean(name, known or self.targets))
        meant = nearest(sandbox, self.fleets[fleet].sandboxes)
        lacking = (
            f"the fleet {fleet!r} does not list the sandbox {sandbox!r}; `reconciler targets --discover` shows which there are"
        )
        return UsageError(f"unknown target {name!r}", hint=suggestion(f"{fleet}-{meant}") if meant else lacking)

    def target_name(self, name: str | None) -> str:
        """The given name, or that of the default target. Raises UsageError for an unknown name, and if there is no default."""
        if name is not None and name not in self.targets:
            raise self.unknown_target(name)
        if name is not None:
            return name
        if self.default_target is not None:
            return self.default_target
        if len(self.targets) == 1:
            return next(iter(self.targets))
        raise UsageError(
            "there are several targets and no default target", hint=f"--target with one of {', '.join(sorted(self.targets))}"
        )


def _resolved(target: TargetSettings, environ: Mapping[str, str]) -> Target:
    overrides, problems = _overrides(target, environ)
    is_emulator = target.emulator is not None
    org_id = overrides.get("org_id") or target.org_id or (EMULATOR_ORG_ID if is_emulator else None)
    sandbox = overrides.get("sandbox") or target.sandbox or (EMULATOR_SANDBOX if is_emulator else None)
    problems += [_missing(target, part) for part, value in (("org_id", org_id), ("sandbox", sandbox)) if value is None]
    if problems or org_id is None or sandbox is None:
        said = "; ".join(problem.message for problem in problems)
        raise SettingsError(f"cannot use target {target.name!r}: {said}", hint=problems[0].hint, problems=problems)
    base_url = EMULATOR_BASE_URL if is_emulator else overrides.get("base_url") or target.base_url or PRODUCTION_BASE_URL
    return Target(
        name=target.name,
        base_url=base_url,
        token_url=EMULATOR_TOKEN_URL if is_emulator else overrides.get("token_url") or target.token_url or PRODUCTION_TOKEN_URL,
        org_id=org_id,
        sandbox=sandbox,
        scopes=target.scopes,
        ownership=target.ownership,
        emulator=target.emulator,
        host="emulator" if is_emulator else host_of(base_url),
        proofs=target.proofs if is_emulator and target.provider else None,
        credentials=target.credentials,
        environment=target.environment or target.name,
    )


def _overrides(target: TargetSettings, environ: Mapping[str, str]) -> tuple[dict[str, str], list[Problem]]:
    """The environment's overrides of this target; empty variables are ignored."""
    overrides: dict[str, str] = {}
    problems: list[Problem] = []
    for part, check in _CHECKS.items():
        name = variable(target.name, part)
        value = environ.get(name, "").strip()
        if not value:
            continue
        if target.emulator is not None and part.endswith("_url"):
            problems.append(_problem(f"{name} is set, but {target.name} is an emulator", f"unset {name}, or use another target"))
            continue
        try:
            overrides[part] = check(value)
        except Misfit as error:
            problems.append(_problem(f"{name}: {error}", f"fix or unset {name}: {error.hint}"))
    return overrides, problems


def _missing(target: TargetSettings, part: str) -> Problem:
    hint = f"write targets.{target.name}.{part}: … in reconciler.yaml, or set {variable(target.name, part)}"
    return _problem(f"target {target.name!r} has no {part}", hint)


def _problem(message: str, hint: str) -> Problem:
    return Problem(Severity.ERROR, "settings", message, hint=hint)
