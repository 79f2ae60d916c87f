"""Letters about a citizen's account. None says anything that only its owner may know, and each says what to do."""

from collections.abc import Mapping

_NOT_YOU = "Si no lo pediste, no hagas nada: sin este enlace nadie puede hacerlo."
_LETTERS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "account_open": (
        "Termina de crear tu cuenta",
        ("Para crear tu cuenta de la mesa de partes, abre este enlace y completa tus datos:", "{address}", "",
         "Vale dos horas y una sola vez.", _NOT_YOU),
    ),
    "account_recover": (
        "Pon una contraseña nueva",
        ("Para poner una contraseña nueva en tu cuenta, abre este enlace:", "{address}", "",
         "Vale dos horas y una sola vez. También puedes ingresar sin contraseña, con un código que te enviamos.",
         _NOT_YOU),
    ),
    "account_move": (
        "Confirma tu correo nuevo",
        ("Alguien pidió que este sea el correo de su cuenta de la mesa de partes. Si fuiste tú, confírmalo aquí:",
         "{address}", "", "Vale dos horas y una sola vez.", _NOT_YOU),
    ),
    "account_known": (
        "Este correo ya tiene una cuenta",
        ("Alguien quiso usar este correo para una cuenta de la mesa de partes, y ya tiene una.",
         "Ingresa con tu contraseña o con un código que te enviamos:", "{home}/cuenta/ingresar", "",
         "Si no fuiste tú, no hagas nada: tu cuenta sigue como estaba."),
    ),
    "account_unknown": (
        "Este correo no tiene una cuenta",
        ("Alguien quiso ingresar con este correo, y no hay una cuenta con él.",
         "Si fuiste tú, prueba con otro correo tuyo, o crea tu cuenta aquí:", "{home}/cuenta/crear", "",
         "Para presentar un documento o seguirlo no necesitas una cuenta. Si no fuiste tú, no hagas nada."),
    ),
    "account_moved": (
        "Cambió el correo de tu cuenta",
        ("Desde ahora tu cuenta de la mesa de partes usa otro correo, que ya se comprobó. Con este ya no se ingresa.",
         "", "Si no fuiste tú, escribe hoy mismo a cualquier mesa de partes del sector: aquí están sus datos.",
         "{home}/presentar"),
    ),
    "account_closed": (
        "Cerraste tu cuenta",
        ("Tu cuenta de la mesa de partes quedó cerrada y borramos los datos que guardaba.",
         "Lo que presentaste sigue su curso: cada trámite se abre con su número y su clave.",
         "{home}/seguimiento"),
    ),
}


def account_letter(letter: str, home: str, address: str) -> tuple[str, str]:
    """Subject and text. `home`: the public address of the hub; `address`: of the letter's own link, if it has one."""
    subject, lines = _LETTERS[letter]
    return subject, "\n".join(lines).format(home=home, address=address)
