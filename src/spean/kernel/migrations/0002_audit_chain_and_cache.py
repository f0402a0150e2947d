"""The audit trail's chain and locks, and the table of the shared cache."""

from typing import ClassVar

from django.db import migrations

CHAIN = """
CREATE FUNCTION kernel_audit_hash(previous bytea, entry kernel_auditentry) RETURNS bytea
LANGUAGE sql STABLE AS $$
    SELECT sha256(coalesce(previous, ''::bytea) || convert_to(jsonb_build_array(
        entry.id, extract(epoch FROM entry.at)::text, entry.actor, entry.purpose, entry.kind,
        entry.action, entry.subject_type, entry.subject_id, entry.area, entry.detail
    )::text, 'UTF8'))
$$;

CREATE FUNCTION kernel_audit_chain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    last kernel_auditlink;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('kernel_auditlink'));
    SELECT * INTO last FROM kernel_auditlink ORDER BY position DESC LIMIT 1;
    INSERT INTO kernel_auditlink (position, entry_id, hash)
    VALUES (coalesce(last.position, 0) + 1, NEW.id, kernel_audit_hash(last.hash, NEW));
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER kernel_auditentry_chain AFTER INSERT ON kernel_auditentry
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kernel_audit_chain();

CREATE FUNCTION kernel_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is only ever added to'
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER kernel_auditentry_keep BEFORE UPDATE OR DELETE ON kernel_auditentry
FOR EACH ROW EXECUTE FUNCTION kernel_audit_refuse();
CREATE TRIGGER kernel_auditlink_keep BEFORE UPDATE OR DELETE ON kernel_auditlink
FOR EACH ROW EXECUTE FUNCTION kernel_audit_refuse();
CREATE TRIGGER kernel_auditentry_keep_all BEFORE TRUNCATE ON kernel_auditentry
FOR EACH STATEMENT EXECUTE FUNCTION kernel_audit_refuse();
CREATE TRIGGER kernel_auditlink_keep_all BEFORE TRUNCATE ON kernel_auditlink
FOR EACH STATEMENT EXECUTE FUNCTION kernel_audit_refuse();
"""

UNCHAIN = """
DROP TRIGGER kernel_auditlink_keep_all ON kernel_auditlink;
DROP TRIGGER kernel_auditentry_keep_all ON kernel_auditentry;
DROP TRIGGER kernel_auditlink_keep ON kernel_auditlink;
DROP TRIGGER kernel_auditentry_keep ON kernel_auditentry;
DROP FUNCTION kernel_audit_refuse();
DROP TRIGGER kernel_auditentry_chain ON kernel_auditentry;
DROP FUNCTION kernel_audit_chain();
DROP FUNCTION kernel_audit_hash(bytea, kernel_auditentry);
"""

CACHE = """
CREATE UNLOGGED TABLE kernel_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX kernel_cache_expires ON kernel_cache (expires);
"""


class Migration(migrations.Migration):
    """Chain the audit trail, lock it, and make the cache's table."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("kernel", "0001_initial")]

    operations: ClassVar[list[migrations.RunSQL]] = [
        migrations.RunSQL(CHAIN, UNCHAIN),
        migrations.RunSQL(CACHE, "DROP TABLE kernel_cache"),
    ]
