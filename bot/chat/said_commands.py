"""Commands as people say them who do not know them: without the stroke, or by a word of their own language."""

from collections.abc import Container, Iterable
from dataclasses import replace

from bot.chat.requests import Request, as_folded_word
from bot.chat.small_talk import KINDS, leads, small_talk

_ALSO = """
start = hi hello hey heya hiya howdy yo hallo moin servus hola buenas ciao
start = goodmorning goodafternoon goodevening guten gutentag gutenmorgen gutenabend buenos buenosdias
help = hilfe ayuda whatcanyoudo whatcaniask waskannstdu waskannichfragen quepuedeshacer
crash = accidente choque unfall incident vorfall incidente
blame = schuld culpa
quote = quotes zitat zitate cita citas
verdict = urteil veredicto
chart = diagramm grafik grafico
timeline = ablauf cronologia
incidents = whatsnew wasgibtsneues wasgibtesneues quehaydenuevo crashes vorfalle vorfaelle unfalle incidentes accidentes
next = nextrace nachstesrennen naechstesrennen proximacarrera siguientecarrera whenisthenextrace wannistdasnachsterennen
calendar = schedule kalender rennkalender calendario
results = result ergebnis ergebnisse resultado resultados
standings = points championship tabelle wm wmstand punkte weltmeisterschaft mundial tabla puntos campeonato
recap = lastrace letztesrennen ultimacarrera bericht rennbericht resumen cronica
driver = fahrer piloto
team = equipo escuderia
subscribe = abo abos abonnieren suscribir suscripciones
unsubscribe = abbestellen desuscribir
reminders = remindme erinneremich recuerdame erinnerung erinnerungen aviso avisos recordatorio recordatorios
settings = einstellungen ajustes configuracion
polls = umfrage umfragen encuesta encuestas
privacy = datenschutz privacidad
mydata = meinedaten misdatos
forgetme = vergissmich olvidame
about = uber ueber whoareyou whatareyou werbistdu wasbistdu quieneres queeres
"""
ALSO = {
    word: command
    for command, _equals, words in (line.partition(" = ") for line in _ALSO.strip().splitlines())
    for word in words.split()
}
"""Commands by what they are called otherwise, folded and written as one word."""

ALONE = {"start", "crash", "driver", "team", "about", "privacy", "mydata", "forgetme", "stewards", "blamed", *KINDS}
"""Commands that plain words do not begin with: `team orders austria` and `crash gate` are about a crash."""

GREETING = "start"

GREETED = {
    *("there", "world", "bot", "all", "everyone", "guys", "again", "alle", "leute", "zusammen", "a", "todos", "amigos"),
    *("tag", "morgen", "abend", "dias", "tardes", "noches"),
}
"""What is said behind a greeting that only greets, folded; whatever else is, is asked: `hi, imola 2021`."""

LEADING = 4
"""Words of a greeting, thanks and the like that are passed over, so that nobody keeps the bot busy with a thousand."""

WRITTEN_ON = 4
"""Letters that are words of their own behind a command, and no mistake in it: `/crashimola`, but not `/crashes`."""


def said_plainly(request: Request, commands: Container[str]) -> Request:
    """Plain words as the command that they are, or begin with; as they were where they are neither.

    `standings` is one, and `next monza`; whatever else is said is about a crash.
    """
    if request.command or request.pressed is not None:
        return request
    said = _asked(request.argument)
    whole = _called(said)
    if named := whole if whole in commands else small_talk(said):
        return replace(request, command=named, argument="") if named in commands else request
    first, _blank, others = said.partition(" ")
    command = _called(first)
    if command == GREETING != first.casefold():  # and not `start crash singapore`
        return replace(request, command=command, argument="") if command in commands else request
    if others and command in commands and command not in ALONE:
        return replace(request, command=command, argument=others)
    return replace(request, argument=said)


def _asked(said: str) -> str:
    """What is said behind a greeting, thanks and the like; all of it where that is all."""
    for _word in range(LEADING):
        first, _blank, others = said.partition(" ")
        greets = _called(first) == GREETING != first.casefold()
        only_greets = greets and GREETED.issuperset(map(as_folded_word, others.split()))
        if only_greets or not (greets or leads(first)) or small_talk(said):
            break
        said = others
    return said


def called_otherwise(command: str) -> str:
    """The command that goes by another name, as /ergebnisse does; empty where none does."""
    return ALSO.get(as_folded_word(command), "")


def run_together(word: str, commands: Iterable[str]) -> tuple[str, str] | None:
    """The command that a word begins with, and what was written on to it: `/crash_imola`, `/crashimola`; or None."""
    for command in sorted(filter(word.startswith, commands), key=len, reverse=True):
        written_on = word.removeprefix(command)
        if written_on.startswith("_") or len(written_on) >= WRITTEN_ON:
            return command, written_on.replace("_", " ").strip()
    return None


def _called(said: str) -> str:
    """The command of a name, or that name written as one."""
    word = as_folded_word(said)
    return ALSO.get(word, word)
