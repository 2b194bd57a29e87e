"""A server of its own for fault tests: a data folder with one door, a signed-in secretary, and many writes at once."""
import errno
import json
import os
import re
import selectors
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time

PASSWORD = "a long pass phrase for a test"
DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
DOOR = 7


def id_text(number):
    return "".join(DIGITS[number >> shift & 31] for shift in range(60, -1, -5))


class Server:
    def __init__(self, program):
        self.program = program
        self.folder = tempfile.TemporaryDirectory(prefix="dy-fault-")
        self.dir = os.path.join(self.folder.name, "data")
        self.process = None
        self.port = 0
        self.cookie = ""
        secret = os.path.join(self.folder.name, "password")
        with open(secret, "w", encoding="utf-8") as file:
            file.write(PASSWORD)
        self.run("init", "--data", self.dir, "--code", "330922100001", "--name", "Fault test",
                 "--login", "secretary", "--password-file", secret)
        self.add_door()

    def run(self, *args):
        done = subprocess.run([self.program, *args], capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise AssertionError(f"danyuan {args[0]}: {done.stdout}{done.stderr}")
        return done.stdout

    def database(self):
        return sqlite3.connect(os.path.join(self.dir, "danyuan.db"), timeout=20)

    def add_door(self):
        with self.database() as db:
            (c,) = db.execute("SELECT community_id FROM community").fetchone()
            db.execute("INSERT INTO grid VALUES (?, 1, 1, 'g', 1, NULL)", (c,))
            db.execute("INSERT INTO unit VALUES (?, 2, 1, 1, 'u', 1, NULL)", (c,))
            db.execute("INSERT INTO building VALUES (?, 3, '3', 'b', NULL, NULL, 6)", (c,))
            db.execute("INSERT INTO stair VALUES (?, 4, 3, '1')", (c,))
            db.execute("INSERT INTO unit_stair VALUES (?, 4, 1, NULL, 2)", (c,))
            db.execute("INSERT INTO door VALUES (?, ?, 4, '501', 5)", (c, DOOR))

    def start(self):
        """Seconds until it accepts."""
        began = time.monotonic()
        self.process = subprocess.Popen(
            [self.program, "serve", "--data", self.dir, "--listen", "127.0.0.1:0",
             "--per-client-max", "10000", "--unlimited", "--log-level", "error"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        found = re.match(r"listening on http://127\.0\.0\.1:(\d+)", line)
        assert found, f"no listening line: {line!r}"
        self.port = int(found.group(1))
        return time.monotonic() - began

    def kill(self):
        self.process.send_signal(signal.SIGKILL)

    def reap(self):
        self.process.wait()
        self.process.stdout.close()

    def stop(self):
        self.process.terminate()
        status = self.process.wait(timeout=20)
        self.process.stdout.close()
        assert status == 0, f"serve ended with {status}"

    def close(self):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.reap()
        self.folder.cleanup()

    def post(self, path, body, key):
        payload = json.dumps(body, ensure_ascii=False).encode()
        head = (f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
                f"Origin: http://127.0.0.1:{self.port}\r\nContent-Type: application/json\r\n"
                f"Idempotency-Key: {key}\r\nCookie: dy_session={self.cookie}\r\n"
                f"Content-Length: {len(payload)}\r\nConnection: close\r\n\r\n")
        return head.encode() + payload

    def report(self, name):
        """One write, named by its text, with a key made from it."""
        return self.post("/api/v1/requests", {"category": "CARE", "text": name,
                                              "door_id": id_text(DOOR)}, "key-" + name)

    def sign_in(self):
        answers = self.ask({"in": self.post("/api/v1/session", {
            "login": "secretary", "password": PASSWORD}, "key-sign-in")})
        found = re.search(rb"dy_session=([^;]+);", answers["in"])
        assert found, answers["in"]
        self.cookie = found.group(1).decode()

    def ask(self, wanted, on_answers=None):
        """Sends all at once, each on its own connection; what came back by name, b"" for nothing.
        on_answers(n) is told how many answers are complete and may kill the server."""
        poll = selectors.DefaultSelector()
        got = {name: b"" for name in wanted}
        complete = 0
        for name, data in wanted.items():
            s = socket.socket()
            s.setblocking(False)
            rc = s.connect_ex(("127.0.0.1", self.port))
            if rc not in (0, errno.EINPROGRESS):
                s.close()
                continue
            poll.register(s, selectors.EVENT_WRITE, (name, data))
        until = time.monotonic() + 60
        while poll.get_map():
            assert time.monotonic() < until, "the server does not answer"
            for key, events in poll.select(5):
                name, data = key.data
                try:
                    if events & selectors.EVENT_WRITE:
                        key.fileobj.send(data)
                        poll.modify(key.fileobj, selectors.EVENT_READ, (name, data))
                        continue
                    part = key.fileobj.recv(65536)
                except OSError:
                    part = b""
                got[name] += part
                if not part:
                    poll.unregister(key.fileobj)
                    key.fileobj.close()
                    complete += status(got[name]) != 0
                    if on_answers is not None:
                        on_answers(complete)
        return got

    def insist(self, names):
        """As a client does: the same key again while the server says 503."""
        answers = {}
        for _ in range(20):
            got = self.ask({name: self.report(name) for name in names})
            answers.update(got)
            names = [name for name, answer in got.items() if status(answer) == 503]
            if not names:
                break
            time.sleep(0.5)
        for name, answer in answers.items():
            assert status(answer) == 201, f"{name}: {answer}"
        return answers


def status(answer):
    """0 when the answer is not complete."""
    head, found, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"Content-Length: (\d+)", head)
    if not found or length is None or len(body) < int(length.group(1)):
        return 0
    return int(head.split()[1])


def stored_id(answer):
    return json.loads(answer.partition(b"\r\n\r\n")[2])["id"]


class Ledger:
    """What was asked for and what was acknowledged, compared with what is stored."""

    def __init__(self, server):
        self.server = server
        self.asked = {}  # name -> acknowledged id, or None
        self.acknowledged = 0

    def note(self, answers):
        for name, answer in answers.items():
            self.asked.setdefault(name, None)
            if status(answer) == 201:
                identity = stored_id(answer)
                assert self.asked[name] in (None, identity), f"{name}: another id on replay"
                self.asked[name] = identity
                self.acknowledged += 1

    def open_names(self):
        return [name for name, identity in self.asked.items() if identity is None]

    def check(self):
        """Every acknowledged one is stored once, and nothing is stored twice."""
        db = self.server.database()
        rows = dict()
        for text, number in db.execute("SELECT text, request_id FROM request"):
            assert text not in rows, f"{text} is stored twice"
            rows[text] = id_text(number)
        db.close()
        for name, identity in self.asked.items():
            if identity is not None:
                assert rows.get(name) == identity, f"{name} was acknowledged and is lost"
        assert set(rows) <= set(self.asked)
        return len(rows)
