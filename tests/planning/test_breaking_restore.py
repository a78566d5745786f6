"""A restore that would break what was made since."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reconciler.breaking.effect import Level
from reconciler.errors import Severity
from reconciler.planning.plan import Plan
from tests.applying.restores import NEW, OLD, journal_of, restoring
from tests.applying.world import World
from tests.journal.events import apply
from tests.planning.situations import connection

BASIC: dict[str, Any] = {"name": "Basic", "type": "BasicAuthentication"}
OAUTH: dict[str, Any] = {"name": "OAuth", "type": "OAuth2RefreshCode"}


def restored(tmp_path: Path, **options: Any) -> Plan:
    """The plan that puts a spec back as it was before it got an auth spec."""
    world = World(tmp_path, [connection("a", authSpec=[OAUTH])], commit=OLD)
    apply(world)
    world.files, world.commit = [connection("a", authSpec=[OAUTH, BASIC])], NEW
    return restoring(world, journal_of(apply(world)), **options)


def test_a_restore_that_takes_an_auth_spec_away_again_is_refused(tmp_path: Path) -> None:
    made = restored(tmp_path)
    assert [(problem.code, problem.guard) for problem in made.errors] == [("breaking", True)]
    assert [(effect.level, effect.code) for effect in made.actions[0].effects] == [(Level.BREAKING, "auth-removed")]


def test_a_restore_may_break_where_that_is_allowed(tmp_path: Path) -> None:
    made = restored(tmp_path, allow_breaking=True)
    assert made.errors == ()
    assert (Severity.WARNING, "breaking") in [(problem.severity, problem.code) for problem in made.problems]
