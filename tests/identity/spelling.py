"""One value, written in many ways: as YAML that people write, and as JSON that a service may answer."""

from __future__ import annotations

import json
import random
from typing import Any, Final

from tests.bench.generate import yaml_lines

_SCRAPS: Final = (
    "\n",
    "\t",
    ": ",
    "- ",
    "&a ",
    "*a",
    "!!str ",
    "<<: *a",
    "\x00",
    "1e999",
    ".nan",
    "{",
    "]",
    "'",
    "---\n",
    "\ud800",
)


def as_yaml(rng: random.Random, written: dict[str, Any]) -> str:
    """A mapping as a spec file: in block style, as JSON, or with an anchor, a comment or quotes."""
    return _safe(_styled(rng, written))


def _styled(rng: random.Random, written: dict[str, Any]) -> str:
    block = "\n".join(yaml_lines(written)) + "\n"
    match rng.randrange(6):
        case 0:
            return json.dumps(written, indent=2, ensure_ascii=False) + "\n"
        case 1:
            return json.dumps(written, ensure_ascii=False) + "\n"
        case 2:
            return _with_comments(rng, block)
        case 3:
            return _with_anchor(block)
        case _:
            return block


def _safe(text: str) -> str:
    """JSON that is YAML, too: no pair of escapes for one character, and none of the characters that a file may not have."""
    return "".join(json.dumps(char)[1:-1] if char in "\u2028\x7f\x85\ufeff" else char for char in text)


def _with_comments(rng: random.Random, text: str) -> str:
    lines = text.splitlines()
    for _ in range(rng.randint(1, 3)):
        index = rng.randrange(len(lines))
        lines[index] += rng.choice(("  # why", "  # reconciler: ignore[explore-spec] why", "  # reconciler: ignore[nothing]"))
    return "\n".join(lines) + rng.choice(("\n", "", "\n\n"))


def _with_anchor(text: str) -> str:
    return text.replace("type: object", "type: &t object", 1).replace("type: object", "type: *t")


def broken(rng: random.Random, text: str) -> bytes:
    """The text with some of it cut out, or a scrap in it."""
    for _ in range(rng.randint(1, 2)):
        at = rng.randrange(len(text) or 1)
        text = text[:at] + rng.choice((*_SCRAPS, "")) + text[at + rng.randint(0, 8) :]
    return text.encode("utf-8", "surrogatepass")


def as_json(rng: random.Random, written: Any) -> str:
    """A JSON text of the value: with blanks, escapes, another form of a number, and now and then a key twice."""
    match written:
        case dict():
            members = [f"{_string(rng, key)}{_gap(rng)}:{_gap(rng)}{as_json(rng, item)}" for key, item in written.items()]
            if members and rng.random() < 0.01:
                members.insert(0, members[-1] if rng.random() < 0.5 else f"{json.dumps(next(iter(written)))}: 0")
            return "{" + f"{_gap(rng)},{_gap(rng)}".join(members) + "}"
        case list():
            return "[" + f",{_gap(rng)}".join(as_json(rng, item) for item in written) + "]"
        case str():
            return _string(rng, written)
        case bool() | None:
            return json.dumps(written)
        case int() if rng.random() < 0.05 and abs(written) < 2**53:
            return rng.choice((f"{written}.0", f"{written}e0", f"{written * 10}e-1"))
        case float() if rng.random() < 0.2 and written == written // 1 and abs(written) < 2**53:
            return str(int(written))
        case _:
            return json.dumps(written)


def _string(rng: random.Random, text: str) -> str:
    if text and rng.random() < 0.05:  # one letter: a text of escapes alone looks like a credential that is hidden in it
        at = rng.randrange(len(text))
        return _quoted(text[:at])[:-1] + "".join(f"\\u{unit:04x}" for unit in _units(text[at])) + _quoted(text[at + 1 :])[1:]
    return json.dumps(text, ensure_ascii=rng.random() < 0.5).replace("/", "\\/" if rng.random() < 0.1 else "/")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _units(text: str) -> list[int]:
    coded = text.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(coded[at : at + 2]) for at in range(0, len(coded), 2)]


def _gap(rng: random.Random) -> str:
    return rng.choice((" ", "", "", "", "", "\n ")) if rng.random() < 0.3 else ""
