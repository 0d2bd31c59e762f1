"""Where a firm lies in the database: models, migrations and the queries of pages.

No rule lives here. What changes a firm goes through `ringfence.access`, never through a model.
"""
