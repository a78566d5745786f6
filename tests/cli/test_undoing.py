"""The command in a drift report that keeps what is live: one that takes over exactly these specs when it is run."""

from __future__ import annotations

import pytest

from reconciler.cli.undoing import keep_command
from reconciler.documents.comparison import Cause
from reconciler.planning.plan import Action
from reconciler.reports.drift.view import drift_of
from reconciler.reports.plan.view import view_of
from reconciler.settings.scope import Scope
from tests.reports.plans import MAILCHIMP, attach, change, plan, update

IMPORT = "reconciler --target stage import"
LOST = "f6c0de0c-0a42-4cd9-9139-8768bf2f1b55"


def edited(cause: Cause, key: str = "one") -> Action:
    return update(change("replace", "/a", 1, 2, cause), cause=cause, key=key)


def lost(cause: Cause) -> Action:
    """A source that a shared flow spec does not hold."""
    return attach(change("add", "/sourceConnectionSpecIds/-", new=LOST, cause=cause), cause=cause)


@pytest.mark.parametrize(
    ("actions", "command"),
    [
        ([edited(Cause.DRIFT, "b"), edited(Cause.UNCONFIRMED, "a")], f"{IMPORT} --drift a b"),
        ([edited(Cause.DRIFT), edited(Cause.UNKNOWN, "unknown")], f"{IMPORT} --drift one"),
        ([edited(Cause.UNKNOWN)], f"{IMPORT} --id={MAILCHIMP}"),
        ([lost(Cause.UNKNOWN), edited(Cause.UNKNOWN)], f"{IMPORT} --id={LOST} --id={MAILCHIMP}"),
        ([lost(Cause.DRIFT)], f"{IMPORT} --drift"),
        ([edited(Cause.PENDING)], None),
    ],
    ids=["drift", "drift, and an unknown cause", "unknown", "unknown in a shared flow spec", "a spec without a key", "no drift"],
)
def test_the_command_takes_over_what_it_can(actions: list[Action], command: str | None) -> None:
    assert keep_command(Scope(), drift_of(view_of(plan(*actions)))) == command
