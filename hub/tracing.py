"""OpenTelemetry, where it is set: a span for each request by its door, and for each delivery by its CUO.

An extra (`pip install mesa-integrada[otel]`) that is off. No span holds an address, a body or anything of a person.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

log = logging.getLogger("mesa.tracing")


class _Tracing:
    """What this process traces with; nothing while it is off."""

    provider: Any = None
    tracer: Any = None


_tracing = _Tracing()


def start(collector: str, program: str) -> bool:
    """Send spans of this process to a collector (OTLP over HTTP); call after a fork. False where the extra is missing.

    A collector that does not answer costs nobody anything: spans are sent from a thread of their own, and dropped.
    """
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        log.error("MESA_OTEL is set and the extra `otel` is not installed: nothing is traced")
        return False
    _tracing.provider = TracerProvider(resource=Resource.create({"service.name": f"mesa-{program}"}))
    _tracing.provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=collector, timeout=5)))
    _tracing.tracer = _tracing.provider.get_tracer("mesa")
    return True


def stop() -> None:
    """Send what is left, and trace no more."""
    if _tracing.provider is not None:
        _tracing.provider.shutdown()
    _tracing.provider = _tracing.tracer = None


@contextmanager
def span(name: str, **about: str) -> Iterator[None]:
    """Do something within a span. What it raises is marked on it by its type alone."""
    if _tracing.tracer is None:
        yield
        return
    with _tracing.tracer.start_as_current_span(name, record_exception=False, set_status_on_exception=False) as current:
        current.set_attributes({f"mesa.{key}": value for key, value in about.items()})
        try:
            yield
        except Exception as error:
            current.set_attribute("error.type", type(error).__name__)
            raise


def begin(name: str) -> Any:
    """Begin a span that `finish` ends; None while nothing is traced."""
    return _tracing.tracer.start_span(name) if _tracing.tracer is not None else None


def finish(begun: Any, **about: str | int) -> None:
    """End what `begin` gave."""
    if begun is not None:
        begun.set_attributes({f"mesa.{key}": value for key, value in about.items()})
        begun.end()
