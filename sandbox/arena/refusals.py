"""Every refusal Arena knows, by name, with the codes of both dialects."""

from enum import Enum
from typing import Any

from sandbox.settings import Dialect


class Refusal(Enum):
    """HTTP status, code on the endpoint pages ("seed"), code since 2023, message."""

    SYNTAX = 400, 400, 400, "The request syntax is not valid."
    NO_SESSION = 401, 401, 401, "The session is missing, has expired or was ended."
    UNKNOWN_PATH = 404, 404, 404, "There is nothing at this address."
    WRONG_METHOD = 405, 405, 405, "This address does not take that method."
    WRONG_CONTENT_TYPE = 415, 415, 415, "The content type must be application/json."
    FAILURE = 500, 500, 500, "Something went wrong on our side."
    UNAVAILABLE = 503, 503, 503, "The service is busy. Please try again."

    BAD_LOGIN = 400, 4001, 4001, "The email, password or workspace id is not valid."
    API_NOT_ENABLED = 400, 4009, 4079, "The API is not enabled for this user."
    PASSWORD_EXPIRED = 400, 4011, 4081, "The password has expired or was reset: choose a new one in the application."
    LOGIN_NOT_ALLOWED = 400, 4012, 4082, "This user is not allowed to log in."
    LOGIN_LOCKED = 400, 4013, 4083, "Too many bad attempts: this user is locked for five minutes."
    CALLS_SPENT = 429, 4014, 4084, "The daily maximum of {limit} calls is used up. Calls resume at {reset}."

    FIELD_REQUIRED = 400, 3001, 3001, "The attribute {name} is required."
    FIELD_VALUE = 400, 3003, 3003, "The value of the attribute {name} is not valid."
    FIELD_UNKNOWN = 400, 3004, 3004, "The attribute {name} is not known."
    FIELD_OPTION = 400, 3006, 3006, "The value is not an option of the attribute {name}."
    GUID_NOT_VALID = 400, 3011, 3011, "The guid {guid} is not valid."
    FILTER_UNKNOWN = 400, 3019, 3019, "The attribute {name} is not searchable."
    NOT_FOUND_OR_FORBIDDEN = 403, 3024, 3024, "The object does not exist or you lack the privilege for it."
    NOT_CREATABLE = 400, 3031, 3031, "The attribute {name} cannot be set when creating."
    NOT_EDITABLE = 400, 3032, 3032, "The attribute {name} cannot be edited."
    PAGE = 400, 3041, 3041, "The {name} is not valid."
    NOT_PRIVILEGED = 403, 3085, 3085, "You do not have the privilege to do this."
    GUID_EMPTY = 400, 3098, 3098, "The guid of {name} is empty."
    EDIT_RULE_MISSING = 403, 3024, 3221, "You lack the privilege to edit quality details."

    STEP_ALREADY_COMPLETE = 400, 3089, 3166, "The quality process step is already completed."
    STEP_ALREADY_OPEN = 400, 3089, 3169, "The quality process is already open."
    COMPLETE_IN_COMPLETED_PROCESS = 400, 3089, 3165, "A step of a completed quality process cannot be completed."
    REOPEN_IN_COMPLETED_PROCESS = 400, 3089, 3168, "A step of a completed quality process cannot be reopened."
    COMPLETE_SIGNOFF = 400, 3089, 3167, "A sign-off step cannot be completed by this endpoint."
    REOPEN_SIGNOFF = 400, 3089, 3170, "A sign-off step cannot be reopened by this endpoint."
    PROCESS_ALREADY_COMPLETE = 400, 3089, 3290, "The quality process is already completed."
    PROCESS_ALREADY_OPEN = 400, 3089, 3291, "The quality process is already open."

    TEMPLATE_INACTIVE = 400, 3087, 3087, "The template is not active."
    OWNER_MISSING = 400, 400, 400, "The quality process has no owner and its template no default one."
    PREFIX_UNKNOWN = 400, 3177, 3177, "The number format has no such prefix."
    OWNER_DISABLED = 400, 3203, 3203, "The new owner is disabled."

    BOTH_ASSIGNEE_FIELDS = 400, 3161, 3161, "Send either assignee or assignees."
    BOTH_ASSIGNEE_KINDS = 400, 3162, 3162, "Assign either a user or a user group."
    MORE_THAN_ONE_ASSIGNEE = 400, 3163, 3163, "A step takes one assignee."
    GROUP_NOT_ASSIGNABLE = 400, 3164, 3164, "The user group cannot be assigned."
    EDIT_IN_COMPLETED_PROCESS = 400, 3172, 3172, "The quality process is completed: its steps cannot be edited."
    EDIT_OF_COMPLETED_STEP = 400, 3173, 3173, "The quality process step is completed and cannot be edited."

    SIGNOFF_ONLY = 400, 3201, 3201, "Only sign-off steps have decisions."
    REGULAR_ONLY = 400, 3202, 3202, "Sign-off steps take no affected objects."
    ALREADY_AFFECTED = 400, 3160, 3160, "The object is already affected by this step."
    AFFECTED_NOT_VALID = 400, 3011, 3089, "The guid of the affected object is not valid."

    TICKET_COMPLETE = 400, 3090, 3090, "A completed ticket cannot be edited."
    TICKET_REFERENCED = 400, 3450, 3450, "The ticket has references and cannot be deleted."
    TICKET_NUMBER_NOT_ALLOWED = 400, 3451, 3451, "The template does not allow numbers of your own."
    TICKET_TEMPLATE_INACTIVE = 400, 3452, 3452, "The ticket template is not active."
    TICKET_NUMBER_TAKEN = 400, 3454, 3454, "The ticket number is taken."
    TICKET_ALREADY_REFERENCED = 400, 3456, 3456, "The ticket references this object already."
    TICKET_REFERENCES_ITSELF = 400, 3458, 3458, "A ticket cannot reference itself."
    TICKET_COMPLETE_UNDELETABLE = 400, 3459, 3459, "A completed ticket cannot be deleted."

    def __init__(self, http_status: int, seed_code: int, unique_code: int, message: str) -> None:
        self.http_status = http_status
        self.seed_code = seed_code
        self.unique_code = unique_code
        self.message = message

    def code(self, dialect: Dialect) -> int:
        """The code as this dialect prints it."""
        return self.seed_code if dialect == "seed" else self.unique_code


class Refused(Exception):
    """A call Arena refuses.

    Args:
        refusal: Which one.
        details: What the message's placeholders stand for.
    """

    def __init__(self, refusal: Refusal, **details: object) -> None:
        self.refusal = refusal
        super().__init__(refusal.message.format_map(details))

    def envelope(self, dialect: Dialect) -> dict[str, Any]:
        """The body every refused call is answered with, as this dialect prints it."""
        error = {"code": self.refusal.code(dialect), "message": str(self)}
        return {"status": self.refusal.http_status, "errors": [error]}
