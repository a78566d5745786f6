"""Hostile input with a structure: JSON of every Unicode class and size, envelopes, and YAML texts that are nearly in order."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st

from reconciler.documents.json_text import Json, encode

_CATEGORIES: Final[tuple[Any, ...]] = (
    *("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po"),
    *("Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Co", "Cn"),
)
_NASTY: Final = (
    *(
        "::error::x",
        "\n::set-output name=a::b",
        "##[error]x",
        "##vso[task.complete]",
        "\x1b[31m",
        "\x1b]0;x\x07",
        "\x9b31m",
        "\r\n",
    ),
    *(
        "\u202etxt.exe",
        "\u2066",
        "\u200b",
        "\u2028",
        "\u0000",
        "\ufeff",
        "\U000e0041",
        "e\u0301",
        "```",
        "@team",
        "|",
        "<script>",
    ),
    *(
        "null",
        "~",
        "no",
        "1.0",
        "0x1f",
        "<<",
        "*a",
        "&a",
        "!!int",
        "%YAML 1.1",
        "---",
        "- ",
        ": ",
        " #",
        "{ref: a}",
        "/a~2",
        "../x",
    ),
)

CHARACTERS: Final = st.sampled_from(_CATEGORIES).flatmap(lambda category: st.characters(categories=[category]))
TEXTS: Final = st.one_of(st.sampled_from(_NASTY), st.lists(CHARACTERS | st.sampled_from(_NASTY), max_size=6).map("".join))
NUMBERS: Final = st.one_of(
    st.integers(),
    st.sampled_from([2**53 + 1, -(2**63) - 1, 2**64, 10**40, -(10**4298)]),
    st.floats(allow_nan=False, allow_infinity=False),
)
SCALARS: Final[st.SearchStrategy[Json]] = st.none() | st.booleans() | NUMBERS | TEXTS
KEYS: Final = TEXTS | st.sampled_from(
    ["ref", "name", "id", "reconciler", "attributes", "required", "type", "items", "key", "digests"]
)


def _nested(levels: int) -> Json:
    value: Json = {}
    for level in range(levels):
        value = [value] if level % 2 else {"a": value}
    return value


DEEP: Final = st.integers(0, 260).map(_nested)
VALUES: Final[st.SearchStrategy[Json]] = st.one_of(
    st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=10),
    DEEP,
)

_ID: Final = "f6c0de0c-0a42-4cd9-9139-8768bf2f1b55"
_PROVIDER: Final = "0ed90a81-07f4-4586-8190-b40eccef1c5a"
SECTIONS: Final = st.sampled_from(
    [
        *("authSpec", "sourceSpec", "exploreSpec", "attributes", "permissionsInfo", "description", "version", "type", "id"),
        *("sourceConnectionSpecIds", "targetConnectionSpecIds", "transformationSpecs", "encryptionSpecs", "createdBy"),
    ]
)
BODIES: Final[st.SearchStrategy[dict[str, Json]]] = st.builds(
    lambda body, named: body | named,
    st.dictionaries(SECTIONS | TEXTS, VALUES, max_size=4),
    st.fixed_dictionaries(
        {}, optional={"name": st.just("Acme Orders") | TEXTS, "providerId": st.just(_PROVIDER) | TEXTS, "version": st.just("1.0")}
    ),
)
"""The bodies of specs, with and without what the service requires."""

GOOD: Final[dict[str, Json]] = {"name": "Acme Orders", "providerId": _PROVIDER, "version": "1.0"}
_FIELDS: Final = ("kind", "key", "formerly", "flowSpecs", "ids", "adopt", "ignore", "overlays", "spec")
_TARGETS: Final = st.sampled_from(["stage", "prod"])
ENVELOPES: Final[st.SearchStrategy[dict[str, Json]]] = st.builds(
    lambda fitting, other: fitting | other,
    st.fixed_dictionaries(
        {
            "kind": st.just("ConnectionSpec"),
            "spec": st.dictionaries(SECTIONS | TEXTS, VALUES, max_size=2).map(lambda body: body | GOOD) | BODIES,
        },
        optional={
            "key": st.just("orders"),
            "formerly": st.just(["old"]),
            "flowSpecs": st.lists(st.just("RestStorageToAEP") | TEXTS.filter(str.strip), max_size=2),
            "ids": st.dictionaries(_TARGETS, st.just(_ID), max_size=2),
            "adopt": st.booleans() | st.just("acme/other"),
            "ignore": st.lists(st.sampled_from(["/description", "/attributes/a~1b", "/x/0/-"]), max_size=2),
            "overlays": st.dictionaries(_TARGETS, st.dictionaries(SECTIONS, VALUES, max_size=2), max_size=2),
        },
    ),
    st.one_of(
        st.just({}),
        st.dictionaries(st.sampled_from(_FIELDS) | TEXTS, VALUES, max_size=2),
        st.fixed_dictionaries({"kind": st.just("FlowSpec")}),
        st.fixed_dictionaries({"ids": st.dictionaries(_TARGETS | TEXTS, st.just(_ID) | VALUES, max_size=2)}),
        st.fixed_dictionaries({"overlays": st.dictionaries(_TARGETS | TEXTS, BODIES | VALUES, max_size=2)}),
        st.fixed_dictionaries({"ignore": st.lists(TEXTS, max_size=2)}),
    ),
)
"""Spec files in their envelope: most of it in order, and in places anything."""

_WORDS: Final = (
    *(
        "\n",
        "\n  ",
        "\n    ",
        "\r\n",
        "\t",
        " ",
        ": ",
        "- ",
        "? ",
        ",",
        "[",
        "]",
        "{",
        "}",
        "'",
        '"',
        "|\n",
        ">-\n",
        "# ",
        "---\n",
    ),
    *(
        "&a ",
        "*a",
        "!!str ",
        "!!python/object:os.system ",
        "!x ",
        "<<: *a",
        "...\n",
        "%YAML 1.2\n",
        "\\u",
        "\\ud800",
        "\x00",
        "\x85",
    ),
    *("kind: ConnectionSpec\n", "spec:\n  ", "name: ", "ids: {stage: ", "overlays: ", "1e999", ".nan", "0o7", "~", "\ufeff"),
)


@st.composite
def yaml_texts(draw: st.DrawFn) -> bytes:
    """An envelope as YAML (JSON is YAML, too), with some of it cut out and some scraps put in."""
    text = encode(draw(ENVELOPES)).decode()
    if draw(st.booleans()):
        text = text.replace('{"', '{\n"').replace(',"', ',\n"')
    for _ in range(draw(st.integers(0, 2))):
        start = draw(st.integers(0, len(text)))
        cut = draw(st.integers(0, 12))
        text = text[:start] + draw(st.sampled_from(_WORDS) | TEXTS) + text[start + cut :]
    return text.encode()


def as_escaped_yaml(value: dict[str, Any]) -> bytes:
    """The value in flow style, with every character beyond ASCII as an escape that YAML has."""
    text = encode(value).decode()
    return "".join(char if " " <= char <= "~" else f"\\U{ord(char):08x}" for char in text).encode()
