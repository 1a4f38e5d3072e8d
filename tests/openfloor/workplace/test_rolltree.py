"""The tree over the roll: published values, and paths that a device holds against the root."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfloor.workplace.rolltree import Tree

# Inputs and roots that implementations of Certificate Transparency share; all of them happen to be ASCII.
PUBLISHED = [bytes.fromhex(text).decode() for text in ("", "00", "10", "2021", "3031", "40414243")]
PUBLISHED += [
    bytes.fromhex(text).decode() for text in ("5051525354555657", "606162636465666768696a6b6c6d6e6f")
]


def tree_of(count: int) -> Tree:
    return Tree(f"record {number}" for number in range(count))


def test_roots_are_the_published_ones() -> None:
    tree = Tree(PUBLISHED)

    assert tree.root(0) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert tree.root(1) == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert tree.root(8) == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_leaf_and_node_never_hash_alike() -> None:
    left, right = (sha256(b"\x00record %d" % number).digest() for number in range(2))

    assert Tree([(left + right).decode("latin-1")]).root(1) != tree_of(2).root(2)


@given(count=st.integers(1, 70), data=st.data())
def test_paths_are_as_long_as_the_tree_is_high(count: int, data: st.DataObject) -> None:
    tree = tree_of(70)
    index = data.draw(st.integers(0, count - 1))

    assert len(tree.inclusion(index, count)) <= (count - 1).bit_length()
    assert len(tree.consistency(index + 1, count)) <= (count - 1).bit_length() + 1


@given(count=st.integers(1, 70))
def test_a_grown_tree_answers_for_every_size_as_one_made_at_once(count: int) -> None:
    grown, made = tree_of(70), tree_of(count)

    assert grown.root(count) == made.root(count)
    assert grown.inclusion(count - 1, count) == made.inclusion(count - 1, count)
    assert grown.consistency((count + 1) // 2, count) == made.consistency((count + 1) // 2, count)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 4)])
def test_path_of_a_record_that_is_not_there_is_refused(index: int, size: int) -> None:
    with pytest.raises(IndexError):
        tree_of(3).inclusion(index, size)


@pytest.mark.parametrize(("old_size", "size"), [(0, 3), (4, 3), (2, 4)])
def test_proof_from_or_to_a_tree_that_never_was_is_refused(old_size: int, size: int) -> None:
    with pytest.raises(IndexError):
        tree_of(3).consistency(old_size, size)
