"""Fidelity does not fall: as many recorded scenarios pass as ever did.

`python -m tests.golden --update-ratchet` raises the counts that are held.
"""

from __future__ import annotations

import pytest

from tests.golden import areas, ratchet


@pytest.mark.parametrize("area", areas.areas())
def test_no_fewer_scenarios_pass_than_once_did(area, tell_figure):
    found = areas.count(areas.DATA, area)
    tell_figure(area, f"{found.passed}/{found.total}")
    assert ratchet.fallen({area: found.passed}) == [], f"see python -m tests.golden --area {area} --failing"


def test_every_area_is_held():
    assert sorted(ratchet.held()) == sorted(areas.areas())
