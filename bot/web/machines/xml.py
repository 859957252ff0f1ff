"""Writing XML: what a text may hold that XML may not is left out, as one such character makes all of it unreadable."""

import re
from xml.etree.ElementTree import Element, tostring

_ILLEGAL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def written(root: Element) -> bytes:
    """A document as UTF-8, with its declaration."""
    for element in root.iter():
        element.text = element.text and _ILLEGAL.sub("", element.text)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document
