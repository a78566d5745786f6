"""A service that stops in the middle of an answer holds nobody up beyond the deadline."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.documents.json_text import decode
from reconciler.emulator import build
from reconciler.emulator.http.server import serving
from tests.e2e.force import Expected, held_ids
from tests.e2e.halves import Ending, HalfOnce, half_answers
from tests.e2e.workplace import BATCH, SETTINGS, Workplace

IMPATIENT = SETTINGS.replace("timeout: 60s, deadline: 120s", "timeout: 2s, deadline: 3s")
"""For a service that never answers whole: how fast the machine is makes no difference to the end."""
GIVEN_UP = SETTINGS.replace("timeout: 60s", "timeout: 3s")
"""For one answer that stops half-way: the others come, however slow the machine, or are asked for again."""


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("ending", list(Ending))
def test_a_plan_from_half_an_answer_is_given_up_at_the_deadline_with_a_hint(work: Workplace, ending: Ending, form: str) -> None:
    work.settings(IMPATIENT)
    work.source("a")
    with half_answers(ending) as url:
        where = {"BASE_URL": f"{url}/data/foundation/flowservice", "TOKEN_URL": f"{url}/ims/token/v3"}
        ran = work.run("plan", "--format", form, **{f"RECONCILER_STAGE_{name}": value for name, value in where.items()})
    assert (ran.code, ran.err.count("error: "), ran.err.count("hint: "), "Traceback" in ran.err) == (1, 1, 1, False)
    if form == "json":
        assert decode(ran.out)["error"]["hint"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/connectionSpecs"), ("GET", "/connectionSpecs/"), ("PUT", f"/flowSpecs/{BATCH}"), ("GET", f"/flowSpecs/{BATCH}")],
)
def test_an_apply_that_gets_half_an_answer_finds_out_what_became_of_it(tmp_path: Path, method: str, path: str) -> None:
    with build(":memory:") as emulator:
        halves = HalfOnce(emulator.app, method, path)
        with serving(halves) as url:
            work = Workplace(tmp_path / "checkout", url, emulator)
            work.settings(GIVEN_UP)
            work.live()
            work.source("a")
            expected = Expected(("a",), tuple(held_ids(work)))
            work.apply()
            assert halves.halved == 1
            assert expected.judge(work, "after half an answer").broken == []
