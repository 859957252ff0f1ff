"""The headers that tell a browser what a page of ours may do: read itself, and nothing else."""

FRAMED = "*"
"""Who may frame what is made for articles."""

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self';"
    " base-uri 'none'; form-action 'self'; frame-ancestors {ancestors}"
)


def headers(*, encrypted: bool, framed: bool = False) -> dict[str, str]:
    """Those of every answer; `encrypted`, browsers come by TLS alone for a year; `framed`, other sites may frame it."""
    policy = _POLICY.format(ancestors=FRAMED if framed else "'none'")
    found = {
        "content-security-policy": policy,
        "referrer-policy": "strict-origin-when-cross-origin",
        "x-content-type-options": "nosniff",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
    }
    if not framed:
        found["x-frame-options"] = "DENY"
    if encrypted:
        found["strict-transport-security"] = "max-age=31536000"
    return found
