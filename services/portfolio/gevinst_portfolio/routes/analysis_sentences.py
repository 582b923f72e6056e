"""Explanations and baselines in sentences, in the reader's language (P7).

The templates are in `sentences/`; none of them needs a plural.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gevinst_portfolio.routes.sentences import read_sentences

Document = dict[str, Any]
# How thousands and decimals are parted.
_MARKS = {"en": (",", "."), "da": (".", ",")}
_NORDIC = ("\u00a0", ",")


def with_sentences(analysis: Document, language: str) -> Document:
    """`AnalysisOut`: the analysis with its sentences."""
    say = Saying(language)
    if "explanation" in analysis:
        for one in analysis["explanation"]["left_out"]:
            say.why_out(one)
        for one in analysis["explanation"]["forced"]:
            one["sentences"] = list(say.forced(one))
    for one in analysis.get("baselines", {}).get("rankings", []):
        one["sentence"] = say.ranking(one)
    return analysis


@dataclass(frozen=True, slots=True)
class Saying:
    """Says parts of an analysis in one language."""

    language: str

    def why_out(self, why: Document) -> None:
        """Give the project and each of its remedies their sentences."""
        for remedy in why["remedies"]:
            remedy["sentence"] = self.remedy(remedy)
        why["sentences"] = list(self._reasons(why))

    def _reasons(self, why: Document) -> Iterable[str]:
        yield self._blocked(why)
        if why["is_tied"]:
            yield self.text("tied")
        elif "price" in why:
            yield self.text("price", price=self.number(why["price"]))
        else:
            yield self.text("impossible")
        if not why["remedies"] and not why["is_tied"]:
            yield self.text("no-remedy")
        yield from (remedy["sentence"] for remedy in why["remedies"][:1])
        if "doubt" in why:
            yield self.text(f"doubt-{why['doubt']}")

    def _blocked(self, why: Document) -> str:
        if "least_blocked_start" not in why:
            return self.text("no-start")
        obstacles = self.obstacles(why["obstacles"]) or "–"
        return self.text("blocked", quarter=why["least_blocked_start"], obstacles=obstacles)

    def obstacles(self, obstacles: Iterable[Mapping[str, Any]]) -> str:
        """What stands in a project's way."""
        return "; ".join(map(self._obstacle, obstacles))

    def _obstacle(self, one: Mapping[str, Any]) -> str:
        names = self._listed(self._kind(name) for name in one["names"])
        if one["rule"] == "budget":
            year = one["quarter"].partition("-")[0]
            return self.text(
                "obstacle-budget", names=names, amount=self.money(one["lacking_money"]), year=year
            )
        if one["rule"] == "resource":
            amount = self.number(one["lacking"])
            return self.text("obstacle-resource", names=names, amount=amount, quarter=one["quarter"])
        return self._rule(one)

    def _rule(self, one: Mapping[str, Any]) -> str:
        """A rule without an amount; by its names where nobody has said it better."""
        key, names = f"blocking-{one['rule']}", self._listed(one["names"])
        return self.text(key, names=names) if key in read_sentences(self.language) else names

    def remedy(self, remedy: Document) -> str:
        """What would bring the project in, and how sure that is."""
        parts = [self._more_money(one) for one in remedy["money"]]
        parts += [self._more_capacity(one) for one in remedy["capacity"]]
        if remedy["leaving_out"]:
            parts.append(self.text("leaving-out", names=self._projects(remedy["leaving_out"])))
        parts += [self.text("relaxed", rule=self._rule(one)) for one in remedy["relaxed"]]
        said = self.text("remedy", start=remedy.get("start", "–"), parts="; ".join(parts))
        return f"{said} {self.text(_certainty(remedy))}"

    def _more_money(self, one: Document) -> str:
        amount, kind = self.money(one["amount"]), self._kind(one["kind"])
        if "amount_within" not in one:
            return self.text("more-money", amount=amount, kind=kind, year=one["year"])
        part, quarters = self.money(one["amount_within"]), one["quarters_within"]
        return self.text(
            "more-money-of-year", amount=amount, kind=kind, year=one["year"], part=part, quarters=quarters
        )

    def _more_capacity(self, one: Document) -> str:
        amount, name = self.number(one["amount"]), one["resource_name"]
        return self.text(f"more-{one['lever']}", amount=amount, name=name, quarter=one["quarter"])

    def forced(self, found: Document) -> Iterable[str]:
        """What a forced project displaces (P5)."""
        if found["is_needed"]:
            yield self.text("forced-needed")
            return
        gain = found.get("value_gain", 0)
        key = "forced-more" if gain > 0 else "forced-less" if gain < 0 else "forced-same"
        yield self.text(key, gain=self.number(abs(gain)))
        moved = [member for member in ("enters", "leaves", "moves") if found[member]]
        for member in moved:
            yield self.text(f"forced-{member}", names=self._projects(found[member]))
        if not moved:
            yield self.text("forced-nobody")
        for one in found["money"]:
            amount = self.money(one["difference"])
            yield self.text("forced-money", kind=self._kind(one["kind"]), amount=amount)
        if not found["is_proved"]:
            yield self.text("forced-unproved")

    def ranking(self, found: Document) -> str:
        """What a ranking is worth beside the plan."""
        said = [
            self.text(
                f"ranking-{found['ranking']}",
                value=self.number(found["value"]),
                left=self.number(found["left_on_the_table"]),
                share=self.number(round(100 * found["share_left"], 1)) + "\u00a0%",
            )
        ]
        if not found["is_feasible"]:
            said.append(self.text("ranking-broken"))
        if found["storm"]:
            said.append(self.text("ranking-storm", count=len(found["storm"])))
        return " ".join(said)

    def money(self, money: Mapping[str, Any]) -> str:
        """Without hundredths where there are none."""
        return f"{self.number(float(money['amount']))} {money['currency']}"

    def number(self, number: float) -> str:
        """With the language's marks. Check: 1234.5 is 1,234.5 in English and 1.234,5 in Danish."""
        thousands, decimals = _MARKS.get(self.language, _NORDIC)
        text = f"{number:,.2f}".rstrip("0").rstrip(".")
        return text.translate({ord(","): thousands, ord("."): decimals})

    def _kind(self, name: str) -> str:
        return read_sentences(self.language).get(f"money-{name}", name)

    def _projects(self, projects: Iterable[Document]) -> str:
        return self._listed(_named(one) for one in projects)

    def _listed(self, names: Iterable[str]) -> str:
        listed = list(names)
        return self.text("and").join(filter(None, (", ".join(listed[:-1]), *listed[-1:])))

    def text(self, key: str, **values: object) -> str:
        """The sentence of that key."""
        template: Callable[..., str] = read_sentences(self.language)[key].format
        return template(**values)


def _named(project: Document) -> str:
    """The project, and which concept of it (P9)."""
    return ": ".join(project[name] for name in ("project_name", "concept_name") if name in project)


def _certainty(remedy: Document) -> str:
    if remedy["is_enough"]:
        return "proved" if remedy["is_least"] else "enough"
    return "unproved" if remedy["value_gain"] >= 0 else "unproved-loss"
