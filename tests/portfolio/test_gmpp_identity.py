"""Which project is which, in one file and across years."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from gevinst_portfolio.domain.gmpp.identity import normalised, project_key, project_keys, same_projects
from gevinst_portfolio.domain.gmpp.importing import import_gmpp
from gevinst_portfolio.domain.gmpp.projects import FindingKind, ImportedProject
from tests.support.gmpp import one_column_per_project, published


def projects_of(*projects: tuple[str, str, str]) -> tuple[ImportedProject, ...]:
    """Projects with these identifiers, names and departments."""
    identifiers, names, departments = zip(*projects, strict=True)
    fields = {"GMPP ID Number": identifiers, "Project Name": names, "Department": departments}
    return import_gmpp(one_column_per_project(fields).encode(), year=2022).projects


def test_a_project_is_known_by_its_identifier_in_capitals() -> None:
    (project,) = projects_of(("DfT_0023_1516-Q3", "A14", "DfT"))

    assert project.key == project.identifier == "DFT_0023_1516-Q3"


def test_without_an_identifier_spelling_does_not_make_another_project() -> None:
    assert project_key(None, "Sellafield Model Change  (SMC)", "DECC") == project_key(
        None, "Sellafield model-change SMC", "decc"
    )


def test_the_same_name_in_two_departments_is_two_projects() -> None:
    assert project_key(None, "Estates", "DFT") != project_key(None, "Estates", "MOD")


@given(name=st.text(max_size=400), other=st.text(max_size=400))
def test_a_key_is_bounded_and_tells_names_apart(name: str, other: str) -> None:
    keys = project_key(None, name, "DFT"), project_key(None, other, "DFT")

    assert max(map(len, keys)) <= 200
    assert (keys[0] == keys[1]) == (normalised(name) == normalised(other))


def test_an_identifier_that_two_projects_carry_identifies_neither_and_is_reported() -> None:
    fields = {
        "GMPP ID Number": ["DFT_1", "DFT_1", "DFT_2"],
        "Project Name": ["Bridge", "Tunnel", "Road"],
        "Department": ["DFT", "DFT", "DFT"],
    }

    found = import_gmpp(one_column_per_project(fields).encode(), year=2022)

    assert [one.key for one in found.projects] == ["bridge @ dft", "tunnel @ dft", "DFT_2"]
    clashes = [one for one in found.findings if one.kind is FindingKind.IDENTIFIER_CLASH]
    assert [(one.column, one.text) for one in clashes] == [(2, "DFT_1"), (3, "DFT_1")]


def test_two_projects_of_one_name_and_department_are_both_kept_and_reported() -> None:
    fields = {
        "Project Name": ["Bridge", "bridge", "Road"],
        "Department": ["DFT", "DfT", "DFT"],
        "Description": ["", "", ""],
    }

    found = import_gmpp(one_column_per_project(fields).encode(), year=2022)

    assert [one.key for one in found.projects] == ["bridge @ dft", "bridge @ dft #2", "road @ dft"]
    clashes = [one for one in found.findings if one.kind is FindingKind.NAME_CLASH]
    assert [one.column for one in clashes] == [2, 3]


def test_a_project_with_only_an_identifier_goes_by_it_and_one_with_neither_is_told_of() -> None:
    fields = {
        "GMPP ID Number": ["DFT_1", ""],
        "Project Name": ["", ""],
        "Department": ["DFT", "DFT"],
        "Description": ["A bridge", "A tunnel"],
    }

    found = import_gmpp(one_column_per_project(fields).encode(), year=2022)

    assert [one.name for one in found.projects] == ["DFT_1"]
    (left_out,) = [one for one in found.findings if one.kind is FindingKind.LEFT_OUT]
    assert (left_out.column, left_out.text) == (3, "DFT\nA tunnel")


@given(
    st.lists(
        st.tuples(
            st.sampled_from([None, "A_1", "A_2"]),
            st.sampled_from(["Bridge", "bridge", "Tunnel"]),
            st.sampled_from([None, "DFT"]),
        )
    )
)
def test_keys_within_a_file_never_repeat(parts: list[tuple[str | None, str, str | None]]) -> None:
    assert max(Counter(project_keys(parts)).values(), default=1) == 1


def test_projects_are_matched_by_identifier_even_when_renamed() -> None:
    earlier = projects_of(("DFT_1", "Bridge", "DFT"), ("DFT_2", "Road", "DFT"))
    later = projects_of(("DFT_1", "Great Bridge", "DFT"), ("DFT_3", "Road", "DFT"))

    assert same_projects(earlier, later) == {"DFT_1": "DFT_1"}


def test_projects_without_identifiers_are_matched_by_name_through_a_department_that_was_renamed() -> None:
    earlier = projects_of(("", "Heat Networks", "DECC"), ("", "Estates", "DFT"))
    later = projects_of(("BEIS_7", "Heat  networks", "BEIS"), ("", "Estates", "MOD"))

    assert same_projects(earlier, later) == {"BEIS_7": "heat networks @ decc"}


def test_an_identifier_that_only_changed_its_prefix_with_the_department_is_still_the_project() -> None:
    earlier, later = (
        import_gmpp(data, file_name=name).projects for data, name in map(published, (2020, 2021))
    )

    assert same_projects(earlier, later)["DOH_0063_1819-Q3"] == "DH_0063_1819-Q3"


def test_a_name_that_fits_two_projects_matches_neither() -> None:
    earlier = projects_of(("", "Estates", "DECC"), ("", "Estates", "BIS"))
    later = projects_of(("", "Estates", "BEIS"))

    assert same_projects(earlier, later) == {}


def test_every_project_of_a_published_file_is_matched_with_itself() -> None:
    data, name = published(2020)
    projects = import_gmpp(data, file_name=name).projects

    assert same_projects(projects, projects) == {one.key: one.key for one in projects}


def test_half_of_the_projects_of_2020_are_known_from_2019_although_only_one_file_has_identifiers() -> None:
    earlier, later = (
        import_gmpp(data, file_name=name).projects for data, name in map(published, (2019, 2020))
    )

    matched = same_projects(earlier, later)

    assert len(matched) == len(set(matched.values())) == 104
