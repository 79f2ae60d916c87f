"""What can be wrong with what a person typed: one sentence per code, that says how to mend it."""

from collections.abc import Mapping


def N_(sentence: str) -> str:
    """Mark a sentence for the translators' catalogue."""
    return sentence


UNKNOWN_PROBLEM = N_("Revisa este dato: así no lo podemos aceptar")

PROBLEMS: Mapping[str, str] = {
    # What is missing
    "REQUIRED": N_("Completa este dato"),
    "CHOICE_REQUIRED": N_("Elige una opción"),
    "CHOICE_UNKNOWN": N_("Elige una de las opciones de la lista"),
    "CONTACT_REQUIRED": N_("Escribe un correo o un teléfono, para poder avisarle"),
    # Numbers of people and bodies
    "DNI_LENGTH": N_("El DNI tiene 8 dígitos; revisa si falta o sobra alguno"),
    "CE_LENGTH": N_("El carné de extranjería tiene 9 dígitos; revisa si falta o sobra alguno"),
    "PASSPORT_FORM": N_("El pasaporte lleva de 5 a 20 letras y números, sin espacios"),
    "PTP_FORM": N_("El permiso temporal lleva de 9 a 15 letras y números, sin espacios"),
    "DOCUMENT_KIND_UNKNOWN": N_("Elige el tipo de documento de identidad"),
    "RUC_LENGTH": N_("El RUC tiene 11 dígitos; revisa si falta o sobra alguno"),
    "RUC_PREFIX": N_("El RUC empieza con 10, 15, 16, 17 o 20"),
    "RUC_CHECK_DIGIT": N_("Ese RUC no existe: algún dígito está mal escrito"),
    "EMAIL_FORM": N_("Escribe el correo completo, como nombre@ejemplo.pe"),
    "PHONE_FORM": N_("Escribe solo los dígitos del teléfono, como 987654321"),
    # Where it goes
    "ENTITY_UNKNOWN": N_("Elige una institución de la lista"),
    "DESTINATION_UNKNOWN": N_("Elige una institución de la lista"),
    "DESTINATION_LEFT": N_("Esa institución ya no forma parte del sector; elige otra"),
    "COUNTER_UNKNOWN": N_("Elige una mesa de partes de la lista"),
    # What it says
    "TOO_LONG": N_("Escribe como máximo %(max)s caracteres"),
    "TOO_SHORT": N_("Escribe al menos %(min)s caracteres"),
    "NUMBER_FORM": N_("Escribe un número entero, como 3"),
    "FOLIOS_RANGE": N_("Escribe cuántos folios son: un número del 1 en adelante"),
    "TIME_FORM": N_("Escribe la hora así: 16:20"),
    "TIME_FUTURE": N_("Esa hora todavía no llega; revisa la hora del ticket"),
    # Files
    "FILE_REQUIRED": N_("Elige el archivo PDF del documento principal"),
    "FILE_EMPTY": N_("El archivo «%(name)s» está vacío; elige otro"),
    "FILE_TRUNCATED": N_("El archivo «%(name)s» llegó incompleto; vuelve a elegirlo"),
    "FILE_NOT_PDF": N_("«%(name)s» no es un PDF; guarda el documento como PDF y vuelve a elegirlo"),
    "FILE_BROKEN": N_("«%(name)s» no se puede abrir: está dañado; vuelve a escanearlo o a guardarlo"),
    "FILE_ENCRYPTED": N_("«%(name)s» tiene contraseña; guárdalo sin contraseña y vuelve a elegirlo"),
    "FILE_TYPE": N_("No podemos recibir «%(name)s» en ese formato"),
    "FILE_TOO_LARGE": N_("«%(name)s» pesa más de %(max)s, que es lo que recibe esa institución por internet"),
    "TOTAL_TOO_LARGE": N_("Juntos, los archivos pesan más de %(max)s"),
    "TOO_MANY_FILES": N_("Elige como máximo %(max)s archivos"),
    # Tracking and signing in
    "FILING_NUMBER_INVALID": N_("El número de trámite es como 2026-0001234-6; revisa si está completo"),
    "KEY_WRONG": N_("No encontramos un trámite con ese número y esa clave; revisa ambos en tu constancia"),
    "TOO_MANY_TRIES": N_("Probaste muchas veces seguidas; espera unos minutos y vuelve a intentarlo"),
    "SIGN_IN_WRONG": N_("El correo o la contraseña no coinciden"),
    # Remedies by hand
    "REASON_REQUIRED": N_("Escribe por qué: queda anotado"),
    "CONFIRMATION_REQUIRED": N_("Marca la casilla para confirmar: el destino podría tenerlo ya"),
    "REGISTRY_NUMBER_REQUIRED": N_("Escribe el número de registro que le diste"),
    "ITEMS_REQUIRED": N_("Escribe al menos una cosa que falte o haya que corregir"),
    "STEP_FORBIDDEN": N_("Eso ya no se puede hacer: el documento cambió de estado. Mira cómo está ahora"),
    "FORM_EXPIRED": N_("Pasó mucho tiempo desde que abriste esta página; revisa los datos y envía de nuevo"),
}
