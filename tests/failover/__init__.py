"""PostgreSQL under Patroni and etcd, decide nodes on its standbys, and hosts that die or are cut off.

`python -m tests.failover` (`make test-failover`) runs it; no part of pytest's collection.
"""
