"""The real web application, watched by the points."""

import os

from hub.app import create_app
from hub.extensions import db
from tests.chaos.points import watch

app = create_app()
with app.app_context():
    watch(db.engine, "web", os.environ["CHAOS_FOLDER"])
