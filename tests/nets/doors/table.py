"""The whole table. A new route with an identifier has a row here, in one of the files of rows."""

from tests.nets.doors import rows_citizen, rows_counter, rows_inbox, rows_sector
from tests.nets.doors.rows_sector import ELSEWHERE, NOBODYS

DOORS = (*rows_counter.DOORS, *rows_inbox.DOORS, *rows_citizen.DOORS, *rows_sector.DOORS)
CODED = rows_citizen.CODED


def missing(app):
    """(route, method) of every route with an identifier that no row asks about, and rows of routes that are no more."""
    known = {one.key for one in (*DOORS, *CODED)}
    there = {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"OPTIONS"}
        if not (method == "HEAD" and "GET" in rule.methods)
    }
    asked = {rule.rule for rule in app.url_map.iter_rules() if rule.arguments} - set(NOBODYS) - set(ELSEWHERE)
    return sorted(key for key in there - known if key[0] in asked), sorted(known - there)


ASKED = (
    "/mesa-de-partes/buscar?q={number}", "/mesa-de-partes/buscar?q=zzyxquis", "/mesa-de-partes/buscar?q=ana",
    "/bandeja?unidad={unit}", "/bandeja?estado=archived", "/registro?institucion=igp", "/registro?institucion=iiap",
    "/registro/planilla.csv?institucion=igp&sede=principal", "/personal?entidad=iiap", "/mis-tramites?asunto=zzywre",
    "/mis-tramites/casilla?texto=zzywre", "/envios?texto={number}", "/informes?institucion=igp", "/envios/apartadas",
)  # fmt: skip
"""What a stranger asks of a list by what stands behind its question mark."""


ENDLESS = {"/tablero/vivo"}
"""Streams, that hold one of few places while they are open; their guard is in the table of routes."""


def lists(app, estate):
    """Every page without an identifier, and the lists asked for what is in the estate."""
    plain = {rule.rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and not rule.arguments}
    return [*sorted(plain - ENDLESS), *(one.format(**estate) for one in ASKED)]
