"""Numbers of referrals; steps and standings are only added, steps in the order of their times."""

from typing import ClassVar

from django.db import migrations

STAND = """
CREATE SEQUENCE referrals_referral_number;

CREATE FUNCTION referrals_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what happened to a referral or a vehicle is only ever added to'
        USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER referrals_referralstep_keep BEFORE UPDATE OR DELETE ON referrals_referralstep
FOR EACH ROW EXECUTE FUNCTION referrals_refuse();
CREATE TRIGGER referrals_standing_keep BEFORE UPDATE OR DELETE ON referrals_standing
FOR EACH ROW EXECUTE FUNCTION referrals_refuse();

-- The referral's row is locked first: of two steps at once the second sees the other.
CREATE FUNCTION referrals_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM referrals_referral WHERE id = NEW.referral_id FOR UPDATE;
    IF EXISTS (SELECT FROM referrals_referralstep
               WHERE referral_id = NEW.referral_id AND at > NEW.at) THEN
        RAISE EXCEPTION 'a step before the one that went before it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'referrals_referralstep_in_order';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER referrals_referralstep_in_order BEFORE INSERT ON referrals_referralstep
FOR EACH ROW EXECUTE FUNCTION referrals_in_order();
"""

LET_GO = """
DROP TRIGGER referrals_referralstep_in_order ON referrals_referralstep;
DROP FUNCTION referrals_in_order();
DROP TRIGGER referrals_standing_keep ON referrals_standing;
DROP TRIGGER referrals_referralstep_keep ON referrals_referralstep;
DROP FUNCTION referrals_refuse();
DROP SEQUENCE referrals_referral_number;
"""


class Migration(migrations.Migration):
    """Add the sequence and the triggers."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("referrals", "0001_initial")]

    operations: ClassVar[list[migrations.RunSQL]] = [migrations.RunSQL(STAND, LET_GO)]
