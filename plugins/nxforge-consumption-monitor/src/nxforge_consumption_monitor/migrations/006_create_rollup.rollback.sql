-- All rollups are lost; they can be computed again from the readings that are left.
drop table rollup;
