"""What an answer costs in time and money: measured, counted and simulated by programs that anyone can run.

Milliseconds are this machine's; ratios are of two things measured in the same run, side by side.
"""
