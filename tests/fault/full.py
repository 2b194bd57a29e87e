#!/usr/bin/env python3
"""The disk takes no more, at a write chosen by chance (a limit on file sizes stands for it): those writes get 503, what
was acknowledged stays, and once there is room the server goes on without a restart.

usage: full.py PROGRAM [ROUNDS]"""
import os
import random
import resource
import sys

from server import Ledger, Server, status

WRITES = 300


def one_round(server, ledger, number, rng):
    # the log of the database is where it grows: from none of it to some hundred pages more
    log = os.path.getsize(os.path.join(server.dir, "danyuan.db-wal"))
    limit = rng.randrange(4096, log + 4096) if number % 4 == 3 else log + rng.randrange(1 << 22)
    pid = server.process.pid
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    names = [f"f{number}-{i}" for i in range(WRITES)]
    answers = server.ask({name: server.report(name) for name in names})
    kinds = {status(answer) for answer in answers.values()}
    assert kinds <= {201, 503}, f"statuses {kinds}"
    for answer in answers.values():
        assert status(answer) != 503 or b"Retry-After: " in answer
    ledger.note(answers)
    refused = sum(status(answer) == 503 for answer in answers.values())
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    ledger.check()
    ledger.note(server.insist(ledger.open_names()))
    assert ledger.check() == len(ledger.asked)
    return refused


def main():
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 12
    rng = random.Random(330922)
    server = Server(sys.argv[1])
    ledger = Ledger(server)
    total = 0
    try:
        server.start()
        server.sign_in()
        print(f"1..{rounds}")
        for number in range(rounds):
            refused = one_round(server, ledger, number, rng)
            total += refused
            print(f"ok {number + 1} - {refused} of {WRITES} refused", flush=True)
        assert 0 < total < rounds * WRITES, "the limit was never met, or always"
        server.run("audit", "verify", "--data", server.dir)
        server.stop()
        server.start()
        ledger.check()
        server.stop()
    finally:
        server.close()


main()
