"""Letters to people of the bodies: the link with which they choose their password; the answer to who asked to join."""


def invitation_letter(address: str, days: int) -> tuple[str, str]:
    """Subject and text of the letter that invites a person to their account."""
    return "Activa tu cuenta de la mesa de partes", "\n".join(
        (
            "Tu institución te creó una cuenta para atender en la mesa de partes del sector.",
            "Abre este enlace y elige tu contraseña:",
            address,
            "",
            f"Vale {days} días y una sola vez. Al ingresar te pediremos también un código de tu celular: tenlo a mano.",
            "",
            "Si no esperabas este correo, no hagas nada y avisa a quien coordina tu institución.",
        )
    )


def declined_letter(reason: str) -> tuple[str, str]:
    """Subject and text of the letter to a body whose request to join was not approved."""
    return "Sobre tu solicitud para sumarte a la mesa de partes", "\n".join(
        (
            "La administración del sector revisó la solicitud de tu institución y por ahora no la aprobó.",
            "",
            f"Motivo: {reason}",
            "",
            "Puedes corregirla y enviarla otra vez cuando quieras.",
        )
    )


def new_password_letter(address: str, days: int) -> tuple[str, str]:
    """Subject and text of the letter with which a person chooses their password again."""
    return "Elige una contraseña nueva", "\n".join(
        (
            "Quien coordina tu institución pidió que elijas una contraseña nueva. La anterior ya no sirve.",
            address,
            "",
            f"El enlace vale {days} días y una sola vez. La verificación en dos pasos también empieza de nuevo.",
        )
    )
