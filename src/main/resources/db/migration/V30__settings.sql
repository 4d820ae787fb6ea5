-- The service that each user has chosen for the calls of their own. Of a user's rows one is active.
create table settings (
  id varchar(36) not null primary key,
  user_id varchar(200) not null,
  backend_type varchar(100) not null,
  -- what the user said, each secret of it sealed; see io.caravan.personal.SettingsRow
  config_json varchar not null,
  is_active boolean not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null
);

create unique index settings_of_user on settings (user_id, backend_type);
