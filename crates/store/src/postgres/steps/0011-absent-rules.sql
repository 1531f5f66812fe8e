-- Of a hand-off or an alert that is known and not in force: the last change of tier before it went.
ALTER TABLE known_rules ADD COLUMN absent bigint;
