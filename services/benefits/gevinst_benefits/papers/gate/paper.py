"""The gate paper: what a board or a project owner needs to decide a gate, on a few pages."""

from itertools import chain

from gevinst_benefits.papers.gate.benefits import benefits
from gevinst_benefits.papers.gate.changes import changes
from gevinst_benefits.papers.gate.checklist import checklist
from gevinst_benefits.papers.gate.facts import GateFacts
from gevinst_benefits.papers.gate.figures import figures
from gevinst_benefits.papers.gate.opening import opening
from gevinst_benefits.papers.gate.requirements import requirements
from gevinst_benefits.papers.gate.sources import sources
from gevinst_shared.papers.model import Paper, file_name
from gevinst_shared.papers.wording import Words

_SECTIONS = (opening, changes, figures, benefits, requirements, checklist, sources)


def gate_paper(facts: GateFacts, words: Words) -> Paper:
    """The paper in the reader's language. Its length is bounded, however large the case and the plan are."""
    title = words.say("title", code=facts.gate_code, project=facts.project)
    return Paper(
        language=words.language,
        title=title,
        subject=words.say("subject", gate=facts.gate, project=facts.project),
        author=facts.proposer,
        made_at=facts.proposed_at,
        page_label=words.say("page", page="{page}", pages="{pages}"),
        name=file_name(title),
        blocks=tuple(chain.from_iterable(section(facts, words) for section in _SECTIONS)),
    )
