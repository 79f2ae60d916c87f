"""The national contract with zeep: what nacional.php and Nacional.java do, said the same way."""

import base64
import hashlib
import shutil
from datetime import datetime
from pathlib import Path

from zeep import Client

from hub.clock import now


def call(environ, order, *given):
    return ORDERS[order](environ, *map(str, given))


def service(environ, name):
    return Client(f"{environ['MESA_URL']}/services/{name}?wsdl").service


def pdf(file):
    return base64.b64encode(Path(file).read_bytes())  # zeep encodes once, as base64Binary asks


def said(answer):
    told = {name: answer[name] for name in dir(answer) if answer[name] is not None}
    if "bcarstd" in told:
        told["bcarstd_sha256"] = hashlib.sha256(base64.b64decode(told.pop("bcarstd"))).hexdigest()
    return told


def send(environ, to, subject, document, *annexes):
    me = environ["MI_RUC"]
    cuo = service(environ, "PcmCuo").getCUOEntidad(ruc=me, servicio="3011")
    folder = Path(environ["MI_CARPETA"]) / "enviados" / cuo / "anexos"
    folder.mkdir(parents=True)
    for annex in annexes:
        shutil.copy(annex, folder)
    request = {
        "vrucentrem": me, "vrucentrec": to, "vnomentemi": "ENTIDAD DE PRUEBA", "vuniorgrem": "SECRETARÍA GENERAL",
        "vcuo": cuo, "ccodtipdoc": "01", "vnumdoc": f"{cuo}-SG", "dfecdoc": now(), "vuniorgdst": "MESA DE PARTES",
        "vnomdst": "TITULAR", "vnomcardst": "TITULAR DE LA ENTIDAD", "vasu": subject, "snumanx": len(annexes),
        "snumfol": 1, "bpdfdoc": pdf(document), "vnomdoc": Path(document).name, "ctipdociderem": "1",
        "vnumdociderem": "10117410", "lstanexos": [{"vnomdoc": Path(annex).name} for annex in annexes],
        "vurldocanx": f"{environ['MI_URL']}/anexos/{cuo}",
    }  # fmt: skip
    return {"vcuo": cuo} | said(service(environ, "PcmIMgdTramite").recepcionarTramiteResponse(request=request))


def ask(environ, to, cuo):
    request = {"vrucentrem": environ["MI_RUC"], "vrucentrec": to, "vcuo": cuo}
    return said(service(environ, "PcmIMgdTramite").consultarTramiteResponse(request=request))


def give_cargo(environ, sender, cuo, number, cargo, remark=""):
    request = {
        "vrucentrem": environ["MI_RUC"], "vrucentrec": sender, "vcuo": cuo, "vnumregstd": number,
        "vanioregstd": str(datetime.now().year), "dfecregstd": now(), "vuniorgstd": "MESA DE PARTES",
        "vusuregstd": "OPERADOR", "bcarstd": pdf(cargo), "cflgest": "O" if remark else "R", "vobs": remark or None,
    }  # fmt: skip
    return said(service(environ, "PcmIMgdTramite").cargoResponse(request=request))


def types(environ):
    listed = service(environ, "PcmIMgdTramite").getTipoDocumento()
    return {one["ccodtipdoctra"]: one["vnomtipdoctra"] for one in listed}


def validate(environ, ruc):
    return {"return": service(environ, "PcmIMgdEntidad").validarEntidad(vrucent=ruc)}


ORDERS = {"enviar": send, "consultar": ask, "cargo": give_cargo, "tipos": types, "validar": validate}
