-- A lane may be claimed when its first row is due and its back-off is over. Indexed as one time, lanes that back off with mail that is
-- long due are not walked over twice a second.
drop index lane_due;
create index lane_due on lane (greatest(next_due, backoff_until)) where not paused;
