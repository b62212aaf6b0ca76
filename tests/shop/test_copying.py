"""Copies of arrays inside kernels."""

from __future__ import annotations

import numpy as np
import pytest

from linewright.shop.copying import overwrite
from linewright.shop.state import RESOURCE

RECORDS = np.array([(3, 1), (5, 0), (9, -1)], RESOURCE)


@pytest.mark.parametrize("source", [np.arange(5), np.arange(10.0)[::2], RECORDS, RECORDS["free"]])
@pytest.mark.parametrize("copy", [overwrite, overwrite.py_func])
def test_every_entry_is_copied(source, copy):
    """Numbers, records and columns of records arrive as they are, and the source stays as it was."""
    target, before = np.zeros(source.shape, source.dtype), source.copy()
    copy(target, source)
    assert target.tolist() == before.tolist() == source.tolist()
