"""Words that lists have for the kind of a client, as they say whose a UTR is; and how companies are called.

A kind is kept as it is written, whether it is known here or not.
"""

COMPANIES = frozenset(
    {
        *("company", "limited", "ltd", "plc", "cic", "corporation", "corporate", "limited company"),
        *("private limited company", "public limited company", "ltd company", "limited by shares"),
        *("limited by guarantee", "community interest company", "cwmni", "cwmni cyfyngedig"),
    }
)
ENDINGS = frozenset({"ltd", "limited", "plc", "cic", "cyf", "cyfyngedig", "ccc"})
"""How the names of companies end by law, in either language."""
OTHERS = frozenset(
    {
        *("individual", "person", "personal", "private individual", "sole trader", "sole proprietor"),
        *("self employed", "self-employed", "self assessment", "director", "partner", "landlord", "couple"),
        *("partnership", "general partnership", "limited partnership", "limited liability partnership"),
        *("llp", "lp", "trust", "trustee", "estate", "executor", "charity", "club", "society", "association"),
        *("unincorporated association", "pension", "pension scheme", "sipp", "unigolyn", "unig fasnachwr"),
        *("hunangyflogedig", "partneriaeth", "ymddiriedolaeth", "ystad", "elusen", "cymdeithas"),
    }
)
