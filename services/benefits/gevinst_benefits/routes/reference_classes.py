"""Reference classes: what came of earlier estimates of the same kind and size (C6)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query

from gevinst_benefits.domain.case.optimism_bias import UPLIFTS
from gevinst_benefits.domain.measuring.reference_classes import SIZES
from gevinst_benefits.domain.permissions import VIEW
from gevinst_benefits.schemas.reference_classes import (
    OptimismBiasListOut,
    OptimismBiasOut,
    ReferenceClassListOut,
    ReferenceClassOut,
)
from gevinst_benefits.usecases import referring
from gevinst_shared.db.work import Work
from gevinst_shared.web.session import reads

router = APIRouter(tags=["Reference classes"])
KindFilter = Annotated[
    str,
    Query(
        min_length=1,
        max_length=60,
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$",
        description="The kind of benefit.",
        examples=["saved-time"],
    ),
]
SizeFilter = Annotated[
    Literal["small", "medium", "large", "any"] | None, Query(description="Only this size; absent: each.")
]


@router.get("/reference-classes", summary="What came of earlier estimates")
async def list_reference_classes(
    work: Annotated[Work, reads(VIEW)], kind: KindFilter, size: SizeFilter = None
) -> ReferenceClassListOut:
    """Verified over promised, of the organisation's finished benefits, by size. With fewer than ten cases a
    class leans on the next wider one. Benefits and years that nobody verified do not count."""
    sizes = SIZES if size is None else (size,)
    found = await referring.class_of(work, kind=kind, sizes=sizes)
    return ReferenceClassListOut(
        items=[ReferenceClassOut.of(kind, each, one) for each, one in zip(sizes, found, strict=True)]
    )


@router.get("/benefits/{benefit_id}/reference-class", summary="The reference class of a benefit")
async def get_reference_class(benefit_id: UUID, work: Annotated[Work, reads(VIEW)]) -> ReferenceClassOut:
    """What the benefit's own estimate would come to if it went as with earlier ones; itself left out."""
    return ReferenceClassOut.of(*await referring.class_of_benefit(work, benefit_id))


@router.get(
    "/optimism-biases", summary="Published uplifts against optimism", response_model_exclude_none=True
)
async def list_optimism_biases(work: Annotated[Work, reads(VIEW)]) -> OptimismBiasListOut:
    """By how much types of project went over their estimates of cost and duration, for those who have too few
    finished projects of their own (C6). With a share of the causes managed, (1 - share) of the upper uplift
    is left."""
    return OptimismBiasListOut(items=[OptimismBiasOut.of(one) for one in UPLIFTS])
