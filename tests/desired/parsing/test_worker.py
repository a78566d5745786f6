"""What a worker answers: each file of a batch, in order; it ends with its input."""

from __future__ import annotations

import io
from collections.abc import Iterable

import msgspec
import pytest

from reconciler.desired.parsing.making import Maker
from reconciler.desired.parsing.messages import (
    READY,
    Broken,
    File,
    Made,
    Targets,
    frame,
    read_answer,
    receive,
    send,
    targets_frame,
)
from reconciler.desired.parsing.worker import serve
from tests.desired.parsing.files import ODD, views
from tests.desired.trees import SOURCE

PLAIN, VARIED = (File(b"sources/a.yaml", False, text.encode()) for text in (SOURCE, ODD["sources/varied.yaml"]))


def answers(*batches: Iterable[File], common: bool = False) -> list[list[Made]]:
    requests, said = io.BytesIO(), io.BytesIO()
    send(requests, targets_frame(Targets.of(list(views()), common=common)))
    for batch in batches:
        send(requests, frame(list(batch)))
    requests.seek(0)
    with pytest.raises(Broken):
        serve(requests, said)
    said.seek(0)
    assert receive(said) == READY
    return [read_answer(receive(said)) for _ in batches]


def test_a_batch_is_answered_in_its_order() -> None:
    maker = Maker(list(views()))
    expected = [[maker.made(VARIED), maker.made(PLAIN)], [maker.made(PLAIN)]]
    assert msgspec.to_builtins(answers([VARIED, PLAIN], [PLAIN])) == msgspec.to_builtins(expected)


def test_a_file_for_all_targets_is_answered_once() -> None:
    ((plain, varied),) = answers([PLAIN, VARIED])
    assert plain.common
    assert plain.each == ()
    assert varied.common is None
    assert len({*varied.each}) == len(varied.each) == 2


def test_in_a_run_over_very_many_only_what_is_common_is_answered() -> None:
    ((plain, varied),) = answers([PLAIN, VARIED], common=True)
    assert plain.common
    assert varied == Made(None, ())


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x00", b"\x00\x00\x00\x05abc", b"\xff\xff\xff\xff", b"\x00\x00\x00\x02{}", b"\x00\x00\x00\x02[]"]
)
def test_input_of_another_form_ends_a_worker(data: bytes) -> None:
    with pytest.raises(Broken):
        serve(io.BytesIO(data), io.BytesIO())


def test_nobody_who_reads_ends_a_worker() -> None:
    shut = io.BytesIO()
    shut.close()
    with pytest.raises(Broken):
        serve(io.BytesIO(), shut)
