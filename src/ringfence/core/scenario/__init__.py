"""Scenario files: rules written down as small firms and statements about them (rules.md 8).

`run` plays a file's text without a server or a database and says which statements failed.
"""

from ringfence.core.scenario.files import ScenarioFault
from ringfence.core.scenario.run import Played, run
from ringfence.core.scenario.surface import Surface

__all__ = ["Played", "ScenarioFault", "Surface", "run"]
