"""Compares this machine's processor with the one that the figures in docs/performance.md were measured on."""

from statistics import median

from bench.packages import Packages
from bench.starts import rounds, webhooks

# Seconds of CPU that bare botocore took there to start and to answer once, over plain HTTP.
REFERENCE_S = 0.233
ROUNDS = 5


def measure(packages: Packages) -> float:
    bare = {"bare botocore": webhooks(packages)["bare botocore"]}
    (found,) = rounds(packages.python, bare, ROUNDS, tls=False).values()
    return median(one["first_s"] for one in found) / REFERENCE_S
