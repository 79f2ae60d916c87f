"""Both ends compared, when all is quiet: nothing lost, nothing doubled, nothing half-written."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

import psycopg2
import psycopg2.extras

FILINGS = """
select f.id, f.filing_number, f.form_token::text as form_token, f.subject, f.entry_sequence, f.received_by_id,
       f.status as filing_status, d.cuo, d.status,
       d.destination_registry_number as registry_number, e.code as destination,
       (select count(*) from outbound_messages m where m.filing_id = f.id and m.kind = 'sobre') as messages,
       (select count(*) from observations o where o.filing_id = f.id and o.closed_at is null) as observations,
       (select count(*) from events v where v.filing_id = f.id and v.kind = 'presented') as presented,
       (select count(*) from events v where v.delivery_id = d.id and v.kind = 'registered') as registered,
       (select max(sha256) from documents x where x.filing_id = f.id and x.role = 'principal') as sha,
       (select array_agg(x.sha256) from documents x where x.filing_id = f.id) as shas
from filings f left join deliveries d on d.filing_id = f.id left join entities e on e.id = d.destination_id
order by f.id
"""
OPEN = """
select (select count(*) from outbound_messages where kind = 'sobre' and status in ('waiting', 'claimed'))
     + (select count(*) from inbound_messages where status = 'kept')
     + (select count(*) from deliveries where status in ('queued', 'sending', 'sent'))
     + (select count(*) from unsealed)
"""
PAPERS = "select count(*) from paper_orders where done_at is null"


@dataclass
class Verdict:
    """Each entry says which filing or leg, and what is wrong with it."""

    filings: int = 0
    lost: list = field(default_factory=list)
    doubled: list = field(default_factory=list)
    faults: list = field(default_factory=list)

    @property
    def is_clean(self):
        return not (self.lost or self.doubled or self.faults)


def still_open(url, with_papers=False):
    """How much has not come to rest yet; with a press, the papers that it has to make, too."""
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(f"select ({OPEN}) + ({PAPERS})" if with_papers else OPEN)
        return cursor.fetchone()[0]


def compare(url, constancias, held):
    """`constancias` are what clerks have in hand; `held` is, by institution, what each says it holds."""
    with psycopg2.connect(url) as connection, connection.cursor(cursor_factory=psycopg2.extras.DictCursor) as cursor:
        cursor.execute(FILINGS)
        rows = cursor.fetchall()
    verdict = Verdict(filings=len(rows))
    _clerks_and_house(rows, constancias, verdict)
    _inside_the_house(rows, verdict)
    _house_and_institutions(rows, held, verdict)
    return verdict


def _clerks_and_house(rows, constancias, verdict):
    by_number = {row["filing_number"]: row for row in rows}
    for one in constancias:
        row = by_number.get(one.number)
        if row is None or row["subject"] != one.subject:
            verdict.lost.append(f"{one.number}: somebody holds its constancia and the hub has no such filing")
        elif missing := set(one.sha256s) - set(row["shas"] or ()):
            verdict.lost.append(f"{one.number}: {len(missing)} of its documents are not named")
    for subject, count in Counter(row["subject"] for row in rows).items():
        if count > 1:
            verdict.doubled.append(f"{subject}: {count} filings of one form")


def _inside_the_house(rows, verdict):
    for row in rows:
        name = row["filing_number"]
        if not row["messages"] and not row["observations"]:
            verdict.lost.append(f"{name}: neither a message nor an open observation")
        if row["presented"] != 1:
            verdict.faults.append(f"{name}: {row['presented']} events of presentation")
        if row["registered"] > 1:
            verdict.doubled.append(f"{name}: registered {row['registered']} times")
    books = defaultdict(list)
    for row in rows:
        books[row["received_by_id"]].append(row["entry_sequence"] or 0)
    if any(sorted(book) != list(range(1, len(book) + 1)) for book in books.values()):
        verdict.faults.append("a counter's book has gaps")


def _house_and_institutions(rows, held, verdict):
    there = {code: Counter(entry["cuo"] for entry in entries) for code, entries in held.items()}
    entries = {(code, entry["cuo"]): entry for code, found in held.items() for entry in found}
    for row in rows:
        code, cuo = row["destination"], row["cuo"]
        count = there.get(code, {}).get(cuo, 0)
        if count == 0:
            verdict.lost.append(f"{row['filing_number']} ({cuo}): {code} does not hold it; here it is {row['status']}")
            continue
        entry = entries[(code, cuo)]
        if count > 1 or entry.get("times_stored", 1) > 1:
            verdict.doubled.append(f"{cuo}: {code} holds it {max(count, entry.get('times_stored', 1))} times")
        if row["sha"] and row["sha"] not in entry.get("sha256s", [row["sha"]]):
            verdict.faults.append(f"{cuo}: {code} holds other bytes")
        if row["status"] != "registered":
            verdict.lost.append(f"{row['filing_number']} ({cuo}): {code} holds it and here it is {row['status']}")
        elif str(entry.get("registry_number") or "") not in (row["registry_number"], f"{row['registry_number']}"):
            verdict.faults.append(
                f"{cuo}: {code} registered {entry.get('registry_number')}, here {row['registry_number']}"
            )
    known = {(row["destination"], row["cuo"]) for row in rows}
    for code, cuo in entries:
        if (code, cuo) not in known:
            verdict.faults.append(f"{cuo}: {code} holds what the hub never sent")
