"""Write hub/core/districts.txt from the list of the npm package peru-ubigeo (see THIRD_PARTY.md).

    npm pack peru-ubigeo@0.0.3 && tar xzf peru-ubigeo-0.0.3.tgz
    python deploy/districts/build.py package/lib/ubigeo.json
"""

import json
import sys
from pathlib import Path

OUT = Path(__file__).parents[2] / "hub" / "core" / "districts.txt"


def _said(name):
    """As people say it: one province has its legal title in the list."""
    return " ".join(name.replace("_", "-").removeprefix("Prov. Const. del ").split())


def lines(places):
    """A code and a name a line: departments have two digits, provinces four, districts six."""
    for place in places:
        yield f"{place['id']} {_said(place['name'])}"
        yield from lines(place.get("childrens", ()))


if __name__ == "__main__":
    found = list(lines(json.loads(Path(sys.argv[1]).read_text("utf-8"))))
    OUT.write_text("\n".join(found) + "\n", "utf-8")
    sys.stdout.write(f"{OUT.name}: {sum(len(line.split()[0]) == 6 for line in found)} districts\n")
