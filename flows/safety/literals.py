"""The words that are known without any file: what is left when lists and classifier are both broken."""

from __future__ import annotations

from flows.safety.finding import NOTHING, Finding, Level

LITERALS: dict[str, Level] = {
    "zelfmoord": "red",
    "zelfdoding": "red",
    "suicid": "red",
    "suïcid": "red",
    "wil dood": "red",
    "dood wil": "red",
    "wil niet meer leven": "red",
    "niet meer wakker worden": "red",
    "einde aan mijn leven": "red",
    "kill myself": "red",
    "want to die": "red",
    "slaat me": "violence",
    "slaat mij": "violence",
    "mishandel": "violence",
    "verkracht": "violence",
    "bedreigt me": "violence",
    "niet veilig thuis": "violence",
    "durf niet naar huis": "violence",
    "hits me": "violence",
    "raped": "violence",
}


def look(text: str) -> Finding:
    """The first literal in `text`, found as it stands. It asks first: nothing here can tell a film from a life."""
    small = text.casefold()
    for literal, level in LITERALS.items():
        if literal in small:
            return Finding(level, certain=False, entry=literal)
    return NOTHING
