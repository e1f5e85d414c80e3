"""Common given names and family names as Norway has them, by where a family's names come from."""

from msgspec import Struct


class Naming(Struct, frozen=True, kw_only=True):
    """A share of families with their names, and the language in which they would rather be met."""

    share: float
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]
    language: str
    interpreter: float = 0.0


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


NORWEGIAN = Naming(
    share=0.765,
    girls=_words(
        "Nora Emma Olivia Ella Sofie Frida Ingrid Maja Sara Astrid Hedda Alma Tiril Aurora Selma Eline Vilde Thea "
        "Ida Live Amalie Mathilde Åse Solveig Ragnhild Synne Marie Julie Hanna Mia"
    ),
    boys=_words(
        "Jakob Oskar Oliver Noah Lucas Emil Filip William Isak Aksel Henrik Magnus Ludvig Odin Sander Tobias Kasper "
        "Håkon Sondre Eirik Bjørn Ørjan Åsmund Even Mikkel Theodor Johannes Ola Kristian Markus"
    ),
    women=_words(
        "Anne Inger Kari Marit Ingrid Liv Eva Berit Astrid Bjørg Hilde Anna Solveig Marianne Randi Ida Nina Maria "
        "Elisabeth Kristin Heidi Silje Camilla Tone Linda Hege Trine Guro Åshild Siri"
    ),
    men=_words(
        "Jan Per Bjørn Ole Lars Kjell Knut Svein Thomas Arne Geir Hans Morten Tor Martin Andreas Erik Odd Anders "
        "Stian Øyvind Espen Kristian Rune Frode Terje Håvard Pål Sigurd Åge"
    ),
    families=_words(
        "Hansen Johansen Olsen Larsen Andersen Pedersen Nilsen Kristiansen Jensen Karlsen Johnsen Pettersen Eriksen "
        "Berg Haugen Hagen Johannessen Andreassen Jacobsen Dahl Halvorsen Lund Moen Solberg Strand Bakken Sørensen "
        "Lie Gundersen Kvam Tveit Aas Ødegård Bråten Myklebust Nygård Sæther Fjell Vik Østby"
    ),
    language="nb",
)
SAMI = Naming(
    share=0.02,
    girls=_words("Elle Inga Máret Sárá Ánne Risten Biret Ravdna Lejla Mággá"),
    boys=_words("Ánte Mihkkal Niillas Áilu Jovnna Máhtte Ánde Lásse Piera Nils-Ánte"),
    women=_words("Biret Elle Máret Inger-Anne Ravdna Káre Sunná Risten Láilá Ellen"),
    men=_words("Niillas Mihkkal Ánte Jovnna Piera Issát Ole-Ánte Máhtte Áslat Heaika"),
    families=_words("Sara Eira Gaup Hætta Utsi Somby Buljo Bongo Skum Nango Baal Triumf"),
    language="se",
    interpreter=0.1,
)
POLISH = Naming(
    share=0.06,
    girls=_words("Zuzanna Julia Maja Hanna Oliwia Zofia Lena Amelia Alicja Małgosia"),
    boys=_words("Antoni Jakub Jan Szymon Filip Kacper Franciszek Wojciech Mikołaj Stanisław"),
    women=_words("Anna Katarzyna Agnieszka Małgorzata Joanna Monika Magdalena Ewa Beata Dorota"),
    men=_words("Piotr Krzysztof Andrzej Tomasz Paweł Marcin Michał Grzegorz Łukasz Zbigniew"),
    families=_words("Nowak Kowalczyk Wójcik Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski Kozłowski"),
    language="pl",
    interpreter=0.5,
)
LITHUANIAN = Naming(
    share=0.025,
    girls=_words("Emilija Lukrecija Gabija Ugnė Austėja Goda Urtė Kamilė"),
    boys=_words("Lukas Matas Jonas Dominykas Nojus Kajus Benas Ąžuolas"),
    women=_words("Rasa Jurgita Daiva Kristina Vilma Inga Asta Rūta"),
    men=_words("Tomas Mindaugas Darius Andrius Vytautas Saulius Giedrius Žilvinas"),
    families=_words("Kazlauskas Jankauskas Petrauskas Stankevičius Vasiliauskas Žukauskas Butkus Paulauskas"),
    language="lt",
    interpreter=0.5,
)
SOMALI = Naming(
    share=0.03,
    girls=_words("Ayaan Hodan Ifrah Sahra Hamdi Ikram Nasteha Hibo Amina Sumaya"),
    boys=_words("Abdirahman Mohamed Zakaria Yusuf Hamza Liban Bilal Mahad Ismail Guled"),
    women=_words("Fadumo Halima Hodan Sahra Asha Khadra Nimo Ubah Amran Safiya"),
    men=_words("Abdi Ahmed Hassan Mohamud Omar Abdullahi Jama Farah Warsame Said"),
    families=_words("Ali Mohamed Hassan Abdi Warsame Farah Jama Nur Osman Yusuf Adan Elmi"),
    language="so",
    interpreter=0.6,
)
ARABIC = Naming(
    share=0.045,
    girls=_words("Layla Mariam Fatima Noor Yasmin Rania Salma Huda Aya Zahra"),
    boys=_words("Omar Adam Yousef Ibrahim Karim Ali Zain Hadi Samir Tarek"),
    women=_words("Rima Hanan Samira Nadia Fatima Amal Lina Dalia Suad Ghada"),
    men=_words("Khaled Mustafa Bassam Nabil Ahmad Hussein Fadi Walid Jamal Ziad"),
    families=_words("Al-Hassan Haddad Khalil Mansour Saleh Nasser Hamdan Darwish Al-Masri Jaber Issa Kassem"),
    language="ar",
    interpreter=0.6,
)
UKRAINIAN = Naming(
    share=0.03,
    girls=_words("Sofiia Solomiia Daryna Anastasiia Polina Zlata Yeva Veronika"),
    boys=_words("Maksym Artem Danylo Nazar Tymofii Bohdan Matvii Yehor"),
    women=_words("Olena Iryna Nataliia Oksana Tetiana Svitlana Yuliia Liudmyla"),
    men=_words("Oleksandr Serhii Andrii Volodymyr Mykola Ihor Vasyl Yurii"),
    families=_words("Shevchenko Kovalenko Bondarenko Tkachenko Kravchenko Oliinyk Shevchuk Marchenko Lysenko"),
    language="uk",
    interpreter=0.8,
)
PAKISTANI = Naming(
    share=0.025,
    girls=_words("Ayesha Zara Hira Mahnoor Iqra Sana Amna Maryam"),
    boys=_words("Hamza Bilal Usman Zain Daniyal Hassan Saad Ibrahim"),
    women=_words("Shazia Nasreen Rubina Saima Uzma Farah Samina Bushra"),
    men=_words("Tariq Imran Asif Nadeem Khalid Shahid Javed Rashid"),
    families=_words("Khan Ahmed Hussain Malik Iqbal Chaudhry Butt Mirza Akhtar Shah"),
    language="ur",
    interpreter=0.25,
)

NAMINGS: tuple[Naming, ...] = (NORWEGIAN, SAMI, POLISH, LITHUANIAN, SOMALI, ARABIC, UKRAINIAN, PAKISTANI)
"""All of them; their shares add up to one."""
