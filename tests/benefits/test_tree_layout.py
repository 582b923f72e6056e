"""The layout of a benefit tree: few crossings, no overlaps, straight lines, the same for everybody."""

import random
from itertools import combinations, pairwise, permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gevinst_benefits.domain.benefit_tree.tree import BenefitTree, Edge, Node, NodeKind
from gevinst_benefits.domain.tree_picture.coordinates import spread
from gevinst_benefits.domain.tree_picture.crossings import count_crossings, few_crossings
from gevinst_benefits.domain.tree_picture.layers import Lanes, TooDeepToDraw, lanes, neighbours
from gevinst_benefits.domain.tree_picture.layout import PADDING, TEXT_SIZE, WIDEST, Box, Layout, layout_of
from gevinst_shared.charts.labels import text_width, wrapped
from tests.benefits.trees import any_trees, telemedicine, tree

Order = list[list[int]]


def test_kinds_stand_from_left_to_right_and_a_long_edge_passes_every_column() -> None:
    found = lanes(tree("T1 C1 B1 G1", "T1>C1", "C1>B1", "B1>G1", "T1>G1"))

    assert [kind.value for kind in found.kinds] == ["technology", "change", "benefit", "goal"]
    assert found.layers == ((0,), (1, 4), (2, 5), (3,))
    assert found.chains[3] == (0, 4, 5, 3)


def test_a_kind_has_as_many_columns_as_its_longest_chain() -> None:
    found = lanes(tree("C1 C2 C3 B1", "C1>C2", "C2>B1", "C3>B1"))

    assert [kind.value for kind in found.kinds] == ["change", "change", "benefit"]
    assert found.layers[0] == (0, 2)


def test_an_edge_that_leads_back_or_closes_a_circle_is_turned() -> None:
    found = lanes(tree("C1 C2 B1", "C1>C2", "C2>C1", "C2>B1", "B1>C1", "B1>B1"))

    assert found.turned == {1, 3}
    assert found.chains[4] == ()


def test_a_picture_with_too_many_bends_is_refused() -> None:
    keys = [f"B{number}" for number in range(400)]
    chain = [Edge(here, there) for here, there in pairwise(keys)]
    long = [Edge(f"T{number}", "G1") for number in range(50)]
    nodes = [
        *(Node(key, NodeKind.BENEFIT, key) for key in keys),
        *(Node(f"T{number}", NodeKind.TECHNOLOGY, "T") for number in range(50)),
        Node("G1", NodeKind.GOAL, "G"),
    ]

    with pytest.raises(TooDeepToDraw):
        layout_of(BenefitTree(tuple(nodes), (*chain, *long)))


def test_two_edges_cross_once() -> None:
    assert count_crossings([[0, 1], [2, 3]], [[3], [2], [], []]) == 1


@given(st.data())
def test_crossings_are_counted_as_every_pair_of_edges_would_be(data: st.DataObject) -> None:
    left, right = (data.draw(st.integers(1, 6)) for _ in range(2))
    near = [
        sorted(data.draw(st.sets(st.integers(left, left + right - 1), max_size=right))) for _ in range(left)
    ]
    order = [
        data.draw(st.permutations(range(left))),
        data.draw(st.permutations(range(left, left + right))),
    ]

    assert count_crossings(order, near) == crossings_by_pairs(order, near)


@given(any_trees(7))
@settings(max_examples=60)
def test_small_trees_have_the_fewest_crossings_or_nearly(one: BenefitTree) -> None:
    found = lanes(one)
    _, right = neighbours(found)
    if orders_of(found) > 5000:
        return

    fewest = min(count_crossings(order, right) for order in every_order(found))

    assert count_crossings(few_crossings(found), right) <= fewest + fewest // 5


@pytest.mark.slow
def test_trees_of_three_columns_have_the_fewest_crossings_there_can_be() -> None:
    """Against every order of every column."""
    ours, fewest = [], []
    for seed in range(25):
        found = lanes(tangle(seed))
        _, right = neighbours(found)
        ours.append(count_crossings(few_crossings(found), right))
        fewest.append(min(count_crossings(order, right) for order in every_order(found)))

    assert sum(fewest) > 90
    assert ours == fewest


@given(any_trees())
def test_crossings_are_never_more_than_in_the_order_that_was_given_or_its_barycentres(
    one: BenefitTree,
) -> None:
    found = lanes(one)
    left, right = neighbours(found)
    given_order = [list(layer) for layer in found.layers]

    ours = count_crossings(few_crossings(found), right)

    assert ours <= count_crossings(given_order, right)
    assert ours <= count_crossings(barycentred(given_order, left), right)


def test_the_nearest_places_that_keep_their_distance() -> None:
    assert spread([0, 0], [1, 1], [10]) == [-5, 5]
    assert spread([0, 100], [1, 1], [10]) == [0, 100]
    assert spread([0, 0], [3, 1], [8]) == [-2, 6]


@given(
    st.lists(st.tuples(st.floats(-500, 500), st.floats(0.1, 10), st.floats(0, 50)), min_size=1, max_size=8)
)
def test_places_keep_their_distances_and_nothing_nearer_does(items: list[tuple[float, float, float]]) -> None:
    wanted, weights = [item[0] for item in items], [item[1] for item in items]
    apart = [item[2] for item in items[1:]]

    places = spread(wanted, weights, apart)

    assert all(
        below - above >= gap - 1e-6 for (above, below), gap in zip(pairwise(places), apart, strict=True)
    )
    cost = distance(places, wanted, weights)
    for place, step in product(range(len(places)), (-1.0, 1.0)):
        moved = [*places[:place], places[place] + step, *places[place + 1 :]]
        if all(b - a >= gap for (a, b), gap in zip(pairwise(moved), apart, strict=True)):
            assert distance(moved, wanted, weights) >= cost - 1e-6


@given(any_trees())
def test_no_box_touches_another_and_no_line_a_box_that_it_passes(one: BenefitTree) -> None:
    layout = layout_of(one)

    assert all(not overlap(one_box, other) for one_box, other in combinations(layout.boxes, 2))
    for way in layout.ways:
        for (x, y), (to_x, to_y) in zip(way.points[1:-1:2], way.points[2:-1:2], strict=True):
            assert y == to_y
            passed = [b for b in layout.boxes if b.x < max(x, to_x) and b.x + b.width > min(x, to_x)]
            assert all(not b.y < y < b.y + b.height for b in passed)


@given(any_trees())
def test_everything_stands_within_the_picture(one: BenefitTree) -> None:
    layout = layout_of(one)

    corners = [(b.x, b.y) for b in layout.boxes] + [(b.x + b.width, b.y + b.height) for b in layout.boxes]
    for x, y in (*corners, *(point for way in layout.ways for point in way.points)):
        assert -0.2 <= x <= layout.width + 0.2
        assert -0.2 <= y <= layout.height + 0.2


@given(any_trees())
def test_every_edge_runs_from_the_side_of_its_cause_to_the_side_of_its_effect(one: BenefitTree) -> None:
    layout = layout_of(one)
    boxes = {box.key: box for box in layout.boxes}

    for way in layout.ways:
        if way.cause == way.effect:
            assert way.points == ()
        else:
            assert on_side(way.points[0], boxes[way.cause])
            assert on_side(way.points[-1], boxes[way.effect])


def test_the_same_tree_has_the_same_layout() -> None:
    assert layout_of(telemedicine()) == layout_of(telemedicine())


def test_telemedicine_is_drawn_with_two_crossings() -> None:
    """Worked case 4: fewer are not possible, since both technologies lead to the same two changes."""
    layout = layout_of(telemedicine())

    assert layout.crossings == 2
    assert [column.kind.value for column in layout.columns] == [
        "technology",
        "change",
        "benefit",
        "end-benefit",
        "goal",
    ]


def test_a_path_without_branches_is_one_level_line() -> None:
    layout = layout_of(tree("T1 C1 B1 G1", "T1>C1", "C1>B1", "B1>G1"))

    heights = {y for way in layout.ways for _, y in way.points}
    assert len(heights) == 1


def test_a_long_edge_is_level_past_the_columns() -> None:
    layout = layout_of(tree("T1 C1 B1 E1 G1", "T1>C1", "C1>B1", "B1>E1", "E1>G1", "T1>G1"))

    passing = layout.ways[4].points[1:-1]
    assert len({y for _, y in passing}) == 1


def test_an_empty_tree_is_an_empty_picture() -> None:
    assert layout_of(BenefitTree((), ())) == Layout(0.0, 0.0, (), (), (), 0)


def test_the_width_of_a_text_follows_its_letters() -> None:
    assert text_width("il", 10) == pytest.approx(4.44)


@given(st.text(max_size=200))
def test_a_wrapped_text_loses_no_character_and_fits(text: str) -> None:
    lines = wrapped(text, WIDEST - 2 * PADDING, TEXT_SIZE)

    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(text_width(line, TEXT_SIZE) <= WIDEST - 2 * PADDING for line in lines)
    assert all(lines) or lines == ("",)


def test_a_long_word_breaks_behind_its_hyphen() -> None:
    lines = wrapped("Kommunehelsetjeneste-informasjonssikkerhet", 150, 13)

    assert lines[0].endswith("-")


def tangle(seed: int) -> BenefitTree:
    """Four changes, four benefits, three goals, and fourteen edges between them by lot."""
    rng = random.Random(seed)
    columns = [[f"{letter}{n}" for n in range(count)] for letter, count in (("C", 4), ("B", 4), ("G", 3))]
    pairs = [ends for here, there in pairwise(columns) for ends in product(here, there)]
    keys = " ".join(key for column in columns for key in column)
    return tree(keys, *(f"{cause}>{effect}" for cause, effect in sorted(rng.sample(pairs, 14))))


def orders_of(found: Lanes) -> int:
    total = 1
    for layer in found.layers:
        for number in range(2, len(layer) + 1):
            total *= number
    return total


def every_order(found: Lanes) -> list[Order]:
    columns = [[list(order) for order in permutations(layer)] for layer in found.layers]
    return [list(order) for order in product(*columns)]


def crossings_by_pairs(order: Order, near: list[list[int]]) -> int:
    edges = [(above, order[1].index(end)) for above, vertex in enumerate(order[0]) for end in near[vertex]]
    return sum((a[0] - b[0]) * (a[1] - b[1]) < 0 for a, b in combinations(edges, 2))


def barycentred(order: Order, left: list[list[int]]) -> Order:
    """One sweep from left to right, as the textbook has it."""
    found = [list(order[0])] if order else []
    for layer in order[1:]:
        place = {vertex: number for number, vertex in enumerate(found[-1])}
        means = {v: sum(place[o] for o in left[v]) / len(left[v]) for v in layer if left[v]}
        ranked = iter(sorted(means, key=means.__getitem__))
        found.append([next(ranked) if vertex in means else vertex for vertex in layer])
    return found


def distance(places: list[float], wanted: list[float], weights: list[float]) -> float:
    return sum(w * (p - q) ** 2 for p, q, w in zip(places, wanted, weights, strict=True))


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def on_side(point: tuple[float, float], box: Box) -> bool:
    x, y = point
    is_at_side = min(abs(x - box.x), abs(x - box.x - box.width)) < 0.2
    return is_at_side and box.y - 0.2 <= y <= box.y + box.height + 0.2
