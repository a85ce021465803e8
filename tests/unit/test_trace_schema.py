"""The schema in docs/ is made from the records, and says of every field what may stand there."""

from pathlib import Path

import pytest

from specdec.trace import schema

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("name", list(schema.files()))
def test_the_schema_in_docs_is_that_of_the_records(name):
    told = f"{name} is stale: python -m specdec.trace.schema docs"
    assert (DOCS / name).read_text(encoding="utf-8") == schema.files()[name], told


def test_every_type_and_field_of_a_trace_is_described():
    types = schema.json_schema()["$defs"]
    for name, one in types.items():
        assert one["description"] and f"\n## {name}\n" in schema.markdown()
        assert one["additionalProperties"] is False if name != "Settings" else "additionalProperties" not in one
    assert types["Header"]["required"][-1] == "schema"
    assert types["Header"]["properties"]["settings"] == {"$ref": "#/$defs/Settings"}
