"""The facts of the lines of any number of claims: one statement (`rules.adjudication.FACTS`)."""

from spean.health_equity.models import DIAGNOSIS
from spean.health_equity.queries.grounds import GROUNDS

# `%(claims)s` are the ids of claims that are to be judged; they are locked. `%(terms)s` is what
# `rules.adjudication.terms` gives. Everything dated is looked up by the day of the service.
CLAIMS = """
given AS MATERIALIZED (SELECT %(terms)s::jsonb AS terms),
claim AS MATERIALIZED (
    SELECT claim.id, claim.number, claim.facility_id, claim.scheme,
           coalesce(person.merged_into_id, person.id) AS person_id, claim.sex, claim.birth_date,
           claim.came_on, claim.left_on, claim.diagnoses, claim.referred, claim.documents,
           claim.submitted_on, claim.remainder_of_id
    FROM health_equity_claim claim LEFT JOIN registry_person person ON person.id = claim.person_id
    WHERE claim.id = ANY(%(claims)s) AND claim.state = 'submitted'
    FOR UPDATE OF claim
), asked AS (
    SELECT DISTINCT person_id AS person FROM claim WHERE person_id IS NOT NULL
), known_as AS MATERIALIZED (
    SELECT person, person AS known FROM asked
    UNION ALL SELECT asked.person, merged.id
    FROM asked JOIN registry_person merged ON merged.merged_into_id = asked.person
), service AS MATERIALIZED (
    SELECT t.* FROM given, jsonb_to_recordset(given.terms -> 'services') AS t (
        service text, since date, until date, kind text, inpatient boolean, fees jsonb,
        quantity bigint, times bigint, days bigint, kind_times bigint, kind_days bigint,
        women boolean, youngest bigint, oldest bigint, diagnoses text, referral_levels text[],
        documents text[])
), scheme AS MATERIALIZED (
    SELECT t.* FROM given, jsonb_to_recordset(given.terms -> 'schemes') AS t (
        scheme text, since date, until date, fees text, claim bigint, "year" bigint,
        deadline bigint)
), "group" AS MATERIALIZED (
    SELECT t.* FROM given, jsonb_to_recordset(given.terms -> 'groups') AS t (
        "group" text, since date, until date, scheme text, covered boolean, waits integer,
        "order" bigint, pays boolean)
), line AS MATERIALIZED (
    SELECT claim.id AS claim, claim.number, claim.person_id AS person,
           claim.facility_id AS facility, claim.scheme, claim.came_on, claim.left_on,
           claim.submitted_on, line.place, line.service, line."on", line.quantity,
           line.asked::bigint AS asked, service.kind, service.inpatient,
           service.times, service.days, service.kind_times, service.kind_days,
           claim.remainder_of_id
    FROM claim JOIN health_equity_claimline line ON line.claim_id = claim.id
    LEFT JOIN service ON service.service = line.service AND service.since <= line."on"
     AND (service.until IS NULL OR line."on" < service.until)
)"""
# Of a remainder: the schemes that have judged the case before, and the riel they pay for a service.
SHARED = """
settled AS MATERIALIZED (
    SELECT claim.id AS claim, other.id AS other, other.scheme
    FROM claim JOIN health_equity_claim other
      ON (other.id = claim.remainder_of_id OR other.remainder_of_id = claim.remainder_of_id)
     AND other.id <> claim.id AND other.state IN ('accepted', 'reduced', 'rejected')
    WHERE claim.remainder_of_id IS NOT NULL
), shared AS (
    SELECT settled.claim, line.service, line."on",
           sum((judged.line ->> 'amount')::bigint)::bigint AS paid
    FROM settled
    CROSS JOIN LATERAL (
        SELECT lines FROM health_equity_adjudication WHERE claim_id = settled.other
        ORDER BY sequence DESC LIMIT 1
    ) last
    CROSS JOIN LATERAL jsonb_array_elements(last.lines) judged (line)
    JOIN health_equity_claimline line
      ON line.claim_id = settled.other AND line.place = (judged.line ->> 'place')::integer
    GROUP BY settled.claim, line.service, line."on"
)"""
# By the grounds of the person, as `rules.covers` finds it for one.
COVER = f"""
ground AS MATERIALIZED ({GROUNDS}),
day AS (SELECT DISTINCT claim, scheme, person, "on" FROM line WHERE person IS NOT NULL),
cover AS (
    SELECT day.claim, day."on",
           bool_or("group".scheme = day.scheme AND found.holds AND found.waited) AS covered,
           bool_or("group".scheme = day.scheme AND ground."end" <= day."on") AS ended,
           bool_or("group".scheme = day.scheme AND found.holds AND NOT found.waited) AS waiting,
           min("group"."order") FILTER (WHERE "group".scheme = day.scheme) AS order_own,
           min("group"."order") FILTER (WHERE found.holds AND found.waited AND "group".pays
                                        AND settled.claim IS NULL) AS order_first
    FROM day JOIN ground ON ground.person = day.person
    JOIN "group" ON "group"."group" = ground."group" AND "group".covered
     AND "group".since <= day."on" AND ("group".until IS NULL OR day."on" < "group".until)
    LEFT JOIN settled ON settled.claim = day.claim AND settled.scheme = "group".scheme
    CROSS JOIN LATERAL (SELECT
        ground.start <= day."on" AND (ground."end" IS NULL OR day."on" < ground."end") AS holds,
        ground.start + "group".waits <= day."on" AS waited) found
    GROUP BY day.claim, day."on"
)"""
# What counts as claimed before: see `rules.adjudication.history`.
EARLIER = """(past.submitted_on, past.number, past.place)
            < (line.submitted_on, line.number, line.place)"""
# A remainder is no care of its own: it counts for none but itself, and its first claim not for it.
OTHER_CARE = """(past.claim = line.claim OR (past.remainder_of_id IS NULL
               AND past.claim IS DISTINCT FROM line.remainder_of_id))"""
# A claim may be seen only after a later one was judged (two were being sent at once).
BEFORE = f"({EARLIER} OR (past.claim <> line.claim AND past.judged))"
# A remainder may ask for the whole price: what the case's other payers pay of it is theirs.
PAYABLE = """CASE WHEN other.remainder_of_id IS NULL THEN other.asked
             ELSE least(other.asked, greatest(other.whole - (
                 SELECT coalesce(sum(payer.amount), 0) FROM health_equity_claim payer
                 WHERE (payer.id = other.remainder_of_id
                        OR payer.remainder_of_id = other.remainder_of_id)
                   AND payer.id <> other.id), 0)) END"""
HISTORY = f"""
past AS MATERIALIZED (
    SELECT other.id AS claim, other.number, known_as.person,
           other.facility_id AS facility, other.submitted_on, other.came_on, other.left_on,
           other.state IN ('accepted', 'reduced', 'held') AS judged,
           other.remainder_of_id, line.place, line.service, line."on", kind.kind, kind.inpatient
    FROM known_as JOIN health_equity_claim other ON other.person_id = known_as.known
     AND other.state <> 'withdrawn'
    JOIN health_equity_claimline line ON line.claim_id = other.id
    JOIN (SELECT DISTINCT service, kind, inpatient FROM service) kind
      ON kind.service = line.service
), before AS (
    SELECT line.claim, line.place,
           count(*) FILTER (WHERE past.service = line.service AND past."on" = line."on"
                            AND past.facility = line.facility) AS same_day,
           count(*) FILTER (WHERE past.service = line.service AND {EARLIER}
                            AND abs(past."on" - line."on") < line.days) AS service_times,
           count(*) FILTER (WHERE abs(past."on" - line."on") < line.kind_days AND {EARLIER})
           AS kind_times
    FROM line JOIN past ON past.person = line.person AND past.kind = line.kind AND {BEFORE}
     AND {OTHER_CARE}
    GROUP BY line.claim, line.place
), stay AS (
    SELECT line.claim, line.place, count(*) AS stays
    FROM line JOIN past ON past.person = line.person AND past.claim <> line.claim AND {BEFORE}
     AND {OTHER_CARE}
     AND past.came_on < line.left_on AND line.came_on < past.left_on
    WHERE line.inpatient AND past.inpatient
    GROUP BY line.claim, line.place
), this_year AS (
    SELECT claim.id AS claim, sum({PAYABLE})::bigint AS claimed
    FROM claim JOIN known_as ON known_as.person = claim.person_id
    JOIN health_equity_claim other ON other.person_id = known_as.known
     AND other.scheme = claim.scheme AND other.state <> 'withdrawn' AND other.id <> claim.id
     AND date_part('year', other.left_on) = date_part('year', claim.left_on)
     AND (other.submitted_on, other.number) < (claim.submitted_on, claim.number)
    GROUP BY claim.id
)"""
LINES = f"""
facts AS (
    SELECT claim.id AS claim, claim.scheme, claim.came_on, claim.left_on, claim.submitted_on,
           claim.sex, claim.birth_date, claim.referred,
           cardinality(claim.diagnoses)::bigint AS diagnoses,
           (SELECT count(*) FROM unnest(claim.diagnoses) code WHERE code !~ '{DIAGNOSIS}')
           AS diagnoses_wrong,
           scheme.deadline, scheme.claim AS claim_ceiling, scheme."year" AS year_ceiling,
           coalesce(this_year.claimed, 0) AS claimed_in_year,
           line.place::bigint AS place, line.service, line."on", line.quantity::bigint AS quantity,
           line.asked,
           facility.start <= line."on" AND (facility."end" IS NULL OR line."on" < facility."end")
           AS facility_open,
           level.kind AS level, contract.id IS NOT NULL AS contracted,
           suspension.id IS NOT NULL AS suspended,
           service.service IS NOT NULL AS service_known,
           coalesce(line.inpatient, false) AS inpatient,
           (service.fees -> scheme.fees ->> level.kind)::bigint AS fee,
           coalesce(service.fees ? scheme.fees, false) AS fee_elsewhere,
           service.quantity AS most_quantity, coalesce(service.women, false) AS women_only,
           service.youngest, service.oldest,
           service.diagnoses IS NOT NULL AS diagnosis_asked,
           array_to_string(claim.diagnoses, ' ') ~* service.diagnoses AS diagnosis_fits,
           level.kind = ANY(service.referral_levels) AS referral_asked,
           service.documents <@ claim.documents::text[] AS documents_there,
           person.id AS person, person.sex AS registered_sex,
           person.birth_date AS registered_birth,
           person.birth_date_precision AS birth_precision, person.death_date,
           CASE WHEN born.day <= line."on"
                THEN extract(year FROM age(line."on", born.day)) END::bigint AS age,
           coalesce(cover.covered, false) AS covered, coalesce(cover.ended, false) AS ended,
           coalesce(cover.waiting, false) AS waiting, cover.order_own, cover.order_first,
           coalesce(shared.paid, 0) AS paid_before,
           coalesce(before.same_day, 0) AS same_day, coalesce(stay.stays, 0) AS stays,
           coalesce(before.service_times, 0) AS service_times, line.times AS most_service_times,
           coalesce(before.kind_times, 0) AS kind_times, line.kind_times AS most_kind_times
    FROM line JOIN claim ON claim.id = line.claim
    JOIN locations_facility facility ON facility.id = claim.facility_id
    LEFT JOIN scheme ON scheme.scheme = claim.scheme AND scheme.since <= claim.left_on
     AND (scheme.until IS NULL OR claim.left_on < scheme.until)
    LEFT JOIN service ON service.service = line.service AND service.since <= line."on"
     AND (service.until IS NULL OR line."on" < service.until)
    LEFT JOIN locations_facilitylevel level ON level.facility_id = claim.facility_id
     AND level.start <= line."on" AND (level."end" IS NULL OR line."on" < level."end")
    LEFT JOIN health_equity_contract contract ON contract.facility_id = claim.facility_id
     AND contract.scheme = claim.scheme AND contract.start <= line."on"
     AND (contract."end" IS NULL OR line."on" < contract."end")
    LEFT JOIN health_equity_suspension suspension ON suspension.facility_id = claim.facility_id
     AND suspension.start <= line."on"
     AND (suspension."end" IS NULL OR line."on" < suspension."end")
    LEFT JOIN registry_person person ON person.id = claim.person_id
    CROSS JOIN LATERAL (SELECT coalesce(person.birth_date, claim.birth_date) AS day) born
    LEFT JOIN cover ON cover.claim = line.claim AND cover."on" = line."on"
    LEFT JOIN shared ON shared.claim = line.claim AND shared.service = line.service
     AND shared."on" = line."on"
    LEFT JOIN before ON before.claim = line.claim AND before.place = line.place
    LEFT JOIN stay ON stay.claim = line.claim AND stay.place = line.place
    LEFT JOIN this_year ON this_year.claim = claim.id
)"""
# The parts of a WITH clause whose relation `facts` has one row a line, and `claim` one a claim.
FACTS_OF = ",".join([CLAIMS, SHARED, COVER, HISTORY, LINES])
