"""What belongs to a citizen: their tray, their draft, their casilla; and the links that are keys themselves."""

from uuid import uuid4

from tests.nets.doors.door import Coded, Door

MINE = ("citizen",)
TRAY, DRAFT = "/mis-tramites/<number>", "/presentar/borrador"
NO_DRAFT = ("/presentar?aviso=sin-borrador", f"{DRAFT}?", "/presentar/borrador", "/presentar/listo")
TUS = {"Tus-Resumable": "1.0.0"}
PIECE = TUS | {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
NOTHING = frozenset({403, 404, 410})
IN_TRAY = (
    Door(TRAY, "/mis-tramites/{online}", MINE),
    Door(f"{TRAY}/constancia.pdf", "/mis-tramites/{online}/constancia.pdf", MINE),
    Door(f"{TRAY}/archivos/<uuid:document_id>", "/mis-tramites/{online}/archivos/{online_document}", MINE),
    Door(TRAY, "/mis-tramites/{number}"),
    Door(f"{TRAY}/constancia.pdf", "/mis-tramites/{number}/constancia.pdf"),
    Door(f"{TRAY}/archivos/<uuid:document_id>", "/mis-tramites/{online}/archivos/{document}"),
)
_FILE = f"{DRAFT}/archivos/<uuid:file_id>/quitar"
_UPLOAD = "/presentar/archivos/<uuid:upload_id>"
DRAFTED = (
    Door(_UPLOAD, "/presentar/archivos/{upload}", ("drafter",), "HEAD", headers=TUS, also=NOTHING),
    Door(_UPLOAD, "/presentar/archivos/{upload}", ("drafter",), "PATCH", headers=PIECE, also=NOTHING, done=(204,)),
    Door(_UPLOAD, "/presentar/archivos/{upload}", ("drafter",), "DELETE", headers=TUS, also=NOTHING, done=(204,)),
    Door(_FILE, f"{DRAFT}/archivos/{{file}}/quitar", ("drafter",), "POST", sent_to=NO_DRAFT,
         leaves="nothing: the file of a draft that is not presented yet"),
)  # fmt: skip
_NOTICE = "/casilla/<code>/<int:notice_id>"
CASILLA = (
    Door(_NOTICE, "/casilla/{online_code}/{online_notice}", MINE, sent_to=("/casilla/",)),
    Door(f"{_NOTICE}/documento", "/casilla/{online_code}/{online_notice}/documento", MINE, sent_to=("/casilla/",)),
    Door(_NOTICE, "/casilla/{online_code}/{notice}", sent_to=("/casilla/",)),
    Door(f"{_NOTICE}/documento", "/casilla/{online_code}/{notice}/documento", sent_to=("/casilla/",)),
    Door("/casilla/<code>", "/casilla/{online_code}", ("citizen",), also=frozenset({200})),
)
"""Whoever holds no key is asked for it, and told nothing else."""
BY_CODE = (
    Coded("/casilla/<code>", "/casilla/{code}"),
    Coded("/casilla/<code>", "/casilla/{noticed_code}", "POST", form={"tracking_key": "ZZZZZZZZ"}),
    *(
        Coded(f"/seguimiento/<code>{what}", f"/seguimiento/{{{code}}}{what}", method, form=form)
        for what, method, code, form in (
            ("", "GET", "code", {}), ("", "GET", "gone_code", {}), ("", "GET", "observed_code", {}),
            ("/expediente", "GET", "code", {}), ("/expediente", "POST", "code", {"tracking_key": "ZZZZZZZZ"}),
            ("/observacion", "GET", "observed_code", {}), ("/observacion/ver", "POST", "observed_code", {}),
            ("/observacion", "POST", "observed_code", {"form_token": lambda: str(uuid4()), "answer-0": "Ya"}),
            ("/presentar-de-nuevo", "POST", "lapsed_code", {}),
        )
    ),
    Coded("/verificar/<code>", "/verificar/{code}"),
    Coded("/verificar/huella/<sha256>", "/verificar/huella/{sha256}", refused=(200,),
          twisted="/verificar/huella/" + "0" * 64),
)  # fmt: skip
"""With the code of the QR: the way and the dates; no content, no identity."""
BY_LINK = (
    *(Coded("/acuse/<int:notice_id>/<token>", "/acuse/{notice}/{receipt}", method,
            "/acuse/{online_notice}/{receipt}") for method in ("GET", "POST")),
    *(Coded("/invitacion/<token>", "/invitacion/{invitation}", method, tells=True) for method in ("GET", "POST")),
    *(Coded(f"/cuenta/{word}/<token>", f"/cuenta/{word}/{{{link}}}", method, tells=True)
      for word, link in (("crear", "link_open"), ("clave", "link_recover"), ("correo", "link_move"))
      for method in ("GET", "POST")),
    Coded("/presentar/continuar/<token>", "/presentar/continuar/{draft_token}", tells=True),
)  # fmt: skip
"""With a link by mail, which goes to the person it is about."""
DOORS = (*IN_TRAY, *DRAFTED, *CASILLA)
CODED = (*BY_CODE, *BY_LINK)
