"""Normalisation is the same with every hazm. Needs nothing else: `pytest --noconftest tests/test_spacing.py`."""

from __future__ import annotations

import pytest

from inference.document import Document


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # hazm 0.12 would join these to the word before.
        ("شبکه سی ان ان گزارش داد", "شبکه سی ان ان گزارش داد"),
        ("۱۰ میلیارد ین به عراق", "10 میلیارد ین به عراق"),
        ("حکم قطع ید صادر شد", "حکم قطع ید صادر شد"),
        ("در سرزمین شان، و خانه هایشان", "در سرزمین شان، و خانه هایشان"),
        ("هموطنان مان در مقابل تان", "هموطنان مان در مقابل تان"),
        # Both join these.
        ("کتاب های او ان شاءالله می رسد", "کتاب\u200cهای او ان\u200cشاءالله می\u200cرسد"),
        ("خانه ای بزرگ تر", "خانه\u200cای بزرگ\u200cتر"),
        # hazm 0.10 would also set off `می` inside of other words.
        ("میرود و نمیرود و آرمیرود", "می\u200cرود و نمی\u200cرود و آرمیرود"),
        # Letters that only one of them knows.
        ("ﯼ ﯽ ﺂ گروه ها", "ی ی آ گروه\u200cها"),
        ("   سلام   دنیا   ", "سلام دنیا"),
        ("\u200c\u200cسلام\u200c\u200c \u200cدنیا", "سلام دنیا"),
    ],
)
def test_same_normalised_text(text: str, expected: str) -> None:
    assert Document(text).sentences[0].normalized == expected


def test_same_sentences() -> None:
    text = "آمد. رفت!  ماند؟ \u2e2e شد⸮ بود... گفت.!? پس"
    found = [text[s.start : s.end] for s in Document(text).sentences]
    assert found == ["آمد.", "رفت!", "ماند؟", "\u2e2e", "شد⸮", "بود...", "گفت.!?", "پس"]
