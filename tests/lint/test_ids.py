"""Ids that are nearly ids: told once, with what is wrong, and with the one that is meant."""

from __future__ import annotations

import pytest

from tests.lint.files import STREAMING, Files, part


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("0ed90a81-07f4-4586-8190-b40eccef1c5", "it has 35 characters instead of 36, and group 5 has 11 instead of 12"),
        ("0ed90a81-07f4-4586-8190-b40eccef1c5aa", "it has 37 characters instead of 36, and group 5 has 13 instead of 12"),
        ("0ed90a8-07f4-4586-8190-b40eccef1c5", "it has 34 characters instead of 36"),
        ("0ed90a8107f445868190b40eccef1c5a", "it has 32 characters instead of 36, and 0 hyphens instead of 4"),
        ("0ed90a810-7f4-4586-8190-b40eccef1c5a", "its hyphens are not at characters 9, 14, 19 and 24"),
        (
            "0ed90a81-07f4-4586-8190-b40eccef1cza",
            "character 35 is 'z'; an id has only digits, the letters a to f, and hyphens",
        ),
        (
            "'{0ed90a81-07f4-4586-8190-b40eccef1c5a}'",
            "character 1 is '{'; an id has only digits, the letters a to f, and hyphens",
        ),
    ],
)
@pytest.mark.parametrize("spec_type", ["type: generic-rest\n", "", "type: another\n", "kind: FlowSpec\n"])
def test_a_provider_that_is_nearly_an_id_is_told_once_with_what_is_wrong_and_the_one_that_is_meant(
    written: str, why: str, spec_type: str
) -> None:
    (problem,) = Files(part(f"{spec_type}providerId: {written}")).problems()
    assert problem.code == "not-an-id"
    bare = written.strip("'")
    assert problem.message == f"'{bare}' is not a valid id: {why}"
    assert problem.hint == "write 0ed90a81-07f4-4586-8190-b40eccef1c5a, the provider of generic-rest"
    assert (problem.end_line, (problem.end_column or 0) - (problem.column or 0)) == (problem.line, len(written))


def test_the_provider_that_is_meant_is_the_one_of_the_type() -> None:
    (problem,) = Files(
        part(STREAMING.replace("521eee4d-8cbe-4906-bb48-fb6bd4450033", "0ed90a81-07f4-4586-8190-b40eccef1c5"))
    ).problems()
    assert problem.hint == "write 521eee4d-8cbe-4906-bb48-fb6bd4450033, the provider of generic-streaming"


@pytest.mark.parametrize("written", ["acme", "c604ff05-7f1a-43c0-8e18-33bf874cb11", "a" * 70])
def test_of_a_provider_like_none_that_is_known_none_is_proposed(written: str) -> None:
    (problem,) = Files(part(f"providerId: {written}")).problems()
    assert problem.hint == "write the id of the provider, as a live spec has it"


def test_an_id_in_a_list_that_is_too_short_is_told_with_what_is_wrong() -> None:
    (problem,) = Files(part("kind: FlowSpec\nsourceConnectionSpecIds: [604ff05-7f1a-43c0-8e18-33bf874cb11c]")).problems()
    assert problem.message == (
        "'604ff05-7f1a-43c0-8e18-33bf874cb11c' is not a valid id: it has 35 characters instead of 36, and group 1 has 7 instead of 8"
    )
    assert problem.hint == "write all 36 characters of the id. To refer to a spec of this repository, write {ref: <key>}"


@pytest.mark.parametrize(("end", "code"), [(" ", "space-in-name"), ("\\n", "control-character")])
def test_an_id_with_something_unseen_at_its_end_is_told_once(end: str, code: str) -> None:
    text = part(f'type: generic-rest\nproviderId: "0ed90a81-07f4-4586-8190-b40eccef1c5a{end}"')
    assert Files(text).codes() == [code]
