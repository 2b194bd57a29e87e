#!/usr/bin/env python3
"""The generator of src/base/rng.c once more, from O'Neill's paper, to pin numbers in test_rng.c."""
M = (1 << 64) - 1


class Pcg:
    def __init__(self, seed, stream):
        self.state, self.inc = 0, (stream << 1 | 1) & M
        self.u32()
        self.state = (self.state + seed) & M
        self.u32()

    def u32(self):
        old = self.state
        self.state = (old * 6364136223846793005 + self.inc) & M
        mixed = ((old >> 18 ^ old) >> 27) & 0xFFFFFFFF
        turn = old >> 59
        return (mixed >> turn | mixed << (-turn & 31)) & 0xFFFFFFFF

    def u64(self):
        return self.u32() << 32 | self.u32()

    def below(self, n):
        wide = self.u32() * n
        while (wide & 0xFFFFFFFF) < (1 << 32) % n:
            wide = self.u32() * n
        return wide >> 32

    def between(self, lo, hi):
        span = hi - lo + 1
        draw = self.u64()
        while draw >= M - M % span:
            draw = self.u64()
        return lo + draw % span


rng = Pcg(2022, 4)
print(f"u64 {rng.u64():#x} below {rng.below(1000)} between {rng.between(-1000000, 1000000)}"
      f" unit {rng.u64() >> 11}")
items = list(range(8))
for i in range(8, 1, -1):
    k = rng.below(i)
    items[i - 1], items[k] = items[k], items[i - 1]
print(items)
