from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.applying.outcome import ApplyReport, Failure, OutcomeName, Result
from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, Refused, Severity
from reconciler.journal.writing import SentWrite
from reconciler.planning.gate import GateName, Wait
from reconciler.planning.gating.held import Held
from reconciler.planning.plan import ActionName
from reconciler.reports.apply.markdown import render_apply_markdown, render_failure_markdown
from reconciler.reports.apply.view import apply_view_of, refusal_view_of
from reconciler.reports.plan.markdown import LIMIT
from reconciler.reports.plan.view import PlanView, view_of
from reconciler.reports.problems.view import ErrorView, NoPlanView, problem_view
from tests.reports.apply.test_reports import CREATED, FAILED, IN_SYNC, report
from tests.reports.plans import DIGEST, MAILCHIMP, REST, create, plan, update
from tests.reports.plans import change as changed
from tests.reports.sinks.test_harmless_reports import MAYBE, REPORTS
from tests.reports.sinks.test_markdown import NASTY, OURS, assert_safe, fences_of, ours, text_of
from tests.reports.strategies import PROBLEMS, TEXT, VIEWS

MARKER = "<!-- reconciler:plan target=stage specs=specs -->"
TITLE = (
    "### Apply to <code>stage</code> · <code>platform-stage&#46;adobe&#46;io</code>"
    " · org <code>123<wbr>&#64;AdobeOrg</code> · sandbox <code>dev</code>"
)
ERRORS = st.builds(ErrorView, TEXT, TEXT, MAYBE)
UPDATE = update(changed("replace", "/a", 1, 2))


def problem(code: str, message: str) -> Problem:
    return Problem(Severity.ERROR, code, message, guard=True)


def ended(*results: Result) -> str:
    return render_apply_markdown(apply_view_of(ApplyReport(report().target, DIGEST, results)))


@given(REPORTS, st.none() | VIEWS, st.integers(2_000, LIMIT), MAYBE, MAYBE)
def test_no_apply_shows_any_markdown_but_ours_or_exceeds_its_limit(
    done: ApplyReport, made: PlanView | None, limit: int, commit: str | None, run: str | None
) -> None:
    url = None if run is None else OURS + run
    shown = render_apply_markdown(apply_view_of(done, made), links=ours, limit=limit, commit=commit, run_url=url)
    assert_safe(shown)
    assert re.fullmatch(r"<!-- reconciler:plan target=\S* specs=specs -->", shown.partition("\n")[0])
    assert len(shown.encode()) <= limit


@given(VIEWS, TEXT, MAYBE, st.booleans(), st.integers(2_000, LIMIT))
def test_no_refusal_shows_any_markdown_but_ours_or_exceeds_its_limit(
    refused: PlanView, message: str, hint: str | None, with_plan: bool, limit: int
) -> None:
    view = refusal_view_of(refused, Refused(message, hint=hint), refused if with_plan else None)
    shown = render_apply_markdown(view, links=ours, limit=limit)
    assert_safe(shown)
    assert "**Refused; nothing was written**" in shown
    assert len(shown.encode()) <= limit


@given(
    st.builds(NoPlanView, ERRORS, st.lists(PROBLEMS.map(problem_view), max_size=3).map(tuple)),
    TEXT,
    TEXT,
    st.integers(2_000, LIMIT),
)
def test_no_failure_shows_any_markdown_but_ours_or_exceeds_its_limit(
    view: NoPlanView, target: str, specs: str, limit: int
) -> None:
    shown = render_failure_markdown(view, target=target, specs=specs, links=ours, limit=limit)
    assert_safe(shown)
    assert "**Planning failed**" in shown
    assert len(shown.encode()) <= limit


@pytest.mark.parametrize("text", NASTY)
def test_hostile_text_is_only_text_wherever_it_stands(text: str) -> None:
    failure = Failure(text, text, f"{text}\n{text}", 400, text, text, (text,), (text,), {"a": 1})
    result = Result(Kind.FLOW_SPEC, text, text, text, OutcomeName.FAILED, (SentWrite(text, text, 400, text),), failure)
    done = replace(report(result), journal=text, problems=(Problem(Severity.WARNING, text, text, text, hint=text),))
    tokens = assert_safe(render_apply_markdown(apply_view_of(done), links=ours, commit=text, run_url=OURS + text))
    assert sum(token.type == "td_open" for token in tokens) == 5
    assert sum(token.type == "list_item_open" for token in tokens) == 2


def test_an_apply_that_converged_says_so_first_and_where_it_came_from() -> None:
    shown = render_apply_markdown(
        apply_view_of(replace(report(CREATED, IN_SYNC), problems=()), view_of(plan(UPDATE))), run_url=f"{OURS}runs/1"
    )
    assert (
        shown
        == f"""\
{MARKER}

{TITLE}

**Applied** · 1 created, 1 in sync · journal <code>j&#46;jsonl</code>

#### Outcomes

| outcome | spec | name | id | requests |
| --- | --- | --- | --- | --- |
| created | connection spec <code>orders</code> | <code>Orders</code> | <code>{MAILCHIMP}</code> | <code>POST 201</code> |

#### Planned changes

**update connection spec <code>mailchimp-members</code> · 1 change**

id <code>{MAILCHIMP}</code>\\
Pending: the repository is ahead of live.

```diff
  /a
- 1
+ 2
```

digest <code>{DIGEST}</code> · commit <code>{"c" * 40}</code> · [this run](<{OURS}runs/1>)
"""
    )


def test_the_commit_that_was_applied_wins_over_the_plans() -> None:
    view = apply_view_of(report(CREATED), view_of(plan(UPDATE)))
    assert f"commit <code>{'a' * 40}</code>" in render_apply_markdown(view, commit="a" * 40)


def test_an_apply_with_nothing_to_do_says_so() -> None:
    assert "\n**Applied** · nothing to do\n\ndigest" in ended()


def test_what_did_not_end_well_comes_first_with_the_servers_words_and_the_next_step() -> None:
    shown = render_apply_markdown(apply_view_of(report(CREATED, FAILED)))
    assert (
        f"""\
**Not converged** · 1 failed, 1 created · journal <code>j&#46;jsonl</code>

#### What failed

- **failed** flow spec <code>RestStorageToAEP</code> <code>{REST}</code>\\
  not <code>entitled&#92;n&#58;&#58;error&#58;&#58;</code> (<code>service</code>)\\
  status <code>400</code>, code <code>1100-400</code>, request id <code>r2</code>\\
  live still differs at <code>&#47;name</code>\\
  hint: ask for the role

  to accept the difference, add to the file:

  ```yaml
  ignore: [/name]
  ```

  to preview restoring the previous body:

  ```sh
  reconciler --target stage restore j.jsonl --id {REST} --dry-run
  ```

#### Warnings

- **warning** an id of somebody else's is gone (<code>foreign-id-gone</code>)
- **warning** lost (<code>not-kept</code>)

#### Outcomes

| outcome | spec | name | id | requests |
| --- | --- | --- | --- | --- |
| failed | flow spec | <code>RestStorageToAEP</code> | <code>{REST}</code> | <code>PUT 400, PUT no response</code> |
| created |"""
        in shown
    )


@pytest.mark.parametrize("outcome", [OutcomeName.UNKNOWN, OutcomeName.NOT_CONVERGED, OutcomeName.SKIPPED])
def test_every_outcome_that_is_not_good_is_listed_by_itself(outcome: OutcomeName) -> None:
    shown = ended(CREATED, Result(Kind.CONNECTION_SPEC, "orders", "orders", None, outcome))
    words = outcome.replace("_", " ")
    assert f"**Not converged** · 1 {words}, 1 created" in shown
    assert f"- **{words}** connection spec <code>orders</code>\n" in shown


def test_many_pointers_and_lines_are_cut_and_counted() -> None:
    failure = Failure("different", "live differs", pointers=("/a",) * 12, ignore=("- /a",) * 13)
    shown = ended(Result(Kind.CONNECTION_SPEC, "a", "a", None, OutcomeName.NOT_CONVERGED, error=failure))
    assert shown.count("<code>&#47;a</code>") == 10
    assert "</code> and 2 more\\\n" in shown
    (block,) = fences_of(assert_safe(shown))
    assert block == "- /a\n" * 10 + "# … 3 more\n"


def test_two_thousand_failures_stay_within_the_limit_and_the_rest_is_named() -> None:
    failed = (replace(FAILED, kind=Kind.CONNECTION_SPEC, key=f"k{index}", warnings=()) for index in range(2_000))
    shown = render_apply_markdown(apply_view_of(report(*failed)))
    assert len(shown.encode()) <= LIMIT
    text, told, rows = text_of(assert_safe(shown)), shown.count("- **failed**"), shown.count("\n| failed |")
    assert told > 20
    assert rows > 20
    assert f"… {2_000 - told:,} more specs ({2_000 - told:,} failed): k{told}, " in text
    assert f"… {2_000 - rows:,} more specs omitted from this table: k{rows}, " in text


def test_a_refusal_says_that_nothing_was_written_and_what_is_different_from_what_was_reviewed() -> None:
    found = (problem("too-many-creates", "21 creates"), problem("stale-new", "create of a is new"))
    fresh = view_of(plan(create("a"), problems=found))
    error = Refused("the plan is another", hint="review it again")
    shown = render_apply_markdown(refusal_view_of(fresh, error, fresh))
    assert (
        f"""\
{TITLE}

**Refused; nothing was written**

the plan is another (<code>refused</code>)\\
hint: review it again

#### Differences from the reviewed plan

- **error** create of a is new (<code>stale-new</code>)

#### Problems

- **error** 21 creates (<code>too-many-creates</code>)

The current plan: **"""
        in shown
    )
    assert shown.count("21 creates") == 1
    assert "**create connection spec <code>a</code>" in shown


def test_a_refusal_without_a_plan_shows_none() -> None:
    shown = render_apply_markdown(refusal_view_of(view_of(plan(create("a"))), Refused("no")))
    assert "The current plan" not in shown
    assert f"digest <code>{DIGEST}</code>" in shown


def test_why_no_plan_could_be_made_takes_the_plans_place() -> None:
    view = NoPlanView(
        ErrorView("spec-file", "1 error", "mend it"), (problem_view(Problem(Severity.ERROR, "yaml", "bad", "a.yaml", 3)),)
    )
    assert (
        render_failure_markdown(view, target="stage", links=ours, run_url=f"{OURS}runs/1")
        == f"""\
{MARKER}

**Planning failed** for <code>stage</code>

1 error (<code>spec-file</code>)\\
hint: mend it

#### Problems

- **error** [<code>a&#46;yaml&#58;3</code>](<{ours("a.yaml", 3)}>) bad (<code>yaml</code>)

[this run](<{OURS}runs/1>)
"""
    )


def test_a_long_error_is_told_even_where_there_is_little_room() -> None:
    for hint in ("#" * 2_000, "#\n" * 2_000, "\n".join(["é" * 600] * 30)):
        view = NoPlanView(ErrorView("usage", "@" * 2_000, hint), ())
        assert "&#64;" in render_failure_markdown(view, target="stage", limit=2_000)


def test_an_apply_while_something_waits_says_why() -> None:
    waits = (Wait("dev", GateName.SAME, "dev does not have it yet"),)
    held = Held(Kind.CONNECTION_SPEC, "waits", "Waits", ActionName.CREATE, waits)
    shown = render_apply_markdown(apply_view_of(replace(report(CREATED), waiting=(held,))))
    assert "**Applied what was ready; 1 change waits at a gate**" in shown
    assert "#### Waiting at a gate" in shown
    assert "same: dev does not have it yet" in shown
