"""Many PDFs, one key: a truth per document. The key is unlocked once; one failure never stops the others.

Only a trouble that says so (a refused PIN: another try may lock the token) ends the batch. While the key works on one
document, the next ones are made ready and the last are checked. States are kept by a `BatchStore`; with a `FolderStore`
a batch outlives the program and goes on later (`resume`).
"""

from signing.batch.items import BatchStore, InMemory, Item, Progress, State
from signing.batch.pipeline import sign_batch
from signing.batch.resuming import resume
from signing.batch.store import BatchBusy, BatchUnreadable, FolderStore

__all__ = ["BatchBusy", "BatchStore", "BatchUnreadable", "FolderStore", "InMemory", "Item", "Progress", "State",
           "resume", "sign_batch"]
