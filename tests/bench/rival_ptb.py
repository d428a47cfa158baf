"""python-telegram-bot's ConversationHandler, as its examples show it; a pickle file when BENCH_PICKLE is set."""

from __future__ import annotations

import os

from telegram import InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)

from tests.bench.questions import BYE, QUESTIONS, START, keyboard


async def ask(update: Update, number: int) -> int:
    raw = keyboard(number)
    markup = InlineKeyboardMarkup.de_json(raw) if raw else None
    await update.message.reply_text(QUESTIONS[number][0], reply_markup=markup)
    return number


async def begin(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    context.user_data["answers"] = []
    return await ask(update, 0)


async def answered(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    context.user_data["answers"].append(update.message.text)
    number = len(context.user_data["answers"])
    if number < len(QUESTIONS):
        return await ask(update, number)
    await update.message.reply_text(BYE)
    return ConversationHandler.END


def main() -> None:
    builder = Application.builder().token(os.environ["BENCH_TOKEN"]).base_url(os.environ["BENCH_URL"] + "/bot")
    if pickle := os.environ.get("BENCH_PICKLE"):
        builder = builder.persistence(PicklePersistence(pickle, update_interval=60))
    application = builder.build()
    words = MessageHandler(filters.TEXT, answered)
    application.add_handler(
        ConversationHandler(
            entry_points=[MessageHandler(filters.Regex(f"^{START}$"), begin)],
            states={number: [words] for number in range(len(QUESTIONS))},
            fallbacks=[],
            name="checkin",
            persistent=bool(pickle),
        )
    )
    application.run_polling()


if __name__ == "__main__":
    main()
