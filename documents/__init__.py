"""The documents requests can name in place of sending them."""

from documents.in_memory import MemoryStore
from documents.in_redis import RedisStore, connect
from documents.library import Library
from documents.manifest import BadManifest, read_manifests
from documents.store import HASH_PREFIX, Store, hash_of

__all__ = [
    "HASH_PREFIX",
    "BadManifest",
    "Library",
    "MemoryStore",
    "RedisStore",
    "Store",
    "connect",
    "hash_of",
    "make_store",
    "read_manifests",
]


def make_store(redis_url: str | None) -> Store:
    """Return the store of this process, or the one it shares with its replicas; to be closed in the end.

    Args:
        redis_url: A Redis to share, such as "redis://localhost:6379/0"; with None documents are kept in memory only.
    """
    memory = MemoryStore()
    return memory if redis_url is None else RedisStore(connect(redis_url), memory)
