"""What an audit of the ledger found, said in Spanish: which thing, then what is wrong with it."""

from collections.abc import Mapping

from hub.audit import Finding, Touched

_WHAT: Mapping[Touched, str] = {
    Touched.BATCH_MISSING: "no está: se borró del libro",
    Touched.BATCH_ALTERED: "su fila no dice lo que firmó el sistema ({detail})",
    Touched.ROOT_SIGNATURE: "su raíz firmada no vale ({detail})",
    Touched.CHAIN_BROKEN: "no está enlazado con el lote anterior: uno de los dos se cambió",
    Touched.LEAVES_MISSING: "le faltan o le sobran hojas: {detail}",
    Touched.ROOT_DIFFERS: "sus hojas no dan la raíz firmada: se cambió la raíz, una hoja o su orden",
    Touched.STAMP_ALTERED: "su sello de tiempo no vale ({detail})",
    Touched.EVENT_ALTERED: "no es como se selló: {detail}",
    Touched.EVENT_MISSING: "no está: se borró",
    Touched.EVENT_ADDED: "no pasó por el libro: se agregó por fuera",
    Touched.EVENT_MOVED: "no sigue al evento anterior de su trámite: se insertó o se cambió de lugar",
    Touched.EVENTS_CUT: "no es el último evento que queda: se borró el final de su historia",
    Touched.EVENT_UNSEALED: "espera su hoja más de lo que tarda el sellado",
    Touched.LEAF_ALTERED: "su hoja en el libro no es la suya: se cambió la hoja",
    Touched.LINE_ALTERED: "no es como se selló: se cambió después",
    Touched.LINE_MISSING: "no está: se borró (era del {detail})",
    Touched.LINE_ADDED: "no pasó por el libro: se agregó por fuera",
    Touched.LINE_UNSEALED: "espera su hoja más de lo que tarda el sellado",
    Touched.FILING_MISSING: "su trámite (fila {detail}) no está: se borró",
    Touched.FILING_ALTERED: "no es como se presentó: se cambió {detail}",
    Touched.OBSERVATION_ALTERED: "la observación guardada no es como se selló: se cambió o se borró {detail}",
    Touched.MESSAGE_ALTERED: "el mensaje recibido {detail} cambió",
    Touched.MESSAGE_MISSING: "el mensaje recibido {detail} no está",
    Touched.SENT_ALTERED: "el Sobre guardado no es el que salió ({detail})",
    Touched.SENT_MISSING: "el Sobre que salió ({detail}) no está",
    Touched.DOCUMENT_ALTERED: "el documento {detail} cambió: sus bytes no dan su huella",
    Touched.DOCUMENT_MISSING: "el documento {detail} no está",
    Touched.DOCUMENT_ADDED: "el documento {detail} no figura en su historia: se agregó por fuera",
    Touched.PAPER_ALTERED: "el PDF {detail} que hizo el sistema cambió",
    Touched.PAPER_MISSING: "el PDF {detail} que hizo el sistema no está",
    Touched.PAPER_ADDED: "el PDF {detail} no figura en su historia: se agregó por fuera",
    Touched.TAIL_CUT: "se entregó antes y ya no está: el libro termina en el lote {detail}",
    Touched.PAST_REWRITTEN: "no es el que se entregó antes: el pasado se reescribió",
    Touched.OLD_EVENTS_CHANGED: "los eventos anteriores al libro no son los que eran: {detail}",
    Touched.SEEN_UNREADABLE: "una de las raíces que se dan para comparar no vale ({detail})",
}
_DETAILS: Mapping[str, str] = {
    "content": "su contenido no da su huella",
    "delivery_id": "nombra un envío de otro trámite",
    "position": "su lugar en la historia",
    "hash": "su enlace con el evento anterior",
    "leaf": "no da la hoja con que se selló",
    "filer": "quién lo presentó",
    "presented_at": "el momento en que se presentó",
    "considered_on": "el día desde el que cuenta",
    "rule_applied": "la regla con que se contó ese día",
    "observed": "lo que se observó: lo pedido, su nota o lo que se alegó",
    "correct_by": "el último día para subsanar, o cuándo se notificó",
    "sealed_at": "el momento del sellado",
    "count": "cuántas hojas tiene",
    "root": "la raíz",
    "blocks": "los nodos de su árbol",
    "previous": "el enlace con el lote anterior",
    "id": "su número",
    "stamped_at": "el instante o la autoridad que anota su fila",
    "STAMP_UNREADABLE": "no se puede leer",
    "STAMP_OF_OTHER_BYTES": "es de otra raíz",
    "STAMP_BROKEN": "su firma no vale",
    "STAMP_UNTRUSTED": "no es de la autoridad configurada",
    "RAIZ_MAL_FORMADA": "no se puede leer",
    "RAIZ_ALGORITMO_NO_ADMITIDO": "algoritmo o clave que no se admite",
    "RAIZ_FIRMA_INVALIDA": "la firma no corresponde",
    "RAIZ_FIRMANTE_DESCONOCIDO": "firmó un certificado que no es de este sistema",
    "RAIZ_FIRMANTE_NO_ES_EL_HUB": "firmó otra institución",
    "RAIZ_CERTIFICADO_NO_VIGENTE": "el certificado no estaba vigente",
}


def sentence_of(finding: Finding) -> str:
    """One line: the thing by its numbers, and what is wrong with it."""
    content = "lo que se presentó" if finding.touched is Touched.FILING_ALTERED else _DETAILS["content"]
    said = content if finding.detail == "content" else _DETAILS.get(finding.detail, finding.detail)
    what = _WHAT[finding.touched].format(detail=said)
    where = _where(finding)
    return f"{where}: {what}." if where else f"{what[:1].upper()}{what[1:]}."


def _where(finding: Finding) -> str:
    parts = []
    if finding.position is not None:
        parts.append(f"evento {finding.position}{f' ({finding.kind})' if finding.kind else ''}")
    elif finding.event is not None:
        parts.append(f"evento de fila {finding.event}")
    if finding.line is not None:
        parts.append(f"línea {finding.line} del historial{f' ({finding.kind})' if finding.kind else ''}")
    if finding.filing:
        parts.append(f"trámite {finding.filing}")
    if finding.cuo:
        parts.append(f"envío {finding.cuo}")
    if finding.batch is not None:
        parts.append(f"lote {finding.batch}")
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]
