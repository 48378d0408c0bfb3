from collections.abc import Iterator

import pytest

from local.aws import Aws
from local.emulator import Emulator


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with Emulator.start(tmp_path_factory.mktemp("emulator") / "log") as running:
        yield running


@pytest.fixture(scope="session")
def aws(emulator: Emulator) -> Aws:
    return Aws.at(emulator.endpoint_url)
