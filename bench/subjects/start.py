"""A fresh process that imports one module, as Lambda does, runs its handler, and prints the cost.

    python -IS start.py FOLDERS MODULE [EVENT WARM]

FOLDERS is a path list. Prints a JSON object: modules loaded by the import; CPU seconds of the process until the import
was done, and until the first request was; CPU seconds for each of WARM more requests; most memory, in MB.
"""

import importlib
import json
import resource
import sys
import time
from pathlib import Path


class Context:
    """The attributes of Lambda's context that the handlers read."""

    function_name = "bench"
    memory_limit_in_mb = "256"
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:bench"
    aws_request_id = "bench"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 60_000


def peak_mb() -> float:
    """The most memory of this program, as the kernel counts it: getrusage includes the process that started it."""
    status = Path("/proc/self/status")
    if status.exists():
        mark = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
        return int(mark.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def main() -> None:
    # The folders first, as Lambda has it.
    sys.path[:0] = sys.argv[1].split(":")
    module = importlib.import_module(sys.argv[2])
    found = {"modules": float(len(sys.modules)), "import_s": time.process_time()}
    if len(sys.argv) > 3:  # noqa: PLR2004 - an event and a count
        event, warm = json.loads(Path(sys.argv[3]).read_bytes()), int(sys.argv[4])
        answer = module.handler(event, Context)
        found["first_s"] = time.process_time()
        for _ in range(warm):
            module.handler(event, Context)
        found["warm_s"] = (time.process_time() - found["first_s"]) / warm
        found["status"] = answer["statusCode"]
    found["peak_mb"] = peak_mb()
    print(f"\n{json.dumps(found)}")


main()
