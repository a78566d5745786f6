"""Forms that only keys and tokens have: services give theirs prefixes so that scanners find them.

Sources: the services' own pages on their keys, and the patterns of code hosts' secret scanning.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from typing import Final

_NO_WORDS: Final = r"(?=[a-z_-]*(?:[A-Z0-9]|[a-z]{16}))"
"""Lookahead before random letters and hyphens: excludes words in lower case."""

_FORMS: Final = (
    ("a private key", r"-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----"),
    ("a JSON Web Token", r"eyJ[A-Za-z0-9_-]{10,400}\.eyJ[A-Za-z0-9_-]{10}"),
    ("an Adobe client secret", rf"p8e-{_NO_WORDS}[A-Za-z0-9_-]{{20}}"),
    ("an Airtable token", r"pat[A-Za-z0-9]{14}\.[0-9a-f]{64}\b"),
    ("an AWS key", r"(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    ("an Anthropic key", rf"sk-ant-[a-z0-9]{{3,10}}-{_NO_WORDS}[A-Za-z0-9_-]{{20}}"),
    ("an Atlassian token", r"ATATT3[A-Za-z0-9_=-]{60}"),
    ("an Azure Storage key", r"AccountKey=[A-Za-z0-9+/]{80}"),
    ("a Brevo key", r"xkeysib-[0-9a-f]{64}-"),
    ("a Databricks token", r"dapi[0-9a-f]{32}\b"),
    ("a DigitalOcean token", r"do[opr]_v1_[0-9a-f]{64}\b"),
    ("a GitHub token", r"gh[opsur]_[A-Za-z0-9]{36}"),
    ("a GitHub token", r"github_pat_[A-Za-z0-9_]{40}"),
    ("a GitLab token", rf"gl(?:pat|ptt|dt|rt|cbt|oas|soat|agent|ft|imt)-{_NO_WORDS}[A-Za-z0-9_-]{{20}}"),
    ("a Google key", r"AIza[0-9A-Za-z_-]{35}"),
    ("a Google token", rf"ya29\.{_NO_WORDS}[0-9A-Za-z_-]{{30}}"),
    ("a Google client secret", rf"GOCSPX-{_NO_WORDS}[0-9A-Za-z_-]{{20}}"),
    ("a HubSpot token", r"pat-(?:na|eu|ap)[0-9]-[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b"),
    ("a Hugging Face token", r"hf_[A-Za-z0-9]{34}\b"),
    ("a Mailchimp key", r"[0-9a-f]{32}-us[0-9]{1,2}\b"),
    ("a Mailgun key", r"key-[0-9a-f]{32}\b"),
    ("a New Relic key", r"NRAK-[A-Z0-9]{27}\b"),
    ("a Notion token", r"(?:secret_[A-Za-z0-9]{43}|ntn_[A-Za-z0-9]{46})\b"),
    ("an npm token", r"npm_[A-Za-z0-9]{36}\b"),
    ("an OpenAI key", rf"sk-(?:proj|svcacct|admin|None)-{_NO_WORDS}[A-Za-z0-9_-]{{20}}"),
    ("an OpenAI key", r"sk-(?:[A-Za-z0-9]{20}T3BlbkFJ|[A-Za-z0-9]{48}\b)"),
    ("a Postman key", r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}\b"),
    ("a PyPI token", r"pypi-Ag(?:EIcHlwaS5vcmc|ENdGVzdC5weXBpLm9yZ)[A-Za-z0-9_-]{20}"),
    ("a SendGrid key", r"SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}"),
    ("a Shopify token", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}\b"),
    ("a Slack token", r"xox[abceoprs]-(?=[A-Za-z-]{0,40}[0-9])[A-Za-z0-9-]{10}"),
    ("a Slack token", r"xapp-[0-9]-[A-Z0-9]{8,}-"),
    ("a Square token", r"EAAA[A-Za-z0-9_-]{60}\b"),
    ("a Square token", r"sq0(?:atp|csp)-[A-Za-z0-9_-]{22}"),
    ("a Stripe key", r"(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16}"),
    ("a Stripe secret", r"whsec_[A-Za-z0-9+/]{24}"),
    ("a Twilio key", r"SK[0-9a-f]{32}\b"),
    ("a Vault token", r"hv[sbr]\.[A-Za-z0-9_-]{24}"),
)
"""What the match is, and the pattern."""
_TOKENS: Final = re.compile(rf"(?<![A-Za-z0-9_-])(?:{'|'.join(form for _, form in _FORMS)})")
"""Any of these patterns, without groups: with a group for each, the search takes six times as long."""
_BASIC: Final = re.compile(r"[Bb](?:asic|ASIC)\s+([A-Za-z0-9+/]{6,4000}={0,2})(?![A-Za-z0-9+/=])")
_BEARER: Final = re.compile(r"[Bb](?:earer|EARER)\s+([A-Za-z0-9._~+/-]{20,4000}=*)")
_PLACEHOLDER: Final = re.compile(
    r"(?<![A-Za-z])(?:your|insert|enter|paste|replace)[_ -]|placeholder|change-?me|redacted|dummy|x{6}|[*.]{4}", re.IGNORECASE
)
_NO_PASSWORD: Final = re.compile(
    r"[$<{]|(?:client|api|access|auth|user|my)?[_ -]?(?:secret|key|token|pass(?:word|wd|phrase)?|pwd)$", re.IGNORECASE
)
"""A password in an example."""
_UNUSED: Final = re.compile(r"x?", re.IGNORECASE)
"""The password in a login whose name is the key."""
_REST: Final = re.compile(r"[\w-]{0,40}")
"""The text after a match, which may show that it is a placeholder."""
_IN_RUN: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.+/=-")
_SHAPE: Final = bytes(ord("a") if code in _IN_RUN else ord(" ") for code in range(256))
"""What each character becomes in the shape of a text."""
_RUN: Final = b"a" * 15
"""The shape of a run of random characters."""
_WORDS: Final = ("-----BEGIN", "asic", "ASIC", "earer", "EARER")
"""A run or one of these words is in every text that one of these patterns matches, and costs a fraction of them to look for."""
_KNOWN: Final = 2_048
"""Texts whose verdict is kept: the specs of a repository have many in common."""
_LEAST_DIFFERENT: Final = 8
"""Minimum number of different characters in a token."""


def that_may_hold_token(texts: str) -> Iterable[str]:
    """Those of these texts, with a null between any two, that may hold a key or token, each once. The others certainly do not.

    A text that has a null itself counts as several: no pattern matches one.
    """
    found = dict.fromkeys(_texts_at(texts, partial(_shape(texts).find, _RUN)))
    for word in _WORDS:
        found |= dict.fromkeys(_texts_at(texts, partial(texts.find, word)))
    return found


def _shape(text: str) -> bytes:
    """One byte for each character, which says whether it may be in a run."""
    return text.encode("ascii", "replace").translate(_SHAPE)


def _texts_at(texts: str, find: Callable[[int], int]) -> Iterator[str]:
    """The texts where this is found; `find` returns the first place from a start, -1 for none."""
    place = find(0)
    while place >= 0:
        end = texts.find("\0", place)
        if end < 0:
            yield texts[texts.rfind("\0", 0, place) + 1 :]
            return
        yield texts[texts.rfind("\0", 0, place) + 1 : end]
        place = find(end)


@lru_cache(maxsize=_KNOWN)
def token_in(text: str) -> str | None:
    """The key or token in this string, as "an OpenAI key"; None if there is none.

    Placeholders, such as `your-api-key-here` or a row of x, do not count.
    """
    if not (_RUN in _shape(text) or any(word in text for word in _WORDS)):
        return None
    for found in _TOKENS.finditer(text):
        rest = _REST.match(text, found.end())
        if not is_placeholder(found[0] + (rest[0] if rest else "")):
            return next(what for what, form in _FORMS if re.compile(form).match(text, found.start()))
    if any(_is_login(found[1]) for found in _BASIC.finditer(text)):
        return "a user's name and password"
    return "a token" if any(_is_token(found[1]) for found in _BEARER.finditer(text)) else None


def is_placeholder(text: str) -> bool:
    """Whether this string is a placeholder for a secret."""
    return bool(_PLACEHOLDER.search(text))


def _is_token(text: str) -> bool:
    """Whether this is random letters and digits rather than words."""
    return bool(re.search(r"\d", text)) and len(set(text)) >= _LEAST_DIFFERENT and not is_placeholder(text)


def _is_login(text: str) -> bool:
    """Whether this is `name:password` in Base64."""
    try:
        decoded = b64decode(text + "=" * (-len(text) % 4)).decode()
    except (NotBase64, ValueError):
        return False
    name, colon, password = decoded.partition(":")
    secret = name if _UNUSED.fullmatch(password) else password
    return bool(colon) and decoded.isprintable() and not _NO_PASSWORD.match(secret) and not is_placeholder(secret)
