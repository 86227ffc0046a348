"""What has happened: every process, told in one line a piece.

A plot's steps are one word each:
    done, group-done    completed by the assignee, or by one of the group
    mine, group, free   open: assigned to the demo assignee, to the quality engineers, to nobody
    other               open and assigned to a colleague
    approved            a sign-off everybody has approved
    half, pending       a sign-off some have approved, or nobody has decided
    rejected            a sign-off somebody has rejected
"""

from dataclasses import dataclass
from typing import Any

from sandbox.arena.quality_tables import AUTOMATIC, CANCELED, COMPLETED, MANUAL, OPEN
from sandbox.arena.story import guids
from sandbox.arena.story.people import colleague


@dataclass(frozen=True)
class Plot:
    """A process in a line."""

    number: str
    name: str
    steps: str
    type: str | None = "Product"
    status: str = OPEN
    status_mode: str = AUTOMATIC
    owner: str = guids.OWNER
    description: str | None = None


PLOTS = (
    Plot(
        "CAPA-000001",
        "Aurora bezels crack after thermal cycling",
        "done group-done approved mine group free other pending",
        status_mode=MANUAL,
        description="Bezels of lots 2417–2431 show hairline cracks at −40 °C. Customers in Tromsø noticed first.",
    ),
    Plot("NCR-000001", "Gaskets out of tolerance by 0.2 mm", "done done done approved mine"),
    Plot(
        "NCR-000002",
        "Scratched lenses from Kraków",
        "done done done approved mine",
        status=COMPLETED,
        status_mode=MANUAL,
    ),
    Plot("CAPA-000002", "Solder voids under the µController", "free free pending free free free free pending"),
    Plot("8D-000001", "Polaris units reboot in rain", "done done done mine group free free pending"),
    Plot("DEV-000001", "Alternative screw torque, 1.8 N·m", "done done half free", status_mode=MANUAL),
    Plot("AUD-000001", "Calibration stickers missing in hall B", "done done mine free pending", "System"),
    Plot("CMP-000001", "« L’écran reste noir »: display stays black", "done mine free free pending free"),
    Plot(
        "CAPA-000003",
        "Labels fade within a year",
        "done done approved done done done done approved",
        status=COMPLETED,
    ),
    Plot("NCR-000003", "Wrong resistor on reel 88-Ω", "done mine free pending free", owner=colleague("zoe")),
    Plot("NCR-000004", "Burrs on machined housings", "done done group pending free"),
    Plot("CMP-000002", "Packaging crushed on arrival", "done done done done approved done", status=COMPLETED),
    Plot("AUD-000002", "Training records of 長野 incomplete", "done group free free pending", "System"),
    Plot("DEV-000002", "Use of grease from the old supplier", "done done rejected free"),
    Plot(
        "8D-000002", "Battery door opens when dropped", "done done done done done done done approved", status=COMPLETED
    ),
    Plot("CAPA-000004", "Torque drivers drift", "done done approved done mine free free pending", "Process"),
    Plot("NCR-000005", "Flux residue on board 3 of 12", "mine free free pending free", status_mode=MANUAL),
    Plot("CMP-000003", "Fan noise above 40 dB(A)", "done free free free pending free", owner=colleague("lukasz")),
    Plot("NCR-000006", "Coating 12 µm instead of 25 µm", "done done done approved done", status=COMPLETED),
    Plot("CAPA-000005", "Firmware 4.1 shipped untested", "done mine pending free free free free pending", "Software"),
    Plot("AUD-000003", "Two versions of work instruction 17 in use", "done done done mine pending", "System"),
    Plot("DEV-000003", "Hand soldering instead of wave", "done mine pending free", status_mode=MANUAL),
    Plot("CMP-000004", "Missing manual in Español", "done done done done approved group"),
    Plot("NCR-000007", "Cables 5 cm short", "done done done approved free", owner=colleague("francois")),
    Plot("8D-000003", "Display glass delaminates", "done done group free free free free pending"),
    Plot("CAPA-000006", "Moisture in sealed pouches", "done done approved other free free free pending"),
    Plot("NCR-000008", "Duplicate serial numbers", "done other free pending free", "Process"),
    Plot("CMP-000005", "Wrong plug for Ísland", "done done mine free pending free"),
    Plot("DEV-000004", "Blue instead of grey caps", "done done approved done", status=COMPLETED),
    Plot("AUD-000004", "No escape route sign at the wave solder", "free free free free pending", None),
    Plot("NCR-000009", "Threads stripped on first assembly", "free free free pending free", status=CANCELED),
    Plot("8D-000004", "Sensor reads 3 K low after a year", "done mine free free free free free pending"),
    Plot("CAPA-000007", "Ten returns with the same crack", "done done half free free free free pending"),
    Plot("CMP-000006", "“Smells of burnt plastic”", "mine free free free pending free"),
    Plot("DEV-000005", "Second source for the O-ring", "mine free pending free", status_mode=MANUAL),
    Plot("CAPA-000008", "Late answers to complaints", "mine group pending free free free free pending", "System"),
)

PROCESS_GUIDS = {
    "CAPA-000001": guids.RICH_PROCESS,
    "NCR-000001": guids.NEARLY_DONE_PROCESS,
    "NCR-000002": guids.COMPLETED_PROCESS,
    "CAPA-000002": guids.FRESH_PROCESS,
}
STEP_GUIDS = {
    ("CAPA-000001", 1): guids.COMPLETED_STEP,
    ("CAPA-000001", 2): guids.GROUP_COMPLETED_STEP,
    ("CAPA-000001", 3): guids.APPROVED_STEP,
    ("CAPA-000001", 4): guids.ASSIGNED_STEP,
    ("CAPA-000001", 5): guids.GROUP_STEP,
    ("CAPA-000001", 6): guids.UNASSIGNED_STEP,
    ("CAPA-000001", 7): guids.OTHERS_STEP,
    ("CAPA-000001", 8): guids.PENDING_STEP,
    ("NCR-000001", 5): guids.LAST_STEP,
    ("NCR-000002", 1): guids.DONE_STEP_OF_COMPLETED_PROCESS,
    ("NCR-000002", 5): guids.OPEN_STEP_OF_COMPLETED_PROCESS,
    ("CAPA-000002", 1): guids.FRESH_STEP,
}
DECISION_GUIDS = {("CAPA-000001", 8, 1): guids.PENDING_DECISION}

# What filled-in attributes say; processes take turns.
STEP_VALUES: dict[str, list[Any]] = {
    "Problem statement": [
        "Hairline cracks along the upper edge, seen at 10× magnification.",
        "Measured 4.8 mm where the drawing says 5.0 ± 0.1 mm.",
        "Kunden melden: „Gerät startet nicht.“ Reproduced on 3 of 5 units.",
    ],
    "Quantity affected": [148, 12.5, 3],
    "Detected at": ["Customer", "Incoming inspection", "Final test"],
    "Root cause categories": [["Material", "Method"], ["Machine"], ["Measurement", "People"]],
    "Root cause": [
        "<p>Regrind share of the resin was <b>35 %</b> instead of 15 %.</p>",
        "<p>Worn insert in cavity 4; see <i>tool log</i>.</p>",
        "<p>Work instruction 17 was read in its old version.</p>",
    ],
    "Action taken": [
        "Lots blocked, customers informed, replacements under way.",
        "Tool insert replaced; first article inspected.",
        "Équipe formée; instruction mise à jour.",
    ],
    "Effective from": ["2025-10-01T07:00:00Z", "2025-11-15T08:00:00Z", "2026-01-12T08:00:00Z"],
    "Stock segregated": [True, False, True],
    "Disposition": ["Scrap", "Rework", "Use as is"],
    "Lot numbers": ["2417, 2418, 2431", "88-Ω", "K-0090"],
}
PROCESS_VALUES: dict[str, list[Any]] = {
    "Site": ["Tromsø", "Kraków", "Guadalajara", "長野"],
    "Customer": ["Nordavind AS", None, "Żagiel Sp. z o.o.", "Ráfaga S.A."],
    "Product lines": [["Aurora", "Polaris"], ["Borealis"], None, ["Polaris"]],
    "Estimated cost": [12_500, None, 830.5, 40_000],
}
