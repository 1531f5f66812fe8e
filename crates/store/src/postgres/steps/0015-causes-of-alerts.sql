-- Of an alert, why the lead was looked at, as of hand-offs; nothing where it came before.
ALTER TABLE alerts ADD COLUMN cause TEXT;
