"""Sends each form of a walk blank, once, so that what a page says is wrong is seen too."""

from urllib.parse import urljoin, urlsplit

from werkzeug.exceptions import HTTPException

from tests.nets.gallery import asking_forms

SPARED = frozenset({"auth.sign_out", "filing.throw_away"})


def send_blank_forms(app, visitor, pages, sent):
    """`pages`: path -> source, as this visitor got them. `sent`: the routes that had theirs; those of now are added."""
    router = app.url_map.bind("localhost")
    for path, source in pages.items():
        for action, held in asking_forms(source):
            address = urlsplit(urljoin(path, action or path)).path
            try:
                endpoint = router.match(address, "POST")[0]
            except HTTPException:
                continue
            if endpoint not in sent:
                sent.add(endpoint)
                visitor.client.post(address, data=held, content_type="multipart/form-data")
