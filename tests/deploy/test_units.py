"""The service units give the process no more than it needs, by systemd's own measure."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"
MOST = 2.0
"""Of 10: what systemd calls the exposure of a service; one without any limits has 9.6."""


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd measures this; as root: apt-get install -y systemd"
)
@pytest.mark.parametrize("unit", sorted(DEPLOY.glob("*.service")), ids=lambda unit: unit.name)
def test_a_unit_is_less_exposed_than_we_say(unit: Path) -> None:
    measure = ["systemd-analyze", "security", "--no-pager", "--offline=yes", f"--threshold={MOST * 10 - 1:.0f}", unit]
    measured = subprocess.run(measure, capture_output=True, text=True, check=False)
    assert measured.returncode == 0, measured.stdout[-200:] + measured.stderr
