"""Ten repositories of ten sources each apply at once to one shared flow spec: nobody's id is lost."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from tests.e2e.rivals import SOURCES, TEAMS, play

SETTLE = 1.0

log = logging.getLogger(__name__)


@pytest.mark.parametrize(("etags", "rounds"), [(False, 2), (True, 1)], ids=["without-etags", "with-etags"])
def test_teams_that_apply_at_once_lose_no_id(tmp_path: Path, etags: bool, rounds: int) -> None:
    """On a machine so slow that a PUT arrives later than `settle`, an id may be lost as README says, by that PUT and no other."""
    for number in range(rounds):
        played = play(tmp_path / f"round-{number}", SETTLE, etags=etags)
        log.info("%s", played)
        assert (played.twins, [word for word in played.trouble if "Traceback" in word]) == (0, [])
        if not played.late:
            assert (played.lost, played.trouble, played.attached, played.finished) == ((), (), TEAMS * SOURCES, True)
