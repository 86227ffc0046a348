"""What the ledger stores in place of credentials, keys and inputs: nobody can read them back from it."""

import hmac
from hashlib import sha256

import msgspec


def scope(credential: str) -> str:
    """Return who a credential stands for: the same text for the same credential, and of no other use.

    Args:
        credential: The session or token that the change is made with.
    """
    return hmac.digest(credential.encode(), b"idempotency scope", "sha256").hex()


def fingerprint(operation: str, change: object) -> str:
    """Return what a client wants done: the same text for the same operation and the same input.

    Args:
        operation: The name of the mutation.
        change: Its input without the idempotency key: mappings (in any order), sequences, dataclasses, enums,
            dates and JSON's own values.

    Raises:
        TypeError: The input holds something else.
    """
    return sha256(msgspec.json.encode([operation, change], order="sorted")).hexdigest()


def entry_name(scope: str, key: str) -> str:
    """Return the name under which a ledger keeps a key."""
    return hmac.digest(scope.encode(), key.encode(), "sha256").hex()
