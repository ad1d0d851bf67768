"""What happened stays as it was written: triggers, not good will."""

from django.db import migrations

CREATE = """
CREATE OR REPLACE FUNCTION kernel_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE FUNCTION kernel_event_keeps_its_facts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.kind, NEW.version, NEW.at, NEW.actor, NEW.data)
       IS DISTINCT FROM (OLD.kind, OLD.version, OLD.at, OLD.actor, OLD.data) THEN
        RAISE EXCEPTION 'kernel_event is append-only'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS kernel_audit_append_only ON kernel_audit;
CREATE TRIGGER kernel_audit_append_only BEFORE UPDATE OR DELETE ON kernel_audit
    FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
DROP TRIGGER IF EXISTS kernel_event_append_only ON kernel_event;
CREATE TRIGGER kernel_event_append_only BEFORE UPDATE ON kernel_event
    FOR EACH ROW EXECUTE FUNCTION kernel_event_keeps_its_facts();
DROP TRIGGER IF EXISTS kernel_event_stays ON kernel_event;
CREATE TRIGGER kernel_event_stays BEFORE DELETE ON kernel_event
    FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
"""
DROP = """
DROP TRIGGER IF EXISTS kernel_event_stays ON kernel_event;
DROP TRIGGER IF EXISTS kernel_event_append_only ON kernel_event;
DROP TRIGGER IF EXISTS kernel_audit_append_only ON kernel_audit;
DROP FUNCTION IF EXISTS kernel_event_keeps_its_facts();
DROP FUNCTION IF EXISTS kernel_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
