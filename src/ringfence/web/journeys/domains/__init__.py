"""The firm's domains of e-mail addresses: adding one, proving it by a TXT record, removing it."""
