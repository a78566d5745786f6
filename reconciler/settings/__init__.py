"""`reconciler.yaml` and the environment → Settings, Target, Credentials."""

from reconciler.settings.credentials import credentials_for
from reconciler.settings.loading import load_settings
from reconciler.settings.targets import Settings
from reconciler.settings.values import (
    Credentials,
    Network,
    OAuthCredentials,
    Owners,
    Ownership,
    Safety,
    Secret,
    Target,
    TargetSettings,
    TokenCredentials,
    Tombstone,
)

__all__ = [
    "Credentials",
    "Network",
    "OAuthCredentials",
    "Owners",
    "Ownership",
    "Safety",
    "Secret",
    "Settings",
    "Target",
    "TargetSettings",
    "TokenCredentials",
    "Tombstone",
    "credentials_for",
    "load_settings",
]
