"""Everything that can be shared, of all services: what a grant may name (X1).

Portfolio gives grants for kinds that are another service's, too, and cannot look into it. A test of each
service holds its own kinds and this list the same.
"""

from collections.abc import Mapping, Sequence

# A grant is over one of these, and everything under it.
ROOTS = ("programme", "project")
CATALOGUE: Mapping[str, Mapping[str, Sequence[str]]] = {
    "portfolio": {
        "programme": ("name",),
        "project": (
            "name",
            "kind",
            "status",
            "phase",
            "source",
            "category",
            "is_statutory",
            "start",
            "end",
            "deadline",
            "cost",
            "benefit",
            "programme",
            "merged_into",
        ),
    },
}
FIELDS: Mapping[str, Sequence[str]] = {
    kind: fields for kinds in CATALOGUE.values() for kind, fields in kinds.items()
}


def unknown_names(fields: Mapping[str, Sequence[str]]) -> list[str]:
    """What of {kind: fields} is not in the catalogue, as `kind` or `kind.field`."""
    odd = [kind for kind in fields if kind not in FIELDS]
    return odd + [
        f"{kind}.{name}"
        for kind, names in fields.items()
        if kind in FIELDS
        for name in names
        if name not in FIELDS[kind]
    ]
