"""Why a portfolio problem is refused before anything is solved."""

from gevinst_shared.values.refusal import Refusal


class PlanMalformed(Refusal):
    """The document is not a portfolio problem."""

    code = "plan-malformed"
    title = "Not a portfolio problem"
    detail = "{member} is {found}: it must be {wanted}."


class NegativeCapacity(Refusal):
    """A capacity or a budget is below zero."""

    code = "negative-capacity"
    title = "Capacity below zero"
    detail = "{id} has {amount} in period {period}: give zero or more."


class UnknownPart(Refusal):
    """Something refers to a project, budget, resource or category that the problem does not have."""

    code = "unknown-part"
    title = "Unknown id"
    detail = "{member} names {id}, which is not among the {kind}: add it or remove the reference."


class RepeatedId(Refusal):
    """Two parts of one kind have the same id."""

    code = "repeated-id"
    title = "Id used twice"
    detail = "{id} stands twice among the {kind}: give each its own id."


class PrecedenceCycle(Refusal):
    """Projects wait for each other in a circle, so none can start."""

    code = "precedence-cycle"
    title = "Projects wait for each other"
    detail = "{path} wait for each other in a circle: remove one of these dependencies."


class NoPossibleStart(Refusal):
    """The project's own dates leave it no start."""

    code = "no-possible-start"
    title = "No possible start"
    detail = (
        "The dates of project {id} leave it no period to start in: change its earliest or latest start, "
        "its deadline, its duration or its values."
    )
