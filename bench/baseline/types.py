"""The graph's types, made by hand of what the REST answers say."""

from datetime import datetime
from enum import Enum
from typing import Annotated, Any

import strawberry
from aiodataloader import DataLoader

Row = dict[str, Any]


@strawberry.enum
class QualityProcessStatus(Enum):
    OPEN = "OPEN"
    COMPLETED = "COMPLETED"


@strawberry.enum
class QualityStepStatus(Enum):
    OPEN = "OPEN"
    COMPLETE = "COMPLETE"


@strawberry.enum
class TicketStatus(Enum):
    NOT_STARTED = "Not Started"
    IN_PROGRESS = "In Progress"
    COMPLETE = "Complete"


@strawberry.type
class Person:
    guid: str | None
    full_name: str | None
    email: str | None

    @classmethod
    def from_row(cls, row: Row) -> "Person":
        return cls(guid=row.get("guid"), full_name=row.get("fullName"), email=row.get("email"))


@strawberry.type
class QualityStep:
    guid: str
    name: str | None
    order: int | None
    status: QualityStepStatus | None
    assignees: list[Person]

    @classmethod
    def from_row(cls, row: Row) -> "QualityStep":
        return cls(
            guid=row["guid"],
            name=row["name"],
            order=row["order"],
            status=QualityStepStatus(row["status"]),
            assignees=[Person.from_row(person) for person in (row["assignees"] or {}).get("users", [])],
        )


@strawberry.type
class QualityProcess:
    guid: str
    number: str | None
    name: str | None
    status: QualityProcessStatus | None
    owner: Person | None

    @strawberry.field
    async def steps(self, info: strawberry.Info) -> list[QualityStep]:
        loader: DataLoader[str, list[QualityStep]] = info.context["steps"]
        return await loader.load(self.guid)

    @classmethod
    def from_row(cls, row: Row) -> "QualityProcess":
        return cls(
            guid=row["guid"],
            number=row["number"],
            name=row["name"],
            status=QualityProcessStatus(row["status"]),
            owner=Person.from_row(row["owner"]) if row["owner"] else None,
        )


@strawberry.type
class Ticket:
    guid: str
    number: str | None
    title: str | None
    description: str | None
    priority: str | None
    fix_version: str | None
    status: TicketStatus | None
    assignee: Person | None
    created_at: datetime | None
    modified_at: datetime | None

    @classmethod
    def from_row(cls, row: Row) -> "Ticket":
        return cls(
            guid=row["guid"],
            number=row["number"],
            title=row["title"],
            description=row["description"],
            priority=row["priority"],
            fix_version=row["fixVersion"],
            status=TicketStatus(row["status"]["value"]),
            assignee=Person.from_row(row["assignee"]) if row["assignee"] else None,
            created_at=datetime.fromisoformat(row["creationDateTime"]),
            modified_at=datetime.fromisoformat(row["modifyDateTime"]),
        )


@strawberry.type
class NotFoundError:
    message: str


@strawberry.type
class QualityProcessConnection:
    nodes: list[QualityProcess]


@strawberry.type
class TicketConnection:
    nodes: list[Ticket]


@strawberry.input
class CompleteStepInput:
    quality_process_guid: str
    step_guid: str
    comment: str | None = None


@strawberry.type
class CompleteStepSuccess:
    comment: str | None
    quality_process: QualityProcess


TicketResult = Annotated[Ticket | NotFoundError, strawberry.union("TicketResult")]
CompleteStepResult = Annotated[CompleteStepSuccess | NotFoundError, strawberry.union("CompleteStepResult")]
