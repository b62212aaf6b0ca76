"""The value of a row of the oracle table by the analytic companions."""

from __future__ import annotations

import json
import math

import numpy as np

from linewright.twin.analytic.closed_networks import best_case, closed_line, practical_worst_case, worst_case
from linewright.twin.analytic.decomposition import ContinuousLine, line_throughput
from linewright.twin.analytic.interruptions import (
    kwh_per_job,
    machine_interference,
    mg1_with_breakdowns,
    switched_off_when_empty,
)
from linewright.twin.analytic.line_chains import exact_line, synchronous_line
from linewright.twin.analytic.open_networks import jackson
from linewright.twin.analytic.priorities import shortest_first, urgent_first, urgent_first_at_several
from linewright.twin.analytic.queues import batch_mm1, erlang_b, erlang_gaps, gm1, mg1, mm1, mm1_later_than, mmc, mmck
from linewright.twin.analytic.two_machines import continuous_pair
from linewright.twin.analytic.variability import departure_scv, kingman
from linewright.twin.optimise.buffers import even_shares
from linewright.twin.optimise.exchange import best_allocation


def value(family, model, params, metric):
    """The number that the row of a family should have."""
    return FAMILIES[family](model, params, metric)


def matches(row):
    """Whether a row's value is met, to its printed digits; a target for searches may also be passed."""
    got = np.asarray(value(row["family"], row["model"], json.loads(row["params"]), row["metric"]), float)
    want = np.asarray(json.loads(row["value"]), float)
    if "target" in row["metric"]:
        return bool(got >= want - 5e-7)
    return bool(np.allclose(got, want, rtol=1e-8, atol=1e-8))


def of_queue(queue, metric):
    """A figure of a queue by the name it has in the table."""
    names = {
        "Wq": "waiting",
        "Wq per job": "waiting",
        "L": "present",
        "P(wait>0)": "wait_share",
        "throughput": "throughput",
    }
    return getattr(queue, names[metric])


def of_mm1(model, params, metric):
    if metric == "P(sojourn>5)":
        return mm1_later_than(5, params["lam"], params["mu"])
    return of_queue(mm1(params["lam"], params["mu"]), metric)


def of_gm1(model, params, metric):
    phases = math.inf if model.startswith("D/") else int(model[1 : model.index("/")])
    return of_queue(gm1(erlang_gaps(params["lam"], phases), params["lam"]), metric)


def of_breakdowns(model, params, metric):
    scv = {"det": 0.0, "exp": 1.0}[params["service"]]
    station = mg1_with_breakdowns(params["lam"], 1.0, scv, params["f"], params["m"])
    return station.down_share if "down" in metric else station.queue.waiting


def of_priorities(model, params, metric):
    if "c" in params:
        return urgent_first_at_several(params["lam"], params["c"]).waiting[int(metric.split()[-1])]
    waits = urgent_first(params["lam"], params["mean"], interrupting="preemptive-resume" in model)
    return (waits.waiting if metric.startswith("Wq") else waits.sojourn)[int(metric.split()[-1])]


def of_energy(model, params, metric):
    if metric.startswith("kWh"):
        return kwh_per_job(params["lam"], 1.0, params["idle"], params["busy"])
    machine = switched_off_when_empty(params["lam"], 1.0, 1.0, params["D"], 1.0 if "exp start-up" in model else 0.0)
    figures = {"sojourn": machine.sojourn, "P(off)": machine.off_share, "P(startup)": machine.start_up_share}
    return machine.mean_kw(*params["kW"]) if metric == "mean kW" else figures[metric]


def of_jackson(model, params, metric):
    found = jackson(params["gamma"], params["routing"], params["mu"], params["servers"])
    return found.present if metric == "total L" else found.sojourn


def of_cards(model, params, metric):
    line = params["times"], params["machines"], params["wip"]
    if "practical worst" in model:
        return practical_worst_case(*line)
    if "worst" in model:
        return worst_case(*line)
    return best_case(*line) if "best" in model else closed_line(*line).throughput


def of_vut(model, params, metric):
    arriving = params["ca2"]
    if "upstream_ce2" in params:
        arriving = departure_scv(params["u"], params["upstream_ce2"], arriving)
    return kingman(params["u"], params["te_min"] / 60, params["ce2"], arriving)


def of_chain(model, params, metric):
    count = len(params["b"]) + 1 if isinstance(params["b"], list) else 2
    line = exact_line(
        params.get("mu", [1] * count), np.atleast_1d(params["b"]), phases=params.get("phases", 1),
        failure_rates=params.get("p", 0.0), repair_rates=params.get("r", 1.0),
    )  # fmt: skip
    return line.throughput if metric == "TH" else line.inside


def of_cycles(model, params, metric):
    line = synchronous_line(params["p"], params["r"], np.atleast_1d(params["N"]))
    return line.throughput if metric == "E" else line.between if len(line.between) > 1 else line.inside


def of_fluid(model, params, metric):
    pair = continuous_pair(params["p"][0], params["r"][0], params["p"][1], params["r"][1], params["N"])
    return pair.efficiency if metric == "E" else pair.level


def of_decomposition(model, params, metric):
    if "mt" in params:
        return line_throughput(ContinuousLine.of_times(params["mt"], params["mr"]), params["alloc"])[0]
    return line_throughput(ContinuousLine(tuple(params["p"]), tuple(params["r"])), params["N"])[0]


def of_search(model, params, metric):
    from linewright.twin.optimise.buffers import best_buffers

    return best_buffers(ContinuousLine.of_times(params["mt"], params["mr"]), params["B"]).value


def of_exact_search(model, params, metric):
    """The best allocation's throughput; several allocations may tie, so the wanted one is met by its own throughput."""

    def throughputs(rows):
        return np.array([exact_line(params["mu"], row).throughput for row in rows])

    found = best_allocation(throughputs, even_shares(params["B"], len(params["mu"]) - 1))
    return found.value if metric == "max TH" else found.allocation


FAMILIES = {
    "mm1": of_mm1,
    "mmc": lambda model, params, metric: of_queue(mmc(params["lam"], params["mu"], params["c"]), metric),
    "mmcc": lambda model, params, metric: erlang_b(params["a"], params["c"]),
    "mmck": lambda model, params, metric: of_queue(mmck(params["lam"], 1.0, params["c"], params["K"]), metric),
    "mg1": lambda model, params, metric: of_queue(mg1(params["lam"], 1.0, params["scv"]), metric),
    "gm1": of_gm1,
    "mg1_fail": of_breakdowns,
    "prio": of_priorities,
    "spt": lambda model, params, metric: shortest_first(params["lam"], lambda share: -np.log1p(-share)),
    "batch": lambda model, params, metric: of_queue(batch_mm1(params["lb"], params["k"]), metric),
    "energy": of_energy,
    "repair": lambda model, params, metric: machine_interference(
        params["N"], params["l"], params["c"], params["m"]
    ).up,
    "jackson": of_jackson,
    "conwip": of_cards,
    "vut": of_vut,
    "tandem": of_chain,
    "tandem_erl": of_chain,
    "two_exp": of_chain,
    "multi_exp": of_chain,
    "two_det": of_cycles,
    "multi_det": of_cycles,
    "two_cont": of_fluid,
    "multi_ddx": of_decomposition,
    "bap_pub": of_decomposition,
    "bap_best": of_search,
    "bap_exact": of_exact_search,
}  # fmt: skip
