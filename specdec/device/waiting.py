"""How long threads that have done their part of an operation wait for the others by spinning. Torch-free: it has to be
settled before torch, and with it GNU's OpenMP library, is loaded.

On a machine that other programs use as well a thread that spins burns the very time that the thread it waits for
would need: by OpenMP's usual 300,000 turns, some 3 ms, between any two operations. Without spinning every operation
pays for waking its threads up. Between the two lies a spin that outlasts the gap between operations and little more.
"""

import os

# Turns, some 0.1 ms. On two cores a plain token of the stories target takes, in ms, compiled (eager): quiet 2.4 (8.2)
# with 10,000 turns, 2.6 (8.5) with 300,000, 6.6 (14) without any; beside two busy loops 6 (22) with 10,000, and with
# 300,000 7 to 24 (39).
SPINS = "10000"
POLICIES = ("GOMP_SPINCOUNT", "OMP_WAIT_POLICY")


def spin_briefly() -> None:
    """For this process and those that it starts. What the environment asks for stands; so does the usual policy where
    torch was imported earlier."""
    if not any(name in os.environ for name in POLICIES):
        os.environ["GOMP_SPINCOUNT"] = SPINS
