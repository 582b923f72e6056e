"""Which project is which: within one GMPP file, and from one year's file to another's."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from gevinst_portfolio.domain.gmpp.projects import ImportedProject

_LONGEST_KEY = 200

# Departments that took over from one another, so that a project may stand under either.
# Source: UK machinery-of-government changes 2016, 2018, 2020, 2021 and 2023, and the spellings in the files.
_SUCCESSIONS = (
    frozenset({"bis", "decc", "dit", "beis", "dbt", "desnz", "dsit", "dcms"}),
    frozenset({"dh", "doh", "dhsc", "doh capital", "doh non capital"}),
    frozenset({"dclg", "mhclg", "dluhc"}),
    frozenset({"fco", "dfid", "fcdo"}),
)


def project_key(identifier: str | None, name: str, department: str | None) -> str:
    """The key of a project: its GMPP identifier, else its normalised name and department.

    At most 200 characters; a longer name is cut and told apart by a digest of the whole.
    """
    key = identifier or f"{normalised(name)} @ {normalised(department or '')}".strip()
    if len(key) <= _LONGEST_KEY:
        return key
    return f"{key[: _LONGEST_KEY - 17]}~{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def project_keys(projects: Sequence[tuple[str | None, str, str | None]]) -> list[str]:
    """A key of its own for each (identifier, name, department) of one file, in the same order.

    An identifier that several projects carry tells none of them apart, so they are known by name; projects
    that share name and department too are numbered in the order of the file.
    """
    used = Counter(identifier for identifier, _, _ in projects)
    keys = [project_key(i if used[i] == 1 else None, name, dept) for i, name, dept in projects]
    seen: Counter[str] = Counter()
    for position, key in enumerate(keys):
        seen[key] += 1
        if seen[key] > 1:
            keys[position] = f"{key} #{seen[key]}"
    return keys


def normalised(text: str) -> str:
    """Lower-case words without accents and punctuation, `&` read as *and*: one text for all spellings."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    letters = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(re.findall(r"[^\W_]+", letters))


def same_projects(earlier: Iterable[ImportedProject], later: Iterable[ImportedProject]) -> dict[str, str]:
    """The later key of each project that is in both files → its earlier key.

    The same identifier makes the same project. Where one of the two has none, or they differ in the prefix
    only, the same normalised name does, under the same department or one that took over from it. A name that
    fits several projects of either file matches none of them: a wrong history is worse than a short one.
    """
    old, new = list(earlier), list(later)
    matched = _matched(old, new, lambda project: project.identifier)
    taken = set(matched.values())
    old = [project for project in old if project.key not in taken]
    new = [project for project in new if project.key not in matched]
    by_name = _matched(
        old, new, lambda project: f"{normalised(project.name)} @ {_succession(project.department)}"
    )
    before = {project.key: project.identifier for project in old}
    after = {project.key: project.identifier for project in new}
    return matched | {
        late: early for late, early in by_name.items() if _may_be_one(before[early], after[late])
    }


def _matched(
    old: Sequence[ImportedProject],
    new: Sequence[ImportedProject],
    trait: Callable[[ImportedProject], str | None],
) -> dict[str, str]:
    before, after = _by_trait(old, trait), _by_trait(new, trait)
    return {after[shared]: before[shared] for shared in after.keys() & before.keys()}


def _by_trait(
    projects: Sequence[ImportedProject], trait: Callable[[ImportedProject], str | None]
) -> dict[str, str]:
    """Key by trait, for the traits that one project alone has."""
    traits = Counter(trait(project) for project in projects)
    return {found: project.key for project in projects if (found := trait(project)) and traits[found] == 1}


def _may_be_one(earlier: str | None, later: str | None) -> bool:
    """False for identifiers of two projects; `DH_0063_1819-Q3` became `DOH_0063_1819-Q3` in 2021."""
    if earlier is None or later is None:
        return True
    return earlier.partition("_")[2] == later.partition("_")[2] != ""


def _succession(department: str | None) -> str:
    name = normalised(department or "")
    return next((min(names) for names in _SUCCESSIONS if name in names), name)
