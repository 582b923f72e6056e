"""What is refused of a project's way through its phase model, beside its gates."""

from gevinst_shared.values.refusal import Refusal


class ProgressStartedAlready(Refusal):
    code = "progress-started-already"
    title = "The project follows a phase model already"
    detail = "The project follows {model}. A project follows one phase model from beginning to end."


class ProgressNotStarted(Refusal):
    code = "progress-not-started"
    title = "The project follows no phase model"
    detail = "Choose a phase model for the project before you propose a gate or skip a phase."


class UnknownPhaseModel(Refusal):
    code = "unknown-phase-model"
    title = "Unknown phase model"
    detail = "There is no phase model {model} in that version. Known ones: {known}."


class AwaitsDecision(Refusal):
    code = "gate-awaits-decision"
    title = "A gate awaits its decision"
    detail = "The gate {gate} has been proposed and is not decided. Have it decided first."


class DecideByPassed(Refusal):
    code = "decide-by-passed"
    title = "The day to decide by has passed"
    detail = "{day} has passed. Name a day from {today} on, or leave it out."


class MovesWithoutStop(Refusal):
    code = "moves-without-stop"
    title = "Benefits move only when the project stops"
    detail = "Benefits are moved to another project by a stop. Leave the moves out, or decide stop."


class MovedTwice(Refusal):
    code = "benefit-moved-twice"
    title = "A benefit is moved twice"
    detail = "{benefit} is moved to more than one project. Keep one."


class TakesNoBenefits(Refusal):
    code = "project-takes-no-benefits"
    title = "The project takes no benefits"
    detail = "{project} is not an open project of your organisation. Choose another project."
