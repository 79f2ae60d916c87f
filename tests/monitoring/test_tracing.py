"""OpenTelemetry as an extra: spans reach a real collector with doors and CUOs, and nothing of who filed."""

import gzip

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from werkzeug import Request, Response

from hub import tracing
from hub.core.statuses import DeliveryStatus


class Collector:
    """Keeps the spans that it is sent, as OTLP says them."""

    def __init__(self):
        self.spans = []

    def __call__(self, environ, start_response):
        request = Request(environ)
        sent = ExportTraceServiceRequest.FromString(_plain(request))
        self.spans += [span for one in sent.resource_spans for scope in one.scope_spans for span in scope.spans]
        return Response(b"", 200, content_type="application/x-protobuf")(environ, start_response)


def _plain(request):
    body = request.get_data()
    return gzip.decompress(body) if request.headers.get("Content-Encoding") == "gzip" else body


@pytest.fixture
def collector(serve):
    found = Collector()
    assert tracing.start(f"{serve(found)}/v1/traces", "test")
    yield found
    tracing.stop()


def test_a_delivery_and_a_request_are_spans_without_anything_of_a_person(office, web, collector):
    cuo = office.file(email="ana@ejemplo.pe")
    office.work_until_is(cuo, DeliveryStatus.SENT)
    web().test_client().get("/seguimiento?numero=2026-0001234-6")
    tracing.stop()
    said = {span.name: {one.key: one.value.string_value or one.value.int_value for one in span.attributes}
            for span in collector.spans}  # fmt: skip
    assert said["deliver"] == {"mesa.cuo": cuo, "mesa.institution": "igp"}
    assert said["citizen.find_filing"] == {"mesa.status": 200, "mesa.method": "GET"}


def test_what_fails_is_marked_by_its_type(collector):
    with pytest.raises(ValueError), tracing.span("deliver", cuo="0000000001"):
        raise ValueError("Ana Quispe Ñahui")
    tracing.stop()
    (span,) = collector.spans
    assert b"ValueError" in span.SerializeToString() and b"Quispe" not in span.SerializeToString()


def test_nothing_is_traced_where_it_is_not_set():
    with tracing.span("deliver", cuo="0000000001"):
        assert tracing.begin("a door") is None
    tracing.finish(None)
