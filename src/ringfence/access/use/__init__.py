"""Who uses what they were given: when each member last used each client, and since when that is known.

Gathered from the ledger and the log of decisions, so it says nothing that these do not; it decides nothing.
Who may be told is for whoever asks.
"""

from .asking import UseKnown as UseKnown
from .asking import acted_since as acted_since
from .asking import delegated_since as delegated_since
from .asking import known_since as known_since
from .asking import last_used as last_used
from .asking import last_used_since as last_used_since
from .asking import openings_since as openings_since
from .asking import used_since as used_since
from .gathering import LastUse as LastUse
from .gathering import fold_use as fold_use
from .sizing import AWAY_DAYS as AWAY_DAYS
from .sizing import MOST_DAYS as MOST_DAYS
from .sizing import USUAL_DAYS as USUAL_DAYS
from .sizing import GrantedTargets as GrantedTargets
from .sizing import Sizing as Sizing
from .sizing import targets_between as targets_between
