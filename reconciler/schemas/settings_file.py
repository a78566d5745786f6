"""The schema of `reconciler.yaml`, generated from its records."""

from __future__ import annotations

import re
from typing import Final

from reconciler.documents.json_text import Document
from reconciler.lint.registry import RULES
from reconciler.schemas.from_record import Notes, from_record
from reconciler.schemas.nodes import choice, filled
from reconciler.sdk.json_schemas import DRAFT_07
from reconciler.sdk.patterns import ORG_ID, OWNER, SANDBOX, SCOPE
from reconciler.settings.addresses import BASE_URL, TOKEN_URL, FileAddress
from reconciler.settings.schema import DRIFT, EXCEPTION, FLEET, GIT, NETWORK, PROOF, RETIRED, ROLLOUT, SAFETY, SETTINGS, TARGET
from reconciler.settings.values import Network

_OWNER: Final[Document] = {
    "pattern": rf"^{OWNER}$",
    "patternErrorMessage": "Write owner/name, such as acme/aep-sources.",
    "examples": ["acme/aep-sources"],
}
_NAME: Final[Document] = {
    "pattern": "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$",
    "patternErrorMessage": "A name has letters, digits, '-' and '_', at most 64.",
}
_LONGEST_CALL: Final = 3_600
_LONGEST_WAIT: Final = 600
_MOST_CALLS: Final = 64
_MOST_RETRIES: Final = 100
_MOST_WRITES: Final = 1_000_000
_ONE_ID: Final = "4fe859de-0000-4000-8000-000000000000"


def _any_case(host: str) -> str:
    """The same expression, case-insensitive."""

    def both(found: re.Match[str]) -> str:
        part = found[0]
        return "[A-Za-z]" if part == "[a-z]" else f"[{part}{part.upper()}]" if part.isalpha() else part

    return re.sub(r"\[[^\]]*\]|\\.|[a-z]", both, host)


def _url(description: str, allowed: FileAddress) -> Document:
    """A URL that a file may name: https on one of Adobe's own hosts, without user, query, fragment or port."""
    return {
        "description": f"{description} Left out, it is {allowed.form}. A file may only use {allowed.hosts}; set any other host "
        "in the environment.",
        "pattern": rf"^[hH][tT][tT][pP][sS]://{_any_case(allowed.host)}(?::(?:0*443)?)?{allowed.path}/?\??#?$",
        "patternErrorMessage": f"A URL in a file must be https, on {allowed.hosts}, without user, port, query or fragment.",
        "examples": [allowed.form],
    }


def _duration(description: str, number: Document, usual: float) -> Document:
    text: Document = {
        "type": "string",
        "pattern": r"^\s*[0-9]+(?:\.[0-9]+)?\s*(?:ms|s|m|h)\s*$",
        "patternErrorMessage": "Write a duration such as 30s, 1m or 500ms, or a number of seconds.",
    }
    default = f"{usual:g}s"
    forms = [text, {"type": "number"} | number]
    return {"description": description, "type": None, "anyOf": forms, "default": default, "examples": [default]}


def _call(description: str, usual: float) -> Document:
    return _duration(f"{description} An hour at most.", {"exclusiveMinimum": 0, "maximum": _LONGEST_CALL}, usual)


def _wait(description: str, usual: float) -> Document:
    return _duration(f"{description} Ten minutes at most.", {"minimum": 0, "maximum": _LONGEST_WAIT}, usual)


def _limit(description: str) -> Document:
    return {"description": description, "minimum": 0, "maximum": _MOST_WRITES}


def _span(description: str, *more: Document) -> Document:
    text: Document = {
        "type": "string",
        "pattern": "^[0-9]{1,6}[mhd]$",
        "patternErrorMessage": "Write a time in minutes, hours or days, such as 30m, 24h or 7d.",
    }
    return {"description": description, "type": None, "anyOf": [text, *more], "examples": ["24h"]}


def _target_notes() -> Notes:
    return {
        "base_url": _url("The URL of Flow Service.", BASE_URL),
        "token_url": _url("The URL of the token endpoint.", TOKEN_URL),
        "org_id": {
            "description": "The organization's id, from Adobe Developer Console. A wrong id causes a 401.",
            "pattern": rf"^{ORG_ID}$",
            "patternErrorMessage": "Write the organization's id, such as 1234567890@AdobeOrg.",
            "examples": ["1234567890@AdobeOrg"],
        },
        "sandbox": {
            "description": "The sandbox's name, in lower case, not its title. A wrong name causes a 404.",
            "pattern": rf"^{SANDBOX}$",
            "patternErrorMessage": "A sandbox name has lower-case letters, digits and '-'.",
            "examples": ["prod", "dev"],
        },
        "scopes": {
            "description": "The scopes of the token, as Adobe Developer Console lists them for your credential.",
            "items": {"pattern": rf"^{SCOPE}$", "patternErrorMessage": "Write scopes as a list: [openid, AdobeID]."},
        },
        "ownership": choice(
            "How the repository recognizes its own objects.",
            {
                "marker": "By the marker in `attributes.reconciler`.",
                "none": "By name, provider and the client that created them: for a service that drops unknown attributes.",
            },
        ),
        "emulator": {
            "description": "The embedded Flow Service, stored in this SQLite file, relative to the parent folder of specs/. This target "
            "needs no organization, sandbox or credentials.",
            "pattern": r"^(?!/)(?!(?:[\s\S]*/)?\.\.(?:/|$))(?!(?:\./*)*\.?$)[^\u0000]+$",
            "patternErrorMessage": "Write a relative path inside the repository, such as .reconciler/local.db.",
            "examples": [".reconciler/local.db"],
        },
        "groups": {"description": "The groups whose overlays apply to it. Each must be in `groups`.", "items": _NAME},
        "environment": {
            "description": "The GitHub environment of its jobs. Without it, it has the target's name; in a fleet, the fleet's.",
            "examples": ["prod"],
        },
        "credentials": {
            "description": "A name in the variables of its credentials: with `customers`, RECONCILER_CUSTOMERS_CLIENT_ID is used "
            "if RECONCILER_<TARGET>_CLIENT_ID is not set. Without it, a fleet's name counts.",
            "examples": ["customers"],
        }
        | _NAME,
        "after": {
            "description": "Targets or fleets that must have each change first: a spec waits until they have this very content.",
            "items": _NAME,
            "uniqueItems": True,
            "examples": [["stage"]],
        },
        "soak": _span("How long each target of `after` must have had a change before it goes on. 90d at most.", {"const": 0}),
        "proved": {
            "description": "Targets whose kept proofs, `proofs/<key>/proved-<target>.json`, must be of the same content.",
            "items": _NAME,
            "uniqueItems": True,
            "examples": [["stage"]],
        },
        "by_name": {"description": "`apply` leaves it out of `--all` and `--group`: only `--target` chooses it."},
        "vars": {
            "description": "The values that `{var: NAME}` in a spec file stands for, of any type. No secrets: a spec has none.",
            "propertyNames": {
                "pattern": "^[A-Za-z][A-Za-z0-9_]{0,63}$",
                "patternErrorMessage": "A name has letters, digits and '_', at most 64, a letter first.",
            },
            "additionalProperties": True,
            "examples": [{"loyaltyHost": "https://loyalty.acme.example"}],
        },
        "provider": {
            "description": "The embedded Flow Service also serves the third parties in specs/proofs/*/provider.yaml, for `prove` on a "
            "laptop and in CI. Its clock jumps: nothing waits. Requires `emulator`.",
        },
    }


def _safety_notes() -> Notes:
    return {
        "max_creates": _limit("How many specs one apply may create. A spec cannot be deleted."),
        "max_updates": _limit("How many specs one apply may overwrite."),
        "max_detaches": _limit("How many ids one apply may remove from flow specs. 0 allows none."),
        "fleet_max_creates": _limit("How many specs one run over several targets may create. Left out, it is `max_creates`."),
        "max_retired": _limit("How many specs in `retired` one apply may retire."),
        "breaking": choice(
            "What happens to an update that breaks connections and flows which use the spec.",
            {"refuse": "Nothing is written, unless an option of apply allows it.", "allow": "It is written."},
        ),
        "rules": choice(
            "What happens to a plan that would write a spec in which the rules find an error.",
            {"refuse": "Nothing is written.", "warn": "It is written, and the plan has the findings as warnings."},
        ),
        "untried": choice(
            "What happens to a plan that would create a batch source, or change what it fetches, without a recorded trial of that "
            "content that succeeded.",
            {
                "allow": "It is written.",
                "warn": "It is written, and the plan has a warning.",
                "refuse": "Nothing is written, also after a trial against a stub only, unless an option of apply allows it.",
            },
        ),
        "unproved": choice(
            "What happens to a plan that would create a source, or change its authSpec, sourceSpec or exploreSpec, without a kept "
            "proof of that content, in a target that its proof.yaml does not list for proofs.",
            {
                "allow": "It is written.",
                "warn": "It is written, and the plan has a warning.",
                "refuse": "Nothing is written, unless an option of apply allows it.",
            },
        ),
    }


def _network_notes() -> Notes:
    usual = Network()
    return {
        "concurrency": {"description": "How many requests run at once.", "minimum": 1, "maximum": _MOST_CALLS},
        "timeout": _call("How long one request may take.", usual.timeout),
        "deadline": _call("How long one call may take with all its retries.", usual.deadline),
        "retries": {
            "description": "How often a read is retried. A write whose response is lost is never repeated.",
            "minimum": 0,
            "maximum": _MOST_RETRIES,
        },
        "consistency_window": _wait(
            "How long a new object may take to appear in lists; a first create waits this long.", usual.consistency_window
        ),
        "settle": _wait("How long to wait after a write to a shared flow spec before it is read back.", usual.settle),
        "poll": _wait(
            "How long `prove` waits between two looks at a run of a flow; three times as long after a minute.", usual.poll
        ),
    }


def _targets() -> Document:
    return {
        "description": "The sandboxes and emulators to reconcile, by the names that `--target`, `ids` and `overlays` use.",
        "propertyNames": _NAME,
        "additionalProperties": from_record(TARGET, "One sandbox or emulator to reconcile.", _target_notes()),
    }


def _fleets() -> Document:
    notes = {name: note for name, note in _target_notes().items() if name != "sandbox"}
    exceptions: Document = {
        "description": "By sandbox, the keys that differ there.",
        "propertyNames": {"pattern": f"^{SANDBOX}$"},
        "additionalProperties": from_record(EXCEPTION, "What differs in this sandbox.", notes),
    }
    own: Notes = {
        "sandboxes": {
            "description": "The sandboxes, by name. Each is a target: customers-emea is the sandbox emea of the fleet customers.",
            "items": {"pattern": f"^{SANDBOX}$"},
            "minItems": 1,
            "uniqueItems": True,
        },
        "except": exceptions,
    }
    return {
        "description": "Targets that differ in the sandbox, by the name of the fleet, which `--group`, `only` and `overlays` use.",
        "propertyNames": _NAME,
        "additionalProperties": from_record(FLEET, "A template of targets.", {**notes, **own}),
    }


def _retired() -> Document:
    notes: Notes = {
        "key": filled("The key that the spec's file had.", examples=["acme-orders"]),
        "id": filled(
            "The id of one live spec: a duplicate, or one whose marker has a commit that no longer exists.", examples=[_ONE_ID]
        ),
        "kind": choice("The kind of spec.", {"ConnectionSpec": "A connection spec.", "FlowSpec": "A flow spec."}),
        "reason": filled("The reason, which the plan shows.", examples=["The vendor ended the API."]),
        "allow_in_use": {
            "description": "Retire it although flows or source connections use it. They may fail at their next run."
        },
    }
    entry = from_record(RETIRED, "A spec to retire.", notes)
    return {
        "description": "Specs of this repository to retire: each is detached from its flow specs and marked as retired. "
        "A spec cannot be deleted. Entries may stay.",
        "items": entry | {"oneOf": [{"required": ["key"]}, {"required": ["id"]}]},
    }


def _rules() -> Document:
    """All rules by code, so that editors suggest them and flag unknown ones."""
    levels = {"off": "Off.", "info": "An info.", "warning": "A warning.", "error": "An error: `validate` exits with 1."}
    by_code = {
        code: choice(f"{rule.title}. {rule.why}", levels) | {"default": str(rule.severity)} for code, rule in RULES.items()
    }
    return {
        "description": "The severity of each rule of `validate`, by code. `explain CODE` explains a "
        "rule. A rule that is left out has its default severity.",
        "properties": by_code,
        "additionalProperties": False,
    }


def settings_file() -> Document:
    """The schema of `specs/reconciler.yaml`."""
    notes: Notes = {
        "version": {"description": "The version of this file's format: 1.", "type": None, "const": 1},
        "repository": {
            "description": "The repository's name in the ownership markers of live specs. After a rename, add the old name "
            "to `formerly`.",
        }
        | _OWNER,
        "formerly": {"description": "Former names of the repository, whose markers still count.", "items": _OWNER},
        "default_target": {"description": "The target of commands without `--target`. It must be in `targets`."},
        "targets": _targets(),
        "fleets": _fleets(),
        "groups": {
            "description": "The names of all groups, general ones first: overlays are merged in this order.",
            "items": _NAME,
            "uniqueItems": True,
        },
        "safety": from_record(SAFETY, "How much one apply may write. Above a limit, nothing is written.", _safety_notes()),
        "proof": from_record(
            PROOF,
            "Proofs of sources.",
            {
                "max_age": {
                    "description": "The age in days from which `drift` reports a proof as old. Without it, a proof does not age.",
                    "pattern": "^[1-9][0-9]{0,4}d$",
                    "patternErrorMessage": "Write a number of days, such as 90d.",
                    "examples": ["90d"],
                }
            },
        ),
        "git": from_record(
            GIT,
            "What apply requires of git.",
            {
                "required": {
                    "description": "Whether apply only overwrites a spec that was applied from a commit of this branch, "
                    "and only with what is committed. `false` is for use without git; a checkout that is known to be behind still "
                    "writes nothing."
                }
            },
        ),
        "network": from_record(NETWORK, "How requests are sent.", _network_notes()),
        "fleet": from_record(
            ROLLOUT,
            "How one run works on several targets.",
            {
                "parallel": {
                    "description": "How many targets are read at once; of one client, at most `network.concurrency`.",
                    "minimum": 1,
                    "maximum": _MOST_CALLS,
                },
                "max_failures": {
                    "description": "The number of failed targets after which `apply` begins no further one.",
                    "minimum": 1,
                    "maximum": 1_000,
                },
            },
        ),
        "drift": from_record(
            DRIFT,
            "What `drift` reports besides drift.",
            {
                "max_pending": _span(
                    "How long a merged change may stay unapplied before `drift` reports it; null for any time.", {"type": "null"}
                )
            },
        ),
        "rules": _rules(),
        "retired": _retired(),
    }
    head: Document = {"$schema": DRAFT_07, "title": "Settings of reconciler"}
    return head | from_record(SETTINGS, "The repository, its targets, and the limits of one apply.", notes)
