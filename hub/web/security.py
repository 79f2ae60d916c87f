"""What every answer tells the browser: run only our script, frame nothing, guess no types, keep no private page."""

import secrets
from collections.abc import Iterable

from flask import Flask, Response, abort, g, request
from werkzeug.exceptions import BadRequest

NUL = "\x00"
HSTS_SECONDS = 365 * 24 * 3600

_STATIC_FOR_EVER = "public, max-age=31536000, immutable"
_STATIC = "public, max-age=3600"

_PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer",
                    "microphone", "payment", "usb")
)


def csp_nonce() -> str:
    """The word of this answer that lets our inline script run; another one for each answer."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return g.csp_nonce


def content_security_policy(nonce: str) -> str:
    """The policy of a page; nothing is loaded from elsewhere and nothing inline runs without the nonce."""
    return "; ".join((
        "default-src 'none'",
        f"script-src 'self' 'nonce-{nonce}'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    ))


def add_headers(response: Response) -> Response:
    """Set the headers of one answer. What a view said itself about caching, or more strictly about content, stays."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", content_security_policy(csp_nonce()))
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    # Not "no-referrer": the check against forged forms asks for the referrer over https.
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = _PERMISSIONS
    if request.is_secure:
        headers["Strict-Transport-Security"] = f"max-age={HSTS_SECONDS}; includeSubDomains"
    if request.endpoint == "static" and response.status_code == 200:
        headers["Cache-Control"] = _STATIC_FOR_EVER if _is_named_by_content() else _STATIC
    elif "Cache-Control" not in headers:
        headers["Cache-Control"] = "no-store"
    return response


def _is_named_by_content() -> bool:
    """The front-end build puts a digest in these names, so a new version has a new address."""
    return (request.view_args or {}).get("filename", "").startswith("mesa-")


def _refuse_impossible_address() -> None:
    """No address of ours holds a NUL, nor does what stands behind its question mark.

    An address that no door has is left to who says so, to people and to machines.
    """
    if request.routing_exception is None and NUL in request.path:
        abort(404)
    refuse_nul(value for _, value in request.args.items(multi=True))


def refuse_nul(given: Iterable[str]) -> None:
    """The database cannot even be asked for a NUL, and nobody types one. Raises BadRequest."""
    if any(NUL in one for one in given):
        raise BadRequest("a NUL stands in what was sent")


def guard_answers(app: Flask) -> None:
    """Give every answer of the application its headers, and the templates their nonce."""
    app.before_request(_refuse_impossible_address)
    app.after_request(add_headers)
    app.context_processor(lambda: {"cspNonce": csp_nonce()})
