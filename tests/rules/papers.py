"""What the rules about papers ask for again and again: a press, and the words of a paper made by it."""

from hub import paperwork
from hub.paper_orders import CARGO, CONSTANCIA
from hub.paperwork import Press, Want
from hub.storage import Store
from tests.papers.press import YEAR, sealer_in
from tests.papers.reading import words
from tests.stages.sector import NOW


class Desk:
    """Makes the papers of a filing and reads them as anybody would."""

    def __init__(self, session, sector, folder, timestamper=None):
        self.session, self.sector = session, sector
        sealer, self.ca = sealer_in(folder / "keys", timestamper)
        self.press = Press(Store(str(folder / "documents")), sealer, YEAR, b"de prueba", "https://mesa.example.pe")

    def paper(self, want):
        made = paperwork.make(self.press, paperwork.gather(self.session, self.sector, self.press, want), NOW)
        paperwork.record(self.session, self.press, want, made, NOW)
        return paperwork.paper_bytes(self.session, self.press.store, want)

    def constancia(self, leg):
        return words(self.paper(Want(CONSTANCIA, leg.filing_id)))

    def cargo(self, leg):
        return words(self.paper(Want(CARGO, leg.filing_id, leg.id)))
