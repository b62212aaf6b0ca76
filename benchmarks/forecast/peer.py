"""The same series with statsforecast (Apache-2.0), where it is installed."""

from __future__ import annotations

import time
import warnings
from importlib.util import find_spec

import numpy as np

INSTALL = "statsforecast is not installed, so its lines are missing: pip install statsforecast==2.1.1"
#: What is run on smooth and on intermittent series.
SMOOTH, INTERMITTENT = ("DynamicOptimizedTheta", "AutoTheta"), ("IMAPA", "ADIDA", "CrostonOptimized")


def installed() -> bool:
    """Whether the peer can be run."""
    return find_spec("statsforecast") is not None


def run(
    name: str, past: list[np.ndarray], season: int, horizon: int, *, levels: bool
) -> tuple[dict[str, np.ndarray], float]:
    """Means and bounds (series × horizon) by their names in statsforecast, and CPU seconds after compiling."""
    from statsforecast import models

    model = getattr(models, name)(**({"season_length": season} if name in SMOOTH else {}))
    chances = {"level": [80, 95]} if levels and name in SMOOTH else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for values in past[:3]:
            model.forecast(y=values, h=horizon, **chances)
        begun = time.process_time()
        found = [model.forecast(y=values, h=horizon, **chances) for values in past]
        spent = time.process_time() - begun
    return {key: np.array([one[key] for one in found]) for key in found[0]}, spent
