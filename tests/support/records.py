"""One record of each kind in an organisation, made over the API by somebody who may do everything.

A kind is the name of a path parameter (`project_id`). Most kinds are made by posting the example of their
collection; what needs more is in `MADE_OTHERWISE`, and bodies that a schema alone cannot tell in `MEMBERS`.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from gevinst_shared.cli.house import House, house_token
from gevinst_shared.http.client import NO_TLS
from gevinst_shared.values.actor import EVERYONE, Role
from tests.support.answers import answered
from tests.support.benefit_records import BENEFIT_MEMBERS
from tests.support.board_records import offered_replan, stop_release
from tests.support.bodies import Place, Writer, required_id_places
from tests.support.budget_records import BUDGET_MAKERS, BUDGET_MEMBERS
from tests.support.case_records import CASE_MAKERS, CASE_NAMES
from tests.support.embed_records import EMBED_MAKERS, EMBED_MEMBERS
from tests.support.gate_records import GATE_MAKERS
from tests.support.notice_records import NOTICE_MAKERS
from tests.support.operations import Operation, every_operation, operation
from tests.support.playbook_records import PLAYBOOK_MAKERS, PLAYBOOK_NAMES
from tests.support.pool_records import POOL_MAKERS, POOL_MEMBERS
from tests.support.sample_files import FILES
from tests.support.sync_records import SYNC_MAKERS, SYNC_MEMBERS, SYNC_NAMES
from tests.support.waiting import awaited

# The second holds no role but those of the token.
SUBJECT, STRANGER = "kari", "per"
# The kind that a member or a query parameter of another name means.
SAME_KIND = {
    "owner_id": "person_id",
    "owner_unit_id": "unit_id",
    "receiving_unit_id": "unit_id",
    "manager_id": "person_id",
    "parent_id": "unit_id",
    "scope_id": "project_id",
    "receiving_unit_ids": "unit_id",
    "reviewer_ids": "person_id",
    "depends_on": "project_id",
    "excludes": "project_id",
    "forced_in": "project_id",
    "forced_out": "project_id",
    "into_id": "project_id",
    "member_ids": "person_id",
    "agreed_by_id": "person_id",
    "attended_ids": "person_id",
    "corrects_id": "measurement_id",
    "owner": "person_id",
    "manager": "person_id",
    "parent": "unit_id",
    "place": "project_id",
    "with": "case_id",
    "measured_in": "unit_id",
    "substitute_id": "person_id",
    "preferred_id": "criterion_id",
    "over_id": "criterion_id",
    **(CASE_NAMES | PLAYBOOK_NAMES),
    **SYNC_NAMES,
}
# No record of an organisation: the same for everybody, or chosen by whoever writes it (a case's line).
PUBLIC_KINDS = {
    "code": "prosjektveiviseren",
    "id": "0198b6a4-7c1e-7000-8000-0000000011fe",
    "duty_kind": "action-due",
    "calendar_year": "2027",
    "form": "page",
    "organisation": "0192:958935420",
    "organisation_number": "0192:958935420",
}
# Members that a schema alone cannot tell, by operation.
MEMBERS: dict[str, dict[str, Any]] = {
    "assign_role": {"scope": "organisation", "role": "portfolio-office"},
    # P2: from this cost on a proposal is prioritised centrally, so that there is something to plan.
    "arrange_portfolio": {"threshold_cost": "1500000.00"},
    "propose_project": {
        "cost": "2000000.00",
        "benefit": "5000000.00",
        "start": "2027-01-01",
        "end": "2027-12-31",
        "cost_by_year": [{"year": 2027, "kind": "investment", "amount": "2000000.00"}],
    },
    "keep_column_mapping": {
        "columns": [{"heading": "No", "member": "key"}, {"heading": "Name", "member": "name"}]
    },
    **BENEFIT_MEMBERS,
    "enter_absence": {"back_on": "2027-03-20"},
    "change_absence": {"back_on": "2027-03-20"},
    "schedule_effect_review": {"due_on": "2099-01-01"},
    **POOL_MEMBERS,
    **BUDGET_MEMBERS,
    **EMBED_MEMBERS,
    **SYNC_MEMBERS,
    "connect_endpoint": {"event_types": ["gevinst.benefits.*"]},
    "register_person": {"subject": SUBJECT, "email": "kari@example.org"},
}


class NoMakerError(AssertionError):
    """A path parameter for which nobody has said how such a record is made."""


@dataclass(slots=True)
class Organisation:
    """An organisation with one record of each kind; `word` stands in every name that it gives."""

    house: House
    number: str
    word: str
    client: httpx.AsyncClient
    ids: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    others: dict[tuple[str, ...], "Organisation"] = field(default_factory=dict)

    async def furnish(self) -> None:
        """Make one record of every kind that any operation names."""
        registered = await self.client.put(
            self.url(operation("portfolio", "register_organisation")),
            json={"name": f"{self.word} kommune", "currency": "NOK", "language": "nb"},
        )
        assert registered.status_code in {200, 201}, registered.text
        named = {name for one in every_operation() for name in one.path_names}
        for kind in sorted({*named, "measurement_id", "criterion_id", "release_id"}):
            try:
                await self.make(kind)
            except AssertionError as error:
                self.failed[kind] = str(error)

    async def make(self, kind: str) -> str:
        """The record of this kind, made when there is none yet; `NoMakerError` or what went wrong."""
        if kind not in self.ids:
            maker = MADE_OTHERWISE.get(kind)
            self.ids[kind] = await (maker(self) if maker else self.post(collection_of(kind)))
        return self.ids[kind]

    async def post(self, one: Operation) -> str:
        """Make a record with the collection's operation, and return its id."""
        schema = one.body_schema
        needed = [name for _, name in required_id_places(one.service, schema)] if schema else []
        for name in (*one.path_names, *needed):
            await self.make(kind_of(name))

        async def made() -> httpx.Response | None:
            """Another service than the portfolio must first hear of what the record refers to."""
            answer = await self.send(one)
            is_early = one.service != "portfolio" and answer.status_code in {404, 409}
            return None if is_early else answer

        answer = await awaited(made, f"{one}: what it refers to")
        assert answer.status_code in {201, 202}, f"{one}: {answer.status_code} {answer.text}"
        document = answer.json()
        if document.get("id") is None:
            raise NoMakerError(
                f"{one} answers no id: say in tests/support/records.py how such a record is made"
            )
        return str(document["id"])

    async def send(
        self,
        one: Operation,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        ids: Mapping[Place, str] | None = None,
    ) -> httpx.Response:
        """Call the operation on records of this organisation, but for the ids that are given."""
        named = {**self.named(one), **(path or {})}
        headers: dict[str, str] = {}
        if "If-Match" in one.parameters("header"):
            headers["If-Match"] = await self.revision(one, named)
        content: str | bytes | None = None
        if one.body_media is not None:
            headers["Content-Type"] = one.body_media
            content = self.content(one, ids)
        asked = {**self.asked(one), **(query or {})}
        request = self.client.build_request(
            one.method, self.url(one, named), params=asked, headers=headers, content=content
        )
        return await answered(self.client, request, is_stream=one.is_stream)

    def content(self, one: Operation, ids: Mapping[Place, str] | None = None) -> str | bytes:
        schema = one.body_schema
        if schema is None:
            return FILES[one.operation_id]
        body = self.writer(one).body(schema, ids=ids)
        given = {place[0] for place in ids or {}}
        known = MEMBERS.get(one.operation_id, {})
        return json.dumps({**body, **{name: value for name, value in known.items() if name not in given}})

    def named(self, one: Operation) -> dict[str, str]:
        """This organisation's ids for the operation's path."""
        return {name: PUBLIC_KINDS.get(name) or self.ids[kind_of(name)] for name in one.path_names}

    def asked(self, one: Operation) -> dict[str, str]:
        """The query parameters that the operation cannot do without."""
        return {
            parameter["name"]: str(self.writer(one).value(parameter["schema"], parameter["name"]))
            for parameter in one.described.get("parameters", [])
            if parameter["in"] == "query" and parameter.get("required")
        }

    async def revision(self, one: Operation, named: Mapping[str, str]) -> str:
        """The record's `ETag`, from the nearest address above that can be read."""
        path = one.path
        while path:
            readable = [
                r
                for r in every_operation()
                if (r.service, r.path, r.method) == (one.service, path, "GET") and "{" in path
            ]
            if readable:
                answer = await self.client.get(self.url(readable[0], named))
                return str(answer.headers.get("etag", '"1"'))
            path = path.rpartition("/")[0]
        return '"1"'

    async def added(self, service: str, operation_id: str, body: Mapping[str, Any]) -> str:
        """The id of a record made with this very body."""
        one = operation(service, operation_id)
        answer = await self.client.post(self.url(one, self.named(one)), json=body)
        assert answer.status_code == 201, f"{one}: {answer.status_code} {answer.text}"
        return str(answer.json()["id"])

    async def first(self, service: str, operation_id: str) -> str:
        """The id of the first record of a list, as soon as there is one."""
        url = self.url(operation(service, operation_id))

        async def look() -> str | None:
            items = (await self.client.get(url)).json()["items"]
            return str(items[0]["id"]) if items else None

        return await awaited(look, f"a record of {operation_id}")

    async def another_project(self) -> str:
        """The id of one more project that every service knows."""
        return await known_project(self)

    def of(self, subject: str, *roles: Role) -> "Organisation":
        """The same organisation and records, for another caller of it."""
        who = (subject, *roles)
        if who not in self.others:
            self.others[who] = organisation_in(
                self.house, self.number, self.word, *roles, subject=subject, ids=self.ids
            )
        return self.others[who]

    async def close(self) -> None:
        """Disconnect this caller and those that `of` gave."""
        for other in self.others.values():
            await other.close()
        await self.client.aclose()

    def url(self, one: Operation, named: Mapping[str, str] | None = None) -> str:
        path = one.path
        for name, value in (named or {}).items():
            path = path.replace(f"{{{name}}}", value)
        return f"{self.house.base_url}/{one.service}/v1{path}"

    def writer(self, one: Operation) -> Writer:
        return Writer(one.service, lambda name: self.ids[kind_of(name)], self.word)


def organisation_in(
    house: House,
    number: str,
    word: str,
    *roles: Role,
    subject: str = SUBJECT,
    ids: dict[str, str] | None = None,
) -> Organisation:
    """An organisation and a caller there with these roles, or with every role when none is named."""
    token = house_token(house.settings.home, roles or tuple(EVERYONE), number, subject=subject)
    client = httpx.AsyncClient(
        trust_env=False, timeout=30, verify=NO_TLS, headers={"Authorization": f"Bearer {token}"}
    )
    return Organisation(house, number, word, client, {} if ids is None else ids)


def kind_of(name: str) -> str:
    """The kind of record that a path parameter, a member or a query parameter of this name means."""
    if name in SAME_KIND:
        return SAME_KIND[name]
    if name.endswith("_ids"):
        return kind_of(name.removesuffix("s"))
    return name if name.endswith("_id") or name in PUBLIC_KINDS else f"{name}_id"


def collection_of(kind: str) -> Operation:
    """The operation that makes a record of this kind: a POST on what stands before `/{kind}`."""
    if kind in PUBLIC_KINDS:
        raise NoMakerError(f"{kind} is nobody's")
    nouns = {
        (one.service, one.path.removesuffix(f"/{{{kind}}}").rpartition("/")[2])
        for one in every_operation()
        if one.path.endswith(f"/{{{kind}}}")
    }
    for one in every_operation():
        makes = {"201", "202"} & one.described["responses"].keys()
        if one.method == "POST" and makes and (one.service, one.path.rpartition("/")[2]) in nouns:
            return one
    raise NoMakerError(f"nothing makes a {kind}: say in tests/support/records.py how such a record is made")


def _public(kind: str) -> Callable[[Organisation], Awaitable[str]]:
    async def found(_: Organisation) -> str:
        return PUBLIC_KINDS[kind]

    return found


async def _comparison(organisation: Organisation) -> str:
    """A comparison needs two criteria."""
    await organisation.make("criterion_id")
    one = operation("portfolio", "add_criterion")
    body = {"name": "Another", "weight": 1, "scale_min": 1, "scale_max": 5}
    added = await organisation.client.post(organisation.url(one, organisation.named(one)), json=body)
    assert added.status_code == 201, added.text
    return await organisation.post(operation("portfolio", "begin_comparison"))


async def _upload(organisation: Organisation) -> str:
    """A file that was read, with a change that could be applied."""
    return await _done(organisation, await organisation.send(operation("portfolio", "upload_file")))


async def _decision(organisation: Organisation) -> str:
    """A decision from a scenario of its own that was solved and published (P8)."""
    scenario = await _solved_scenario(organisation)
    published = await organisation.send(operation("portfolio", "publish_scenario"), path=scenario)
    assert published.status_code == 200, published.text
    decided = await organisation.send(operation("portfolio", "decide_from_scenario"), path=scenario)
    assert decided.status_code == 201, decided.text
    return str(decided.json()["id"])


async def _analysis(organisation: Organisation) -> str:
    """What a plain ranking would have chosen instead of a solved scenario's plan (P7)."""
    scenario = await _solved_scenario(organisation)
    url = organisation.url(operation("portfolio", "analyse_scenario"), scenario)
    return await _done(organisation, await organisation.client.post(url, json={"kind": "baselines"}))


async def _solved_scenario(organisation: Organisation) -> dict[str, str]:
    """The path parameter of a new scenario that a worker has solved."""
    await organisation.make("project_id")
    await organisation.make("scenario_id")
    scenario = {"scenario_id": await organisation.post(operation("portfolio", "make_scenario"))}
    one = operation("portfolio", "solve_scenario")
    await _done(organisation, await organisation.send(one, path=scenario))
    return scenario


async def _done(organisation: Organisation, asked: httpx.Response) -> str:
    """The id of the run that was asked for, after a worker has done it."""
    assert asked.status_code == 202, asked.text
    run = organisation.url(operation("portfolio", "get_run"), {"run_id": asked.json()["id"]})

    async def done() -> str | None:
        found = (await organisation.client.get(run)).json()
        return found["id"] if found["state"] == "done" else None

    return await awaited(done, "the end of the run")


async def known_project(organisation: Organisation) -> str:
    """A project that the benefits service has heard of, too."""
    project_id = await organisation.post(operation("portfolio", "propose_project"))
    url = organisation.url(operation("benefits", "list_benefits"), {"project_id": project_id})

    async def heard() -> str | None:
        answer = await organisation.client.get(url)
        return project_id if answer.status_code == 200 else None

    return await awaited(heard, "the project in benefits")


MADE_OTHERWISE: dict[str, Callable[[Organisation], Awaitable[str]]] = {
    "project_id": known_project,
    "measurement_id": lambda organisation: organisation.post(operation("benefits", "record_measurement")),
    "decision_id": _decision,
    "analysis_id": _analysis,
    "replan_id": offered_replan,
    "release_id": stop_release,
    **GATE_MAKERS,
    "criterion_id": lambda organisation: organisation.post(operation("portfolio", "add_criterion")),
    "comparison_id": _comparison,
    "upload_id": _upload,
    **(EMBED_MAKERS | NOTICE_MAKERS),
    **POOL_MAKERS,
    **CASE_MAKERS,
    **(BUDGET_MAKERS | SYNC_MAKERS | PLAYBOOK_MAKERS),
    **{kind: _public(kind) for kind in PUBLIC_KINDS},
}
