"""How long threads that have done their part of an operation wait for the others by spinning. Torch-free: it has to be
settled before torch, and with it GNU's OpenMP library, is loaded.

On a machine that other programs use as well a thread that spins burns the very time that the thread it waits for
would need: by OpenMP's usual 300,000 turns, some 3 ms, between any two operations. Without spinning every operation
pays for waking its threads up. Between the two lies a spin that outlasts the gap between operations and little more.
"""

import os

SPINS = "10000"  # turns, some 0.1 ms: quiet as fast as 300,000; docs/benchmarks tells what was measured
POLICIES = ("GOMP_SPINCOUNT", "OMP_WAIT_POLICY")


def spin_briefly() -> None:
    """For this process and those that it starts. What the environment asks for stands; so does the usual policy where
    torch was imported earlier."""
    if not any(name in os.environ for name in POLICIES):
        os.environ["GOMP_SPINCOUNT"] = SPINS
