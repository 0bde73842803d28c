-- By name again.
update channel_state set signs = jsonb_build_object(
    'seen_at', signs -> 0, 'drew_at', signs -> 1, 'register_kwh', signs -> 2,
    'power_kw', signs -> 3, 'resolution_kwh', signs -> 4, 'still_polls', signs -> 5,
    'still_kwh', signs -> 6, 'same_polls', signs -> 7,
    'so_far', case when jsonb_typeof(signs -> 8) = 'array' then jsonb_build_object(
        'began_at', signs #> '{8,0}', 'grown_kwh', signs #> '{8,1}',
        'samples', signs #> '{8,2}', 'sum_kw', signs #> '{8,3}'
    ) end,
    'hour', case when jsonb_typeof(signs -> 9) = 'array' then jsonb_build_object(
        'ended_at', signs #> '{9,0}', 'sampled_kw', signs #> '{9,1}',
        'metered_kw', signs #> '{9,2}', 'doubt_kw', signs #> '{9,3}'
    ) end
)
where signs is not null;
