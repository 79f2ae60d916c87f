"""What each fault of a declared sector says to a person, and what to do about it. A row a code, to be read as a table."""

# ruff: noqa: E501

from collections.abc import Mapping
from typing import Any

from hub.entities import Fault

# fmt: off
SENTENCES: Mapping[str, tuple[str, str]] = {
    "FILE_UNREADABLE": ("no se puede leer «{value}»: {detail}", "revisa la ruta y los permisos"),
    "FILE_NOT_UTF8": ("el archivo no está en UTF-8", "guárdalo otra vez con codificación UTF-8"),
    "FILE_EMPTY": ("el archivo está vacío", "empieza por version, sector y entities"),
    "YAML_SYNTAX": ("el YAML no se entiende desde la columna {column} ({detail})", "revisa sangría, comillas y dos puntos de esta línea y la anterior; lo que sigue no se pudo revisar"),
    "YAML_ALIAS": ("usa un alias de YAML (*) en la columna {column}", "escribe el valor completo en su lugar"),
    "YAML_TOO_DEEP": ("hay bloques dentro de bloques sin fin", "revisa los corchetes y llaves que no se cierran"),
    "YAML_CHARACTER": ("contiene el carácter {character}, que YAML no admite", "bórralo y escríbelo de nuevo"),
    "KEY_NOT_TEXT": ("una clave no es un texto simple", "escribe la clave como una palabra"),
    "KEY_TWICE": ("la clave «{key}» ya está en la línea {first}", "deja una sola de las dos"),
    "KEY_UNKNOWN": ("la clave «{key}» no existe aquí{meant}", "usa una de estas: {known}"),
    "KEY_MISSING": ("falta la clave «{key}»", "agrégala en este bloque"),
    "VALUE_EMPTY": ("está vacío", "escribe un valor, o borra la línea si no se conoce"),
    "VALUE_UNKNOWN": ("el valor «{value}» no existe{meant}", "usa uno de estos: {known}"),
    "VARIABLE_UNSET": ("la variable {name} no está en el entorno y no tiene valor por defecto", "defínela, o escribe ${{{name}:-valor}}"),
    "VARIABLE_FOREIGN": ("la variable {name} no se toma aquí", "escribe el valor; solo adapter.address toma variables, y se llaman MESA_ADDRESS_..."),
    "VARIABLE_TYPED": ("«${{» empieza una variable, y aquí no se toman", "escribe el valor mismo; las variables las pone en el archivo quien opera el sistema, y aquí solo se cambia lo que dicen después de «:-»"),
    "VARIABLE_FORM": ("«{value}» tiene una variable mal escrita", "escríbela ${{NOMBRE}} o ${{NOMBRE:-valor}}"),
    "WRONG_TYPE": ("debe ser {wanted}, y es {value}", "corrige el valor; los números largos, como el RUC, van entre comillas"),
    "WRONG_FORM": ("«{value}» no tiene la forma esperada", "compáralo con el esquema publicado"),
    "TEXT_EMPTY": ("es un texto vacío o demasiado corto", "escribe al menos {wanted} caracteres"),
    "TEXT_TOO_LONG": ("pasa de {wanted} caracteres", "acórtalo: así viaja por el contrato nacional"),
    "LIST_EMPTY": ("la lista está vacía", "pon al menos {wanted}"),
    "LIST_TOO_LONG": ("la lista tiene más de {wanted}", "quita los que sobran"),
    "NUMBER_TOO_SMALL": ("{value} es menor que {wanted}", "usa un número desde {wanted}"),
    "NUMBER_TOO_LARGE": ("{value} es mayor que {wanted}", "usa un número hasta {wanted}"),
    "CODE_FORM": ("el código «{value}» no sirve", "usa minúsculas, números y guiones, empezando por letra"),
    "DATE_FORM": ("«{value}» no es una fecha", "escríbela AAAA-MM-DD, por ejemplo 2026-11-21"),
    "HOUR_FORM": ("«{value}» no es una hora", "escríbela HH:MM en 24 horas, por ejemplo 08:30"),
    "DAYS_FORM": ("«{value}» no es un día ni un tramo de días", "usa mon, tue, wed, thu, fri, sat, sun; un tramo es mon-fri"),
    "DAYS_BACKWARDS": ("el tramo «{value}» va hacia atrás", "empieza por el primer día de la semana, de lunes a domingo"),
    "SIZE_FORM": ("«{value}» no es un tamaño mayor que cero", "escribe por ejemplo 10 MB, 1 GB o los bytes sin punto"),
    "LIMIT_NOT_POSITIVE": ("el límite {value} no es mayor que cero", "pon el límite publicado, o quita la clave"),
    "LIMIT_OVER_TOTAL": ("{value} pasa del total permitido ({total})", "baja este límite o sube total_bytes"),
    "MEDIA_TYPE_UNKNOWN": ("el tipo de archivo «{value}» no se conoce{meant}", "usa uno de estos: {known}"),
    "UBIGEO_FORM": ("«{value}» no es un ubigeo del INEI", "son seis dígitos entre comillas y empiezan de 01 a 25"),
    "HOST_FORM": ("«{value}» no es un servidor", "escribe solo el nombre, en minúsculas: descargas.ejemplo.gob.pe"),
    "EMAIL_FORM": ("«{value}» no es un correo", "escríbelo completo: nombre@servidor"),
    "RUC_LENGTH": ("el RUC «{value}» no tiene once dígitos", "cópialo de la ficha RUC, entre comillas"),
    "RUC_PREFIX": ("el RUC «{value}» no empieza por 10, 15, 16, 17 ni 20", "cópialo de la ficha RUC"),
    "RUC_CHECK_DIGIT": ("el RUC «{value}» tiene mal el dígito de verificación", "hay un dígito cambiado: cópialo de la ficha RUC"),
    "RUC_TWICE": ("el RUC «{value}» ya es de la entidad de la línea {first}", "cada entidad tiene el suyo"),
    "ENTITY_CODE_TWICE": ("el código «{value}» ya está en la línea {first}", "dale otro código"),
    "ACRONYM_TWICE": ("la sigla «{value}» ya está en la línea {first}", "dale otra sigla"),
    "ENTITY_UNKNOWN": ("ninguna entidad del archivo es «{value}»{meant}", "usa el código o el RUC de una entidad declarada"),
    "ENTITY_RENAMED": ("el RUC {ruc} ya está registrado con el código «{held}»", "deja ese código: no cambia nunca"),
    "OPERATOR_LEFT": ("la entidad operadora «{value}» ya no recibe", "nombra como operadora a una entidad activa"),
    "DNI_LENGTH": ("el DNI «{value}» no tiene ocho dígitos", "escríbelo entre comillas, con sus ceros"),
    "CE_LENGTH": ("el carné de extranjería «{value}» no tiene nueve dígitos", "escríbelo entre comillas, con sus ceros"),
    "DNI_CHECK_CHARACTER": ("el carácter de verificación de «{value}» no corresponde", "cópialo del documento, o quita el guion y lo que sigue"),
    "POLICY_C_ILLEGAL": ("la política C (lo enviado después de la hora de cierre vale otro día) es ilegal", "usa A o B: cerrar por horas la mesa digital es una barrera burocrática ilegal (Res. 0518-2024/SEL-INDECOPI)"),
    "ADAPTER_UNKNOWN": ("no hay un medio de entrega «{value}»{meant}", "usa uno de estos: {known}"),
    "ADDRESS_MISSING": ("falta la dirección a la que se entrega", "agrega address, o usa kind: hosted si no tiene sistema"),
    "ADDRESS_FORM": ("«{value}» no es una dirección", "escribe http(s)://servidor[:puerto]/ruta, sin espacios, ? ni #"),
    "ADDRESS_SECRET": ("la dirección lleva usuario o contraseña", "quítalos: en este archivo no van secretos"),
    "ADDRESS_PLAIN": ("«{value}» viaja sin cifrar", "usa https fuera de la propia máquina"),
    "ADDRESS_UNUSED": ("una entidad hosted no necesita dirección", "quita address, o cambia kind"),
    "ALLOWED_IPS_FORM": ("«{value}» no es una dirección IP ni una red", "escribe por ejemplo 190.12.1.5 o 200.48.0.0/16, separadas por comas"),
    "CLIENT_CERTS_FORM": ("«{value}» no es la huella de un certificado", "es su SHA-256 en hexadecimal: 64 dígitos, con dos puntos o sin ellos"),
    "GATEWAY_OFF": ("la plataforma nacional está apagada: a las entidades de fuera del sector no se les puede enviar", "declara una con kind: pide, su address y la opción enabled: \"yes\""),
    "ADDRESSEE_MISSING": ("falta el destinatario por defecto", "el contrato nacional exige addressee con unit, name y job_title"),
    "COUNTER_PRINCIPAL_MISSING": ("ninguna ventanilla es la principal", "pon principal: true en la unidad general de recepción (TUO 128.1)"),
    "COUNTER_PRINCIPAL_TWICE": ("hay otra ventanilla principal: {first}", "deja principal: true en una sola"),
    "COUNTER_CODE_TWICE": ("el código de ventanilla «{value}» ya está en la línea {first}", "dale otro código"),
    "HOURS_BACKWARDS": ("cierra antes de abrir", "revisa opens y closes"),
    "HOURS_OVERLAP": ("se cruza con otro tramo del mismo día ({day})", "separa los tramos o júntalos en uno"),
    "HOURS_SPLIT": ("el horario está partido", "la atención debe ser continua (TUO 149.4); revísalo con la entidad"),
    "HOURS_SHORT": ("atiende menos de {hours} horas seguidas", "la ley pide no menos de {hours} (TUO 149.1); revísalo con la entidad"),
    "WEB_ADDRESS_FORM": ("«{value}» no es una dirección de internet", "escríbela completa, con https:// y sin espacios"),
    "PROCEDURE_CODE_FORM": ("el código de procedimiento «{value}» no sirve", "usa letras, números, puntos, guiones; sin espacios ni barras"),
    "PROCEDURE_CODE_TWICE": ("el procedimiento «{value}» ya está en la línea {first}", "cada procedimiento tiene su código"),
    "PROCEDURE_CODE_RESERVED": ("el código «{value}» está reservado para lo que no tiene procedimiento propio", "usa el código del TUPA"),
    "FEE_FORM": ("«{value}» no es un monto en soles", "escríbelo entre comillas y con dos decimales: \"12.50\""),
    "TERM_OF_AUTOMATIC": ("lo que se aprueba automáticamente no tiene plazo", "quita esta clave: vale desde que se presenta (TUO 33)"),
    "TERM_TWICE": ("tiene days y act a la vez", "deja uno: act es el máximo legal de ese acto (TUO 143)"),
    "TERM_WITHOUT_NORM": ("{value} días pasan de {most}, el máximo general, y no dice qué norma lo permite", "escribe en norm la ley o el decreto que fija ese plazo (TUO 39), o baja los días"),
    "REQUIREMENT_PROHIBITED": ("pide «{value}», y eso no se le puede pedir al ciudadano ({norm})", "quita el requisito: el Estado ya lo tiene; basta pedir el número"),
    "CERTIFICATES_TOO_MANY": ("tiene más de {wanted} certificados", "deja el vigente y, si se está cambiando, el nuevo"),
    "CERTIFICATE_SOURCE": ("debe tener file o pem, y uno solo", "nombra el archivo, o pega el certificado"),
    "CERTIFICATE_PATH": ("«{value}» sale de la carpeta de claves", "usa una ruta relativa que no suba de carpeta"),
    "CERTIFICATE_NOT_FOUND": ("no se puede leer «{value}» en {folder} ({detail})", "copia ahí el certificado que envió la entidad"),
    "CERTIFICATE_PRIVATE_KEY": ("contiene una clave privada", "quítala de inmediato y cámbiala: aquí va solo el certificado"),
    "CERTIFICATE_UNREADABLE": ("no es un certificado en PEM", "debe empezar por -----BEGIN CERTIFICATE-----"),
    "CERTIFICATE_WEAK": ("su clave no se acepta", "pide uno ECDSA P-256, o RSA de 2048 bits o más"),
    "CERTIFICATE_OTHER_RUC": ("el certificado es del RUC {named}, y la entidad es {ruc}", "revisa si se copió el archivo de otra entidad"),
    "CERTIFICATE_TWICE": ("es el mismo certificado de la línea {first}", "cada certificado va una sola vez y en una sola entidad"),
    "CERTIFICATE_NEVER_VALID": ("ningún día es válido", "revisa valid_from y valid_to contra las fechas del certificado"),
    "CERTIFICATE_EXPIRED": ("venció el {day}", "pide el nuevo y reemplázalo"),
    "CERTIFICATE_ENDS_SOON": ("vence el {day}", "agrega ya el que lo reemplaza: caben dos"),
    "CERTIFICATE_NOT_YET": ("vale recién desde el {day}", "deja también el anterior hasta ese día"),
    "CERTIFICATE_NONE": ("no tiene certificado", "sin él, sus cargos no se podrán comprobar"),
    "KEYS_MISSING": ("aún no existe la carpeta de claves {value}", "créala con mesa keys, o indica MESA_KEYS, para revisar los certificados"),
    "SUCCESSOR_MISSING": ("dejó de recibir y no tiene sucesora", "agrega successor si otra entidad la reemplaza"),
    "SUCCESSOR_WITHOUT_DAY": ("tiene sucesora y no dice desde cuándo", "agrega left_on, o quita successor"),
    "SUCCESSOR_CIRCULAR": ("la sucesión vuelve al comienzo: {chain}", "la última debe ser una entidad activa"),
    "AGREEMENT_WITH_ITSELF": ("«{value}» no necesita convenio consigo misma", "revisa from y to"),
    "AGREEMENT_OVERLAP": ("el convenio {pair} se cruza con el de la línea {first}", "cierra el anterior con valid_to un día antes"),
    "NORM_MISSING": ("falta el convenio o la norma que lo permite", "escríbelo en norm: sin título no hay convenio"),
    "DATES_BACKWARDS": ("termina antes de empezar", "revisa valid_from y valid_to"),
}

_TYPES = {
    "string": "un texto", "integer": "un número entero", "boolean": "true o false",
    "array": "una lista", "object": "un bloque de claves",
}
_PYTHON_TYPES = {str: "texto", int: "número", float: "número", bool: "true o false", list: "lista", dict: "bloque"}
# fmt: on


def sentence(fault: Fault) -> tuple[str, str]:
    """What is wrong, and the remedy."""
    wrong, remedy = SENTENCES[fault.code]
    params = {key: _said(value) for key, value in fault.params.items()}
    if "meant" in params:
        params["meant"] = f"; ¿quisiste decir «{params['meant']}»?" if params["meant"] else ""
    if fault.code == "WRONG_TYPE":
        wanted = fault.params["wanted"]
        names = wanted if isinstance(wanted, list) else [wanted]
        params["wanted"] = " o ".join(_TYPES.get(name, str(name)) for name in names)
        params["value"] = _PYTHON_TYPES.get(type(fault.params["value"]), "otra cosa")
    return wrong.format(**params), remedy.format(**params)


def _said(value: Any) -> str:
    text = ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)
    return text if len(text) <= 400 else f"{text[:397]}..."
