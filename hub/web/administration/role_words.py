"""What each role does and sees, in words for who gives it; tests/nets/routes.md holds the doors one by one."""

from collections.abc import Mapping

from hub.web.catalogue import N_

SEES: Mapping[str, tuple[str, str]] = {
    "clerk": (N_("Recibe en una ventanilla y entrega constancias"),
              N_("Lo que recibió su mesa de partes, y lo que llega a su institución para registrar")),
    "seat_coordinator": (N_("Además, organiza a las personas de su sede"), N_("Lo mismo que su ventanilla")),
    "officer": (N_("Atiende la bandeja: registra, observa, pasa y responde"),
                N_("Lo que llegó a su institución; lo que se fue a otra, hasta que se fue")),
    "collaborator": (N_("Atiende lo que se pasa a su oficina"),
                     N_("Lo de su oficina; si no tiene oficina, lo de su institución")),
    "entity_coordinator": (N_("Organiza a las personas, publica el formulario y propone cambios del directorio"),
                           N_("Lo de su institución, su registro, sus informes y el historial de su gente")),
    "auditor": (N_("Solo mira"), N_("El registro, los informes y el historial de su institución; o de todo el sector")),
    "sector_admin": (N_("Administra el sector: remedios, calendario, certificados, personas y propuestas"),
                     N_("Toda ruta, estado y respuesta; ningún documento por dentro")),
    "operator": (N_("Mantiene el servicio en marcha"), N_("Mensajes y salud del sistema; ningún nombre ni documento")),
}  # fmt: skip
