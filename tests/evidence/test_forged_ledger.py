"""Forging the history: events, proofs, roots, stamps. The work of an insider, who can seal the bundle itself anew."""

import copy
import secrets
from dataclasses import replace

from hub.core.roots import root_from_json
from hub.evidence.layout import EVENTS, FILING, ROOTS, stamp_file
from hub.wire.keys import load_signer
from hub.wire.roots import payload_of, sign_root
from tests.evidence.forging import rechained
from tests.evidence.installation import Stamper, mesa


def place(position):
    return f"{EVENTS}#{position}"


def roots_of(files):
    return files[ROOTS].decode().split()


def put_roots(files, roots):
    files[ROOTS] = "\n".join(roots).encode()


def test_an_event_changed(forge):
    def change(files):
        with files.json(EVENTS) as told:
            told["events"][2]["happened_at"] = "2020-01-01T00:00:00.000000Z"

    assert forge(change, by="hub").names("EVENT_CHANGED") == [place(3)]


def test_an_event_changed_and_the_whole_chain_made_anew(forge):
    def change(files):
        events = files.events()
        events[2]["data"] = {"otra": "cosa"}
        files.put_events(rechained(events))

    forged = forge(change, by="hub")
    assert forged.names("EVENT_NOT_IN_ROOT")[-1] == place(3), "told from the newest back"
    assert place(2) not in forged.names("EVENT_NOT_IN_ROOT")


def test_an_event_removed(forge):
    def remove(files):
        with files.json(EVENTS) as told:
            del told["events"][4]

    assert forge(remove, by="hub").names("EVENT_REMOVED") == [place(5)]


def test_an_event_removed_and_the_chain_made_anew(forge):
    def remove(files):
        events = files.events()
        del events[4]
        files.put_events(rechained(events))

    assert place(5) in forge(remove, by="hub").names("EVENT_NOT_IN_ROOT")


def test_the_last_events_removed_while_the_bundle_says_how_many(forge):
    def cut(files):
        with files.json(EVENTS) as told:
            del told["events"][-2:]

    assert len(forge(cut, by="hub").names("EVENT_REMOVED")) == 2


def test_two_events_in_each_other_s_place(forge):
    def swap(files):
        with files.json(EVENTS) as told:
            told["events"][3], told["events"][4] = told["events"][4], told["events"][3]

    assert forge(swap, by="hub").names("EVENTS_REORDERED") == [EVENTS]


def test_two_events_that_changed_their_numbers_too(forge):
    def swap(files):
        events = files.events()
        events[3], events[4] = events[4], events[3]
        files.put_events(rechained(events))

    assert {place(4), place(5)} <= set(forge(swap, by="hub").names("EVENT_NOT_IN_ROOT"))


def an_event(like):
    return {**copy.deepcopy(like), "kind": "opened", "data": {}, "raw": "", "proof": None}


def test_an_event_inserted_with_a_number_that_is_taken(forge):
    def insert(files):
        with files.json(EVENTS) as told:
            told["events"].insert(4, {**an_event(told["events"][4]), "hash": secrets.token_hex(32)})

    assert forge(insert, by="hub").names("EVENT_INSERTED") == [place(5)]


def test_an_event_inserted_and_the_chain_made_anew(forge):
    def insert(files):
        events = files.events()
        events.insert(4, an_event(events[4]))
        files.put_events(rechained(events))

    assert forge(insert, by="hub").names("EVENT_INSERTED") == [place(5)]


def test_a_path_changed(forge):
    def change(files):
        with files.json(EVENTS) as told:
            told["events"][3]["proof"]["path"][0] = secrets.token_hex(32)

    assert forge(change, by="hub").names("PROOF_BROKEN") == [place(4)]


def test_a_proof_that_names_another_place(forge):
    def change(files):
        with files.json(EVENTS) as told:
            told["events"][3]["proof"]["index"] += 1

    assert forge(change, by="hub").names("PROOF_BROKEN") == [place(4)]


def test_a_root_changed(forge):
    def change(files):
        roots = roots_of(files)
        head, payload, signature = roots[0].split(".")
        roots[0] = f"{head}.{payload[:60]}{'A' if payload[60] != 'A' else 'B'}{payload[61:]}.{signature}"
        put_roots(files, roots)

    forged = forge(change, by="hub")
    assert forged.names("ROOT_CHANGED") == [ROOTS] and place(1) in forged.names("EVENT_WITHOUT_ROOT")


def test_a_root_signed_anew_by_another_key(forge, walked):
    keys = walked.installation.keys
    signer = load_signer(keys / "sandbox" / "igp.key.pem", keys / "entities" / "igp.crt.pem")

    def change(files):
        put_roots(files, [sign_root(signer, root_from_json(payload_of(jws))) for jws in roots_of(files)])

    assert set(forge(change, by="hub").names("ROOT_SIGNER_UNTRUSTED")) == {ROOTS}


def rewritten(walked, jws, **changes):
    """A root signed with the ledger's own key, saying something else."""
    return sign_root(walked.installation.signer("ledger"), replace(root_from_json(payload_of(jws)), **changes))


def test_a_root_rewritten_with_the_ledger_s_own_key(forge, walked):
    def change(files):
        roots = roots_of(files)
        put_roots(files, [roots[0], rewritten(walked, roots[1], root=secrets.token_bytes(32)), *roots[2:]])

    forged = forge(change, by="hub")
    assert forged.names("STAMP_OF_OTHER_ROOT") == [stamp_file(2)]


def test_the_chain_broken(forge, walked):
    def change(files):
        roots = roots_of(files)
        put_roots(files, [*roots[:-1], rewritten(walked, roots[-1], previous=secrets.token_bytes(32))])

    assert forge(change, by="hub").names("CHAIN_BROKEN") == [ROOTS]


def test_the_chain_cut(forge):
    def cut(files):
        roots = roots_of(files)
        put_roots(files, [roots[0], *roots[2:]])

    assert forge(cut, by="hub").names("CHAIN_CUT") == [ROOTS]


def test_a_stamp_in_another_s_place(forge):
    def swap(files):
        stamps = [name for name in files if name.startswith("libro/sellos/")]
        files[stamps[0]], files[stamps[1]] = files[stamps[1]], files[stamps[0]]

    assert len(forge(swap, by="hub").names("STAMP_OF_OTHER_ROOT")) == 2


def test_a_stamp_of_another_authority(forge, walked, tmp_path):
    other = Stamper(tmp_path / "otra-tsa")

    def change(files):
        root = root_from_json(payload_of(roots_of(files)[0]))
        files[stamp_file(1)] = other.stamp(root.digest).token

    assert forge(change, by="hub").names("STAMP_WRONG") == [stamp_file(1)]


def test_a_stamp_of_no_root(forge):
    forged = forge(lambda files: files.update({stamp_file(99): files[stamp_file(1)]}), by="hub")
    assert forged.names("STAMP_OF_NO_ROOT") == [stamp_file(99)]


def test_a_tail_cut_shows_against_a_root_that_was_seen(forge, walked):
    """The bundle, made later than the root that was seen, comes from a ledger that ends before it."""
    last = walked.installation.roots()[-1]

    def cut(files):
        batches = [root_from_json(payload_of(jws)).batch for jws in roots_of(files)]
        put_roots(files, roots_of(files)[:-1])
        files.pop(stamp_file(batches[-1]), None)
        files.put_events([one for one in files.events() if one["proof"]["batch"] != batches[-1]])
        with files.json(FILING) as filing:
            filing["libro"] = [[batches[0], batches[-2]]]

    assert forge(cut, by="hub", seen=(last,)).names("LEDGER_CUT") == [ROOTS]


def test_a_ledger_rewritten_shows_against_a_root_that_was_seen(forge, walked):
    seen = walked.installation.roots()[0]

    def change(files):
        roots = roots_of(files)
        put_roots(files, [rewritten(walked, roots[0], root=secrets.token_bytes(32)), *roots[1:]])

    assert forge(change, by="hub", seen=(seen,)).names("LEDGER_REWRITTEN") == [ROOTS]


def test_the_command_compares_with_the_roots_that_it_is_given(walked, tmp_path):
    seen = tmp_path / "raices.json"
    seen.write_text(f'{{"roots": [{{"jws": "{walked.installation.roots()[0]}"}}]}}')
    done = mesa("verify", walked.path, "--ca", walked.ca, "--roots", seen, empty=tmp_path)
    assert done.returncode == 0 and "La raíz 1, que ya conocías, es la misma." in done.stdout, done.stdout


def test_a_history_of_which_nothing_is_left(forge):
    assert forge(lambda files: files.put_events([]), by="hub").names("PRESENTED_MISSING") == [FILING]


def test_old_events_whose_proofs_were_taken_away_are_not_passed_over(forge):
    def strip(files):
        events = files.events()
        for event in events:
            event["at"], event["proof"] = f"2026-01{event['at'][7:]}", None
        files.put_events(rechained(events))

    report = forge(strip, by="hub").report
    assert "EVENTS_LONG_UNSEALED" in {one.code for one in report.findings}
