"""Writes an SQL dump of a Magento 1 store with one large table, as mysqldump does.

usage: generate.py M1.sql ROWS > big.sql

M1.sql is a small dump of a store (fixtures/demo/m1.sql); the large table comes
first, as `catalog_*` does in an alphabetical dump, so that nothing can be read
without passing it. The same arguments give the same bytes.
"""
import random
import sys

WORDS = "tea leaf green black garden harvest spring cup warm water \\'first\\' flush ünder höhe 茶 <p>text</p> &amp;\\n".split(" ")
HEAD = """-- MySQL dump 10.13  Distrib 5.7.44, for Linux (x86_64)
/*!40101 SET NAMES utf8 */;
DROP TABLE IF EXISTS `catalog_product_entity_text`;
CREATE TABLE `catalog_product_entity_text` (
  `value_id` int(11) NOT NULL AUTO_INCREMENT,
  `entity_type_id` smallint(5) unsigned NOT NULL DEFAULT 0,
  `attribute_id` smallint(5) unsigned NOT NULL DEFAULT 0,
  `store_id` smallint(5) unsigned NOT NULL DEFAULT 0,
  `entity_id` int(10) unsigned NOT NULL DEFAULT 0,
  `value` text DEFAULT NULL,
  PRIMARY KEY (`value_id`),
  UNIQUE KEY `UNQ` (`entity_id`,`attribute_id`,`store_id`),
  KEY `A` (`attribute_id`), KEY `S` (`store_id`), KEY `E` (`entity_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8;
LOCK TABLES `catalog_product_entity_text` WRITE;
"""


def main():
    store, rows = sys.argv[1], int(sys.argv[2])
    out = sys.stdout
    chance = random.Random(7)
    texts = [" ".join(chance.choices(WORDS, k=chance.randint(20, 110))) for _ in range(2000)]
    out.write(HEAD)
    per_insert = 2000
    for start in range(0, rows, per_insert):
        values = (
            f"({at + 1},4,{72 + at % 3},0,{at // 3 + 1},'{texts[(at * 7919) % 2000]}')"
            for at in range(start, min(start + per_insert, rows))
        )
        out.write("INSERT INTO `catalog_product_entity_text` VALUES " + ",".join(values) + ";\n")
    out.write("UNLOCK TABLES;\n")
    # The store's own table of this name gives way.
    text = open(store, encoding="utf-8").read()
    begin = text.index("--\n-- Table structure for table `catalog_product_entity_text`")
    end = text.index("UNLOCK TABLES;\n", begin) + len("UNLOCK TABLES;\n")
    out.write(text[:begin] + text[end:])


main()
