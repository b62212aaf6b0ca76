"""How things are made: steps, alternatives, crews, tools and changeovers."""

from __future__ import annotations

from linewright.model.records import field, record
from linewright.model.tables.materials import OPERATION


@record("operations", "routing")
class Operation:
    """One step of making a material."""

    material: str = field(key=True, ref="materials", doc="What is made.")
    step: int = field(key=True, low=0, doc="Number of the step; steps run in this order unless after says otherwise.")
    name: str = field(default="", doc="What is done.")
    work_center: str = field(default="", ref="work_centers", doc="The group whose machines may do it.")
    machine: str = field(default="", ref="machines", doc="The one machine that may do it, if it is only one.")
    setup_minutes: float = field(default=0.0, low=0, high=1e7, unit="min", doc="Preparation for each order.")
    run_minutes: float = field(
        default=0.0, low=0, high=1e7, unit="min/unit", doc="Time for each unit, or each batch_size units."
    )
    fixed_minutes: float = field(
        default=0.0, low=0, high=1e7, unit="min", doc="Run time of an order whatever its quantity."
    )
    batch_size: float = field(default=1.0, above=0, unit="units", doc="Units that one run_minutes makes together.")
    load: int = field(default=1, low=1, high=100_000, unit="places", doc="Places it takes on a machine with several.")
    crew: int = field(default=0, low=0, high=50, unit="people", doc="People that the run needs.")
    skill: str = field(default="", ref="skills.skill", doc="Skill that each of them must have.")
    skill_level: int = field(default=1, low=1, high=10, doc="Least level of that skill.")
    setup_crew: int = field(default=0, low=0, high=50, unit="people", doc="People that setup and changeover need.")
    setup_skill: str = field(default="", ref="skills.skill", doc="Skill that each of them must have.")
    setup_skill_level: int = field(default=1, low=1, high=10, doc="Least level of that skill.")
    tool: str = field(default="", ref="tools", doc="A shared tool that it holds from setup to end.")
    setup_family: str = field(default="", doc="Changeovers happen between families.")
    yield_share: float = field(default=1.0, above=0, high=1, doc="Share of good units that come out.")
    min_wait_minutes: float = field(
        default=0.0, low=0, high=1e7, unit="min", doc="Least time before the next step (drying)."
    )
    max_wait_minutes: float | None = field(
        default=None, low=0, high=1e7, unit="min", doc="Most time before the next step."
    )
    overlap_quantity: float | None = field(
        default=None,
        above=0,
        unit="units",
        doc="Transfer batch: the next step may start after this many; blank: after all.",
    )
    after: str = field(
        default="", doc="Steps that must be finished first, such as 10;20; blank: the step before; -: none."
    )
    may_pause: bool = field(
        default=True, doc="yes: it continues after a break or a night; no: it must fit into one window."
    )
    kwh_per_unit: float = field(
        default=0.0, low=0, unit="kWh/unit", doc="Energy of the process beside the machine's own power."
    )
    rework_share: float = field(
        default=0.0, low=0, high=0.99, doc="Share of runs that must be run again in whole, as learned or known."
    )
    run_variation: float | None = field(
        default=None,
        low=0,
        high=10,
        doc="Coefficient of variation of the run time from order to order; blank: not known, taken as 0.",
    )
    setup_variation: float | None = field(
        default=None, low=0, high=10, doc="Coefficient of variation of the setup time; blank: taken as 0."
    )
    time_error: float | None = field(
        default=None,
        low=0,
        high=10,
        doc="How sure the mean times are: their standard error as a share; blank: taken as exact.",
    )


@record("operation_machines", "routing", composite=(OPERATION,))
class OperationMachine:
    """An alternative machine for a step; where a step has rows here, only these machines may do it."""

    material: str = field(key=True, ref="materials", doc="What is made.")
    step: int = field(key=True, low=0, doc="Which step.")
    machine: str = field(key=True, ref="machines", doc="A machine that may do it.")
    person: str = field(default="", key=True, ref="people", doc="Only together with this person; blank: whoever may.")
    run_minutes: float | None = field(
        default=None, low=0, high=1e7, unit="min/unit", doc="Time there; blank: as in operations."
    )
    fixed_minutes: float | None = field(default=None, low=0, high=1e7, unit="min", doc="Fixed run time there.")
    setup_minutes: float | None = field(default=None, low=0, high=1e7, unit="min", doc="Preparation there.")
    preference: float = field(
        default=0.0, low=0, unit="currency", doc="Cost of using this machine instead of the best one."
    )


@record("operation_crews", "routing", composite=(OPERATION,))
class OperationCrew:
    """A further crew that a step needs, beside the one in operations."""

    material: str = field(ref="materials", doc="What is made.")
    step: int = field(low=0, doc="Which step.")
    skill: str = field(default="", ref="skills.skill", doc="Skill that each of them must have.")
    skill_level: int = field(default=1, low=1, high=10, doc="Least level of that skill.")
    people: int = field(default=1, low=1, high=50, unit="people", doc="How many.")
    phase: str = field(default="run", choices=("setup", "run", "both"), doc="When they are needed.")


@record("operation_tools", "routing", composite=(OPERATION,))
class OperationTool:
    """A further tool that a step holds, beside the one in operations."""

    material: str = field(ref="materials", doc="What is made.")
    step: int = field(low=0, doc="Which step.")
    tool: str = field(ref="tools", doc="Which tool.")
    quantity: int = field(default=1, low=1, high=100_000, unit="pieces", doc="How many of it.")


@record("changeovers", "routing")
class Changeover:
    """A sequence-dependent setup between two families; the row that says most wins."""

    work_center: str = field(default="", ref="work_centers", doc="On these machines; blank: see machine.")
    machine: str = field(default="", ref="machines", doc="On this machine only.")
    from_family: str = field(default="", doc="Family of the operation before; blank: any other family.")
    to_family: str = field(default="", doc="Family of the operation after; blank: any other family.")
    minutes: float = field(default=0.0, low=0, high=1e7, unit="min", doc="How long the changeover takes.")
    cost: float = field(
        default=0.0, low=0, unit="currency", doc="What it costs beside the machine time (cleaning, scrap)."
    )
