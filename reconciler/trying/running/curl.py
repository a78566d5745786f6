"""A request as a `curl` command that can be copied: shell-quoted, with secrets as variables of the environment."""

from __future__ import annotations

import re
import shlex
from typing import Final

from reconciler.documents.json_text import encode
from reconciler.trying.report import ShownCall

PREFIX: Final = "RECONCILER_PROOF_"
_SECRET: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_BASIC: Final = "Basic "


def curl_line(call: ShownCall) -> str:
    """The command for a request in its shown form, in which every secret is `${NAME}`.

    A secret in the query is passed to `--data-urlencode`, because a shell cannot encode it.
    """
    address, mark, query = call.url.partition("?")
    pairs = query.split("&") if mark else []
    is_get = call.method == "GET" and call.body is None
    apart = [pair for pair in pairs if _SECRET.search(pair)] if is_get else []
    kept = [pair for pair in pairs if pair not in apart]
    words = ["curl", "--silent", "--show-error"]
    words += ["--request", shlex.quote(call.method)] if call.method not in ("GET", "POST") or not (is_get or call.body) else []
    words += [word for name, value in call.headers for word in _header(name, value)]
    words += ["--data", _quoted(encode(call.body).decode())] if call.body is not None else []
    words += ["--get"] if apart else []
    words += [word for pair in apart for word in ("--data-urlencode", _quoted(pair))]
    return " ".join([*words, _quoted(address + ("?" + "&".join(kept) if kept else ""))])


def _header(name: str, value: str) -> tuple[str, str]:
    if name.lower() == "authorization" and value.startswith(_BASIC) and ":" in value:
        return "--user", _quoted(value.removeprefix(_BASIC))
    return "--header", _quoted(f"{name}: {value}")


def _quoted(text: str) -> str:
    """The text as one word of a shell: quoted, with each `${NAME}` as a variable that the shell fills in."""
    pieces = _SECRET.split(text)
    shown = [f'"${PREFIX}{piece}"' if index % 2 else (shlex.quote(piece) if piece else "") for index, piece in enumerate(pieces)]
    return "".join(shown) or "''"
