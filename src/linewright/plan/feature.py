"""What the doors need to know about planning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linewright.kit.feature import Feature

if TYPE_CHECKING:
    from linewright.model.results import Plan

FEATURE = Feature(
    name="plan",
    title="the planner",
    commands={"plan": "linewright.plan.cli.plan:plan"},
    provides={
        "planner": "linewright.plan.scheduling:schedule",
        "keeper": "linewright.plan.keep:keep_order",
        "kept": "linewright.plan.cli.kept:kept_plan",
        "rounds": "linewright.plan.stop:Rounds",
        "seconds": "linewright.plan.stop:Seconds",
    },
    warm="linewright.plan.warm:warm",
)


def draw_plans() -> None:
    """Let plans show themselves in notebooks; nothing is loaded before one does."""
    from linewright.model.results import DRAWERS

    DRAWERS.update(html=_html, svg=_svg)


def _html(plan: Plan) -> str:
    from linewright.kit.figures import plan_html

    return plan_html(plan)


def _svg(plan: Plan) -> str:
    from linewright.kit.figures import plan_svg

    return plan_svg(plan)
