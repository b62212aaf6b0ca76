"""The sample plan that the tests of doors share."""

from __future__ import annotations

import pytest

from tests.kit.sample_plan import sample_plan


@pytest.fixture(scope="session")
def sample():
    """A plan of about 300 operations, its factory and its closed windows."""
    return sample_plan(300)


@pytest.fixture(scope="session")
def plan(sample):
    """The sample plan alone."""
    return sample[0]
