"""Floor 5. `create_app`: the only module that knows all doors."""

from flask import Flask
from sqlalchemy import create_engine
from werkzeug.middleware.proxy_fix import ProxyFix

from hub import api, neighbours, request_lines, web
from hub.core.services import Identities
from hub.extensions import Services, db
from hub.live_directory import LiveDirectory
from hub.scanners import scanner_from
from hub.settings import Settings
from hub.storage import Store

POOL = {"pool_size": 8, "max_overflow": 8, "pool_pre_ping": True, "hide_parameters": True}


def create_app(settings: Settings | None = None, identities: Identities | None = None) -> Flask:
    """The web application. Settings come from the environment unless given, and neighbours from them."""
    settings = settings or Settings.from_env()
    app = Flask("hub.web", static_folder="static", template_folder="templates")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.sqlalchemy_url,
        SQLALCHEMY_ENGINE_OPTIONS=POOL,
        MAX_CONTENT_LENGTH=settings.max_request,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https://"),
    )
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    db.init_app(app)
    # A second small pool: the directory's listener keeps a connection of its own.
    listening = create_engine(settings.sqlalchemy_url, pool_size=2, pool_pre_ping=True, hide_parameters=True)
    app.extensions["mesa"] = Services(
        settings=settings,
        live_directory=LiveDirectory(listening),
        store=Store(settings.documents_url, settings.s3_account),
        identities=identities or neighbours.identities_from(settings),
        sign_in=neighbours.sign_in_from(settings),
        scanner=scanner_from(settings),
    )
    request_lines.install(app, settings)
    for door in (web, api):
        door.install(app)
    return app
