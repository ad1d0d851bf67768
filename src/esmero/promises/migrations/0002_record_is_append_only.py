"""The record cannot be polished: due times are never edited, what is settled stays settled."""

from django.db import migrations

CREATE = """
CREATE OR REPLACE FUNCTION promises_keeps_its_word() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.kind, NEW.subject_ref, NEW.made_at, NEW.due_at, NEW.basis, NEW.is_late_on_arrival)
       IS DISTINCT FROM
       (OLD.kind, OLD.subject_ref, OLD.made_at, OLD.due_at, OLD.basis, OLD.is_late_on_arrival) THEN
        RAISE EXCEPTION 'a promise keeps its word' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state <> 'open' AND (NEW.state, NEW.settled_at, NEW.reason, NEW.initiative)
       IS DISTINCT FROM (OLD.state, OLD.settled_at, OLD.reason, OLD.initiative) THEN
        RAISE EXCEPTION 'a settled promise stays settled'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.successor_id IS NOT NULL AND NEW.successor_id IS DISTINCT FROM OLD.successor_id THEN
        RAISE EXCEPTION 'a successor stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS promises_keeps_its_word ON promises_promise;
CREATE TRIGGER promises_keeps_its_word BEFORE UPDATE ON promises_promise
    FOR EACH ROW EXECUTE FUNCTION promises_keeps_its_word();
DROP TRIGGER IF EXISTS promises_promise_stays ON promises_promise;
CREATE TRIGGER promises_promise_stays BEFORE DELETE ON promises_promise
    FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
DROP TRIGGER IF EXISTS promises_entry_append_only ON promises_entry;
CREATE TRIGGER promises_entry_append_only BEFORE UPDATE OR DELETE ON promises_entry
    FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
DROP TRIGGER IF EXISTS promises_seal_append_only ON promises_seal;
CREATE TRIGGER promises_seal_append_only BEFORE UPDATE OR DELETE ON promises_seal
    FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
"""
DROP = """
DROP TRIGGER IF EXISTS promises_seal_append_only ON promises_seal;
DROP TRIGGER IF EXISTS promises_entry_append_only ON promises_entry;
DROP TRIGGER IF EXISTS promises_promise_stays ON promises_promise;
DROP TRIGGER IF EXISTS promises_keeps_its_word ON promises_promise;
DROP FUNCTION IF EXISTS promises_keeps_its_word();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("promises", "0001_initial"),
        ("kernel", "0003_history_is_append_only"),
    ]
    operations = [migrations.RunSQL(CREATE, DROP)]
