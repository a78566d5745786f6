from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from reconciler.documents.comparison import Cause
from reconciler.documents.kinds import Kind
from reconciler.documents.places import MISSING
from reconciler.errors import Problem, Severity
from reconciler.planning.plan import Action, ActionName, Options, State
from reconciler.reports.drift.view import drift_of
from reconciler.reports.plan.html.report import render_plan_html
from reconciler.reports.plan.html.specs import STATES
from reconciler.reports.plan.view import PlanView, view_of
from reconciler.reports.problems.view import problem_view
from reconciler.reports.sinks.escaping import for_terminal
from reconciler.reports.sinks.values import compact, is_short
from tests.reports.plans import DIGEST, MAILCHIMP, attach, change, create, plan, spec, update
from tests.reports.sinks.test_escaping import is_harmless
from tests.reports.strategies import TEXT, VIEWS

VOID: Final = {"meta", "input", "col"}
ATTRIBUTES: Final = {
    "meta": {"charset", "http-equiv", "content", "name"},
    "input": {"type", "name", "id", "checked"},
    "section": {"class", "id"},
    "a": {"class", "href"},
    "html": {"lang"},
    "th": {"scope", "colspan"},
    "td": {"class", "colspan"},
}
"""The attributes of elements that may have others than a class."""
HEAD: Final = {"html", "head", "meta", "title", "style", "body"}
WORDS: Final = {"header", "main", "section", "div", "h1", "h2", "h3", "p", "span", "b", "i", "mark", "code", "a"}
LISTS: Final = {"ul", "li", "dl", "dt", "dd", "table", "colgroup", "col", "thead", "tbody", "tr", "th", "td"}
CONTROLS: Final = {"details", "summary", "fieldset", "legend", "label", "input"}


@dataclass(frozen=True, slots=True)
class Element:
    tag: str
    attributes: dict[str, str | None]
    text: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        return " ".join("".join(self.text).split())


class Parsed(HTMLParser):
    """A page, read by a parser that knows nothing of how it was written."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.strays: list[str] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        self.strays += [element.tag for element in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop().tag != tag:
            self.strays.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.strays.append(data)

    def handle_pi(self, data: str) -> None:
        self.strays.append(data)

    def all(self, tag: str, name: str = "") -> list[Element]:
        """The elements with this tag and, unless it is empty, this class."""
        found = [element for element in self.elements if element.tag == tag]
        return [element for element in found if not name or name in (element.attributes.get("class") or "").split()]

    def one(self, tag: str, name: str = "") -> Element:
        (found,) = self.all(tag, name)
        return found


def parsed(view: PlanView, *, drift: bool = False) -> Parsed:
    return Parsed(render_plan_html(view, drift=drift))


def sections(page: Parsed) -> list[Element]:
    return page.all("section", "spec")


WHOLE = view_of(
    plan(
        create("orders", change("add", "/name", new="Orders"), change("add", "/sourceSpec", new={"a": list(range(100, 130))})),
        update(change("replace", "/sourceSpec/urlParams/host", "us6", "us7", Cause.DRIFT), cause=Cause.BOTH),
        attach(
            change("add", "/sourceConnectionSpecIds/-", new={"ref": "orders"}),
            change("add", "/sourceConnectionSpecIds/-", new=MAILCHIMP, cause=Cause.DRIFT),
        ),
        problems=(
            Problem(Severity.WARNING, "not-kept", "it is lost", "specs/a.yaml", 3, 7, hint="ignore it:\nignore: [/a]"),
            Problem(Severity.ERROR, "ahead", "it is ahead", hint="merge", guard=True),
        ),
        specs=(spec("orders", State.CREATE), spec("members", State.UPDATE), spec("one")),
    )
)


@given(VIEWS, st.booleans())
def test_no_element_and_no_attribute_is_there_but_the_pages_own(view: PlanView, drift: bool) -> None:
    page = parsed(view, drift=drift)
    assert page.strays == []
    assert {element.tag for element in page.elements} <= HEAD | WORDS | LISTS | CONTROLS
    for element in page.elements:
        assert set(element.attributes) <= ATTRIBUTES.get(element.tag, {"class"})
        assert re.fullmatch(r"[a-z -]*", element.attributes.get("class") or "")
        assert re.fullmatch(r"(specs|spec-\d+|show-[a-z]+)?", element.attributes.get("id") or "")
        assert re.fullmatch(r"(#specs|#spec-\d+)?", element.attributes.get("href") or "")


@given(VIEWS, st.booleans())
def test_every_link_has_its_place_on_the_page(view: PlanView, drift: bool) -> None:
    page = parsed(view, drift=drift)
    ids = [element.attributes["id"] for element in page.elements if "id" in element.attributes]
    assert len(set(ids)) == len(ids)
    assert {element.attributes["href"] for element in page.all("a")} <= {f"#{anchor}" for anchor in ids}


@given(VIEWS, st.booleans())
def test_a_page_that_is_printed_is_harmless(view: PlanView, drift: bool) -> None:
    html = render_plan_html(view, drift=drift)
    assert [line for line in html.split("\n") if not is_harmless(line)] == []


def test_a_command_of_a_ci_system_is_no_command_on_a_page_that_is_printed() -> None:
    command = "###[error]pwned"
    hostile = Problem(Severity.ERROR, command, "::error::pwned", hint=f"first\n{command}\n::error::pwned")
    html = render_plan_html(view_of(plan(update(change("replace", f"/{command}", command, f"::{command}")), problems=(hostile,))))
    assert [line for line in html.split("\n") if not is_harmless(line)] == []
    assert command in Parsed(html).one("section", "problems").words


@given(VIEWS)
def test_every_text_of_a_plan_is_there_to_be_read(view: PlanView) -> None:
    text = unquoted("".join(parsed(view).one("body").text))
    texts = [view.target.name, view.target.host, view.target.org_id, view.target.sandbox, view.digest]
    for problem in view.problems:
        texts += [problem.message, problem.code, problem.file or "", *(problem.hint or "").rstrip("\n").split("\n")]
    for action in view.actions:
        texts += [action.name.strip(), action.key or "", action.id or "", action.file or "", action.updated_by or ""]
        texts += [item.path for item in action.changes]
        short = [item for item in action.changes if is_short(item.old) and is_short(item.new)]
        texts += [compact(value) for item in short for value in (item.old, item.new) if value is not MISSING]
    assert [item for item in texts if unquoted(for_terminal(item)) not in text] == []


def unquoted(text: str) -> str:
    """Without backquotes: what stands in them is code on a page."""
    return text.replace("`", "")


def test_what_a_hint_quotes_is_code() -> None:
    found = Problem(Severity.ERROR, "x", "m `a` <i>", hint="run `reconciler try <b>`, then `")
    html = render_plan_html(replace(WHOLE, problems=(problem_view(found),)))
    assert "m <code>a</code> &lt;i&gt;" in html
    assert "run <code>reconciler try &lt;b&gt;</code>, then `" in html


@given(VIEWS, st.none() | TEXT)
def test_the_same_plan_is_the_same_page(view: PlanView, title: str | None) -> None:
    assert render_plan_html(view, title=title) == render_plan_html(view, title=title)


def test_a_page_loads_nothing_and_runs_nothing() -> None:
    page = parsed(WHOLE)
    assert {
        "http-equiv": "Content-Security-Policy",
        "content": "default-src 'none'; style-src 'unsafe-inline'",
    } in [element.attributes for element in page.all("meta")]
    style = page.one("style").words
    assert "url(" not in style
    assert "@import" not in style


def test_the_title_names_the_target_and_the_counts() -> None:
    page = parsed(WHOLE)
    assert page.one("title").words == "Plan · stage: 1 to create, 1 to update, 2 ids to attach, 1 in sync, 1 in error"
    assert page.one("h1").words == "Plan for stage"


def test_a_title_of_the_callers_own_takes_the_place_of_the_word_plan() -> None:
    page = Parsed(render_plan_html(WHOLE, title="Plan of #7 <b>"))
    assert page.one("title").words.startswith("Plan of #7 <b> · stage: 1 to create")
    assert page.one("h1").words == "Plan of #7 <b> for stage"


def test_the_page_begins_with_where_and_what() -> None:
    page = parsed(WHOLE)
    assert page.all("dl", "facts")[0].words == (
        "target stage host platform-stage.adobe.io organization 123@AdobeOrg sandbox dev repository acme/aep-sources"
        f" commit {'c' * 40} last live change 2026-01-01T12:00:00Z digest {DIGEST}"
    )
    assert (
        page.one("p", "summary").words == "1 to create, 1 to update, 2 ids to attach, 1 in sync, 1 in error (1 drift and pending)"
    )
    assert page.one("p", "verdict").words == "apply refuses this plan: 1 error"


def test_what_was_asked_for_is_said() -> None:
    asked = parsed(view_of(plan(options=Options(keys=("a", "b"), prune=True), commit=None))).all("dl", "facts")[0].words
    assert "commit not recorded keys a, b with --prune digest" in asked


def test_errors_come_before_warnings_with_place_code_and_hint() -> None:
    found = (Problem(Severity.INFO, "orphan", "no file"), Problem(Severity.INFO, "orphan", "none"))
    problems = (*WHOLE.problems, *map(problem_view, found))
    assert [group.words for group in parsed(replace(WHOLE, problems=problems)).all("section", "problems")] == [
        "1 error it is ahead [ahead] hint: merge",
        "1 warning specs/a.yaml:3:7 it is lost [not-kept] hint: ignore it: ignore: [/a]",
        "2 for information no file [orphan] none [orphan]",
    ]


def test_what_cannot_be_undone_is_named_at_the_top() -> None:
    assert parsed(WHOLE).one("section", "irreversible").words == (
        "Permanent: 1 create A spec cannot be deleted once created. Orders connection spec"
    )


def test_shared_flow_specs_are_named_at_the_top_with_what_is_done_to_them() -> None:
    gone = attach(change("remove", "/sourceConnectionSpecIds/1", old="abc"), action=ActionName.DETACH, name="Streaming", id="s1")
    page = parsed(replace(WHOLE, actions=(*WHOLE.actions, *view_of(plan(gone)).actions)))
    assert page.one("section", "shared").words == (
        "Touched: 2 shared flow specs Every other id stays. RestStorageToAEP 2 ids to attach Streaming 1 id to detach"
    )


def test_the_list_has_a_line_for_each_spec_that_links_to_its_section() -> None:
    page = parsed(WHOLE)
    rows = page.all("tr", "row")
    assert [row.words for row in rows] == [
        "+ create Orders connection spec orders 2 changes",
        "~ update MailChimp Members connection spec mailchimp-members drift and pending 1 change",
        "> attach RestStorageToAEP flow spec 2 changes",
    ]
    assert [section.attributes["id"] for section in sections(page)] == ["spec-1", "spec-2", "spec-3"]


def test_the_filter_has_the_states_that_occur_with_their_counts() -> None:
    page = parsed(WHOLE)
    assert [label.words for label in page.all("label")] == ["all 3", "create 1", "update 1", "attach 1", "drift 1", "pending 1"]


def test_there_is_no_filter_where_there_is_nothing_to_choose() -> None:
    page = parsed(view_of(plan(create("a"), create("b"))))
    assert (len(sections(page)), page.all("fieldset")) == (2, [])


def test_an_update_that_attaches_and_detaches_is_found_under_each() -> None:
    own = update(
        change("add", "/sourceConnectionSpecIds/-", new="y", cause=Cause.PENDING),
        change("remove", "/sourceConnectionSpecIds/1", old="x", cause=Cause.PENDING),
        kind=Kind.FLOW_SPEC,
        key="own",
    )
    (section,) = sections(parsed(view_of(plan(own))))
    assert section.attributes["class"] == "spec update attach detach pending"


@pytest.mark.parametrize("state", STATES)
def test_the_style_knows_how_to_filter_each_state(state: str) -> None:
    assert f"body:has(#show-{state}:checked) :is(.row, .spec):not(.{state})" in parsed(WHOLE).one("style").words


def test_a_section_says_what_it_is_about_and_why() -> None:
    section = sections(parsed(WHOLE))[1]
    assert section.words == (
        "~ update MailChimp Members all specs kind connection spec key mailchimp-members"
        f" id {MAILCHIMP} last changed by jane@acme at 2026-01-01T12:00:00Z"
        " drift and pending: changed in Flow Service by jane@acme at 2026-01-01T12:00:00Z, and in the repository; apply will overwrite it"
        ' /sourceSpec/urlParams/host drift - live + repository -"us6"+"us7"'
    )


def test_the_place_of_a_spec_in_its_file_is_shown_with_it() -> None:
    placed = replace(WHOLE.actions[0], file="specs/orders.yaml", line=12)
    page = parsed(replace(WHOLE, actions=(placed,)))
    assert "file specs/orders.yaml:12" in sections(page)[0].words
    assert page.one("tr", "row").words.endswith("2 changes specs/orders.yaml:12")


def test_an_attachment_names_the_id_and_the_spec_behind_it() -> None:
    page = parsed(WHOLE)
    assert [entry.words for entry in page.all("li", "attach")] == [
        "+ attach orders id known after create",
        f"+ attach MailChimp Members {MAILCHIMP} drift",
    ]
    links = [link.attributes["href"] for link in page.all("a") if link.words in ("orders", "MailChimp Members")]
    assert links[-2:] == ["#spec-1", "#spec-2"]


@pytest.mark.parametrize(
    ("action", "note"),
    [
        (create("a"), "permanent: a spec cannot be deleted once created"),
        (update(action=ActionName.ADOPT), "adopt: this repository takes over a spec that it did not manage"),
        (update(action=ActionName.RENAME), "rename: the marker changes to this key"),
        (update(cause=Cause.OWNERSHIP), "ownership: only the marker changes"),
        (attach(), "shared: every other attached id stays"),
        (
            update(change("add", "/attributes/reconciler/retired", new=True), cause=Cause.OWNERSHIP),
            "retire: it no longer has a spec file; its marker will say so, and it stays live, because it cannot be deleted",
        ),
    ],
)
def test_what_is_particular_about_a_spec_is_said(action: Action, note: str) -> None:
    assert note in [item.words for item in parsed(view_of(plan(action))).all("p", "note")]


def test_a_spec_without_a_name_is_called_by_what_there_is() -> None:
    nameless = [update(name=" "), update(name="", key=None), update(name="", key=None, id=None)]
    titles = [row.words for row in parsed(view_of(plan(*nameless))).all("h2")][1:]
    assert titles == ["~ update mailchimp-members", f"~ update {MAILCHIMP}", "~ update (no name)"]


def test_a_quiet_plan_is_a_short_page_that_says_so() -> None:
    html = render_plan_html(view_of(plan(specs=(spec("a"), spec("b")))))
    page = Parsed(html)
    assert page.one("p", "summary").words == "nothing to do: 2 in sync"
    assert page.all("section") == []
    assert len("".join(page.one("body").text)) < 600


def test_drift_is_told_in_the_words_of_the_drift_report() -> None:
    page = parsed(drift_of(WHOLE), drift=True)
    assert page.one("title").words == "Drift · stage: 1 spec drifted"
    (section,) = sections(page)
    assert section.words == (
        "~ drift MailChimp Members all specs kind connection spec key mailchimp-members"
        f" id {MAILCHIMP} last changed by jane@acme at 2026-01-01T12:00:00Z"
        " drift and pending: changed in Flow Service by jane@acme at 2026-01-01T12:00:00Z, and in the repository"
        ' /sourceSpec/urlParams/host drift - repository + live -"us7"+"us6"'
    )


def test_drift_says_nothing_of_what_apply_would_do() -> None:
    page = parsed(drift_of(WHOLE), drift=True)
    text = page.one("body").words
    assert [
        word for word in ("irreversible", "Irreversible", "Permanent", "Touched", "refuses", "digest", "create") if word in text
    ] == []


def test_an_id_that_was_detached_there_is_on_the_side_of_the_repository() -> None:
    lost = attach(change("add", "/sourceConnectionSpecIds/-", new="abc", cause=Cause.DRIFT), cause=Cause.DRIFT)
    (section,) = sections(parsed(view_of(plan(lost)), drift=True))
    assert section.words.endswith('/sourceConnectionSpecIds/- - repository + live -"abc"(nothing)')


@pytest.mark.parametrize(
    ("problems", "words"),
    [((), "no drift"), ((Problem(Severity.ERROR, "x", "y"),), "no drift found, but the check is incomplete")],
)
def test_no_drift_is_said_in_a_line(problems: tuple[Problem, ...], words: str) -> None:
    assert parsed(view_of(plan(problems=problems)), drift=True).one("p", "summary").words == words


def test_the_head_names_the_pull_request_and_the_last_change_of_the_specs() -> None:
    page = render_plan_html(view_of(plan(update(change("replace", "/a", 1, 2)))), pull_request="12")
    assert "<dt>pull request</dt> <dd>#12</dd>" in page
    assert "<dt>last live change</dt> <dd>2026-01-01T12:00:00Z</dd>" in page
