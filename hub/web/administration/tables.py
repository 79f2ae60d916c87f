"""The questions: of an institution, a counter, a procedure, an agreement, and the sector."""

from hub.web.administration.shapes import Asked, Group, Groups

_KINDS = (
    ("ministry", "Ministerio"), ("executing_body", "Organismo público ejecutor"),
    ("technical_body", "Organismo técnico especializado"), ("research_institute", "Instituto de investigación"),
    ("other", "Otra entidad pública"),
)  # fmt: skip
_POLICIES = (
    ("A", "A: vale el día en que se envió; el plazo empieza el primer día hábil siguiente"),
    ("B", "B: lo enviado en un día no hábil vale desde el primer día hábil siguiente"),
)
_WAYS = (
    ("hosted", "Bandeja de la mesa integrada"), ("rest", "Contrato propio, por REST"),
    ("soap", "Contrato propio, por SOAP"), ("pull", "Contrato propio: la institución recoge"),
    ("iotramite", "Contrato nacional (PIDE)"), ("pide", "Fuera del sector, por la plataforma nacional"),
)  # fmt: skip
_SILENCES = (
    ("automatic", "Aprobación automática"), ("positive", "Positivo"), ("negative", "Negativo"), ("none", "No procede"),
)
_TERMS = (
    ("mere_procedure", "Mero trámite, 3 días"), ("report", "Informe, 7 días"),
    ("report_with_travel", "Informe con traslado, 10 días"), ("citizens_act", "Acto del ciudadano, 10 días"),
)  # fmt: skip
_MODES = (
    ("delegated", "Delegado: vale la fecha de la ventanilla (TUO 133)"),
    ("remittance", "Remisión: el plazo corre desde que recibe la competente (TUO 141.1)"),
)
_DOCUMENTS = (("dni", "DNI"), ("ce", "Carné de extranjería"))
_DAY = "Así: 2026-11-21"
_SIZE = "Así: 10 MB"
_DEMO = "Es un dato inventado para la demostración"


def _address(hint: str = "") -> Asked:
    return Asked(("address",), hint=hint)


INSTITUTION: Groups = (
    Group("Quién es", (
        Asked(("acronym",), is_required=True, most=20), Asked(("name",), is_required=True),
        Asked(("kind",), "choice", choices=_KINDS, is_required=True),
        Asked(("ruc",), is_required=True, most=11),
        Asked(("verified",), "flag", label="Una persona confirmó el RUC en fuente oficial"),
    )),
    Group("Cómo se le entrega", (
        Asked(("adapter", "kind"), "choice", label="Medio de entrega", choices=_WAYS, is_required=True),
        Asked(("adapter", "address"), label="Dirección de su sistema",
              hint="Con https://. Donde el archivo pone una variable, cambia lo que dice después de :-", most=300),
        Asked(("in_flight",), "whole", hint="De 1 a 64; sin dato, 4"),
        Asked(("link_hosts",), "lines", hint="Un servidor por línea: solo de ellos se descarga lo que anuncia"),
    )),
    Group("Fechas", (
        Asked(("policy",), "choice", choices=_POLICIES), Asked(("remittance_policy",), "choice", choices=_POLICIES),
    )),
    Group("Límites de su formulario", (
        Asked(("limits", "main_bytes"), hint=_SIZE), Asked(("limits", "annex_bytes"), hint=_SIZE),
        Asked(("limits", "total_bytes"), hint=_SIZE), Asked(("limits", "files"), "whole"),
        Asked(("limits", "main_types"), "lines", hint="Uno por línea: application/pdf"),
        Asked(("limits", "annex_types"), "lines", hint="Uno por línea"),
    )),
    Group("Contactos", (
        Asked(("contact", "email")), Asked(("contact", "phone")),
        Asked(("data_officer", "name"), label="Oficial de datos personales"),
        Asked(("data_officer", "email"), label="Su correo"), Asked(("data_officer", "demo"), "flag", label=_DEMO),
        Asked(("addressee", "unit"), label="Destinatario en el contrato nacional: oficina", most=150),
        Asked(("addressee", "name"), label="Su titular", most=100),
        Asked(("addressee", "job_title"), label="Su cargo", most=100),
    )),
    Group("Textos y lo que se informa", (
        Asked(("introduction",), "area", hint="Lo que dice al comienzo de su página", most=1000),
        Asked(("retention_class",), most=40),
        Asked(("service", "url"), label="Dirección del servicio", most=300),
        Asked(("service", "gob_pe_url"), label="Su página en gob.pe", most=300),
        Asked(("service", "since"), label="Atiende desde", hint=_DAY), Asked(("service", "responsible")),
    )),
    Group("Cuando deja de recibir", (Asked(("left_on",), hint=_DAY), Asked(("successor",), hint="Su código"))),
)  # fmt: skip
COUNTER: Groups = (
    Group("", (
        Asked(("name",), is_required=True, most=100),
        Asked(("place",), hint="Ciudad o distrito, como se muestra", is_required=True, most=100),
        Asked(("ubigeo",), hint="Del INEI, seis dígitos", is_required=True, most=6), _address("Solo si se conoce"),
        Asked(("principal",), "flag", label="Es la principal (unidad general de recepción)"),
        Asked(("closed",), "flag", label="Ya no atiende"),
        Asked(("hours",), "hours", hint="Un tramo por línea: lunes a viernes 08:30 16:30"),
    )),
)  # fmt: skip
PROCEDURE: Groups = (
    Group("", (
        Asked(("name",), hint="Como lo llama el TUPA", is_required=True),
        Asked(("silence",), "choice", label="Silencio administrativo", choices=_SILENCES),
        Asked(("days",), "whole", hint="Sin dato, 30; más de 30 pide la norma"),
        Asked(("act",), "choice", label="O el máximo legal de este acto", choices=_TERMS),
        Asked(("norm",), hint="La que fija el plazo"),
        Asked(("fee",), hint="En soles, con dos decimales: 12.50. Sin dato, gratuito", most=12),
        Asked(("requirements",), "requirements", hint="Uno por línea. No se pide lo que el Estado ya tiene"),
        Asked(("retention_class",), most=40), Asked(("demo",), "flag", label=_DEMO),
    )),
)  # fmt: skip
AGREEMENT: Groups = (
    Group("", (
        Asked(("from",), "choice", label="Ventanillas de", is_required=True),
        Asked(("to",), "choice", label="Reciben para", is_required=True),
        Asked(("mode",), "choice", choices=_MODES, is_required=True),
        Asked(("norm",), hint="El convenio o la norma que lo permite", is_required=True),
        Asked(("valid_from",), hint=_DAY, is_required=True),
        Asked(("valid_to",), hint="Último día, incluido. Sin dato, indefinido"),
    )),
)  # fmt: skip
SECTOR: Groups = (
    Group("", (
        Asked(("name",), label="Nombre del sector", is_required=True),
        Asked(("operator",), "choice", is_required=True),
        Asked(("signer", "document_kind"), "choice", label="Documento de quien firma", choices=_DOCUMENTS),
        Asked(("signer", "document_number"), label="Su número", most=12),
        Asked(("signer", "names"), label="Sus nombres"), Asked(("signer", "job_title"), label="Su cargo"),
        Asked(("signer", "demo"), "flag", label=_DEMO),
    )),
)  # fmt: skip
CODE = Asked(("code",), hint="Minúsculas, números y guiones. No cambia nunca", is_required=True, most=40)


def with_code(groups: Groups) -> Groups:
    """The questions of a thing that is new."""
    return (Group(groups[0].heading, (CODE, *groups[0].asked)), *groups[1:])


def with_bodies(groups: Groups, bodies: tuple[tuple[str, str], ...]) -> Groups:
    """The questions that choose an institution, with those that there are."""
    return tuple(
        Group(group.heading, tuple(_choosing(one, bodies) for one in group.asked)) for group in groups
    )  # fmt: skip


def _choosing(one: Asked, bodies: tuple[tuple[str, str], ...]) -> Asked:
    is_open = one.kind == "choice" and not one.choices
    return Asked(**{**vars(one), "choices": bodies}) if is_open else one
