"""Forms that nothing but a key or a token has: prefixes that services give to theirs so that scanners find them."""

from __future__ import annotations

import re
from typing import Final

_FORMS: Final = (
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    r"(?:AKIA|ASIA)[0-9A-Z]{16}\b",  # Amazon Web Services
    r"AIza[0-9A-Za-z_-]{35}",  # Google, an API key
    r"ya29\.[0-9A-Za-z_-]{30}",  # Google, an access token
    r"GOCSPX-[0-9A-Za-z_-]{20}",  # Google, a client secret
    r"gh[opsur]_[A-Za-z0-9]{36}",  # GitHub
    r"github_pat_[A-Za-z0-9_]{40}",
    r"glpat-[A-Za-z0-9_-]{20}",  # GitLab
    r"xox[abeprs]-[A-Za-z0-9-]{10}",  # Slack
    r"xapp-[0-9]-[A-Z0-9]{8,}-",
    r"(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16}",  # Stripe
    r"whsec_[A-Za-z0-9+/]{24}",
    r"sk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{20}",  # OpenAI
    r"sk-[A-Za-z0-9]{20}T3BlbkFJ",
    r"sk-ant-[a-z0-9]{3,10}-[A-Za-z0-9_-]{20}",  # Anthropic
    r"SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}",  # SendGrid
    r"[0-9a-f]{32}-us[0-9]{1,2}\b",  # Mailchimp
    r"key-[0-9a-f]{32}\b",  # Mailgun
    r"SK[0-9a-f]{32}\b",  # Twilio
    r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}\b",  # Shopify
    r"pat-(?:na|eu)[0-9]-[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b",  # HubSpot
    r"EAAA[A-Za-z0-9_-]{60}\b",  # Square
    r"sq0(?:atp|csp)-[A-Za-z0-9_-]{22}",
    r"npm_[A-Za-z0-9]{36}\b",
    r"pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{20}",
    r"hvs\.[A-Za-z0-9_-]{24}",  # HashiCorp Vault
    r"dop_v1_[0-9a-f]{64}\b",  # DigitalOcean
    r"p8e-[A-Za-z0-9_-]{20}",  # Adobe, a client secret
    r"eyJ[A-Za-z0-9_-]{10,400}\.eyJ[A-Za-z0-9_-]{10}",  # a JSON Web Token
)
TOKENS: Final = re.compile(rf"(?<![A-Za-z0-9_-])(?:{'|'.join(_FORMS)})")
