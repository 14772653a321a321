"""The words of a PDF, read from the file itself: what somebody who searches or copies gets."""

import re
import zlib

PART = re.compile(rb"/F(\d+) [\d.]+ Tf|\(((?:\\.|[^\\)])*)\) ?T[jJ]", re.DOTALL)


def words_of(pdf: bytes) -> str:
    """All words in the order of the pages; what was broken into lines is joined by blanks, and runs of blanks are one."""
    unpacked = [_unpacked(raw) for raw in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)]
    tables = [_meanings(one) for one in unpacked if b"beginbfchar" in one]
    lines = []
    for page in unpacked:
        table: dict[int, str] = {}
        for font, text in PART.findall(page) if b" Tf" in page and b"BT" in page else ():
            if font:
                table = tables[int(font) - 1]
                continue
            codes = re.sub(rb"\\(.)", lambda hit: {b"r": b"\r", b"n": b"\n"}.get(hit[1], hit[1]), text, flags=re.DOTALL)
            lines.append("".join(table[int.from_bytes(codes[at : at + 2], "big")] for at in range(0, len(codes), 2)))
    return re.sub(r"\s+", " ", " ".join(lines))


def _unpacked(raw: bytes) -> bytes:
    try:
        return zlib.decompress(raw)
    except zlib.error:
        return raw


def _meanings(table: bytes) -> dict[int, str]:
    """A ToUnicode table: code of a glyph → letters."""
    pairs = re.findall(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>\r?\n", table)
    return {int(code, 16): bytes.fromhex(letters.decode()).decode("utf-16-be") for code, letters in pairs}
