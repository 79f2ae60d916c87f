"""An institution that speaks the contract over REST: `python -m adapters.sandbox.rest --help`."""

import json
from urllib.parse import parse_qs, urlsplit

from adapters.sandbox import words
from adapters.sandbox.calls import Unreachable, no_good
from adapters.sandbox.door import Answer, Door, in_json, run
from adapters.sandbox.institution import Institution
from adapters.sandbox.options import institution_from
from adapters.sandbox.presenting import asked_in, present
from adapters.sandbox.problems import Refused

XML = "application/xml; charset=utf-8"


class RestDoor(Door):
    """POST /sobres takes a signed Sobre; GET /sobres/{cuo} tells everything that was said about one.

    POST /mensajes takes what the hub tells about a Sobre of ours.
    """

    def contract(self, method: str, path: str, body: bytes) -> Answer:
        institution = self.server.institution
        if (method, path) == ("POST", "/sobres"):
            if self.headers.get_content_type() != "application/xml":
                raise Refused("TIPO_DE_CONTENIDO_NO_ADMITIDO")
            acuse = institution.receive(body)
            return Answer(200, acuse, XML) if acuse else Answer(202, b"", XML)
        if (method, path) == ("POST", "/mensajes"):
            message_id, is_new = institution.told_of(body)
            return Answer(200, words.receipt(message_id, "aplicado" if is_new else "repetido"), XML)
        if method == "GET" and path.startswith("/sobres/"):
            cuo = path.removeprefix("/sobres/")
            messages = institution.told(self._token(), cuo)
            if messages is None:
                return Answer(202, b"", XML)
            return Answer(200, words.report(cuo, messages), XML)
        if (method, path) == ("GET", "/sobres"):
            asked = {name: values[-1] for name, values in parse_qs(urlsplit(self.path).query).items()}
            page = institution.listed(self._token(), asked.get("desde", ""), asked.get("despues", ""))
            return Answer(200, words.page(*page), XML)
        raise Refused("PEDIDO_MAL_FORMADO", f"{method} {path}")

    def _token(self) -> str:
        kind, _, token = self.headers.get("Authorization", "").partition(" ")
        return token if kind.lower() == "bearer" else ""

    def refuse(self, refused: Refused) -> Answer:
        problem = {
            "type": f"urn:pe:mesa-integrada:1:error:{refused.code}",
            "title": refused.problem.sentence,
            "status": refused.problem.status,
            "detail": refused.detail,
            "code": refused.code,
            "temporary": refused.problem.is_temporary,
        }
        if refused.message_id:
            problem["message_id"] = refused.message_id
        body = json.dumps(problem, ensure_ascii=False).encode()
        return Answer(refused.problem.status, body, "application/problem+json")


    def control(self, method: str, path: str, body: bytes) -> Answer:
        """Besides what every door has: POST /control/present files a document of ours at another body, and
        POST /control/forget {"cuo"} loses what we hold of one; with "as", we hold it under that number instead."""
        if (method, path) == ("POST", "/control/forget"):
            asked = json.loads(body)
            institution, cuo = self.server.institution, str(asked["cuo"])
            other = asked.get("as")
            return in_json({"done": institution.rename(cuo, other) if other else institution.forget(cuo)})
        if (method, path) != ("POST", "/control/present"):
            return super().control(method, path, body)
        try:
            return in_json(present(self.server.institution, asked_in(body)))
        except (ValueError, Unreachable) as error:
            return in_json({"title": str(error)}, 400)


def carry_over_rest(institution: Institution, message: bytes) -> None:
    """Bring one of our messages to the hub; returns once it has confirmed.

    Raises NotTaken where it is refused for good, Unreachable for anything else.
    """
    url = f"{institution.who.hub_url}/api/v1/mensajes"
    status, answer = institution.caller.call("POST", url, {"Content-Type": "application/xml"}, message)
    if status != 200:
        raise no_good(f"POST {url}", status, answer)


def main() -> None:
    port, institution = institution_from(__doc__)
    run(port, RestDoor, institution, lambda message: carry_over_rest(institution, message))


if __name__ == "__main__":
    main()
