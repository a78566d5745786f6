"""Plans, and their reviews on the fake GitHub."""

from __future__ import annotations

from msgspec.structs import replace

from reconciler.github.checks import CheckScope, Conclusion, Report
from reconciler.github.record import record_of
from reconciler.planning.plan import Action
from reconciler.reports.plan.outline import outline_of
from reconciler.reports.plan.view import PlanView, view_of
from tests.github.situations import HEAD, World
from tests.reports.plans import MAILCHIMP, attach, change, create, plan, update

EDIT = update(change("replace", "/a", 1, 2))
CREATE = create("a", change("add", "/name", new="A"))
BY_KEY = attach(change("add", "/sourceConnectionSpecIds/-", new={"ref": "a"}))
BY_ID = attach(change("add", "/sourceConnectionSpecIds/-", new=MAILCHIMP))


def view(*actions: Action, digest: str = "1" * 64) -> PlanView:
    return replace(view_of(plan(*actions)), digest=digest)


def review(world: World, of: PlanView, *, number: int = 1, conclusion: Conclusion = "success", head: str = HEAD) -> None:
    report = Report("title", "summary", record_of(outline_of(of)))
    world.checks.complete(CheckScope("plan", "stage"), head, number, of.digest, conclusion, report)
