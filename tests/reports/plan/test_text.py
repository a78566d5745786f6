from __future__ import annotations

import pytest

from reconciler.documents.comparison import Cause
from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, Severity
from reconciler.planning.plan import Action, ActionName, State
from reconciler.reports.plan.text import render_plan_text
from reconciler.reports.plan.view import view_of
from tests.reports.plans import DIGEST, MAILCHIMP, attach, change, create, plan, spec, update

HEADER = "target stage · platform-stage.adobe.io · org 123@AdobeOrg · sandbox dev\n"
ORDERS = create(
    "acme-orders",
    change("add", "/name", new="Acme-Orders"),
    change("add", "/authSpec", new=[{"name": "OAuth2 Refresh Code"}, {"name": "Basic"}]),
    change("add", "/sourceSpec", new={"attributes": {"a": 1}, "spec": {}}),
)


def shown(*actions: Action, verbose: bool = False) -> list[str]:
    """The lines of the last action, without its first."""
    text = render_plan_text(view_of(plan(*actions)), verbose=verbose)
    return text.split("\n\n")[-2].split("\n")[1:]


def test_a_whole_plan_reads_from_counts_to_the_next_command() -> None:
    whole = plan(
        ORDERS,
        update(change("replace", "/sourceSpec/attributes/urlParams/host", "us6", "us7", Cause.PENDING)),
        attach(
            change("add", "/sourceConnectionSpecIds/-", new={"ref": "acme-orders"}),
            change("add", "/sourceConnectionSpecIds/-", new=MAILCHIMP, cause=Cause.DRIFT),
        ),
        problems=(
            Problem(Severity.WARNING, "not-kept", "the service does not keep /description", "specs/a.yaml", 3, hint="ignore it"),
            Problem(Severity.INFO, "orphan", "connection spec 'old' has no file any more", hint="retire it with --prune"),
        ),
        specs=(
            spec("acme-orders", State.CREATE),
            spec("mailchimp-members", State.UPDATE),
            spec("one"),
            spec("old", State.ORPHAN),
        ),
    )
    assert render_plan_text(view_of(whole), next_command="reconciler apply") == (
        HEADER
        + f"""\
1 to create, 1 to update, 2 ids to attach, 1 in sync, 1 orphaned (1 pending)

+ connection spec acme-orders "Acme-Orders"
    permanent: a spec cannot be deleted once created
    /name        "Acme-Orders"
    /authSpec    2 entries: OAuth2 Refresh Code, Basic
    /sourceSpec  2 keys: attributes, spec

~ connection spec mailchimp-members "MailChimp Members"  2e8580db-6489-4726-96de-e33f5f60295f
    pending: the repository is ahead of live
    /sourceSpec/attributes/urlParams/host
      "us6" -> "us7"

> flow spec "RestStorageToAEP"  6499120c-0b15-42dc-936e-847ea3c24d72
    shared: every other attached id stays
    > acme-orders (id known after apply)
    > 2e8580db-6489-4726-96de-e33f5f60295f (mailchimp-members)  [drift]

specs/a.yaml:3: warning: the service does not keep /description [not-kept]
  hint: ignore it

info: connection spec 'old' has no file any more [orphan]
  hint: retire it with --prune

permanent, cannot be deleted once created: acme-orders
Create 1 (permanent), update 1, attach 2 · stage · sandbox dev
digest {DIGEST}
next: reconciler apply
"""
    )


def test_a_quiet_plan_says_so_in_one_line() -> None:
    quiet = plan(specs=(spec("a"), spec("b")))
    assert render_plan_text(view_of(quiet), next_command="never") == HEADER + "nothing to do: 2 in sync\n"


def test_an_empty_repository_has_no_specs() -> None:
    assert render_plan_text(view_of(plan())) == HEADER + "nothing to do: no specs\n"


def test_a_quiet_plan_still_warns() -> None:
    warned = plan(problems=(Problem(Severity.WARNING, "not-kept", "lost"),), specs=(spec("a"),))
    assert render_plan_text(view_of(warned)) == HEADER + "nothing to do: 1 in sync\n\nwarning: lost [not-kept]\n"


def test_errors_come_before_the_specs_and_no_next_command_is_shown() -> None:
    failing = plan(
        ORDERS,
        problems=(Problem(Severity.ERROR, "ahead", "it is ahead", guard=True),),
        specs=(spec("acme-orders", State.CREATE),),
    )
    text = render_plan_text(view_of(failing), next_command="reconciler apply")
    assert text.startswith(HEADER + "1 to create, 1 in error\n\nerror: it is ahead [ahead]\n\n+ connection spec")
    assert text.endswith(f"digest {DIGEST}\napply refuses this plan: 1 error\n")


def test_a_single_id_is_counted_in_the_singular() -> None:
    first = attach(
        change("remove", "/sourceConnectionSpecIds/4", old="x", cause=Cause.PENDING),
        change("add", "/sourceConnectionSpecIds/-", new="y"),
        action=ActionName.UPDATE,
    )
    assert "1 to update, 1 id to attach, 1 id to detach" in render_plan_text(view_of(plan(first)))


def test_drift_names_the_person_and_the_time() -> None:
    assert shown(update(cause=Cause.DRIFT)) == [
        "    drift: changed in Flow Service by jane@acme at 2026-01-01T12:00:00Z; apply will overwrite it"
    ]


def test_drift_without_an_author_says_so() -> None:
    assert shown(update(cause=Cause.DRIFT, updated_by=None, updated_at=None)) == [
        "    drift: changed in Flow Service by an unknown account at an unknown time; apply will overwrite it"
    ]


@pytest.mark.parametrize(
    ("by", "at", "words"),
    [
        (None, None, "Flow Service shows no last change"),
        ("jane@acme", None, "last changed by jane@acme at an unknown time"),
        (None, 0, "last changed by an unknown account at 1970-01-01T00:00:00Z"),
    ],
)
def test_an_unknown_cause_invents_no_change(by: str | None, at: int | None, words: str) -> None:
    assert shown(update(cause=Cause.UNKNOWN, updated_by=by, updated_at=at)) == [
        f"    cause unknown: cannot tell which side changed; {words}"
    ]


def test_a_time_beyond_the_calendar_is_shown_as_it_came() -> None:
    assert "at 9007199254740 s after 1970" in shown(update(cause=Cause.DRIFT, updated_at=2**53 - 1))[0]


@pytest.mark.parametrize(
    ("cause", "sentence"),
    [
        (
            Cause.BOTH,
            (
                "drift and pending: changed in Flow Service by jane@acme at 2026-01-01T12:00:00Z, "
                "and in the repository; apply will overwrite it"
            ),
        ),
        (
            Cause.UNKNOWN,
            "cause unknown: cannot tell which side changed; last changed by jane@acme at 2026-01-01T12:00:00Z",
        ),
        (
            Cause.UNCONFIRMED,
            (
                "unconfirmed: this client wrote it last, by jane@acme at 2026-01-01T12:00:00Z, "
                "but live differs from the file as it was applied"
            ),
        ),
        (Cause.OWNERSHIP, "ownership: only the marker changes"),
    ],
)
def test_each_cause_has_its_sentence(cause: Cause, sentence: str) -> None:
    assert shown(update(cause=cause)) == [f"    {sentence}"]


def test_a_change_names_its_cause_where_it_is_not_that_of_the_action() -> None:
    mixed = update(change("replace", "/a", 1, 2, Cause.DRIFT), change("replace", "/b", 1, 2, Cause.BOTH), cause=Cause.BOTH)
    assert shown(mixed)[1:] == ["    /a  [drift]", "      1 -> 2", "    /b", "      1 -> 2"]


def test_an_adoption_and_a_rename_say_what_they_are() -> None:
    assert shown(update(action=ActionName.ADOPT))[0] == "    adopt: this repository takes over a spec that it did not manage"
    assert shown(update(action=ActionName.RENAME))[0] == "    rename: the marker changes to this key"


def test_a_return_from_retirement_is_not_called_a_rename() -> None:
    back = update(change("remove", "/attributes/reconciler/retired", old=True), action=ActionName.RENAME)
    assert shown(back)[0] == "    back in use: it was retired, and has a spec file again"


def test_a_retirement_says_that_nothing_is_deleted() -> None:
    retired = update(
        change("add", "/attributes/reconciler/retired", new=True, cause=Cause.OWNERSHIP), cause=Cause.OWNERSHIP, key="old"
    )
    assert shown(retired)[0] == (
        "    retire: it no longer has a spec file; its marker will say so, and it stays live, because it cannot be deleted"
    )


def test_a_detach_shows_the_id_that_goes() -> None:
    gone = attach(change("remove", "/sourceConnectionSpecIds/1", old="abc", cause=Cause.PENDING), action=ActionName.DETACH)
    assert shown(gone)[-1] == "    < abc  [pending]"


def test_a_flow_spec_with_a_file_is_not_called_shared() -> None:
    own = update(change("add", "/sourceConnectionSpecIds/-", new="abc", cause=Cause.PENDING), kind=Kind.FLOW_SPEC, key="own")
    assert shown(own) == ["    pending: the repository is ahead of live", "    > abc"]


def test_a_verbose_create_shows_its_sections_whole() -> None:
    made = create("a", change("add", "/sourceSpec", new={"attributes": {"text": "x" * 80}}))
    assert shown(made, verbose=True)[1:] == [
        "    /sourceSpec",
        "      + {",
        '      +   "attributes": {',
        f'      +     "text": "{"x" * 80}"',
        "      +   }",
        "      + }",
    ]


def test_the_key_is_not_repeated_where_the_name_is_the_same() -> None:
    assert "+ connection spec same\n" in render_plan_text(view_of(plan(create("same", name="same"))))


def test_hostile_names_stay_in_their_line() -> None:
    hostile = create("k", change("add", "/a\n::error::", new="x\x1b[2J"), name="n\n::error::pwned\u202e")
    text = render_plan_text(view_of(plan(hostile)))
    assert 'k "n\\n::error::pwned\\u202e"' in text
    assert '    /a\\n::error::  "x\\u001b[2J"' in text


def test_colours_are_added_only_when_asked_for() -> None:
    view = view_of(plan(ORDERS))
    assert "\x1b[32m+\x1b[0m" in render_plan_text(view, color=True)
    assert "\x1b" not in render_plan_text(view)


def test_many_creates_are_named_at_the_end_as_far_as_they_fit() -> None:
    text = render_plan_text(view_of(plan(*(create(f"key-{number}") for number in range(10)))))
    assert text.splitlines()[-3:] == [
        "permanent, cannot be deleted once created: " + ", ".join(f"key-{number}" for number in range(8)) + " and 2 more",
        "Create 10 (permanent) · stage · sandbox dev",
        f"digest {DIGEST}",
    ]


def test_the_end_counts_each_kind_of_write() -> None:
    whole = plan(
        create("a"),
        update(cause=Cause.DRIFT, key="b"),
        update(cause=Cause.BOTH, key="c"),
        update(action=ActionName.ADOPT, cause=Cause.OWNERSHIP, key="d"),
        update(change("add", "/attributes/reconciler/retired", new=True), cause=Cause.OWNERSHIP, key="e"),
        attach(change("add", "/sourceConnectionSpecIds/-", new="x"), change("remove", "/sourceConnectionSpecIds/0", old="y")),
    )
    assert (
        "\nCreate 1 (permanent), update 2 (2 overwriting drift), adopt 1, attach 1, detach 1, retire 1 · stage · sandbox dev\n"
        in (render_plan_text(view_of(whole)))
    )


def test_a_summary_has_one_line_for_each_spec() -> None:
    whole = plan(ORDERS, update(change("replace", "/a", 1, 2, Cause.DRIFT), cause=Cause.DRIFT))
    assert render_plan_text(view_of(whole), summary=True).split("\n\n")[1] == (
        '+ connection spec acme-orders "Acme-Orders"  3 changes  permanent\n'
        '~ connection spec mailchimp-members "MailChimp Members"  1 change  overwrites drift'
    )


def untried(number: int) -> Problem:
    return Problem(Severity.WARNING, "untried", f"k{number} was not tried", hint=f"run `reconciler try k{number}`")


def test_a_summary_has_the_first_problems_of_each_code_and_counts_the_rest() -> None:
    found = tuple(
        problem for number in range(500) for problem in (untried(number), Problem(Severity.ERROR, "ahead", f"k{number} is ahead"))
    )
    view = view_of(plan(ORDERS, problems=(*found, Problem(Severity.WARNING, "not-kept", "it is lost"))))
    sections = render_plan_text(view, summary=True).split("\n\n")
    assert sections[1] == (
        "error: k0 is ahead [ahead]\nerror: k1 is ahead [ahead]\nerror: k2 is ahead [ahead]\n"
        "… 497 more, 500 errors in all [ahead]: the same command without --summary lists them"
    )
    assert sections[3] == (
        "warning: k0 was not tried [untried]\n  hint: run `reconciler try k0`\n"
        "warning: k1 was not tried [untried]\n  hint: run `reconciler try k1`\n"
        "warning: k2 was not tried [untried]\n  hint: run `reconciler try k2`\n"
        "… 497 more, 500 warnings in all [untried]: the same command without --summary lists them\n"
        "warning: it is lost [not-kept]"
    )
    assert render_plan_text(view, summary=True, verbose=True).count("was not tried") == 500
    assert render_plan_text(view).count("was not tried") == 500


def test_a_summary_has_up_to_three_problems_of_a_code_as_they_are() -> None:
    view = view_of(plan(ORDERS, problems=tuple(map(untried, range(3)))))
    assert "more" not in render_plan_text(view, summary=True)


@pytest.mark.parametrize(
    ("action", "said"),
    [
        (ORDERS, "permanent: a spec cannot be deleted once created"),
        (
            update(cause=Cause.DRIFT),
            "drift: changed in Flow Service by jane@acme at 2026-01-01T12:00:00Z; apply will overwrite it",
        ),
    ],
)
def test_what_is_permanent_or_overwritten_is_the_most_visible(action: Action, said: str) -> None:
    grave, quiet = "\x1b[31m\x1b[1m", "\x1b[2m"
    text = render_plan_text(view_of(plan(action)), color=True)
    assert f"{grave}{said}\x1b[0m" in text
    assert f"{quiet}{said}" not in text
