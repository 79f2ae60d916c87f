"""A primary and a synchronous replica on one machine, and a hub on both: `Pair(folder)` is a Stack."""

import os
import shutil
from contextlib import closing
from dataclasses import replace

import psycopg2

from hub.embedded import place, postgres
from hub.keeping.programs import environment_of, programs_of, run
from tests.stack import Stack, children_of, kill_quietly

REPLICA = "replica"


class Pair(Stack):
    """The hub's address names both servers; a commit is confirmed once the replica has it on its disk."""

    replica = None

    def start_database(self):
        self.primary = postgres.start(self.folder / "postgres")
        self._copy()
        self.replica = postgres.start(self.folder / REPLICA)
        self.ask(self.primary, f"alter system set synchronous_standby_names = '{REPLICA}'", "select pg_reload_conf()")
        who = self.primary.url.partition("@")[0]
        both = f"127.0.0.1:{self.primary.port},127.0.0.1:{self.replica.port}"
        url = f"{who}@{both}/mesa?target_session_attrs=read-write"
        self.server = replace(self.primary, url=url)

    def _copy(self):
        there = place.place_of(self.folder / REPLICA)
        env = environment_of(self.primary.url) | {"PGAPPNAME": REPLICA}
        run([programs_of(18) / "pg_basebackup", "-D", there.cluster, "-X", "stream", "-c", "fast", "-R"], env)
        shutil.copy(place.place_of(self.folder / "postgres").home / "password", there.home / "password")
        if there.account:
            for each in (there.cluster, *there.cluster.rglob("*")):
                os.chown(each, *there.account)

    def ask(self, server, *statements):
        """The last answer, each statement by itself."""
        with closing(psycopg2.connect(server.url)) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall() if cursor.description else None

    def kill(self, name):
        if name != "primary":
            return super().kill(name)
        for pid in [self.primary.pid, *children_of(self.primary.pid)]:
            kill_quietly(pid)
        self.primary.process.wait()

    def lose_replica(self):
        self.replica.stop()

    def bring_replica_back(self):
        self.replica = postgres.start(self.folder / REPLICA, port=self.replica.port)

    def promote(self):
        self.ask(self.replica, "select pg_promote()")

    def stop(self):
        super().stop()
        if self.replica is not None:
            self.replica.stop()
            self.replica = None

    def remove(self):
        for name in ("postgres", REPLICA):
            place.remove(self.folder / name)
        shutil.rmtree(self.folder, ignore_errors=True)
