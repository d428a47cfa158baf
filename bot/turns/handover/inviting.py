"""A fresh invitation on the coach's screen: a link to send, and a picture to scan; a code while we know no link."""

from __future__ import annotations

from bot.caseload import invitations
from bot.storage import facts
from bot.storage.people import Person
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn

BOT_USERNAME = "bot_username"
"""The fact that holds what the bot is called on Telegram: a link needs it."""


async def show(turn: Turn, coach: Person, who: Person) -> None:
    """Make the invitation of somebody who has not joined, in place of an earlier one, and show it to the coach."""
    username = await facts.get(turn.tx, BOT_USERNAME)
    code = turn.services.world.token()
    await invitations.issue(turn.tx, who.id, code, turn.now)
    if not username:
        text = turn.say(
            coach,
            "Uitnodiging voor {name}. Er is nog geen link. Laat {name} dit sturen aan de assistent: /start {code}",
            name=who.name,
            code=code,
        )
        await turn.send(coach, Outgoing("send", text))
        return
    link = invitations.link(username, code)
    text = turn.say(
        coach,
        "Uitnodiging voor {name}. Laat de code scannen, of stuur de link: {link}",
        name=who.name,
        link=link,
    )
    await turn.send(coach, Outgoing("picture", text, picture=invitations.picture(link)))
