"""The decision service: may this person do that to this client, for the firm's other software.

It speaks OpenID AuthZEN Authorization API 1.0 over HTTP (`app`), decides nothing itself
(`core.authority.asked`) and holds no Django: a process of it starts at once and answers in microseconds. It
only reads.
"""
