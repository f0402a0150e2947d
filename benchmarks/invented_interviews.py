"""Interviews of families that do not exist, as a phone writes them."""

import random
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from simulated_phone import Sending

from spean.config import demo

HOUSES = (
    {
        "roof": "leaves", "walls": "leaves", "condition": "dilapidated", "floor_area": "under_5",
        "farm_land": "none", "tenure": "none", "income": "none", "animals": "none",
        "food_shortage": "four_or_more", "goods": "none", "transport": "none",
    },
    {
        "roof": "leaves", "walls": "wood", "condition": "dilapidated", "floor_area": "under_5",
        "farm_land": "under_half", "tenure": "owned", "income": "casual", "animals": "poultry",
        "food_shortage": "one_to_three", "goods": "few", "transport": "bicycle",
    },
)  # fmt: skip


def interviews(count: int, village: str, version: str, chance: random.Random) -> list[Sending]:
    """Invent interviews of new families, some with two photos that travel in two requests."""
    sendings = []
    for _ in range(count):
        instance_id = f"uuid:{UUID(int=chance.getrandbits(128), version=4)}"
        xml = _interview(instance_id, village, version, chance).encode()
        photos = [(f"{instance_id[5:13]}-{n}.jpg", chance.randbytes(20_000)) for n in (1, 2)]
        if chance.random() < 0.2:
            sendings.append(Sending(instance_id, xml, (photos[0],), more=True))
            sendings.append(Sending(instance_id, xml, (photos[1],)))
        else:
            sendings.append(Sending(instance_id, xml))
    return sendings


def _interview(instance_id: str, village: str, version: str, chance: random.Random) -> str:
    a_year_off = chance.random() < 0.02
    end = datetime.now(UTC) + timedelta(days=365 if a_year_off else 0, minutes=-5)
    family = chance.choice(demo.FAMILY_NAMES)
    members = [("head", "female", chance.randint(1955, 2003))]
    members += [("child", "male", chance.randint(2008, 2020)) for _ in range(chance.randint(0, 4))]
    house = "".join(f"<{key}>{code}</{key}>" for key, code in chance.choice(HOUSES).items())
    return (
        f'<?xml version="1.0"?><data id="poverty_interview" version="{version}">'
        f"<start>{(end - timedelta(minutes=25)).isoformat()}</start><end>{end.isoformat()}</end>"
        f"<village>{village}</village><known>no</known><consent>yes</consent>"
        f"<home><address>House {chance.randint(1, 999)}</address><phone>012345678</phone></home>"
        + "".join(_member(family, *one, chance) for one in members)
        + f"<house>{house}</house><gps>13.74 107.02 120 4.5</gps>"
        f"<meta><instanceID>{instance_id}</instanceID></meta></data>"
    )


def _member(
    family: tuple[str, str], relation: str, sex: str, year: int, chance: random.Random
) -> str:
    born = date(year, chance.randint(1, 12), chance.randint(1, 28))
    given = chance.choice(demo.WOMEN if sex == "female" else demo.MEN)
    said = {
        "family_name_km": family[0],
        "given_name_km": given[0],
        "family_name_latin": family[1],
        "given_name_latin": given[1],
        "relation": relation,
        "sex": sex,
        "birth_known": "exact",
        "birth_date": born.isoformat(),
        "pregnant": "no" if sex == "female" else "",
        "difficulty_any": "no",
    }
    return f"<member>{''.join(f'<{key}>{text}</{key}>' for key, text in said.items())}</member>"
