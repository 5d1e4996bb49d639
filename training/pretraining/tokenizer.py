"""A WordPiece tokenizer for Persian, trained on the pre-training text."""

from __future__ import annotations

from collections.abc import Iterable

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

PAD, UNK, CLS, SEP, MASK = "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"

# ZWNJ goes: `همکاری‌ها` and `همکاریها` become the same pieces, so text that lost its ZWNJ reads the same.
# With it go ZWJ, bidi controls, soft hyphen, BOM, tatweel and the vowel marks, which the press seldom writes.
_INVISIBLE = "[\u00ad\u0640\u064b-\u0655\u0670\u200c-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
_LETTERS = {"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "أ": "ا", "إ": "ا", "ٱ": "ا", "ؤ": "و"}
_DIGITS = {chr(base + n): str(n) for base in (0x0660, 0x06F0) for n in range(10)}


def persian_normalizer() -> normalizers.Normalizer:
    """NFKC, one form for each letter and digit, nothing invisible, lower case."""
    folds = [normalizers.Replace(old, new) for old, new in (_LETTERS | _DIGITS).items()]
    return normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Replace("\u200b", " "),
            normalizers.Replace(Regex(_INVISIBLE), ""),
            *folds,
            normalizers.Lowercase(),
        ]
    )


def train_tokenizer(lines: Iterable[str], vocab_size: int, max_length: int) -> PreTrainedTokenizerFast:
    """Learn a WordPiece vocabulary.

    Args:
        lines: Text, one paragraph each.
        vocab_size: Pieces, the five special ones included.
        max_length: `model_max_length` of the tokenizer, in tokens.

    Returns:
        A tokenizer whose class is `PreTrainedTokenizerFast`: model-specific classes replace the normaliser
        by their own when they load.
    """
    backend = Tokenizer(models.WordPiece(unk_token=UNK, max_input_chars_per_word=100))
    backend.normalizer = persian_normalizer()
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    backend.decoder = decoders.WordPiece()
    trainer = trainers.WordPieceTrainer(
        vocab_size=vocab_size, special_tokens=[PAD, UNK, CLS, SEP, MASK], limit_alphabet=600, show_progress=False
    )
    backend.train_from_iterator(lines, trainer)
    cls_id, sep_id = backend.token_to_id(CLS), backend.token_to_id(SEP)
    backend.post_processor = processors.TemplateProcessing(
        single=f"{CLS} $A {SEP}",
        pair=f"{CLS} $A {SEP} $B {SEP}",
        special_tokens=[(CLS, cls_id), (SEP, sep_id)],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=backend,
        model_max_length=max_length,
        model_input_names=["input_ids", "attention_mask"],
        pad_token=PAD,
        unk_token=UNK,
        cls_token=CLS,
        sep_token=SEP,
        mask_token=MASK,
    )
