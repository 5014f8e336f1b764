//! The hundred words that texts are drawn from, as a patrol log uses them.

#[rustfmt::skip]
pub(super) const WORDS: [&str; 100] = [
    "access", "alarm", "antenna", "area", "badge", "barrier", "battery", "breaker", "cabinet", "cable",
    "camera", "cleared", "closed", "cold", "console", "contractor", "cooling", "corridor", "damaged", "delayed",
    "detector", "diesel", "door", "drain", "dry", "duty", "east", "entrance", "escort", "exit",
    "fan", "fault", "fence", "filter", "fire", "floor", "found", "frame", "fuel", "gate",
    "gauge", "generator", "handle", "handed", "heater", "high", "hose", "hour", "humidity", "indicator",
    "informed", "inspected", "intact", "key", "lamp", "leak", "level", "line", "locked", "loose",
    "low", "main", "meter", "missing", "monitor", "night", "noise", "normal", "north", "oil",
    "on", "open", "panel", "patrol", "power", "pressure", "pump", "rack", "reading", "relay",
    "replaced", "reported", "reset", "roof", "room", "sealed", "sensor", "shift", "smoke", "south",
    "spare", "switch", "tank", "temperature", "tested", "valve", "vehicle", "water", "west", "window",
];
