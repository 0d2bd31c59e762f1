"""Where a firm lies in the database: models and migrations.

No rule lives here. What changes a firm goes through `ringfence.access`, never through a model.
"""
