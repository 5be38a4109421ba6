"""People built from survey rows: country → city, role → discipline, industry and methods → niches, offers."""

from __future__ import annotations

import csv
import gzip
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from demo.cast import Persona

Row = dict[str, str]

CITIES = {
    "India": "Bengaluru",
    "United States of America": "New York",
    "Japan": "Tokyo",
    "China": "Shanghai",
    "Brazil": "São Paulo",
    "Russia": "Moscow",
    "Nigeria": "Lagos",
    "Pakistan": "Karachi",
    "Egypt": "Cairo",
    "United Kingdom of Great Britain and Northern Ireland": "London",
    "Germany": "Berlin",
    "Spain": "Madrid",
    "Indonesia": "Jakarta",
    "Turkey": "Istanbul",
    "France": "Paris",
    "South Korea": "Seoul",
    "Taiwan": "Taipei",
    "Canada": "Toronto",
    "Bangladesh": "Dhaka",
    "Italy": "Rome",
    "Mexico": "Mexico City",
    "Kenya": "Nairobi",
    "Viet Nam": "Ho Chi Minh City",
    "Australia": "Sydney",
    "Colombia": "Bogotá",
    "Poland": "Warsaw",
    "Ukraine": "Kyiv",
    "Singapore": "Singapore",
    "Argentina": "Buenos Aires",
    "Malaysia": "Kuala Lumpur",
    "Netherlands": "Amsterdam",
    "South Africa": "Johannesburg",
    "Israel": "Tel Aviv",
    "Portugal": "Lisbon",
    "Thailand": "Bangkok",
    "Peru": "Lima",
    "United Arab Emirates": "Dubai",
    "Philippines": "Manila",
    "Greece": "Athens",
    "Ireland": "Dublin",
    "Sweden": "Stockholm",
    "Ghana": "Accra",
    "Switzerland": "Zurich",
}
ELSEWHERE = "London"

DISCIPLINES = {
    "Data Scientist": "data-scientist",
    "Statistician": "data-scientist",
    "Research Scientist": "data-scientist",
    "Data Analyst": "analyst",
    "Business Analyst": "analyst",
    "Data Engineer": "data-engineer",
    "DBA/Database Engineer": "data-engineer",
    "Machine Learning Engineer": "ml-engineer",
    "Software Engineer": "software-engineer",
    "Developer Relations/Advocacy": "software-engineer",
    "Product Manager": "product",
    "Program/Project Manager": "product",
    "Other": "domain-expert",
}

STAGES = {
    "< 1 years": "exploring",
    "I have never written code": "exploring",
    "1-3 years": "starting",
    "3-5 years": "building",
    "5-10 years": "building",
    "10-20 years": "booked",
    "20+ years": "scaling",
}

INDUSTRIES = {
    "Computers/Technology": "saas",
    "Academics/Education": "education",
    "Accounting/Finance": "fintech",
    "Manufacturing/Fabrication": "manufacturing",
    "Medical/Pharmaceutical": "healthcare",
    "Government/Public Service": "public-sector",
    "Online Service/Internet-based Services": "saas",
    "Energy/Mining": "energy",
    "Retail/Sales": "retail",
    "Insurance/Risk Assessment": "insurance",
    "Marketing/CRM": "marketing",
    "Broadcasting/Communications": "media",
    "Shipping/Transportation": "logistics",
    "Non-profit/Service": "nonprofit",
    "Online Business/Internet-based Sales": "ecommerce",
    "Hospitality/Entertainment/Sports": "travel",
    "Military/Security/Defense": "security",
}

# (column, what the value contains) → a niche, or a skill that is offered.
METHOD_NICHES = (
    ("cv_methods", "", "computer-vision"),
    ("nlp_methods", "Transformer", "llm"),
    ("nlp_methods", "", "nlp"),
    ("ml_frameworks", "Prophet", "forecasting"),
    ("bi_tools", "", "dashboards"),
    ("big_data", "", "data-engineering"),
)
METHOD_OFFERS = (
    ("nlp_methods", "Transformer", "llms"),
    ("cv_methods", "", "deep-learning"),
    ("ml_frameworks", "", "machine-learning"),
    ("bi_tools", "Power BI", "power-bi"),
    ("bi_tools", "Tableau", "tableau"),
    ("cloud", "", "cloud"),
    ("languages", "SQL", "sql"),
    ("languages", "R", "r"),
    ("languages", "Python", "python"),
)
ASKS = (
    "pricing",
    "finding-clients",
    "proposals",
    "contracts",
    "positioning",
    "scoping",
    "portfolio",
    "retainers",
)
COMFORTS = ("text", "text", "voice", "voice", "video", "group")


def people_from(
    path: str, number: int, chance: random.Random, names: Iterator[str], written: Sequence[Persona]
) -> list[Persona]:
    """That many people from rows chosen by chance; their weeks are borrowed from the written people."""
    with gzip.open(Path(path), "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["role"] in DISCIPLINES]
    chosen = chance.sample(rows, min(number, len(rows)))
    return [persona(row, next(names), chance, chance.choice(written).week) for row in chosen]


def persona(row: Row, name: str, chance: random.Random, week: tuple[str, ...]) -> Persona:
    """One survey row as a member."""
    industry = INDUSTRIES.get(row["industry"])
    niches = ([industry] if industry else []) + _found(row, METHOD_NICHES)
    offers = _found(row, METHOD_OFFERS)
    role, place = row["role"], row["industry"] or "no fixed industry"
    return Persona(
        name=name,
        city=CITIES.get(row["country"], ELSEWHERE),
        discipline=DISCIPLINES[role],
        stage=STAGES.get(row["years_coding"], "starting"),
        comfort=chance.choice(COMFORTS),
        headline=f"{role} · {place}",
        offers=tuple(offers[:3] or ["accountability"]),
        asks=tuple(chance.sample(ASKS, 2)),
        niches=tuple(dict.fromkeys(niches[:3])) or ("data-products",),
        week=week,
    )


def _found(row: Row, table: Sequence[tuple[str, str, str]]) -> list[str]:
    """What a row's methods stand for, each once."""
    found = [
        word
        for column, part, word in table
        if any(
            method and (not part or part == method or (len(part) > 1 and part in method))
            for method in row[column].split("|")
        )
    ]
    return list(dict.fromkeys(found))
