"""How many constancias one core makes in a second: the PDF alone, apart from the requests that file."""

import time

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from hub import entities
from hub.clock import now
from hub.constancias import constancia_of
from hub.models import Filing
from hub.papers.constancia import draw
from hub.settings import Settings
from hub.sight import Viewer


def per_second(stack, seconds=10.0):
    """PDFs of the stack's own filings made in a second of this process's processor time."""
    settings = Settings.from_env(stack.environ)
    engine = create_engine(settings.sqlalchemy_url)
    with Session(engine) as session:
        directory = entities.load(session, now())
        clerk = Viewer(0, frozenset({"clerk"}), directory.entity("sernanp").id)
        numbers = session.scalars(select(Filing.filing_number).limit(50)).all()
        facts = [
            constancia_of(session, directory, clerk, number, secret=b"medida", public_url=settings.public_url)
            for number in numbers
        ]
        draw(facts[0], settings.year_name)  # the first one loads the fonts
        began, made = time.process_time(), 0
        while time.process_time() - began < seconds:
            draw(facts[made % len(facts)], settings.year_name)
            made += 1
    engine.dispose()
    return made / seconds
