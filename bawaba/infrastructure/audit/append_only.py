"""The triggers under the register: no removal but behind an anchor, no change but the sealing of an unsealed row."""

REFUSAL = "the register of events is append-only"
_REFUSE = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
KEPT = ("id", "recorded_at", "event", "subject", "actor", "company", "request_id", "facts")
_REMOVABLE = "OLD.seq IS NOT NULL AND OLD.seq <= (SELECT COALESCE(MAX(seq), -1) FROM audit_anchor)"


def _sealing(same: str, cast: str) -> str:
    kept = " AND ".join(f"NEW.{name}{cast} {same} OLD.{name}{cast}" for name in KEPT)
    return f"OLD.seq IS NULL AND NEW.seq IS NOT NULL AND {kept}"


def lock(vendor: str) -> list[str]:
    """The statements that put the triggers under the table. `vendor` is Django's name of the database."""
    if vendor == "sqlite":
        sealing = _sealing("IS", "")
        return [
            f"CREATE TRIGGER audit_event_kept BEFORE DELETE ON audit_event WHEN NOT ({_REMOVABLE}) {_REFUSE}",
            f"CREATE TRIGGER audit_event_unchanged BEFORE UPDATE ON audit_event WHEN NOT ({sealing}) {_REFUSE}",
        ]
    guard = f"""
        CREATE FUNCTION audit_event_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          IF TG_OP = 'DELETE' AND ({_REMOVABLE}) THEN RETURN OLD; END IF;
          IF TG_OP = 'UPDATE' AND ({_sealing("IS NOT DISTINCT FROM", "::text")}) THEN RETURN NEW; END IF;
          RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'insufficient_privilege';
        END $$"""
    run = "EXECUTE FUNCTION audit_event_guard()"
    return [
        guard,
        f"CREATE TRIGGER audit_event_kept BEFORE UPDATE OR DELETE ON audit_event FOR EACH ROW {run}",
        f"CREATE TRIGGER audit_event_whole BEFORE TRUNCATE ON audit_event FOR EACH STATEMENT {run}",
    ]


def unlock(vendor: str) -> list[str]:
    """The statements that take them away: for undoing the migration and for emptying a test database."""
    if vendor == "sqlite":
        return ["DROP TRIGGER audit_event_kept", "DROP TRIGGER audit_event_unchanged"]
    return ["DROP FUNCTION audit_event_guard() CASCADE"]
