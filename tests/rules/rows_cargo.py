"""Rows of docs/rules.md: the receipts (R-CARGO-1 to 3)."""

from tests.rules.registry import Rule

ROWS: tuple[Rule, ...] = (
    Rule(
        "R-CARGO-1",
        norm="TUO 35.2, 125.1, 125.2 y 135.2; Ley 27269",
        does="La constancia y el cargo dicen el número, quién recibió y para quién, la fecha y hora con segundos, el "
        "día que cuenta y la regla que se aplicó, quién presentó con su documento enmascarado, los archivos con sus "
        "páginas, bytes y SHA-256, los folios, el estado, la nota legal, el código y el QR de verificación, el nombre "
        "del año y la versión del sistema.",
        function="hub.papers.receipt:presented_facts",
        off="(('Presentado por', filing.filer.names),) if (filing := receipt.filing) else ()",
    ),
    Rule(
        "R-CARGO-2",
        norm="TUO 125 y 135.2; contrato de interoperabilidad del Estado (VNUMREGSTD, VUNIORGSTD)",
        does="El cargo de recepción lleva además el número de registro, el expediente y la unidad que puso la "
        "institución de destino.",
        function="hub.papers.cargo:registration_facts",
        off="(('Lo registró', cargo.registered_by.name),)",
    ),
    Rule(
        "R-CARGO-3",
        norm="Ley 29733, arts. 7 y 8 (proporcionalidad)",
        does="La página de verificación dice si el documento es auténtico, de qué trámite y desde cuándo, sin nombres, "
        "documentos de identidad, direcciones ni contenidos; de un documento presentado, en qué instante, ante qué "
        "mesa de partes y para qué institución, y si llegó con una subsanación.",
        function="hub.authenticity:shown",
        off="Authentic(filing.filing_number, filing.verification_code, filing.presented_at, filing.filer.names, "
        "filing.filer.document_number + filing.filer.address, ())",
    ),
)
