"""`reconciler try`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from reconciler.cli.options.every_command import format_option, global_options, report_option
from reconciler.cli.shell import Shell, pass_shell

_EPILOG = """\b
Examples:
  reconciler try mailchimp-members
  reconciler try mailchimp-members --dry-run --set listId=9f1ab3c0d2
  reconciler try mailchimp-members --record
  reconciler try --all --replay

Secrets come from variables RECONCILER_PROOF_*, named in specs/proofs/KEY/proof.yaml, and go only to the hosts in
RECONCILER_PROOF_HOSTS. Exit codes: 0 the spec does what it should, 1 error or no connection, 3 refused by a guard,
4 the spec does not do what it should.
"""


class TryCommand(click.Command):
    """A command whose `--record` takes a value only if it is `raw`, so that a KEY may follow it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, list(_with_value(args)))


def _with_value(args: list[str]) -> Iterator[str]:
    words = iter(args)
    for word in words:
        if word != "--record":
            yield word
            continue
        following = next(words, None)
        yield f"--record={'raw' if following == 'raw' else 'redacted'}"
        if following not in (None, "raw"):
            yield from _with_value([str(following), *words])


@click.command("try", cls=TryCommand, epilog=_EPILOG)
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("--all", "everything", is_flag=True, help="Try every source, and list those that cannot be tried.")
@click.option("--auth", metavar="NAME", help="The entry of authSpec to use, if there are several.")
@click.option("--set", "sets", multiple=True, metavar="NAME=VALUE", help="Set a parameter that is not secret (repeatable).")
@click.option("--proof", type=click.Path(path_type=Path), metavar="FILE", help="Use this proof file.")
@click.option("--pages", type=click.IntRange(1, 10_000), default=25, show_default=True, help="Maximum number of requests.")
@click.option("--records", type=click.IntRange(0, 100), default=3, show_default=True, help="Number of records to show.")
@click.option("--delay", is_flag=True, help="Wait as long as delayRequestMillis says [default: at most 1 second].")
@click.option("--backfill", is_flag=True, help="Request what a first run requests. This is the default.")
@click.option("--preview", is_flag=True, help="Request what a preview requests.")
@click.option("--window", metavar="FROM..TO", help="Request this time range, in UTC.")
@click.option("--windows", is_flag=True, help="Also count the records of several time ranges, to check scheduleParams.")
@click.option("--dry-run", is_flag=True, help="Show the first request, and send nothing.")
@click.option(
    "--record", type=click.Choice(["redacted", "raw"]), metavar="[raw]", help="Keep a redacted recording of the answers."
)
@click.option("--replay", is_flag=True, help="Answer from the recording: needs no network and no secret.")
@click.option("--stub", is_flag=True, help="Answer from provider.yaml; with --record, write it if it does not exist.")
@click.option("--assume", multiple=True, metavar="NAME=VALUE", help="Set what is assumed about the service (repeatable).")
@click.option("--assumptions", is_flag=True, help="Try each other assumption, and show those that change the outcome.")
@click.option("--curl", is_flag=True, help="Show a curl command for each request.")
@click.option("--allow-local", is_flag=True, help="Allow http, and local and private addresses.")
@click.option("--probe-auth", is_flag=True, help="Also send a wrong credential to authorizationTestUrl.")
@format_option("text", "json", "markdown", "html")
@report_option
@global_options
@pass_shell
def try_(shell: Shell, /, keys: tuple[str, ...], everything: bool, form: str, **given: Any) -> int:
    """Try whether a spec reads all records of the third party, without Flow Service.

    Sends the requests that the service would send, follows the pages, and reports what goes wrong. Needs the third party, a recording
    (--replay) or a stub (--stub). Changes nothing in Flow Service. A KEY may also be the path of a spec file or folder, or a glob such
    as 'acme-*'.
    """
    from reconciler.cli.trying import run_try

    return run_try(shell, keys, form, given, everything=everything)
