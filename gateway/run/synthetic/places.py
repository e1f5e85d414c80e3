"""The units of the synthetic municipality: bodies, agencies, a house of services, schools, kindergartens, helpers."""

from typing import Any

from msgspec import Struct

from gateway.core.model.codes import DOMAIN_OF_SERVICE

MUNICIPALITY = "kommunen"


class Place(Struct, frozen=True, kw_only=True):
    """A service's unit and the legal body that answers for it."""

    id: str
    name: str
    service: str
    body: str = MUNICIPALITY
    part_of: str | None = None
    sector: str = "public"
    service_class: str = "helping"

    def origin(self) -> dict[str, str]:
        """Where an item that this unit writes comes from, as a plain value."""
        return {
            "service": self.service,
            "domain": DOMAIN_OF_SERVICE[self.service],
            "unit": self.id,
            "body": self.body,
        }


BODIES: tuple[tuple[str, str, str], ...] = (
    (MUNICIPALITY, "Fjordglimt kommune", "public"),
    ("solstrale-barnehage-as", "Solstråle barnehage AS", "private"),
    ("trollskogen-sa", "Trollskogen barnehage SA", "private"),
    ("helse-fjord-hf", "Helse Fjord HF", "public"),
    ("fjordfolk-legar-as", "Fjordfolk legar AS", "private"),
    ("familievernet", "Familievernkontoret Fjord", "public"),
)

SCHOOLS: tuple[Place, ...] = tuple(
    Place(id=f"skole-{number}", name=name, service="school", part_of="oppvekst", service_class="basic")
    for number, name in enumerate(
        (
            "Fjordglimt skule",
            "Nordlia skole",
            "Sørvik skule",
            "Bjørkebakken skole",
            "Elvemo skole",
            "Åsen ungdomsskole",
            "Fjordglimt ungdomsskule",
            "Fjordglimt vidaregåande skule",
        ),
        start=1,
    )
)
KINDERGARTENS: tuple[Place, ...] = (
    *(
        Place(id=f"bhg-{number}", name=name, service="kindergarten", part_of="oppvekst", service_class="basic")
        for number, name in enumerate(
            ("Blåklokka barnehage", "Tyttebærtua barnehage", "Vesleheimen barnehage", "Regnbogen barnehage"), start=1
        )
    ),
    Place(
        id="bhg-5",
        name="Solstråle barnehage",
        service="kindergarten",
        body="solstrale-barnehage-as",
        sector="private",
        service_class="basic",
    ),
    Place(
        id="bhg-6",
        name="Trollskogen barnehage",
        service="kindergarten",
        body="trollskogen-sa",
        sector="private",
        service_class="basic",
    ),
)
HEALTH_STATION = Place(id="hs-1", name="Fjordglimt helsestasjon", service="health_station", part_of="familiens-hus")
SCHOOL_HEALTH = Place(id="shs-1", name="Skolehelsetjenesten", service="school_health", part_of="familiens-hus")
MIDWIFE = Place(id="jordmor-1", name="Jordmortenesta", service="midwife", part_of="familiens-hus")
PPT = Place(id="ppt-1", name="PPT for Fjordglimt", service="ppt", part_of="familiens-hus")
CHILD_WELFARE = Place(id="bv-1", name="Barnevernstenesta", service="child_welfare", part_of="familiens-hus")
FAMILY_TEAM = Place(id="ft-1", name="Forebyggjande familieteam", service="family_team", part_of="familiens-hus")
COORDINATING = Place(id="ke-1", name="Koordinerande eining", service="coordinating_unit", part_of="helse")
HELPERS: tuple[Place, ...] = (
    HEALTH_STATION,
    SCHOOL_HEALTH,
    PPT,
    FAMILY_TEAM,
    CHILD_WELFARE,
    Place(id="nav-1", name="NAV Fjordglimt", service="nav", part_of="helse"),
    Place(id="slt-1", name="SLT-koordinator", service="slt", part_of="oppvekst"),
    Place(id="kultur-1", name="Kulturskulen", service="cultural", part_of="oppvekst"),
    COORDINATING,
    MIDWIFE,
    Place(id="lege-1", name="Fjordfolk legekontor", service="gp", body="fjordfolk-legar-as", sector="private"),
    Place(id="bup-1", name="BUP Fjord", service="bup", body="helse-fjord-hf"),
    Place(id="fvk-1", name="Familievernkontoret", service="family_counselling", body="familievernet"),
)


def units() -> list[dict[str, Any]]:
    """The tree as records of kind ``unit``, parents before children; ``id`` beside canonical ``fields``."""
    rows: list[dict[str, Any]] = [
        _unit(ident, {"name": name, "unit_type": "body", "sector": sector}) for ident, name, sector in BODIES
    ]
    rows += [
        _unit(ident, {"name": name, "unit_type": kind, "part_of": MUNICIPALITY, "body": MUNICIPALITY, **more})
        for ident, name, kind, more in (
            ("oppvekst", "Oppvekst", "agency", {}),
            ("helse", "Helse og mestring", "agency", {}),
            ("familiens-hus", "Familiens hus", "house", {"secrecy": ["health", "child_welfare", "ppt"]}),
        )
    ]
    rows += [
        _unit(
            place.id,
            {
                "name": place.name,
                "unit_type": "unit",
                "part_of": place.part_of or place.body,
                "body": place.body,
                "service": place.service,
                "service_class": place.service_class,
                "sector": place.sector,
            },
        )
        for place in (*SCHOOLS, *KINDERGARTENS, *HELPERS)
    ]
    return rows


def _unit(ident: str, fields: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "unit", "id": ident, "fields": fields}
