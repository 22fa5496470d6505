"""What changed between two versions of a document: every difference with its places, and proof that the rest is equal.

Words are compared as text and as they are set; what is drawn is compared as rendered pages outside the places already
named. Knows PDF files, no office; Word documents are converted by the desk.
"""

from docclient.comparison.compare import compare as compare
from docclient.comparison.model import Action as Action
from docclient.comparison.model import Change as Change
from docclient.comparison.model import ChangeKind as ChangeKind
from docclient.comparison.model import Changes as Changes
from docclient.comparison.model import Proof as Proof
from docclient.comparison.model import Spot as Spot
