"""Things outside quality that its steps and the tickets point at."""

from sandbox.arena.quality_tables import AffectedObject
from sandbox.arena.story import guids
from sandbox.arena.story.naming import guid_of
from sandbox.arena.tables import CatalogObject

OBJECTS = (
    (guids.BEZEL_ITEM, "ITEM", "310-00042", "Bezel, Aurora"),
    (guids.GASKET_ITEM, "ITEM", "320-00007", "Gasket, 5.0 mm"),
    (guid_of("item display"), "ITEM", "330-00113", "Display module, Polaris"),
    (guid_of("item housing"), "ITEM", "310-00077", "Housing, machined"),
    (guid_of("change bezel"), "CHANGE", "ECO-000188", "Resin without regrind for 310-00042"),
    (guid_of("change gasket"), "CHANGE", "ECO-000191", "Wider tolerance for 320-00007"),
    (guid_of("request label"), "REQUEST", "REQ-000031", "Labels that do not fade"),
    (guid_of("supplier plastics"), "SUPPLIER", "SUP-0012", "Łódź Plastics"),
    (guid_of("supplier resin"), "SUPPLIER ITEM", "LP-8821", "PC/ABS resin, black"),
    (guid_of("file crack"), "FILE", "FIL-000412", "crack-10x.png"),
    (guid_of("file report"), "FILE", "FIL-000413", "Prüfbericht 2431.pdf"),
)


def catalogue() -> list[CatalogObject]:
    """Every item, change, request, supplier and file."""
    return [CatalogObject(guid=guid, type=kind, number=number, name=name) for guid, kind, number, name in OBJECTS]


def affected_objects() -> list[AffectedObject]:
    """What the steps of the rich process, and one other, affect."""
    return [
        _affected(1, guids.COMPLETED_STEP, "ITEM", object_guid=guids.BEZEL_ITEM, notes="All revisions"),
        _affected(2, guids.COMPLETED_STEP, "FILE", object_guid=guid_of("file crack")),
        _affected(3, guids.ASSIGNED_STEP, "SUPPLIER", object_guid=guid_of("supplier plastics")),
        _affected(
            4,
            guids.ASSIGNED_STEP,
            "QUALITY",
            object_guid=guids.NEARLY_DONE_PROCESS,
            affected_step_guid=guids.LAST_STEP,
            notes="Same resin lot",
        ),
        _affected(
            5,
            guids.ASSIGNED_STEP,
            "URL",
            link="https://standards.example/iec-60068-2-14",
            display="IEC 60068-2-14",
            description="Change of temperature, test Na",
        ),
        _affected(6, guids.LAST_STEP, "ITEM", object_guid=guids.GASKET_ITEM),
    ]


def _affected(position: int, step_guid: str, kind: str, **others: str) -> AffectedObject:
    guid = guid_of(f"affected {position}")
    return AffectedObject(guid=guid, step_guid=step_guid, position=position, type=kind, **others)
