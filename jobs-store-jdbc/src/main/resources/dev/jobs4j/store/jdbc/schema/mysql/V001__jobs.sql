-- Jobs4j, schema version 1, MariaDB and MySQL.
-- runs-from: 1 (the oldest schema version whose code works with these tables)
-- {p} stands for the table prefix (with the database's name before it, if one is set), {n} for the
-- prefix alone: the name of an index cannot carry one. {options} stands for what MariaDB and MySQL
-- name differently: ENGINE=InnoDB and a binary collation without padding, so that 'a', 'A', 'á' and
-- 'a ' are four keys.
--
-- Each change of a schema is committed at once here, so a file that broke off is run again from its
-- beginning: every statement of it must allow that. Times are UTC.

-- One row for each life of an engine. The row is its lease: renewed while it lives, fenced once it
-- has expired. Few rows, often updated. Its queues and types say what it does, for whoever asks why
-- a job is not running: a line each, with the number of places or the newest payload version.
CREATE TABLE IF NOT EXISTS {p}engine (
  id            binary(16)   PRIMARY KEY,
  name          varchar(200) NOT NULL,
  version       varchar(60)  NOT NULL,
  queues        longtext     NOT NULL,
  types         longtext     NOT NULL,
  state         varchar(6)   NOT NULL CHECK (state IN ('LIVE', 'FENCED')),
  lease_micros  bigint       NOT NULL CHECK (lease_micros > 0),
  registered_at datetime(6)  NOT NULL,
  expires_at    datetime(6)  NOT NULL
) {options};

-- The hot area: pending and running jobs, nothing else. A job that ends moves to history or dead
-- in the transaction that ends it.
--
-- job_claim is what a claim walks: queue and priority bound run_at, so that jobs that are not due
-- are never read. There is no partial index: blocked and running jobs have no lane, and suspects
-- one of their own.
CREATE TABLE IF NOT EXISTS {p}job (
  id               binary(16)   PRIMARY KEY,
  token            bigint       NOT NULL CHECK (token >= 0),
  run_at           datetime(6)  NOT NULL,
  created_at       datetime(6)  NOT NULL,
  expires_at       datetime(6),
  engine           binary(16),
  claim_id         binary(16),
  attempt          integer      NOT NULL CHECK (attempt >= 0),
  max_attempts     integer      CHECK (max_attempts >= 1),
  crashes          integer      NOT NULL CHECK (crashes >= 0),
  type_version     integer      NOT NULL,
  waits            integer      NOT NULL CHECK (waits >= 0),
  priority         smallint     NOT NULL CHECK (priority BETWEEN 1 AND 5),
  suspect          boolean      NOT NULL,
  cancel_requested boolean      NOT NULL,
  state            varchar(7)   NOT NULL CHECK (state IN ('PENDING', 'RUNNING')),
  block_reason     varchar(12)  CHECK (block_reason IN ('PARENTS', 'LIMIT', 'FIFO', 'BOTH')),
  blocked_on       varchar(200),
  queue            varchar(120) NOT NULL,
  type             varchar(120) NOT NULL,
  unique_key       varchar(200),
  tenant           varchar(120),
  origin           varchar(300),
  line_key         varchar(200),
  line_skip        boolean,
  tags             varchar(1300),
  limits           varchar(1500),
  headers          longtext,
  codec            varchar(20)  NOT NULL,
  payload          longblob     NOT NULL,
  lane             smallint     GENERATED ALWAYS AS (
    CASE WHEN state <> 'PENDING' OR block_reason IS NOT NULL THEN NULL
         WHEN suspect THEN 1 ELSE 0 END) STORED,
  share            varchar(120) GENERATED ALWAYS AS (COALESCE(tenant, '')) STORED,
  CHECK ((state = 'RUNNING') = (engine IS NOT NULL)),
  CHECK ((state = 'RUNNING') = (claim_id IS NOT NULL)),
  CHECK (state = 'PENDING' OR block_reason IS NULL),
  CHECK (state = 'RUNNING' OR NOT cancel_requested),
  CHECK ((blocked_on IS NOT NULL) = (block_reason IS NOT NULL AND block_reason = 'LIMIT')),
  CHECK (waits = 0 OR (block_reason IS NOT NULL AND block_reason <> 'FIFO')),
  CHECK ((line_key IS NULL) = (line_skip IS NULL)),
  KEY {n}job_claim (queue, lane, priority, run_at, id),
  KEY {n}job_share (queue, lane, share, priority, run_at, id),
  KEY {n}job_blocked (blocked_on, queue, priority, run_at, id),
  KEY {n}job_blocked_share (blocked_on, queue, share, priority, run_at, id),
  KEY {n}job_engine (engine),
  KEY {n}job_expiry (expires_at)
) {options};

-- Jobs that ended well or were called off, kept for a while.
CREATE TABLE IF NOT EXISTS {p}history (
  id           binary(16)   PRIMARY KEY,
  token        bigint       NOT NULL,
  run_at       datetime(6)  NOT NULL,
  created_at   datetime(6)  NOT NULL,
  finished_at  datetime(6)  NOT NULL,
  attempt      integer      NOT NULL,
  max_attempts integer,
  crashes      integer      NOT NULL,
  type_version integer      NOT NULL,
  priority     smallint     NOT NULL,
  suspect      boolean      NOT NULL,
  state        varchar(9)   NOT NULL CHECK (state IN ('SUCCEEDED', 'CANCELLED')),
  queue        varchar(120) NOT NULL,
  type         varchar(120) NOT NULL,
  unique_key   varchar(200),
  tenant       varchar(120),
  origin       varchar(300),
  line_key     varchar(200),
  line_skip    boolean,
  tags         varchar(1300),
  limits       varchar(1500),
  headers      longtext,
  codec        varchar(20)  NOT NULL,
  payload      longblob     NOT NULL,
  result_codec varchar(20),
  result       longblob,
  CHECK ((result IS NULL) = (result_codec IS NULL)),
  CHECK (state = 'SUCCEEDED' OR result IS NULL),
  KEY {n}history_ended (queue, state, finished_at)
) {options};

-- Dead letters, kept until someone requeues or deletes them, or for a time if one is set.
CREATE TABLE IF NOT EXISTS {p}dead (
  id            binary(16)   PRIMARY KEY,
  token         bigint       NOT NULL,
  run_at        datetime(6)  NOT NULL,
  created_at    datetime(6)  NOT NULL,
  finished_at   datetime(6)  NOT NULL,
  attempt       integer      NOT NULL,
  max_attempts  integer,
  crashes       integer      NOT NULL,
  type_version  integer      NOT NULL,
  priority      smallint     NOT NULL,
  suspect       boolean      NOT NULL,
  reason        varchar(30)  NOT NULL,
  queue         varchar(120) NOT NULL,
  type          varchar(120) NOT NULL,
  unique_key    varchar(200),
  tenant        varchar(120),
  origin        varchar(300),
  line_key      varchar(200),
  line_skip     boolean,
  tags          varchar(1300),
  limits        varchar(1500),
  headers       longtext,
  codec         varchar(20)  NOT NULL,
  payload       longblob     NOT NULL,
  error_class   varchar(200) NOT NULL,
  error_message longtext     NOT NULL,
  error_stack   longtext     NOT NULL,
  fingerprint   varchar(16)  NOT NULL,
  KEY {n}dead_queue (queue, id),
  KEY {n}dead_fingerprint (fingerprint, id),
  KEY {n}dead_ended (queue, finished_at)
) {options};

-- What operators did to dead letters; outlives them. One row for each letter, kept for ever unless
-- a time is set.
CREATE TABLE IF NOT EXISTS {p}audit (
  seq     bigint AUTO_INCREMENT PRIMARY KEY,
  action  varchar(10)   NOT NULL CHECK (action IN ('REDRIVE', 'EDIT', 'DISCARD')),
  job_id  binary(16) NOT NULL,
  done_by varchar(120)  NOT NULL,
  why     varchar(1000) NOT NULL,
  done_at datetime(6) NOT NULL,
  what    varchar(1000) NOT NULL,
  KEY {n}audit_job (job_id, seq)
) {options};

-- Failed attempts, and the crashes of suspects, of which nothing is known but that they happened.
CREATE TABLE IF NOT EXISTS {p}attempt (
  job_id        binary(16)   NOT NULL,
  token         bigint       NOT NULL,
  attempt       integer      NOT NULL,
  ended_at      datetime(6)  NOT NULL,
  error_class   varchar(200),
  error_message longtext,
  error_stack   longtext,
  PRIMARY KEY (job_id, token),
  CHECK ((error_class IS NULL) = (error_message IS NULL)),
  CHECK ((error_class IS NULL) = (error_stack IS NULL))
) {options};

-- Who holds which unique key. Taken while its job has not ended and, if longer, until held_until.
CREATE TABLE IF NOT EXISTS {p}key (
  key_value  varchar(200) PRIMARY KEY,
  job_id     binary(16)   NOT NULL,
  ended      boolean      NOT NULL,
  held_until datetime(6)  NOT NULL,
  KEY {n}key_over (ended, held_until)
) {options};

-- Which job waits for which, and for what ending of it: a row goes when that has come.
CREATE TABLE IF NOT EXISTS {p}wait (
  parent_id binary(16) NOT NULL,
  child_id  binary(16) NOT NULL,
  rule      varchar(12) NOT NULL,
  PRIMARY KEY (parent_id, child_id),
  CHECK (parent_id <> child_id),
  KEY {n}wait_child (child_id)
) {options};

-- What running jobs write down: the steps that a later attempt need not do again (by name), the
-- lines of their logs (by number, filled up with zeros) and how far they have come. It stays through
-- retries and a requeue, and goes with its job.
CREATE TABLE IF NOT EXISTS {p}note (
  job_id   binary(16)   NOT NULL,
  kind     varchar(8)   NOT NULL CHECK (kind IN ('STEP', 'LOG', 'PROGRESS')),
  name     varchar(120) NOT NULL,
  token    bigint       NOT NULL,
  noted_at datetime(6)  NOT NULL,
  codec    varchar(20),
  content  longblob,
  attempt  integer,
  told     integer,
  level    varchar(5),
  done     bigint,
  total    bigint,
  said     longtext,
  PRIMARY KEY (job_id, kind, name),
  CHECK ((codec IS NULL) = (content IS NULL)),
  CHECK (kind = 'STEP' OR codec IS NULL),
  CHECK ((kind = 'LOG') = (level IS NOT NULL)),
  CHECK ((kind = 'PROGRESS') = (done IS NOT NULL))
) {options};

-- Recurring jobs: when each fires, what it then enqueues, and how far it has come. An engine has to
-- look at it at look_at, which is its next firing, the end of its pause, or a time at which a run
-- may have ended.
CREATE TABLE IF NOT EXISTS {p}schedule (
  name           varchar(120) PRIMARY KEY,
  revision       bigint NOT NULL,
  spec           varchar(255) NOT NULL,
  zone           varchar(60) NOT NULL,
  misfire        varchar(30) NOT NULL,
  overlap        varchar(30) NOT NULL,
  jitter_micros  bigint NOT NULL CHECK (jitter_micros >= 0),
  description    varchar(500),
  in_code        boolean NOT NULL,
  next_firing    datetime(6),
  look_at        datetime(6),
  waiting        datetime(6),
  last_firing    datetime(6),
  last_job       binary(16),
  paused_by      varchar(200),
  paused_why     varchar(500),
  paused_until   datetime(6),
  expires_micros bigint CHECK (expires_micros >= 0),
  max_attempts   integer CHECK (max_attempts >= 1),
  type_version   integer NOT NULL,
  priority       smallint NOT NULL CHECK (priority BETWEEN 1 AND 5),
  queue          varchar(120) NOT NULL,
  type           varchar(120) NOT NULL,
  tenant         varchar(120),
  line_key       varchar(200),
  line_skip      boolean,
  tags           varchar(1300),
  limits         varchar(1500),
  headers        longtext,
  codec          varchar(20) NOT NULL,
  payload        longblob NOT NULL,
  CHECK (paused_by IS NOT NULL OR paused_until IS NULL),
  KEY {n}schedule_look (look_at)
) {options};

-- What starts no jobs until it is resumed or its time is over. Mostly empty, and read by each claim.
CREATE TABLE IF NOT EXISTS {p}pause (
  scope        varchar(6)    NOT NULL CHECK (scope IN ('NODE', 'QUEUE', 'TYPE', 'TENANT')),
  name         varchar(200)  NOT NULL,
  paused_by    varchar(120)  NOT NULL,
  why          varchar(1000) NOT NULL,
  paused_at    datetime(6) NOT NULL,
  paused_until datetime(6),
  PRIMARY KEY (scope, name)
) {options};

-- Limits by name. Few rows, seldom changed.
CREATE TABLE IF NOT EXISTS {p}limit_rule (
  name        varchar(60) PRIMARY KEY,
  running     integer CHECK (running >= 1),
  starts      integer CHECK (starts >= 1),
  per_micros  bigint CHECK (per_micros >= 1),
  burst       integer CHECK (burst >= 1),
  CHECK ((starts IS NULL) = (per_micros IS NULL)),
  CHECK ((starts IS NULL) = (burst IS NULL))
) {options};

-- One row for each key of a limit, made by the first claim that meets it: the lock under which its
-- permits are counted, and how far its rate has come, in microseconds since 1970.
CREATE TABLE IF NOT EXISTS {p}limit_key (
  limit_key varchar(200) PRIMARY KEY,
  name      varchar(60) NOT NULL,
  mark      bigint
) {options};

-- The permits that are held: by a job while it runs under this token. A row whose job runs no more
-- counts for nothing.
CREATE TABLE IF NOT EXISTS {p}limit_use (
  limit_key varchar(200) NOT NULL,
  job_id    binary(16) NOT NULL,
  token     bigint NOT NULL,
  PRIMARY KEY (limit_key, job_id),
  KEY {n}limit_use_job (job_id)
) {options};

-- For which keys due jobs of a queue wait, and from when on a claim should look again; not before
-- one of those that run has ended if that is null.
CREATE TABLE IF NOT EXISTS {p}limit_wait (
  limit_key varchar(200) NOT NULL,
  queue     varchar(120) NOT NULL,
  opens_at  datetime(6),
  PRIMARY KEY (limit_key, queue),
  KEY {n}limit_wait_open (queue, opens_at)
) {options};

-- Where pruned jobs go if the store is told so. Nothing here is read or deleted by the library; an id
-- may stand here twice if its job was stored again.
CREATE TABLE IF NOT EXISTS {p}archive (
  seq           bigint AUTO_INCREMENT PRIMARY KEY,
  archived_at   datetime(6) NOT NULL,
  id            binary(16) NOT NULL,
  token         bigint NOT NULL,
  state         varchar(9) NOT NULL,
  queue         varchar(120) NOT NULL,
  type          varchar(120) NOT NULL,
  type_version  integer NOT NULL,
  priority      smallint NOT NULL,
  run_at        datetime(6) NOT NULL,
  created_at    datetime(6) NOT NULL,
  finished_at   datetime(6) NOT NULL,
  attempt       integer NOT NULL,
  max_attempts  integer,
  crashes       integer NOT NULL,
  suspect       boolean NOT NULL,
  unique_key    varchar(200),
  tenant        varchar(120),
  origin        varchar(300),
  line_key      varchar(200),
  line_skip     boolean,
  limits        varchar(1500),
  tags          varchar(1300),
  headers       longtext,
  codec         varchar(20) NOT NULL,
  payload       longblob NOT NULL,
  result_codec  varchar(20),
  result        longblob,
  reason        varchar(30),
  error_class   varchar(200),
  error_message longtext,
  error_stack   longtext,
  fingerprint   varchar(16),
  KEY {n}archive_job (id)
) {options};
CREATE TABLE IF NOT EXISTS {p}archive_attempt (
  seq           bigint AUTO_INCREMENT PRIMARY KEY,
  job_id        binary(16) NOT NULL,
  token         bigint NOT NULL,
  attempt       integer NOT NULL,
  ended_at      datetime(6) NOT NULL,
  error_class   varchar(200),
  error_message longtext,
  error_stack   longtext,
  KEY {n}archive_attempt_job (job_id)
) {options};

-- The lines of jobs that run one after the other. The row of a line is its lock: numbers are given
-- under it, and it is there while somebody stands in the line.
CREATE TABLE IF NOT EXISTS {p}line (
  line_key    varchar(200) PRIMARY KEY,
  last_number bigint NOT NULL,
  standing    bigint NOT NULL CHECK (standing >= 0)
) {options};

-- Who stands where in which line: pending and running jobs, and dead ones that block.
CREATE TABLE IF NOT EXISTS {p}place (
  line_key     varchar(200) NOT NULL,
  place_number bigint NOT NULL,
  job_id       binary(16) NOT NULL,
  PRIMARY KEY (line_key, place_number),
  UNIQUE KEY {n}place_job (job_id)
) {options};
