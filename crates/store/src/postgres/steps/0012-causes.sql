-- Of a hand-off, the tier that was to be entered, and why the lead was looked at; nothing where it was made before.
ALTER TABLE hand_offs ADD COLUMN asked text COLLATE "C";
ALTER TABLE hand_offs ADD COLUMN cause text COLLATE "C";
