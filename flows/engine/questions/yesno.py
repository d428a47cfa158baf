"""`ask: yesno`: two buttons. Other words for them: `ask: {yesno: {yes: Ja graag, no: Nee hoor}}`."""

from __future__ import annotations

from flows.engine.events import Value
from flows.engine.questions.base import Asking, Buttons, Found
from flows.engine.written import Text

_YES = ("ja", "jawel", "jazeker", "jep", "ja hoor", "ja graag", "graag", "ok", "oke", "oké", "yes", "yep", "sure")
_NO = ("nee", "nee hoor", "neen", "nope", "nee bedankt", "nee dank je", "liever niet", "no", "no thanks")
_PICTURES = {"👍": "yes", "✅": "yes", "👎": "no", "❌": "no"}


class YesNo(Buttons):
    """The answer is true or false; conditions say `x is yes` and `x is no`."""

    kind = "yesno"
    type = "truth"

    yes: Text = "Ja"
    no: Text = "Nee"

    def buttons(self) -> tuple[tuple[str, str], ...]:
        return (("yes", self.yes), ("no", self.no))

    def keys(self) -> tuple[str, ...]:
        return ("yes", "no")

    def of_key(self, key: str) -> Value:
        return key == "yes"

    def more_words(self, key: str) -> tuple[str, ...]:
        return _YES if key == "yes" else _NO

    def typed(self, text: str, asking: Asking) -> Found | None:
        picture = _PICTURES.get(text.strip())
        return Found(self.of_key(picture), text) if picture else super().typed(text, asking)
