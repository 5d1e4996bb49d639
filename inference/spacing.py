"""hazm's Normalizer, which mends the spacing, made to say the same in each of its versions.

Importing this module imports all of hazm (1 to 3 s with hazm 0.10): it is imported where it is first used.
"""

from __future__ import annotations

import re

from hazm import Normalizer

# hazm 0.12 joins these to the word before, hazm 0.10 does not: `شبکه سی ان ان`, `میلیارد ین`, `قطع ید`.
_ENDINGS_OF_012 = frozenset(
    ["یم", "ید", "ند", "مان", "تان", "شان", "هایمان", "هایتان", "هایشان", "ان", "ین", "م", "ت", "ش"]
)
_WITH_MI = re.compile("\\bن?می[آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی]+")


class SpacingNormalizer(Normalizer):
    """Changes blanks and ZWNJ only."""

    def __init__(self) -> None:
        super().__init__(decrease_repeated_chars=False)

    def normalize(self, text: str) -> str:
        """Mend the spacing of a text whose letters are folded already."""
        return self.seperate_mi(self.correct_spacing(text))

    def token_spacing(self, tokens: list[str]) -> list[str]:
        """Join tokens to words; an ending on which the versions differ is never joined to the token before."""
        joined: list[str] = []
        start = 0
        for place, token in enumerate(tokens):
            if token in _ENDINGS_OF_012:
                joined += super().token_spacing(tokens[start:place])
                start = place
        return joined + super().token_spacing(tokens[start:])

    def seperate_mi(self, text: str) -> str:  # hazm's spelling
        """Set off `می` from its verb, word by word: hazm 0.10 also rewrites other words that contain the verb."""
        separate = super().seperate_mi
        return _WITH_MI.sub(lambda match: separate(match[0]), text)
