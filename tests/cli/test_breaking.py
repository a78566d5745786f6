"""`reconciler breaking`, and the guard of plan and apply, on real files and the embedded Flow Service."""

from __future__ import annotations

import pytest

from tests.cli.test_offline import Checkout, checkout
from tests.sessions.test_service import SETTINGS, SPEC

__all__ = ["checkout"]

FILE = "sources/orders/connection-spec.yaml"
TWO = f"{SPEC}  authSpec: [{{name: OAuth, type: OAuth2RefreshCode}}, {{name: Basic, type: BasicAuthentication}}]\n"
ONE = f"{SPEC}  authSpec: [{{name: OAuth, type: OAuth2RefreshCode}}]\n"


@pytest.fixture
def edited(checkout: Checkout) -> Checkout:
    """A checkout whose commit has two auth specs, and whose file has one."""
    checkout.write(FILE, TWO)
    checkout.git("commit", "-qam", "two")
    checkout.write(FILE, ONE)
    return checkout


def test_what_breaks_is_told_offline_and_exits_with_3(edited: Checkout) -> None:
    ran = edited.run("breaking", "--against", "HEAD")
    assert ran.code == 3
    assert "breaking: auth spec 'Basic' is removed" in ran.out
    assert f"specs/{FILE}:" in ran.out


def test_what_is_harmless_exits_with_0(edited: Checkout) -> None:
    edited.write(FILE, f"{TWO}  description: Orders\n")
    ran = edited.run("breaking")
    assert (ran.code, "1 spec is safe" in ran.out) == (0, True)


def test_a_key_that_is_changed_without_formerly_is_told_with_the_way_out(edited: Checkout) -> None:
    edited.write(FILE, f"key: sales\n{TWO}")
    ran = edited.run("breaking")
    assert (ran.code, "1 spec is risky" in ran.out) == (0, True)
    assert "hint: if it is the same spec under another key, write `formerly: [orders]`" in ran.out


def test_what_breaks_beside_a_renaming_is_told(edited: Checkout) -> None:
    edited.write(FILE, f"key: sales\nformerly: [orders]\n{ONE}")
    ran = edited.run("breaking")
    assert (ran.code, "breaking: auth spec 'Basic' is removed" in ran.out) == (3, True)


def test_what_the_settings_allow_exits_with_0(edited: Checkout) -> None:
    edited.write("reconciler.yaml", f"{SETTINGS}safety: {{breaking: allow}}\n")
    ran = edited.run("breaking", "--format", "json")
    assert (ran.code, ran.json["allowed"], ran.json["summary"]["breaking"]) == (0, True, 1)


def test_another_permission_than_those_that_there_are_is_an_error(edited: Checkout) -> None:
    edited.write("reconciler.yaml", f"{SETTINGS}safety: {{breaking: maybe}}\n")
    ran = edited.run("breaking")
    assert (ran.code, "breaking" in ran.err) == (1, True)


def test_a_file_in_error_exits_with_1(edited: Checkout) -> None:
    edited.write("sources/other/connection-spec.yaml", "spec: {name: 1, name: 2}\n")
    ran = edited.run("breaking")
    assert (ran.code, "sources/other/connection-spec.yaml" in ran.out) == (1, True)


def test_markdown_is_what_a_job_can_show(edited: Checkout) -> None:
    assert "#### Breaking" in edited.run("breaking", "--format", "markdown").out


def test_an_unknown_revision_is_told_with_a_hint(edited: Checkout) -> None:
    ran = edited.run("breaking", "--against", "nowhere")
    assert (ran.code, "nowhere" in ran.err, "hint:" in ran.err) == (1, True, True)


def test_apply_refuses_what_breaks_until_it_is_allowed(edited: Checkout) -> None:
    edited.write(FILE, TWO)
    assert edited.run("apply", "--yes").code == 0
    edited.write(FILE, ONE)
    refused = edited.run("plan", "--out", "plan.json")
    assert (refused.code, "[breaking]" in refused.out) == (3, True)
    assert edited.run("apply", "--yes").code == 3
    assert edited.run("apply", "--yes", "plan.json").code == 3
    assert edited.run("plan", "--out", "plan.json", "--allow-breaking").code == 0
    assert edited.run("apply", "--yes", "plan.json").code == 3
    assert edited.run("apply", "--yes", "plan.json", "--allow-breaking").code == 0


def test_the_next_command_says_that_breaking_was_allowed(edited: Checkout) -> None:
    edited.write(FILE, TWO)
    edited.run("apply", "--yes")
    edited.write(FILE, ONE)
    assert "apply --allow-breaking --expect" in edited.run("plan", "--allow-breaking").out


def test_the_settings_may_allow_it_for_every_run(edited: Checkout) -> None:
    edited.write(FILE, TWO)
    edited.run("apply", "--yes")
    edited.write("reconciler.yaml", f"{SETTINGS}safety: {{breaking: allow}}\n")
    edited.write(FILE, ONE)
    assert edited.run("apply", "--yes").code == 0
