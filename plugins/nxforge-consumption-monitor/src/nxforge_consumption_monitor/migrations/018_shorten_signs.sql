-- By place instead of by name, as the state of rollups: every poll writes it.
update channel_state set signs = jsonb_build_array(
    signs -> 'seen_at', signs -> 'drew_at', signs -> 'register_kwh',
    signs -> 'power_kw', coalesce(signs -> 'resolution_kwh', '"0"'),
    coalesce(signs -> 'still_polls', '0'), coalesce(signs -> 'still_kwh', '"0"'),
    coalesce(signs -> 'same_polls', '0'),
    case when jsonb_typeof(signs -> 'so_far') = 'object' then jsonb_build_array(
        signs #> '{so_far,began_at}', signs #> '{so_far,grown_kwh}',
        signs #> '{so_far,samples}', signs #> '{so_far,sum_kw}'
    ) end,
    case when jsonb_typeof(signs -> 'hour') = 'object' then jsonb_build_array(
        signs #> '{hour,ended_at}', signs #> '{hour,sampled_kw}',
        signs #> '{hour,metered_kw}', signs #> '{hour,doubt_kw}'
    ) end
)
where signs is not null;
