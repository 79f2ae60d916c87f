"""Who carries letters, by the settings: mail, SMS, the operators' webhook; each none where it is not set."""

from uuid import UUID

from adapters.mail import Mail
from adapters.sms import Sms
from adapters.webhook import Webhook
from hub.core.return_paths import return_address
from hub.settings import Settings


def postman_of(settings: Settings, within: float = 0.0) -> Mail | None:
    """Who carries mail; each letter comes back to an address of its own where a return path is set.

    `within`: seconds of each step, by default those of one call to a neighbour.
    """
    domain, secret = settings.returns_domain, settings.tracking_secret.encode()

    def return_path(letter_id: str) -> str:
        return return_address(secret, UUID(letter_id), domain)

    if not settings.smtp:
        return None
    return Mail(settings.smtp, settings.mail_from, within or settings.call_timeout, return_path if domain else None)


def gateway_of(settings: Settings) -> Sms | None:
    return Sms(settings.sms_url, settings.sms_secret, settings.call_timeout) if settings.sms_url else None


def hook_of(settings: Settings) -> Webhook | None:
    if not settings.warn_webhook:
        return None
    return Webhook(settings.warn_webhook, settings.warn_secret, settings.call_timeout)
