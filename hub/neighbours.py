"""The neighbours that the web asks while a person waits: opened from the settings, none by default."""

from adapters.identity import Credential, NationalIdentities
from adapters.oidc import OpenIdConnect
from hub.clock import now
from hub.core.services import Identities, SignInProvider
from hub.settings import Settings


def sign_in_from(settings: Settings) -> SignInProvider | None:
    """The provider of identities of the settings, or none."""
    if not settings.oidc_issuer:
        return None
    return OpenIdConnect(
        settings.oidc_issuer,
        settings.oidc_client_id,
        settings.oidc_secret,
        name=settings.oidc_name,
        document_claim=settings.oidc_document_claim,
        acr=settings.oidc_acr,
        timeout=settings.oidc_timeout,
        clock=now,
    )


def identities_from(settings: Settings) -> Identities | None:
    """The State's registers of the settings, or none."""
    if not (settings.reniec_url or settings.sunat_url):
        return None
    credential = Credential(settings.reniec_user, settings.reniec_ruc, settings.reniec_secret)
    return NationalIdentities(settings.reniec_url, credential, settings.sunat_url, settings.identities_timeout)
