-- Contents that a snapshot (`m2`) has more than once, and the bytes of all copies but one.
SELECT hash, COUNT(*) AS files, SUM(size) - MIN(size) AS bytes_too_many
FROM m2
WHERE hash IS NOT NULL
GROUP BY hash
HAVING COUNT(*) > 1
