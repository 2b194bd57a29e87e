#!/usr/bin/env python3
"""kill -9 in the middle of many concurrent writes, again and again: what was acknowledged is there, a retry with the
same Idempotency-Key makes nothing twice, the history is whole, and the server is back within 5 seconds.

usage: kill.py PROGRAM [ROUNDS [WRITES]]"""
import random
import resource
import sys

from server import Ledger, Server

START_MAX_S = 5


def one_round(server, ledger, number, writes, rng):
    names = [f"r{number}-{i}" for i in range(writes)]
    kill_at = rng.randrange(writes)
    killed = []

    def on_answers(complete):
        if complete >= kill_at and not killed:
            server.kill()
            killed.append(complete)

    answers = server.ask({name: server.report(name) for name in names}, on_answers)
    if not killed:
        server.kill()
    server.reap()
    ledger.note(answers)
    unclear = ledger.open_names()
    took = server.start()
    assert took < START_MAX_S, f"the restart took {took:.1f} s"
    ledger.check()
    # the client's way: ask again with the same key; some of the acknowledged ones too
    again = unclear + rng.sample(names, min(50, writes))
    ledger.note(server.insist(again))
    assert ledger.check() == len(ledger.asked)
    server.run("audit", "verify", "--data", server.dir)
    return len(unclear), took


def main():
    program = sys.argv[1]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    writes = int(sys.argv[3]) if len(sys.argv) > 3 else 2000
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 8192)), hard))
    rng = random.Random(20220423)
    server = Server(program)
    ledger = Ledger(server)
    unclear = 0
    slowest = 0.0
    try:
        server.start()
        server.sign_in()
        print(f"1..{rounds}")
        for number in range(rounds):
            open_ones, took = one_round(server, ledger, number, writes, rng)
            unclear += open_ones
            slowest = max(slowest, took)
            print(f"ok {number + 1} - {open_ones} of {writes} unanswered, back in {took:.2f} s",
                  flush=True)
        server.stop()
        assert 0 < unclear < rounds * writes, "the kills did not fall between the answers"
        print(f"# {ledger.acknowledged} acknowledged, {unclear} retried, slowest start {slowest:.2f} s")
    finally:
        server.close()


main()
