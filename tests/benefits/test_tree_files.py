"""A benefit tree as a file to fill in, and back: what is wrong is told by its cell."""

from typing import Any

import httpx
import pytest
from hypothesis import given

from gevinst_benefits.domain.benefit_tree.drafts import NodeDraft, TreeDraft
from gevinst_benefits.domain.benefit_tree.exports import as_dot, as_mermaid
from gevinst_benefits.domain.benefit_tree.files import as_csv, as_xlsx
from gevinst_benefits.domain.benefit_tree.rows import CellFault, read_tree, tree_rows
from gevinst_benefits.domain.benefit_tree.tree import BenefitTree, Node, NodeKind
from gevinst_benefits.routes.tree_files import CSV, XLSX
from gevinst_shared.sheets.reading import read_csv, read_workbook
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.benefits.tree_desk import drawn_up, path, put
from tests.benefits.trees import example, onward_trees, tree
from tests.benefits.world import World
from tests.support.callers import problem

HOME, CARE, CARE_TOO = new_id(), new_id(), new_id()
UNITS = {HOME: "Home care", CARE: "Care", CARE_TOO: "Care"}
HEAD = "key,kind,name,description,is_disbenefit,receiving_unit,benefit_id,goal_id,leads_to"


def faults(*rows: str, head: str = HEAD) -> list[tuple[str, str]]:
    reading = read_tree(read_csv("\n".join([head, *rows]).encode()), UNITS)
    return [(fault.cell, fault.code) for fault in reading.faults]


def test_rows_say_nodes_and_where_they_lead() -> None:
    text = "leads_to;name;kind;key\nC1 = 0,5; C2=40 %;Monitor;Technology;T1\n;One;change;C1\n;Two;change;C2\n"
    text = text.replace("C1 = 0,5; C2=40 %", '"C1 = 0,5; C2=40 %"')

    reading = read_tree(read_csv(text.encode()), {})

    assert reading.faults == []
    assert [(node.key, node.kind.value, node.name) for node in reading.draft.nodes] == [
        ("T1", "technology", "Monitor"),
        ("C1", "change", "One"),
        ("C2", "change", "Two"),
    ]
    assert [(e.cause, e.effect, str(e.share)) for e in reading.draft.edges] == [
        ("T1", "C1", "0.5"),
        ("T1", "C2", "0.4"),
    ]


@pytest.mark.parametrize(
    ("row", "cell", "code"),
    [
        (",technology,Name,,,,,,", "A2", "cell-key"),
        ("T 1,technology,Name,,,,,,", "A2", "cell-key"),
        ("T1,thing,Name,,,,,,", "B2", "cell-kind"),
        ("T1,technology,,,,,,,", "C2", "cell-name"),
        (f"T1,technology,{'x' * 201},,,,,,", "C2", "cell-name"),
        (f"T1,technology,Name,{'x' * 1001},,,,,", "D2", "cell-description"),
        ("B1,benefit,Name,,perhaps,,,,", "E2", "cell-flag"),
        ("T1,technology,Name,,TRUE,,,,", "E2", "cell-odd"),
        ("C1,change,Name,,,Nowhere,,,", "F2", "cell-unit"),
        ("C1,change,Name,,,Care,,,", "F2", "cell-unit"),
        ("T1,technology,Name,,,Home care,,,", "F2", "cell-odd"),
        ("B1,benefit,Name,,,,17,,", "G2", "cell-id"),
        ("G1,goal,Name,,,,,17,", "H2", "cell-id"),
        ("T1,technology,Name,,,,,,C 1", "I2", "cell-edge"),
        ("T1,technology,Name,,,,,,C9", "I2", "cell-nowhere"),
        ("T1,technology,Name,,,,,,T1=1.5", "I2", "cell-share"),
        ("T1,technology,Name,,,,,,T1; T1", "I2", "cell-edge-twice"),
    ],
)
def test_what_is_wrong_is_told_by_its_cell(row: str, cell: str, code: str) -> None:
    assert faults(row) == [(cell, code)]


def test_a_key_twice_is_told_where_it_stands_again() -> None:
    assert faults("T1,technology,One,,,,,,", "T1,change,Two,,,,,,") == [("A3", "cell-key-twice")]


def test_a_file_without_its_columns_is_told_which() -> None:
    reading = read_tree(read_csv(b"name,leads_to\nOne,"), {})

    assert reading.faults == [CellFault("A1", "cell-columns", "key, kind")]


def test_more_than_a_tree_holds_is_told() -> None:
    assert faults(*(f"T{n},technology,N{n},,,,,," for n in range(501))) == [("A1", "cell-most")]


@given(onward_trees(with_disbenefits=True))
def test_a_tree_that_is_written_is_read_as_it_was(one: BenefitTree) -> None:
    unit = {NodeKind.CHANGE: HOME}
    nodes = [
        NodeDraft(
            node.key,
            node.kind,
            f"={node.name}",
            'Says; more, "quoted"',
            node.is_disbenefit,
            unit.get(node.kind),
        )
        for node in one.nodes
    ]
    draft = TreeDraft(nodes, sorted(one.edges, key=lambda edge: one.place_of[edge.cause]))
    rows = tree_rows(draft, UNITS)

    for table in (read_csv(as_csv(rows)), read_workbook(as_xlsx(rows, "Tree"))[0]):
        reading = read_tree(table, UNITS)
        assert reading.faults == []
        assert reading.draft.nodes == nodes
        assert list(reading.draft.edges) == list(draft.edges)


def test_units_that_share_a_name_go_by_their_id() -> None:
    draft = TreeDraft([NodeDraft("C1", NodeKind.CHANGE, "Name", receiving_unit_id=CARE)], [])

    assert tree_rows(draft, UNITS)[0][5] == str(CARE)


def test_mermaid_reads_names_as_text() -> None:
    one = tree("T1 B1", "T1>B1=0.5", T1=Node("T1", NodeKind.TECHNOLOGY, 'A "b" <i>#1</i>'))

    assert as_mermaid(one).splitlines() == [
        "flowchart LR",
        '  n0["A #quot;b#quot; #lt;i#gt;#35;1#lt;/i#gt;"]',
        '  n1("B1 name")',
        '  n0 -->|"0.5"| n1',
    ]


def test_graphviz_reads_names_as_text() -> None:
    one = tree("T1 B1 D1", "T1>B1=0.5", T1=Node("T1", NodeKind.TECHNOLOGY, 'A "b" \\n c'))

    assert as_dot(one).splitlines()[2:-1] == [
        '  "T1" [label="A \\"b\\" \\\\n c", shape=box];',
        '  "B1" [label="B1 name", shape=ellipse];',
        '  "D1" [label="D1 name", shape=ellipse, style=dashed];',
        '  { rank=same; "B1"; "D1"; }',
        '  "T1" -> "B1" [label="0.5"];',
    ]


async def send(world: World, content: bytes, media: str, **headers: str) -> httpx.Response:
    return await world.office.post(
        path(world, "reading"), content=content, headers={"Content-Type": media, **headers}
    )


@pytest.mark.parametrize("media", [CSV, XLSX])
async def test_a_downloaded_tree_comes_back_as_it_was(world: World, media: str) -> None:
    await drawn_up(world)
    file = await world.office.get(path(world), headers={"Accept": media})

    answer = await send(world, file.content, media)

    read = answer.json()
    assert file.headers["content-type"].startswith(media)
    assert read["faults"] == []
    assert read["changes"] == {"added": [], "changed": [], "removed": [], "edge_count": 0}
    again = await put(world, read["tree"], revision=1)
    assert again.status_code == 200, again.text
    assert sorted_edges(again.json()) == sorted_edges(example())


async def test_a_changed_file_shows_what_it_would_change_and_changes_nothing(world: World) -> None:
    await drawn_up(world)
    file = await world.office.get(path(world), headers={"Accept": CSV})
    text = file.text.replace("Flere bor hjemme lenger", "Flere bor hjemme").replace("C2=0.6", "C2=0.5")

    answer = await send(world, (text + "T3,technology,Ny,,,,,,C1\r\n").encode(), CSV)

    assert answer.json()["changes"] == {"added": ["T3"], "changed": ["G1"], "removed": [], "edge_count": 2}
    assert (await world.office.get(path(world))).headers["etag"] == '"1"'


async def test_faults_are_told_by_cell_in_the_language_of_the_reader(world: World) -> None:
    answer = await send(world, b"key,kind,name\nT1,ting,Post\n", CSV, **{"Accept-Language": "nb"})

    text = "«ting» er ingen type. Skriv technology, change, benefit, end-benefit eller goal."
    assert answer.json() == {"faults": [{"cell": "B2", "text": text}]}


@pytest.mark.parametrize(
    ("content", "media", "status"),
    [
        (b"PK\x03\x04 broken", XLSX, 400),
        (b"", XLSX, 400),
        (b"\x00\x01", CSV, 400),
        (b"{}", "application/json", 415),
    ],
)
async def test_a_file_that_is_none_is_refused(world: World, content: bytes, media: str, status: int) -> None:
    answer = await send(world, content, media)

    assert (answer.status_code, problem(answer)["status"]) == (status, status)


async def test_an_empty_file_misses_its_columns(world: World) -> None:
    answer = await send(world, b"", CSV)

    assert [fault["cell"] for fault in answer.json()["faults"]] == ["A1"]


async def test_who_may_not_draw_a_tree_may_not_have_a_file_read(world: World) -> None:
    reader = world.desk.caller(Role.READER, subject="leo")

    answer = await reader.post(path(world, "reading"), content=b"key\n", headers={"Content-Type": CSV})

    assert answer.status_code == 403


def sorted_edges(one: dict[str, Any]) -> list[list[Any]]:
    return sorted([edge["cause"], edge["effect"], edge.get("share", "")] for edge in one["edges"])
