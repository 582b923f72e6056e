"""A chart of nothing: it says so, rather than showing axes without marks."""

from collections.abc import Sequence

from gevinst_shared.charts.chart import Chart, Grammar, Table
from gevinst_shared.charts.specification import View, vega_lite


def empty_chart(view: View, name: str, title: str, sentence: str, *, notes: Sequence[str] = ()) -> Chart:
    """`sentence` says what there is none of, and where it would come from; `notes` why."""
    specification = vega_lite(view, title, notes, height=90)
    lines = view.lines(sentence, size=14, width=view.inner - 24)
    specification |= {
        "data": {"values": [{"text": line, "place": place} for place, line in enumerate(lines)]},
        "mark": {"type": "text", "fontSize": 14, "align": "center", "color": view.scheme.muted},
        "encoding": {
            "text": {"field": "text", "type": "nominal"},
            "x": {"value": view.inner / 2},
            "y": {"field": "place", "type": "ordinal", "axis": None, "scale": {"padding": 0.5}},
        },
    }
    return Chart(
        name=name,
        language=view.words.language,
        title=title,
        description=sentence,
        grammar=Grammar.VEGA_LITE,
        specification=specification,
        tables=(Table(title, (title,), ((sentence,),)),),
        notes=notes,
        is_empty=True,
    )
