"""spaCy documents in a DocBin: spans at the very offsets of the annotation.

`doc.text` is the article, except that U+FFFD stands for a lone surrogate, which spaCy can't hold.

| where | what |
| --- | --- |
| `doc.ents` | mentions |
| `doc.sents` | sentences; spaCy counts the blanks between two of them to the first |
| `doc.spans["sentences"]` | sentences without these blanks; the label is the stance |
| `doc.spans["themes"]` | a span for each theme of each sentence; the label is the theme |
| `doc.spans["statements"]` | statements; the label is the kind, `id_` the speaker |
| `doc.user_data["document"]` | name of the document |
| `doc.user_data["annotation"]` | the JSON form as text, for `Annotation.from_json`: also scores, actors, summary |
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from inference.annotation import Annotation
from inference.document import Document
from inference.errors import SokhanError
from inference.escaping import encodable
from inference.exports import Documents

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab


def load_spacy() -> Any:
    """The package.

    Raises:
        SokhanError: If it is not installed.
    """
    try:
        import spacy
    except ImportError as error:
        raise SokhanError("the format spacy needs spaCy: pip install 'sokhan[spacy]'") from error
    return spacy


def to_docbin(documents: Documents) -> bytes:
    """A DocBin with a document for each annotation, in order, as `DocBin().from_bytes` or `from_disk` reads it."""
    spacy = load_spacy()
    vocab = spacy.blank("fa").vocab
    docs = [to_doc(name, annotation, vocab) for name, annotation in documents.items()]
    data: bytes = spacy.tokens.DocBin(store_user_data=True, docs=docs).to_bytes()
    return data


def to_doc(name: str, annotation: Annotation, vocab: Vocab) -> Doc:
    """The document `name` with all that was found in it; the module says where."""
    from spacy.tokens import Doc

    text = encodable(annotation.text)
    tokens = list(_tokens(annotation))
    beginnings = {sentence.start for sentence in annotation.sentences}
    doc = Doc(
        vocab,
        words=[text[start:end] for start, end, _ in tokens],
        spaces=[blank for _, _, blank in tokens],
        sent_starts=[start in beginnings for start, _, _ in tokens],
    )
    doc.ents = [doc.char_span(e.start, e.end, label=e.label) for e in annotation.entities]
    doc.spans["sentences"] = [doc.char_span(s.start, s.end, label=s.stance) for s in annotation.sentences]
    doc.spans["themes"] = [
        doc.char_span(s.start, s.end, label=theme.name) for s in annotation.sentences for theme in s.themes
    ]
    doc.spans["statements"] = [
        doc.char_span(s.start, s.end, label=s.kind, span_id=encodable(s.speaker)) for s in annotation.statements
    ]
    doc.user_data["document"] = encodable(name)
    doc.user_data["annotation"] = annotation.to_json()
    return doc


def _tokens(annotation: Annotation) -> Iterator[tuple[int, int, bool]]:
    """`(start, end, whether one blank follows)` of tokens that tile the text, so that no character is lost.

    Every word and every span begins and ends with a token. As with spaCy's own tokenizers one blank belongs to
    the token before it, and further blanks and line ends are tokens.
    """
    text = annotation.text
    spans = [
        *((entity.start, entity.end) for entity in annotation.entities),
        *((sentence.start, sentence.end) for sentence in annotation.sentences),
        *((statement.start, statement.end) for statement in annotation.statements),
    ]
    edges = {0, len(text)}.union(*spans)
    for word in Document(text).words:
        edges |= {word.start, word.end}
    begins, ends = {start for start, _ in spans}, {end for _, end in spans}
    waiting: tuple[int, int] | None = None
    for start, end in pairwise(sorted(edges)):
        if waiting and text[start] == " " and start not in begins and start + 1 not in ends:
            yield *waiting, True
            waiting = (start + 1, end) if start + 1 < end else None
        else:
            if waiting:
                yield *waiting, False
            waiting = start, end
    if waiting:
        yield *waiting, False
