"""What people call a chat's settings and what may be chosen in them, in the languages that the bot speaks."""

from collections.abc import Iterator, Mapping

from bot.search.words import split

_SETTINGS = """
zone = zone, time zone, timezone, tz, Zeitzone, zona horaria, zona, huso horario, huso
spoiling = spoilers, spoiler, spoil, spoiling, spoilt, spoiled, spoilern, spoilere, spoilert, gespoilert, spoilear, \
spoilees, destripes, destripar
spoilers = results, result, race results, Ergebnisse, Ergebnissen, Ergebnis, Rennergebnisse, Resultate, Resultaten, \
Resultat, resultados, resultado
protection = spoiler protection, spoiler guard, spoiler free, anti spoiler, no spoiler mode, Spoilerschutz, \
spoilerfrei, Schutz vor Spoilern, protección contra spoilers, protección de spoilers, anti spoilers, libre de \
spoilers, sin spoilers, without spoilers, ohne Spoiler, no spoilers, keine Spoiler, protect from spoilers, protect us \
from spoilers, protect me from spoilers
quiet = quiet, quiet hours, quiet time, quiet period, silent hours, silent, silence, night rest, night mode, mute, \
muted, muting, silencing, do not disturb, don't disturb, dnd, shut up, alone, in peace, sleep, asleep, sleeping, \
pause, hush, Ruhezeiten, Ruhezeit, Ruhe, Nachtruhe, ruhig, stille Stunden, stille Zeit, Stille, stumm, stummschalten, \
nicht stören, Nachtmodus, Klappe, still, leise, schlafen, schlafe, schläft, Schlaf, Schlafenszeit, Pause, horas de \
silencio, hora de silencio, horario de silencio, silencio, silenciar, silencia, silencies, modo silencio, modo \
silencioso, no molestar, no molestes, horas tranquilas, modo nocturno, descanso nocturno, en paz, dormir, duermo, \
dormimos, duermen, calla, cállate, pausa
messages = messages, message, messaging, write, writing, text, texts, texting, post, posts, posting, send, sending, \
notify, notification, notifications, push, pushes, alert, alerts, bother, disturb, wake, woken, wake up, pings, \
pinging, Nachrichten, Nachricht, Mitteilungen, Meldungen, Meldung, Benachrichtigungen, Benachrichtigung, \
benachrichtige, benachrichtigen, schreiben, schreib, schreibe, schicken, schick, schicke, senden, sende, posten, \
poste, melden, melde, stören, stör, störe, wecken, weck, wecke, mensajes, mensaje, notificaciones, notificación, \
notifiques, notificar, avisos, aviso, avises, avisar, escribas, escribir, escribe, escríbenos, escríbeme, envíes, \
enviar, envía, mandes, \
mandar, manda, publiques, publicar, publica, molestes, molestar, despiertes, despertar, suene, suenes, sonar
delay = delay, delayed, delaying, stream delay, time delay, lag, behind, Verzögerung, Zeitverzögerung, Verspätung, \
verzögern, verzögert, verzögere, hinterher, late, lags, lagging, zeitversetzt, versetzt, Versatz, hinten, hintendran, \
hinten dran, por detrás, retrasado, retrasada, diferencia, retraso, atraso, atrasado, atrasada, atrasados, atrasadas, \
retrasar, retrasa, retrases, demora, retardo, latencia
polls = polls, poll, votes, vote, voting, Umfragen, Umfrage, Abstimmungen, Abstimmung, Stimmen, encuestas, encuesta, \
votaciones, votación, votos
closing = closing, close, closes, closed, schließen, schließe, schließt, Schließung, geschlossen, Schluss, beenden, \
beende, beendet, endet, Ende, end, ends, ending, finish, terminar, termina, termine, acabar, acaba, fin, cierre, \
cerrar, cierra, cierres, cierren, cierran, cerradas, cerrarse
role = role, roles, mention, ping, Rolle, Rollen, erwähnen, erwähne, rol, mencionar, menciona
language = language, languages, speak, speaking, talk, answer, answers, reply, Sprache, Sprachen, sprechen, sprich, \
spreche, antworte, antworten, Antworten, idioma, idiomas, lengua, hablar, habla, responder, responde, respuestas
"""

_ALONE = """
zone = time, clock, local time, Zeit, Uhr, Uhrzeit, Ortszeit, hora, hora local, reloj
"""
"""What is a setting's name only where nothing else of a text is one."""

_LANGUAGES = """
en = English, Englisch, inglés
de = German, Deutsch, alemán
es = Spanish, Spanisch, español, castellano
"""

_CHOICES = """
show = see, sehen, show, showing, shown, display, reveal, unhide, unveil, visible, zeigen, zeige, zeig, zeigt, \
anzeigen, gezeigt, einblenden, blende, sichtbar, mostrar, mostradas, muestra, muestres, mostrados, ver, visibles, \
enseñar, enseña
veil = veil, veiled, hide, hiding, hidden, conceal, cover, blur, secret, verdecken, verdecke, verdeckt, verdeckte, \
verdeckten, verbergen, verberge, verbirg, verborgen, verborgene, verstecken, verstecke, versteckt, versteckte, \
ausblenden, verhüllen, verhüllt, verschleiern, geheim, geheime, velar, velados, veladas, velarlos, ocultar, oculta, \
ocultes, ocultos, ocultas, ocultarlos, esconder, esconde, escondas, escondidos, tapar, secreto, secreta, secretas, \
secretos
hold = hold, held, holding, hold off, holding off, hold back, holding back, held back, keep back, withhold, postpone, \
later, later than, wait, warte, warten, esperar, espera, esperes, zurückhalten, zurückgehalten, zurückgehaltene, \
zurückgehaltenen, zurückhalte, halte, zurück, später, retener, retén, retengas, retenidos, aplazar, posponer, más \
tarde
until = until, till, til, before, bis, hasta, hasta las, antes de, antes de las
since = not before, erst ab, ab, nicht vor, no antes de, no antes de las, a partir de, a partir de las
beyond = outside, outside of, außerhalb, außerhalb von, fuera de, fuera de las, no more than, not more than, no longer \
than, not longer than, nicht mehr als, nicht länger als, no más de, no más que
blind = blind, blinde, blindly, a ciegas, ciegas
open = open, openly, open to see, in the open, public, offen, offene, offenen, offen sichtbar, öffentlich, \
öffentliche, abierta, abiertas, a la vista, pública, públicas
keep = keep, stay, stays, leave, lassen, lasse, lass, déjanos, déjame, bleiben, bleibt, dejar, deja, quedan, mantener
on = on, enable, enabled, activate, active, yes, true, an, ein, anschalten, einschalten, aktivieren, aktiviere, \
aktiviert, aktiv, ja, activar, activa, actives, activado, activada, activadas, encender, enciende, encendido, sí
"""

_REFUSALS = """
before = no, not, never, don't, do not, doesn't, shouldn't, should not, isn't, aren't, won't, can't, cannot, mustn't, \
needn't, no longer, without, nothing, nein, keine, keiner, keinem, keines, kein, keinen, nie, niemals, ohne, nichts, \
ninguna, ninguno, ningún, nunca, jamás, tampoco, ya no, sin, nada, nada de
anywhere = nicht, nicht mehr, nicht länger, avoid, hate, hasse, vermeiden, vermeide, odio, evitar, evita
ending = stop, stops, quit, cease, hör auf, aufhören, stopp, stoppe, stoppen, deja de, dejad de, deje de, dejen de, \
para de, basta de
off = none, off, disable, disabled, deactivate, deactivated, switch off, cancel, cancelled, undo, drop, lift, scrap, \
forget, skip, get rid of, remove, clear, delete, aus, abstellen, abgestellt, abgeschaltet, ausgeschaltet, aufheben, \
streichen, streiche, weg, raus, ausschalten, abschalten, deaktivieren, deaktiviere, deaktiviert, entfernen, entferne, \
löschen, lösche, quitar, quita, quites, desactivar, desactiva, desactives, desactivado, desactivada, apagar, apaga, \
apagues, apagado, borrar, borra, borres, eliminar, elimina, elimines, cancelar, cancela, canceles, anular, anula, \
suprimir, suprime, fuera, reset
"""
"""The names of the choice `none`, by how they refuse: what stands after them, what they stand with anywhere, what goes
on, and what is on."""

_FILLERS = """
plain = ok, okay, hi, oh, or, hello, thanks, hallo, danke, oder, hola, gracias, o, my, our, the, this, chat, chat's, \
group, group's, here, is, are, be, am, I, I'm, we, we're, it's, it, you, us, them, to, at, by, for, of, in, into, \
from, with, as, after, please, set, change, switch, turn, make, put, use, have, want, would, like, should, and, \
living, based, a, an, can, must, need, needs, how, default, all, everybody, minus, around, mode, always, give, ago, \
so, until, they, their, up, again, runs, run, tell, slow, noise, mein, meine, meinen, meiner, unser, unsere, \
unseren, der, die, das, den, dem, \
diese, dieser, diesen, hier, ist, sind, sei, bin, wir, ich, du, wohne, wohnen, lebe, leben, auf, in, um, zu, zum, \
zur, nach, von, vom, für, mit, mal, bitte, stelle, stell, stellen, setze, setzen, umstellen, hängt, hängen, vamos, \
me, night, overnight, tonight, at night, race, mich, Nacht, bekommen, bekomme, also, bot, let, bloß, seht, Fernsehen, \
Rennen, möchten, hinkt, liegen, liege, im, halt, carrera, llega, tarde, noche, hagas, modo, setz, ändere, ändern, \
schalte, schalten, mach, mache, machen, nimm, nutze, soll, sollen, sie, muss, müssen, darf, dürfen, brauche, \
brauchen, will, wollen, möchte, immer, lang, alle, eine, einen, einer, eines, gruppe, gruppenchat, dieses, chats, \
gehen, läuft, kommt, kommen, werden, wird, es, uns, etwa, und, bei, wieder, über, sondern, nachts, abstimmen, mi, mis, \
nuestra, nuestro, nuestros, la, el, las, los, lo, le, este, esta, grupo, aquí, es, son, está, estoy, estamos, \
vivimos, soy, somos, a, al, de, del, en, por, para, con, tras, después, pongas, tengas, durante, favor, pon, poner, \
ponga, ponme, cambia, cambiar, usa, usar, fija, fijar, ajusta, ajustar, configura, configurar, quiero, queremos, \
necesito, necesitamos, debe, deben, estés, estéis, que, se, me, nos, una, un, cada, dentro, siempre, desde, y, todos, \
todas, voy, va, por favor, te, unos, llevo, llevamos, tengo, tenemos, sino, nuevo, otra, vez
padding = any, ever, anything, more, mehr, más, everything, alles, todo
watching = watch, watching, see, stream, tv, feed, broadcast, picture, F1TV, F1, Sky, DAZN, schau, schauen, schaue, \
gucken, gucke, sehen, sehe, \
Fernseher, Bild, Übertragung, vemos, veo, ve, transmisión, señal, tele
live = live, directo, vivo
only = only, just, merely, exclusively, nur, erst, lediglich, ausschließlich, solo, solamente, únicamente
"""
"""What is said around a setting and what is chosen, and says nothing of either, by what it says of a time beside it."""

_EXCEPT = "except, but, unless, außer, ausser, excepto, salvo, menos"

BUT = ("but", "sondern", "sino")
"""Words that begin what is meant instead of what was refused."""

_AFTER = "from, after, since, at, nach, ab, von, seit, desde, tras, después, a partir, partir"

_UNTIL = "until, till, til, before, bis, vor, hasta, antes"

WORDS_OF_A_NAME = 4
"""Words that a name has at most."""

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


def _spelled(names: str) -> Iterator[str]:
    """Each name, folded and without gaps, and as who has no umlauts types it."""
    for name in names.split(","):
        yield from dict.fromkeys("".join(split(spelled)) for spelled in (name, name.translate(_UMLAUTS)))


def _read(table: str) -> Mapping[str, str]:
    """What is meant, by each of its names, folded and without gaps."""
    lines = (line.partition(" = ") for line in table.strip().splitlines())
    return {name: meant for meant, _equals, names in lines for name in _spelled(names)}


SETTINGS = _read(_SETTINGS)
"""Settings by what they are called, folded; `protection` is of spoilers, and says that they are not wanted."""

ALONE = _read(_ALONE)
"""The same by names that mean other things as well, folded."""

LANGUAGES = _read(_LANGUAGES)
"""The codes of languages by what speakers of each other call them, folded."""

REFUSALS = _read(_REFUSALS)
"""How something is refused, by what is said to refuse it, folded.

`before` is said before a name that is not wanted: `no spoilers`, and not `spoilers off`; `anywhere` says so wherever it
stands; `ending` is `before` of what goes on, and `off` is of what is on: each may be refused itself: `never stop`.
"""

CHOICES = {**_read(_CHOICES), **dict.fromkeys(REFUSALS, "none")}
"""What may be chosen, by its names, folded; `none` by all that refuses."""

_SAID_AROUND = _read(_FILLERS)

FILLERS = frozenset(_SAID_AROUND)
"""Words that say nothing of what is meant, folded."""


def _those(sort: str) -> frozenset[str]:
    """The fillers of one sort."""
    return frozenset(word for word, which in _SAID_AROUND.items() if which == sort)


PADDING = _those("padding")
"""Those that may stand between the words of a value, and are left out: `from 11pm no more messages until 7am`."""

WATCHING = _those("watching")
"""Those of who says how they see a session: a time beside them is by how much later."""

LIVE = _those("live")
"""Those of who sees it as it happens."""

ONLY = _those("only")
"""Those that say of a time that all others are not meant."""

EXCEPT = frozenset(_spelled(_EXCEPT))
"""Words after which a time is not what is meant."""

AFTER, UNTIL = frozenset(_spelled(_AFTER)), frozenset(_spelled(_UNTIL))
"""Words of from when, and until when, something shall be; a number after them is no length of time."""


def choice(typed: str) -> tuple[str, str]:
    """The choice that a text begins with, and the rest: `bis 09:00` → `until`, `09:00`; empty for none."""
    words = typed.split()
    for number in range(min(WORDS_OF_A_NAME, len(words)), 0, -1):
        read = [split(word) for word in words[:number]]
        meant = CHOICES.get("".join("".join(each) for each in read))
        if meant is not None and all(read):
            return meant, " ".join(words[number:])
    return "", typed


def chosen(typed: str) -> str:
    """The choice that a text is, all of it; empty for none."""
    return CHOICES.get("".join(split(typed)), "")


def is_none(typed: str) -> bool:
    """Whether somebody wants none: `off`, `never`, `keine`."""
    return chosen(typed) == "none"


def language(typed: str, spoken: Mapping[str, str]) -> str:
    """The code of the language that somebody means, of those that are `spoken` by their own names; empty for none."""
    wanted = "".join(split(typed))
    own = {"".join(split(name)): code for code, known in spoken.items() for name in (code, known)}
    code = own.get(wanted) or LANGUAGES.get(wanted, "")
    return code if code in spoken else ""
