-- Where the content of missing files lies, over the result of 01_diff.sql (`diff`): at paths that
-- no file of Magento 1 has. Each such path serves one file, in the order of the paths. Empty files
-- are never moved.
SELECT m.path AS from_path, e.path AS to_path
FROM (
  SELECT path, m1_hash AS hash, ROW_NUMBER() OVER (PARTITION BY m1_hash ORDER BY path) AS place
  FROM diff
  WHERE status = 'missing' AND m1_size > 0 AND m1_hash IS NOT NULL
) AS m
JOIN (
  SELECT path, m2_hash AS hash, ROW_NUMBER() OVER (PARTITION BY m2_hash ORDER BY path) AS place
  FROM diff
  WHERE status = 'extra' AND m2_size > 0 AND m2_hash IS NOT NULL
) AS e
  ON m.hash = e.hash AND m.place = e.place
