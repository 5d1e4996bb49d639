r"""CoNLL columns: `word \t start \t end \t tag`, a blank line after each sentence.

Words are normalised, as models read them; `start` and `end` are code points of the article. The tags are IOB2. Lines
that begin with `# ` are comments: the document, and the text of each sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from inference.annotation import Annotation
from inference.document import Word
from inference.escaping import escaped
from inference.exports import Documents
from inference.exports.words import cut_words
from inference.labels import OUTSIDE


def to_conll(documents: Documents) -> bytes:
    """The file. Control characters and lone surrogates are written as `\\uXXXX`."""
    return "".join(line for name, annotation in documents.items() for line in _lines(name, annotation)).encode()


def _lines(name: str, annotation: Annotation) -> Iterator[str]:
    yield f"# document = {escaped(name)}\n"
    for number, tagged in groupby(_tagged(annotation), key=lambda one: one[0]):
        if number >= 0:
            yield f"# text = {escaped(annotation.sentences[number].text)}\n"
        for _, word, tag in tagged:
            yield f"{escaped(word.text)}\t{word.start}\t{word.end}\t{tag}\n"
        yield "\n"


def _tagged(annotation: Annotation) -> Iterator[tuple[int, Word, str]]:
    """Each word with its tag and the number of the last sentence that begins before its end; -1 before the first."""
    entities, sentences = annotation.entities, annotation.sentences
    edges = [edge for entity in entities for edge in (entity.start, entity.end)]
    place, sentence, begun = 0, -1, False
    for word in cut_words(annotation.text, edges):
        while sentence + 1 < len(sentences) and sentences[sentence + 1].start < word.end:
            sentence += 1
        while place < len(entities) and entities[place].end <= word.start:
            place, begun = place + 1, False
        if place < len(entities) and entities[place].start <= word.start:
            yield sentence, word, f"{'I' if begun else 'B'}-{entities[place].label}"
            begun = True
        else:
            yield sentence, word, OUTSIDE
