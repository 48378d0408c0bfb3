"""Makes the package of a function: its folder, troupe/ and its own dependencies, compiled, trimmed, reproducible."""
