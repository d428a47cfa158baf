"""A stand-in for Telegram: its Bot API over HTTP, the phones of people, and bad weather on request.

The Bot API is at `/bot<token>/<method>` and `/file/bot<token>/<path>`, with Telegram's rules and its own error
texts. What people do, what they see and what goes wrong is the control API: the verbs below are methods of
`Telegram` for tests in one process, and `POST /control/<verb>` with a JSON object of the arguments for everybody
else (`GET /control/<verb>?…` too, for those that only read). The answer is the verb's result as JSON. What cannot
be done answers 409, wrong arguments 422, an unknown verb 404, each with `{"error": sentence}`. `user` is a
person's id and also the id of the private chat. Moments are ISO 8601, but a message's `date` is Telegram's own, in
seconds since 1970; durations are seconds, file contents base64.

What people do; each but the first answers the message (or, for a tap, the query id):

    make_user   user first_name [last_name language_code username]     has a phone; has not pressed Start
    start       user [code]              presses Start, by deep link if there is a code; unblocks first
    write       user text [reply_to group]      sends a text, perhaps as a reply, perhaps in a group
    send        user kind [caption content reply_to forwarded_from]
                                         kind: voice photo video video_note animation audio document sticker
                                         contact location venue dice poll, or any name nobody knows
    forward     user text name           passes on words of somebody called `name`
    edit        user message text        changes an own text
    tap         user [label data message]       taps a button of the newest message that has it, or of `message`
    block, unblock, deactivate           user; who is deactivated has deleted the account
    add_to_group, kick_from_group        user group [title]; a group's id is below 0

What can be seen:

    people                               everybody, with started, blocked and deactivated
    read        chat [after]             the messages as the person sees them: id, change, from, date, text, rows of
                                         buttons, reply_to, edited, protected, media; `after`: a change number
    wait_for    chat match [regex after timeout]
                                         the bot's first message that matches, as soon as it is there; else 409
    notice      user                     what answerCallbackQuery showed last
    requests    [method chat after]      what the bot asked: number method parameters files at status answer
    file        file_id                  name, mime, content
    events                               Server-Sent Events (GET only), each a JSON object: change, chat,
                                         what (message edit delete notice people reset) and the message

What goes wrong:

    fault       method [how times chat code description retry_after seconds body]
                                         the next `times` calls of `method` ("*": any), perhaps of one chat:
                  answer                 error `code`, with `description`, `retry_after` or a raw `body`
                  close                  nothing is done, the socket is closed
                  hang                   likewise, after `seconds` or at `release`
                  delay                  after `seconds` or at `release` all goes well
                  act_then_close, act_then_hang       it is done, but the bot does not hear of it
    release, calm                        lets what hangs go on; also takes all faults away
    limits      on                       enforces Telegram's limits on sending, or no longer
    hold, deliver                        keeps new updates back; lets them go [newest_first]
    redeliver   [ids last]               given updates once more, by id or the last so many
    push        kind payload             any update you make up; its id
    restart_ids [at]                     a week of silence: what waits is lost, update ids go on elsewhere
    now, move_clock, set_clock           our own clock, by `seconds` or to `at`; what expires, expires
    reset                                nobody, no messages, no faults, no requests; the webhook, the clock
                                         and the numbering of updates stay
"""

from bot.demo.standin.errors import Impossible, Refused
from bot.demo.standin.server import application, serving
from bot.demo.standin.state import Telegram

__all__ = ["Impossible", "Refused", "Telegram", "application", "serving"]
