"""Papers and signatures in words."""

from hub.web.catalogue import N_

PAPERS = {
    "constancia": N_("Constancia de presentación"),
    "cargo": N_("Cargo de recepción"),
    "no_presentado": N_("Constancia de documento no presentado"),
    "indisponibilidad": N_("Constancia de indisponibilidad"),
}

ONE_OF = {
    "constancia": N_("la constancia de presentación"),
    "cargo": N_("el cargo de recepción"),
    "no_presentado": N_("la constancia de documento no presentado"),
    "indisponibilidad": N_("la constancia de indisponibilidad"),
}
"""The same inside a sentence."""
