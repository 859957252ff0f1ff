import sqlite3

from sqlalchemy.exc import OperationalError

from storage.database.failing_work import FailingWork

MISTAKE = KeyError("drivers")


def full() -> OperationalError:
    """What a full disk is told by."""
    told = sqlite3.OperationalError("database or disk is full")
    told.sqlite_errorcode = sqlite3.SQLITE_FULL
    return OperationalError("INSERT", {}, told)


def test_what_is_wrong_with_one_thing_is_told_of_each() -> None:
    work = FailingWork[str]()
    assert [work.begins(subject, MISTAKE) for subject in ("imola", "monza", "imola")] == [True, True, False]


def test_what_is_wrong_with_the_database_is_told_once() -> None:
    work = FailingWork[str]()
    assert [work.begins(subject, full()) for subject in ("imola", "monza", "imola")] == [True, False, False]
    assert work.begins("monza", MISTAKE), "something else"


def test_what_works_again_is_told_of_when_it_fails_once_more() -> None:
    work = FailingWork[str]()
    work.begins("imola", MISTAKE)
    work.begins("monza", full())
    work.ends("imola")
    assert work.begins("imola", MISTAKE)
    assert work.begins("imola", full())
