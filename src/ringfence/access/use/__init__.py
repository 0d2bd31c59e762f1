"""Who uses what they were given: when each member last used each client, and since when that is known.

Gathered from the ledger and the log of decisions, so it says nothing that these do not; it decides nothing.
Who may be told is for whoever asks.
"""

from .asking import FirmUse as FirmUse
from .asking import UseKnown as UseKnown
from .asking import last_used as last_used
from .gathering import LastUse as LastUse
from .gathering import fold_use as fold_use
from .sizing import AWAY_DAYS as AWAY_DAYS
from .sizing import MOST_DAYS as MOST_DAYS
from .sizing import USUAL_DAYS as USUAL_DAYS
from .sizing import GrantedTargets as GrantedTargets
from .sizing import Sizing as Sizing
from .sizing import targets_between as targets_between
