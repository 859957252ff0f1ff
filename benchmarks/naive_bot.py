"""The bot that a tutorial would have us write, with python-telegram-bot and SQLAlchemy as they come out of the box."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process
from sqlalchemy import UniqueConstraint, func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from telegram import InlineKeyboardMarkup, Update
from telegram.constants import ParseMode
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, CommandHandler, ContextTypes

from tests.adapters.telegram.bot_api import TOKEN

Context = ContextTypes.DEFAULT_TYPE


class Base(DeclarativeBase):
    """What SQLAlchemy wants its tables to come from."""


class Vote(Base):
    """One a person and incident."""

    __tablename__ = "votes"
    __table_args__ = (UniqueConstraint("incident", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    incident: Mapped[str]
    user_id: Mapped[int]
    choice: Mapped[str]


@dataclass(frozen=True, slots=True)
class Story:
    """What is told about an incident."""

    id: str
    title: str
    text: str
    keyboard: InlineKeyboardMarkup


class NaiveBot:
    """Answers /crash and the buttons of the poll."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession], stories: Mapping[str, Story]) -> None:
        self._sessions = sessions
        self._stories = stories
        self._titles = {story.id: story.title for story in stories.values()}

    async def crash(self, update: Update, context: Context) -> None:
        """Tell the incident whose title is most like what was typed."""
        assert update.message
        found = process.extractOne(" ".join(context.args or ()), self._titles, scorer=fuzz.WRatio)
        story = self._stories[found[2]]
        async with self._sessions() as session:
            tally = await self._tally(session, story.id)
        await update.message.reply_text(
            f"{story.text}\n\n{tally}", parse_mode=ParseMode.HTML, reply_markup=story.keyboard
        )

    async def vote(self, update: Update, _context: Context) -> None:
        """Keep a vote, thank for it, and show the new tally."""
        query = update.callback_query
        assert query
        assert query.data
        _, incident, choice = query.data.split()
        async with self._sessions() as session:
            mine = select(Vote).where(Vote.incident == incident, Vote.user_id == query.from_user.id)
            vote = await session.scalar(mine)
            if vote is None:
                session.add(Vote(incident=incident, user_id=query.from_user.id, choice=choice))
            else:
                vote.choice = choice
            await session.commit()
            tally = await self._tally(session, incident)
        await query.answer(f"You voted {choice}.")
        story = self._stories[incident]
        await query.edit_message_text(
            f"<b>{story.title}</b>\n\n{tally}", parse_mode=ParseMode.HTML, reply_markup=story.keyboard
        )

    async def _tally(self, session: AsyncSession, incident: str) -> str:
        counted = select(Vote.choice, func.count()).where(Vote.incident == incident).group_by(Vote.choice)
        votes = dict((await session.execute(counted)).tuples().all())
        lines = [f"{choice}: {number}" for choice, number in votes.items()]
        return "\n".join([*lines, f"{sum(votes.values()):,} votes"])


@asynccontextmanager
async def naive_bot(stories: Mapping[str, Story], api_url: str, folder: Path) -> AsyncIterator[None]:
    """The bot at work, with a database file in a folder."""
    # More patient with a locked file than by default, and with the faster journal: all its votes are to count.
    engine = create_async_engine(f"sqlite+aiosqlite:///{folder / 'votes.db'}", connect_args={"timeout": 60})
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with engine.connect() as connection:
        await connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    bot = NaiveBot(async_sessionmaker(engine, expire_on_commit=False), stories)
    application: Application[Any, Any, Any, Any, Any, Any] = (
        ApplicationBuilder().token(TOKEN).base_url(f"{api_url}/bot").concurrent_updates(True).build()
    )
    application.add_handler(CommandHandler("crash", bot.crash))
    application.add_handler(CallbackQueryHandler(bot.vote))
    async with application:
        assert application.updater
        await application.start()
        await application.updater.start_polling()
        try:
            yield
        finally:
            await application.updater.stop()
            await application.stop()
    await engine.dispose()
