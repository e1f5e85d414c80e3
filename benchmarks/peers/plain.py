"""What a careful programmer writes in an afternoon: read pages, keep to the consents, rename, post; remember where.

No encryption, no record of what was sent, no conflicts, no second direction.

    python plain.py SOURCE TARGET STATE BATCH
"""

import json
import sys
from pathlib import Path

import httpx

RECEIVER = "health_station"


def may_go(document: dict) -> bool:
    """Whether everyone with parental responsibility has consented to this receiver."""
    items = document["items"]
    holders = {
        one["fields"]["person"] for one in items["relation"] if one["fields"]["responsibility"] in {"joint", "sole"}
    }
    given = {
        one["fields"]["by"]
        for one in items["consent"]
        if one["fields"]["decision"] == "given" and RECEIVER in one["fields"]["services"]
    }
    return bool(holders) and holders <= given


def renamed(document: dict) -> dict:
    """The receiver's words for what it is to know."""
    items = document["items"]
    child = document["fields"]["subject"]
    people = {one["id"]: one["fields"] for one in items["person"]}
    return {
        "ref": document["id"],
        "child": people[child]["number"],
        "people": [
            {"number": one["number"], "name": f"{one['given_name']} {one['family_name']}", "role": one["role"]}
            for one in people.values()
        ],
        "state": document["fields"]["status"],
        "since": document["fields"]["opened_on"],
        "concerns": [
            {"area": one["area"], "text": one["summary"], "raised": one["raised_on"], "by": one["raised_by"],
             "where": one["arenas"], "state": one["status"]}
            for one in (item["fields"] for item in items["concern"])
        ],
        "measures": [
            {"name": one["title"], "text": one["description"], "where": one["arena"], "begun": one["started_on"],
             "due": one["evaluate_by"], "who": one["responsible_service"], "state": one["status"]}
            for one in (item["fields"] for item in items["measure"])
        ],
    }  # fmt: skip


def main(source: str, target: str, state: str, batch: int) -> None:
    place = Path(state)
    since = json.loads(place.read_text())["change"] if place.exists() else 0
    page, change, more = 1, since, True
    with httpx.Client() as client:
        while more:
            told = client.get(f"{source}/cases", params={"since": since, "page": page}).raise_for_status().json()
            going = [renamed(document) for document in told["cases"] if may_go(document)]
            if batch > 1:
                for at in range(0, len(going), batch):
                    client.post(f"{target}/cases/batch", json=going[at : at + batch]).raise_for_status()
            else:
                for one in going:
                    client.post(f"{target}/cases", json=one).raise_for_status()
            change, more, page = told["change"], told["more"], page + 1
    place.write_text(json.dumps({"change": change}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
