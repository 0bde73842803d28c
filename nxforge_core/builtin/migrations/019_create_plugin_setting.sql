-- What admins set of plugins while hosts run. What a file or the environment says of the
-- same setting comes first, so a value here may have no effect.
create table plugin_setting (
    plugin text not null,
    name text not null,
    -- Null where the value is null, and where it is sealed.
    value jsonb,
    -- A secret: JSON, sealed with the plugin's own keys.
    sealed text,
    -- Of the plugin's settings, when it was stored.
    version integer not null,
    changed_by text not null,
    changed_at timestamptz not null,
    primary key (plugin, name),
    check (value is null or sealed is null)
);

-- Every process looks again at the settings of that plugin.
create function tell_plugin_settings() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
    perform pg_notify('nxforge_plugin_settings', coalesce(new.plugin, old.plugin));
    return null;
end $$;

create trigger tell_plugin_settings after insert or update or delete on plugin_setting
    for each row execute function tell_plugin_settings();
