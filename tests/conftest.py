"""Tiny real models and articles that the tests share. Nothing here touches the network."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
# Tests run side by side; more threads each would only get in each other's way.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (
    BertConfig,
    BertForMaskedLM,
    ModernBertConfig,
    ModernBertForMaskedLM,
    PreTrainedTokenizerFast,
    XLMRobertaConfig,
    XLMRobertaForMaskedLM,
)

from inference.checkpoint import ModelSettings
from inference.labels import ENTITY_LABELS, THEMES, bio_tags
from training.pretraining.tokenizer import train_tokenizer

SENTENCES = [
    "سردار حسین رستمی فرمانده کل سپاه گفت: با ارتش پاکستان همکاری می‌کنیم.",
    "ژنرال کریم‌خان وزیر دفاع افغانستان بر گسترش همکاری‌ها تاکید کرد.",
    "به گزارش ایرنا، سخنگوی وزارت خارجه ترکیه حمله تروریستی در کابل را محکوم کرد.",
    "وی افزود: به هر تجاوزی پاسخ قاطع خواهیم داد.",
    "سرهنگ مراد یلماز در دیدار با همتای ایرانی خود از رزمایش مشترک استقبال کرد.",
    "مرزبانان در سراوان محموله بزرگ قاچاق را توقیف کردند.",
    "آیت‌الله صادق نوربخش در تهران گفت: وحدت مسلمانان ضامن امنیت منطقه است.",
    "تیم فوتبال تراکتور در تبریز به پیروزی رسید.",
    "ناصر الکعبی نماینده قطر در سازمان ملل از گفت‌وگو حمایت کرد.",
    "خبرگزاری فارس نوشت: تحریم‌های تازه آمریکا بر اقتصاد ایران اثری ندارد.",
]
ARTICLE = "سردار رستمی در کابل\nسردار حسین رستمی گفت: با ارتش پاکستان همکاری می\u200cکنیم.\n"


@pytest.fixture(scope="session")
def persian_tokenizer() -> PreTrainedTokenizerFast:
    """A WordPiece tokenizer with our normaliser, trained on the sentences."""
    return train_tokenizer(SENTENCES * 5, vocab_size=400, max_length=512)


@pytest.fixture(scope="session")
def make_encoder(
    tmp_path_factory: pytest.TempPathFactory, persian_tokenizer: PreTrainedTokenizerFast
) -> Callable[[str], Path]:
    """`make_encoder("modernbert" | "bert" | "xlm-roberta")`: folder of a tiny random masked language model."""
    made: dict[str, Path] = {}

    def make(kind: str) -> Path:
        if kind not in made:
            torch.manual_seed(0)
            folder = tmp_path_factory.mktemp(kind)
            tokenizer = _unigram_tokenizer() if kind == "xlm-roberta" else persian_tokenizer
            _tiny_model(kind, tokenizer).save_pretrained(folder)
            tokenizer.save_pretrained(folder)
            made[kind] = folder
        return made[kind]

    return make


@pytest.fixture(scope="session")
def tiny_models(tmp_path_factory: pytest.TempPathFactory, make_encoder: Callable[[str], Path]) -> dict[str, Path]:
    """Folders `ner` and `themes` of tiny random models with our labels: they load and run, and know nothing."""
    from transformers import AutoModelForSequenceClassification, AutoModelForTokenClassification, AutoTokenizer

    encoder = make_encoder("modernbert")
    tokenizer = AutoTokenizer.from_pretrained(encoder)
    root = tmp_path_factory.mktemp("models")
    torch.manual_seed(0)
    for task, auto, labels in (
        ("ner", AutoModelForTokenClassification, bio_tags(ENTITY_LABELS)),
        ("themes", AutoModelForSequenceClassification, list(THEMES)),
    ):
        more = {"problem_type": "multi_label_classification"} if task == "themes" else {}
        model = auto.from_pretrained(
            encoder,
            id2label=dict(enumerate(labels)),
            label2id={label: index for index, label in enumerate(labels)},
            dtype=torch.float32,
            **more,
        )
        model.save_pretrained(root / task)
        tokenizer.save_pretrained(root / task)
        ModelSettings(task, max_length=64, overlap=16).save(root / task)  # type: ignore[arg-type]
    return {"ner": root / "ner", "themes": root / "themes"}


@pytest.fixture
def article(tmp_path: Path) -> Path:
    """A file with `ARTICLE`, for the command line."""
    path = tmp_path / "news.txt"
    path.write_bytes(ARTICLE.encode())
    return path


@pytest.fixture(name="models")
def model_options(tiny_models: dict[str, Path]) -> list[str]:
    """Options of the command line that name the tiny models."""
    return ["--ner", str(tiny_models["ner"]), "--themes", str(tiny_models["themes"]), "--device", "cpu"]


def _tiny_model(kind: str, tokenizer: PreTrainedTokenizerFast) -> torch.nn.Module:
    shape = {"vocab_size": len(tokenizer), "hidden_size": 32, "intermediate_size": 32, "num_hidden_layers": 2}
    heads = {"num_attention_heads": 2, "max_position_embeddings": 512, "pad_token_id": tokenizer.pad_token_id}
    if kind == "bert":
        return BertForMaskedLM(BertConfig(**shape, **heads))
    if kind == "xlm-roberta":
        return XLMRobertaForMaskedLM(XLMRobertaConfig(**shape, **(heads | {"max_position_embeddings": 514})))
    special = {"cls_token_id": tokenizer.cls_token_id, "sep_token_id": tokenizer.sep_token_id}
    ends = {"bos_token_id": tokenizer.cls_token_id, "eos_token_id": tokenizer.sep_token_id}
    return ModernBertForMaskedLM(
        ModernBertConfig(**shape, **heads, **special, **ends, local_attention=32, classifier_pooling="mean")
    )


def _unigram_tokenizer() -> PreTrainedTokenizerFast:
    """XLM-R's kind: Unigram pieces with a visible blank."""
    backend = Tokenizer(models.Unigram())
    backend.normalizer = normalizers.NFKC()
    backend.pre_tokenizer = pre_tokenizers.Metaspace()
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    trainer = trainers.UnigramTrainer(vocab_size=300, special_tokens=special, unk_token="<unk>", show_progress=False)
    backend.train_from_iterator(SENTENCES * 5, trainer)
    first, last = backend.token_to_id("<s>"), backend.token_to_id("</s>")
    backend.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", first), ("</s>", last)],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=backend,
        model_max_length=512,
        model_input_names=["input_ids", "attention_mask"],
        bos_token="<s>",
        cls_token="<s>",
        eos_token="</s>",
        sep_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        mask_token="<mask>",
    )
