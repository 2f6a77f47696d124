"""Partnerships as a list with depth."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from coprod.common.tree import branches


@dataclass(frozen=True)
class Node:
    pk: int
    parent_id: int | None = None


def drawn(*nodes: Node) -> list[tuple[int, int]]:
    return [(branch.partnership.pk, branch.depth) for branch in branches(nodes)]


def test_children_stand_below_their_parent_in_the_order_given():
    assert drawn(Node(3, 1), Node(1), Node(2, 1), Node(4, 3), Node(5)) == [(1, 0), (3, 1), (4, 2), (2, 1), (5, 0)]


def test_one_whose_parent_is_not_listed_stands_at_the_top():
    assert drawn(Node(2, 1), Node(3, 2)) == [(2, 0), (3, 1)]


def test_nothing_is_nothing():
    assert drawn() == []


def test_a_ring_is_listed_all_the_same():
    assert drawn(Node(1, 2), Node(2, 1), Node(3)) == [(3, 0), (1, 0), (2, 1)]


def test_the_indent_stops_growing_at_four():
    chain = branches([Node(0), *[Node(n, n - 1) for n in range(1, 7)]])
    assert [branch.indent for branch in chain] == [0, 1, 2, 3, 4, 4, 4]


@given(st.lists(st.one_of(st.none(), st.integers(0, 12)), max_size=12))
def test_each_stands_there_once_whatever_reports_to_whatever(parents):
    nodes = [Node(pk, parent) for pk, parent in enumerate(parents)]
    assert sorted(pk for pk, _depth in drawn(*nodes)) == list(range(len(parents)))
