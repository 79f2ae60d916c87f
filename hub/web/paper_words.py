"""Papers and signatures in words."""

from hub.web.catalogue import N_

PAPERS = {
    "constancia": N_("Constancia de presentación"),
    "cargo": N_("Cargo de recepción"),
    "no_presentado": N_("Constancia de documento no presentado"),
    "indisponibilidad": N_("Constancia de indisponibilidad"),
}
