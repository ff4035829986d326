# expect: OutOfMemory | OutOfFuel | Exception RecursionError | Crash

import itertools


def f():
    chain = iter(())
    kept = []
    while True:
        chain, copy = itertools.tee(itertools.chain(chain, [1.0] * 1000))
        kept.append(copy)
        for _ in chain:
            pass
