"""`reconciler cache`."""

from __future__ import annotations

from dataclasses import replace

import click

from reconciler.cli.options.every_command import format_option, global_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import emit
from reconciler.errors import ExitCode, ReconcilerError

_EPILOG = """\b
Examples:
  reconciler cache
  reconciler cache --format json
  reconciler cache --clear
"""


@click.command(epilog=_EPILOG)
@format_option("text", "json")
@click.option("--clear", is_flag=True, help="Remove everything from the cache.")
@global_options
@pass_shell
def cache(shell: Shell, form: str, *, clear: bool) -> int:
    """Show where the cache is, and how large; or empty it.

    The cache keeps what was read of spec files and what the rules said, so that a file that did not change is not read again. It is never
    needed: `--no-cache` gives the same results, and the environment variable RECONCILER_NO_CACHE=1 switches it off. RECONCILER_CACHE_DIR
    names another folder; in CI, there is no other.
    """
    from reconciler.cache import store
    from reconciler.cache.place import Unusable, is_ci
    from reconciler.reports.cache import CacheView, render_cache_json, render_cache_text

    place = replace(shell.scope.cache, is_off=False)
    view = CacheView(
        str(place.root) if place.root else None, is_off=shell.scope.cache.is_off, is_cleared=clear, is_ci=is_ci(shell.environ)
    )
    try:
        size = store.clear(place) if clear else store.size_of(place)
        view = replace(view, files=size.files, entries=size.entries, bytes=size.bytes)
    except Unusable as error:
        if clear:
            raise ReconcilerError(f"the cache is not emptied: {error}", hint=error.hint) from None
        view = replace(view, refused=str(error), hint=error.hint)
    except OSError as error:
        reason = f"{place.root}: {error.strerror or type(error).__name__}"
        hint = "set RECONCILER_CACHE_DIR to a folder of your own"
        if clear:
            raise ReconcilerError(f"the cache is not emptied: {reason}", hint=hint) from None
        view = replace(view, refused=reason, hint=hint)
    emit(render_cache_json(view) if form == "json" else render_cache_text(view))
    return ExitCode.DONE
