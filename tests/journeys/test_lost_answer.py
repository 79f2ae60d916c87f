"""The answer to a file's last piece is lost: whoever sent it reads, in a real browser, why the file is not taken."""

from dataclasses import replace

from hub.app import create_app
from hub.core.errors import StorageFailure
from hub.storage import Store
from tests.fixtures.http import serving
from tests.journeys.citizens import Citizen
from tests.journeys.pages import DESK


class ApartOnce(Store):
    """Takes pieces, and fails the first time that they are to be one document."""

    failed = False

    def copy(self, object_key):
        if not self.failed:
            self.failed = True
            raise StorageFailure(object_key)
        return super().copy(object_key)


def test_a_citizen_reads_why_a_file_is_not_taken_though_the_answer_was_lost(house, browse):
    settings = house.services.settings
    app = create_app(settings)
    app.extensions["mesa"] = replace(app.extensions["mesa"], store=ApartOnce(settings.documents_url))
    with serving(app) as url:
        citizen = Citizen(browse(DESK), url)
        citizen.open("/presentar/igp").get_by_role("button", name="Empezar ahora").click()
        page = citizen.open("/presentar/borrador/archivos")
        page.locator("input[name=main_document]").set_input_files(
            {"name": "nota.pdf", "mimeType": "application/pdf", "buffer": b"hola"}
        )
        page.locator(".mesa-upload--failed").wait_for()
        assert "no es un PDF" in page.locator(".mesa-upload--failed").inner_text()
    app.extensions["mesa"].live_directory.stop()
