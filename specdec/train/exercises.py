"""Edit exercises made from stories: their output repeats much of the input, which suits drafters that copy.

Every maker takes the stories and a count and yields that many documents, or fewer if the stories do not give as many;
its random choices depend on its generator alone.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from itertools import islice

import numpy as np

from specdec.train.corpus import Document, exercise

END_OF_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[.!?][\"'])\s+")
WORD = re.compile(r"[A-Za-z]+")
TRIES = 20  # per exercise asked for
SMALL_WORDS = {"a", "an", "the", "to", "of", "in", "on", "at", "and", "is", "was"}
CONFUSED = {
    "was": "were", "were": "was", "is": "are", "are": "is", "has": "have", "have": "has", "their": "there",
    "there": "their", "to": "too", "your": "you're", "its": "it's", "then": "than", "saw": "seen", "went": "goed",
    "ran": "runned", "an": "a", "a": "an", "said": "sayed", "quite": "quiet", "loved": "love", "did": "done",
}  # fmt: skip
STARTERS = {"He", "She", "They", "It", "The", "Then", "His", "Her", "Their", "We", "You", "This", "There", "That", "A"}


def sentences(text: str) -> list[str]:
    """The sentences of one paragraph, with their punctuation.

    >>> sentences('Tom ran. "Stop!" said Mia. He did.')
    ['Tom ran.', '"Stop!" said Mia.', 'He did.']
    """
    found: list[str] = []
    for piece in END_OF_SENTENCE.split(text.strip()):
        if found and (found[-1].count('"') % 2 or piece[:1].islower()):
            found[-1] += " " + piece  # inside a quotation, or "said Mia" after one
        else:
            found.append(piece)
    return found


def passages(stories: list[str], low: int, high: int, tries: int, random: np.random.Generator) -> Iterator[list[str]]:
    """Passages of low … high sentences from random stories, at most one for each of `tries` tries."""
    for _ in range(tries):
        found = sentences(" ".join(stories[random.integers(len(stories))].split("\n")))
        count = int(random.integers(low, high + 1))
        start = int(random.integers(max(1, len(found) - count + 1)))
        part = found[start : start + count]
        if len(part) >= low and all(len(sentence) < 200 and sentence.count('"') % 2 == 0 for sentence in part):
            yield part


def correct(stories: list[str], count: int, random: np.random.Generator) -> Iterator[Document]:
    """Correction exercises: passages with mistakes in spelling, grammar and punctuation → the original passages."""
    for part in islice(passages(stories, 2, 5, TRIES * count, random), count):
        text = " ".join(part)
        yield exercise("correct", spoil(text, random), text)


def spoil(text: str, random: np.random.Generator, rate: float = 0.09) -> str:
    """Put a mistake into about one word in eleven, and at least one attempt per text; very short words may stay as
    they are."""
    words = text.split(" ")
    chosen = random.random(len(words)) < rate
    chosen[random.integers(len(words))] = True
    return " ".join(filter(None, (_mistake(w, random) if bad else w for w, bad in zip(words, chosen, strict=True))))


def _mistake(word: str, random: np.random.Generator) -> str:
    kind = random.random()
    if word.lower() in SMALL_WORDS and kind < 0.3:
        return ""
    if word in CONFUSED and kind < 0.8:
        return CONFUSED[word]
    if word[:1].isupper() and kind < 0.4:
        return word[0].lower() + word[1:]
    if not word[-1:].isalpha() and len(word) > 2 and kind < 0.4:
        return word[:-1]
    if kind > 0.93:
        return f"{word} {word}"
    return _misspelt(word, random)


def _misspelt(word: str, random: np.random.Generator) -> str:
    """A word with one letter dropped, doubled, swapped with the one before, or replaced by a vowel; words of one or
    two letters stay as they are."""
    if (found := WORD.search(word)) is None or len(found[0]) < 3:
        return word
    at, kind = found.start() + int(random.integers(1, len(found[0]))), random.integers(4)
    letter, before, after = word[at], word[:at], word[at + 1 :]
    if kind == 0:
        return before + after
    if kind == 1 or (kind == 3 and letter not in "aeiou"):
        return before + letter + letter + after
    if kind == 2:
        return before[:-1] + letter + before[-1] + after
    return before + "aeiou"[random.integers(5)] + after


def split(stories: list[str], count: int, random: np.random.Generator) -> Iterator[Document]:
    """Splitting exercises: passages with neighbouring sentences joined by conjunctions → the original passages."""
    made = 0
    for part in passages(stories, 2, 6, TRIES * count, random):
        joined, index = [], 0
        while index < len(part):
            if index + 1 < len(part) and (pair := _joined(part[index], part[index + 1], random)):
                joined.append(pair)
                index += 2
            else:
                joined.append(part[index])
                index += 1
        if len(joined) < len(part):
            yield exercise("split", " ".join(joined), " ".join(part))
            made += 1
        if made == count:
            return


def _joined(first: str, second: str, random: np.random.Generator) -> str | None:
    """Two sentences joined: `Tom ran.` and `He fell.` → `Tom ran, and he fell.`; None where that might be
    ungrammatical."""
    start = second.split(" ", 1)[0]
    if not first.endswith(".") or '"' in first + second or start not in STARTERS:
        return None
    link = ", and " if start == "Then" else (", and ", " and ", "; ", ", while ")[random.integers(4)]
    return first[:-1] + link + second[0].lower() + second[1:]


def quote(stories: list[str], count: int, random: np.random.Generator) -> Iterator[Document]:
    """Quotation exercises: a passage and a question about one of its sentences → that sentence."""
    made = 0
    for part in passages(stories, 4, 9, TRIES * count, random):
        answer = part[random.integers(len(part))]
        if question := _question(answer, part, random):
            yield exercise("quote", f"{' '.join(part)}\n{question}", answer, all_learned=True)
            made += 1
        if made == count:
            return


def _question(answer: str, part: list[str], random: np.random.Generator) -> str | None:
    """A question that quotes words of the answer which are in no other sentence of the passage; None where there are
    none."""
    words = re.findall(r"[A-Za-z']+", answer)
    if not 5 <= len(words) <= 30:
        return None
    found = re.match(r"([A-Z][a-z]+) ([a-z]+ed|ran|went|saw|found|took|had|was|gave|made|sat|felt|put) (.+)", answer)
    if found and random.random() < 0.6:
        rest = " ".join(re.split(r"[,.!?;]", found[3])[0].split(" ")[:6])
        words_asked = f"{found[2]} {rest}"
        question = f"Who {words_asked}?"
    else:
        size = int(random.integers(2, 4))
        start = int(random.integers(0, len(words) - size + 1))
        words_asked = " ".join(words[start : start + size])
        form = ("Which sentence tells of", "Where do we read", "What does it say about")[random.integers(3)]
        question = f'{form} "{words_asked}"?'
    return question if sum(words_asked in sentence for sentence in part) == 1 else None


COLUMNS: dict[str, Callable[[np.random.Generator], str | int]] = {
    key: (lambda random, values=values: values[random.integers(len(values))])
    for key, values in {
        "name": "Tom Lily Ben Mia Anna Sam Lucy Max Sue Tim Jack Sara Bob Kim Leo Ella Emma Jane Mark Zoe".split(),
        "animal": "dog cat bird fish rabbit bear fox duck frog mouse horse cow lion owl bee pig hen".split(),
        "colour": "red blue green yellow pink white black brown purple orange".split(),
        "toy": "ball doll car truck kite boat block drum train robot puzzle bike swing".split(),
        "food": "apple cake bread soup cheese pie banana carrot cookie milk honey rice".split(),
        "place": "park school farm forest beach garden house zoo market river hill lake".split(),
    }.items()
} | {"age": lambda random: int(random.integers(2, 15)), "count": lambda random: int(random.integers(1, 100))}


def table(stories: list[str], count: int, random: np.random.Generator) -> Iterator[Document]:
    """Conversion exercises: small tables in one notation → the same in another."""
    for _ in range(count):
        columns = list(random.permutation(sorted(COLUMNS))[: random.integers(2, 5)])
        rows = [{column: COLUMNS[column](random) for column in columns} for _ in range(random.integers(2, 8))]
        source, result = random.permutation(sorted(NOTATIONS))[:2]
        order = f"{('Convert', 'Change', 'Turn')[random.integers(3)]} this {source} into {result}:"
        yield exercise("format", f"{order}\n{NOTATIONS[source](rows)}", NOTATIONS[result](rows))


def _csv(rows: list[dict]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().rstrip("\n")


def _markdown(rows: list[dict]) -> str:
    lines = [list(rows[0]), ["---"] * len(rows[0]), *(list(row.values()) for row in rows)]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def _yaml(rows: list[dict]) -> str:
    return "\n".join("- " + "\n  ".join(f"{key}: {value}" for key, value in row.items()) for row in rows)


NOTATIONS: dict[str, Callable[[list[dict]], str]] = {
    "CSV": _csv,
    "JSON": lambda rows: json.dumps(rows, indent=4),
    "YAML": _yaml,
    "Markdown": _markdown,
}
MAKERS = {"correct": correct, "split": split, "quote": quote, "table": table}
