"""The names of what a proof makes, and whose a resource is."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.dataflows.resources import Resource
from reconciler.documents.json_text import encode
from reconciler.proving.naming import Ours, began_at, description_of, is_run_name, kept_name, may_be_ours, name_of, ours, run_name

RUN = "20261127T1012-7f3a"
REPOSITORY = "acme/aep-sources"
KEY = "mailchimp-members"


def made(name: str | None = None, description: str | None = None) -> Resource:
    return Resource(
        "flow",
        "1",
        name_of(KEY, RUN, "flow") if name is None else name,
        description_of(RUN, REPOSITORY, "dev", KEY) if description is None else description,
    )


def said(**changes: Any) -> str:
    """A description with some of what it says changed; None leaves it out."""
    whole = {"proof": RUN, "repository": REPOSITORY, "sandbox": "dev", "key": KEY} | changes
    return encode({"reconciler": {name: value for name, value in whole.items() if value is not None}}).decode()


def test_a_run_is_named_after_its_minute_in_utc() -> None:
    at = datetime(2026, 11, 27, 11, 12, 59, tzinfo=timezone(timedelta(hours=1)))
    name = run_name(at, random.Random(1))  # noqa: S311 - a name is no secret
    assert name.startswith("20261127T1012-")
    assert is_run_name(name)
    assert began_at(name) == datetime(2026, 11, 27, 10, 12, tzinfo=UTC)


def test_two_runs_of_one_minute_have_different_names() -> None:
    rng = random.Random(1)  # noqa: S311 - a name is no secret
    at = datetime(2026, 11, 27, tzinfo=UTC)
    assert run_name(at, rng) != run_name(at, rng)


@pytest.mark.parametrize(
    "text",
    ["", "all", "20261127T1012-7F3A", "20261127T1012-7f3", "20261127T1012-7f3a\n", "20261327T1012-7f3a", "20261127T2560-7f3a"],
)
def test_any_other_string_is_not_the_name_of_a_run(text: str) -> None:
    assert not is_run_name(text)
    assert began_at(text) is None


def test_the_names_are_those_that_the_pages_document() -> None:
    assert name_of(KEY, RUN, "connection") == "reconciler-proof/mailchimp-members/20261127T1012-7f3a/connection"
    assert kept_name(KEY, "mapping") == "reconciler-proof/mailchimp-members/mapping"
    assert description_of(RUN, REPOSITORY, "dev", KEY) == (
        '{"reconciler":{"proof":"20261127T1012-7f3a","repository":"acme/aep-sources","sandbox":"dev","key":"mailchimp-members"}}'
    )
    assert may_be_ours(name_of(KEY, RUN, "flow"))
    assert not may_be_ours("my reconciler-proof/x")


@given(key=st.text(min_size=1), repository=st.text(), sandbox=st.text(), step=st.from_regex(r"[a-z][a-z-]{0,20}", fullmatch=True))
def test_what_a_proof_names_is_found_again(key: str, repository: str, sandbox: str, step: str) -> None:
    try:
        description = description_of(RUN, repository, sandbox, key)
    except UnicodeEncodeError:
        return
    assert ours(made(name_of(key, RUN, step), description), repository, sandbox) == Ours(RUN, key)
    kept = description_of(None, repository, sandbox, key)
    assert ours(made(kept_name(key, step), kept), repository, sandbox) == Ours(None, key)


@pytest.mark.parametrize(
    "resource",
    [
        made(name="MailChimp flow"),
        made(name="flow"),
        made(name="reconciler-proof/mailchimp-members"),
        made(name=name_of("mailchimp-campaigns", RUN, "flow")),
        made(name=name_of(KEY, "20261127T1012-0000", "flow")),
        made(name=name_of(KEY, RUN, "flow") + "/2"),
        made(name=name_of(KEY, RUN, "flow") + " (copy)"),
        made(name=name_of(KEY, RUN, "")),
        made(name=kept_name(KEY, "flow")),
        made(name=" " + name_of(KEY, RUN, "flow")),
        made(description=""),
        made(description="made by reconciler"),
        made(description="{" * 5_000 + "reconciler"),
        made(description='{"reconciler": []}'),
        made(description='["reconciler"]'),
        made(description=said(repository="acme/other")),
        made(description=said(repository=None)),
        made(description=said(sandbox="prod")),
        made(description=said(sandbox="DEV")),
        made(description=said(key="other")),
        made(description=said(key=7)),
        made(description=said(key=None)),
        made(description=said(proof=None)),
        made(description=said(proof=5)),
        made(description=said(proof="20261127T1012-0000")),
    ],
    ids=lambda resource: f"{resource.name[-20:]} {resource.description[:60]}",
)
def test_a_resource_is_not_ours_unless_name_and_description_both_say_so(resource: Resource) -> None:
    assert ours(made(), REPOSITORY, "dev") == Ours(RUN, KEY)
    assert ours(resource, REPOSITORY, "dev") is None


def test_keys_and_white_space_in_a_description_may_have_another_order() -> None:
    spaced = f'{{ "reconciler": {{"key": "{KEY}", "sandbox": "dev", "repository": "{REPOSITORY}", "proof": "{RUN}"}}, "x": 1 }}'
    assert ours(made(description=spaced), REPOSITORY, "dev") == Ours(RUN, KEY)


def test_a_key_with_a_slash_is_not_taken_for_another_run() -> None:
    resource = made(name_of(f"a/{RUN}", RUN, "flow"), description_of(None, REPOSITORY, "dev", "a"))
    assert ours(resource, REPOSITORY, "dev") is None
