"""Who may do what, for what purpose: the one table of roles, a file for each kind of work.

Where a role works is its grant's area.
"""

from spean.config.roles import care, cash, identification, oversight, schemes
from spean.kernel.access import Role

ROLES: dict[str, Role] = {
    **identification.ROLES,
    **care.ROLES,
    **schemes.ROLES,
    **cash.ROLES,
    **oversight.ROLES,
}
