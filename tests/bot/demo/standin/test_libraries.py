"""Two independent Bot API clients get along with the stand-in, and understand its answers."""

from __future__ import annotations

from datetime import timedelta

import pytest
import telegram as ptb
from telegram.error import Forbidden, RetryAfter

from bot.demo.standin import Telegram


async def test_python_telegram_bot_can_talk_to_it(api, telegram: Telegram) -> None:
    async with ptb.Bot(api.token, base_url=f"{api.url}/bot", base_file_url=f"{api.url}/file/bot") as bot:
        assert bot.username == "achterdehand_demo_bot"
        telegram.start(7)
        markup = ptb.InlineKeyboardMarkup([[ptb.InlineKeyboardButton("Ja", callback_data="ja")]])
        sent = await bot.send_message(7, "Gaat het?", reply_markup=markup, protect_content=True)
        assert sent.reply_markup == markup
        telegram.tap(7, "Ja")
        telegram.send(7, "voice", content=b"Ogg")
        telegram.block(7)
        updates = await bot.get_updates(timeout=1, allowed_updates=[])
        assert updates[1].callback_query.data == "ja"
        assert await (await updates[2].message.voice.get_file()).download_as_bytearray() == b"Ogg"
        assert updates[3].my_chat_member.new_chat_member.status == "kicked"
        with pytest.raises(Forbidden, match="blocked"):
            await bot.send_message(7, "Hallo?")
        telegram.start(7)
        photo = await bot.send_photo(7, b"PNG", caption="Scan", reply_markup=markup)
        assert photo.photo[-1].file_id
        document = await bot.send_document(7, b"BEGIN:VCALENDAR", caption="Je afspraken", filename="afspraken.ics")
        assert (document.document.file_name, document.has_protected_content) == ("afspraken.ics", None)
        assert await (await document.document.get_file()).download_as_bytearray() == b"BEGIN:VCALENDAR"
        assert (await bot.get_chat(7)).first_name == "Sam"
        assert (await bot.get_webhook_info()).url == ""


async def test_python_telegram_bot_understands_429(api, telegram: Telegram, monkeypatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    telegram.start(7)
    telegram.fault("sendMessage", code=429, retry_after=3)
    async with ptb.Bot(api.token, base_url=f"{api.url}/bot") as bot:
        with pytest.raises(RetryAfter, match="Flood control") as refusal:
            await bot.send_message(7, "Hallo?")
    assert refusal.value.retry_after == timedelta(seconds=3)


async def test_aiogram_can_talk_to_it(api, telegram: Telegram) -> None:
    from aiogram import Bot
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup

    async with Bot(api.token, AiohttpSession(api=TelegramAPIServer.from_base(api.url))) as bot:
        assert (await bot.get_me()).is_bot
        telegram.start(7, "code")
        markup = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Ja", callback_data="ja")]])
        sent = await bot.send_message(7, "Gaat het?", reply_markup=markup)
        telegram.tap(7, "Ja")
        start, tap = await bot.get_updates(timeout=1)
        assert start.message.text == "/start code"
        assert tap.callback_query.message.message_id == sent.message_id
        assert (await bot.send_photo(7, BufferedInputFile(b"PNG", "qr.png"))).photo
        sent = await bot.send_document(7, BufferedInputFile(b"BEGIN:VCALENDAR", "afspraken.ics"), caption="Afspraken")
        assert (sent.document.file_name, sent.caption, sent.document.model_extra) == ("afspraken.ics", "Afspraken", {})
        assert await bot.answer_callback_query(tap.callback_query.id)


async def test_every_kind_of_update_fits_aiograms_models(api, telegram: Telegram) -> None:
    from aiogram.types import Update

    telegram.start(7)
    await api(
        "sendMessage", chat_id=7, text="x", reply_markup={"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    )
    for kind in ("voice", "photo", "video", "video_note", "animation", "audio", "document", "sticker", "contact",
                 "location", "venue", "dice", "poll"):  # fmt: skip
        telegram.send(7, kind)
    telegram.forward(7, "Hoi", "Oma")
    telegram.edit(7, telegram.write(7, "a", reply_to=2).id, "b")
    telegram.tap(7, "a")
    telegram.block(7)
    telegram.add_to_group(8, -5)
    updates = await api.updates()
    assert len(updates) == 21
    for raw in updates:
        update = Update.model_validate(raw)
        (kind,) = raw.keys() - {"update_id"}
        assert not getattr(update, kind).model_extra
