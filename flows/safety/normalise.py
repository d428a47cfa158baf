"""How people type, made plain: one spelling per word, so that lists and classifier need not know the others.

`plain` keeps what carries meaning: words, pictures (each a word of its own) and " . " between sentences.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST = 8192
"""Characters that are looked at; Telegram sends at most 4,096 in one message."""
SPELLED = 4
"""Single letters in a row that are taken for one word spelled out: d o o d."""

_SPELLINGS = {
    wrong: right
    for right, spellings in {
        "niet": "nie ni nit neit niett niey",
        "niet meer": "nimmer niemeer nietmeer nimeer",
        "echt": "egt egcht",
        "even": "ff effe effen efkes evn",
        "mijn": "mn myn mijne",
        "zijn": "zn zijne",
        "mezelf": "mezelluf mezelfs meself mijzelf mijnzelf mezellef",
        "zichzelf": "zichzelluf zigzelf zichself zijnzelf",
        "ik": "ikke iek ek",
        "heb": "hep hebbe",
        "leven": "leve lewen levu",
        "dood": "doot doodt dod",
        "vermoord": "vermoort vermoordt",
        "geslagen": "geslage gslagen gslage",
        "wacht": "w8",
        "zelfmoord": "selfmoord zelfmoort zelfmord",
        "ik wil": "kwil",
        "ik wou": "kwou",
        "ik ga": "kga",
        "ik heb": "kheb",
        "ik ben": "kben",
        "ik kan": "kkan",
        "ik hoef": "khoef",
        "ik zou": "kzou",
        "ik denk": "kdenk",
        "ik maak": "kmaak",
        "ik doe": "kdoe",
        "ik voel": "kvoel",
        "ik word": "kword",
        "ik steek": "ksteek",
        "ik sla": "ksla",
        "wil ik": "wilk",
        "het is": "tis",
        "want to": "wanna",
        "going to": "gonna",
        "do not": "dont",
        "can not": "cant cannot",
        "will not": "wont",
        "did not": "didnt",
        "does not": "doesnt",
        "is not": "isnt",
        "i am": "im",
        "i have": "ive",
        "he is": "hes",
        "she is": "shes",
        "kill": "unalive",
        "kill myself": "kms",
        "kill yourself": "kys",
    }.items()
    for wrong in spellings.split()
}
_LETTERS = str.maketrans("01345789@$!|€", "oieastbgasiie")
_APOSTROPHES = str.maketrans("", "", "'’‘`´ʼ\u200c\u00ad\ufe0e\ufe0f")
"""Also the joiner of Persian words, soft hyphens and the selectors that only say how a picture is drawn."""
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff]")
_MIXED = re.compile(r"(?<!\w)[a-z]+[0-9@$!|€]+[a-z][a-z0-9@$!|€]*(?!\w)")
_SPELLED_OUT = re.compile(rf"(?<!\w)(?:[^\W\d_][ .\-_*,]{{1,2}}){{{SPELLED - 1},}}[^\W\d_](?!\w)")
_CENSORED = re.compile(r"(?<=[^\W\d_])[*#]+(?=[^\W\d_])")
_LONG_RUN = re.compile(r"([^\W\d_])\1{2,}")
_SENTENCE_END = re.compile(r"(?:(?<!\.)\.(?![.\w])|[!?;]|\n\s*\n)")
_PICTURE = ("So", "Sk", "Sm")


@lru_cache(maxsize=2)  # every list and the classifier ask for the same text, one after the other
def plain(text: str) -> str:
    """Lower case, no accents, one space between words, digits and signs for letters undone, `heeeel` as `heel`."""
    found = unicodedata.normalize("NFKD", text[:LONGEST]).casefold().translate(_APOSTROPHES)
    found = _SKIN.sub("", "".join(char for char in found if not unicodedata.combining(char)))
    found = _MIXED.sub(lambda match: match[0].translate(_LETTERS), found)
    found = _CENSORED.sub("", found)
    found = _SPELLED_OUT.sub(lambda match: re.sub(r"[\W_]", "", match[0]), found)
    found = _LONG_RUN.sub(r"\1\1", found)
    found = _SENTENCE_END.sub(" \x00 ", found)
    words = "".join(_kept(char) for char in found).replace("\x00", ".").split()
    return " ".join(_SPELLINGS.get(word, word) for word in words).strip(" .")


@lru_cache(maxsize=64)  # every list asks for the same words
def single(said: str) -> str:
    """A word with every doubled letter written once: what `dood`, `doood` and `dod` have in common."""
    return re.sub(r"([^\W\d_])\1+", r"\1", said)


def _kept(char: str) -> str:
    """Letters and digits as they are, pictures apart, all else a space."""
    if char.isalnum() or char == "\x00":
        return char
    return f" {char} " if unicodedata.category(char) in _PICTURE and ord(char) > 0x2000 else " "
