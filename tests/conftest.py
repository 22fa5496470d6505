"""What all tests share."""

from __future__ import annotations

import gc
import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pydantic.types  # noqa: F401  whole, before Qt comes: PySide6 looks into half-imported modules and breaks them
import pytest

from tests.offices import Material, OfficeToTest, Snapshots
from tests.postgresql import Server, running_server
from tests.quick_folders import quick_folder

os.environ["OMP_THREAD_LIMIT"] = "1"      # Tesseract on two cores is many times faster with one thread each
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(quick_folder()))     # before pytest makes the folder of tmp_path


def pytest_ignore_collect(collection_path: os.PathLike[str], config: pytest.Config) -> bool | None:
    """Without Qt, modules of window tests cannot even be imported."""
    rest = Path(collection_path).relative_to(Path(__file__).parent).parts
    if not config.pluginmanager.hasplugin("pytest-qt") and rest and rest[0] in {"ui", "flows"}:
        return True
    return None


def pytest_collection_finish() -> None:
    """What has been imported stays to the end: collecting need not walk over it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def data_folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(autouse=True)
def data_folder(data_folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the program keeps in the user's data folder lands in a folder of this test."""
    monkeypatch.setenv("XDG_DATA_HOME", str(data_folders / uuid.uuid4().hex))


@pytest.fixture(scope="session")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    """Keys of a test authority, and letters."""
    return Material.make(tmp_path_factory.mktemp("material"))


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def snapshots(tmp_path_factory: pytest.TempPathFactory, material: Material) -> Snapshots:
    return Snapshots(tmp_path_factory.mktemp("offices"), material)


@pytest.fixture
def patched(monkeypatch: pytest.MonkeyPatch) -> Callable[[], bool]:
    """Whether this test has put something else in a part of the program by now (environment variables apart)."""
    return lambda: bool(monkeypatch._setattr)


@pytest.fixture
def sqlite_office(snapshots: Snapshots, patched: Callable[[], bool]) -> Iterator[OfficeToTest]:
    """A sample office of this test's own, embedded."""
    made = snapshots.make("sqlite", patched=patched)
    yield made
    snapshots.drop(made)


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, snapshots: Snapshots, patched: Callable[[], bool]) -> Iterator[OfficeToTest]:
    """A sample office of this test's own, over each engine: the contract."""
    if request.param == "postgresql":
        snapshots.server = request.getfixturevalue("postgresql_server")
    made = snapshots.make(request.param, patched=patched)
    yield made
    snapshots.drop(made)
