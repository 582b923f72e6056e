"""X1, X4: every field of every kind, shared and not shared, and what marks it."""

import json
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gevinst_shared.sync.catalogue import CATALOGUE
from gevinst_shared.sync.kinds import HIDDEN, FieldType
from gevinst_shared.sync.pages import Page
from gevinst_shared.values.ids import new_id
from tests.benefits import exchange
from tests.benefits.exchange import ALL_FIELDS, SERVED, BenefitBody, Plan, benefit_bodies, make_plan
from tests.benefits.shared_changes import CHANGES, FIXED, overrule
from tests.support.exchange import START
from tests.support.installation import Installation

FIELDS = [(kind, name) for kind, names in ALL_FIELDS.items() for name in names]
# Never filled in together with the others of its kind.
_ELSEWHERE = {("goal", "money"), ("benefit", "amount_per_year"), ("benefit", "unit_of_measure")}
_ELSEWHERE |= {("benefit", "moved_to")}
# A case is localised from one's own general case, or from another body's.
_ELSEWHERE |= {("business_case", "general_case")}


@pytest.fixture
async def pair(installation: Installation) -> AsyncIterator[list[BenefitBody]]:
    async with benefit_bodies(installation.databases["benefits"].url, 2) as found:
        yield found


@pytest.fixture
async def plan(pair: list[BenefitBody]) -> Plan:
    return await make_plan(pair[0])


async def test_the_catalogue_has_every_kind_and_field_of_this_service() -> None:
    assert {kind: list(names) for kind, names in CATALOGUE["benefits"].items()} == {
        kind.name: list(kind.fields) for kind in SERVED
    }


async def test_nothing_is_shared_by_default(pair: list[BenefitBody], plan: Plan) -> None:
    pages = await pair[1].pull(plan.body)

    assert [page.revisions for page in pages] == [()]


async def test_every_field_arrives_when_it_is_shared_and_no_person_or_free_text_with_it(
    pair: list[BenefitBody], plan: Plan
) -> None:
    mine, theirs = pair
    await mine.share(theirs, "project", plan.project)

    pages = await theirs.pull(mine)
    found = await theirs.has(mine)

    assert await theirs.rows("sync_quarantine") == []
    for kind, record in plan.ids().items():
        wanted = {name for name in ALL_FIELDS[kind] if (kind, name) not in _ELSEWHERE}
        assert found[kind, record].keys() == wanted, kind
    assert not any(word in told(page) for page in pages for word in ("Kari", "kari", "Ola", "olav", "4711"))


@pytest.mark.parametrize("kind", sorted(ALL_FIELDS))
async def test_a_field_that_is_not_granted_never_leaves(
    pair: list[BenefitBody], plan: Plan, kind: str
) -> None:
    mine, theirs = pair
    for name in ALL_FIELDS[kind]:
        others = [one for one in ALL_FIELDS[kind] if one != name]
        grant = await mine.share(theirs, "project", plan.project, {kind: others})

        without = opened(await theirs.pull(mine))

        assert without, name
        assert all(name not in body.get("fields", {}) for body in without), name
        await mine.end(grant)
        await theirs.pull(mine)


@pytest.mark.parametrize(("kind", "name"), FIELDS)
async def test_a_change_of_a_field_is_a_new_revision(
    pair: list[BenefitBody], plan: Plan, kind: str, name: str
) -> None:
    """Whatever table it stands in: a field that no trigger watches would go stale over there."""
    if (kind, name) in FIXED:
        return
    mine, theirs = pair
    await mine.share(theirs, "project", plan.project, {kind: [name]})
    await theirs.pull(mine)
    before = (await theirs.has(mine))[kind, plan.ids()[kind]]

    await CHANGES[kind, name](plan)
    pages = await theirs.pull(mine)

    after = (await theirs.has(mine))[kind, plan.ids()[kind]]
    assert await theirs.rows("sync_quarantine") == []
    assert any(page.revisions for page in pages)
    assert before.get(name) != after.get(name)


async def test_what_is_revoked_is_gone_after_one_pull(pair: list[BenefitBody], plan: Plan) -> None:
    mine, theirs = pair
    grant = await mine.share(theirs, "project", plan.project)
    await theirs.pull(mine)
    assert await theirs.has(mine)

    await mine.end(grant)
    await mine.execute("UPDATE benefit SET name = 'Not for them'")
    pages = await theirs.pull(mine)

    assert await theirs.has(mine) == {}
    assert "Not for them" not in "".join(told(page) for page in pages)


async def test_a_programme_brings_all_that_hangs_on_its_projects_unless_one_is_confidential(
    pair: list[BenefitBody], plan: Plan
) -> None:
    mine, theirs = pair
    await mine.share(theirs, "programme", plan.programme)
    await theirs.pull(mine)
    brought = {kind for kind, _ in await theirs.has(mine)}

    await mine.add("confidentiality", id=plan.project, is_confidential=True)
    await theirs.pull(mine)
    hidden = await theirs.has(mine)
    await mine.execute("UPDATE confidentiality SET is_confidential = false")
    await theirs.pull(mine)
    again = {kind for kind, _ in await theirs.has(mine)}
    await mine.execute("UPDATE project SET programme_id = NULL")
    await theirs.pull(mine)

    assert brought == again == set(ALL_FIELDS)
    assert hidden == {}
    assert await theirs.has(mine) == {}


async def test_references_are_cut_where_the_other_record_is_not_shared(
    pair: list[BenefitBody], plan: Plan
) -> None:
    mine, theirs = pair
    ending = await mine.share(theirs, "project", plan.project, {"indicator": ["benefit"]})
    await theirs.pull(mine)
    cut = (await theirs.has(mine))["indicator", plan.indicator]["benefit"]
    await mine.share(theirs, "project", plan.project, {"benefit": ["project", "owner_unit"]})
    await theirs.pull(mine)
    whole = (await theirs.has(mine))["indicator", plan.indicator]["benefit"]
    benefit = (await theirs.has(mine))["benefit", plan.benefit]
    await mine.share(theirs, "project", plan.project, {"project": ["name"]})
    await theirs.pull(mine)
    known = (await theirs.has(mine))["benefit", plan.benefit]["project"]
    await mine.end(ending)

    assert cut.startswith(HIDDEN)
    assert whole == str(plan.benefit)
    assert benefit["project"].startswith(HIDDEN)
    assert benefit["owner_unit"].startswith(HIDDEN)
    assert known == str(plan.project)


async def test_only_the_newest_business_case_is_shared(pair: list[BenefitBody], plan: Plan) -> None:
    mine, theirs = pair
    await mine.share(theirs, "project", plan.project, {"business_case": ["number", "results"]})
    await theirs.pull(mine)
    results = (await theirs.has(mine))["business_case", plan.project]["results"]
    await exchange.make_case(mine, plan.project, 2)
    await theirs.pull(mine)

    found = await theirs.has(mine)

    assert list(found) == [("business_case", plan.project)]
    assert found["business_case", plan.project]["number"] == 2
    assert results == {name: value for name, value in exchange.RESULTS.items() if name != "units"}


async def test_a_general_case_of_another_body_is_not_given_on(pair: list[BenefitBody], plan: Plan) -> None:
    mine, theirs = pair
    await mine.add(
        "general_case",
        publisher=theirs.organisation,
        published_as=new_id(),
        name="Theirs",
        edition=1,
        changed_at=START,
        **exchange.written(),
    )
    await mine.share(theirs, "project", plan.project, {"general_case": ["name"]})

    await theirs.pull(mine)

    assert list(await theirs.has(mine)) == [("general_case", plan.general_case)]


async def test_ledgers_and_price_years_are_never_one_sum(pair: list[BenefitBody], plan: Plan) -> None:
    mine, theirs = pair
    await mine.execute("UPDATE benefit SET price_year = 2025 WHERE id = $1", plan.benefit)
    await mine.execute(
        "UPDATE benefit SET ledger = 'time', money_minor = NULL, currency = NULL, price_year = NULL, "
        "amount = 40.5, unit_of_measure = 'hours', confirmed_by = NULL, state = 'proposed' WHERE id <> $1",
        plan.benefit,
    )
    await mine.add(
        "agreement_entry",
        benefit_id=plan.benefit,
        body="0192:958935420",
        body_name="Other",
        state="shared",
        happened_on=date(2026, 5, 1),
        share_kept=Decimal("0.5"),
        counted=Decimal("0.5"),
        in_transit=Decimal(0),
        recorded_by="kari",
        created_at=START,
    )
    await mine.share(theirs, "project", plan.project, {"status": ["potential", "realised"]})

    await theirs.pull(mine)

    money = {"ledger": "money", "currency": "NOK", "price_year": 2025}
    time = {"ledger": "time", "unit_of_measure": "hours"}
    assert (await theirs.has(mine))["status", plan.project] == {
        "potential": [
            money | {"confirmed": "625.25", "unconfirmed": "0"},
            time | {"confirmed": "0", "unconfirmed": "40.5"},
        ],
        "realised": [
            {"ledger": "money", "currency": "NOK", "price_year": 2026, "year": 2026, "amount": "25"}
        ],
    }


async def test_what_is_missing_is_missing_and_not_zero(pair: list[BenefitBody]) -> None:
    mine, theirs = pair
    project = await mine.add("project", name="New")
    await mine.share(theirs, "project", project, {"status": ALL_FIELDS["status"]})

    await theirs.pull(mine)

    found = (await theirs.has(mine))["status", project]
    assert found.keys().isdisjoint({"phase", "state", "light"})
    # That nothing is planned or verified is known, and said.
    assert (found["potential"], found["realised"]) == ([], [])
    assert (found["benefits"], found["red"]) == (0, 0)


async def test_what_a_person_says_of_a_light_holds_until_it_is_looked_at_again(
    pair: list[BenefitBody], plan: Plan
) -> None:
    mine, theirs = pair
    await mine.share(theirs, "project", plan.project, {"status": ["light"], "indicator": ["light"]})
    lights = [await _lights(mine, theirs)]
    await overrule(plan)
    lights.append(await _lights(mine, theirs))
    await mine.execute("UPDATE curve_watch SET next_on = $1", date(2026, 10, 16))
    lights.append(await _lights(mine, theirs))
    await mine.execute("UPDATE curve_watch SET next_on = $1", date(2026, 10, 17))
    lights.append(await _lights(mine, theirs))

    assert lights == [{"green"}, {"red"}, {"red"}, {"green"}]


@pytest.mark.parametrize("kind", SERVED, ids=lambda kind: kind.name)
def test_every_field_says_what_it_takes(kind: Any) -> None:
    for name, one in kind.fields.items():
        checked = {FieldType.DAY, FieldType.MOMENT, FieldType.YES_NO, FieldType.REFERENCE}
        assert one.type in checked or one.is_good is not None, name


async def _lights(mine: BenefitBody, theirs: BenefitBody) -> set[str]:
    await theirs.pull(mine)
    return {body["light"] for body in (await theirs.has(mine)).values()}


def opened(pages: list[Page]) -> list[dict[str, Any]]:
    return [_payload(one) for page in pages for one in page.revisions]


def told(page: Page) -> str:
    return ", ".join(json.dumps(_payload(one), ensure_ascii=False) for one in page.revisions)


def _payload(text: str) -> dict[str, Any]:
    part = text.split(".")[1]
    found: dict[str, Any] = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def test_every_field_has_a_change_or_is_fixed() -> None:
    assert set(FIELDS) == CHANGES.keys() | FIXED


async def test_where_a_benefit_moved_is_named_while_the_partner_may_have_that_project(
    pair: list[BenefitBody], plan: Plan
) -> None:
    """Projects are another service's to share, so nothing of them is published here."""
    mine, theirs = pair
    programme = new_id()
    other = await mine.add("project", name="Other", programme_id=programme, status="approved")
    await mine.execute("UPDATE benefit SET state = 'moved', moved_to = $2 WHERE id = $1", plan.benefit, other)
    await mine.share(theirs, "project", plan.project)
    named: list[bool] = []

    async def look() -> None:
        await theirs.pull(mine)
        moved_to = (await theirs.has(mine))["benefit", plan.benefit]["moved_to"]
        assert moved_to == str(other) or moved_to.startswith(HIDDEN)
        named.append(moved_to == str(other))

    fields = {**ALL_FIELDS, "project": ("name",)}
    await look()
    grant = await mine.share(theirs, "project", other, fields)
    await look()
    await mine.end(grant)
    await look()
    await mine.share(theirs, "programme", programme, fields)
    await look()
    await mine.add("confidentiality", id=other, is_confidential=True)
    await look()
    await mine.execute("UPDATE confidentiality SET is_confidential = false")
    await look()
    await mine.execute("UPDATE project SET programme_id = NULL WHERE id = $1", other)
    await look()

    assert named == [False, True, False, True, False, True, False]
