"""What Spaces starts. `demo` is the page; `python app.py` serves it, in the language of $SPECDEC_LANGUAGE."""

from specdec.language import chosen
from specdec.ui import page

WORDS = chosen()
demo = page.build(WORDS)

if __name__ == "__main__":
    page.serve(demo, words=WORDS)
