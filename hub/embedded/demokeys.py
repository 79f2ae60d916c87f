"""The demonstration's keys: the hub's own, and one pair for each institution that is played here."""

from pathlib import Path
from typing import Any

import yaml

from hub.clock import now
from hub.embedded.parts import sandboxes
from hub.wire.keys import Made, make_demo_keys


def make_keys(entities: Path, folder: Path) -> Made:
    """Make in `folder` what is missing of the keys that the sector's file asks for; never overwrite one."""
    declared: Any = yaml.safe_load(entities.read_text("utf-8"))
    names = {entity["code"]: (str(entity["ruc"]), str(entity["name"])) for entity in declared["entities"]}
    operator = declared["sector"]["operator"]
    codes = [operator, *(one.code for one in sandboxes(entities))]
    return make_demo_keys(folder, {code: names[code] for code in codes}, operator=operator, now=now())
