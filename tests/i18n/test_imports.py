import subprocess
import sys

SAYS = "import sys; {code}; print(sorted({{'babel', 'bot.i18n.language'}} & {{*sys.modules}}))"


def loaded(code: str) -> str:
    """What a process has loaded of other languages by then."""
    run = subprocess.run([sys.executable, "-c", SAYS.format(code=code)], capture_output=True, text=True, check=True)  # noqa: S603
    return run.stdout.splitlines()[-1]


def test_nothing_of_other_languages_is_loaded_before_one_is_spoken() -> None:
    assert loaded("import bot.__main__, bot.app.compose, bot.adapters.telegram, bot.adapters.discord") == "[]"
    assert loaded("from bot.i18n import speaking; speaking('en').__enter__()") == "[]"
    assert loaded("from bot.i18n import speaking; speaking('de').__enter__()") == "['babel', 'bot.i18n.language']"
