"""The figures of the deployment for Prometheus, at /metrics: whoever asks comes from here, or holds the token."""

import hmac
from ipaddress import ip_address, ip_network

from flask import Blueprint, Response, abort, request

from hub.clock import now
from hub.extensions import db, services
from hub.guards import allow_listed
from hub.monitoring.figures import Figure, figures
from hub.settings import Settings

bp = Blueprint("metrics", __name__)


@bp.get("/metrics")
@allow_listed
def show_metrics():
    if not _may_read(services().settings):
        abort(403)
    found = figures(db.session, services().directory, now())
    return Response(*_written(found))


def _written(found: list[Figure]):
    """The text of the exposition and its type; a figure without a sample is named all the same."""
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
    from prometheus_client.core import GaugeMetricFamily

    class Measured:
        def collect(self):
            for one in found:
                family = GaugeMetricFamily(one.name, one.meaning)
                for labels, value in one.samples:
                    family.add_sample(one.name, dict(labels), float(value))
                yield family

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Measured())
    return generate_latest(registry), 200, {"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"}


def _may_read(settings: Settings) -> bool:
    """By the token from anywhere, by the address without it.

    A call that a web server passed on while no such server is believed (MESA_PROXIES=0) bears that server's address,
    which is no address of who asks.
    """
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    if settings.metrics_secret and hmac.compare_digest(given, settings.metrics_secret.encode()):
        return True
    is_passed_on = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"))
    if is_passed_on and not settings.proxies:
        return False
    return _is_near(settings.metrics_from, request.remote_addr or "")


def _is_near(networks: str, address: str) -> bool:
    try:
        caller = ip_address(address)
        return any(caller in ip_network(one.strip(), strict=False) for one in networks.split(",") if one.strip())
    except ValueError:
        return False
