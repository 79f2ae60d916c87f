"""Rows of docs/rules.md: signatures (R-SIG)."""

from tests.rules.registry import Rule

ROWS: tuple[Rule, ...] = (
    Rule(
        "R-SIG-1",
        norm="Ley 27269; DS 052-2008-PCM y modificatorias",
        does="Presentar nunca exige una firma digital; si un PDF viene firmado se muestra quién lo firmó, por qué "
        "institución y RUC, cuándo, si está íntegro y quién emitió el certificado, sin decir que es válida.",
        function="hub.wire.pdf_signatures:signatures_in",
        off="()",
    ),
    Rule(
        "R-SIG-2",
        norm="DL 1310, art. 8; RSGTD 002-2022-PCM/SGTD",
        does="A quien recibe un documento que irá por la plataforma del Estado se le avisa si el documento principal "
        "no está firmado; el envío no se detiene.",
        function="hub.signatures:lacks_a_signature",
        off="False",
    ),
    Rule(
        "R-SIG-3",
        norm="Ley 27269, art. 2; ETSI EN 319 142-1 (PAdES)",
        does="Cada constancia (de presentación o de indisponibilidad) y cada cargo llevan un sello de integridad del "
        "sistema, y sello de tiempo si hay una autoridad que responde; se llama «sello de integridad del sistema», "
        "nunca firma digital.",
        function="hub.wire.pdf:Sealer.seal",
        off="Sealed(pdf)",
    ),
)
