"""Letters about what is not presented yet: the code that proves an address, the link to go on with a draft."""


def code_letter(code: str, minutes: int) -> tuple[str, str]:
    """Subject and text of the letter with a code of six digits, good for so many minutes."""
    return f"{code} es tu código de la mesa de partes", "\n".join(
        (
            f"Tu código es {code[:3]} {code[3:]}",
            "",
            f"Escríbelo en la página que te lo pide. Vale {minutes} minutos y una sola vez.",
            "Nadie de la institución te lo va a pedir por teléfono ni por mensaje.",
            "",
            "Si no lo pediste, no hagas nada: alguien escribió tu correo por error.",
        )
    )


def code_text(code: str, minutes: int) -> str:
    """The SMS with a code: at most 70 characters, which is one SMS in Spanish."""
    return f"{code} es tu código de la mesa de partes. Vale {minutes} minutos."


def link_letter(address: str, days: int) -> tuple[str, str]:
    """Subject and text of the letter with the link to a draft, kept for so many days."""
    return "Sigue con tu documento cuando quieras", "\n".join(
        (
            "Guardamos lo que llevas escrito. Para seguir donde te quedaste, abre este enlace:",
            address,
            "",
            f"Lo guardamos {days} días desde la última vez que escribes. Todavía no está presentado: lo estará cuando "
            "lo envíes y recibas tu número.",
            "",
            "Quien tenga este enlace puede ver lo que escribiste. No lo compartas.",
        )
    )
