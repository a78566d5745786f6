"""Checks of doctor."""

from __future__ import annotations

from typing import Final

from reconciler.explaining.text import Explanation, explained

DOCTOR: Final[tuple[Explanation, ...]] = explained(
    "Checks of doctor",
    "doctor",
    (
        ("python", "The version of Python is supported", "Older ones lack what is needed.", "Use Python 3.11 or newer."),
        ("packages", "The installed packages are new enough", "Older ones behave differently.", "Install again."),
        (
            "settings",
            "`reconciler.yaml` and the environment can be used",
            "Every command reads them.",
            "Fix the problem that is shown.",
        ),
        (
            "credentials",
            "A credential for this target is set",
            "Nothing is answered without one.",
            "Set the variables that are named.",
        ),
        ("proxy", "The proxy of the environment can be used", "Requests go through it.", "Correct HTTPS_PROXY or NO_PROXY."),
        (
            "tls",
            "The certificates are trusted",
            "Connections with other certificates are refused.",
            "Set SSL_CERT_FILE to your company's certificates.",
        ),
        (
            "connection",
            "Token endpoint and service can be reached",
            "Everything else needs it.",
            "Check network, proxy and firewall.",
        ),
        (
            "base-url",
            "The address is that of Flow Service",
            "Another server may answer with something else.",
            "Correct base_url.",
        ),
        ("token", "A token is issued and accepted", "Every request carries it.", "Check client id and secret."),
        (
            "token-scopes",
            "The token has the scopes that are needed",
            "Requests are refused without them.",
            "Add the scopes to the project in the Developer Console.",
        ),
        ("token-expiry", "The token is valid long enough", "A run would end half-way.", "Get a new token."),
        ("api-key", "The API key is accepted", "The gateway refuses others.", "Use the client id of the project."),
        (
            "api-key-project",
            "Token and API key are of one project",
            "The gateway refuses a mixture.",
            "Take both from the same project.",
        ),
        ("organization", "The organization is accepted", "A credential is for one.", "Correct org_id."),
        ("headers", "The headers are accepted", "A proxy may change them.", "Follow the hint."),
        (
            "sandbox",
            "The sandbox exists and may be used",
            "A wrong name looks like an empty one.",
            "Write the name, not the title.",
        ),
        ("sandbox-type", "The type of the sandbox is known", "Proofs are for development sandboxes.", "Follow the hint."),
        ("read-", "The endpoint may be read", "Plan, apply and prove read it.", "Ask for the permission that is named."),
        (
            "permissions",
            "What access control lists for this credential",
            "It shows which role is missing.",
            "Ask an administrator for the role.",
        ),
        (
            "write-specs",
            "Evidence for and against the permission to write specs",
            "Only a write would show it for sure.",
            "Ask for Manage Sources.",
        ),
        ("list-answer", "Lists have a form that can be read", "A plan is made from them.", "Report it, with the output of -v."),
        (
            "single-answer",
            "Single specs have a form that can be read",
            "Writes are based on them.",
            "Report it, with the output of -v.",
        ),
        ("paging", "Lists can be read to their end", "A spec that is not listed may be created again.", "Follow the hint."),
        ("etags", "Specs have usable etags", "They protect against lost updates.", "Nothing: without them, reads do."),
        (
            "hidden-ids",
            "Flow specs hold ids that this credential cannot see",
            "Apply keeps them.",
            "Nothing, unless they are yours.",
        ),
        ("spec-files", "The spec files can be read", "A plan needs all of them.", "Run `reconciler validate`."),
        (
            "flow-specs",
            "The flow specs that the files name are live",
            "Sources are attached to them.",
            "Correct the names under `flowSpecs`.",
        ),
        (
            "marker",
            "The ownership marker is kept",
            "It records which repository manages a spec.",
            "Set `ownership: none` if the service drops it.",
        ),
        ("clock", "The local clock agrees with the service", "Tokens and retries depend on it.", "Set the clock."),
        ("rate-limits", "No header announces a limit", "Many requests may be refused.", "Lower network.concurrency."),
        ("deep", "The deep checks may run", "They make one draft.", "Follow the hint."),
        (
            "deep-draft",
            "A draft can be made",
            "It shows that connections may be written.",
            "Ask for the permission that is named.",
        ),
        (
            "deep-list-lag",
            "How long a new resource takes to show up in lists",
            "Creates rely on lists.",
            "Set network.consistency_window as the hint says.",
        ),
        ("deep-etag", "POST and GET agree on the etag", "Changes are protected by it.", "Nothing."),
        ("deep-if-match", "A wrong etag is refused", "Then no update is lost.", "Nothing."),
        ("deep-delete", "The draft is deleted", "Nothing should be left.", "Delete it as the hint says."),
        ("deep-mapping-body", "Which form of a mapping set is accepted", "Two are published.", "Nothing."),
    ),
)
