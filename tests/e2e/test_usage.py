"""Who is affected, over real HTTP: a plan says it, and neither a quiet plan nor an apply asks for it."""

from __future__ import annotations

from typing import Any

import httpx

from tests.e2e.workplace import ORG, SANDBOX, Workplace

TOKEN_AND_TWO_LISTS = [("GET", "/connectionSpecs"), ("GET", "/flowSpecs"), ("POST", "/ims/token/v3")]
RAN = 1_767_268_800_000


def use(work: Workplace, name: str, **wish: Any) -> None:
    """Somebody makes a dataflow from a live spec."""
    place = {"org": ORG, "sandbox": SANDBOX, "connection_spec": work.the(name)["id"]}
    httpx.post(f"{work.url}/_emulator/dataflows", json={**place, **wish}, trust_env=False).raise_for_status()


def test_a_plan_says_who_uses_what_it_changes_with_one_request_for_each_changed_spec(work: Workplace) -> None:
    for key in ("a", "b", "c"):
        work.source(key)
    work.apply()
    use(work, "a", runs=[RAN])
    use(work, "a", state="disabled")
    work.source("a", sourceSpec={"attributes": {"x": 2}})
    work.source("b", sourceSpec={"attributes": {"x": 2}})
    work.requests()
    ran = work.run("plan")
    assert "used by 2 flows (1 enabled, last run 2026-01-01T12:00:00Z) through 2 source connections and 2 base conn" in ran.out
    assert "not used by any flow" in ran.out
    assert sorted(work.requests()) == sorted([*TOKEN_AND_TWO_LISTS, ("GET", "/flows"), ("GET", "/flows")])


def test_neither_drift_nor_status_asks_who_uses_a_spec(work: Workplace) -> None:
    work.source("a")
    work.apply()
    use(work, "a")
    work.source("a", sourceSpec={"attributes": {"x": 2}})
    work.requests()
    for command in ("drift", "status"):
        work.run(command)
    assert not [path for _, path in work.requests() if path == "/flows"]


def test_apply_shows_who_uses_a_spec_as_plan_does_also_without_a_question(work: Workplace) -> None:
    work.source("a")
    work.apply()
    use(work, "a")
    work.source("a", sourceSpec={"attributes": {"x": 2}})
    (planned,) = [line for line in work.run("plan").out.splitlines() if "used by" in line]
    assert planned in work.run("apply", "--yes").out


def test_a_plan_whose_spec_is_put_to_use_meanwhile_is_applied_as_it_was_saved(work: Workplace) -> None:
    work.source("a")
    work.apply()
    work.source("a", sourceSpec={"attributes": {"x": 2}})
    work.run("plan", "--out", "plan.json")
    use(work, "a")
    ran = work.run("apply", "plan.json", "--yes")
    assert (ran.code, work.the("a")["sourceSpec"]) == (0, {"attributes": {"x": 2}})


def test_a_credential_that_may_not_view_flows_still_has_a_plan(work: Workplace) -> None:
    work.source("a")
    work.apply()
    work.behave(forbidden=["flows"])
    work.source("a", sourceSpec={"attributes": {"x": 2}})
    ran = work.run("plan")
    assert (ran.code, "usage is unknown: the service returned 403" in ran.out) == (0, True)


def test_pruning_a_spec_in_use_is_refused_and_says_by_whom(work: Workplace) -> None:
    work.source("a")
    work.source("b")
    work.apply()
    use(work, "a", runs=[RAN])
    (work.folder / "specs/sources/a/connection-spec.yaml").unlink()
    ran = work.run("plan", "--prune", "--max-detaches", "1")
    assert ran.code == 3
    assert "detached specs: used by 1 flow (1 enabled, last run 2026-01-01T12:00:00Z)" in ran.out
    assert work.run("plan", "--prune", "--max-detaches", "1", "--allow-in-use").code == 0
