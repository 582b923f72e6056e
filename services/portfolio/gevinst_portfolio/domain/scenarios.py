"""Scenarios: what could be chosen and when it would start, before the board decides (P3, P8)."""

from gevinst_shared.values.refusal import Refusal


class BudgetUnknown(Refusal):
    code = "budget-unknown"
    title = "A year's money is not known"
    detail = (
        "There is a limit for {kind} in some years of the scenario, but none for {year}. Set the budget of "
        "that year, or give it among the scenario's assumptions: missing money is not zero, and not endless."
    )


class CannotForceIn(Refusal):
    code = "cannot-force-in"
    title = "The project cannot be forced in"
    detail = "{name} is to be forced in and cannot be planned: {reason}. Complete the project, or let it go."


class ForcedBothWays(Refusal):
    code = "forced-both-ways"
    title = "Forced in and out at once"
    detail = "{count} project(s) or concept(s) are forced in and out at once. Decide for one of the two."


class ConceptsForcedTogether(Refusal):
    code = "concepts-forced-together"
    title = "Two concepts of one project"
    detail = (
        "Concepts of the same project are forced in together, and at most one of them can be carried out. "
        "Decide for one of them, or force in the project to have the best one chosen."
    )


class CannotPin(Refusal):
    code = "cannot-pin"
    title = "The start cannot be chosen"
    detail = (
        "{name} cannot be made to start in {quarter}: it is under way, or the quarter is outside of the "
        "scenario. Choose another quarter, or let the choice go."
    )


class CapacityUnknown(Refusal):
    code = "capacity-unknown"
    title = "Capacity is not known"
    detail = "{name} has no stated capacity in {quarter} to add to or take from. Give an amount in its place."


class CapacityBelowZero(Refusal):
    code = "capacity-below-zero"
    title = "Capacity below zero"
    detail = "{name} would have {amount} in {quarter}. Take less away: there cannot be less than nothing."


class CategoryEmpty(Refusal):
    code = "category-empty"
    title = "Nothing of the category"
    detail = (
        "No project that can be planned is of the category {category}. Correct its name, or let the limit go."
    )


class PlanOfOtherAssumptions(Refusal):
    code = "plan-of-other-assumptions"
    title = "The plan answers another question"
    detail = "The scenario supposes something else now than when it was solved. Solve it again first."


class NothingToPlan(Refusal):
    code = "nothing-to-plan"
    title = "Nothing to plan"
    detail = (
        "None of the portfolio's {count} project(s) can be planned. Propose one that is prioritised "
        "centrally, with its length, cost and value, or force one in."
    )


class NoPlanYet(Refusal):
    code = "no-plan-yet"
    title = "There is no plan yet"
    detail = "The scenario has no plan that keeps all rules. Solve it first, or loosen its assumptions."


class ScenarioPublished(Refusal):
    code = "scenario-published"
    title = "The scenario is published"
    detail = "A published scenario stays as the board has seen it. Make a new scenario for another plan."


class NotPublished(Refusal):
    code = "not-published"
    title = "The scenario is private"
    detail = "The board decides from published scenarios only. Have the portfolio office publish it first."


class ScenarioDecided(Refusal):
    code = "scenario-decided"
    title = "The scenario was decided"
    detail = "There is a decision from this scenario already. It is never changed, only followed by another."


class ScenarioDeleted(Refusal):
    """What a run says that was called off with its scenario."""

    code = "scenario-deleted"
    title = "The scenario was deleted"
    detail = (
        "Somebody deleted the scenario before the run came to its end, so there is nothing to keep it with. "
        "Make the scenario anew, and ask again."
    )


class OtherPortfolio(Refusal):
    code = "other-portfolio"
    title = "Of another portfolio"
    detail = "Scenarios are compared within one portfolio. Choose one of the same portfolio."


class PlanOutdated(Refusal):
    code = "plan-outdated"
    title = "The plan is out of date"
    detail = "{name} is {status} by now and cannot be approved. Solve a new scenario and decide from that."
