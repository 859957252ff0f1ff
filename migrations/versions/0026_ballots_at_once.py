"""On PostgreSQL ballots are counted by one statement, which locks, looks whether all is as it was read, and writes."""

from alembic import op

revision = "0026"
down_revision = "0025"

# A function's plans are made once, when tables may be small: without sequential scans they stay right as these grow.
COUNT_BALLOTS = """
CREATE OR REPLACE FUNCTION count_ballots(
    updates jsonb, polls jsonb, gained jsonb, moved jsonb, withdrawn jsonb, at bigint
) RETURNS SETOF poll_tally LANGUAGE plpgsql SET enable_seqscan TO off AS $$
DECLARE
    as_expected bigint := jsonb_array_length(updates) + jsonb_array_length(gained)
        + jsonb_array_length(moved) + jsonb_array_length(withdrawn);
    written bigint;
BEGIN
    INSERT INTO handled_update (platform, external, handled_at)
        SELECT value->>0, value->>1, at FROM jsonb_array_elements(updates)
        ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS written = ROW_COUNT;
    as_expected := as_expected - written;
    PERFORM FROM poll WHERE id IN (SELECT value::integer FROM jsonb_array_elements(polls))
        ORDER BY id FOR NO KEY UPDATE;
    IF jsonb_array_length(gained) > 0 THEN
        INSERT INTO vote (poll_id, voter, choice_id, chat_id, cast_at, after_ruling)
            SELECT (value->>0)::integer, (value->>1)::bigint, (value->>2)::integer, (value->>3)::bigint,
                (value->>4)::bigint, (value->>5)::smallint
            FROM jsonb_array_elements(gained)
            ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS written = ROW_COUNT;
        as_expected := as_expected - written;
    END IF;
    IF jsonb_array_length(moved) > 0 THEN
        UPDATE vote SET choice_id = (value->>2)::integer, chat_id = (value->>3)::bigint,
                cast_at = (value->>4)::bigint, after_ruling = (value->>5)::smallint
            FROM jsonb_array_elements(moved)
            WHERE poll_id = (value->>0)::integer AND voter = (value->>1)::bigint
                AND choice_id = (value->>6)::integer AND chat_id = (value->>7)::bigint;
        GET DIAGNOSTICS written = ROW_COUNT;
        as_expected := as_expected - written;
    END IF;
    IF jsonb_array_length(withdrawn) > 0 THEN
        DELETE FROM vote USING jsonb_array_elements(withdrawn)
            WHERE poll_id = (value->>0)::integer AND voter = (value->>1)::bigint
                AND choice_id = (value->>2)::integer AND chat_id = (value->>3)::bigint;
        GET DIAGNOSTICS written = ROW_COUNT;
        as_expected := as_expected - written;
    END IF;
    IF as_expected <> 0 THEN
        RAISE 'something else was counted beside' USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN QUERY SELECT * FROM poll_tally
        WHERE poll_id IN (SELECT value::integer FROM jsonb_array_elements(polls));
END $$
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(COUNT_BALLOTS)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION count_ballots")
