"""Words that stand in nothing but the estate: whoever may not read it never gets a page with one of them."""

PERSON, CONTENT = "zzyxquispe", "zzywreservado"
NAMES = f"{PERSON.capitalize()} Ñahui, Ana"
EMAIL = f"{PERSON}@ejemplo.pe"
ADDRESS = f"Jirón {PERSON} 123"
PHONE = "976543218"
IDENTITY = "40506070"
SUBJECT = f"Asunto {CONTENT} del glaciar"
FILE = f"{CONTENT}.pdf"
THING = f"Título {CONTENT}, 4 folios"
IDENTITIES = (PERSON, PHONE, IDENTITY)
MARKS = (*IDENTITIES, CONTENT)


def marked(answer, marks=MARKS):
    """The marks that an answer says, in its body or in where it leads."""
    said = (answer.data.decode("utf-8", "replace") + (answer.location or "")).lower()
    return [mark for mark in marks if mark in said]
