"""Which group a text belongs to, and which groups are one after all: pure decisions."""

import pytest

from esmero.knowledge.rules.joining import (
    Link,
    merged,
    nearest_group,
    neighbours,
    spread,
    wanted_of,
)

SCALE = {"joins_from": 0.6, "merges_from": 0.4}
ALIKE, APART = 0.7, 0.1


@pytest.mark.parametrize(
    ("near", "group"),
    [
        ([], None),
        ([(0, 0.6)], 1),
        ([(0, 0.59)], None),
        ([(4, 0.9)], None),  # a text of no group yet
        ([(1, 0.7)], None),  # one of three, and nothing of the others
        ([(1, 0.7), (2, 0.45)], 2),
        ([(1, 0.98)], 2),  # the same words
        ([(0, 0.65), (1, 0.8), (2, 0.7)], 2),
    ],
)
def test_nearest_group(near, group):
    found = nearest_group(near, [1, 2, 2, 2, None], {1: 1, 2: 3}, joins_from=0.6)
    assert found == group


def test_neighbours_are_the_loudest_and_each_other():
    near = {5: [(0, 0.2), (1, 0.9), (2, 0.4), (3, 0.8), (4, 1.0)]}
    group_of = [1, 2, 2, 3, 5, None]
    assert neighbours(near, group_of, most=2) == {(2, 5), (3, 5), (2, 3)}
    assert neighbours({5: []}, group_of, most=2) == set()


def test_the_average_of_many_may_be_lower():
    assert wanted_of(Link(0, 1), **SCALE) == pytest.approx(0.6)
    assert wanted_of(Link(0, 4), **SCALE) == pytest.approx(0.5)
    assert wanted_of(Link(0, 10_000), **SCALE) == pytest.approx(0.402)


def links(**likeness):
    """Groups of two texts each: `a1_2=0.7` says how like the groups 1 and 2 are."""
    found = {}
    for name, value in likeness.items():
        one, other = map(int, name[1:].split("_"))
        found[one, other] = Link(4 * value, 4)
    return found


SIZES = dict.fromkeys(range(1, 6), 2)


@pytest.mark.parametrize(
    ("told", "touched", "into"),
    [
        (links(a1_2=ALIKE), {2}, {2: 1}),
        (links(a1_2=ALIKE), {1}, {2: 1}),
        (links(a1_2=ALIKE), set(), {}),  # nothing new there
        (links(a1_2=0.5), {1}, {2: 1}),
        (links(a1_2=0.499), {1}, {}),
        (links(a1_2=ALIKE, a1_3=ALIKE, a2_3=ALIKE), {3}, {2: 1, 3: 1}),
        # The third is like the second alone: not like both of them on average.
        (links(a1_2=0.9, a1_3=APART, a2_3=ALIKE), {2}, {2: 1}),
        # Nobody has looked at 1 and 3: nothing is alike there.
        (links(a1_2=0.9, a2_3=ALIKE), {2}, {2: 1}),
        # The surest goes first, whatever its age; then the average decides.
        (links(a1_2=0.6, a2_3=0.9, a1_3=0.45), {2}, {3: 1, 2: 1}),
        (links(a1_2=0.6, a2_3=0.9, a1_3=0.05), {2}, {3: 2}),
        # What a touched group became part of is touched.
        (links(a1_2=0.9, a1_3=0.8, a2_3=0.8, a4_5=0.9), {3}, {2: 1, 3: 1}),
    ],
)
def test_merged(told, touched, into):
    assert merged(told, SIZES, touched=touched, **SCALE) == into


def test_large_groups_weigh_more_than_small_ones():
    told = {(1, 2): Link(0.9, 1), (1, 3): Link(10 * 0.7, 10), (2, 3): Link(0.0, 10)}
    # 1 and 2 first: then the third is like half of what they say.
    assert merged(told, {1: 1, 2: 1, 3: 10}, touched={1}, **SCALE) == {2: 1}
    told[2, 3] = Link(10 * 0.3, 10)
    assert merged(told, {1: 1, 2: 1, 3: 10}, touched={1}, **SCALE) == {2: 1, 3: 1}


def test_spread_takes_some_of_all():
    assert spread([3, 5, 9], 3) == [3, 5, 9]
    assert spread(list(range(10)), 4) == [0, 2, 5, 7]
