"""Signing in with a provider of identities: known by `sub`, linked after a proved mail, believed if it checks."""

from dataclasses import replace
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import requests
from sqlalchemy import select

from adapters.oidc import OpenIdConnect
from hub.app import create_app
from hub.clock import now
from hub.core.errors import PermanentFailure, TemporaryFailure
from hub.core.services import SignInRequest
from hub.models import AuditEntry, Citizen, SignInIdentity
from tests.fixtures.house import House
from tests.fixtures.provider import new_key
from tests.web.account import Holder, new_email
from tests.web.reading import beside, text_of

ANA = {"doc": "10117410", "family_name": "Quispe Ñahui", "given_name": "Ana María", "email_verified": True}


class Visitor(Holder):
    """Somebody who goes to the provider and comes back."""

    def goes(self, then="/cuenta/identidad"):
        """To the provider, and back with what it says; gives the answer to the way back."""
        away = self.get(then).location
        self.back = requests.get(away, allow_redirects=False, timeout=5).headers["Location"]
        parts = urlsplit(self.back)
        answer = self.get(f"{parts.path}?{parts.query}")
        self.at = answer.location or parts.path
        return answer


@pytest.fixture
def visitor(connected, provider):
    provider.person = ANA | {"sub": uuid4().hex, "email": new_email()}
    return Visitor(connected, provider.person["email"])


def links_of(house, account):
    with house.session() as session:
        return session.scalars(select(SignInIdentity).where(SignInIdentity.user_id == account.id)).all()


def test_somebody_new_has_an_account_with_what_the_provider_said(connected, provider, visitor):
    page = visitor.get("/cuenta/ingresar").text
    assert "Ingresar con ID GOB.PE" in page
    assert visitor.goes().location == "/mis-tramites"
    with connected.session() as session:
        citizen = session.get(Citizen, visitor.account.id)
        told = select(AuditEntry.kind).where(AuditEntry.actor_id == visitor.account.id).order_by(AuditEntry.id)
        kinds = session.scalars(told).all()
    assert (citizen.document_kind, citizen.document_number) == ("dni", "10117410")
    assert citizen.names == "Quispe Ñahui, Ana María" and visitor.account.password is None
    assert kinds == ["account_opened", "identity_linked"]
    [link] = links_of(connected, visitor.account)
    assert (link.issuer, link.subject) == (provider.issuer, provider.person["sub"])


def test_whoever_is_known_comes_in_by_sub_whatever_mail_they_have_now(connected, provider, visitor):
    visitor.goes()
    provider.person = provider.person | {"email": new_email(), "doc": ""}
    again = Visitor(connected, visitor.email)
    assert again.goes("/cuenta/identidad?next=/cuenta").location == "/cuenta"
    assert visitor.email in again.get("/cuenta").text


def test_an_account_is_linked_only_after_its_mail_is_proved(connected, provider, visitor):
    Holder(connected, visitor.email).opens()
    assert visitor.goes().location == "/cuenta/identidad/codigo" and not visitor.is_in()
    assert not links_of(connected, visitor.account)
    code = visitor.code(visitor.email)
    wrong = "000000" if code != "000000" else "111111"
    assert visitor.send("/cuenta/identidad/codigo", {"code": wrong}).status_code == 422
    assert visitor.send("/cuenta/identidad/codigo", {"code": code}).location == "/mis-tramites"
    assert visitor.is_in() and len(links_of(connected, visitor.account)) == 1
    assert "Enlazado: también entras con él" in text_of(visitor.get("/cuenta").text)


def test_from_ones_own_account_it_is_linked_whatever_the_mail_there(connected, provider, visitor):
    own = Visitor(connected).opens()
    own.get("/cuenta")
    assert own.goes("/cuenta/identidad/enlazar").location == "/cuenta"
    assert len(links_of(connected, own.account)) == 1 and visitor.account is None
    other = Visitor(connected).opens(document_number_of_person="45678912")
    provider.person["sub"] = uuid4().hex
    answer = other.goes("/cuenta/identidad/enlazar")
    assert answer.status_code == 403 and "no la enlazamos" in text_of(answer.text)
    assert not links_of(connected, other.account)
    assert visitor.get("/cuenta/identidad/enlazar").location.startswith("/cuenta/ingresar")


def test_the_account_of_another_document_is_not_linked(connected, provider, visitor):
    Holder(connected, visitor.email).opens()
    provider.person["doc"] = "45678912"
    visitor.goes()
    answer = visitor.send("/cuenta/identidad/codigo", {"code": visitor.code(visitor.email)})
    assert "es de otra persona" in beside(answer.text, "email") and not links_of(connected, visitor.account)
    other = new_email()
    visitor.send("/cuenta/identidad/correo", {"email": other})
    assert visitor.send("/cuenta/identidad/codigo", {"code": visitor.code(other)}).status_code == 303
    assert visitor.is_in() and visitor.account.email != other


def test_a_mail_that_the_provider_does_not_vouch_for_is_proved(connected, provider, visitor):
    provider.person["email_verified"] = False
    assert visitor.goes().location == "/cuenta/identidad/codigo" and visitor.account is None
    visitor.send("/cuenta/identidad/codigo", {"code": visitor.code(visitor.email)})
    assert visitor.is_in()


def test_what_the_provider_does_not_say_is_asked_for_and_the_document_never_typed_over(connected, provider, visitor):
    for name in ("family_name", "given_name", "email"):
        del provider.person[name]
    provider.person |= {"first_name": "Ana", "doc": "99999999"}
    assert visitor.goes().location == "/cuenta/identidad/correo"
    assert visitor.get("/cuenta/identidad/datos").status_code == 303  # not before the mail is proved
    visitor.send("/cuenta/identidad/correo", {"email": visitor.email})
    assert visitor.send("/cuenta/identidad/codigo", {"code": visitor.code(visitor.email)}).location.endswith("/datos")
    assert "DNI 99999999" in text_of(visitor.get("/cuenta/identidad/datos").text)
    answer = visitor.send("/cuenta/identidad/datos", {"names": "", "document_number_of_person": "45678912"})
    assert answer.status_code == 422 and "escribe los apellidos y nombres" in beside(answer.text, "names")
    visitor.send("/cuenta/identidad/datos", {"names": "Quispe Ñahui, Ana", "document_number_of_person": "45678912"})
    with connected.session() as session:
        assert session.get(Citizen, visitor.account.id).document_number == "99999999"


def test_names_that_the_provider_does_not_say_come_from_reniec_by_its_document(connected, provider, visitor):
    provider.person |= {"family_name": "", "first_name": "Ana"}
    assert visitor.goes().location == "/mis-tramites"
    assert "QUISPE ÑAHUI, ANA MARÍA" in visitor.get("/cuenta").text


def forged(provider):
    provider.key = new_key()


def unsigned(provider):
    provider.key, provider.algorithm = None, "none"


def signed_with_the_public_key(provider):
    provider.key, provider.algorithm = "x" * 40, "HS256"


def of_an_unknown_key(provider):
    provider.kid = "otra"


WRONG = {
    "forged": forged, "unsigned": unsigned, "symmetric": signed_with_the_public_key, "unknown key": of_an_unknown_key,
    "nonce": {"nonce": "otro"}, "no nonce": {"nonce": ""}, "issuer": {"iss": "https://otro.example"},
    "audience": {"aud": "otra"}, "authorized party": {"aud": ["mesa", "otra"], "azp": "otra"},
    "expired": {"exp": 1}, "old": {"iat": 1}, "access token": {"at_hash": "x"}, "nobody": {"sub": ""},
    "signed in long ago": {"auth_time": 1},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_token_that_does_not_check_opens_nothing(connected, provider, visitor, wrong):
    wrong(provider) if callable(wrong) else provider.token.update(wrong)
    answer = visitor.goes()
    assert answer.status_code == 403 and "no se puede comprobar" in text_of(answer.text)
    assert visitor.account is None and not visitor.is_in()


def test_userinfo_of_another_is_not_believed(provider, visitor):
    provider.told = provider.person | {"sub": "otra persona"}
    assert visitor.goes().status_code == 403 and visitor.account is None


def test_another_state_a_code_brought_twice_and_another_browser_open_nothing(connected, visitor):
    assert visitor.get("/cuenta/identidad/vuelta?code=x&state=y").status_code == 400
    away = visitor.get("/cuenta/identidad").location
    back = urlsplit(requests.get(away, allow_redirects=False, timeout=5).headers["Location"])
    query = back.query
    assert visitor.get(f"{back.path}?{query.replace('state=', 'state=x')}").status_code == 400
    assert visitor.get(f"{back.path}?{query}").status_code == 400  # its state was used up
    stranger = Visitor(connected)
    assert stranger.goes().status_code == 303
    again = urlsplit(stranger.back)
    assert stranger.get(f"{again.path}?{again.query}").status_code == 400
    assert visitor.get(f"{again.path}?{again.query}").status_code == 400 and not visitor.is_in()


@pytest.mark.parametrize("path", ["/token", "/userinfo"])
def test_a_provider_that_is_down_is_a_clear_page(provider, visitor, path):
    provider.down = {path}
    answer = visitor.goes()
    assert answer.status_code == 503 and "ID GOB.PE no responde ahora" in text_of(answer.text)
    assert "/cuenta/ingresar" in answer.text and "/presentar" in answer.text


def test_a_provider_that_publishes_nothing_is_the_same_page(house, connected):
    settings = replace(connected.services.settings, oidc_issuer="http://127.0.0.1:9")
    app = create_app(settings)
    try:
        answer = Visitor(House(app, house.engine, house.data)).get("/cuenta/identidad")
    finally:
        app.extensions["mesa"].live_directory.stop()
    assert answer.status_code == 503 and "no responde ahora" in text_of(answer.text)


def test_whoever_closed_their_account_opens_another(connected, visitor):
    visitor.goes()
    first = visitor.account.id
    assert visitor.send("/cuenta/cerrar", {"confirmed": "si"}).location == "/cuenta/cerrada"
    assert visitor.goes().location == "/mis-tramites" and visitor.account.id != first


def test_whoever_cancels_there_is_told_the_other_ways(provider, visitor):
    provider.error = "access_denied"
    assert visitor.goes().status_code == 403
    provider.error = "temporarily_unavailable"
    assert visitor.goes().status_code == 503


def test_none_is_shown_where_none_is_set(house):
    visitor = Visitor(house)
    assert "ID GOB.PE" not in visitor.get("/cuenta/ingresar").text
    assert visitor.get("/cuenta/identidad").location == "/cuenta/ingresar"
    for path in ("correo", "codigo", "datos"):
        assert visitor.get(f"/cuenta/identidad/{path}").location == "/cuenta/ingresar"


def test_an_unpublished_provider_is_told_apart_from_one_that_lies(provider):
    asked = SignInRequest("estado", "una vez", "v" * 43)
    nobody = OpenIdConnect("http://127.0.0.1:9", "mesa", "", name="X", timeout=1, clock=now)
    with pytest.raises(TemporaryFailure):
        nobody.address(asked, "http://hub/vuelta")
    liar = OpenIdConnect(f"{provider.issuer}/", "mesa", "", name="X", timeout=1, clock=now)
    with pytest.raises(PermanentFailure, match="ISSUER"):
        liar.address(asked, "http://hub/vuelta")
