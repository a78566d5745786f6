"""`prove --cleanup` on a laptop: a look that deletes nothing, and the one run of a journal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from reconciler.emulator import Fault
from reconciler.errors import ExitCode, ServiceError, ServiceUnreachable, UsageError
from reconciler.reports.proving.cleaned import cleaned_text
from tests.sessions.proofs.laptop import KEY, ONLY_MAPPING, Laptop, Wire, kill_at, laptop


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Laptop]:
    with laptop(tmp_path) as opened:
        yield opened


def test_a_look_names_what_a_clean_up_would_delete_and_sends_no_delete(here: Laptop) -> None:
    here.prove(keep_resources=True)
    before = here.left()
    seen = here.clean_up(dry_run=True)
    assert {one.type for one in seen.cleaned.left} == {
        *("flow", "sourceConnection", "targetConnection", "connection"),
        *("dataset", "schema", "fieldgroup"),
    }
    assert (seen.exit_code, here.left()) == (ExitCode.UNFINISHED, before)
    assert here.clean_up().cleaned.left == ()
    assert here.clean_up(dry_run=True).exit_code is ExitCode.DONE


def test_a_look_does_not_count_what_a_proof_at_work_has_made(here: Laptop) -> None:
    kill_at(here, "GET", "/runs")
    seen = here.clean_up(older_than=7200, dry_run=True)
    assert (seen.cleaned.left, bool(seen.cleaned.spared), seen.exit_code) == ((), True, ExitCode.DONE)


def test_the_run_of_a_journal_is_cleaned_up_whatever_its_age(here: Laptop) -> None:
    kill_at(here, "GET", "/runs")
    (journal,) = here.journals()
    cleaned = here.clean_up(older_than=7200, journal=journal)
    assert (cleaned.keys, cleaned.cleaned.left, here.left()) == ((KEY,), (), ONLY_MAPPING)
    assert here.prove().outcome == "proved"


def test_the_journal_of_another_target_deletes_nothing(here: Laptop) -> None:
    kill_at(here, "GET", "/runs")
    (journal,) = here.journals()
    journal.write_text(journal.read_text().replace('"sandbox":"dev"', '"sandbox":"other"'))
    with pytest.raises(UsageError, match="is of a proof in another target"):
        here.clean_up(journal=journal)
    assert here.left() != ONLY_MAPPING


def test_a_journal_and_another_key_contradict_each_other(here: Laptop) -> None:
    kill_at(here, "GET", "/runs")
    with pytest.raises(UsageError, match="is of another run or source"):
        here.clean_up(journal=here.journals()[0], keys=("orders",))


def test_a_service_that_is_not_there_ends_the_clean_up_at_once(here: Laptop) -> None:
    def no_server(_number: int, _request: httpx.Request) -> None:
        raise httpx.ConnectError("refused")

    wire = Wire(here.emulator, no_server)
    with pytest.raises(ServiceUnreachable):
        here.clean_up(wire=wire)
    assert {path for _, path in wire.sent} == {wire.sent[0][1]}


def test_a_credential_that_the_service_does_not_take_ends_the_clean_up_at_once(here: Laptop) -> None:
    here.emulator.service.faults.set([Fault(path="/ims/token*", times=99, status=401)])
    with pytest.raises(ServiceError) as refused:
        here.clean_up()
    assert refused.value.hint


def test_a_type_whose_list_cannot_be_read_is_not_called_clean(here: Laptop) -> None:
    here.emulator.service.faults.set([Fault(path="*/dataSets", method="GET", times=99, status=503)])
    report = here.clean_up()
    assert (report.exit_code, [one.id for one in report.cleaned.left]) == (ExitCode.UNFINISHED, [""])
    text = cleaned_text(report)
    assert "(not known)" in text
    assert "1 is not known" in text
    assert "look again: reconciler --target local prove --cleanup" in text
