"""Compiling all kernels: beside each other where there are cores, and alone where not."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from linewright.plan import warm as module
from linewright.plan.search.graph.layer import GraphLayer
from linewright.plan.search.order.layer import OrderLayer
from linewright.plan.search.reinsert.layer import ReinsertLayer
from linewright.plan.search.tardy.layer import TardyLayer

SHOPS = [module.WITH_SHIFTS, *module.LAYERED]


@pytest.fixture
def planned(monkeypatch):
    """The shops that were planned, in their order; planning itself is left out."""
    shops = []
    monkeypatch.setattr(module, "_plan", lambda *shop: shops.append(shop))
    monkeypatch.setattr(module, "_order_work", lambda: None)
    return shops


def test_one_core_compiles_alone(planned, monkeypatch):
    """With one core no second process is started, and every shop is planned."""
    monkeypatch.setattr(module, "_cores", lambda: 1)
    monkeypatch.setattr(subprocess, "Popen", None)
    module.warm()
    assert planned == SHOPS


def test_where_no_process_can_be_started_one_does_all(planned, monkeypatch):
    """A system that refuses the second process gets its kernels all the same."""

    def refuse(*_, **__):
        raise OSError("no more processes")

    monkeypatch.setattr(module, "_cores", lambda: 2)
    monkeypatch.setattr(subprocess, "Popen", refuse)
    module.warm()
    assert planned == SHOPS


def test_a_second_process_that_fails_is_made_good(planned, monkeypatch):
    """The plans that follow compile whatever the second process did not."""
    monkeypatch.setattr(module, "_cores", lambda: 2)
    monkeypatch.setattr(module, "BESIDE", "raise SystemExit(3)")
    module.warm()
    assert planned == SHOPS


def test_no_process_is_left_behind(monkeypatch):
    """When planning fails, the second process ends too, and Python looks for garbage as it did before."""
    started, before = [], gc.get_threshold()

    def fail(*_):
        raise KeyboardInterrupt

    def sleep():
        started.append(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]))
        return started[0]

    monkeypatch.setattr(module, "_plan", fail)
    monkeypatch.setattr(module, "_cores", lambda: 2)
    monkeypatch.setattr(module, "_helper", sleep)
    with pytest.raises(KeyboardInterrupt):
        module.warm()
    assert started[0].wait() != 0
    assert gc.get_threshold() == before


def test_the_order_of_work_is_climbed(monkeypatch):
    """A tiny shop whose first plan is the best one has the order of work searched all the same."""
    turned = []

    def turn(self, rounds, real=OrderLayer.turn):
        turned.append((rounds, self.value))
        return real(self, rounds)

    monkeypatch.setattr(OrderLayer, "turn", turn)
    module._order_work()
    assert turned == [(module.LAYER_ROUNDS, module.FAR_WORSE)]


def test_each_layer_with_its_own_timetable_takes_a_turn(monkeypatch):
    """The second process gives a turn to the layers for makespan, for people and for late work."""
    turned = []
    for layer in (GraphLayer, ReinsertLayer, TardyLayer):

        def turn(self, rounds, real=layer.turn):
            turned.append(type(self))
            return real(self, rounds)

        monkeypatch.setattr(layer, "turn", turn)
    module.compile_layers()
    assert turned == [GraphLayer, ReinsertLayer, TardyLayer]
