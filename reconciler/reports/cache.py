"""The cache: where it is and what is in it, as text and JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from reconciler.errors import count
from reconciler.reports.sinks.json import report_json
from reconciler.reports.sinks.text import Text

_KILOBYTE: Final = 1_000
_MEGABYTE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class CacheView:
    """The cache folder. With `is_cleared`, the counts are what was removed. `refused` is why the folder is not used, `hint` what to do.

    Without a folder, `is_ci` tells whether that is because this is a pipeline.
    """

    folder: str | None
    files: int = 0
    entries: int = 0
    bytes: int = 0
    is_off: bool = False
    is_cleared: bool = False
    refused: str | None = None
    hint: str | None = None
    is_ci: bool = False


def render_cache_text(view: CacheView) -> str:
    """A few lines."""
    text = Text()
    size = f"{count(view.entries, 'entry', 'entries')} in {count(view.files, 'file')}, {_size(view.bytes)}"
    if view.folder is None:
        reason = (
            "in CI, only a folder that RECONCILER_CACHE_DIR names is used"
            if view.is_ci
            else "the environment has no folder for it"
        )
        text.line(f"no cache: {reason}")
        text.line("hint: set RECONCILER_CACHE_DIR to a folder of your own")
    elif view.is_cleared:
        text.line(f"removed {size}, from {view.folder}")
    else:
        text.line(f"folder    {view.folder}")
        text.line(f"content   {size}")
        if view.is_off:
            text.line("not used  --no-cache or RECONCILER_NO_CACHE switches it off")
        if view.refused is not None:
            text.line(f"not used  {view.refused}")
            text.line(f"hint: {view.hint}")
    return text.render()


def _size(number: int) -> str:
    """A number of bytes in the larger unit that it has one of."""
    return f"{number / _MEGABYTE:,.1f} MB" if number >= _MEGABYTE else f"{number / _KILOBYTE:.1f} KB"


def render_cache_json(view: CacheView) -> str:
    """The same as JSON."""
    return report_json(
        "cache",
        {
            "folder": view.folder,
            "used": view.folder is not None and not view.is_off and view.refused is None,
            "refused": view.refused,
            "hint": view.hint,
            "cleared": view.is_cleared,
            "files": view.files,
            "entries": view.entries,
            "bytes": view.bytes,
        },
    )
