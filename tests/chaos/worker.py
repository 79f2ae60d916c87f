"""The real worker, watched by the points; CHAOS_WITHOUT takes one of its guards away, to show that the run bites.

lease      nobody frees what a dead worker had claimed
question   a second try sends at once, without asking first
"""

import logging
import os

from hub import dispatch
from hub.carrying import carry
from hub.settings import Settings
from hub.worker import Worker
from tests.chaos.points import watch


class WithoutLeaseSweep(Worker):
    def free_stuck(self):
        return 0


def carry_without_asking(adapter, parcel, *, must_ask, **more):
    return carry(adapter, parcel, must_ask=False, **more)


def main():
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    without = os.environ.get("CHAOS_WITHOUT", "")
    if without == "question":
        dispatch.carry = carry_without_asking
    worker = (WithoutLeaseSweep if without == "lease" else Worker)(Settings.from_env())
    watch(worker.engine, "worker", os.environ["CHAOS_FOLDER"])
    worker.run()


if __name__ == "__main__":
    main()
