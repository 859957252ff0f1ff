"""SOURCES.md: every quotation with its link, so that a reader can check it."""

from collections.abc import Iterable, Iterator

from bot.domain.incidents import Incident

_HEAD = """\
# Every quotation, and where it was read

Generated from the incident files by `racing-incident incidents sources`; do not edit.
Found a word that differs from its source? Please report it: what is served here is served word for word."""


def sources_page(incidents: Iterable[Incident]) -> str:
    """The page in Markdown, oldest incident first."""
    oldest_first = sorted(incidents, key=lambda incident: (incident.date, incident.id))
    return "\n".join((_HEAD, *(line for incident in oldest_first for line in _chapter(incident)), ""))


def _chapter(incident: Incident) -> Iterator[str]:
    yield f"\n## {incident.title}\n"
    for quotation in incident.quotations:
        translated = f", translated from {quotation.translated_from}" if quotation.translated_from else ""
        yield f"- **{quotation.speaker}**, {quotation.occasion}, {quotation.date}{translated}:"
        yield f"  “{_literal(quotation.words)}” ([source](<{quotation.link}>))"
    yield "\nFacts:\n"
    for source in incident.sources:
        yield f"- {_literal(source.publisher)}: [{_literal(source.title)}](<{source.link}>)"


def _literal(text: str) -> str:
    """Text that Markdown shows as it is."""
    return "".join(f"\\{character}" if character in r"\`*_[]<>#" else character for character in text)
