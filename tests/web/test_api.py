"""The API: who gets in, what they see, what they may do; and that hidden and absent are the same bytes."""

import asyncio
import json
import re
from pathlib import Path

import msgspec
import pytest

from gateway.core.scenario import read
from gateway.run.settings_api import SCOPES, ApiSettings
from gateway.store import Task
from gateway.web.api.app import Api
from gateway.web.api.operations import OPERATIONS
from gateway.web.api.scenarios import ScenarioForm
from gateway.web.api.tokens import Tokens
from gateway.web.visit import Problem
from tests.web.authority import AUDIENCE, ISSUER, LIES, Authority, Bound
from tests.web.house import SECRET_WORDS
from tests.web.programs import PROGRAMS, open_calls

VALID = "06821099739"
FILLED = {"source": "skole", "target": "helse", "task": "0" * 32, "case": "0" * 20, "item": "0" * 20}
BODIES = {"change_flow": {"state": "shadow"}, "set_sending": {"paused": True}, "answer_task": {"answer": "seen"},
          "search_cases": {"number": VALID}, "decide": {}}  # fmt: skip


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    with open_calls(tmp_path_factory.mktemp("api") / "town") as opened:
        yield opened


def shut(answer, status, code):
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.content, answer.headers.get("www-authenticate")


# who gets in


def test_whatever_is_wrong_with_a_token_gets_one_answer_that_does_not_say_what(api):
    told = {shut(api("GET", "/status", token=api.authority.lie(lie, "id-school")), 401, "api.token") for lie in LIES}
    assert len(told) == 1
    assert 'error="invalid_token"' in told.pop()[1]


def test_without_a_token_the_answer_asks_for_one_at_every_address(api):
    for one in OPERATIONS:
        answer = api(one.method, one.path.format(**FILLED), token="", json=BODIES.get(one.id))
        assert shut(answer, 401, "api.token")[1] == 'Bearer realm="bti"'


@pytest.mark.parametrize("shown", ["", "Bearer", "Basic eDp5", "Bearer x y", "bearer\tx"])
def test_what_is_no_token_is_none(api, shown):
    shut(api("GET", "/me", token="", headers={"authorization": shown}), 401, "api.token")


def test_two_tokens_are_none(api):
    token = ("authorization", f"Bearer {api.authority.token('id-school')}")
    answer = api.http.get("/me", headers=[token, token])
    shut(answer, 401, "api.token")


def test_an_unknown_program_and_one_without_the_right_get_the_same_bytes(api):
    token = api.authority.token
    told = {
        shut(api("GET", f"/cases/{case}", token=each), 403, "api.rights")
        for case in (api.case, "0" * 20)
        for each in (
            token("id-nobody"), token("id-few"), token("id-watch", scope="bti:cases.read"), token("id-school", scope=""),
            token("id-school", scope="bti:tasks.read"), token("id-school", scope="cases.read"),
            token("id-school", scope=None), token("id-school", scope=["bti:cases.read"]),
            token("id-desk", sub="sub-nobody"), token("id-desk", sub=None), token("id-desk", sub="sub-dag"),
            token("id-school", supplier={"ID": "0192:123456785"}), token("id-supplier"),
            token("id-supplier", consumer={"ID": "0192:111111111"}), token("id-supplier", consumer="0192:987654325"),
        )
    }  # fmt: skip
    assert len(told) == 1


def test_a_supplier_acts_for_the_organisation_that_the_settings_name(api):
    token = api.authority.token("id-supplier", consumer={"authority": "iso6523-actorid-upis", "ID": "0192:987654325"},
                                supplier={"ID": "0192:123456785"})  # fmt: skip
    assert api.get("/me", token=token)["program"] == "supplied"


@pytest.mark.parametrize("one", OPERATIONS, ids=lambda one: one.id)
def test_every_operation_asks_for_its_scope_and_its_right(api, one):
    if one.scope:
        others = " ".join(f"bti:{name}" for name in SCOPES if name != one.scope)
        token = api.authority.token("id-school", scope=others)
        shut(api(one.method, one.path.format(**FILLED), token=token, json=BODIES.get(one.id)), 403, "api.rights")
    answer = api(one.method, one.path.format(**FILLED), by="kari", json=BODIES.get(one.id))
    assert answer.status_code in {200, 403, 404}
    if one.id not in {"change_flow", "set_sending"}:
        assert answer.status_code != 403


def test_a_bound_token_opens_with_a_fresh_proof_of_its_key_and_not_without(api):
    bound = Bound(api.house.town.clock)
    token = api.authority.token("id-bound", cnf={"jkt": bound.jkt})
    url = f"{api.origin}/api/v1/me"

    def shown(proof, scheme="DPoP", path="/me"):
        return api("GET", path, token="", headers={"authorization": f"{scheme} {token}", "dpop": proof}).status_code

    good = bound.proof(token, url)
    assert shown(good) == 200
    wrong = {
        "said twice": good,
        "as bearer": bound.proof(token, url),
        "another key": bound.proof(token, url, key=Bound(bound.clock).key),
        "another key, shown": Bound(bound.clock).proof(token, url),
        "another method": bound.proof(token, url, method="POST"),
        "another address": bound.proof(token, f"{url}x"),
        "another token": bound.proof("x.y.z", url),
        "old": bound.proof(token, url, iat=int(bound.clock().timestamp()) - 61),
        "of later": bound.proof(token, url, iat=int(bound.clock().timestamp()) + 61),
        "no name": bound.proof(token, url, jti=None),
        "no time": bound.proof(token, url, iat=None),
        "another kind": bound.proof(token, url, header={"typ": "JWT"}),
        "with the private key": bound.proof(token, url, header={"jwk": bound.key.as_dict(private=True)}),
        "nonsense": "a.b.c",
        "nothing": "",
    }
    for name, proof in wrong.items():
        assert shown(proof, "Bearer" if name == "as bearer" else "DPoP") == 401, name
    unbound = api.authority.token("id-bound")
    shut(api("GET", "/me", token=unbound), 401, "api.token")  # the settings ask for a bound one


def test_the_issuers_keys_are_fetched_when_they_change_and_not_for_everybody_who_makes_one_up(api):
    clock = api.house.town.clock
    authority = Authority(clock)
    tokens = Tokens(
        ApiSettings(issuer=ISSUER, keys="file:x", clients=PROGRAMS), keys=authority, audience=AUDIENCE, clock=clock
    )

    def judged(token):
        return tokens.judge(f"Bearer {token}", proof=None, method="GET", url="")

    assert judged(authority.token("id-school")).name == "school"
    for n in range(50):
        with pytest.raises(Problem, match=r"api\.token"):
            judged(authority.token("id-school", header={"kid": f"made-up-{n}"}))
    assert authority.fetches == 1
    old = authority.token("id-school")
    authority.key = Authority(clock, kid="k2").key
    with pytest.raises(Problem, match=r"api\.token"):
        judged(authority.token("id-school", header={"kid": "k2"}))  # not yet asked for again
    clock.forward(seconds=31)
    assert judged(authority.token("id-school", header={"kid": "k2"})).name == "school"
    with pytest.raises(Problem, match=r"api\.token"):
        judged(old)  # its key has been taken out of use
    clock.forward(hours=1.1)
    authority.down = True
    assert judged(authority.token("id-school", header={"kid": "k2"})).name == "school"  # known keys serve on meanwhile
    empty = Tokens(ApiSettings(issuer=ISSUER, keys="file:x"), keys=authority, audience=AUDIENCE, clock=clock)
    with pytest.raises(Problem, match=r"api\.away"):
        empty.judge(f"Bearer {old}", proof=None, method="GET", url="")


def test_maskinportens_tokens_are_taken_where_the_settings_say_so(api):
    settings = ApiSettings(issuer=ISSUER, keys="file:x", clients=PROGRAMS, type="any", prefix="klepp:bti/")
    tokens = Tokens(settings, keys=api.authority, audience=AUDIENCE, clock=api.house.town.clock)
    token = api.authority.token("id-school", header={"typ": None}, scope="klepp:bti/tasks.read klepp:other bti:explain")
    claimed = tokens.judge(f"Bearer {token}", proof=None, method="GET", url="")
    assert claimed.scopes == {"tasks.read"}
    with pytest.raises(Problem, match=r"api\.token"):
        proof = api.authority.token("id-school", header={"typ": "dpop+jwt"})
        tokens.judge(f"Bearer {proof}", proof=None, method="GET", url="")


def test_a_program_that_calls_too_often_is_told_how_long_to_wait(api):
    site = api.house.site
    settings = msgspec.structs.replace(site.settings, api=msgspec.structs.replace(site.settings.api, per_minute=3))
    before, site.settings = site.settings, settings
    tokens = Tokens(settings.api, keys=api.authority, audience=AUDIENCE, clock=api.house.town.clock)
    slow = Api(site, tokens)
    site.settings = before

    def ask(client):
        sent = []
        headers = [(b"authorization", f"Bearer {api.authority.token(client)}".encode())]
        scope = {"type": "http", "method": "GET", "path": "/api/v1/me", "headers": headers, "query_string": b""}

        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message):
            sent.append(message)

        asyncio.run(slow(scope, receive, send))
        return sent[0]["status"], dict(sent[0]["headers"]).get(b"retry-after")

    assert [ask("id-school")[0] for _ in range(4)] == [200, 200, 200, 429]
    assert ask("id-school") == (429, b"20")
    assert ask("id-health")[0] == 200
    api.house.town.clock.forward(seconds=21)
    assert ask("id-school")[0] == 200


# what they see


def test_a_unit_sees_what_it_wrote_and_what_the_gate_lets_go_to_it(api):
    school, health = api.get(f"/cases/{api.case}"), api.get(f"/cases/{api.case}", by="health")
    for told in (school, health):
        assert SECRET_WORDS in json.dumps(told, ensure_ascii=False)
    assert {one["own"] for one in school["items"]} == {True, False} or all(one["own"] for one in school["items"])
    assert not any(one["own"] for one in health["items"])
    assert [one["case"] for one in api.get("/cases")["cases"]] == [api.case]
    assert [one["name"] for one in api.get("/cases", by="health")["cases"]] == ["Ola Nes"]


def test_what_is_none_of_a_callers_business_is_as_absent_as_what_is_not_there(api):
    item = api.house.item("concern")
    for path in (
        "/cases/{case}",
        "/cases/{case}/records/{item}/explanation",
        "/cases/{case}/records/" + item + "/explanation?receiver=helse",
    ):
        told = {
            shut(api("GET", path.format(case=case, item=item), by="welfare"), 404, "api.absent")
            for case in (api.case, "0" * 20, "nonsense")
        }
        assert len(told) == 1
    found = {
        api("POST", "/cases/search", by="welfare", json={"number": one}).content
        for one in (api.house.town.child, VALID)
    }
    assert found == {b'{"cases":[],"next":null}'}
    assert api.get("/cases", by="welfare") == {"cases": [], "next": None}
    with api.house.town.world.store.read() as tx:
        kept = [one for one in tx.newest_entries(20) if one["act"] == "kept_out"]
    assert {one["by"] for one in kept} == {"api/welfare"}


def test_without_consent_two_worlds_that_differ_in_what_is_hidden_answer_the_same(tmp_path):
    seen = []
    for name, words in (
        ("one", "Gråter når mor går på jobb."),
        ("two", "Noe ganske annet, og mye lengre enn det var."),
    ):
        with open_calls(tmp_path / name, consent=(), words=words) as calls:
            item = calls.house.item("concern")
            paths = ["/status", "/flows", "/tasks", "/tasks?scope=all", "/cases", f"/cases/{calls.case}",
                     f"/cases/{calls.case}/records/{item}/explanation"]  # fmt: skip
            told = [calls("GET", path, by=by) for path in paths for by in ("health", "welfare", "hans", "watch")]
            seen.append([
                (one.status_code, one.content, {k: v for k, v in one.headers.items() if k not in {"date", "etag"}}) for one in told
            ])  # fmt: skip
            assert not any(words.encode() in content for _, content, _ in seen[-1])
            etags = {one.headers["etag"] for one in told if "etag" in one.headers and "cases" in str(one.url)}
            assert len(etags) <= 1  # a mark tells nothing but whether it changed
    ids = re.compile(rb"[0-9a-f]{20,32}")
    assert [(a, ids.sub(b"", b), c) for a, b, c in seen[0]] == [(a, ids.sub(b"", b), c) for a, b, c in seen[1]]


def test_why_a_field_is_hidden_is_told_of_fields_that_the_caller_sees(api):
    item = api.house.item("concern")
    told = api.get(f"/cases/{api.case}/records/{item}/explanation?receiver=helse")["record"]
    assert told["receivers"]["helse"]["fields"]["summary"] == "permit"
    assert list(told["receivers"]) == ["helse"]
    one = api.get(f"/cases/{api.case}/records/{item}/explanation?field=summary")["record"]
    assert one["fields"] == ["summary"]
    assert all(list(each["fields"]) == ["summary"] for each in one["receivers"].values())
    shut(api("GET", f"/cases/{api.case}/records/{item}/explanation?field=nothing"), 404, "api.absent")
    then = "2020-01-01T00:00:00Z"
    assert api("GET", f"/cases/{api.case}/records/{item}/explanation", params={"at": then}).status_code in {200, 404}
    shut(api("GET", f"/cases/{api.case}/records/{item}/explanation?at=2026-99-99T00:00:00Z"), 400, "api.query")


def test_every_look_stands_in_the_log_with_who_asked_and_through_what(api):
    api.get(f"/cases/{api.case}")
    api.get(f"/cases/{api.case}", by="kari")
    with api.house.town.world.store.read() as tx:
        looks = [one for one in tx.newest_entries(4) if one["act"] == "looked"]
    assert [(one["by"], one.get("through")) for one in looks[:2]] == [("kari", "desk"), ("api/school", None)]


def test_nothing_that_was_sent_comes_back_in_a_fault(api):
    wrong = [
        ("GET", f"/tasks?kind={VALID}", None), ("GET", f"/tasks?{VALID}=1", None), ("GET", f"/tasks?limit={VALID}", None),
        ("GET", f"/cases/{VALID}", None), ("GET", f"/{VALID}", None), ("GET", f"/flows/{VALID}/{VALID}", None),
        ("PUT", "/flows/skole/helse", {"state": VALID}), ("PUT", "/flows/skole/helse", {VALID: VALID}), ("POST", "/cases/search", {"number": [VALID]}),
        ("POST", "/cases/search", {"number": VALID[::-1]}), ("POST", "/decide", {VALID: {VALID: VALID}, "at": VALID}), ("POST", "/tasks/" + "0" * 32 + "/answer", {"answer": VALID}),
    ]  # fmt: skip
    for method, path, body in wrong:
        answer = api(method, path, **({"json": body} if body is not None else {}))
        assert 400 <= answer.status_code < 500, (path, answer.status_code)
        if "decide" not in path:  # a scenario's own keys are told by path, as bti decide does
            assert VALID not in answer.text + str(answer.headers), path
            assert VALID[::-1] not in answer.text


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400), (b'{"number":"1","number":"2"}', "application/json", 400), (b"\xff", "application/json", 400),
        (b"[" * 5000, "application/json", 400), (b"[]", "application/json", 422), (b"{}", "application/json", 422), (b"{}", "text/plain", 415),
        (b"", "application/json", 400), (b"{}", "", 415), (b'{"number":"' + b"1" * 70_000 + b'"}', "application/json", 413),
    ],
)  # fmt: skip
def test_a_body_that_is_no_right_json_is_told_so(api, content, kind, status):
    answer = api("POST", "/cases/search", content=content, headers={"content-type": kind})
    assert answer.status_code == status, answer.text


def test_titles_follow_the_language_that_was_asked_for(api):
    titles = [
        api("GET", "/nowhere", headers={"accept-language": one}).json()["title"] for one in ("nb", "nn-NO,en", "de")
    ]
    assert len(set(titles)) == 3


def test_the_pages_do_not_take_a_token_nor_the_api_a_session(api):
    kari = api.house.of("kari")
    shut(kari.http.get("/api/v1/me"), 401, "api.token")
    token = api.authority.token("id-school")
    assert api.http.get(f"{api.origin}/cases", headers={"authorization": f"Bearer {token}"}).status_code == 303


# what they do


def waits(api, kind="enter", n=1, unit="skole-unit", role=None):
    world = api.house.town.world
    made = []
    with world.store.write() as tx:
        for _ in range(n):
            body = msgspec.json.encode({"key": "k", "fields": [], "items": [], "code": None, "kind": "concern"})
            key = world.fresh()
            made += tx.add_tasks(
                [
                    Task(
                        kind=kind,
                        dedupe=key,
                        at=world.clock(),
                        deadline=world.clock(),
                        unit=unit,
                        role=role,
                        system="skole",
                        body=body,
                    )
                ]
            )
    return made


def answer(api, task, said, *, by, match=None):
    headers = {"if-match": match} if match else {}
    return api("POST", f"/tasks/{task}/answer", by=by, json={"answer": said}, headers=headers)


def test_a_person_decides_and_a_program_reports_what_was_carried_out(api):
    [task] = waits(api, "refused")
    shown = api("GET", f"/tasks/{task}")
    assert shown.json()["answers"] == ["seen", "again"]
    tag = shown.headers["etag"]
    shut(answer(api, task, "seen", by="school", match=tag), 403, "api.person")
    shut(answer(api, task, "no", by="kari", match=tag), 422, "api.answer")
    shut(answer(api, task, "seen", by="kari"), 428, "api.match_missing")
    shut(answer(api, task, "seen", by="kari", match='"' + "0" * 32 + '"'), 412, "api.changed")
    assert answer(api, task, "seen", by="kari", match=tag).json()["outcome"] == "seen"
    assert answer(api, task, "seen", by="kari", match=tag).status_code == 200  # once more is once
    shut(answer(api, task, "again", by="kari", match=tag), 409, "act.resolved")
    shut(answer(api, task, "seen", by="liv", match=tag), 409, "act.resolved")
    [task] = waits(api, "lock")
    tag = api("GET", f"/tasks/{task}").headers["etag"]
    told = answer(api, task, "locked", by="school", match=tag).json()
    assert (told["outcome"], told["resolved_by"]) == ("locked", "api/school")
    assert answer(api, task, "locked", by="school", match=tag).status_code == 200
    shut(answer(api, task, "locked", by="liv", match=tag), 409, "act.resolved")


def test_a_task_of_another_unit_is_as_absent_as_one_that_is_not_there(api):
    [task] = waits(api)
    told = {shut(api("GET", f"/tasks/{one}", by="health"), 404, "api.absent") for one in (task, "0" * 32)}
    told |= {shut(answer(api, one, "entered", by="health", match='"x"'), 404, "api.absent") for one in (task, "0" * 32)}
    assert len(told) == 1
    assert api("GET", f"/tasks/{task}", by="school").status_code == 200
    assert api("GET", f"/tasks/{task}", by="watch").status_code == 403  # who runs the machine sees none of them whole


def test_pages_are_full_and_what_is_hidden_between_makes_no_gap(api):
    world = api.house.town.world
    mine = []
    for n in range(7):
        mine += waits(api, "lock", unit="skole-unit")
        waits(api, "lock", n=3, unit="helse-unit")
        waits(api, "lock", role="privacy", n=1) if n % 2 else None
    with world.store.read() as tx:
        before = [one.id for one in tx.tasks(unit="skole-unit") if one.role is None]
    assert set(mine) <= set(before)
    seen, cursor, sizes = [], None, []
    while True:
        told = api.get("/tasks", params={"limit": 3} | ({"cursor": cursor} if cursor else {}))
        seen += [one["id"] for one in told["tasks"]]
        sizes.append(len(told["tasks"]))
        cursor = told["next"]
        if cursor is None:
            break
    assert set(sizes[:-1]) == {3}
    assert sorted(seen) == sorted(before)
    assert len(seen) == len(set(seen))
    deadlines = [one["deadline"] for one in api.get("/tasks?scope=all", by="guard")["tasks"]]
    assert deadlines == sorted(deadlines)
    for wrong in ("x", "1-", "-1-00000000", "1-0000000g"):
        shut(api("GET", f"/tasks?cursor={wrong}"), 400, "api.query")
    with world.store.read() as tx:
        assert len(tx.case_ids()) == 1
    assert api.get("/cases?limit=1", by="guard")["next"] is None


def test_what_stops_is_simple_and_what_opens_takes_a_person_who_saw_what_stands(api):
    flow = "/flows/skole/helse"
    assert api("PUT", flow, by="watch", json={"state": "paused"}).json()["state"] == "paused"
    assert api("PUT", flow, by="watch", json={"state": "paused"}).status_code == 200
    shown = api("GET", flow, by="liv")
    tag = {"if-match": shown.headers["etag"]}
    shut(api("PUT", flow, by="guard", json={"state": "approved"}, headers=tag), 403, "api.person")
    shut(api("PUT", flow, by="kari", json={"state": "approved"}, headers=tag), 403, "api.rights")
    shut(api("PUT", flow, by="liv", json={"state": "approved"}), 428, "api.match_missing")
    shut(
        api("PUT", flow, by="liv", json={"state": "approved"}, headers={"if-match": '"' + "1" * 32 + '"'}),
        412,
        "api.changed",
    )
    assert api("PUT", flow, by="liv", json={"state": "approved"}, headers=tag).json()["sending"] is True
    assert api("PUT", flow, by="watch", json={"state": "shadow"}).json()["state"] == "shadow"
    back = {"if-match": api("GET", flow, by="liv").headers["etag"]}
    assert api("PUT", flow, by="liv", json={"state": "approved"}, headers=back).status_code == 200
    shut(api("PUT", "/flows/skole/nowhere", by="liv", json={"state": "shadow"}), 404, "api.absent")
    assert api("PUT", "/sending", by="watch", json={"paused": True}).json() == {"paused": True}
    assert api.get("/status", by="watch")["paused"] is True
    shut(api("PUT", "/sending", by="guard", json={"paused": False}), 403, "api.person")
    tag = {"if-match": api("GET", "/sending", by="ida").headers["etag"]}
    assert api("PUT", "/sending", by="ida", json={"paused": False}, headers=tag).json() == {"paused": False}


def test_what_is_known_already_is_not_sent_again(api):
    first = api("GET", f"/cases/{api.case}")
    again = api("GET", f"/cases/{api.case}", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_gates_word_is_that_of_bti_decide_for_one_and_for_several(api):
    from gateway.run.decide import decide_text  # noqa: PLC0415

    asked = {"at": "2026-11-21T12:00:00+01:00", "item": {"kind": "concern", "fields": ["level"]}, "purpose": "bti"}
    assert api("POST", "/decide", json=asked).json() == decide_text(json.dumps(asked))[0]
    assert api("POST", "/decide", json=[asked, asked]).json() == decide_text(json.dumps([asked, asked]))[0]
    wrong = api("POST", "/decide", json=[asked, {"what": 1, "care": "x"}])
    assert shut(wrong, 422, "api.scenario")
    assert [one["path"] for one in wrong.json()["errors"]] == ["$[1].what", "$[1].care"]


def keys(form):
    """A scenario with every key that a form has, none of them known."""
    told = {}
    for one in msgspec.structs.fields(form):
        inner = [
            kind
            for kind in getattr(one.type, "__args__", (one.type,))
            if isinstance(kind, type) and issubclass(kind, msgspec.Struct)
        ]
        listed = [
            kind.__args__[0] for kind in getattr(one.type, "__args__", ()) if getattr(kind, "__origin__", None) is list
        ]
        listed = [kind for kind in listed if isinstance(kind, type) and issubclass(kind, msgspec.Struct)]
        told[one.encode_name] = keys(inner[0]) if inner else [keys(listed[0])] if listed else None
    return told


def test_the_described_form_of_a_scenario_is_what_the_gate_reads():
    flaws = read(keys(ScenarioForm))[1]
    assert {one.code for one in flaws} <= {"scenario.one_of"}
    source = __import__("inspect").getsource(__import__("gateway.core.scenario", fromlist=["x"]))
    known = set(re.findall(r'"((?:[a-z_]+ )+[a-z_]+)"', source))

    def sets(told):
        yield frozenset(told)
        for value in told.values():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict):
                    yield from sets(one)

    forms = set(sets(keys(ScenarioForm)))
    assert {frozenset(one.split()) for one in known} - forms == set()


PAGE = Path(__file__).resolve().parents[2] / "docs/how-to/call-the-api.md"


def test_the_examples_of_the_page_are_answered_as_it_says(api):
    [task] = waits(api, "refused")
    known = {
        "token": api.authority.token("id-school"), "watch": api.authority.token("id-watch"), "case": api.case,
        "item": api.house.item("concern"), "task": task, "etag": "",
    }  # fmt: skip
    examples = re.findall(r"^```http\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert len(examples) > 8
    for one in examples:
        asked, _, answered = one.rpartition("\nHTTP/1.1 ")
        for name, value in known.items():
            asked = asked.replace(f"{{{name}}}", value)
        head, _, body = asked.partition("\n\n")
        first, *headers = head.splitlines()
        method, path, _ = first.split(" ")
        shown = dict(line.split(": ", 1) for line in headers)
        answer = api.http.request(method, f"{api.origin}{path}", headers=shown, content=body.strip() or None)
        assert str(answer.status_code) == answered.split(" ")[0], (first, answer.text)
        known["etag"] = answer.headers.get("etag", known["etag"])
    api(
        "PUT",
        "/sending",
        by="ida",
        json={"paused": False},
        headers={"if-match": api("GET", "/sending", by="ida").headers["etag"]},
    )
