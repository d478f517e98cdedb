-- What the files of two snapshots are to one another, by path. `m1` and `m2` are their tables
-- (media/part-*.parquet). Files that are the same on both sides have no row.
SELECT
  COALESCE(a.path, b.path) AS path,
  CASE
    WHEN b.path IS NULL THEN 'missing'
    WHEN a.path IS NULL THEN 'extra'
    WHEN a.size <> b.size THEN 'changed'
    WHEN a.hash IS NULL OR b.hash IS NULL THEN 'unverified'
    ELSE 'changed'
  END AS status,
  a.size AS m1_size,
  b.size AS m2_size,
  a.hash AS m1_hash,
  b.hash AS m2_hash
FROM m1 AS a
FULL OUTER JOIN m2 AS b ON a.path = b.path
WHERE a.path IS NULL
   OR b.path IS NULL
   OR a.size <> b.size
   OR a.hash IS NULL
   OR b.hash IS NULL
   OR a.hash <> b.hash
