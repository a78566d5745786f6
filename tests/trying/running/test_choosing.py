from __future__ import annotations

import pytest

from reconciler.desired.load import load_desired
from reconciler.desired.specs import DesiredSet
from reconciler.desired.tree import GivenFiles
from reconciler.errors import Problem, Severity, SpecFileError, UsageError
from reconciler.trying.running.choosing import checked_assumptions, keys_of, problems_of, source_named

BODY = "{name: %s, type: %s, providerId: 0ed90a81-07f4-4586-8190-b40eccef1c5a, version: '1.0'}"


def desired() -> DesiredSet:
    def source(name: str, kind: str = "generic-rest", envelope: str = "") -> bytes:
        return f"kind: ConnectionSpec\n{envelope}spec: {BODY % (name, kind)}\n".encode()

    rest = "kind: FlowSpec\nkey: rest\nspec: {name: Rest, providerId: 0ed90a81-07f4-4586-8190-b40eccef1c5a}\n"
    return load_desired(
        GivenFiles(
            {
                "sources/members/connection-spec.yaml": source("Members", envelope="formerly: [people]\n"),
                "sources/events/connection-spec.yaml": source("Events", "generic-streaming"),
                "sources/broken/connection-spec.yaml": b"kind: ConnectionSpec\nspec: {\n",
                "flow-specs/rest.yaml": rest.encode(),
            }
        ),
        "stage",
    )


def test_a_source_is_found_by_its_key() -> None:
    assert source_named(desired(), "members").name == "Members"


def test_an_unknown_key_is_answered_with_those_that_the_command_takes() -> None:
    for fetching, has_events in ((True, False), (False, True)):
        with pytest.raises(UsageError) as caught:
            source_named(desired(), "zzz", fetching=fetching)
        assert ("events" in str(caught.value.hint)) is has_events


@pytest.mark.parametrize(
    ("key", "message", "hint"),
    [
        ("membres", "unknown key 'membres': no spec file has it", "did you mean 'members'?"),
        ("people", "the spec 'people' was renamed", "use its key: members"),
        ("events", "'events' is a streaming source", "reconciler validate"),
        ("rest", "'rest' is a flow spec, and only sources fetch records", "use one of: broken, members"),
    ],
)
def test_another_key_is_an_error_with_a_next_step(key: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as raised:
        source_named(desired(), key)
    assert message in raised.value.message
    assert hint in (raised.value.hint or "")


def test_without_spec_files_the_next_step_is_a_new_one() -> None:
    with pytest.raises(UsageError) as raised:
        source_named(load_desired(GivenFiles({}), "stage"), "members")
    assert raised.value.hint == "create a source: reconciler new KEY"


def test_a_file_with_errors_reports_its_own_and_no_other() -> None:
    with pytest.raises(SpecFileError) as raised:
        source_named(desired(), "broken")
    assert {problem.file for problem in raised.value.problems} == {"specs/sources/broken/connection-spec.yaml"}


def test_all_sources_are_those_that_fetch_and_those_that_cannot_be_read() -> None:
    assert keys_of(desired()) == ["broken", "members"]


def test_an_assumption_must_exist_and_have_a_known_value() -> None:
    checked_assumptions({"offset.no-end": "never"})
    with pytest.raises(UsageError, match="unknown assumption"):
        checked_assumptions({"offset.noend": "never"})
    with pytest.raises(UsageError, match="cannot be"):
        checked_assumptions({"offset.no-end": "sometimes"})


@pytest.mark.parametrize(
    ("key", "file", "is_its_own"),
    [
        ("members", "specs/other.yaml", True),
        (None, "specs/sources/members/connection-spec.yaml", True),
        (None, "specs/members-connectionSpec.json", True),
        ("people", "specs/sources/people/connection-spec.yaml", False),
        (None, "specs/sources/members-old/connection-spec.yaml", False),
        (None, "specs/old-members-connectionSpec.json", False),
        (None, None, False),
    ],
)
def test_the_errors_of_a_key_are_those_of_its_file_wherever_it_is(key: str | None, file: str | None, is_its_own: bool) -> None:
    error, warning = (Problem(severity, "x", "said", key=key, file=file) for severity in (Severity.ERROR, Severity.WARNING))
    assert list(problems_of(DesiredSet((), (error, warning)), "members")) == ([error] if is_its_own else [])


def test_a_file_with_errors_says_how_many() -> None:
    with pytest.raises(SpecFileError, match="the spec file of 'broken' has 1 error"):
        source_named(desired(), "broken")
