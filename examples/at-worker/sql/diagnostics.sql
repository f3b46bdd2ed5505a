-- What to ask when something seems wrong. Each statement stands alone; psql -f runs them all.

-- version: must be 14 or later
SELECT version();

-- queue: what waits, and whether it is due
SELECT id, execute_at, status, task_type
FROM scheduled_tasks
WHERE status = 'pending'
ORDER BY execute_at;

-- locks: who holds the table
SELECT * FROM pg_locks WHERE relation = 'scheduled_tasks'::regclass;

-- stuck: in processing for long
SELECT id, task_type, status, attempts, max_attempts, updated_at,
       NOW() - updated_at as stuck_duration
FROM scheduled_tasks
WHERE status = 'processing'
  AND updated_at < NOW() - INTERVAL '5 minutes'
ORDER BY updated_at;

-- callbacks: which HTTP callbacks failed, and why
SELECT id, task_type, payload, error_message
FROM scheduled_tasks
WHERE task_type = 'http_callback'
  AND status = 'failed';

-- statuses: how many of each
SELECT status, COUNT(*)
FROM scheduled_tasks
GROUP BY status;

-- durations: from the time it was due to its completion
SELECT task_type,
       AVG(EXTRACT(EPOCH FROM (completed_at - execute_at))) as avg_seconds
FROM scheduled_tasks
WHERE status = 'completed'
  AND completed_at IS NOT NULL
GROUP BY task_type;

-- stuck count
SELECT COUNT(*) FROM scheduled_tasks
WHERE status = 'processing'
  AND updated_at < NOW() - INTERVAL '5 minutes';

-- success rate, in per cent
SELECT
  ROUND(100.0 * SUM(CASE WHEN status = 'completed' THEN 1 ELSE 0 END) / COUNT(*), 2) as success_rate
FROM scheduled_tasks
WHERE status IN ('completed', 'failed');

-- last chances: no attempt is left, or one
SELECT id, task_type, attempts, max_attempts, error_message
FROM scheduled_tasks
WHERE attempts >= max_attempts - 1
  AND status != 'completed'
ORDER BY updated_at DESC
LIMIT 10;
