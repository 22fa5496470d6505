"""The material, made once for all cases."""

from __future__ import annotations

import pytest

from tests.attacks.material import Material


@pytest.fixture(scope="session")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    return Material.make(tmp_path_factory.mktemp("material"))
