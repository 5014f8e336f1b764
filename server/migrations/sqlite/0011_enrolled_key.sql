-- The key that a code enrolled, which alone may ask again: the answer may have been lost on its way.
ALTER TABLE enrolments ADD COLUMN used_by BLOB;
