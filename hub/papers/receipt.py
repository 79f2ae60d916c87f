"""What the constancia and the cargo share (R-CARGO-1): who, what, when, by which rule, in which files."""

from datetime import datetime

from hub.core.identifiers import mask
from hub.models import Observation
from hub.papers.facts import Constancia
from hub.papers.sheet import SMALL, STRONG, Sheet, hub_version
from hub.papers.wording import SEAL_NOTE, clock_in_words, day, instant, rule_in_words, through, warning

_KINDS = {"dni": "DNI", "ce": "carné de extranjería", "passport": "pasaporte", "ptp": "permiso temporal"}
AUTOMATIC = "Recepción automática"
TERM = "Plazo de la institución"


def sheet_of(receipt: Constancia, title: str, year_name: str, made_at: datetime) -> Sheet:
    """A sheet whose foot says on every page which filing it is about, its code and the version of the hub."""
    filing = receipt.filing
    foot = f"Trámite {filing.filing_number}  ·  Código de verificación {filing.verification_code}  ·  {hub_version()}"
    return Sheet(f"{title} {filing.filing_number}", foot=foot, year_name=year_name, made_at=made_at)


def masthead(sheet: Sheet, receipt: Constancia, title: str, *more: tuple[str, str]) -> None:
    """The head: the sector, the paper's name, the number of the filing, the QR to the verification page."""
    sheet.masthead(
        f"Mesa de Partes del Sector {receipt.sector}" if receipt.sector else "Mesa de Partes",
        title,
        (("Número de trámite", receipt.filing.filing_number), *more),
        qr=receipt.verify_url,
        alt=f"Código QR que abre {receipt.verify_url}, donde se comprueba este documento",
        below=f"Código de verificación {receipt.filing.verification_code}",
    )


def presented_facts(receipt: Constancia, state: str) -> tuple[tuple[str, str], ...]:
    """Everything that was told and written down on reception (TUO 35.2, 125, 135.2)."""
    filing, filer = receipt.filing, receipt.filing.filer
    person = f"{filer.names} ({_KINDS.get(filer.document_kind, '')} {mask(filer.document_number)})"
    return (
        ("Presentado", instant(filing.presented_at)),
        ("Turno tomado", instant(filing.ticket_at) if filing.ticket_at else ""),
        ("Presentado ante", through(receipt)),
        ("Registro de entrada", receipt.entry_number),
        ("Dirigido a", receipt.destination.name),
        ("Oficina o persona", ", ".join(text for text in filing.addressee.values() if text)),
        ("Se considera presentado", f"{day(filing.considered_on).capitalize()}. {rule_in_words(filing)}"),
        (TERM, clock_in_words(receipt)),
        ("Procedimiento", str(filing.procedure.get("name", ""))),
        ("Empresa u organización", f"{filer.business_name} (RUC {filer.ruc})" if filer.ruc else ""),
        ("Representante" if filer.ruc else "Presentado por", person),
        ("Documento", f"{filing.document_type.capitalize()} {filing.document_number}"),
        ("Asunto", filing.subject),
        ("Expediente relacionado", filing.related_expediente),
        ("Folios declarados", str(filing.folios)),
        ("Originales y soportes que dejó en custodia", "; ".join(receipt.kept)),
        ("Estado", state),
        ("Lo recibió", receipt.clerk or AUTOMATIC),
    )


def files(sheet: Sheet, receipt: Constancia) -> None:
    """The files, each with its pages, bytes and digest; the list goes on over as many pages as it takes."""
    sheet.heading(f"Archivos presentados ({len(receipt.documents)})")
    rows = [
        (
            str(number),
            (one.file_name + (" (documento principal)" if one.role == "principal" else ""), f"SHA-256 {one.sha256}"),
            str(one.pages) if one.pages else "—",
            f"{one.size:,}".replace(",", " "),
        )
        for number, one in enumerate(receipt.documents, 1)
    ]
    sheet.table(("N.º", "Archivo", "Páginas", "Bytes"), rows, (30, 0, 52, 72))


def observed(sheet: Sheet, observation: Observation) -> None:
    """What was observed, what the filer alleges, and the warning (TUO 136.1, 136.2)."""
    sheet.heading("Lo que se observó")
    sheet.items(observation.items or [observation.text])
    if observation.items and observation.text and observation.text not in observation.items:
        sheet.paragraph(observation.text)
    if observation.allegations:
        sheet.heading("Lo que alegó quien lo presentó")
        sheet.paragraph(observation.allegations)
    if observation.closed_at is None:
        sheet.paragraph(warning(observation), STRONG)


def closing(sheet: Sheet, receipt: Constancia, note: str) -> None:
    """The legal note, and where the paper can be verified and the filing followed."""
    sheet.heading("Qué prueba este documento")
    sheet.paragraph(note, SMALL)
    sheet.paragraph(SEAL_NOTE, SMALL)
    sheet.link("Para comprobar este documento:", receipt.verify_url)
    sheet.link("Para ver en qué va el trámite:", receipt.track_url)
