"""What is asked back from receivers, what comes, and numbers about many: texts of commands, and help."""

from gateway.cli.words import Texts

TEXTS: Texts = {
    "tasks.none_coming": ("Ingen frister løper.", "Ingen fristar går.", "No deadline runs."),
    "title.parked": (
        "Konflikter som venter; begge verdier er tatt vare på",
        "Konfliktar som ventar; begge verdiane er tekne vare på",
        "Conflicts that wait; both values are kept",
    ),
    "tasks.parked": (
        "Uten dag: det blir spurt når noe kan gå mellom de to (bti flows, samtykke, hjemmel).",
        "Utan dag: det blir spurt når noko kan gå mellom dei to (bti flows, samtykke, heimel).",
        "Without a day: it is asked about when something may go between the two (bti flows, consent, legal basis).",
    ),
    "head.fields": ("Felter", "Felt", "Fields"),
    "head.list": ("Liste", "Liste", "List"),
    "head.due_on": ("Frist", "Frist", "Due"),
    "head.asked_on": ("Spørres fra", "Blir spurt frå", "Asked from"),
    "head.leader_on": ("Lederens fra", "Til leiaren frå", "The leader's from"),
    "head.answered": ("Svart", "Svart", "Answered"),
    "head.asked_back": ("Bedt tilbake", "Bede tilbake", "Asked back"),
    "head.deadline": ("Frist", "Frist", "Deadline"),
    "head.cause": ("Årsak", "Årsak", "Cause"),
    "title.asked_back": (
        "Bedt tilbake, og ikke avsluttet",
        "Bede tilbake, og ikkje avslutta",
        "Asked back, and not ended",
    ),
    "asked_back.status": (
        "Bedt tilbake uten svar ennå: {n}.",
        "Bede tilbake utan svar enno: {n}.",
        "Asked back without an answer yet: {n}.",
    ),
    "asked_back.withdrawn": (
        "Alle som har fått noe, blir bedt om å gi det fra seg. bti explain viser hvem som har svart.",
        "Alle som har fått noko, blir bedne om å gje det frå seg. bti explain viser kven som har svart.",
        "Everyone who got something is asked to give it up. bti explain shows who has answered.",
    ),
    "asked_back.archive": (
        "Det som er arkivert, blir ikke slettet, men tas ut av bruk. Arkivloven sier hvor lenge det skal tas vare på.",
        "Det som er arkivert, blir ikkje sletta, men går ut av bruk. Arkivlova seier kor lenge det blir teke vare på.",
        "What is in an archive is not deleted, but no longer used. The Archives Act says for how long it is kept.",
    ),
    "asked_back.by_hand": (
        "Se etter i {system}, og fjern det. Svar «removed» når det er gjort, eller «kept» når det må bli der.",
        "Sjå etter i {system}, og fjern det. Svar «removed» når det er gjort, eller «kept» når det må bli der.",
        'Look in {system}, and remove it. Answer "removed" when it is done, or "kept" when it must stay there.',
    ),
}
