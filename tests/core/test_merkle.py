"""The tree of a batch, against the vectors of Certificate Transparency and against its own definition."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core import merkle

LEAVES = [
    bytes.fromhex(one)
    for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PATHS = {
    (1, 0): [],
    (8, 0): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (8, 5): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (3, 2): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (5, 1): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
SOME = st.lists(st.binary(max_size=40), min_size=1, max_size=70)


def defined(leaves):
    """MTH of RFC 6962, 2.1, word by word."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + defined(leaves[:split]) + defined(leaves[split:])).digest()


def test_an_empty_tree_is_the_hash_of_nothing():
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("count", range(1, 9))
def test_the_roots_of_certificate_transparency_come_out(count):
    assert merkle.root(LEAVES[:count]).hex() == ROOTS[count - 1]


@pytest.mark.parametrize("count, index", PATHS)
def test_the_paths_of_certificate_transparency_come_out(count, index):
    path = merkle.path(LEAVES[:count], index)
    assert [one.hex() for one in path] == PATHS[count, index]
    assert merkle.root_from(LEAVES[index], index, count, path).hex() == ROOTS[count - 1]


@given(SOME)
def test_the_root_is_the_one_of_the_definition(leaves):
    assert merkle.root(leaves) == defined(leaves)


@given(SOME, st.data())
def test_every_path_leads_to_the_root_and_to_no_other(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = merkle.path(leaves, index)
    assert merkle.root_from(leaves[index], index, len(leaves), path) == merkle.root(leaves)
    assert merkle.root_from(leaves[index] + b"!", index, len(leaves), path) != merkle.root(leaves)
    assert len(path) <= (len(leaves) - 1).bit_length()


@given(st.integers(1, 150), st.data())
def test_a_path_through_blocks_is_the_same_path(count, data):
    leaves = [bytes([number]) for number in range(count)]
    index = data.draw(st.integers(0, count - 1))
    begins = index - index % merkle.BLOCK
    blocks = merkle.blocks(leaves)
    assert merkle.root_of_blocks(blocks) == merkle.root(leaves)
    block = leaves[begins : begins + merkle.BLOCK]
    assert merkle.path_through(block, blocks, index) == merkle.path(leaves, index)


@given(SOME, st.data())
def test_a_path_of_another_length_is_refused(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = merkle.path(leaves, index)
    for wrong in ([*path, bytes(32)], path[:-1] if path else [bytes(32)]):
        with pytest.raises(ValueError):
            merkle.root_from(leaves[index], index, len(leaves), wrong)


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=2, max_size=40, unique=True), st.data())
def test_a_leaf_holds_at_no_other_place(leaves, data):
    index, other = data.draw(st.permutations(range(len(leaves))))[:2]
    path = merkle.path(leaves, index)
    try:
        assert merkle.root_from(leaves[index], other, len(leaves), path) != merkle.root(leaves)
    except ValueError:
        return  # its path would have another length


def test_a_leaf_off_the_tree_has_no_path():
    for index in (-1, 3):
        with pytest.raises(IndexError):
            merkle.path(LEAVES[:3], index)
        with pytest.raises(ValueError):
            merkle.root_from(LEAVES[0], index, 3, [])
