"""Another proof of the same spec: refused while it may be at work, whoever's machine it runs on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from reconciler.dataflows.resources import Resource
from reconciler.proving.guards.others import other_proofs
from reconciler.proving.naming import description_of, name_of
from tests.proving.guards.test_hosts import subject

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
RUN = "20261127T1112-7f3a"


def seen(run: str = RUN, key: str = "members", repository: str = "acme/aep-sources") -> Resource:
    return Resource("connection", "c1", name_of(key, run, "connection"), description_of(run, repository, "dev", key))


def refused(*connections: Resource, ended: frozenset[str] = frozenset(), older_than: timedelta = timedelta(hours=2)) -> list[str]:
    found = other_proofs(subject(), (), connections, ended, NOW, older_than.total_seconds())
    return [problem.message for problem in found]


def test_a_run_that_has_a_connection_and_no_end_is_at_work() -> None:
    assert refused(seen()) == ["the proof 20261127T1112-7f3a of 'members' began 48m 0s ago and has not ended"]


def test_the_hint_names_both_ways_out() -> None:
    (problem,) = other_proofs(subject(), (), [seen()], frozenset(), NOW, 7200)
    assert f"prove members --resume {RUN}" in str(problem.hint)
    assert f"prove members --cleanup {RUN}" in str(problem.hint)


def test_an_old_run_an_ended_one_and_what_is_not_ours_are_not_at_work() -> None:
    assert refused(seen(), older_than=timedelta(minutes=30)) == []
    assert refused(seen(), ended=frozenset({RUN})) == []
    assert refused(seen(key="others"), seen(repository="other/repo")) == []
    assert refused(Resource("connection", "c1", name_of("members", RUN, "connection"), "")) == []
