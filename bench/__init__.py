"""The time and money that an answer costs: measured, counted and simulated.

Milliseconds are this machine's. A ratio is of two subjects that were measured in the same run, side by side.
"""
