"""A function as it ships: its folder, troupe/ and its own dependencies, compiled, trimmed, the same to the byte."""
