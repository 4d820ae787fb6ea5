-- The key that seals the others' secrets, itself sealed by the master key, which is never in here.
create table vault (
  id varchar(20) not null primary key,
  keyset varchar not null,
  created_at timestamp with time zone not null,
  rotated_at timestamp with time zone
);

-- Keys of clients; what of them is secret is here only as a SHA-256.
create table api_keys (
  id varchar(40) not null primary key,
  name varchar(200) not null,
  scope varchar(20) not null,
  secret_hash varchar(64) not null,
  mask varchar(60) not null,
  disabled boolean default false not null,
  expires_at timestamp with time zone,
  allowed_models varchar,
  allowed_services varchar,
  requests_per_minute int,
  tokens_per_minute bigint,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null
);

-- Who changed what by the API, and when.
create table audit (
  id varchar(40) not null primary key,
  at timestamp with time zone not null,
  client_id varchar(40) not null,
  client_name varchar(200) not null,
  address varchar(100),
  action varchar(100) not null,
  subject varchar(1000) not null,
  status int not null,
  details varchar
);

create index audit_at on audit (at);
