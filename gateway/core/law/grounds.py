"""The law of access: the right to see who got what, what may be kept from the one who asks, and how to appeal.

They are dated like the bases that carry a release. A ground that is kept back is told by its act and section, since
the one who refuses must refer to the exact exception (``DUTY_TO_GROUND``).
"""

from datetime import date
from functools import partial

from gateway.core.law import Basis, Law, Words

_READ = date(2026, 4, 1)


def _ground(code: str, act: str, section: str, *, source: str, since: date, words: tuple[str, str, str]) -> Basis:
    nb, nn, en = words
    return Basis(
        code=code, norm=code, act=act, section=section, text=Words(nb=nb, nn=nn, en=en), source=source,
        valid_from=since, last_verified=_READ, verified_by="bti-gateway",
    )  # fmt: skip


_exception = partial(
    _ground, act="personopplysningsloven", section="§ 16", source="LOV-2018-06-15-38", since=date(2018, 7, 20)
)
"""A ground of the act's own list of exceptions."""

ACCESS = Law(
    duties=(),
    bases=(
        _ground(
            "RIGHT_OF_ACCESS", "personvernforordningen (GDPR)", "art. 15", source="LOV-2018-06-15-38 § 1",
            since=date(2018, 7, 20),
            words=("Du har rett til å få vite hvem som har fått noe om deg.",
             "Du har rett til å få vite kven som har fått noko om deg.",
             "You have the right to know who has got something about you."),
        ),
        _exception(
            "DUTY_TO_GROUND",
            words=("Den som nekter innsyn, skal si skriftlig hvorfor, og vise til loven.",
             "Den som nektar innsyn, skal seie skriftleg kvifor, og vise til lova.",
             "Whoever says no must tell why in writing, and name the law."),
        ),
        _exception(
            "ACCESS_INVESTIGATION",
            words=("Noe kan vente mens politiet ser på en sak.",
             "Noko kan vente mens politiet ser på ei sak.",
             "Something can wait while the police look at a case."),
        ),
        _exception(
            "ACCESS_HEALTH_NEAR",
            words=("Noe kan holdes tilbake når det ville skade din helse eller dem som står deg nær.",
             "Noko kan haldast tilbake når det ville skade helsa di eller dei som står deg nær.",
             "Something can be kept back when it would harm your health or those who are close to you."),
        ),
        _exception(
            "ACCESS_SECRECY",
            words=("Det som gjelder andre, er taushetsbelagt. Det står ikke her.",
             "Det som gjeld andre, er det teieplikt om. Det står ikkje her.",
             "What is about others is confidential. It does not stand here."),
        ),
        _ground(
            "ACCESS_CHILD_WELFARE", "barnevernsloven", "§ 12-6", source="LOV-2021-06-18-97", since=date(2023, 1, 1),
            words=("Barnevernet svarer selv på hva det har. Et slikt svar står aldri her.",
             "Barnevernet svarer sjølv på kva det har. Eit slikt svar står aldri her.",
             "Child welfare answers itself about what it has. Such an answer never stands here."),
        ),
        _ground(
            "ACCESS_PARENTS", "pasient- og brukerrettighetsloven", "§ 3-4", source="LOV-1999-07-02-63",
            since=date(2001, 1, 1),
            words=("Et barn kan be om at foreldre ikke får vite alt. Slikt står aldri her.",
             "Eit barn kan be om at foreldre ikkje får vite alt. Slikt står aldri her.",
             "A child can ask that parents are not told everything. Such things never stand here."),
        ),
        _ground(
            "ACCESS_YOUTH", "opplæringslova", "§ 24-5", source="LOV-2023-06-09-30", since=date(2024, 8, 1),
            words=("En ungdom kan be om dette selv. Da spør vi den unge før vi svarer.",
             "Ein ungdom kan be om dette sjølv. Då spør vi den unge før vi svarer.",
             "A young person can ask for this alone. So we ask the youth before we answer."),
        ),
        _ground(
            "ACCESS_UNDER_15", "forvaltningsloven 1967", "§ 18", source="LOV-1967-02-10", since=date(1977, 6, 1),
            words=("Når et barn under 15 år spør, skal en voksen i kommunen hjelpe med svaret.",
             "Når eit barn under 15 år spør, skal ein vaksen i kommunen hjelpe med svaret.",
             "When a child under 15 asks, an adult in the municipality must help with the answer."),
        ),
        _ground(
            "ACCESS_PROTECTED", "folkeregisterloven", "§ 10-4", source="LOV-2016-12-09-88", since=date(2017, 10, 1),
            words=("Et svar kan ikke fortelle hvor noen er når det er farlig.",
             "Eit svar kan ikkje fortelje kvar nokon er når det er farleg.",
             "An answer cannot tell where somebody is when that is dangerous."),
        ),
        _ground(
            "ACCESS_NO_RESPONSIBILITY", "barnelova", "§ 47", source="LOV-1981-04-08-7", since=date(1982, 1, 1),
            words=("En forelder uten foreldreansvar kan be om å få vite noe. En person svarer på det.",
             "Ein forelder utan foreldreansvar kan be om å få vite noko. Ein person svarer på det.",
             "A parent without parental responsibility can ask us. A person will answer."),
        ),
    ),
)  # fmt: skip
"""Norms and bases of access; sections and letters stand here and nowhere else."""

ALWAYS = (
    "ACCESS_SECRECY", "ACCESS_CHILD_WELFARE", "ACCESS_PARENTS", "ACCESS_PROTECTED", "ACCESS_HEALTH_NEAR",
    "ACCESS_INVESTIGATION",
)  # fmt: skip
"""Exceptions that every report names, whether or not anything was kept back: so that it tells nothing by itself."""
