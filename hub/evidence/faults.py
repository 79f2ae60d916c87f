"""What each sign of tampering says, in Spanish: what was touched, in one sentence."""

from collections.abc import Mapping
from typing import Final

CONTAINER: Final[Mapping[str, str]] = {
    "ZIP_BROKEN": "El archivo está dañado o no es un expediente.",
    "ZIP_TOO_MANY": "El archivo trae demasiadas piezas para ser un expediente.",
    "ZIP_TOO_LARGE": "Una pieza, o el conjunto, es más grande de lo que se puede abrir.",
    "ZIP_BOMB": "Una pieza está comprimida de forma que llenaría la máquina: no se abrió.",
    "ZIP_BAD_NAME": "Una pieza tiene un nombre que apunta fuera del expediente: no se abrió.",
    "ZIP_LINK": "Una pieza es un enlace y no un archivo: no se abrió.",
    "ZIP_ENCRYPTED": "Una pieza está cifrada: un expediente no lo está.",
    "ZIP_METHOD": "Una pieza está comprimida de una forma que un expediente no usa.",
    "ZIP_DUPLICATE": "Esta pieza está dos veces: alguien agregó otra con el mismo nombre.",
    "MIMETYPE_WRONG": "El archivo no es un contenedor ASiC-E.",
    "JSON_MALFORMED": "Esta lista del expediente no se puede leer como la escribe el sistema.",
    "FORMAT_UNKNOWN": "El formato de este expediente no es uno que esta versión conozca.",
    "MANIFEST_MISSING": "Falta el manifiesto, que dice qué piezas están selladas.",
    "MANIFEST_MALFORMED": "El manifiesto no está escrito como manda la norma.",
    "MANIFEST_CHANGED": "El manifiesto se cambió después de sellarlo.",
    "SIGNATURE_MISSING": "Falta el sello del expediente: se lo quitaron.",
    "SIGNATURE_BROKEN": "El sello del expediente no vale: no corresponde a lo que dice firmar.",
    "SIGNER_UNTRUSTED": "El sello es de «{name}», que no es este sistema según su certificado publicado.",
    "SIGNER_NOT_VALID": "El certificado del sello no valía el {at}, cuando dice haberse usado.",
    "CA_REPLACED": "El certificado de autoridad que trae el expediente no es el publicado: se cambió.",
    "HUB_CERTIFICATE_UNTRUSTED": "Este certificado no fue emitido para el sistema por su autoridad: se cambió.",
    "STAMP_MANIFEST_CHANGED": "El sello de tiempo del expediente es de otro contenido.",
    "CONTAINER_STAMP_WRONG": "El sello de tiempo del expediente no vale: {detail}.",
    "FILE_MISSING": "Esta pieza estaba sellada y ya no está.",
    "FILE_CHANGED": "Esta pieza se cambió después de sellarla.",
    "FILE_UNNAMED": "Esta pieza no está en el manifiesto: alguien la agregó.",
}

LEDGER: Final[Mapping[str, str]] = {
    "ROOT_CHANGED": "La raíz {batch} del libro se cambió: su firma no corresponde.",
    "ROOT_SIGNER_UNTRUSTED": "La raíz {batch} está firmada por otra clave, que no es la de este sistema.",
    "ROOT_SIGNER_NOT_VALID": "El certificado que firmó la raíz {batch} no valía en ese momento.",
    "ROOT_TWICE": "Hay dos raíces {batch} distintas: el libro se reescribió.",
    "CHAIN_BROKEN": "La raíz {batch} no continúa a la anterior: la cadena del libro está rota.",
    "CHAIN_CUT": "Falta la raíz {batch}: a la cadena del libro le cortaron un tramo.",
    "STAMP_OF_NO_ROOT": "Este sello de tiempo no es de ninguna raíz del expediente.",
    "STAMP_OF_OTHER_ROOT": "El sello de tiempo de la raíz {batch} es de otra raíz: se cambió.",
    "STAMP_WRONG": "El sello de tiempo de la raíz {batch} no vale: {detail}.",
    "LEDGER_REWRITTEN": "La raíz {batch} no es la que ya conocías: el libro se reescribió.",
    "LEDGER_CUT": "Ya conocías la raíz {batch}, del {at}, y este expediente, que es posterior, solo llega a la {last}: "
    "al libro le cortaron el final.",
    "EVENT_CHANGED": "El hecho {position} ({kind}) se cambió: no es el que se encadenó.",
    "EVENT_OUT_OF_CHAIN": "El hecho {position} ({kind}) no continúa al anterior: antes se cambió o se quitó algo.",
    "EVENT_REMOVED": "Falta el hecho {position}: lo quitaron.",
    "EVENTS_REORDERED": "Los hechos están en otro orden: {positions}.",
    "EVENT_INSERTED": "El hecho {position} ({kind}) no estaba: alguien lo agregó.",
    "EVENT_NOT_IN_ROOT": "El hecho {position} ({kind}) no es el que selló la raíz {batch}.",
    "EVENT_WITHOUT_ROOT": "El hecho {position} ({kind}) dice estar en la raíz {batch}, que no está o no vale.",
    "PROOF_BROKEN": "La prueba del hecho {position} ({kind}) se cambió: no lleva a la raíz {batch}.",
    "EVENT_AFTER_ITS_STAMP": "El hecho {position} ({kind}) dice ser posterior al sello de tiempo que lo cubre ({at}).",
}

CONTENTS: Final[Mapping[str, str]] = {
    "MESSAGE_CHANGED": "Este mensaje se cambió: su firma no corresponde.",
    "MESSAGE_SIGNER": "Este mensaje no está firmado por quien dice enviarlo.",
    "MESSAGE_SIGNER_NOT_VALID": "El certificado que firmó este mensaje no valía en ese momento: {detail}.",
    "MESSAGE_OF_ANOTHER_FILING": "Este mensaje es de otro trámite: alguien lo puso en el lugar del verdadero.",
    "MESSAGE_OF_ANOTHER_LEG": "Este mensaje es de otro envío: alguien lo puso en el lugar del verdadero.",
    "MESSAGE_FOR_ANOTHER": "Este mensaje está dirigido a otra institución.",
    "MESSAGE_AHEAD": "Este mensaje dice haberse firmado después del momento en que llegó.",
    "MESSAGE_REPLACED": "Este mensaje no es el que dice la lista del expediente: se cambió por otro.",
    "MESSAGE_MISSING": "Falta el mensaje que respalda el hecho {position} ({kind}): lo quitaron o lo cambiaron.",
    "ANSWER_UNTOLD": "Esta respuesta no tiene firma y ningún hecho del libro la menciona: nada la respalda.",
    "SOBRE_MISSING": "Falta el Sobre del envío {cuo}, que el destino sí recibió.",
    "SOBRE_REPLACED": "El Sobre del envío {cuo} no es el que se envió: se cambió.",
    "SOBRE_DIFFERS": "El Sobre que se envió no coincide con lo que se presentó ({what}).",
    "ACUSE_OF_OTHER_SOBRE": "El Acuse es de otro Sobre: la institución no recibió este.",
    "PRESENTED_MISSING": "Falta el hecho de la presentación.",
    "FILING_DIFFERS": "Un dato del trámite ({what}) no es el que se selló al presentar.",
    "COMMITMENT_FILER_DIFFERS": "Los datos de quien presentó no son los que se sellaron: se cambiaron.",
    "COMMITMENT_CONTENT_DIFFERS": "El asunto u otro dato del documento no es el que se selló: se cambió.",
    "DOCUMENT_MISSING": "Falta el documento «{name}».",
    "DOCUMENT_REMOVED": "Falta el documento {number} de los que se entregaron ({kind}): se quitó o se cambió por otro.",
    "DOCUMENT_NOT_PRESENTED": "«{name}» no es ninguno de los documentos que se entregaron: se cambió.",
    "PAPER_MISSING": "Falta un papel que el sistema emitió: {kind}.",
    "PAPER_SEAL_BROKEN": "{kind}: el sello del PDF no corresponde a su contenido.",
    "PAPER_REPLACED": "{kind}: este papel no es el que emitió el sistema; se cambió.",
}

REASONS: Final[Mapping[str, str]] = {
    "STAMP_UNREADABLE": "no se puede leer",
    "STAMP_OF_OTHER_BYTES": "es de otro contenido",
    "STAMP_BROKEN": "su firma no corresponde a lo que dice",
    "STAMP_UNTRUSTED": "no es de la autoridad de sellado de tiempo cuyo certificado se dio, o ese certificado no valía",
    "CERTIFICADO_VENCIDO": "ya había vencido",
    "CERTIFICADO_AUN_NO_VIGENTE": "todavía no empezaba a valer",
    "CERTIFICADO_REVOCADO": "estaba revocado",
}
"""Why something is not good: codes of stamps and certificates in a few words, inside of a sentence."""
OTHER_REASON: Final = "no se puede comprobar"
"""For a code that has no words of its own: a code is never shown inside of a sentence."""
