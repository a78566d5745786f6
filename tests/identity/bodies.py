"""Bodies of specs, drawn: like published ones, with values that are easily mistaken for each other."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any, Final

_STREAMING: Final = "521eee4d-8cbe-4906-bb48-fb6bd4450033"
PROVIDER: Final = "0ed90a81-07f4-4586-8190-b40eccef1c5a"
NAMES: Final = ("Acme Orders", "Acme orders", "ACME  ORDERS", "Café", "Cafe\u0301", "Members 🎉", "a  b")
_RARE_NAMES: Final = ("line\nbreak", "tab\there", "\u202eright to left", " blank ")
_SCALARS: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, 1, 1.0, -0.0, 0.1, 1e16, 10**16, 2**53 + 1, float(2**53), 10**30, "1", "true", "null", "", " "),
    *("100", 100, 100.0, "é", "e\u0301", "a/b~c", "$.items", "Const:false", "no", "2024-01-01", "0o7"),
)
_RARE: Final[tuple[Any, ...]] = ("\u2028", "\x7f", "\x85", "\ufeff", "x" * 3_000, 10**400)
_KEYS: Final = (
    "name",
    "type",
    "items",
    "required",
    "properties",
    "default",
    "enum",
    "permissions",
    "a",
    "b",
    "a/b",
    "é",
    "0",
    "",
)
_LISTS: Final = ("required", "permissions", "entitlements", "duleLabels", "enum", "items", "skipAttributes")


def scalar(rng: random.Random) -> Any:
    """A value that is neither a mapping nor a list."""
    return rng.choice(_RARE if rng.random() < 0.005 else _SCALARS)


def value(rng: random.Random, levels: int = 3) -> Any:
    """Any JSON value."""
    kind = rng.random()
    if levels == 0 or kind < 0.5:
        return scalar(rng)
    if kind < 0.75:
        return {key: value(rng, levels - 1) for key in rng.sample(_KEYS, rng.randint(0, 3))}
    return [value(rng, levels - 1) for _ in range(rng.randint(0, 3))]


def connection(rng: random.Random, number: int) -> dict[str, Any]:
    """The body of a connection spec that validation takes, or nearly so."""
    kind = rng.choice(("generic-rest", "generic-rest", "generic-streaming", "custom"))
    body: dict[str, Any] = {
        "name": f"{rng.choice(_RARE_NAMES if rng.random() < 0.02 else NAMES)} {number}",
        "providerId": _STREAMING if kind == "generic-streaming" else PROVIDER,
        "version": "1.0",
        "type": kind,
    }
    parts: dict[str, Callable[[], Any]] = {
        "description": lambda: rng.choice(("", "Orders", "Orders of é", "two\nlines\n")),
        "attributes": lambda: {"uiAttributes": {"isBeta": rng.random() < 0.5, "limit": scalar(rng)}},
        "authSpec": lambda: _auth(rng),
        "sourceSpec": lambda: {"attributes": _attributes(rng), "spec": schema(rng)},
        "exploreSpec": lambda: {
            "name": "Resource",
            "type": "Resource",
            "requestSpec": schema(rng, 1),
            "responseSpec": schema(rng),
        },
        "permissionsInfo": lambda: {"view": [{"@type": "lowLevel", "name": "E", "permissions": ["read", "write"]}]},
        "encryptionSpecs": lambda: [{"name": "PGP", "required": ["b", "a"]}, {"name": "RSA"}],
        "extra": lambda: value(rng, 4),
    }
    return body | {name: make() for name, make in parts.items() if rng.random() < 0.6}


def flow(rng: random.Random, number: int, keys: list[str]) -> dict[str, Any]:
    """The body of a flow spec; `keys` are those of connection specs that it may refer to."""
    refs: list[Any] = [{"ref": key} for key in rng.sample(keys, min(len(keys), rng.randint(0, 3)))]
    refs += rng.sample([f"{PROVIDER[:-1]}{digit}" for digit in range(5)], rng.randint(0, 2))
    body: dict[str, Any] = {"name": f"Own flow {number}", "providerId": PROVIDER, "version": "1.0"}
    if rng.random() < 0.7:
        body["sourceConnectionSpecIds"] = refs
    if rng.random() < 0.5:
        body[rng.choice(("transformationSpecs", "transformationSpec"))] = [{"name": "Mapping", "spec": schema(rng, 1)}]
    return body | {"optionSpec": {"name": "OptionSpec", "spec": schema(rng)}}


def schema(rng: random.Random, levels: int = 2) -> dict[str, Any]:
    """A JSON Schema."""
    made: dict[str, Any] = {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object"}
    names = rng.sample(("id", "name", "email", "listId", "default", "enum"), rng.randint(1, 4))
    made["properties"] = {
        name: schema(rng, levels - 1)
        if levels and rng.random() < 0.3
        else {"type": rng.choice(("string", "integer", "number")), "default": scalar(rng)}
        for name in names
    }
    if rng.random() < 0.6:
        made["required"] = rng.sample(names, rng.randint(0, len(names)))
    if rng.random() < 0.3:
        made["enum"] = [scalar(rng) for _ in range(3)]
    return made


def _auth(rng: random.Random) -> list[dict[str, Any]]:
    names = rng.sample(("OAuth2 Refresh Code", "Basic Authentication", "API Key"), rng.randint(1, 3))
    return [{"name": name, "type": name.replace(" ", ""), "spec": schema(rng)} for name in names]


def _attributes(rng: random.Random) -> dict[str, Any]:
    content = rng.choice(("$.members", {"path": "$.members"}, {"path": "$.members", "skipAttributes": ["_links", "total"]}))
    return {
        "urlParams": {"host": "https://api.acme.example", "path": "/v1/${listId}", "method": rng.choice(("GET", "POST"))},
        "contentPath": content,
        "paginationParams": {
            "type": "OFFSET",
            "limitName": "count",
            "limitValue": rng.choice((100, "100", 100, 200, scalar(rng))),
            "offSetName": "offset",
        },
    }


def edited(rng: random.Random, body: dict[str, Any], times: int = 1) -> dict[str, Any]:
    """The body with this many edits, of which some mean nothing to the service: another order of a set, 1 for 1.0."""
    made = copy.deepcopy(body)
    for _ in range(times):
        _edit(rng, made)
    return made


def _edit(rng: random.Random, body: dict[str, Any]) -> None:
    holders = [one for one in _holders(body) if one]
    holder = rng.choice(holders) if holders else body
    if isinstance(holder, list):
        rng.choice((holder.reverse, holder.sort if _sorts(holder) else holder.reverse, holder.pop, _twice(rng, holder)))()
        return
    key = rng.choice(sorted(holder))
    match rng.randrange(6):
        case 0:
            holder.pop(key)
        case 1:
            holder[key] = None
        case 2:
            holder[rng.choice((*_KEYS, *_LISTS))] = value(rng, 2)
        case 3:
            holder[key] = _alike(holder[key])
        case 4:
            holder[key] = scalar(rng)
        case _:
            rest = list(holder.items())
            rng.shuffle(rest)
            holder.clear()
            holder.update(rest)


def _holders(found: Any) -> list[Any]:
    """All mappings and lists in a value, itself included."""
    if not isinstance(found, dict | list):
        return []
    inner = found.values() if isinstance(found, dict) else found
    return [found, *(one for item in inner for one in _holders(item))]


def _sorts(items: list[Any]) -> bool:
    return all(isinstance(item, str) for item in items)


def _twice(rng: random.Random, items: list[Any]) -> Callable[[], None]:
    return lambda: items.append(copy.deepcopy(rng.choice(items)))


def _alike(found: Any) -> Any:
    """A value that looks like this one, and may or may not be the same to the service."""
    match found:
        case bool():
            return int(found)
        case int() if abs(found) < 2**53:
            return float(found)
        case float() if found == found // 1:
            return int(found)
        case int() | float():
            return str(found)
        case str():
            return [found] if found.startswith("$") else found.strip() or None
        case {"path": path, **rest} if not rest:
            return path
        case None:
            return ""
        case _:
            return [] if found == {} else {}
