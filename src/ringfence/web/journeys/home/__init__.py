"""Where a firm begins: what needs a look for who manages or audits it, for everybody else their clients."""
