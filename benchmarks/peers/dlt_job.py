"""The job with dlt: a resource that reads pages from its last change, a destination that posts in batches of 100.

python dlt_job.py SOURCE TARGET STATE
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import dlt
from dlt.sources.helpers import requests
from plain import may_go, renamed


@dlt.resource(name="cases", write_disposition="append", max_table_nesting=0)
def cases(source: str) -> Iterator[list[dict[str, Any]]]:
    """Pages of what changed since last time."""
    kept = dlt.current.resource_state()
    since, page, more = kept.get("change", 0), 1, True
    client = requests.Client()
    while more:
        told = client.get(f"{source}/cases", params={"since": since, "page": page}).json()
        yield [renamed(document) for document in told["cases"] if may_go(document)]
        kept["change"], more, page = told["change"], told["more"], page + 1


def main(source: str, target: str, state: str) -> None:
    client = requests.Client()

    @dlt.destination(batch_size=100, loader_file_format="typed-jsonl", name="target", naming_convention="direct",
                     max_table_nesting=0, skip_dlt_columns_and_tables=True)  # fmt: skip
    def post(items: list[dict[str, Any]], _table: Any) -> None:
        client.post(f"{target}/cases/batch", json=items).raise_for_status()

    pipeline = dlt.pipeline("bench", destination=post, pipelines_dir=state, dev_mode=False)
    pipeline.run(cases(source)).raise_on_failed_jobs()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3])
