"""What the planted tickets say."""

INSTRUMENTS = (
    "Aurora luxmeter",
    "Polaris spectrometer",
    "Nordlys 5 goniometer",
    "Polarsol pyranometer",
    "Fyrtårn beacon tester",
    "Skumring dusk sensor",
    "Glød colour meter",
    "Model 410 UV radiometer",
    "Midnattsol calibration lamp",
    "Håndlykt field kit",
)
DEFECT_TEXTS = (
    "paint chips at the edges",
    "display flickers below –20 °C",
    "reading drifts by 3 ‰ per hour",
    "battery door does not latch",
    "offset of 4 µm after transport",
    "USB connector comes loose",
    "fan hums above 45 °C",
)
IMPROVEMENT_TEXTS = (
    "label the ports in Japanese (日本語)",
    "halve the warm-up time",
    "ship with a recycled-paper insert",
    "add a naïve-user mode",
    "seal the housing to IP67",
)
FIELD_REPORT_TEXTS = (
    "stopped in sea fog near Tromsø",
    "readings disputed by the Zürich lab",
    "works again after a reboot in Łódź",
)
LABEL_TEXTS = ("mechanics", "optics", "firmware", "packaging")
COMPONENT_NAMES = ("Housing", "Sensor head", "Main board", "Battery pack", "Display")
MARKET_NAMES = ("Europe", "North America", "Asia")


def description(number: int, instrument: str, matter: str) -> str:
    """The rich text of a ticket; some have none."""
    if number % 7 == 0:
        return ""
    observed = f"<p><b>{instrument}</b>: {matter}.</p>"
    if number % 3:
        return observed
    steps = "<ol><li>Wait until 23 °C ± 0.5 °C.</li><li>Measure &amp; compare with the größte Abweichung.</li></ol>"
    return observed + steps
