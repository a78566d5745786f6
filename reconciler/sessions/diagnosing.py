"""`doctor`: as much of a target as can be opened, checked."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final

from reconciler.desired.files import PROOFS
from reconciler.desired.tree import WorkingTree
from reconciler.diagnosis.checks.machine import check_versions
from reconciler.diagnosis.checks.repository import check_files
from reconciler.diagnosis.deep.guarding import check_listed
from reconciler.diagnosis.deep.means import Deep
from reconciler.diagnosis.probing import Probe
from reconciler.diagnosis.report import Check, Diagnosis, TargetDiagnosed
from reconciler.diagnosis.run import run_checks
from reconciler.diagnosis.subject import Subject
from reconciler.errors import ReconcilerError, SettingsError, UsageError
from reconciler.flowservice.client import SpecReader
from reconciler.flowservice.connecting import connect
from reconciler.http.clock import Clock, Stop
from reconciler.http.transport import Wire
from reconciler.observing.progress import Progress
from reconciler.observing.workspace import Workspace, open_workspace
from reconciler.proofs.folder import PROOF, folder_of
from reconciler.proofs.proof import proof_in
from reconciler.sessions.embedding import embedded_service
from reconciler.sessions.looking_deeper import look_deeper
from reconciler.settings.credentials import credentials_for
from reconciler.settings.loading import load_settings
from reconciler.settings.scope import Scope
from reconciler.settings.targets import Settings
from reconciler.settings.values import Credentials, Network, OAuthCredentials, Target

_RETRIES: Final = 2
_DEADLINE: Final = 20.0
"""Seconds for one question with its retries: a diagnosis asks many, and is waited for."""


def diagnose(
    environ: Mapping[str, str],
    scope: Scope,
    progress: Progress,
    stop: Stop,
    *,
    deep: Deep | None = None,
    clock: Clock | None = None,
    wire: Wire | None = None,
) -> Diagnosis:
    """All checks of the target. Invalid settings, and a store of an emulator that cannot be opened, are checks that fail.

    Raises UsageError for an unknown target. With `deep`, a draft is made and deleted if everything is in order; raises Refused where the
    target is not listed, or nobody agrees.
    """
    checks = list(check_versions())
    try:
        settings = load_settings(scope.specs)
        target = settings.target(scope.target, environ)
    except SettingsError as error:
        return Diagnosis(None, (*checks, _failed("settings", error, f"{scope.specs.as_posix()}/reconciler.yaml")))
    if deep is not None:
        check_listed(target.name, listed_targets(scope.specs), deep.allow_target)
    checks.append(Check("settings", "ok", f"target {target.name} is defined", asked=f"{scope.specs.as_posix()}/reconciler.yaml"))
    named = TargetDiagnosed(target.name, target.host, target.org_id, target.sandbox, emulated=target.emulator is not None)
    try:
        credentials = credentials_for(target, environ)
        usable = Check("credentials", "ok", _words(credentials, target), asked="environment")
        with ExitStack() as opened:
            try:
                embedded = opened.enter_context(embedded_service(target, clock))
            except UsageError as error:
                closed = Check("connection", "fail", error.message, error.hint, asked=f"emulator: {target.emulator}")
                return Diagnosis(None, (*checks, usable, closed, check_files(_workspace(scope.specs, settings, target))))
            probe = connect(
                Probe,
                target,
                credentials,
                _impatient(settings.network),
                clock=embedded.clock,
                rng=random.Random(),  # noqa: S311 - jitter
                wire=wire or embedded.wire,
                stop=stop,
            )
            checks.append(usable)
            with SpecReader(probe.session) as reader:
                workspace = _workspace(scope.specs, settings, target)
                subject = Subject(target, credentials, probe, reader, workspace, environ)
                checks += run_checks(subject, progress)
                if deep is not None:
                    checks += look_deeper(subject, tuple(checks), deep, progress)
    except SettingsError as error:
        return Diagnosis(None, (*checks, _failed("credentials", error, "environment")))
    return Diagnosis(named, tuple(checks), deep=deep is not None)


def _impatient(network: Network) -> Network:
    return replace(network, retries=min(network.retries, _RETRIES), deadline=min(network.deadline, _DEADLINE))


def _failed(name: str, error: SettingsError, asked: str) -> Check:
    """The error with the place of its first problem."""
    placed = next((problem for problem in error.problems if problem.file and problem.line), None)
    said = f"{placed.file}:{placed.line}: {placed.message}" if placed else error.message
    return Check(name, "fail", said, (placed.hint if placed else None) or error.hint, asked)


def _words(credentials: Credentials, target: Target) -> str:
    if target.emulator is not None:
        return "none needed: the target is the embedded emulator"
    kind = "OAuth server-to-server" if isinstance(credentials, OAuthCredentials) else "an access token, which cannot be renewed"
    return f"{kind}, from {credentials.form}" if credentials.form else kind


def _workspace(specs: Path, settings: Settings, target: Target) -> Workspace | None:
    """The spec files; None where they cannot be read, which is a check of its own."""
    try:
        return open_workspace(specs, settings, target)
    except ReconcilerError:
        return None


def listed_targets(specs: Path) -> frozenset[str]:
    """The targets that the proof files list. A proof file that cannot be read lists none."""
    tree = WorkingTree(specs)
    found = (re.fullmatch(rf"{PROOFS}/([^/]+)/{PROOF}", path) for path in tree.listing().paths)
    names = [match[1] for match in found if match]
    proofs = (proof_in(folder_of(tree, name), name).proof for name in names)
    return frozenset(target for proof in proofs if proof is not None for target in proof.targets)
