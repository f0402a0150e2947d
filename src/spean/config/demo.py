"""The demo district: invented people of every role, for a laptop only."""

DISTRICT = "1601"
COMMUNE = "160101"
VILLAGE = "16010101"
PROVINCE = "16"

# Username, password, role, area, name in Khmer. The passwords protect invented data only.
USERS: list[tuple[str, str, str, str]] = []
SIGN_INS: list[tuple[str, str, str]] = []
