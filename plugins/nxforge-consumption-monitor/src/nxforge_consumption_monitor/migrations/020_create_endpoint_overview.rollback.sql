-- Reports that join it lose the names of endpoints.
drop view endpoint_overview;
