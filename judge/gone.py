#!/usr/bin/env python3
"""The database is gone for a while under load, and so long that the journal is full.   gone.py [SECONDS=40] [A_SECOND=200]

Mail is taken and delivered meanwhile; beyond the bound of the journal it is put off with 451; what was taken is filed when the
database is back. Exits 1 when a message is lost or has no row, or the program needs more memory than it may."""
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cluster import Cluster, settings  # noqa: E402
from gate import Gate, free_port  # noqa: E402
from load import Load, memory, until  # noqa: E402
from sink import Sink  # noqa: E402

MOST_MEMORY = 1.2e9 / (1 << 20)
RECORDS = 200_000
FEW_RECORDS = 1000
# a try for a connection takes 5 s at most, another follows a second later (PoolLimits, SpoolLimits)
FILED_AGAIN = 15.0


def demand(condition, text):
    if not condition:
        raise SystemExit(f"gone: FAILED: {text}")


def rows(cluster):
    return cluster.number("select count(*) from mail")


def begin(database, a_second, extra=""):
    """A gate with this database, its sink, and a load that has its first rows."""
    gate = Gate(free_port(), extra)
    gate.config.write_text(gate.config.read_text() + settings(gate.home, database))
    load = Load(gate.port, a_second)
    sink = Sink(free_port(), keep=False, on_message=load.on_message)
    (gate.home / "routes.conf").write_text(f"gate.test  judge  127.0.0.1:{sink.port}  recipients=*\n")
    gate.start()
    load.start()
    there = "select to_regclass('mail')"
    demand(until(lambda: database.sql(there, "sekisho") == "mail" and rows(database) > 20, 60) is not None, "no rows at first")
    return gate, load


def finish(database, gate, load, before=0):
    """Everything that was taken has arrived and stands in the database with its end."""
    load.stop()
    demand(until(lambda: not load.missing(), 60) is not None, f"{len(load.missing())} of {len(load.taken)} are missing")
    ended = "select count(*) from mail where state = 'ended'"
    took = until(lambda: database.number(ended) - before >= len(load.taken), 300)
    demand(took is not None, f"{database.number(ended) - before} of {len(load.taken)} are filed with their end")
    filed = set(database.sql("select sender from mail", "sekisho").split())
    demand(filed >= load.taken, f"{len(load.taken - filed)} of {len(load.taken)} have no row")
    code = gate.stop()
    demand(code == 0 and not load.twice(), f"stopped with {code}, delivered twice: {len(load.twice())}")
    print(f"  taken, delivered and filed: {len(load.taken)}; delivered twice: {len(load.twice())}; stopped with {code}", flush=True)


def a_while(database, seconds, a_second):
    gate, load = begin(database, a_second)
    most = usual = memory(gate.process.pid)
    database.stop()
    began, arrived, full = time.time(), sum(load.arrived.values()), None
    while time.time() - began < seconds:
        time.sleep(1)
        most = max(most, memory(gate.process.pid))
        if full is None and load.codes[451]:
            full = time.time() - began
    said, came = dict(load.codes), sum(load.arrived.values()) - arrived
    kept = sum(f.stat().st_size for f in gate.home.glob("data/journal/*")) / 1e6
    demand(came >= min(seconds * a_second, RECORDS) * 0.5, f"only {came} were delivered while the database was gone")
    demand(set(said) <= {250, 451}, f"replies other than 250 and 451: {said}")
    database.start()
    before = rows(database)
    took = until(lambda: rows(database) > before, 60)
    demand(took is not None and took < FILED_AGAIN, f"filed again after {took} s")
    print(f"gone for {seconds} s at {a_second} messages a second: {came} delivered meanwhile, replies {said}"
          + (f", 451 from second {full:.0f} on" if full else "")
          + f"; longest wait of a sender {load.longest_wait:.2f} s, longest time without a delivery {load.longest_gap:.2f} s; "
          f"journal {kept:.0f} MB; memory {usual:.0f} MB before, {most:.0f} MB at most; filed again after {took:.1f} s", flush=True)
    demand(until(lambda: load.codes[250] > said[250] + 10, 60) is not None, "mail is not taken again")
    finish(database, gate, load)
    demand(most < MOST_MEMORY, f"{most:.0f} MB of memory, more than {MOST_MEMORY:.0f}")


def full_journal(database):
    before = rows(database)
    gate, load = begin(database, 300, f"journal.max-records = {FEW_RECORDS}\n")
    database.stop()
    demand(until(lambda: load.codes[451] > 20, 60) is not None, f"no 451 beyond {FEW_RECORDS} records: {dict(load.codes)}")
    taken = load.codes[250]
    time.sleep(2)
    demand(load.codes[250] == taken, f"{load.codes[250] - taken} more were taken with a full journal")
    database.start()
    again = until(lambda: load.codes[250] > taken, 60)
    demand(again is not None, "mail is not taken again")
    print(f"journal of {FEW_RECORDS} records full: replies {dict(load.codes)}, taken again {again:.1f} s after the database is back")
    finish(database, gate, load, before)


def main():
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    a_second = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    database = Cluster("gone").make().start().set_up()
    a_while(database, seconds, a_second)
    full_journal(database)


main()
