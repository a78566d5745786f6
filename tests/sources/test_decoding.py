"""The JSON of an answer, however it is written."""

from reconciler.sources.answers.decoding import decoded
from reconciler.sources.answers.jsonpath import MISSING
from reconciler.sources.evidence import Assumptions
from reconciler.sources.messages import Answer


def reason(content: bytes) -> str | None:
    value, said = decoded(Answer(200, {}, content), Assumptions())
    assert (value is MISSING) is (said is not None)
    return said


def test_an_answer_of_very_many_values_is_not_built_in_memory() -> None:
    many = b"[" + b"1," * 6_000_000 + b"1]"
    assert reason(many) == "has more than 6,000,000 values, which is the limit"
    assert reason(many.replace(b"1,", b"11", 2)) is None


def test_a_long_answer_of_few_values_is_read() -> None:
    assert reason(b'["' + b"x" * 12_000_000 + b'"]') is None
