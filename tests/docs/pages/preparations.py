"""What happens off the page before a block: other people, other repositories, and what a section begins with."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Final

from ruamel.yaml import YAML

from reconciler.emulator import build
from reconciler.emulator.model import Place
from tests.docs.console import JANE, PLACE, PROJECT, Console

_SETTINGS: Final = """\
version: 1
repository: acme/aep-sources
default_target: dev
targets:
  dev: {emulator: .reconciler/dev.db, org_id: 1234567890@AdobeOrg, sandbox: dev}
"""
_PROVIDER: Final = "0ed90a81-07f4-4586-8190-b40eccef1c5a"


def zendesk_pages_by_the_next_cursor(console: Console) -> None:
    path = console.folder / "specs/sources/zendesk-organizations/connection-spec.yaml"
    path.write_text(path.read_text().replace("page[after]", "page[next]"))
    console.run("git commit -qam 'Page by the next cursor'")


def jane_raises_the_page_size(console: Console) -> None:
    console.edit_live("MailChimp Members source", {"sourceSpec": {"attributes": {"paginationParams": {"limitValue": "500"}}}})


def jane_makes_a_spec(console: Console) -> None:
    body = {"name": "Acme Returns", "type": "generic-rest", "providerId": _PROVIDER, "version": "1.0", "description": "Returns"}
    with build(console.folder / ".reconciler/local.db") as emulator:
        emulator.service.create_spec("connectionSpecs", PLACE, body, JANE)


def another_repository(console: Console) -> None:
    """../store-sources: other files, the same Flow Service, which is one over HTTP."""
    settings = console.folder / "specs" / "reconciler.yaml"
    settings.write_text(settings.read_text().replace("default_target: local", "default_target: stage"))
    console.run("git commit -qam 'Reconcile stage' && reconciler apply --yes")
    other = Console(console.folder.parent / "store-sources")
    source = "specs/sources/acme-store-orders"
    shutil.copytree(console.folder / source, other.folder / source)
    (other.folder / "specs" / "reconciler.yaml").write_text(
        settings.read_text().replace("acme/aep-sources", "acme/store-sources")
    )
    other.run("git init -q -b main && git add -A && git commit -qm 'Begin with the stores'")


def mailchimp_is_live(console: Console) -> None:
    """A new repository, and a spec that somebody else has made."""
    (console.folder / "specs").mkdir()
    (console.folder / "specs" / "reconciler.yaml").write_text(_SETTINGS)
    spec = YAML().load((PROJECT / "specs/sources/mailchimp-members/connection-spec.yaml").read_text())["spec"]
    (console.folder / ".reconciler").mkdir()
    with build(console.folder / ".reconciler/dev.db") as emulator:
        emulator.service.create_spec("connectionSpecs", Place("1234567890@AdobeOrg", "dev"), spec, JANE)


def the_token_is_misspelled(console: Console) -> None:
    path = console.folder / "specs/sources/acme-tickets/connection-spec.yaml"
    path.write_text(path.read_text().replace("${tenant}", "${tenat}"))


def oauth_is_removed(console: Console) -> None:
    """On a branch: `origin/main` has the auth spec."""
    path = console.folder / "specs/sources/mailchimp-members/connection-spec.yaml"
    yaml = YAML()
    document = yaml.load(path.read_text())
    document["spec"]["authSpec"] = [one for one in document["spec"]["authSpec"] if one["name"] != "OAuth2 Refresh Code"]
    console.run("git update-ref refs/remotes/origin/main HEAD")
    with path.open("w") as file:
        yaml.dump(document, file)
    console.run("git commit -qam 'Sign in with a password'")


def a_schema_of_events(console: Console) -> None:
    (console.folder / "event.schema.json").write_text('{"type": "object", "required": ["id"]}')


def two_specs_change(console: Console) -> None:
    jane_raises_the_page_size(console)
    zendesk_pages_by_the_next_cursor(console)


PREPARED: Final[dict[str, Callable[[Console], None]]] = {
    one.__name__.replace("_", "-"): one
    for one in (
        zendesk_pages_by_the_next_cursor,
        jane_raises_the_page_size,
        jane_makes_a_spec,
        another_repository,
        mailchimp_is_live,
        the_token_is_misspelled,
        oauth_is_removed,
        two_specs_change,
        a_schema_of_events,
    )
}
