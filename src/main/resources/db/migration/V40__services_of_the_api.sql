-- A service that was made by the API has all of its settings here, and its key sealed by the vault.
alter table llm_service_configs add column settings varchar;
alter table llm_service_configs add column sealed_api_key varchar;
alter table llm_service_configs add column version bigint default 1 not null;
alter table llm_service_configs add column updated_at timestamp with time zone;

-- Settings beside those of services that came with an import; weaker than caravan.properties.
create table imported_settings (
  name varchar(500) not null primary key,
  setting varchar not null
);
