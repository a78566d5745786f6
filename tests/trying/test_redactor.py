"""No form of a secret is left in what is shown, and everything else stays as it is."""

from __future__ import annotations

import base64
import html
import json
import string
from collections.abc import Callable, Sequence
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.secret import Secret
from reconciler.trying.redactor import Redactor

SECRET = 'k3y-Ab"c/+ d=é&0f9e\\8d7c6b5a'
SECRETS = Redactor({"KEY": Secret(SECRET), "USER": Secret("us3r-4711-anna"), "PIN": Secret("us6a")})


def _twice(form: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: form(form(text))


FORMS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "percent": lambda text: quote(text, safe=""),
    "percent in lower case": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "percent twice": _twice(lambda text: quote(text, safe="")),
    "form": quote_plus,
    "json": lambda text: json.dumps(text)[1:-1],
    "json in UTF-8": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "json twice": _twice(lambda text: json.dumps(text)[1:-1]),
    "json with slashes": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "unicode escapes": lambda text: "".join(f"\\u{ord(letter):04X}" for letter in text),
    "hex escapes": lambda text: "".join(f"\\x{ord(letter):02x}" for letter in text),
    "html": html.escape,
    "html numbers": lambda text: "".join(f"&#{ord(letter)};" for letter in text),
    "html hex": lambda text: "".join(f"&#x{ord(letter):X};" for letter in text),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "base64 in percent": lambda text: quote(base64.b64encode(text.encode()).decode(), safe=""),
    "basic": lambda text: "Basic " + base64.b64encode(f"me:{text}".encode()).decode(),
    "basic, other offset": lambda text: "Basic " + base64.b64encode(f"mee:{text}!".encode()).decode(),
    "basic, third offset": lambda text: "Basic " + base64.b64encode(f"meee:{text}!!".encode()).decode(),
    "hexadecimal": lambda text: text.encode().hex(),
    "hexadecimal in capitals": lambda text: text.encode().hex().upper(),
    "capitals": str.upper,
    "small letters": str.lower,
    "cut off": lambda text: text[:14],
    "end": lambda text: text[-10:],
}


@pytest.mark.parametrize("name", FORMS)
def test_a_secret_in_any_form_is_replaced(name: str) -> None:
    text = f"before <{FORMS[name](SECRET)}> after"
    assert SECRETS.finds(text) == "KEY"
    shown = SECRETS.text(text)
    assert shown.startswith("before <")
    assert shown.endswith("> after")
    assert "${KEY}" in shown
    assert SECRETS.finds(shown) is None
    assert not any(part in shown for part in ("k3y", "8d7c", "0f9e", FORMS["base64"](SECRET)[4:12]))


VALUES = st.text(st.sampled_from(string.ascii_letters + string.digits + string.punctuation + " éß🎈"), min_size=8, max_size=60)
SPELLINGS: Sequence[Callable[[str], str]] = (
    str,
    lambda letter: "".join(f"%{byte:02X}" for byte in letter.encode()),
    lambda letter: "".join(f"%25{byte:02x}" for byte in letter.encode()),
    lambda letter: json.dumps(letter)[1:-1],
    lambda letter: f"&#{ord(letter)};",
)


@given(VALUES, st.data())
def test_a_secret_with_any_of_its_characters_escaped_is_replaced(value: str, data: st.DataObject) -> None:
    ways = data.draw(st.lists(st.sampled_from(SPELLINGS), min_size=len(value), max_size=len(value)))
    written = "".join(way(letter) for way, letter in zip(ways, value, strict=True))
    redactor = Redactor({"X": Secret(value)})
    assert redactor.finds(f"«{written}»") == "X"
    assert redactor.text(f"«{written}»") == "«${X}»"


@given(VALUES, st.text("abcXYZ019:=&?/ ", max_size=8), st.text("abcXYZ019:=&?/ ", max_size=8))
def test_a_secret_inside_base64_is_replaced(value: str, before: str, after: str) -> None:
    redactor = Redactor({"X": Secret(value)})
    written = base64.b64encode(f"{before}{value}{after}".encode()).decode()
    assert redactor.text(f"<{written}>") == "<${X}>"


@given(st.text(max_size=200))
def test_what_is_replaced_once_is_clean(text: str) -> None:
    shown = SECRETS.text(text)
    assert SECRETS.finds(shown) is None
    assert SECRETS.text(shown) == shown


@given(st.text(string.ascii_lowercase + " .,%&\\+", max_size=300))
def test_other_text_stays_as_it_is(text: str) -> None:
    assert SECRETS.text(text) == text
    assert SECRETS.finds(text) is None


def test_a_long_secret_is_replaced_to_its_end() -> None:
    token = "eyJ0" + "".join(f"{number:x}Z_-" for number in range(3000))
    redactor = Redactor({"TOKEN": Secret(token)})
    assert redactor.text(f"<{token}>") == "<${TOKEN}>"
    assert redactor.text(f"<{quote(token)}>") == "<${TOKEN}>"
    assert redactor.text(f"<{token[:5000]}…>") == "<${TOKEN}…>"
    assert redactor.text(f"<…{token[5000:]}>") == "<…${TOKEN}>"
    assert redactor.text(f"<{base64.b64encode(token.encode()).decode()}>") == "<${TOKEN}>"


def test_a_short_secret_counts_as_a_whole_word_only() -> None:
    assert SECRETS.text("us6a?a=us6a&b=x%3Aus6a&us6ab=1&c=Us6a") == "${PIN}?a=${PIN}&b=x%3A${PIN}&us6ab=1&c=Us6a"


def test_a_value_that_is_too_short_is_not_searched_for() -> None:
    redactor = Redactor({"X": Secret("abc")})
    assert redactor.text("abc") == "abc"
    assert redactor.finds("abc") is None


def test_the_beginning_of_an_ordinary_address_is_no_secret() -> None:
    redactor = Redactor({"HOOK": Secret("https://hooks.example.com/T0P5ecret")})
    assert redactor.text("https://hooks.example.com/docs") == "https://hooks.example.com/docs"
    assert redactor.text("https://hooks.example.com/T0P5e…") == "${HOOK}…"


def test_the_longer_of_two_secrets_is_the_one_that_is_named() -> None:
    redactor = Redactor({"A": Secret("t0psecret-1"), "B": Secret("t0psecret-1-and-m0re")})
    assert redactor.text("t0psecret-1-and-m0re t0psecret-1") == "${B} ${A}"


def test_a_secret_that_is_the_name_of_a_variable_is_not_found_in_its_placeholder() -> None:
    redactor = Redactor({"PASSWORD": Secret("password"), "OTHER": Secret("s3cret-PASSWORD")})
    assert redactor.text("password s3cret-PASSWORD ${PASSWORD}") == "${PASSWORD} ${OTHER} ${PASSWORD}"
    assert redactor.finds("${PASSWORD} ${OTHER}") is None


def test_a_placeholder_in_the_place_of_a_value_is_not_searched_for() -> None:
    redactor = Redactor({"KEY": Secret("${KEY}")})
    assert redactor.text("x ${KEY}") == "x ${KEY}"
    assert redactor.finds("x ${KEY}") is None


def test_json_is_searched_in_strings_keys_and_numbers() -> None:
    redactor = Redactor({"NUMBER": Secret("12345678"), "KEY": Secret(SECRET)})
    assert redactor.json({"a": [SECRET, 1, None, True, 2.5], SECRET: {"n": 12345678}}) == {
        "a": ["${KEY}", 1, None, True, 2.5],
        "${KEY}": {"n": "${NUMBER}"},
    }


def test_json_of_any_depth_is_searched() -> None:
    value: object = SECRET
    for _ in range(5000):
        value = [value]
    assert SECRET not in str(SECRETS.json({"a": value, "b": 1}))


def test_a_url_shows_where_the_secret_was() -> None:
    url = f"https://api.example.com/{quote(SECRET, safe='')}?key={quote_plus(SECRET)}&page=2"
    assert SECRETS.url(url) == "https://api.example.com/${KEY}?key=${KEY}&page=2"


@pytest.mark.parametrize("name", FORMS)
def test_a_secret_is_found_anywhere_in_a_long_text(name: str) -> None:
    form = f"<{FORMS[name](SECRET)}>"
    for number, begin in enumerate(range(65_530 - len(form), 65_550, 7)):
        words = " \n"[number % 2].join(["word"] * 14_000)
        assert SECRETS.finds(f"{words[:begin]}{form}{words[:6_000]}") == "KEY"


@pytest.mark.parametrize("filling", ["-", "word ", "xus6a", "xus6a ", "\n\n", "${PIN} ", "us6ax${KEY}-us6b ", "İ "])
def test_a_long_text_without_a_secret_has_none(filling: str) -> None:
    for before in range(7):
        assert SECRETS.finds("x" * before + filling * (150_000 // len(filling))) is None


def test_a_placeholder_in_a_long_text_is_no_secret_whatever_its_name() -> None:
    named_alike = Redactor({"USERNAME": Secret("USERNAME")})
    for before in range(12):
        assert named_alike.finds("x" * before + "${USERNAME}, " * 12_000) is None
    assert named_alike.finds("${USERNAME}, " * 12_000 + "USERNAME") == "USERNAME"
