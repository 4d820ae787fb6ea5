-- What Caravan keeps, in words that H2 and PostgreSQL both understand.

create table llm_models (
  service varchar(200) not null,
  name varchar(1000) not null,
  type varchar(20) not null,
  state varchar(30) not null,
  description varchar,
  publisher varchar,
  modified_at timestamp with time zone,
  architecture varchar,
  quantization varchar,
  max_tokens bigint,
  size bigint,
  streaming boolean not null,
  instructed boolean not null,
  coding boolean not null,
  tooling boolean not null,
  is_mlx boolean not null,
  is_gguf boolean not null,
  parameters varchar,
  runtime_name varchar,
  file_path varchar,
  primary key (service, name)
);

create table llm_registry_models (
  db_key varchar(1200) not null primary key,
  registry varchar(30) not null,
  id varchar(1000) not null,
  model_id varchar(1000) not null,
  likes bigint,
  trending_score double precision,
  downloads bigint,
  created_at_ms bigint,
  tags varchar,
  url varchar,
  type varchar(20) not null,
  state varchar(30) not null,
  description varchar,
  publisher varchar,
  modified_at timestamp with time zone,
  architecture varchar,
  quantization varchar,
  name varchar(1000) not null,
  max_tokens bigint,
  size bigint,
  streaming boolean not null,
  instructed boolean not null,
  coding boolean not null,
  tooling boolean not null,
  is_mlx boolean not null,
  is_gguf boolean not null,
  parameters varchar,
  runtime_name varchar,
  service varchar(200),
  file_path varchar,
  -- when the registry said so, for an answer while it cannot be reached
  fetched_at timestamp with time zone not null
);

create index llm_registry_models_registry on llm_registry_models (registry, name);

create table llm_service_configs (
  service_name varchar(200) not null primary key,
  api_format varchar(100) not null,
  api_key_env_var varchar(200),
  urls json not null,
  short_timeout_sec double precision,
  long_timeout_sec double precision,
  verify_cert boolean not null,
  enable_discovery boolean not null,
  -- 'file' for a mirror of caravan.properties, else who made it
  origin varchar(20) not null
);

create table jobs (
  id varchar(100) not null primary key,
  type varchar(20) not null,
  params varchar not null,
  state varchar(20) not null,
  progress varchar,
  error varchar,
  created_at timestamp with time zone not null,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  -- the node that runs it, and until when it is believed to be alive
  owner varchar(200),
  lease_until timestamp with time zone
);

create index jobs_created on jobs (created_at);
create index jobs_state on jobs (state);

-- db-scheduler's own table: https://github.com/kagkarlsson/db-scheduler
create table scheduled_tasks (
  task_name varchar(100) not null,
  task_instance varchar(250) not null,
  task_data bytea,
  execution_time timestamp with time zone,
  picked boolean not null,
  picked_by varchar(250),
  last_success timestamp with time zone,
  last_failure timestamp with time zone,
  consecutive_failures int,
  last_heartbeat timestamp with time zone,
  version bigint not null,
  priority smallint,
  state varchar(50),
  primary key (task_name, task_instance)
);

create index scheduled_tasks_execution_time on scheduled_tasks (execution_time);
create index scheduled_tasks_last_heartbeat on scheduled_tasks (last_heartbeat);
create index scheduled_tasks_priority on scheduled_tasks (priority desc, execution_time);
