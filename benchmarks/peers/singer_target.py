"""A target with singer-sdk: posts records in batches of 100; what it prints is the state.

python singer_target.py --config CONFIG
"""

from typing import Any, ClassVar

import requests
from singer_sdk import BatchSink, Target
from singer_sdk import typing as th

SESSION = requests.Session()


class Cases(BatchSink):
    """Batches of 100."""

    max_size = 100

    def process_batch(self, context: dict[str, Any]) -> None:
        SESSION.post(f"{self.config['target']}/cases/batch", json=context["records"]).raise_for_status()


class BenchTarget(Target):
    """One sink for every stream."""

    name = "target-bench"
    default_sink_class = Cases
    config_jsonschema: ClassVar[dict[str, Any]] = th.PropertiesList(
        th.Property("target", th.StringType, required=True), th.Property("source", th.StringType)
    ).to_dict()


if __name__ == "__main__":
    BenchTarget.cli()
