"""A checkout whose settings have several targets and a fleet, and what `validate` says of its files offline.

A case is what the files have beside two targets, `stage` and `prod`; lines are those of the file that the problem is in.
"""

from __future__ import annotations

from typing import Any

from tests.cli.test_offline import Checkout

STAGE = "  stage: {org_id: 1@AdobeOrg, sandbox: stage, vars: {host: h}}\n"
PROD = "  prod: {org_id: 1@AdobeOrg, sandbox: prod, vars: {host: h}MORE}\n"
SETTINGS = f"version: 1\nrepository: acme/aep-sources\ntargets:\n{STAGE}{PROD}"
FLEET = "fleets:\n  shops:\n    org_id: 9@AdobeOrg\n    sandboxes: [emea, apac]\n    vars: {host: h}\n"
SPEC = """\
kind: ConnectionSpec
MOREspec:
  name: Acme Orders
  providerId: 0ed90a81-07f4-4586-8190-b40eccef1c5a
  version: "1.0"
  type: some-source
"""
FILE = "sources/orders/connection-spec.yaml"
NAME = "use up to 64 letters, digits, '-' and '_'"
TIME = "write a time in minutes, hours or days, such as 30m, 24h or 7d"
EXCEPT_KEYS = (
    "after, base_url, by_name, credentials, emulator, environment, groups, org_id, ownership, proved, provider, scopes, soak, "
    "token_url, vars"
)


def settings(more: str = "", prod: str = "") -> str:
    """The settings with these further keys, and with these of the target `prod`."""
    return SETTINGS.replace("MORE", prod) + more


def report(checkout: Checkout, text: str, spec: str = SPEC.replace("MORE", "")) -> list[Any]:
    checkout.write("reconciler.yaml", text)
    checkout.write(FILE, spec)
    found: list[Any] = checkout.run("validate", "--format", "json").json["problems"]
    return found


def problems(found: list[Any]) -> list[tuple[str, str, int, str, str]]:
    return [(one["severity"], one["code"], one["line"], one["message"], one["hint"]) for one in found]
