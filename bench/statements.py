"""The limit's three statements: the same rows, the same JSON, written by hand."""

_DOCUMENT = """json_strip_nulls(json_build_object(
  'id', p.id, 'organisation', p.organisation_id, 'portfolio_id', p.portfolio_id, 'name', p.name,
  'need', p.need, 'zero_alternative', p.zero_alternative, 'source', p.source, 'category', p.category,
  'is_statutory', p.is_statutory, 'receiving_unit_ids', p.receiving_unit_ids,
  'start', p.start, 'end', p."end",
  'cost', CASE WHEN p.cost_minor IS NOT NULL THEN json_build_object('amount',
     (p.cost_minor::numeric / 100)::numeric(20, 2)::text,
     'currency', p.currency, 'price_year', p.price_year) END,
  'cost_by_year', p.cost_by_year, 'needs', p.needs, 'depends_on', p.depends_on, 'excludes', p.excludes,
  'registration', p.registration, 'status', p.status, 'phase', p.phase, 'revision', p.revision,
  'created_at', to_char(p.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')))"""

_ITEMS = f"coalesce(json_agg({_DOCUMENT} ORDER BY p.name, p.id), '[]')"
LIST = f"""SELECT json_build_object('items', {_ITEMS})::text
FROM (SELECT * FROM project WHERE organisation_id = $1 AND portfolio_id = $2 ORDER BY name, id LIMIT $3) p"""

GET = f"SELECT {_DOCUMENT}::text FROM project p WHERE organisation_id = $1 AND id = $2"

CREATE = f"""WITH p AS (
  INSERT INTO project (organisation_id, id, portfolio_id, name, source, currency, price_year, registration,
                       status, created_at)
  VALUES ($1, $2, $3, $4, 'own-idea', 'NOK', 2026, 'central', 'proposed', $5) RETURNING *),
announced AS (
  INSERT INTO event (organisation_id, id, type, subject, time, data)
  SELECT $1, $6, 'gevinst.portfolio.project-proposed.v1', $7, $5, $8::jsonb),
audited AS (
  INSERT INTO audit (organisation_id, id, time, actor, action, subject, request_id, after)
  SELECT $1, $9, $5, 'kari', 'gevinst.portfolio.project-proposed.v1', $7, $10, to_jsonb(p) FROM p)
SELECT {_DOCUMENT}::text FROM p"""
