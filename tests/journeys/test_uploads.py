"""The short form of `make uploads`: a file over a line that is cut three times, its second half by another process."""

import random

import psycopg2

from tests.bench import uploads
from tests.web.test_filing_pieces import Sender

PIECES = 30 * 1024**2 // uploads.PIECE


def test_a_file_cut_three_times_ends_whole_through_another_process(stack):
    cut_at, cuts = set(random.Random(1).sample(range(1, PIECES), uploads.CUTS)), []
    with uploads.another_web(stack) as second:
        sender = Sender(stack.url, "minam")
        path = sender.begin("anexos.bin", PIECES * uploads.PIECE).headers["Location"]
        uploads.send(sender, path, PIECES, cut_at, (stack.url, second), say=cuts.append)
        assert uploads.memory(stack)["web-2"] < uploads.MOST_MEMORY
    with psycopg2.connect(stack.server.url) as connection, connection.cursor() as cursor:
        cursor.execute("select sha256, size from draft_files where file_name = 'anexos.bin'")
        assert cursor.fetchall() == [(uploads.digest_of(PIECES), PIECES * uploads.PIECE)]
    assert len(cuts) == uploads.CUTS
