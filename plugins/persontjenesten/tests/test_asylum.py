"""A child who came without a number is one person through DUF, D-number and fødselsnummer."""

from gateway_persontjenesten.people import person

DUF = "201612345678"
NUMBERS = [
    {
        "identificationNumber": "41834098240",
        "identificationNumberType": "DNumber",
        "status": "Discontinued",
        "isValid": False,
    },
    {
        "identificationNumber": "14831463008",
        "identificationNumberType": "NationalIdentityNumber",
        "status": "InUse",
        "isValid": True,
    },
]
ASYLUM = [{"identificationNumber": DUF, "isValid": True}]


def test_with_a_duf_number_alone_the_person_is_known_by_it() -> None:
    fields = person({"id": "P1", "immigrationAuthoritiesIdentificationNumber": ASYLUM}, "$")
    assert (fields["number"], fields["number_type"]) == (DUF, "duf")
    assert "former_numbers" not in fields


def test_every_number_since_is_told_with_those_it_follows() -> None:
    told = {"id": "P1", "immigrationAuthoritiesIdentificationNumber": ASYLUM}
    d_number = person({**told, "norwegianIdentificationNumber": NUMBERS[:1]}, "$")
    assert (d_number["number_type"], d_number["former_numbers"]) == ("dnr", [DUF])
    whole = person({**told, "norwegianIdentificationNumber": NUMBERS}, "$")
    assert (whole["number_type"], whole["former_numbers"]) == ("fnr", [NUMBERS[0]["identificationNumber"], DUF])
