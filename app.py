"""What Spaces starts. `demo` is the page; `python app.py` serves it."""

from specdec.ui import page

demo = page.build()

if __name__ == "__main__":
    page.serve(demo)
