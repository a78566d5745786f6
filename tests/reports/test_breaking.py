"""What breaks, in every form that a plan and two versions of the files are shown in."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from reconciler.breaking.effect import Effect, Level
from reconciler.documents.comparison import Cause
from reconciler.documents.json_text import decode, encode
from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, Severity
from reconciler.planning.plan import Action, Plan
from reconciler.reports.breaking.json import render_breaking_json
from reconciler.reports.breaking.markdown import render_breaking_markdown
from reconciler.reports.breaking.text import render_breaking_text
from reconciler.reports.drift.view import drift_of
from reconciler.reports.plan.html.report import render_plan_html
from reconciler.reports.plan.json import render_plan_json, sealed
from reconciler.reports.plan.markdown import render_plan_markdown
from reconciler.reports.plan.reading import read_plan
from reconciler.reports.plan.text import render_plan_text
from reconciler.reports.plan.view import PlanView, view_of
from reconciler.revisions.file_effects import FileEffects, SpecEffects
from tests.reports.plans import change, plan, update

GONE = Effect(Level.BREAKING, "auth-removed", "/authSpec/1", "auth spec 'Basic' is gone", "keep it")
PAGES = Effect(Level.RISKY, "pagination", "/sourceSpec/attributes/paginationParams", "running flows page otherwise")
LABEL = Effect(Level.SAFE, "text", "/description", "'description' is for people")


def edit(*effects: Effect, key: str = "members", cause: Cause = Cause.PENDING) -> Action:
    return update(
        change("remove", "/authSpec/1", old={"name": "Basic"}, cause=cause), key=key, name=key, cause=cause, effects=effects
    )


def breaking() -> Plan:
    return plan(edit(GONE, PAGES), edit(PAGES, key="orders"), edit(key="users"))


def view() -> PlanView:
    return view_of(breaking())


def files(*effects: Effect, allowed: bool = False) -> FileEffects:
    spec = SpecEffects(Kind.CONNECTION_SPEC, "members", "Members", "specs/members.yaml", 7, effects)
    return FileEffects("stage", "origin/main", (spec,), allowed=allowed)


# The plan.


def test_text_says_what_breaks_below_the_spec() -> None:
    lines = render_plan_text(view()).split("\n")
    at = lines.index("    breaking: auth spec 'Basic' is gone  /authSpec/1")
    assert lines[at + 1] == "    risky: running flows page otherwise  /sourceSpec/attributes/paginationParams"
    assert lines[at + 2] == "    /authSpec/1"


def test_the_counts_say_how_many_break_and_how_many_are_risky() -> None:
    assert "(3 pending, 1 breaking, 1 risky)" in render_plan_text(view())


def test_text_shows_so_many_effects_and_all_if_verbose() -> None:
    many = view_of(plan(edit(*[replace(GONE, reason=f"reason {number}") for number in range(20)])))
    assert "… 12 more (the JSON report has all)" in render_plan_text(many)
    assert "reason 19" in render_plan_text(many, verbose=True)


def test_json_has_the_effects_of_each_action() -> None:
    first, second, third = decode(render_plan_json(view()))["actions"]
    assert first["effects"][0] == {
        "level": "breaking",
        "code": "auth-removed",
        "path": "/authSpec/1",
        "reason": "auth spec 'Basic' is gone",
        "hint": "keep it",
    }
    assert [effect["level"] for effect in second["effects"]] == ["risky"]
    assert third["effects"] == []


def test_a_plan_that_was_saved_before_there_were_effects_is_read() -> None:
    document = decode(render_plan_json(view()))
    for action in document["actions"]:
        del action["effects"]
    del document["options"]["allow_breaking"], document["summary"]["breaking"], document["summary"]["risky"]
    read = read_plan(encode(sealed(document)), "plan.json")
    assert [action.effects for action in read.actions] == [(), (), ()]
    assert (read.options.allow_breaking, read.summary.breaking, read.summary.risky) == (False, 0, 0)


def test_a_plan_that_was_saved_before_effects_had_hints_is_read() -> None:
    document = decode(render_plan_json(view()))
    for action in document["actions"]:
        for effect in action["effects"]:
            del effect["hint"]
    assert [effect.hint for effect in read_plan(encode(sealed(document)), "plan.json").actions[0].effects][:1] == [None]


def test_markdown_has_a_section_of_what_breaks() -> None:
    text = render_plan_markdown(view())
    section = text.partition("#### Breaking changes")[2].partition("####")[0]
    assert re.findall(r"<code>(.*?)</code>", section)[0] == "members"
    assert "**breaking**" in section
    assert "**Risky** (1 spec): <code>orders</code>" in section


def test_markdown_counts_what_is_risky_where_nothing_breaks() -> None:
    text = render_plan_markdown(view_of(plan(edit(PAGES))))
    assert "\n\n**Risky** (1 spec): <code>members</code>\n\n" in text
    assert "Breaking changes" not in text, "the heading is only above what breaks"


def test_markdown_has_no_such_section_for_harmless_changes() -> None:
    assert "Breaking changes" not in render_plan_markdown(view_of(plan(edit())))


def test_markdown_gives_the_effects_with_the_changes() -> None:
    details = render_plan_markdown(view()).partition("#### Changes")[2]
    assert "Risky running flows page otherwise" in details


@pytest.mark.parametrize("limit", [2_000, 4_000, 60_000])
def test_markdown_stays_below_its_limit_and_names_what_it_leaves_out(limit: int) -> None:
    effects = [replace(GONE, reason="`<b>'@everyone' " * 20)] * 10
    many = view_of(plan(*(edit(*effects, key=f"spec-{number}") for number in range(200))))
    text = render_plan_markdown(many, limit=limit)
    assert len(text.encode()) <= limit
    assert "Breaking changes" in text


def test_the_page_lists_and_filters_what_breaks() -> None:
    page = render_plan_html(view())
    assert "Breaks what uses it: 1 spec" in page
    assert '<li class="breaking"><b>breaking</b> auth spec' in page
    assert 'id="show-breaking"' in page
    assert 'id="show-risky"' in page
    assert 'class="row update pending breaking"' in page


def test_a_report_of_drift_does_not_speak_of_what_apply_would_break() -> None:
    problem = Problem(Severity.ERROR, "breaking", "it would break", guard=True)
    drifted = drift_of(view_of(replace(plan(edit(GONE, cause=Cause.DRIFT)), problems=(problem,))))
    assert (drifted.problems, drifted.actions[0].effects, drifted.summary.breaking) == ((), (), 0)


# Two versions of the files.


def test_text_of_files_has_a_verdict_and_the_reasons() -> None:
    assert render_breaking_text(files(GONE, LABEL)) == (
        "target stage · since origin/main\n"
        "spec files only: live specs and their use were not checked; plan checks the live specs\n"
        "1 spec breaks\n"
        "\n"
        'connection spec members "Members"  specs/members.yaml:7\n'
        "    breaking: auth spec 'Basic' is gone  /authSpec/1\n"
        "    hint: keep it\n"
    )


def test_text_of_files_counts_what_is_safe_and_shows_it_if_verbose() -> None:
    assert "1 spec is safe\n" in render_breaking_text(files(LABEL))
    assert "members" not in render_breaking_text(files(LABEL))
    assert "safe: 'description' is for people" in render_breaking_text(files(LABEL), verbose=True)


def test_text_of_files_without_an_effect_says_so() -> None:
    assert "nothing that uses these specs is affected" in render_breaking_text(FileEffects("", "HEAD", ()))


def test_text_of_files_says_that_breaking_is_allowed() -> None:
    assert "1 spec breaks; breaking changes are allowed here (safety.breaking)" in render_breaking_text(files(GONE, allowed=True))


def test_problems_of_the_files_stand_in_every_form() -> None:
    found = FileEffects("stage", "HEAD", (), (Problem(Severity.ERROR, "yaml-tab", "a tab", "specs/a.yaml", 1),))
    assert all("a tab" in render(found).replace("&#32;", " ") for render in (render_breaking_text, render_breaking_json))
    assert "a tab" in render_breaking_markdown(found)


def test_json_of_files_has_every_effect() -> None:
    document = decode(render_breaking_json(files(GONE, LABEL)))
    assert (document["target"], document["base"], document["allowed"]) == ("stage", "origin/main", False)
    assert document["summary"] == {"breaking": 1, "risky": 0, "safe": 0}
    (spec,) = document["specs"]
    assert (spec["key"], spec["level"], spec["line"]) == ("members", "breaking", 7)
    assert [effect["code"] for effect in spec["effects"]] == ["auth-removed", "text"]


def test_every_form_of_files_has_the_ways_out() -> None:
    assert decode(render_breaking_json(files(GONE)))["specs"][0]["effects"][0]["hint"] == "keep it"
    assert "hint: keep it" in render_breaking_markdown(files(GONE))


def test_markdown_names_no_place_for_a_file_that_is_gone() -> None:
    text = render_breaking_markdown(files(Effect(Level.RISKY, "file-removed", "", "the file is removed")))
    assert "risky the file is removed\n" in text


def test_markdown_of_files_tells_what_breaks_from_what_is_risky() -> None:
    text = render_breaking_markdown(files(GONE, PAGES, LABEL))
    assert text.index("#### Breaking") < text.index("auth spec") < text.index("#### Risky") < text.index("running flows page")
    assert "for people" not in text


def test_markdown_of_files_stays_below_its_limit() -> None:
    spec = SpecEffects(Kind.FLOW_SPEC, "k" * 200, "n", "specs/f.yaml", 1, (replace(GONE, reason="x" * 500),) * 9)
    text = render_breaking_markdown(FileEffects("stage", "HEAD", (spec,) * 300), limit=3_000)
    assert len(text.encode()) <= 3_000
    assert "more spec" in text


def test_a_file_with_an_error_may_break_something() -> None:
    unread = Problem(Severity.ERROR, "unreadable", "Permission denied", "specs/sources/x.yaml")
    for form in (render_breaking_text, render_breaking_markdown):
        assert "no breaking change found, but the check is incomplete" in form(FileEffects("stage", "main", (), (unread,)))
