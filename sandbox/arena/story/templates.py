"""What processes are made from: attributes, number formats, templates and their steps."""

from dataclasses import dataclass, field

from sandbox.arena.quality_tables import (
    REGULAR,
    SIGNOFF,
    NumberFormat,
    QualityTemplate,
    TemplateStep,
)
from sandbox.arena.story import guids
from sandbox.arena.story.naming import guid_of
from sandbox.arena.story.people import ADMINISTRATOR, colleague
from sandbox.arena.tables import AttributeDefinition

CREATED = "2024-02-05T16:20:00Z"


@dataclass(frozen=True)
class Step:
    """A template's step; approvers make it a sign-off."""

    name: str
    attributes: tuple[str, ...] = ()
    approvers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Template:
    """A template, known by the prefix of its numbers."""

    prefix: str
    name: str
    description: str
    steps: tuple[Step, ...]
    default_owner: str | None = guids.OWNER
    active: bool = True
    guid: str = field(default="")


SITES = ["Tromsø", "Guadalajara", "Kraków", "長野"]
CAUSES = ["Machine", "Material", "Measurement", "Method", "People"]
LINES = ["Aurora", "Borealis", "Polaris"]

PROCESS_ATTRIBUTES = {
    "Site": ("FIXED_DROP_DOWN", SITES, False),
    "Customer": ("SINGLE_LINE_TEXT", None, False),
    "Product lines": ("DROP_DOWN", LINES, True),
    "Estimated cost": ("NUMBER", None, False),
}
STEP_ATTRIBUTES = {
    "Problem statement": ("MULTI_LINE_TEXT", None, False),
    "Quantity affected": ("NUMBER", None, False),
    "Detected at": ("FIXED_DROP_DOWN", ["Customer", "Final test", "Incoming inspection", "Line"], False),
    "Root cause categories": ("DROP_DOWN", CAUSES, True),
    "Root cause": ("RICH_TEXT", None, False),
    "Action taken": ("MULTI_LINE_TEXT", None, False),
    "Effective from": ("DATE", None, False),
    "Stock segregated": ("BOOLEAN", None, False),
    "Disposition": ("FIXED_DROP_DOWN", ["Return to supplier", "Rework", "Scrap", "Use as is"], False),
    "Lot numbers": ("SINGLE_LINE_TEXT", None, False),
}
KNOWN_GUIDS = {
    "Problem statement": guids.PROBLEM_STATEMENT,
    "Quantity affected": guids.QUANTITY_AFFECTED,
    "Root cause categories": guids.ROOT_CAUSE_CATEGORIES,
    "Product lines": guids.PRODUCT_LINES,
}

PROBLEM = Step("Problem description", ("Problem statement", "Quantity affected", "Detected at"))
CONTAINMENT = Step("Containment action", ("Action taken", "Stock segregated", "Lot numbers"))
CAUSE = Step("Root cause analysis", ("Root cause", "Root cause categories"))
CORRECTION = Step("Corrective action", ("Action taken", "Effective from"))
PREVENTION = Step("Preventive action", ("Action taken", "Effective from"))
EFFECTIVENESS = Step("Effectiveness check", ("Quantity affected", "Action taken"))
ONE_APPROVER = (colleague("huong"),)
TWO_APPROVERS = (guids.OWNER, colleague("zoe"))

TEMPLATES = (
    Template(
        "CAPA",
        "Corrective and Preventive Action",
        "From a systemic problem to a change that keeps it from coming back.",
        (PROBLEM, CONTAINMENT, Step("Containment approval", approvers=ONE_APPROVER))
        + (CAUSE, CORRECTION, PREVENTION, EFFECTIVENESS, Step("Final approval", approvers=TWO_APPROVERS)),
        guid=guids.CAPA_TEMPLATE,
    ),
    Template(
        "NCR",
        "Nonconformance Report",
        "Parts that do not meet their drawing, and what becomes of them.",
        (PROBLEM, CONTAINMENT, Step("Disposition", ("Disposition", "Quantity affected")))
        + (Step("Disposition approval", approvers=ONE_APPROVER), Step("Close-out", ("Action taken",))),
    ),
    Template(
        "8D",
        "8D Problem Solving",
        "Eight disciplines, for problems a customer has seen.",
        (Step("D1 Team", ("Action taken",)), Step("D2 Problem", PROBLEM.attributes))
        + (Step("D3 Containment", CONTAINMENT.attributes), Step("D4 Root cause", CAUSE.attributes))
        + (Step("D5 Permanent correction", ("Action taken",)),)
        + (Step("D6 Implementation", CORRECTION.attributes), Step("D7 Prevention", PREVENTION.attributes))
        + (Step("D8 Recognition and closure", approvers=TWO_APPROVERS),),
    ),
    Template(
        "DEV",
        "Deviation Request",
        "Leave to depart from a drawing, for a while and for a number of parts.",
        (Step("Request", ("Problem statement", "Lot numbers")), Step("Risk assessment", ("Action taken",)))
        + (Step("Approval", approvers=TWO_APPROVERS), Step("Implementation", ("Effective from",))),
        default_owner=None,
    ),
    Template(
        "AUD",
        "Audit Finding",
        "What an audit found, and the answer to it.",
        (Step("Finding", ("Problem statement",)), CAUSE, CORRECTION)
        + (EFFECTIVENESS, Step("Lead auditor sign-off", approvers=ONE_APPROVER)),
    ),
    Template(
        "CMP",
        "Customer Complaint",
        "A customer’s complaint from the first letter to the last.",
        (Step("Intake", PROBLEM.attributes), Step("Returned goods", ("Lot numbers", "Quantity affected")))
        + (CAUSE, Step("Answer to the customer", ("Action taken",)))
        + (Step("Answer approval", approvers=ONE_APPROVER), Step("Close-out", ("Action taken",))),
    ),
    Template(
        "SCAR",
        "Supplier Corrective Action (before 2024)",
        "Replaced by the CAPA template.",
        (PROBLEM, CAUSE, CORRECTION, Step("Approval", approvers=ONE_APPROVER)),
        active=False,
        guid=guids.INACTIVE_TEMPLATE,
    ),
)


def attribute_guid(name: str) -> str:
    """The guid of an attribute of processes or steps."""
    return KNOWN_GUIDS.get(name) or guid_of(f"attribute {name}")


def template_guid(template: Template) -> str:
    """The guid of a template."""
    return template.guid or guid_of(f"template {template.prefix}")


def attribute_definitions() -> list[AttributeDefinition]:
    """Every attribute of processes and steps."""
    return [
        AttributeDefinition(
            guid=attribute_guid(name),
            belongs_to=belongs_to,
            position=position,
            name=name,
            field_type=field_type,
            multi_select=multi_select,
            options=options,
        )
        for belongs_to, attributes in (("PROCESS", PROCESS_ATTRIBUTES), ("STEP", STEP_ATTRIBUTES))
        for position, (name, (field_type, options, multi_select)) in enumerate(attributes.items())
    ]


def templates(last_numbers: dict[str, int]) -> list[NumberFormat | QualityTemplate]:
    """Every template with its steps and its number format, given the last number of each prefix."""
    return [
        row
        for template in TEMPLATES
        for row in (_number_format(template, last_numbers.get(template.prefix, 0)), _template(template))
    ]


def _number_format(template: Template, last_used: int) -> NumberFormat:
    return NumberFormat(
        guid=guid_of(f"number format {template.prefix}"),
        prefix_guid=guid_of(f"prefix {template.prefix}"),
        prefix=f"{template.prefix}-",
        last_used=last_used,
    )


def _template(template: Template) -> QualityTemplate:
    return QualityTemplate(
        guid=template_guid(template),
        name=template.name,
        short_name=template.prefix,
        description=template.description,
        active=template.active,
        creation_date_time=CREATED,
        creator_guid=ADMINISTRATOR,
        default_owner_guid=template.default_owner,
        number_format_guid=guid_of(f"number format {template.prefix}"),
        steps=[_step(template, order, step) for order, step in enumerate(template.steps, start=1)],
    )


def _step(template: Template, order: int, step: Step) -> TemplateStep:
    return TemplateStep(
        guid=guid_of(f"template {template.prefix} step {order}"),
        order=order,
        name=step.name,
        type=SIGNOFF if step.approvers else REGULAR,
        attribute_guids=[attribute_guid(name) for name in step.attributes],
        approver_guids=list(step.approvers),
        allow_owner_to_add_approvers=bool(step.approvers),
    )
