#!/usr/bin/python3
"""Starts Patroni; arguments are its own.

Before 3.0.3 Patroni's etcd3 interface wrote the leader's key unconditionally once its lease had run out: a primary that slept (a paused machine) took the
lead back from its successor when it woke, and the cluster followed it to its old timeline, without the COMMITs answered meanwhile. Where this Patroni is
such a one, the renewal is made conditional as upstream's is (patroni/patroni, pull requests 2689 and 2693): the key must be ours still, or nobody's. A
newer Patroni runs as it is. The drill is ledger-primary-frozen.
"""
import inspect
import sys
import time

from patroni.__main__ import main
from patroni.dcs import AbstractDCS, catch_return_false_exception
from patroni.dcs.etcd3 import Etcd3, Etcd3Error


@catch_return_false_exception
def update_leader(self):
    retry = self._retry.copy()

    def within_deadline(*args, **kwargs):
        return retry(*args, retry=retry, **kwargs)

    def put(**compare):
        retry.deadline = retry.stoptime - time.time()
        if retry.deadline < 1:
            raise Etcd3Error('update_leader timeout')
        return self._run_and_handle_exceptions(
            self._client.put, self.leader_path, self._name, self._lease, retry=within_deadline, **compare)

    self._run_and_handle_exceptions(self._do_refresh_lease, True, retry=within_deadline)
    if not self._lease:
        return False
    leader = self.cluster and self.cluster.leader
    if leader and leader.session == self._lease:
        return True
    # What this process knows of the key may be old: the comparison is etcd's.
    ours = leader and leader.name == self._name and put(mod_revision=leader.index)
    return bool(ours or put(create_revision=0))


# Since 3.0.3 it is told who leads. Asked of the abstract class: etcd3's own is behind a decorator that hides what it takes.
if list(inspect.signature(AbstractDCS._update_leader).parameters) == ['self']:
    print("start-patroni.py: the leader's key is renewed conditionally", file=sys.stderr, flush=True)
    Etcd3._update_leader = update_leader

if __name__ == '__main__':
    main()
