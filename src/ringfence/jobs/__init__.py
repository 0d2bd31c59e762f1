"""Background work: what waits for mail servers, takes long, or is due by the clock.

`enqueue` hands work over within the caller's change, `running` does it, `schedule` says what comes round;
every other module is a task, a thin call of `access`, `lists` or `notices`.
"""
