"""Strings that have broken text processing before, and what must hold of any document."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from hypothesis import strategies as st

from inference.document import Document
from inference.normalize import Shadow

SENTENCES = [
    "سردار سرلشکر حسین سلامی فرمانده کل سپاه گفت: می‌خواهیم همکاری‌ها را گسترش دهیم.",
    "به گزارش ایرنا، ژنرال عاصم منیر در اسلام آباد (پاکستان) با وی دیدار کرد!",
    "آیا آنها از گروهک های تروریستی حمایت می کنند؟",
    "او افزود: «به هر تجاوزی پاسخ خواهیم داد» و این جمله را ۳ بار تکرار کرد.",
    "در سال 1402، ۲۵٫۵ درصد از ٣ میلیون تن کالا ترانزیت شد.",
    "دولت جمهوري اسلامي ايران با كشور هاي همسايه رابطه ي خوبي دارد.",
]

FRAGMENTS = [
    *(chr(code) for code in (0x00, 0x07, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1B, 0x1C, 0x1F, 0x85, 0xA0, 0xAD)),
    *(chr(code) for code in (0x2028, 0x2029, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x202F, 0x2060, 0x3000, 0xFEFF)),
    *(chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x061C, 0x180E, 0x1680)),
    *(
        "\u064b",
        "\u064e\u0651",
        "\u0651\u064e",
        "\u0653",
        "\u0654",
        "\u0655",
        "\u0670",
        "\u0301\u0327",
        "\u0327\u0301",
    ),
    *("\u0640", "\ufe0f", "\u20e3", "\u0958", "\u0958\u0301", "\u2adc", "\u1e9b\u0323", "\u212b", "\u0344"),
    *(
        "ﷺ",
        "ﷲ",
        "ﷴ",
        "﷽",
        "﷼",
        "ﻻ",
        "ﻵ",
        "ﯾ",
        "ﻫ",
        "ﺎ",
        "ﺐ",
        "ﻷ\u0651",
        "ﬃ",
        "ĳ",
        "Ⅷ",
        "½",
        "㎏",
        "①",
        "ｱ",
        "Ａ",
        "！",
    ),
    *("\ud800", "\udfff", "\udc80", "\ufffd", "\uffff", "\U0010ffff", "\U000e0041", "\ue000"),
    *("👨\u200d👩\u200d👧", "🇮🇷", "❤️", "👍🏽", "😀", "\u200d", "e\u0301", "é", "각", "각", "कि", "שָׁ", "ß", "İ"),
    *(
        "<p>",
        "</p>",
        "<br/>",
        "<a href='x'>",
        "<",
        ">",
        "<b",
        "&nbsp;",
        "&zwnj;",
        "&amp;",
        "&lt;p&gt;",
        "&#8204;",
        "&#",
    ),
    *("۱۲۳", "٤٥٦", "123", "۱2٣", "۳٫۱۴", "3.14", "%", "٪", "۱۴۰۲/۱/۲", "۹متر", "طول۹"),
    *("می", "می ", "نمی", " ها", " های", " ی ", "ه ای", "هها", " تر", " ترین", "شبکه سی ان ان", "کتاب شان", "میرود"),
    *(
        " ",
        "  ",
        ".",
        "...",
        "…",
        "!",
        "؟",
        "?!",
        "،",
        "؛",
        ":",
        "«",
        "»",
        "“",
        "”",
        '"',
        "'",
        "(",
        ")",
        "[",
        "]",
        "{",
        "-",
        "_",
    ),
    *(
        "ي",
        "ى",
        "ك",
        "ة",
        "ۀ",
        "هٔ",
        "أ",
        "إ",
        "ؤ",
        "ئ",
        "آ",
        "آ",
        "ٱ",
        "ڈ",
        "ے",
        "ۆ",
        "گ",
        "چ",
        "پ",
        "ژ",
        "\u200c\u064b",
    ),
    *(
        "https://example.org/a?b=ج",
        "@سپاه",
        "#سپاه_پاسداران",
        "a@b.ir",
        "ABC",
        "Iran",
        "\\",
        "/",
        "|",
        "*",
        "\\u200c",
    ),
]

TATWEEL = "\u0640"

_ALPHABET = st.one_of(
    st.sampled_from(FRAGMENTS),
    st.sampled_from([word for sentence in SENTENCES for word in sentence.split()]),
    st.characters(codec=None),
    st.characters(min_codepoint=0x600, max_codepoint=0x6FF),
    st.integers(0xD800, 0xDFFF).map(chr),
)


def hostile_texts() -> st.SearchStrategy[str]:
    """Strings of hostile fragments, Persian words and any code points."""
    mixed = st.lists(_ALPHABET, max_size=30).map("".join)
    repeated = st.tuples(st.lists(_ALPHABET, min_size=1, max_size=3).map("".join), st.integers(1, 300)).map(
        lambda made: made[0] * made[1]
    )
    return st.one_of(mixed, repeated, st.tuples(mixed, repeated, mixed).map("".join))


def mutations(count: int, seed: int) -> Iterator[str]:
    """Persian articles, each damaged in its own way; the same ones for the same seed."""
    for number in range(count):
        chance = random.Random(f"{seed}:{number}")
        text = chance.choice(["\n", " ", "\r\n"]).join(chance.choices(SENTENCES, k=chance.randint(1, 3)))
        for _ in range(chance.randint(1, 8)):
            text = _mutate(text, chance)
        yield text


def _mutate(text: str, chance: random.Random) -> str:
    first, last = sorted((chance.randint(0, len(text)), chance.randint(0, len(text))))
    last = min(last, first + 40)
    before, middle, behind = text[:first], text[first:last], text[last:]
    kind = chance.randrange(12)
    if kind <= 3:
        middle += chance.choice(FRAGMENTS)
    elif kind == 4:
        middle = "".join(c + chance.choice(FRAGMENTS) for c in middle)
    elif kind == 5:
        middle = ""
    elif kind == 6:
        form = chance.choice(["NFC", "NFD", "NFKC", "NFKD"])
        return unicodedata.normalize(form, text)
    elif kind == 7:
        middle = re.sub(" ", lambda _: chance.choice(["\u00a0", "\u200b", "\u200c", "  ", "\u3000", "\t"]), middle)
    elif kind == 8:
        middle = chance.choice(FRAGMENTS) * chance.choice([2, 10, 200])
    elif kind == 9:
        middle = f"<{chance.choice(['b', 'a href=x', 'p'])}>{middle}</{chance.choice(['b', 'a', ''])}>"
    elif kind == 10:
        middle = "".join(chance.choice([c, _neighbour(chance)]) for c in middle)
    else:
        middle = chr(chance.randrange(0x110000)) + middle[::-1]
    return before + middle + behind


def _neighbour(chance: random.Random) -> str:
    """A code point of the blocks that press texts are made of: Latin, Arabic, punctuation, presentation forms."""
    return chr(chance.choice([0x0000, 0x0600, 0x2000, 0xFB50, 0xFE00]) + chance.randrange(256))


def assert_aligned(shadow: Shadow, length: int) -> None:
    """Both arrays are non-decreasing offsets into the original, and a character ends where it starts or later."""
    assert len(shadow.text) == len(shadow.starts) == len(shadow.ends)
    for places in (shadow.starts, shadow.ends):
        assert all(0 <= place <= length for place in places)
        assert all(a <= b for a, b in pairwise(places))
    assert all(start <= end for start, end in zip(shadow.starts, shadow.ends, strict=True))


def is_blank(character: str) -> bool:
    return character.isspace() or character == "\u200b"


def assert_spans(text: str, spans: list[tuple[int, int]]) -> None:
    """Spans lie in the text, in order, disjoint, without blanks at the edges."""
    position = 0
    for start, end in spans:
        assert position <= start < end <= len(text)
        assert not is_blank(text[start])
        assert not is_blank(text[end - 1])
        position = end


_MARKUP = re.compile(r"</?[A-Za-z][^<>\n]{0,200}>|&(?:[a-z]+|#\d{1,7});")


def assert_sound(document: Document) -> None:
    """What must hold of the sentences and words of any document."""
    text = document.text
    assert_spans(text, [(s.start, s.end) for s in document.sentences])
    assert_spans(text, [(w.start, w.end) for w in document.words])
    covered = bytearray(len(text))
    for sentence in document.sentences:
        assert not any(c in text[sentence.start : sentence.end] for c in "\n\r\u2028\u2029\u0085\x0b\x0c")
        for word in sentence.words:
            assert sentence.start <= word.start
            assert word.end <= sentence.end
            assert word.text
            assert not any(c.isspace() for c in word.text)
            assert "\u200c" not in (word.text[0], word.text[-1])
            covered[word.start : word.end] = b"\1" * (word.end - word.start)
    for markup in _MARKUP.finditer(text):
        covered[markup.start() : markup.end()] = b"\1" * len(markup[0])
    lost = [c for c, seen in zip(text, covered, strict=True) if not seen and c.isalnum() and c != TATWEEL]
    assert not lost, f"letters in no word: {lost}"
