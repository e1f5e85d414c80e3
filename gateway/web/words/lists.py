"""A list of tasks that is answered in one: what stands on it, and what the answer does."""

TEXTS = {
    "task.list": ("Hele listen", "Heile lista", "The whole list"),
    "task.list.renewal": (
        "Disse samtykkene tar slutt. Ta bort haken for familier som ikke er spurt ennå.",
        "Desse samtykka tek slutt. Ta bort haken for familiar som ikkje er spurde enno.",
        "These consents end. Take away the mark of families who have not been asked yet.",
    ),
    "task.list.transition": (
        "Disse barna bytter sted. Ta bort haken for dem du ikke har sett på.",
        "Desse barna byter stad. Ta bort haken for dei du ikkje har sett på.",
        "These children change place. Take away the mark of those that you have not looked at.",
    ),
    "task.list_answer": ("{answer}: alle med hake", "{answer}: alle med hake", "{answer}: all that are marked"),
    "task.list_does": (
        "Svaret skrives på hver av dem. De andre blir stående.",
        "Svaret blir skrive på kvar av dei. Dei andre blir ståande.",
        "The answer is written on each of them. The others stay.",
    ),
    "task.open_line": ("Åpne", "Opne", "Open"),
    "task.until": ("til {day}", "til {day}", "until {day}"),
}
