"""What our pages say of people, units and roles of a body, and what can be wrong with them."""

from collections.abc import Mapping

from hub.web.catalogue import N_

ROLES: Mapping[str, str] = {
    "entity_coordinator": N_("Coordinador de entidad"),
    "seat_coordinator": N_("Coordinador de sede"),
    "officer": N_("Encargado de la bandeja"),
    "collaborator": N_("Colaborador"),
    "clerk": N_("Operador de ventanilla"),
    "auditor": N_("Auditor: solo mira"),
    "sector_admin": N_("Administrador del sector"),
    "operator": N_("Operador del servicio"),
}

TRAIL: Mapping[str, str] = {
    "user_invited": N_("Creó la cuenta y envió la invitación"),
    "user_changed": N_("Cambió los datos de la cuenta"),
    "user_off": N_("Desactivó la cuenta"),
    "user_on": N_("Activó la cuenta"),
    "user_reset": N_("Envió un enlace para una contraseña nueva"),
    "password_chosen": N_("Eligió su contraseña"),
    "factor_confirmed": N_("Activó la verificación en dos pasos"),
    "recovery_used": N_("Entró con un código de respaldo"),
    "unit_opened": N_("Creó una oficina"),
    "unit_closed": N_("Cerró una oficina"),
    "access_asked": N_("Pidió sumarse al sector"),
    "access_approved": N_("Aprobó la solicitud para sumarse"),
    "access_declined": N_("No aprobó la solicitud para sumarse"),
    "seat_closed": N_("Cerró una sede"),
    "account_opened": N_("Creó su cuenta"),
    "account_changed": N_("Cambió sus datos"),
    "account_moved": N_("Cambió el correo de su cuenta"),
    "account_closed": N_("Cerró su cuenta"),
    "identity_linked": N_("Enlazó su cuenta con el proveedor de identidad"),
    "signed_in": N_("Ingresó"),
    "leg_registered": N_("Registró un documento de la bandeja"),
    "leg_observed": N_("Observó un documento de la bandeja"),
    "leg_refused": N_("No aceptó un documento de la bandeja"),
    "leg_movement": N_("Anotó en qué está un documento de la bandeja"),
    "act_notified": N_("Notificó un documento a la casilla"),
    "document_sent": N_("Envió un documento de la institución"),
    "day_recorded": N_("Anotó un día no laborable"),
    "day_ended": N_("Dejó sin efecto un día no laborable"),
    "outage_opened": N_("Anotó una interrupción del servicio"),
    "outage_closed": N_("Anotó el fin de una interrupción"),
    "incident_recorded": N_("Anotó un incidente con datos personales"),
    "incident_told": N_("Anotó que se comunicó un incidente"),
    "form_published": N_("Publicó cambios en el formulario de la institución"),
}
UNKNOWN_ACT = N_("Hizo un cambio")

STAFF_PROBLEMS: Mapping[str, str] = {
    "DESTINATION_IS_YOURS": N_("Es tu propia institución; elige otra"),
    "NOT_DONE_YET": N_("Todavía no se puede archivar: primero concluye su atención"),
    "NAME_MISSING": N_("Escribe el nombre"),
    "UNIT_KNOWN": N_("Esa oficina ya existe"),
    "EMAIL_TAKEN": N_("Ya hay una cuenta con ese correo"),
    "ROLE_NOT_YOURS": N_("Elige un rol que tú puedas dar"),
    "COUNTER_REQUIRED": N_("Elige en qué sede atiende"),
    "PASSWORD_SHORT": N_("Escribe al menos %(limit)s caracteres"),
    "PASSWORD_DIFFERS": N_("Las dos contraseñas no son iguales"),
    "FACTOR_WRONG": N_("Ese código no es. Mira el que se ve ahora en tu aplicación y escríbelo"),
    "BODY_KNOWN": N_("Esa institución ya está en el sector"),
    "ACCESS_ASKED": N_("Ya hay una solicitud de esa institución: espera la respuesta en tu correo"),
    "REASON_MISSING": N_("Explica el motivo: lo lee quien lo pidió"),
    "ACRONYM_FORM": N_("Escribe la sigla solo con letras, números y guiones, de 2 a 20 signos"),
    "SEAT_KEEPS_THINGS": N_("Esta sede todavía guarda originales o soportes: primero remítelos o devuélvelos"),
    "HOURS_INVALID": N_("Escribe las horas así: 08:30, y que cierre después de abrir"),
    "SIZE_INVALID": N_("Escribe un número de 1 a %(limit)s"),
}
