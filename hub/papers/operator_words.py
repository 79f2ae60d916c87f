"""What operators are told: of each kind of trouble what it is, what it means, what to do, and where it is seen."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.core.monitoring import READINGS, Condition, Kind


@dataclass(frozen=True)
class Words:
    """`title` takes {who} and the figures of the condition; `screen` is a path of the hub, which takes {subject}."""

    title: str
    meaning: str
    remedy: str
    screen: str = "/operacion"


WORDS: Mapping[Kind, Words] = {
    Kind.STUCK_DELIVERY: Words(
        "Hay envíos detenidos hacia {who}: {count}",
        "Se agotaron los intentos, o la institución los rechazó de plano. No saldrán solos: esperan a una persona.",
        "Abre cada uno, lee la última respuesta de la institución, corrige la causa y envíalo otra vez con un motivo. "
        "Si no le toca a esa institución, envíalo a otra.",
        "/envios?estado=failed&institucion={subject}",
    ),
    Kind.QUEUE_AGE: Words(
        "La cola hacia {who} espera hace {span} ({count} envíos)",
        "La institución no figura caída y, sin embargo, sus envíos no salen o salen más lento de lo que entran.",
        "Mira que los repartidores estén en marcha y que el cupo de envíos a la vez de la institución alcance. "
        "Si ella recoge por su cuenta, pregúntale por qué no lo hace.",
        "/envios?estado=queued&institucion={subject}",
    ),
    Kind.INSTITUTION_DOWN: Words(
        "{who} no responde ({failures} intentos seguidos fallaron)",
        "Su sistema está caído, lento o responde mal. Nada se pierde: lo suyo espera en orden y este tiempo no gasta "
        "intentos. Lo de las demás sigue saliendo.",
        "Llama a su contacto técnico. Si será largo, avisa a las mesas de partes. Cuando responda, la cola sale sola.",
        "/envios?institucion={subject}",
    ),
    Kind.CERTIFICATE_EXPIRING: Words(
        "El certificado de {who} vence en {days} días",
        "Desde que venza, lo que se firme con él no se acepta: los envíos y cargos de ese lado se detienen.",
        "Pide o emite el nuevo, ponlo junto al anterior (los dos valen a la vez) e importa el directorio; si es del "
        "propio sistema, reinicia los programas que lo usan.",
    ),
    Kind.TIME_STAMPS_FAILING: Words(
        "La autoridad de sellado de tiempo no da sellos: {code}",
        "Se le pidió un sello de verdad y no llegó. Se sigue recibiendo y sellando; las constancias salen firmadas "
        "pero sin sello de tiempo, y el libro lo recibirá cuando vuelva.",
        "Llama a la autoridad. Revisa MESA_TSA, la salida a internet y que keys/tsa/crt.pem sea su certificado de hoy.",
        "/libro",
    ),
    Kind.LEDGER_NOT_SEALING: Words(
        "El libro no se sella: {count} eventos esperan su hoja",
        "Lo que pasa se anota, pero todavía no queda probado. Si sigue así, tampoco habrá expedientes con pruebas.",
        "Mira que haya un repartidor en marcha y que pueda leer keys/hub/ledger.key.pem; su registro dice por qué no.",
        "/libro",
    ),
    Kind.MAIL_FAILING: Words(
        "El correo no sale: {code}",
        "El servidor de correo no toma lo nuestro, o no hay ninguno configurado. Las cartas esperan en la bandeja de "
        "salida y saldrán solas; mientras tanto nadie recibe constancias, códigos ni avisos por correo.",
        "Revisa MESA_SMTP, el servidor y que acepte el remitente MESA_MAIL_FROM.",
    ),
    Kind.DISK_FILLING: Words(
        "El disco de {who} se llena: queda {percent} %",
        "Cuando se llene, las mesas de partes no podrán recibir documentos.",
        "Libera espacio que no sea de la mesa o agranda el disco. No borres nada de la carpeta de documentos.",
    ),
    Kind.STORE_FAILING: Words(
        "En {who} no se pueden guardar documentos: {code}",
        "Se probó guardar, leer y quitar un documento, dos veces seguidas, y no se pudo. Desde esa máquina nadie puede "
        "presentar con archivos, y nada sale.",
        "Mira que la carpeta o el S3 de MESA_DOCUMENTS responda, tenga espacio y acepte a la cuenta de los programas. "
        "Mientras tanto, deja que atiendan las demás máquinas.",
    ),
    Kind.PROBE_FAILING: Words(
        "{what} {which} falla en {host}: {code}",
        "Se probó dos veces seguidas y no se pudo, así que no se sabe cómo está. Con un certificado que no se lee no "
        "se puede firmar; un disco que no se puede mirar quizá ya no está.",
        "Corre mesa doctor en esa máquina, que dice qué falla. Revisa el archivo o la carpeta, y los permisos de la "
        "cuenta de los programas.",
    ),
    Kind.MACHINE_SILENT: Words(
        "Ningún repartidor de {who} da señales hace {span}",
        "Se cayeron, o la máquina se apagó sin detenerlos. Lo que llevaban vuelve solo a la cola; de los discos y los "
        "servicios de esa máquina ya no se sabe nada.",
        "Mira la máquina y el registro de mesa-worker, y ponlo en marcha. Si la retiraste a propósito, no hagas nada: "
        "se olvida en un día.",
    ),
    Kind.PAPERS_NOT_MADE: Words(
        "Las constancias y los cargos esperan hace {span} ({count}): {code}",
        "Lo presentado vale y viaja igual, y a quien pide su constancia se le hace en el momento; las que van por "
        "correo, en cambio, no salen.",
        "Si nadie los ha intentado, pon en marcha mesa papers; si está en marcha, pon uno más. Si fallan, el motivo "
        "dice qué corregir: el almacén de documentos o la clave del sello. Después salen solos.",
    ),
    Kind.WEBHOOK_FAILING: Words(
        "El webhook no toma los avisos ({count}): {code}",
        "Lo que se avisa a MESA_WARN_WEBHOOK no llega: quien confíe solo en él no se entera de nada.",
        "Corre mesa doctor, que le envía una prueba y dice qué respondió. Corrige la dirección o su clave y reinicia "
        "los repartidores.",
    ),
    Kind.ANTIVIRUS_ABSENT: Words(
        "Sin antivirus en {who}: {code}",
        "Lo que la gente presenta entra y se entrega sin que nadie busque virus. Se revisará cuando el antivirus "
        "vuelva.",
        "Pon en marcha clamd y revisa MESA_CLAMAV, en la web y en el repartidor.",
    ),
    Kind.RECONCILIATION_DIFFERENCE: Words(
        "Diferencias con {who}: {count}",
        "Se comparó lo entregado con lo que esa institución dice tener, y no coinciden: le falta algo, tiene algo que "
        "nadie le envió, o las dos partes dicen cosas distintas de un mismo envío.",
        "Abre cada diferencia: envíalo otra vez, toma como noticia lo que ella dice, llámala, o explica por qué está "
        "bien así. La que desaparece se cierra sola en la comparación siguiente.",
        "/tablero/diferencias?institucion={subject}",
    ),
    Kind.PARKED_NEWS: Words(
        "Hay noticias apartadas que esperan a una persona: {count}, la más antigua hace {span}",
        "Una institución dijo algo que no cabe en el trámite tal como está. Se guardó como llegó, con su firma, y no "
        "cambió nada.",
        "Abre cada una: aplícala al envío, o déjala de lado con un motivo. Si una institución lo hace seguido, que "
        "pruebe su sistema con mesa conformance.",
        "/envios/apartadas",
    ),
    Kind.BACKUP_LATE: Words(
        "La copia de seguridad no está al día: {code}",
        "Si se pierde la máquina de la base, o el almacén, se pierde lo que la copia todavía no trajo.",
        "Corre mesa doctor, que dice hasta cuándo hay copia y qué dijo la última vuelta. En la máquina de las copias, "
        "mira que mesa backup siga en marcha y que su disco tenga espacio. Cuando corre, trae lo que falta; si ya no "
        "puede, empieza otra copia completa.",
    ),
}

READINGS_LATE = Words(
    "Faltan leer las firmas de {count} trámites, el más antiguo hace {span}: {code}",
    "Las constancias y los cargos no dependen de esto: se hacen y se envían aparte. Solo falta decir si los PDF que "
    "llegaron traen firma digital y si vale; mientras tanto, quien abre uno de ellos no ve nada sobre sus firmas.",
    "Si nadie las ha intentado, mira que mesa papers esté en marcha y, si lo está, pon uno más. Si el almacén no da "
    "los documentos, revisa MESA_DOCUMENTS y que no falte ninguno: mesa ledger verify dice cuáles. Después se leen "
    "solas.",
)
"""Of PAPERS_NOT_MADE, where it is not papers that wait."""

CODES: Mapping[str, str] = {
    "ORDERS_UNTRIED": "nadie lo ha intentado",
    "STORAGE_FAILED": "el almacén no guarda o no da documentos",
    "ANTIVIRUS_UNSET": "no hay ninguno configurado",
    "ANTIVIRUS_DOWN": "no responde",
    "MAIL_REFUSED": "el servidor rechaza al remitente",
    "MAIL_UNREACHABLE": "el servidor no responde",
    "MAIL_UNSENT": "hay cartas que nadie envía",
    "WEBHOOK_UNREACHABLE": "no responde o no deja entrar",
    "WEBHOOK_REFUSED": "los rechaza",
    "UNREACHABLE": "no responde",
    "TIMEOUT": "tarda demasiado",
    "CONNECTION_LOST": "corta la comunicación",
    "CERTIFICATE_UNREADABLE": "no se puede leer",
    "DISK_UNREADABLE": "no se puede mirar",
    "PROBE_BROKEN": "la prueba misma se rompió; lo explica el registro del repartidor",
    "STORE_SLOW": "no responde a tiempo",
    "STORE_UNUSABLE": "no deja guardar o leer",
    "STORE_CHANGED": "devuelve otra cosa que lo guardado",
    "LOG_KEPT": "nadie viene por lo nuevo, y llena el disco de la base",
    "LOG_CUT": "la base ya botó lo que la copia no alcanzó a traer",
    "SLOT_GONE": "antes se copiaba, y la base ya no guarda lo nuevo para la copia",
    "ROUNDS_STOPPED": "hace demasiado que no termina ninguna vuelta de mesa backup",
    "COPY_FOLDER_FAILED": "la carpeta de las copias no se deja leer o escribir",
    "COPY_STORE_FAILED": "el almacén de documentos no responde",
    "COPY_STORE_ANOTHER": "al almacén le faltan documentos de esta base",
    "COPY_DATABASE_FAILED": "la base de datos no la deja",
    "COPY_REFUSED": "algo falta en la máquina de las copias",
    "COPY_PROGRAM_FAILED": "PostgreSQL no entrega su registro o su copia completa",
    "TSA_REFUSED": "rechaza el pedido",
    "TSA_CERTIFICATE_UNREADABLE": "keys/tsa/crt.pem no es un certificado PEM",
    "TSA_CERTIFICATE_MISSING": "falta su certificado en keys/tsa/crt.pem",
}
"""Why, in words; what is not here is named by its code."""


PROBES: Mapping[str, str] = {
    "tsa": "Sello de tiempo", "mail": "Correo", "antivirus": "Antivirus", "store": "Documentos", "disk": "Disco",
    "certificate": "Certificado",
}  # fmt: skip
"""What a machine tries, by the beginning of its name."""


def words_of(condition: Condition) -> Words:
    """What is said of a condition."""
    is_reading = condition.kind is Kind.PAPERS_NOT_MADE and condition.subject == READINGS
    return READINGS_LATE if is_reading else WORDS[condition.kind]


def title_of(condition: Condition, who: str) -> str:
    """The first line: what is wrong, with its figures."""
    why = str(condition.details.get("code", ""))
    what = str(condition.details.get("what", ""))
    figures = {**condition.details, "code": CODES.get(why, why), "what": PROBES.get(what, what)}
    if "minutes" in figures:
        figures["span"] = span(int(figures["minutes"]))
    values = {"subject": condition.subject, "who": who or condition.subject, **figures}
    if condition.kind is Kind.CERTIFICATE_EXPIRING and condition.details.get("days") == 0:
        return f"El certificado de {values['who']} venció o vence hoy"
    return words_of(condition).title.format_map(_Blank(values))


def span(minutes: int) -> str:
    """A length of time by the unit that reads best: "95 minutos", "5 horas", "88 días"."""
    if minutes < 120:
        return f"{minutes} minutos" if minutes != 1 else "1 minuto"
    return f"{minutes // 60} horas" if minutes < 48 * 60 else f"{minutes // 1440} días"


class _Blank(dict[str, object]):
    """An alert of an older version may lack a figure that today's sentence names."""

    def __missing__(self, key: str) -> str:
        return "?"
