from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from any_plan import records
from plantrack.core.lineage import FileDelta, State, advance
from plantrack.core.model import Plan
from plantrack.store.chronicle import StepRecord
from plantrack.store.recording import DocumentRecord
from plantrack.sync import parcel
from strategies import plans


@dataclass(frozen=True, slots=True)
class Single:
    value: str


@given(plans())
def test_a_plan_comes_back_as_it_is(plan: Plan) -> None:
    again, same = parcel.load(parcel.dump((plan, plan)))
    assert again == plan
    assert again is same  # what is one thing stays one


@given(records("docs/a.md"))
def test_a_record_comes_back_as_it_is(record: DocumentRecord) -> None:
    assert parcel.load(parcel.dump(record)) == record


@given(plans())
def test_a_step_comes_back_as_it_is(plan: Plan) -> None:
    _, steps = advance(State(), [FileDelta(None, "docs/a.md", plan)])
    records = [StepRecord.of(step, "aa") for step in steps]
    assert parcel.load(parcel.dump(records)) == records


@given(st.text())
def test_a_value_of_one_field_comes_back_as_it_is(text: str) -> None:
    assert parcel.load(parcel.dump(Single(text))) == Single(text)
