"""`reconciler.yaml` and the environment → Settings, Target, Credentials."""

from reconciler.settings.values import (
    Credentials,
    Network,
    OAuthCredentials,
    Owners,
    Ownership,
    Safety,
    Secret,
    Settings,
    Target,
    TargetSettings,
    TokenCredentials,
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
]
