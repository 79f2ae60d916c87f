"""What can be wrong with what a person typed: one sentence per code, that says how to mend it."""

from collections.abc import Mapping

from hub.web.catalogue import N_
from hub.web.staff_words import STAFF_PROBLEMS

UNKNOWN_PROBLEM = N_("Revisa este dato: así no lo podemos aceptar")

PROBLEMS: Mapping[str, str] = {
    # What is missing
    "REQUIRED": N_("Completa este dato"),
    "CHOICE_REQUIRED": N_("Elige una opción"),
    "DESTINATION_MISSING": N_("Elige a qué institución va"),
    "NAMES_MISSING": N_("Escribe los apellidos y nombres"),
    "BUSINESS_NAME_MISSING": N_("Escribe la razón social"),
    "NAMES_NOT_FOUND": N_("No pudimos traer el nombre de RENIEC; escribe los apellidos y nombres"),
    "BUSINESS_NAME_NOT_FOUND": N_("No pudimos traer la razón social de SUNAT; escríbela"),
    "DOCUMENT_TYPE_MISSING": N_("Elige qué tipo de documento es"),
    "SUBJECT_MISSING": N_("Escribe el asunto: en una frase, lo que se pide"),
    "MAIN_DOCUMENT_MISSING": N_("Elige el archivo PDF del documento principal"),
    # Numbers of people and bodies
    "DNI_LENGTH": N_("El DNI tiene 8 dígitos; revisa si falta o sobra alguno"),
    "CE_LENGTH": N_("El carné de extranjería tiene 9 dígitos; revisa si falta o sobra alguno"),
    "PASSPORT_FORM": N_("El pasaporte lleva de 5 a 20 letras y números, sin espacios"),
    "PTP_FORM": N_("El permiso temporal lleva de 9 a 15 letras y números, sin espacios"),
    "DOCUMENT_KIND_UNKNOWN": N_("Elige el tipo de documento de identidad"),
    "RUC_LENGTH": N_("El RUC tiene 11 dígitos; revisa si falta o sobra alguno"),
    "RUC_PREFIX": N_("El RUC empieza con 10, 15, 16, 17 o 20"),
    "RUC_CHECK_DIGIT": N_("Ese RUC no existe: algún dígito está mal escrito"),
    "EMAIL_INVALID": N_("Escribe el correo completo, como nombre@ejemplo.pe"),
    # Where it goes
    "DESTINATION_UNKNOWN": N_("Elige una institución de la lista"),
    "DESTINATION_LEFT": N_("%(name)s ya no forma parte del sector; elige otra institución"),
    "ENTITY_UNKNOWN": N_("Elige una institución de la lista"),
    "COUNTER_UNKNOWN": N_("Elige una mesa de partes de la lista"),
    "PROCEDURE_UNKNOWN": N_("Ese trámite no es de la institución de destino; elige uno de los suyos"),
    # What it says
    "TOO_LONG": N_("Escribe como máximo %(limit)s caracteres"),
    "FOLIOS_INVALID": N_("Escribe cuántos folios son: un número del 1 al %(limit)s"),
    "TIME_INVALID": N_("Escribe la hora así: 16:20"),
    "TIME_FUTURE": N_("Esa hora todavía no llega; revisa la hora del ticket"),
    "TICKET_OF_ANOTHER_DAY": N_("Ese ticket no es de esta atención; revisa la hora"),
    # Files
    "FILE_EMPTY": N_("El archivo «%(name)s» está vacío; elige otro"),
    "FILE_TRUNCATED": N_("El archivo «%(name)s» está incompleto o dañado; vuelve a escanearlo o a guardarlo"),
    "FILE_NOT_PDF": N_("«%(name)s» no es un PDF; guarda el documento como PDF y vuelve a elegirlo"),
    "FILE_ENCRYPTED": N_("«%(name)s» tiene contraseña; guárdalo sin contraseña y vuelve a elegirlo"),
    "FILE_INFECTED": N_("«%(name)s» tiene un virus (%(found)s) y no lo guardamos: elige una copia limpia. Lo "
                        "demás que escribiste sigue aquí"),
    "FILE_TYPE": N_("Esa institución no recibe por internet archivos como «%(name)s». Guárdalo en otro formato, o "
                    "llévalo a cualquier mesa de partes del sector: allí lo reciben"),
    "FILE_TOO_LARGE": N_("«%(name)s» pesa más de %(limit)s, que es lo que recibe esa institución por internet. Súbelo "
                         "más liviano, o llévalo a cualquier mesa de partes del sector: allí lo reciben"),
    "TOTAL_TOO_LARGE": N_("Juntos, los archivos pesan más de %(limit)s, que es lo que recibe esa institución por "
                          "internet. Quita alguno, o llévalos a cualquier mesa de partes del sector: allí los reciben"),
    "TOO_MANY_FILES": N_("Esa institución recibe por internet hasta %(limit)s archivos. Quita alguno, o llévalos a "
                         "cualquier mesa de partes del sector: allí los reciben"),
    "PHOTOGRAPH_UNREADABLE": N_("La foto «%(name)s» no se puede abrir, o es demasiado grande; tómala otra vez"),
    "PHOTOGRAPHS_TOO_MANY": N_("Son muchas fotos: junta las hojas en un PDF, o elige como máximo %(limit)s"),
    "CUSTODY_TOO_LONG": N_("Escribe como máximo %(lines)s líneas, de hasta %(limit)s caracteres cada una"),
    "CUSTODY_NOT_HELD": N_("Tu mesa de partes ya no tiene nada de ese trámite por remitir"),
    "SLIP_NOT_FOUND": N_("No encontramos esa hoja de remisión entre las de tu institución"),
    # The online form
    "CONTACT_MISSING": N_("Escribe tu correo o tu celular; si no tienes, tu dirección"),
    "PHONE_INVALID": N_("Escribe el número completo, como 987654321"),
    "DISTRICT_UNKNOWN": N_("No encontramos ese distrito. Revisa cómo se escribe, o pon tu provincia. Si lo dejas así, "
                           "queda como lo escribiste"),
    "DISTRICT_MANY": N_("Hay muchos distritos así. Escribe también la provincia, como «San Juan, Lucanas»"),
    "DISTRICT_WHICH": N_("Hay más de un distrito con ese nombre; elige cuál es"),
    "CODE_WRONG": N_("Ese código no es, o ya venció. Revisa el correo más reciente o pide otro código"),
    "SMS_CODE_WRONG": N_("Ese código no es, o ya venció. Revisa el SMS más reciente o pide otro código"),
    "DECLARATION_MISSING": N_("Marca la declaración para poder enviarlo"),
    "UPLOAD_TOO_MANY": N_("Hay muchos archivos subiendo a la vez; espera a que terminen"),
    "BUNDLE_MISSING": N_("Elige el archivo .asice del expediente"),
    # Tracking and signing in
    "TRACKING_NOT_FOUND": N_("No encontramos un trámite con ese número y esa clave; revisa ambos en tu constancia"),
    "KEY_WRONG": N_("Esa no es la clave de este trámite; revísala en tu constancia"),
    "CODE_NOT_FOUND": N_("No encontramos ese código; escanéalo otra vez de tu constancia"),
    "NOTHING_TO_VERIFY": N_("Escribe el código de 16 letras y números, pega la huella SHA-256 o elige el archivo"),
    "TOO_MANY_TRIES": N_("Probaste muchas veces seguidas; espera unos minutos y vuelve a intentarlo"),
    "SIGN_IN_WRONG": N_("El correo o la contraseña no coinciden"),
    # Notification
    "NOTIFICATION_UNREACHABLE": N_("Para notificarle por medios electrónicos hace falta su correo o su celular: "
                                   "escribe al menos uno, o quita la marca"),
    "ACT_SUBJECT_MISSING": N_("Escribe de qué trata, en una frase"),
    "ACT_DOCUMENT_MISSING": N_("Elige el archivo PDF del documento"),
    "DATE_INVALID": N_("Escribe la fecha completa: día, mes y año"),
    "DATE_FUTURE": N_("Esa fecha todavía no llega; revisa la del documento"),
    "NOTICE_DAY_INVALID": N_("Escribe un día entre el depósito de la notificación y hoy"),
    "NOTICE_NOTIFIED": N_("Esa notificación ya llegó: mira cómo está ahora"),
    # Incidents with personal data
    "INCIDENT_WHAT_MISSING": N_("Cuenta qué pasó, sin nombres ni datos de las personas afectadas"),
    "INCIDENT_TOLD": N_("Ese incidente ya se comunicó a la autoridad"),
    "INSTANT_FUTURE": N_("Ese momento todavía no llega; revisa la fecha y la hora"),
    "INSTANT_INVALID": N_("Escribe la fecha y la hora completas, a no más de un año de hoy"),
    # What to look at twice before receiving
    "SAME_CONTENT": N_("La misma persona presentó hace un momento este mismo archivo a esta institución, con el "
                       "número %(number)s"),
    "RUC_OF_ANOTHER": N_("Ese RUC empieza con 10: es de una persona, y no lleva el DNI de quien representa"),
    "REPRESENTATION_NOT_STATED": N_("Falta marcar que declara representar a la empresa u organización; basta una "
                                    "carta poder simple"),
    # The calendar
    "NORM_REQUIRED": N_("Escribe la norma con su número, como DS 042-2025-PCM: sin ella ningún día deja de ser hábil"),
    "SCOPE_INVALID": N_("Escribe dos, cuatro o seis dígitos de un ubigeo del INEI, como 15 o 0701"),
    "DAY_RECORDED": N_("Ese día ya está anotado para ese lugar"),
    "DECREE_DAY_ENDED": N_("Ese día ya había quedado sin efecto"),
    "OUTAGE_AHEAD": N_("Esa hora todavía no llega"),
    "OUTAGE_OPEN": N_("Ya hay una indisponibilidad abierta; ciérrala primero"),
    "OUTAGE_END": N_("El fin va después del comienzo, y no más allá de ahora"),
    "OUTAGE_CLOSED": N_("Esa indisponibilidad ya estaba cerrada"),
    # Accounts
    "PASSWORD_SHORT": N_("Escribe al menos %(limit)s caracteres; una frase corta es buena idea"),
    "PASSWORD_GUESSABLE": N_("Esa contraseña es fácil de adivinar; usa otra que no lleve tu correo ni tu documento"),
    "PASSWORDS_DIFFER": N_("Las dos contraseñas no son iguales; escríbelas otra vez"),
    "ACCOUNT_KNOWN": N_("Ese correo ya tiene una cuenta; ingresa con ella"),
    "ACCOUNT_LINK_SPENT": N_("Ese enlace ya se usó o venció; pide otro"),
    "CLOSING_UNCONFIRMED": N_("Marca la casilla para cerrar tu cuenta"),
    "IDENTITY_OF_ANOTHER": N_("La cuenta de ese correo es de otra persona, con otro documento. Usa otro correo"),
    "NOT_YOURS": N_("El correo y el documento de ese trámite no son los de tu cuenta. Míralo con su número y su clave"),
    # Remedies by hand
    "REASON_REQUIRED": N_("Escribe por qué: queda anotado"),
    "CONFIRMATION_REQUIRED": N_("Marca la casilla para confirmar: el destino podría tenerlo ya"),
    "NOT_FAILED": N_("Este envío ya no está detenido: mira cómo va ahora"),
    "NOTHING_TO_SEND": N_("No queda nada por enviar: llegó una noticia del destino"),
    "NOT_PARKED": N_("Esa noticia ya se resolvió"),
    "STEP_FORBIDDEN": N_("Eso ya no se puede hacer: el documento cambió de estado. Mira cómo está ahora"),
    # Observations, corrections, other destinations
    "OBSERVED_WITHOUT_BUTTON": N_("Escribiste observaciones: usa el botón «Recibir con observaciones», o bórralas"),
    "CORRECTION_EMPTY": N_("Cuenta qué corregiste o adjunta el documento que faltaba"),
    "ANSWERS_TOO_LONG": N_("Entre todas las respuestas caben %(limit)s caracteres; adjunta un documento con lo demás"),
    "CORRECTION_LATE": N_("Pasó el plazo para corregir: el documento se considera no presentado. "
                          "Puedes presentarlo de nuevo"),
    "OBSERVATION_CLOSED": N_("Esa observación ya se resolvió; no tienes que hacer nada"),
    "WITHDRAWAL_UNCONFIRMED": N_("Marca la casilla: solo lo retira quien lo presentó"),
    "HANDED_OVER": N_("La institución ya lo tiene, o podría tenerlo: recibe el desistimiento como otro documento"),
    "NOT_REROUTABLE": N_("Este envío ya no se puede cambiar de institución: mira cómo va ahora"),
    "SAME_DESTINATION": N_("Es la misma institución; elige otra"),
    "LOOP_STOPPED": N_("Ya cambió de institución cuatro veces. Marca la casilla si decides enviarlo una vez más"),
    # The officer's answer
    "REGISTRY_NUMBER_MISSING": N_("Escribe el número de registro que le diste"),
    "ITEMS_MISSING": N_("Escribe al menos una cosa que falte o haya que corregir"),
    "REFUSAL_REASON_MISSING": N_("Elige el motivo"),
    "REFUSAL_TEXT_MISSING": N_("Explica el motivo: lo verá quien lo presentó"),
    **STAFF_PROBLEMS,
}
