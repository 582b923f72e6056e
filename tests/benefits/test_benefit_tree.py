"""B3: a benefit tree and what does not hold in it."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.benefit_tree import Finding, Node, NodeKind, TreeFinding, tree_findings

MONITOR, MEASURES, TIME, CARE, GOAL = (UUID(int=n) for n in range(1, 6))
# Worked case 4, telemedicine: the citizen measures the blood pressure at home.
NODES = (
    Node(MONITOR, NodeKind.TECHNOLOGY, "Blood pressure monitor"),
    Node(MEASURES, NodeKind.CHANGE, "The citizen measures at home"),
    Node(TIME, NodeKind.BENEFIT, "Saved nurse hours"),
    Node(CARE, NodeKind.END_BENEFIT, "Citizens look after themselves"),
    Node(GOAL, NodeKind.GOAL, "Longer at home"),
)
EDGES = ((MONITOR, MEASURES), (MEASURES, TIME), (TIME, CARE), (CARE, GOAL))


def test_telemedicine_holds_from_technology_to_goal() -> None:
    assert tree_findings(NODES, EDGES) == ()


def test_a_tree_can_be_built_from_the_goal() -> None:
    assert tree_findings(NODES[4:], ()) == (TreeFinding(Finding.GOAL_WITHOUT_PATH, GOAL),)


def test_a_benefit_needs_a_change_that_produces_it() -> None:
    edges = ((MONITOR, TIME), *EDGES[2:])

    findings = tree_findings((NODES[0], *NODES[2:]), edges)

    assert findings == (
        TreeFinding(Finding.BENEFIT_WITHOUT_CHANGE, TIME),
        TreeFinding(Finding.BENEFIT_WITHOUT_CHANGE, CARE),
    )


def test_a_technology_without_benefit_is_found() -> None:
    findings = tree_findings(NODES, ((MEASURES, TIME), *EDGES[2:]))

    assert findings == (TreeFinding(Finding.TECHNOLOGY_WITHOUT_BENEFIT, MONITOR),)


def test_a_goal_that_no_benefit_reaches_is_found() -> None:
    assert tree_findings(NODES, EDGES[:3]) == (TreeFinding(Finding.GOAL_WITHOUT_PATH, GOAL),)


def test_an_edge_back_is_a_cycle_and_points_the_wrong_way() -> None:
    findings = tree_findings(NODES, (*EDGES, (CARE, MEASURES)))

    assert {f.node_id for f in findings if f.finding is Finding.CYCLE} == {MEASURES, TIME, CARE}
    assert [f.node_id for f in findings if f.finding is Finding.WRONG_DIRECTION] == [CARE]


@given(edges=st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4)).filter(lambda e: e[0] < e[1])))
def test_edges_that_all_go_onward_make_no_cycle(edges: set[tuple[int, int]]) -> None:
    findings = tree_findings(NODES, [(NODES[a].id, NODES[b].id) for a, b in sorted(edges)])

    assert not {f.finding for f in findings} & {Finding.CYCLE, Finding.WRONG_DIRECTION}
