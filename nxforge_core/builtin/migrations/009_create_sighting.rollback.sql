drop table sighting;
