"""Who else has the database: the replica that commits wait for, and the copy that `mesa backup` takes of the log."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

BACKUP_SLOT = "mesa_backup"
_STANDING = text("""
    select current_setting('synchronous_standby_names') <> '' as is_awaited,
           current_setting('archive_mode') <> 'off' as is_archived,
           (select count(*) from pg_stat_replication) as connected,
           (select count(*) from pg_stat_replication where sync_state in ('sync', 'quorum')) as synchronous,
           (select count(*) from pg_stat_activity where wait_event = 'SyncRep') as waiting,
           pg_has_role('pg_monitor', 'member') as sees_all,
           slot.slot_name is not null as is_backed_up, coalesce(slot.wal_status, '') as slot_status,
           case when pg_is_in_recovery() then 0
                else coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), slot.restart_lsn), 0) end as kept_for_backup
    from (select 1) as one left join pg_replication_slots slot on slot.slot_name = :slot
""")


@dataclass(frozen=True)
class Standing:
    """`waiting` commits wait for a replica now; `kept_for_backup` bytes of log wait to be copied."""

    is_awaited: bool
    is_archived: bool
    connected: int
    synchronous: int
    waiting: int
    sees_all: bool
    """Without it (role pg_monitor) nobody tells us which replica is synchronous."""
    is_backed_up: bool
    slot_status: str
    kept_for_backup: int

    @property
    def is_stopped(self) -> bool:
        """Nothing can be confirmed: commits wait for a replica, and none is there."""
        return self.is_awaited and not (self.synchronous if self.sees_all else self.connected)

    @property
    def is_cut(self) -> bool:
        """The server let go of log that the copy did not bring: what it has cannot be gone on with."""
        return self.slot_status in ("lost", "unreserved")


def standing(session: Session) -> Standing:
    """What PostgreSQL says of its replicas and of the backup. Reads only: commits may be waiting."""
    row = session.execute(_STANDING, {"slot": BACKUP_SLOT}).mappings().one()
    return Standing(**{**row, "kept_for_backup": int(row["kept_for_backup"])})
