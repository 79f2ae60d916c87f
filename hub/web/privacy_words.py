"""The words of the information notice: who treats the data, what for, with whom, how long, and one's rights."""

from dataclasses import dataclass

from flask_babel import gettext as _

from hub.core.bodies import EntityRecord


@dataclass(frozen=True)
class Section:
    """A heading and its paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


def notice_of(body: EntityRecord, operator: EntityRecord) -> tuple[Section, ...]:
    """What the law wants told to who gives their data to a body, in its order (Ley 29733 art. 18).

    No consent is asked: receiving documents is a public function (art. 14.1), and the notice says so.
    """
    return (
        Section(_("Quién trata tus datos"), _who(body, operator)),
        Section(_("Para qué"), (
            _("Para recibir tu documento, llevarlo a quien debe atenderlo, responderte y probar cuándo se presentó."),
            _("Es una función que la ley encarga a las mesas de partes (TUO de la Ley 27444). Por eso no te pedimos "
              "consentimiento: te informamos. Que te notifiquen por medios electrónicos sí lo decides tú, aparte."),
        )),
        Section(_("Qué datos y si debes darlos"), (
            _("Nombres, documento de identidad y lo que digas en tu documento: sin ellos no se sabe quién pide qué. "
              "Correo, teléfono y dirección sirven para avisarte y notificarte; puedes presentar sin correo."),
            _("Si dejas tu nombre en blanco, se lo pedimos a RENIEC o a SUNAT donde esa consulta está conectada; de lo "
              "que responden solo usamos el nombre. El distrito sirve además para contar, sin nombres, de qué "
              "provincias llegan los documentos."),
        )),
        Section(_("Quién más los ve"), (
            _("La mesa de partes que recibe y la institución que atiende. Nadie más, salvo que la ley lo mande. "
              "Quien consulta un trámite con su número y su clave no ve tu dirección ni tu documento completo."),
        )),
        Section(_("Cuánto tiempo"), (
            _("El que fija el programa de control de documentos de la institución. Un documento registrado no se "
              "borra: es parte del archivo del Estado."),
        )),
        Section(_("Tus derechos"), _rights(body)),
    )  # fmt: skip


def _who(body: EntityRecord, operator: EntityRecord) -> tuple[str, ...]:
    address = body.principal_counter.address or body.principal_counter.place
    holder = _("%(name)s (RUC %(ruc)s), en %(address)s.", name=body.name, ruc=body.ruc, address=address)
    if body.code == operator.code:
        return (holder, _("También opera esta mesa de partes para todo el sector."))
    runs = _("%(name)s opera esta mesa de partes para todo el sector, por encargo.", name=operator.name)
    return (holder, runs)


def _rights(body: EntityRecord) -> tuple[str, ...]:
    rights = _("Puedes pedir ver tus datos, corregirlos, y oponerte a un uso que no sea el de tu trámite. Si no te "
               "responden, puedes acudir a la Autoridad Nacional de Protección de Datos Personales.")  # fmt: skip
    officer = body.data_officer
    if officer is not None:
        return (_("Oficial de datos personales: %(name)s, %(email)s.", name=officer.name, email=officer.email), rights)
    if body.contact.email:
        return (_("%(acronym)s todavía no nos dice quién es su oficial de datos personales. Escribe a %(email)s.",
                  acronym=body.acronym, email=body.contact.email), rights)  # fmt: skip
    return (_("%(acronym)s todavía no nos dice quién es su oficial de datos personales. Pregunta en su mesa de partes.",
              acronym=body.acronym), rights)  # fmt: skip
