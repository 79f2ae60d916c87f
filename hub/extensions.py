"""What the doors share: the session per request, and the services made once per process."""

from dataclasses import dataclass
from typing import cast

from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from flask_wtf import CSRFProtect
from sqlalchemy.exc import DBAPIError

from hub.core.directory import Directory
from hub.core.services import Identities, Scanner, SignInProvider
from hub.live_directory import LiveDirectory
from hub.models import Base
from hub.parcels import Addresses
from hub.settings import Settings
from hub.storage import Store


class RequestSession(FlaskSession):
    """The session of a request. A connection that died under it is thrown away, not mourned after the answer."""

    def close(self) -> None:
        try:
            super().close()
        except DBAPIError:
            self.invalidate()


db = SQLAlchemy(model_class=Base, session_options={"class_": RequestSession, "expire_on_commit": False})
csrf = CSRFProtect()


@dataclass(frozen=True)
class Services:
    """Made once per process by `create_app`."""

    settings: Settings
    live_directory: LiveDirectory
    store: Store
    identities: Identities | None = None
    """A register of identities, where one is set; by default names are typed by hand."""
    sign_in: SignInProvider | None = None
    """The provider of identities that citizens may sign in with, where one is set."""
    scanner: Scanner | None = None
    """The antivirus, where one is set."""

    @property
    def directory(self) -> Directory:
        """The directory as it is now."""
        return self.live_directory.current()

    @property
    def addresses(self) -> Addresses:
        return Addresses(self.settings.public_url)

    @property
    def tracking_secret(self) -> bytes:
        return self.settings.tracking_secret.encode()


def services() -> Services:
    """The services of the running application."""
    return cast(Services, current_app.extensions["mesa"])
