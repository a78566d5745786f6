"""Where `--deep` may make a resource: a listed target, in order, whose sandbox is known and not a production one."""

from __future__ import annotations

from collections.abc import Collection

from reconciler.diagnosis.checks.sandboxes import Sandboxes, sandboxes_of
from reconciler.diagnosis.report import Check
from reconciler.diagnosis.subject import Subject
from reconciler.errors import Refused

_PRODUCTION = "production"


def check_listed(target: str, listed: Collection[str], allowed: str | None) -> None:
    """Raise Refused unless a proof file lists the target, or `--allow-target` names it."""
    if target in listed or target == allowed:
        return
    shown = ", ".join(sorted(listed)) or "none"
    raise Refused(
        f"--deep makes a resource, and no proof file lists the target {target!r} (listed: {shown})",
        hint=f"write targets: [{target}] in a specs/proofs/KEY/proof.yaml, or pass --allow-target {target}",
    )


def refusal_of(subject: Subject, checks: Collection[Check]) -> Check | None:
    """The check that says why nothing is made; None if something may be."""
    broken = [check.id for check in checks if not check.is_in_order]
    if broken:
        said = f"nothing was made: the target is not in order ({', '.join(broken)})"
        return Check("deep", "unknown", said, "follow the hints above first, and run it again")
    listed = sandboxes_of(subject.probe)
    sandbox = listed.named(subject.target.sandbox) if isinstance(listed, Sandboxes) else None
    if sandbox is None or not sandbox.type:
        said = f"nothing was made: the type of sandbox {subject.target.sandbox} is not known, so it may be a production one"
        hint = "ask an administrator to let this credential list sandboxes"
        return Check("deep", "unknown", said, hint)
    if sandbox.type.casefold() == _PRODUCTION:
        said = f"nothing was made: sandbox {sandbox.name} is a production sandbox"
        return Check("deep", "unknown", said, "choose a target in a development sandbox")
    return None
