"""Two Sobres of one institution at once, under one id."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from hub import leaving, sent_in
from hub.clock import now
from hub.core.ports import TrustedCertificate
from hub.models import ReceivedSobre
from hub.wire import seal
from hub.wire.trusted import leaf_of
from tests.api.test_leaving import leave
from tests.api.test_messages import refused
from tests.api.test_sent_in import a_sobre, post
from tests.fixtures.house import a_pdf


def opened(hub, sobre, sender="igp"):
    pem = hub.signer(sender).certificate_pem
    trusted = TrustedCertificate(pem, leaf_of(pem).valid_from, leaf_of(pem).valid_until)
    return seal.open_sealed(hub.sealed(sobre, sender), lambda ruc: (trusted,), receiver_ruc=hub.ruc, now=now())


def test_one_id_under_two_numbers_at_once_is_refused_and_not_an_error_of_ours(hub):
    content = a_pdf()
    leave(hub, content)
    one, other = a_sobre(hub, [content]), a_sobre(hub, [content])
    other = replace(other, header=replace(other.header, message_id=one.header.message_id))
    with hub.session() as session, ThreadPoolExecutor(1) as pool:
        desk, first = sent_in.Desk(session, hub.directory), opened(hub, one)
        with leaving.copied(hub.house.store, sent_in.named(desk, first, now())) as copies:
            sent_in.take(desk, first, sent_in.looked_at(hub.house.store, first, copies), now())
        second = pool.submit(post, hub, other)
        with pytest.raises(TimeoutError):
            second.result(1)
        session.commit()
        refused(second.result(20), 409, "MENSAJE_CON_OTRO_CONTENIDO")
    [row] = hub.rows(ReceivedSobre, message_id=one.header.message_id)
    assert row.cuo == one.header.cuo
