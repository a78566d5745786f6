"""`reconciler prove`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click

from reconciler.cli.options.duration import Duration
from reconciler.cli.options.every_command import format_option, global_options, report_option
from reconciler.cli.shell import Shell, pass_shell

_EPILOG = """\b
Examples:
  reconciler --target dev prove mailchimp-members --dry-run
  reconciler --target dev prove mailchimp-members --yes --keep
  reconciler --target dev prove mailchimp-members --resume
  reconciler --target dev prove --cleanup all --older-than 2h

Makes a flow and what it needs in the sandbox, runs it, counts its records, and deletes everything again but a mapping set,
which Flow Service cannot delete. Secrets come from variables RECONCILER_PROOF_*, and go only to the hosts in
RECONCILER_PROOF_HOSTS. Exit codes: 0 proved and nothing left, 1 error, 3 refused by a guard and nothing made,
4 not proved, or something is left, 130 SIGINT, 143 SIGTERM.
"""
_WITH_VALUE: Final = {"--cleanup": "all", "--resume": ""}
"""Options whose value may be left out, and their value then."""


class ProveCommand(click.Command):
    """A command whose `--cleanup` and `--resume` take a value only if it is a run, or `all`, so that a KEY may follow them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, list(_with_value(args)))


def _with_value(args: list[str]) -> Iterator[str]:
    words = iter(args)
    for word in words:
        if word not in _WITH_VALUE:
            yield word
            continue
        following = next(words, None)
        is_value = following is not None and (_is_run(following) or (word == "--cleanup" and following == "all"))
        yield f"{word}={following if is_value else _WITH_VALUE[word]}"
        if following is not None and not is_value:
            yield from _with_value([following, *words])


def _is_run(word: str) -> bool:
    from reconciler.proving.naming import is_run_name

    return is_run_name(word)


@click.command(cls=ProveCommand, epilog=_EPILOG)
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option(
    "--dry-run", is_flag=True, help="Show every call with its body, and send nothing; with --cleanup, what it would delete."
)
@click.option("--yes", is_flag=True, help="Prove without asking. Required without a terminal.")
@click.option("--only", multiple=True, metavar="STEP", help="Take only this step and those that it needs (repeatable).")
@click.option("--skip", multiple=True, metavar="STEP", help="Leave out this step (repeatable).")
@click.option("--no-try", is_flag=True, help="Do not try the source first; its records come from the preview.")
@click.option(
    "--wait",
    type=Duration(),
    default=None,
    help="How long to wait for the end of one run, or for events to land [default: 15m for a run, 60m for events].",
)
@click.option("--keep", is_flag=True, help="Write proved-TARGET.json, which submit reads, if the source is proved.")
@click.option("--keep-resources", is_flag=True, help="Delete nothing.")
@click.option("--resume", metavar="[RUN]", help="Continue a proof that was cut off [default: the latest].")
@click.option("--cleanup", metavar="[RUN|all]", help="Only delete what proofs left: of one run, or of all [default: all].")
@click.option(
    "--older-than", type=Duration(), default="2h", show_default=True, help="Take younger proofs without an end to be at work."
)
@click.option("--allow-target", metavar="NAME", help="Prove in this target although proof.yaml does not list it.")
@click.option("--allow-local", is_flag=True, help="Allow http, and local and private addresses.")
@click.option("--proof", type=click.Path(path_type=Path), metavar="FILE", help="Use this proof file.")
@click.option(
    "--journal",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the journal to FILE [default: a new file in .reconciler/proofs]; with --cleanup, clean up the run of this journal.",
)
@format_option("text", "json", "markdown", "html")
@report_option
@global_options
@pass_shell
def prove(shell: Shell, /, keys: tuple[str, ...], form: str, cleanup: str | None, **given: Any) -> int:
    """Prove that Adobe's own engine reads all records of a source.

    Runs the live spec in a test sandbox: makes a connection and a flow, waits for its run, compares the counts with those of try and of
    proof.yaml, and deletes what it made, also after a failure or an interrupt. A KEY may also be the path of a spec file
    or folder, or a glob such as 'acme-*'.
    """
    from reconciler.cli.proving import run_cleanup, run_prove

    if cleanup is not None:
        return run_cleanup(shell, keys, form, cleanup, given)
    return run_prove(shell, keys, form, given)
