"""The error that ends a build."""


class BuildError(RuntimeError):
    """No package could be made. The message says what is missing and what to do."""
