"""aiogram 3: a finite state machine with memory storage."""

from __future__ import annotations

import asyncio
import os

from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import InlineKeyboardMarkup, Message

from tests.bench.questions import BYE, QUESTIONS, START, keyboard


class Checkin(StatesGroup):
    asking = State()


dispatcher = Dispatcher(storage=MemoryStorage())


async def ask(message: Message, number: int) -> None:
    raw = keyboard(number)
    markup = InlineKeyboardMarkup.model_validate(raw) if raw else None
    await message.answer(QUESTIONS[number][0], reply_markup=markup)


@dispatcher.message(F.text == START)
async def begin(message: Message, state: FSMContext) -> None:
    await state.set_state(Checkin.asking)
    await state.set_data({"answers": []})
    await ask(message, 0)


@dispatcher.message(Checkin.asking)
async def answered(message: Message, state: FSMContext) -> None:
    answers = [*(await state.get_data())["answers"], message.text]
    if len(answers) < len(QUESTIONS):
        await state.update_data(answers=answers)
        await ask(message, len(answers))
        return
    await state.clear()
    await message.answer(BYE)


async def main() -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(os.environ["BENCH_URL"]))
    await dispatcher.start_polling(Bot(os.environ["BENCH_TOKEN"], session=session))


if __name__ == "__main__":
    asyncio.run(main())
