"""Many PDFs, one key: a truth per document. The key is unlocked once; one failure never stops the others.

A refused PIN ends the batch, for another try may lock the token. A key that is gone (a token pulled out, a service out
of reach) pauses it until the key is back. While the key works on one document, the next ones are made ready and the
last are checked. States are kept by a `BatchStore`; with a `FolderStore` a batch outlives the program and goes on
later (`resume`).
"""

from signing.batch.items import BatchStore, InMemory, Item, Progress, State
from signing.batch.key_life import KeyGone, OtherKey, Revive, manner_of
from signing.batch.pipeline import sign_batch
from signing.batch.resuming import again, resume
from signing.batch.store import BatchBusy, BatchUnreadable, FolderStore, is_busy

__all__ = ["BatchBusy", "BatchStore", "BatchUnreadable", "FolderStore", "InMemory", "Item", "KeyGone", "OtherKey",
           "Progress", "Revive", "State", "again", "is_busy", "manner_of", "resume", "sign_batch"]
