from __future__ import annotations

import dataclasses
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from reconciler.documents.comparison import Cause
from reconciler.documents.json_text import Json
from reconciler.errors import Problem, Severity
from reconciler.planning.gate import Gate, GateName, Wait
from reconciler.planning.plan import Action, Plan, State
from reconciler.reports.plan.markdown import LIMIT, render_plan_markdown
from reconciler.reports.plan.view import PlanView, view_of
from reconciler.reports.problems.view import problem_view
from tests.reports.plans import DIGEST, MAILCHIMP, attach, change, create, plan, spec, update
from tests.reports.sinks.test_markdown import NASTY, assert_safe, fences_of, ours, text_of
from tests.reports.strategies import VIEWS

MARKER = "<!-- reconciler:plan target=stage specs=specs -->"
TITLE = (
    "### Plan for <code>stage</code> · <code>platform-stage&#46;adobe&#46;io</code>"
    " · org <code>123<wbr>&#64;AdobeOrg</code> · sandbox <code>dev</code>"
)
LIMIT_PARAMETER = "/sourceSpec/attributes/paginationParams/limitValue"
NOTHING_TO_DO = plan(specs=(spec("one"), spec("two")))


def shown(*actions: Action, **fields: object) -> str:
    return render_plan_markdown(view_of(plan(*actions, **fields)), links=ours)  # type: ignore[arg-type]


def replaced(old: Json, new: Json) -> str:
    """The one block of differences of an update."""
    (block,) = fences_of(assert_safe(shown(update(change("replace", "/a", old, new)))))
    return block


def many(number: int) -> PlanView:
    actions = (
        update(change("replace", LIMIT_PARAMETER, index, index + 1), key=f"source-{index}", name=f"Source {index}")
        for index in range(number)
    )
    view = view_of(plan(*actions))
    placed = (replace(action, file=f"sources/{action.key}/connection-spec.yaml", line=59) for action in view.actions)
    return replace(view, actions=tuple(placed))


@given(VIEWS, st.integers(2_000, LIMIT), st.none() | st.just("Merge this to apply it."))
def test_no_plan_shows_any_markdown_but_ours_or_exceeds_its_limit(view: PlanView, limit: int, next_step: str | None) -> None:
    report = render_plan_markdown(view, links=ours, limit=limit, next_step=next_step)
    assert_safe(report)
    assert re.fullmatch(r"<!-- reconciler:plan target=\S* specs=specs -->", report.partition("\n")[0])
    assert len(report.encode()) <= limit


@pytest.mark.parametrize("text", NASTY)
def test_hostile_text_is_only_text_wherever_it_stands(text: str) -> None:
    problems = tuple(Problem(severity, text, text, text, 1, 1, f"{text}\n{text}") for severity in Severity)
    hostile = (
        update(
            change("replace", f"/{text}", text, f"{text}\n{text}", Cause.DRIFT), key=text, name=text, id=text, updated_by=text
        ),
        create(text, change("add", f"/{text}", new={text: text}), name=text),
        attach(change("add", "/sourceConnectionSpecIds/-", new={"ref": text}), name=text),
    )
    view = replace(view_of(plan(*hostile, problems=problems, commit=text)), digest=text)
    view = replace(view, actions=tuple(replace(action, file=text, cause=Cause.BOTH) for action in view.actions))
    tokens = assert_safe(render_plan_markdown(view, links=ours))
    assert sum(token.type == "td_open" for token in tokens) == 5 * 3


def test_the_first_lines_are_the_marker_the_place_and_the_counts() -> None:
    report = shown(update(change("replace", "/a", 1, 2), cause=Cause.DRIFT), create("new"), specs=(spec("one"),))
    assert report.startswith(f"{MARKER}\n\n{TITLE}\n\n**1 to create, 1 to update, 1 in sync** (1 drift)\n\n#### Permanent\n")


def test_the_marker_names_the_folder_of_the_specs() -> None:
    report = render_plan_markdown(view_of(plan(create("a"))), specs="teams/a")
    assert report.startswith("<!-- reconciler:plan target=stage specs=teams%2Fa -->\n")


def test_a_plan_in_which_nothing_differs_is_one_line() -> None:
    assert render_plan_markdown(view_of(NOTHING_TO_DO)) == (
        f"{MARKER}\n\n**reconciler** <code>stage</code> · nothing to do: 2 in sync · digest <code>{DIGEST}</code>\n"
    )


def test_what_is_worth_knowing_stands_below_a_quiet_plan() -> None:
    warning = Problem(Severity.WARNING, "not-kept", "lost")
    report = render_plan_markdown(replace(view_of(NOTHING_TO_DO), problems=(problem_view(warning),)))
    assert report.endswith("</code>\n\n#### Warnings\n\n- **warning** lost (<code>not-kept</code>)\n")


def test_a_plan_with_errors_is_not_quiet() -> None:
    report = shown(problems=(Problem(Severity.ERROR, "yaml", "unreadable"),), specs=(spec("a", State.ERROR),))
    assert "**1 in error**\\\n**Apply refuses this plan: 1 error.**\n\n#### Problems\n" in report


def test_errors_come_first_with_place_code_and_hint() -> None:
    info = Problem(Severity.INFO, "orphan", "no file")
    error = Problem(Severity.ERROR, "unknown-key", "no mane", "specs/a.yaml", 3, 7, "did you mean name")
    assert f"""\
#### Problems

- **error** [<code>specs&#47;a&#46;yaml&#58;3&#58;7</code>](<{ours("specs/a.yaml", 3)}>) no mane (<code>unknown-key</code>)\\
  hint: did you mean name
- **info** no file (<code>orphan</code>)

#### Permanent
""" in shown(create("a"), problems=(info, error))


def test_a_hint_over_lines_is_a_block_in_its_item() -> None:
    problem = Problem(Severity.ERROR, "no-file", "none", hint="write one:\nversion: 1\n" + "x\n" * 30)
    (block,) = fences_of(assert_safe(shown(problems=(problem,))))
    assert block == "version: 1\n" + "x\n" * 19 + "…\n"


def test_what_nothing_can_delete_again_is_named() -> None:
    assert "1 spec will be created; **a spec cannot be deleted once created**: <code>A</code>\n" in shown(create("a"))
    both = shown(create("a"), create("b"))
    assert "2 specs will be created; **a spec cannot be deleted once created**: <code>A</code>, <code>B</code>\n" in both


def test_a_shared_flow_spec_says_how_many_ids_come_and_go_and_that_the_others_stay() -> None:
    ids = "/sourceConnectionSpecIds"
    changes = (change("add", f"{ids}/-", new="a"), change("add", f"{ids}/-", new="b"), change("remove", f"{ids}/3", old="c"))
    report = shown(attach(*changes))
    assert (
        "- <code>RestStorageToAEP</code> 2 ids attached and 1 id **detached**; shared with other teams; every other id stays"
        in report
    )
    assert "```diff\n+ a\n+ b\n- c\n```" in report


def test_an_attached_id_is_called_what_it_is_in_the_repository() -> None:
    added = attach(*(change("add", "/sourceConnectionSpecIds/-", new=entry) for entry in (MAILCHIMP, {"ref": "new"})))
    report = shown(update(change("replace", "/a", 1, 2)), added)
    assert f"+ {MAILCHIMP} (mailchimp-members)\n+ new (id known after apply)\n" in report


def test_each_spec_has_a_row() -> None:
    action = update(change("replace", "/a", 1, 2), change("replace", "/b", 1, 2))
    view = view_of(plan(action))
    report = render_plan_markdown(replace(view, actions=(replace(view.actions[0], file="a.yaml", line=9),)), links=ours)
    assert (
        f"""
| action | spec | name | changes | file |
| --- | --- | --- | --- | --- |
| update | connection spec <code>mailchimp-members</code> | <code>MailChimp Members</code> | 2, pending | \
[<code>a&#46;yaml&#58;9</code>](<{ours("a.yaml", 9)}>) |
"""
        in report
    )


def test_the_changes_of_a_few_specs_are_unfolded() -> None:
    changes = (
        change("replace", LIMIT_PARAMETER, "500", "100", Cause.DRIFT),
        change("remove", "/b", old=[1], cause=Cause.PENDING),
    )
    assert f"""
**update connection spec <code>mailchimp-members</code> · 2 changes**

id <code>{MAILCHIMP}</code>\\
Drift: changed in Flow Service by <code>jane<wbr>&#64;acme</code> at 2026-01-01T12:00:00Z; **apply will overwrite it**.

```diff
  {LIMIT_PARAMETER}
- "500"
+ "100"

  /b  [pending]
- [1]
```
""" in shown(update(*changes, cause=Cause.DRIFT))


@pytest.mark.parametrize(("specs", "changes"), [(4, 1), (1, 9)])
def test_the_changes_of_many_specs_are_folded_away(specs: int, changes: int) -> None:
    edits = tuple(change("replace", f"/{number}", 1, 2) for number in range(changes))
    report = shown(*(update(*edits, key=f"key-{number}") for number in range(specs)))
    assert report.count("<details><summary>update connection spec <code>key-") == specs


def test_of_a_new_spec_the_sections_are_shown() -> None:
    report = shown(create("a", change("add", "/name", new="A"), change("add", "/authSpec", new=[{"name": "Basic"}])))
    assert '\n```diff\n+ /name  "A"\n+ /authSpec  1 entry: Basic\n```\n' in report


def test_an_orphan_that_is_retired_says_what_that_means() -> None:
    report = shown(update(change("add", "/attributes/reconciler/retired", new=True)))
    assert (
        "\nRetire: it no longer has a spec file; its marker will say so, and it stays live, because it cannot be deleted.\n"
        in report
    )


def test_a_long_value_is_a_line_diff() -> None:
    before, after = "\n".join("abcdefgh"), "\n".join("abcdXfgh")
    assert replaced(before, after) == "  /a\n  c\n  d\n- e\n+ X\n  f\n  g\n"


def test_of_a_very_long_value_the_beginning_of_both_sides_is_shown_and_the_rest_counted() -> None:
    block = replaced("x\n" * 4_000, "y\n" * 4_000)
    assert block == "  /a\n" + "- x\n" * 15 + "  … 3,986 more lines\n" + "+ y\n" * 15 + "  … 3,986 more lines\n"


def test_of_a_long_line_only_what_is_different_is_shown() -> None:
    block = replaced("x" * 300 + "A", "x" * 300 + "B" + "y" * 300)
    ahead = "…" + "x" * 36
    assert block == f"  /a\n- {ahead}A\n+ {ahead}B{'y' * 122}… 178 more characters\n"


def test_one_value_of_five_megabytes_leaves_room_for_every_other_spec() -> None:
    big = update(change("replace", "/a", "x" * 5_000_000, {"lines": ["y"] * 500_000}), key="big")
    report = shown(big, *(update(change("replace", "/b", 1, 2), key=f"small-{index}") for index in range(50)))
    assert len(report.encode()) < 40_000
    assert report.count("<details>") == 51


def test_one_spec_with_many_changes_leaves_room_for_every_other_spec() -> None:
    big = update(*(change("replace", f"/a{index}", 1, 2) for index in range(5_000)), key="big")
    report = shown(big, *(update(change("replace", "/b", 1, 2), key=f"small-{index}") for index in range(50)))
    assert report.count("<details>") == 51
    found = re.search(r"\n  … ([\d,]+) more changes\n```", report)
    assert found
    assert report.count("\n  /a") + int(found[1].replace(",", "")) == 5_000


def test_a_line_of_backticks_leaves_its_changes_counted() -> None:
    ticks = update(*(change("replace", f"/{index}{'`' * 190}", "`" * 500, "`" * 600 + "x") for index in range(50)))
    (block,) = fences_of(assert_safe(shown(ticks)))
    found = re.search(r"… (\d+) more changes\n$", block)
    assert found
    assert len(re.findall(r"^  /\d", block, re.MULTILINE)) + int(found[1]) == 50


def test_two_thousand_specs_stay_useful_within_the_limit() -> None:
    error = Problem(Severity.ERROR, "too-many-updates", "2,000 updates", guard=True)
    report = render_plan_markdown(replace(many(2_000), problems=(problem_view(error),)), links=ours)
    assert len(report.encode()) <= LIMIT
    text = text_of(assert_safe(report))
    rows, folds = report.count("\n| update |"), report.count("<details>")
    assert rows > 60
    assert folds > 60
    assert f"… {2_000 - rows:,} more specs omitted from this table: source-{rows}, source-{rows + 1}, " in text
    assert f"… details of {2_000 - folds:,} specs are left out: source-{folds}, source-{folds + 1}, " in text
    assert "too-many-updates" in text
    assert text.endswith(f"digest {DIGEST} · commit {'c' * 40}")


def test_what_is_left_out_adds_up() -> None:
    report = render_plan_markdown(many(2_000), links=ours)
    notes = re.findall(r"^… (?:details of )?([\d,]+) (?:more )?specs [a-z ]+: (.*) and ([\d,]+) more$", report, re.MULTILINE)
    assert len(notes) == 2
    for said, names, more in notes:
        assert int(said.replace(",", "")) == names.count("<code>") + int(more.replace(",", ""))


def test_what_weighs_most_comes_first() -> None:
    ids = "/sourceConnectionSpecIds"
    actions = (
        update(change("replace", "/a", 1, 2), key="pending"),
        update(change("replace", "/a", 1, 2), key="drift", cause=Cause.DRIFT),
        attach(change("add", f"{ids}/-", new="a"), name="attached"),
        create("created"),
        attach(change("remove", f"{ids}/0", old="a"), name="detached"),
    )
    summaries = re.findall(r"<summary>\w+ [a-z ]+ <code>(\w+)</code>", shown(*actions))
    assert summaries == ["detached", "created", "attached", "drift", "pending"]


def test_hundreds_of_problems_leave_room_for_the_specs() -> None:
    problems = tuple(Problem(Severity.ERROR, "yaml", "é" * 700, f"specs/{index}.yaml", 3) for index in range(500))
    view = replace(many(100), problems=tuple(map(problem_view, problems)))
    report = render_plan_markdown(view, links=ours)
    assert len(report.encode()) <= LIMIT
    found = re.search(r"… ([\d,]+) more problems: ", text_of(assert_safe(report)))
    assert found
    assert report.count("- **error**") + int(found[1]) == 500
    assert report.count("<details>") > 20


def test_hundreds_of_flow_specs_leave_room_for_the_rest() -> None:
    ids = change("add", "/sourceConnectionSpecIds/-", new="a")
    report = shown(*(attach(ids, name=f"flow-{index}", id=f"id-{index}") for index in range(500)))
    found = re.search(r"… (\d+) more flow specs: flow-\d+, ", text_of(assert_safe(report)))
    assert found
    assert report.count("every other id stays\n") + int(found[1]) == 500
    assert report.count("<details>") > 50


def test_it_ends_with_digest_commit_and_the_next_step() -> None:
    report = render_plan_markdown(view_of(plan(create("a"))), next_step="Merge this to apply it.")
    assert report.endswith(f"\n\ndigest <code>{DIGEST}</code> · commit <code>{'c' * 40}</code>\n\nMerge this to apply it.\n")
    assert render_plan_markdown(view_of(plan(create("a"), commit=None))).endswith(f"\n\ndigest <code>{DIGEST}</code>\n")


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert render_plan_markdown(many(300), links=ours) == render_plan_markdown(many(300), links=ours)


def waiting(number: int, **fields: object) -> PlanView:
    held = tuple(update(change("replace", "/a", 1, 2), key=f"source-{index}", name=f"Source {index}") for index in range(number))
    wait = Wait("prior", GateName.SOAK, "19h of 1d")
    return view_of(plan_after(held, wait, **fields))


def plan_after(held: tuple[Action, ...], wait: Wait, **fields: object) -> Plan:
    gates = {(action.kind, action.key or ""): Gate((wait,)) for action in held}
    return dataclasses.replace(plan(**fields), waiting=held, gates=gates)  # type: ignore[arg-type]


def test_what_waits_at_a_gate_is_named_with_its_reason() -> None:
    report = render_plan_markdown(waiting(1), links=ours)
    assert_safe(report)
    assert "nothing to do yet" in report
    assert "#### Waiting at a gate" in report
    assert "- <code>source-0</code> · update · soak: 19h of 1d" in report


def test_a_refused_plan_says_what_waits_too() -> None:
    report = render_plan_markdown(waiting(1, problems=(Problem(Severity.ERROR, "x", "wrong", None),)), links=ours)
    assert "<code>source-0</code> · update · soak" in report


def test_what_waits_beyond_the_room_is_counted() -> None:
    report = render_plan_markdown(waiting(2_000), links=ours)
    assert len(report.encode()) <= LIMIT
    assert re.search(r"[\d,]+ more changes", report)


def test_a_plan_without_a_gate_says_nothing_of_one() -> None:
    assert "gate" not in render_plan_markdown(view_of(NOTHING_TO_DO), links=ours)
