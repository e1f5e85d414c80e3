"""Whether an API does what its description says: schemathesis asks, by cases that it makes up from the description."""

import random
from collections import Counter

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup

load_all_checks()
LEFT_OUT = {
    # What a description cannot say: that a scenario's persons are in it, that a number has right check digits, that a
    # task has such an answer, that a mark is today's. All of these are told by 4xx, which every other check looks at.
    "positive_data_acceptance",
    # Each call stands by itself.
    "use_after_free", "ensure_resource_availability",
    # The name of a session's cookie and who may call are tried in test_api.
    "ignored_auth",
}  # fmt: skip


def checks():
    return [CHECKS.get_one(name) for name in CHECKS.get_all_names() if name not in LEFT_OUT]


def faults(
    document,
    base,
    *,
    token,
    known,
    examples,
    only=None,
    seed=0,
    modes=(GenerationMode.POSITIVE, GenerationMode.NEGATIVE),
):
    """What schemathesis finds, by operation, and how many calls of each status it made.

    ``known`` are ids that are there, put into half of the addresses; ``only`` names operations.
    """
    open_to_all = {
        name: part for name, part in document.items() if name != "security"
    }  # who gets in is tried elsewhere
    schema = schemathesis.openapi.from_dict(open_to_all)
    seen, found = Counter(), {}
    chance = random.Random(seed)
    for result in schema.get_all_operations():
        operation = result.ok()
        name = operation.definition.raw["operationId"]
        if only is not None and name not in only:
            continue
        for mode in modes:

            def tried(case):
                if (
                    case.meta.generation.mode is GenerationMode.POSITIVE
                    and case.path_parameters
                    and chance.random() < 0.6
                ):
                    case.path_parameters.update({one: known[one] for one in case.path_parameters if one in known})
                answer = case.call(base_url=base, headers={"Authorization": f"Bearer {token()}"})
                seen[answer.status_code] += 1
                case.validate_response(answer, checks=checks())

            asked = given(case=operation.as_strategy(generation_mode=mode))(tried)
            quiet = settings(max_examples=examples, deadline=None, database=None, derandomize=True,
                             phases=[Phase.generate], suppress_health_check=list(HealthCheck))  # fmt: skip
            try:
                quiet(asked)()
            except Unsatisfiable:
                continue  # nothing about it can be wrong, or right, beyond what was tried
            except (Exception, FailureGroup) as error:  # noqa: BLE001 - whatever it is, it is what was found
                found[name, mode.value] = str(error)[:1500]
    return found, seen
