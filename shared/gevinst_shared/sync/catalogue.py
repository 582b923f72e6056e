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
        "playbook": (
            "project",
            "programme",
            "name",
            "edition",
            "document",
            "withdrawn_at",
            "withdrawal_reason",
        ),
        "playbook_adoption": (
            "project",
            "playbook",
            "publisher",
            "edition",
            "planned",
            "under_way",
            "done",
            "left_out",
            "decisions_open",
            "decisions_taken",
        ),
    },
    "benefits": {
        "goal": (
            "name",
            "kind",
            "money",
            "amount",
            "unit_of_measure",
            "due_year",
            "state",
            "ended_at",
            "unit",
        ),
        "benefit": (
            "project",
            "name",
            "mode",
            "kind",
            "state",
            "ledger",
            "money_per_year",
            "amount_per_year",
            "unit_of_measure",
            "owner_role",
            "owner_unit",
            "confirmed_at",
            "hangs_on",
            "offset_months",
            "begins_on",
            "ends_on",
            "ramp",
            "ramp_months",
            "duration_months",
            "erosion_per_year",
            "effort",
            "moved_to",
            "continues",
        ),
        "indicator": (
            "benefit",
            "name",
            "unit_of_measure",
            "direction",
            "baseline",
            "target",
            "act_at",
            "time_rule",
            "unit_rule",
            "frequency",
            "first_on",
            "until",
            "starts_on",
            "target_on",
            "curve",
            "light",
        ),
        "measurement": (
            "indicator",
            "taken_on",
            "value",
            "weight",
            "unit",
            "corrects",
            "is_corrected",
        ),
        "business_case": (
            "project",
            "number",
            "currency",
            "base_year",
            "horizon_years",
            "price_year",
            "recommended",
            "created_at",
            "net_present_value",
            "results",
            "general_case",
            "localised_from",
            "localised_publisher",
            "localised_edition",
        ),
        "general_case": (
            "project",
            "name",
            "edition",
            "document",
            "withdrawn_at",
        ),
        "status": (
            "project",
            "phase_model",
            "phase_model_version",
            "phase",
            "round",
            "state",
            "light",
            "green",
            "yellow",
            "red",
            "benefits",
            "unconfirmed",
            "without_indicator",
            "indicators",
            "measured",
            "gates_waiting",
            "conditions_open",
            "potential",
            "realised",
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
