"""Runs the cases, in their order, against one institution."""

import time
from collections.abc import Callable, Iterable

from adapters.conformance import taking_cases, telling_cases
from adapters.conformance.values import Case, DoesNotApply, Judged, NotKept, Place, Report, Result

ALL = (*taking_cases.CASES, *telling_cases.CASES)


def run(ground: Place, way: str, cases: Iterable[Case] = ALL, say: Callable[[Judged], None] | None = None) -> Report:
    """Judge every case; after a ground that fails nothing more is asked. `say` hears each one as it is judged."""
    made_at, judged = ground.clock(), []
    is_standing = True
    for case in cases:
        one = _judge(ground, case) if is_standing else Judged(case, Result.NOT_RUN, "falló un caso anterior", 0.0)
        is_standing = is_standing and not (case.is_ground and one.result is Result.FAILED)
        judged.append(one)
        if say is not None:
            say(one)
    who = ground.who
    return Report(who.code, who.ruc, who.name, way, who.address, made_at, tuple(judged))


def _judge(ground: Place, case: Case) -> Judged:
    started, result, said = time.monotonic(), Result.PASSED, ""
    try:
        case.run(ground)
    except NotKept as error:
        result, said = Result.FAILED, str(error)
    except DoesNotApply as error:
        result, said = Result.NOT_APPLICABLE, str(error)
    except OSError as error:  # the line to it broke where the case did not expect it
        result, said = Result.FAILED, f"la conexión falló: {type(error).__name__}"
    return Judged(case, result, said, round(time.monotonic() - started, 3))
