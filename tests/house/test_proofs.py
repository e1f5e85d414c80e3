"""Every adapter says how it was proved, and each proof that it claims is a test that exists."""

import ast

import msgspec
import pytest
from source import ROOT

from gateway.run.plugins import load_plugins
from gateway.sdk import Proof

ADAPTERS = load_plugins().adapters


def names_in(source: str) -> set[str]:
    """The tests of a module as pytest names them: functions, classes, and functions of classes."""
    found = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{one.name}" for one in node.body if isinstance(one, ast.FunctionDef)}
    return {name for name in found if name.startswith(("test_", "Test"))}


def hollow(proofs: tuple[Proof, ...]) -> list[str]:
    """What is wrong with what an adapter claims of its proofs."""
    wrong = [] if proofs else ["claims no proof"]
    for proof in proofs:
        try:
            msgspec.convert(msgspec.to_builtins(proof), Proof)
        except msgspec.ValidationError:
            wrong.append(f"{proof.by} is no way to prove")
        path, _, name = proof.test.partition("::")
        if not (ROOT / path).is_file():
            wrong.append(f"{path} is not there")
        elif not (tests := names_in((ROOT / path).read_text("utf-8"))) or (name and name not in tests):
            wrong.append(f"{proof.test} is no test")
    return wrong


@pytest.mark.parametrize("planted", [
    (),
    (Proof(by="simulator", test="plugins/manual/tests/test_nothing.py"),),
    (Proof(by="simulator", test="tests/house/test_proofs.py::test_of_nothing"),),
    (Proof(by="simulator", test="tests/house/source.py"),),
    (Proof(by="hearsay", test="tests/house/test_proofs.py"),),  # type: ignore[arg-type]
])  # fmt: skip
def test_a_hollow_proof_is_found(planted):
    assert hollow(planted)


@pytest.mark.parametrize("name", sorted(ADAPTERS))
def test_an_adapter_names_the_tests_that_prove_it(name):
    assert hollow(ADAPTERS[name].proved) == []
