"""What must not be asked (UAVG art. 9, 30 and 46; AP policy rules on the sick employee): words that ask it, and why.

No list is whole. It catches what somebody writes without thinking; whoever publishes still reads the questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

SENTENCES = re.compile(r"(?<=[.!?…])\s+|\n+")
"""Where a sentence ends."""

_NOT = re.compile(r"\b(niet|niets|geen|nooit|hoeft?|not|never|no|don['’]t|need)\b", re.IGNORECASE)
_TELL = re.compile(
    r"\s*(vertel|schrijf|typ|noem|zeg|omschrijf|beschrijf|leg|tell|write|type|name|say|describe|explain)\b",
    re.IGNORECASE,
)
"""Asks without a question mark."""

_ILLNESS = "Vraag niet naar de aard of oorzaak van een ziekte. Vraag wat iemand nodig heeft, of wanneer hij weer komt."
_MEDICINES, _PREGNANT, _BSN = "Vraag niet naar medicijnen.", "Vraag niet naar zwangerschap.", "Vraag niet naar het BSN."
_REGISTER = "Of iemand in een register staat of een regeling heeft, vragen we niet in een gesprek."

_ARE_YOU = r"(heb|hebt|had|ben|bent|was|zit|loop|ga|gaat|kom|komt|sta|krijg|krijgt|volg|volgt|zie|ziet) (je|u)\b[^?]*\b"
_HIS = r"(je|uw|jouw|de|een)"
_CARER = r"(dokter|(huis|bedrijfs)?arts|specialist|psycholoog|psychiater|therapeut|behandelaar|chirurg|fysio\w*)"
_SAID = r"(zei|zegt|zeggen|vindt|vond|heeft)"
_PART = (
    r"(gezondheid|lichaam|lijf|rug|nek|schouders?|arm|armen|pols|knie|knieën|heup|been|benen|voet|voeten|hoofd|buik"
    r"|maag|hart)"
)
_COMPLAINT = r"(ziekte|aandoening|beperking|klachten?|kwaal|kwalen|ziek)"
_NAMED = (
    r"(burn-?out|depressie\w*|griep|handicap|stoornis\w*|verslaving|kanker|diabetes|suikerziekte|hernia|migraine"
    r"|epilepsie|autisme|adhd|ptss|borderline|psychose\w*|reuma|astma|copd|corona|covid|hiv|hersenschudding"
    r"|hartaanval|koorts|depressief|depri|overspannen|opgebrand|verslaafd|psychotisch|manisch|gehandicapt"
    r"|chronisch ziek|ongeneeslijk)"
)
_DUTCH: Mapping[str, tuple[str, ...]] = {
    _ILLNESS: (
        r"diagnos\w*",
        rf"{_NAMED}\b",
        rf"(welke|wat voor|wat is (je|uw)) {_COMPLAINT}\b",
        r"(welke|wat voor) (operatie|behandeling|therapie)\b",
        r"wat (heb|hebt) (je|u)( nu| precies| eigenlijk)?\s*\?",
        rf"wat (heb|hebt) (je|u)\b[^?]*\b{_COMPLAINT}\b",
        r"(heb|hebt) (je|u)\b[^?]*\bklachten\b(?! over)",
        rf"(heb|hebt) (je|u) ({_HIS} )?beperking\b",
        r"wat (mankeert|mankeer|scheelt|scheel)\b",
        r"wat is er mis met (je|u|uw|jou)\b",
        rf"(wat is er\b[^?]*\b|hoe is het )met (je|uw|jouw) {_PART}\b",
        rf"(waarom|waardoor|waarvan|hoezo) {_ARE_YOU}ziek\b",
        r"hoe (ben|bent|was|werd) (je|u) (nu |zo |zelf )*ziek\b",
        r"waar (ben|bent) (je|u)\b[^?]*\bziek van\b",
        r"(ben|bent) (je|u) (ziek|uitgevallen) (door|van)\b",
        rf"(aard|oorzaak|reden) van {_HIS} ({_COMPLAINT}|ziekmelding|verzuim|uitval)\b",
        r"hoe (komt|kwam) het dat (je|u)\b[^?]*\bziek\b",
        rf"waar komt {_HIS} ({_COMPLAINT}|verzuim)\b",
        rf"(komt|kwam|komen|kwamen|is|zijn)\b[^?]*\bdoor\b[^?]*\b{_COMPLAINT}\b",
        rf"(komt|kwam|komen|kwamen|is|zijn|ben|bent)\b[^?]*\b{_COMPLAINT}\b[^?]*\bdoor\b",
        r"(waar|waarvan) (heb|hebt) (je|u) (nu |precies )?last van\b",
        r"\w*pijn\b",
        r"doet het zeer\b",
        r"(lichamelijk|fysiek)e? of (psychisch|mentaal|geestelijk)",
        rf"{_ARE_YOU}(onder|in) (behandeling|therapie)\b",
        r"(krijg|krijgt|volg|volgt) (je|u)\b[^?]*\b(behandeling|therapie)\b",
        rf"{_ARE_YOU}(bij|naar|van) ({_HIS} )?{_CARER}\b",
        rf"wat {_SAID} {_HIS} {_CARER}\b",
        rf"wat {_HIS} {_CARER}\b[^?.]*\b({_SAID}|gezegd)\b",
    ),
    _MEDICINES: (r"medicijn\w*", r"medicatie\w*", r"pil(len)?\b", r"antidepressiva\b", r"pijnstillers?\b"),
    _PREGNANT: (r"zwanger\w*", r"in verwachting\b"),
    _BSN: (r"bsn\b", r"burgerservicenummer\w*", r"sofinummer\w*"),
}
_REGISTERS: Mapping[str, tuple[str, ...]] = {_REGISTER: (r"doelgroepe?n?-?register\b", r"no-?risk(-?polis)?\b")}
"""A coach may need to write these down; nobody else is asked."""

_BODY = r"(health|body|back|neck|shoulder|arm|knee|leg|foot|heart|head|stomach)"
_DOCTOR = r"(doctor|gp|specialist|psych\w*|therapist)"
_SICK = r"(ill|sick|illness|sickness)"
_FROM = r"(because of|due to|caused by|comes? from)"
_ENGLISH: Mapping[str, tuple[str, ...]] = {
    _ILLNESS: (
        r"diagnos\w*",
        r"(burn-?out|burned out|depress\w*|disabled|addicted|cancer|diabetes|adhd|ptsd|the flu)\b",
        r"(what|which)( kind of| sort of)? (illness|disease|condition|disability|complaints?|symptoms?)\b",
        r"(what|which)( kind of| sort of)? (treatment|therapy|operation|surgery)\b",
        r"(illness|disease|condition|complaints|symptoms) do you have\b",
        r"what do you have\s*\?",
        rf"what( is|['’]s) (wrong|the matter|going on|happening|up) with (you|your {_BODY})\b",
        rf"how( is|['’]s) your {_BODY}\b",
        r"what (ails|are you suffering)\b",
        rf"(why|how come) (are|were|did|do|have|you)\b[^?]*\b{_SICK}\b",
        rf"how did you (get|become|fall) {_SICK}\b",
        rf"{_FROM}\b[^?]*\b{_SICK}\b",
        rf"{_SICK}\b[^?]*\b{_FROM}\b",
        rf"(cause|reason|nature) (of|for) your ({_SICK}|complaints|absence|sick leave)\b",
        r"(where|what)\b[^?]*\bhurts?\b",
        r"(have|feel|in) (any |some )?pain\b",
        r"where is the pain\b",
        r"(head|back|stomach|tooth)ache\b",
        r"you\b[^?]*\b(under|in|having|getting|receiving) (treatment|therapy)\b",
        r"you being treated\b",
        rf"you\b[^?]*\b(see|seeing|seen|visit|visiting|with) (a|an|your|the) {_DOCTOR}\b",
        rf"what (did|does|do) (a|your|the) {_DOCTOR}\b",
        rf"what (your|the) {_DOCTOR} (said|says|told)\b",
    ),
    _MEDICINES: (r"medicines?\b", r"medications?\b", r"pills?\b", r"painkillers?\b", r"antidepressants?\b"),
    _PREGNANT: (r"pregnan\w*", r"expecting a (baby|child)\b"),
    _BSN: (r"bsn\b", r"citizen service number\b"),
}
"""A translation must not ask what the Dutch does not. Other languages are for who reads them."""


def _compiled(words: Mapping[str, tuple[str, ...]]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(rf"\b(?:{'|'.join(every)})", re.IGNORECASE), why) for why, every in words.items())


_BY_COACH, _BY_ANYBODY, _IN_ENGLISH = _compiled(_DUTCH), _compiled({**_DUTCH, **_REGISTERS}), _compiled(_ENGLISH)


def forbidden(text: str, *, by_coach: bool = False) -> Iterator[tuple[str, str]]:
    """The words in `text` that must not be asked, each with the reason; `by_coach`: in a talk with a coach alone."""
    for pattern, why in _BY_COACH if by_coach else _BY_ANYBODY:
        if found := pattern.search(text):
            yield found[0], why


def forbidden_in_english(text: str) -> Iterator[tuple[str, str]]:
    """The words of a translation that ask what must not be asked, each with the reason."""
    for sentence in filter(asks, SENTENCES.split(text)):
        for pattern, why in _IN_ENGLISH:
            if found := pattern.search(sentence):
                yield found[0], why


def asks(sentence: str, *, open_question: bool = False) -> bool:
    """Whether the sentence asks something; `open_question`: the answer is waited for, so even plain words may ask."""
    if sentence.rstrip().endswith("?"):
        return True
    return bool(open_question or _TELL.match(sentence)) and not _NOT.search(sentence)
