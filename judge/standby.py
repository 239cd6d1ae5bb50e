#!/usr/bin/env python3
"""A database of two machines, the second a synchronous standby of the first. The first dies under load and the second is made the
primary, twice: once plainly, and once when the first had committed what the second never got, came back for a moment, and died
for good.   standby.py       exits 1 when a message is lost, has no row, or mail does not flow on within the bounds."""
import os
import shutil
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cluster import Cluster, settings  # noqa: E402
from gate import Gate, free_port  # noqa: E402
from load import Load, until  # noqa: E402
from sink import Sink  # noqa: E402

A_SECOND = 60
# a try for a connection takes 5 s at most, another follows a second later (PoolLimits, SpoolLimits)
FILED_AGAIN = 15.0
# no sender and no server notices the switch: whoever waited for the database would wait for one such try at least
NOTICED = 4.0


def demand(condition, text):
    if not condition:
        raise SystemExit(f"standby: FAILED: {text}")


def follow(standby, primary):
    """Makes it the synchronous standby of the primary."""
    standby.standby_of(primary).start()
    primary.sql(f"alter system set synchronous_standby_names = '{standby.name}'")
    primary.sql("select pg_reload_conf()")
    demand(until(lambda: primary.sql("select sync_state from pg_stat_replication") == "sync", 30) is not None, "no standby")


def rows(cluster):
    return cluster.number("select count(*) from mail")


def switched(cluster, load, name):
    """Waits until the new primary gets rows, with mail flowing. Says how it went."""
    before = rows(cluster)
    took = until(lambda: rows(cluster) > before, 60)
    demand(took is not None and took < FILED_AGAIN, f"{name}: filed again after {took} s, not {FILED_AGAIN}")
    demand(load.longest_wait < NOTICED, f"{name}: a sender waited {load.longest_wait:.1f} s for a reply")
    demand(load.longest_gap < NOTICED, f"{name}: nothing was delivered for {load.longest_gap:.1f} s")
    demand(set(load.codes) == {250}, f"{name}: {dict(load.codes)}")
    print(f"{name}: filed again {took:.1f} s after the promotion; longest wait of a sender {load.longest_wait:.2f} s, "
          f"longest time without a delivery {load.longest_gap:.2f} s", flush=True)


def main():
    first, second = Cluster("one").make().start().set_up(), Cluster("two")
    follow(second, first)
    gate = Gate(free_port())
    late_port = free_port()
    gate.config.write_text(gate.config.read_text() + settings(gate.home, first, second))
    load = Load(gate.port, A_SECOND, ("hanako@gate.test", "taro@gate.test", "hanako@gate.test", "misaki@late.test"))
    sink = Sink(free_port(), keep=False, on_message=load.on_message)
    (gate.home / "routes.conf").write_text(
        f"gate.test  judge  127.0.0.1:{sink.port}  recipients=*\nlate.test  late  127.0.0.1:{late_port}  recipients=*\n")
    gate.start()
    load.start()
    demand(until(lambda: first.sql("select to_regclass('mail')", "sekisho") == "mail" and rows(first) > 100, 60) is not None,
           "the first server gets no rows")

    first.kill()
    time.sleep(2)
    second.promote()
    switched(second, load, "the primary died")

    # the server that had been down all the time: its mail is in the queue, and was there before the switch
    Sink(late_port, keep=False, on_message=load.on_message)
    shutil.rmtree(first.data)
    follow(first, second)
    time.sleep(1)
    first.kill()
    stuck = "select count(*) from pg_stat_activity where wait_event = 'SyncRep'"
    demand(until(lambda: second.number(stuck) > 0, 10) is not None, "no commit waits for the standby")
    second.kill()
    second.start()
    alone = rows(second)
    time.sleep(4)
    second.kill()
    first.start()
    alone -= rows(first)
    demand(alone > 0, "the second time the primary had no more than its standby: this shows nothing")
    first.promote()
    switched(first, load, f"the primary died with {alone} rows that its standby never got")

    load.stop()
    demand(until(lambda: not load.missing(), 90) is not None, f"{len(load.missing())} of {len(load.taken)} are missing")
    ended = "select count(*) from mail where state = 'ended'"
    took = until(lambda: first.number(ended) >= len(load.taken), 60)
    demand(took is not None, f"{first.number(ended)} of {len(load.taken)} are filed with their end: {states(first)}")
    filed = set(first.sql("select sender from mail", "sekisho").split())
    demand(filed >= load.taken, f"{len(load.taken - filed)} of {len(load.taken)} have no row")
    left = first.number("select (select count(*) from queue) + (select count(*) from body)")
    demand(left == 0, f"{left} rows are left in the queue")
    code = gate.stop()
    print(f"answered 250 and delivered: {len(load.taken)}; rows, all ended: {len(filed)}; delivered twice: {len(load.twice())}; "
          f"stopped with {code}")
    # we never crashed, so that every outcome was known: no reason for a second copy
    demand(not load.twice() and code == 0, f"twice: {load.twice()}, stopped with {code}")


def states(cluster):
    return cluster.sql("select state, count(*) from mail group by state", "sekisho").replace("\n", ", ")


main()
