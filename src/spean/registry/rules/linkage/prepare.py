"""The columns that the model compares, built in SQL from the people as they stand in the registry.

What is prepared is plain (text, whole numbers, one list of whole numbers): it can be written as
Parquet and linked by Spark with the same model.
"""

from typing import Any, Final

from spean.registry.rules.linkage.keys import make_name_keys

PREPARED: Final = "linkage_people"
# A telephone or a number that more records have belongs to a shop, a village chief or nobody.
SHARED_BY_MOST: Final = 24

_NAMED = """
CREATE OR REPLACE TABLE linkage_named AS
SELECT
    row_number() OVER (ORDER BY p.person) AS record,
    p.person, p.household AS household_key,
    CAST(hash(p.household) >> 1 AS BIGINT) AS household,
    nullif(substr(p.village, 1, 2), '') AS province,
    nullif(substr(p.village, 1, 4), '') AS district,
    nullif(substr(p.village, 1, 6), '') AS commune, nullif(p.village, '') AS village,
    nullif(p.family_name_km, '') AS family_km, nullif(p.family_name_latin, '') AS family_latin,
    nullif(p.given_name_km, '') AS given_km, nullif(p.given_name_latin, '') AS given_latin,
    coalesce(fl.plain, fk.plain) AS family_plain, coalesce(gl.plain, gk.plain) AS given_plain,
    coalesce(fl.key, fk.key) AS family_key, coalesce(fk.key, fl.key) AS family_key_km,
    coalesce(gl.key, gk.key) AS given_key, coalesce(gk.key, gl.key) AS given_key_km,
    p.sex,
    CAST(year(p.birth_date) AS INTEGER) AS birth_year,
    CASE WHEN p.birth_date_precision IN ('exact', 'month') THEN CAST(month(p.birth_date) AS INTEGER)
         END AS birth_month,
    CASE WHEN p.birth_date_precision = 'exact' THEN CAST(day(p.birth_date) AS INTEGER)
         END AS birth_dom,
    CASE WHEN p.birth_date_precision = 'exact'
         THEN CAST(datediff('day', DATE '1900-01-01', p.birth_date) AS INTEGER) END AS birth_day,
    p.birth_date_precision = 'estimated' AS birth_estimated,
    nullif(p.phone, '') AS phone, nullif(p.national_id, '') AS national_id
FROM {people} p
LEFT JOIN linkage_keys fk ON fk.name = p.family_name_km
LEFT JOIN linkage_keys gk ON gk.name = p.given_name_km
LEFT JOIN linkage_keys fl ON fl.name = p.family_name_latin
LEFT JOIN linkage_keys gl ON gl.name = p.given_name_latin
"""

# Each member leaves two signs: given name with year of birth, and sex with day of birth.
_SIGNS = """
CREATE OR REPLACE TABLE linkage_signs AS
SELECT household, list(sign ORDER BY sign) AS signs
FROM (
    SELECT household, CAST(hash(given_key, birth_year) >> 1 AS BIGINT) AS sign
    FROM linkage_named WHERE given_key IS NOT NULL AND birth_year IS NOT NULL
    UNION
    SELECT household, CAST(hash(sex, birth_day) >> 1 AS BIGINT)
    FROM linkage_named WHERE birth_day IS NOT NULL
)
GROUP BY household
"""

# Two households that share two members by name and day of birth, or one of them by the whole name
# in one province too, may be one family again: each household has its likeliest other.
_AGAIN = """
CREATE OR REPLACE TABLE linkage_again AS
WITH members AS (
    SELECT DISTINCT household, hash(given_key, birth_day, sex) AS member
    FROM linkage_named WHERE given_key IS NOT NULL AND birth_day IS NOT NULL
    UNION ALL
    SELECT DISTINCT household, hash(given_key, family_key, birth_year, sex, province)
    FROM linkage_named WHERE given_key IS NOT NULL AND family_key IS NOT NULL
        AND birth_year IS NOT NULL
), shared AS (
    SELECT l.household AS one, r.household AS other, count(*) AS members
    FROM members l
    JOIN members r USING (member)
    WHERE l.household < r.household
    GROUP BY l.household, r.household
    HAVING count(*) >= 2
), both_ways AS (
    SELECT one, other, members FROM shared UNION ALL SELECT other, one, members FROM shared
), likeliest AS (
    SELECT one, other, row_number() OVER (PARTITION BY one ORDER BY members DESC, other) AS place
    FROM both_ways
)
SELECT one AS household,
    CAST(hash(least(one, other), greatest(one, other)) >> 1 AS BIGINT) AS family
FROM likeliest WHERE place = 1
"""

_RARE = """
CREATE OR REPLACE TABLE linkage_rare_{column} AS
SELECT {column} FROM linkage_named WHERE {column} IS NOT NULL
GROUP BY {column} HAVING count(*) BETWEEN 2 AND {most}
"""

_PREPARED = """
CREATE OR REPLACE TABLE {prepared} AS
SELECT
    n.* EXCLUDE (household_key),
    least(n.family_key, n.given_key) || ' ' || greatest(n.family_key, n.given_key) AS name_key,
    least(n.family_key_km, n.given_key_km) || ' ' || greatest(n.family_key_km, n.given_key_km)
        AS name_key_km,
    CASE WHEN n.birth_dom IS NOT NULL THEN
        n.birth_year * 10000 + least(n.birth_month, n.birth_dom) * 100
        + greatest(n.birth_month, n.birth_dom) END AS birth_either_way,
    n.birth_month * 100 + n.birth_dom AS birthday,
    list_filter(s.signs, lambda sign:
        sign <> coalesce(CAST(hash(n.given_key, n.birth_year) >> 1 AS BIGINT), 0)
        AND sign <> coalesce(CAST(hash(n.sex, n.birth_day) >> 1 AS BIGINT), 0)) AS others,
    a.family, p.phone AS rare_phone, i.national_id AS rare_id
FROM linkage_named n
LEFT JOIN linkage_signs s USING (household)
LEFT JOIN linkage_again a USING (household)
LEFT JOIN linkage_rare_phone p ON p.phone = n.phone
LEFT JOIN linkage_rare_national_id i ON i.national_id = n.national_id
"""


def prepare(connection: Any, people: str) -> str:
    """Build the table that the model compares, one row a record, and give its name.

    `people` is a table or view of the connection with person, household, village, the four names,
    sex, birth_date, birth_date_precision, phone and national_id; "" stands for what isn't known.
    """
    make_name_keys(connection, people, "linkage_keys")
    connection.execute(_NAMED.format(people=people))
    connection.execute(_SIGNS)
    connection.execute(_AGAIN)
    for column in ("phone", "national_id"):
        connection.execute(_RARE.format(column=column, most=SHARED_BY_MOST))
    connection.execute(_PREPARED.format(prepared=PREPARED))
    for table in ("named", "signs", "again", "rare_phone", "rare_national_id", "keys"):
        connection.execute(f"DROP TABLE linkage_{table}")
    return PREPARED
