"""What machine a benchmark ran on, in a line."""

import os
import platform
from pathlib import Path


def machine(use: str = "") -> str:
    model = platform.processor() or platform.machine()
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    except OSError:
        pass
    cores = f"{os.cpu_count()} cores" + (f", {use}" if use else "")
    return f"{model}, {cores}; {platform.system()}; Python {platform.python_version()}"
