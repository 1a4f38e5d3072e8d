"""The tree over the roll: published values, and paths that a device holds against the root."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfloor.workplace import rolltree

# Inputs and roots that implementations of Certificate Transparency share; all of them happen to be ASCII.
PUBLISHED = [bytes.fromhex(text).decode() for text in ("", "00", "10", "2021", "3031", "40414243")]
PUBLISHED += [
    bytes.fromhex(text).decode() for text in ("5051525354555657", "606162636465666768696a6b6c6d6e6f")
]


def leaves_of(count: int) -> list[bytes]:
    return [rolltree.leaf(f"record {number}") for number in range(count)]


def test_roots_are_the_published_ones() -> None:
    leaves = [rolltree.leaf(text) for text in PUBLISHED]

    assert rolltree.root([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert rolltree.root(leaves[:1]) == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert rolltree.root(leaves) == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_leaf_and_node_never_hash_alike() -> None:
    left, right = leaves_of(2)

    assert rolltree.leaf((left + right).decode("latin-1")).hex() != rolltree.root([left, right])


@given(count=st.integers(1, 70), data=st.data())
def test_paths_are_as_long_as_the_tree_is_high(count: int, data: st.DataObject) -> None:
    leaves = leaves_of(count)
    index = data.draw(st.integers(0, count - 1))

    assert len(rolltree.inclusion(leaves, index)) <= (count - 1).bit_length()
    assert len(rolltree.consistency(leaves, index + 1)) <= (count - 1).bit_length() + 1


@pytest.mark.parametrize("index", [-1, 3])
def test_path_of_a_record_that_is_not_there_is_refused(index: int) -> None:
    with pytest.raises(IndexError):
        rolltree.inclusion(leaves_of(3), index)


@pytest.mark.parametrize("old_size", [0, 4])
def test_proof_from_a_tree_that_never_was_is_refused(old_size: int) -> None:
    with pytest.raises(IndexError):
        rolltree.consistency(leaves_of(3), old_size)
