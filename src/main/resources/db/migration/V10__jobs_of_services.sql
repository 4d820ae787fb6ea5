-- What a job is about, what it is called at the service, and how often it was tried.
alter table jobs add column service_name varchar(200);
alter table jobs add column model_name varchar(1000);
alter table jobs add column handle varchar(1000);
alter table jobs add column attempt int default 0 not null;
alter table jobs add column cancelling boolean default false not null;
alter table jobs add column revision bigint default 0 not null;
-- The same request twice is one job as long as that is active; null when it is over.
alter table jobs add column active_key varchar(100);
create unique index jobs_active on jobs (active_key);
