from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from reconciler.reports.trying.text import render_tries_text, render_try_text
from tests.reports.sinks.test_escaping import is_harmless
from tests.reports.trying.reports import ANSWERED, UNKNOWN, WARNED, WINDOW, broken, call, finding, report, tries, unrecorded


def test_a_trial_is_shown_from_its_requests_to_its_outcome() -> None:
    assert (
        render_try_text(report(finding(), WARNED))
        == """\
try members · Bearer · backfill to 2026-11-27T00:00:00Z
 1  GET https://api.example.com/v1/members?limit=100&offset=0
    Authorization: Bearer ${TOKEN}  200  12 ms  100 records
 2  … offset=100                    200  12 ms  100 records
 3  … offset=200                    200  12 ms   37 records
stopped: $.hasMore is false ?offset.end
237 records in 3 requests; the first 2 as the mapping sees them:

  id  name.first  tags
  ---------------------
  1   Jane
  2               ["a"]

specs/sources/members/connection-spec.yaml:78:9: error: answer 2 repeats answer 1 [same-page]
  hint: check offSetName
specs/sources/members/connection-spec.yaml:78:9: warning: 10 were asked for, 25 came [limit-ignored]
  hint: check offSetName

how sure is this? documented: 1 · ~ inferred: 0 · ? nobody says: 1
  ? offset.no-end  until-empty was assumed: When a run without an end condition ends.
  hint: --assumptions tries the other values of 1 row; --assume NAME=VALUE sets one

failed: 1 error, 1 warning
"""
    )


def test_a_request_without_an_answer_says_so() -> None:
    lines = render_try_text(report(calls=(call(1, None, status=None),))).splitlines()
    assert lines[2].split()[-4:] == ["no", "answer", "12", "ms"]


def test_a_long_list_of_requests_is_cut_in_the_middle() -> None:
    calls = tuple(call(number) for number in range(1, 101))
    shown = render_try_text(report(calls=calls))
    assert "  … 75 more requests (-v shows all)\n" in shown
    assert "\n  21  " not in shown
    assert "\n 100  … offset=9900" in shown
    assert "more requests" not in render_try_text(report(calls=calls), verbose=True)


def test_an_alternative_that_changes_the_outcome_has_its_own_line() -> None:
    row = replace(UNKNOWN, changes_outcome=True, alternatives=(("never", "600 records in 6 requests"), ("until-short", "")))
    shown = render_try_text(report(assumed=(row,), more_calls=3))
    assert "\n3 more requests sent for other assumptions\nhow sure is this? " in shown
    assert "? nobody says: 1 · 1 of them changes the outcome\n" in shown
    assert "                   with never: 600 records in 6 requests\n" in shown
    assert "until-short" not in shown


def test_time_ranges_are_a_table_with_what_was_not_counted() -> None:
    windows = (WINDOW, replace(WINDOW, records=None), replace(WINDOW, records=500, is_least=True))
    lines = render_try_text(report(windows=windows)).splitlines()
    assert [line.split("Z  ")[-1] for line in lines if line.startswith("  backfill")] == ["237", "not counted", "500 or more"]


def test_the_outcome_names_an_interruption_and_a_dry_run() -> None:
    assert render_try_text(report(interrupted=True)).endswith("\ninterrupted; this is what was known so far\n")
    dry = render_try_text(report(calls=(call(1, None, status=None),), is_dry=True))
    assert "nothing was sent: this is the first request" in dry
    assert "no answer" not in dry
    assert dry.endswith("\nnot sent\n")


def test_a_replay_says_when_and_against_whom_it_was_recorded() -> None:
    replayed = report(origin="cassette", recorded_at="2026-11-27")
    assert " · recording, 2026-11-27\n" in render_try_text(replayed)
    assert " · recording of a stub, 2026-11-27\n" in render_try_text(replace(replayed, of_stub=True))


def test_a_dry_run_without_a_request_shows_none() -> None:
    assert "nothing was sent: there is no request to send" in render_try_text(report(calls=(), is_dry=True))


def test_all_trials_are_a_table_and_only_problems_follow() -> None:
    shown = render_tries_text(tries(report(), replace(report(finding()), key="late"), unrecorded(), broken()))
    assert (
        shown
        == """\
key      records  requests  outcome
members  237      3         held
late     237      3         failed
orders                      no recording
users                       syntax

late
specs/sources/members/connection-spec.yaml:78:9: error: answer 2 repeats answer 1 [same-page]
  hint: check offSetName

users
specs/sources/users/connection-spec.yaml:3:1: error: not valid YAML [syntax]
  hint: fix it

1 source held, 1 failed, 2 not tried
hint: to try it, make a recording: `reconciler try orders --record`
"""
    )


def test_without_a_stub_the_hint_is_about_the_file_of_the_stub() -> None:
    shown = render_tries_text(replace(tries(unrecorded(), unrecorded("users")), origin="stub"))
    assert "to try the others, write provider.yaml, or make it with: `reconciler try KEY --record --stub`\n" in shown


def test_nothing_tried_is_not_called_held() -> None:
    assert "held" not in render_tries_text(tries(unrecorded(), unrecorded("users")))


@given(st.text(), st.integers(20, 200))
def test_nothing_that_a_server_says_controls_a_terminal(text: str, columns: int) -> None:
    hostile = report(
        finding(message=text),
        rows=({text: text, "x": [text]}, text),
        stop_reason=text,
        calls=(call(1, url=f"https://x/{text}", headers=((text, text),)), call(2, url=f"https://x/?{text}")),
    )
    shown = render_try_text(hostile, columns=columns)
    assert all(is_harmless(line) for line in shown.splitlines())


def test_an_assumption_that_could_not_be_tried_is_counted_apart() -> None:
    open_ = replace(UNKNOWN, alternatives=(("never", "not known, because request 4 has no answer [not-recorded]"),))
    shown = render_try_text(report(assumed=(open_,)))
    assert "? nobody says: 1 · 1 could not be tried" in shown
    assert "with never: not known, because request 4 has no answer" in shown


def test_what_a_proof_has_shown_is_answered_and_no_longer_a_question() -> None:
    shown = render_try_text(report(assumed=(ANSWERED,)))
    assert "? nobody says: 0 · answered: 1\n" in shown
    assert (
        "answered offset.no-end  until-empty, by proof 20261127T1012-7f3a in stage on 2026-11-27: "
        "When a run without an end condition ends.\n"
    ) in shown
    assert "--assume" not in shown
