"""Writes an SQL dump of a Magento 1 store with many products, each with three descriptions of 2 KB
and a row for its layout update, which one in ten has.

usage: generate.py M1.sql PRODUCTS > big.sql

M1.sql is a small dump of a store (fixtures/demo/m1.sql), whose own products give way. The same
arguments give the same bytes.
"""
import re
import sys

TABLES = ["catalog_product_entity", "catalog_product_entity_text"]
DESCRIPTION = ("Lorem ipsum dolor sit amet, consectetur. " * 50)[:2000]
WIDGET = '{{widget type=\\"cms/widget_block\\" block_id=\\"1\\"}}'
UPDATE = '<reference name=\\"left\\"><block type=\\"cms/block\\" name=\\"x%d\\"/></reference>'


def without(text, table):
    begin = text.index(f"--\n-- Table structure for table `{table}`")
    end = text.index("UNLOCK TABLES;\n", begin) + len("UNLOCK TABLES;\n")
    return text[:begin] + text[end:]


def main():
    store, products = sys.argv[1], int(sys.argv[2])
    text = open(store, encoding="utf-8").read()
    attribute = re.search(r"\((\d+),4,'custom_layout_update'", text).group(1)
    for table in TABLES:
        text = without(text, table)
    # Three more attributes, of descriptions.
    more = ",".join(f"({at},4,'description_{at}','text','textarea')" for at in (901, 902, 903))
    text = text.replace("INSERT INTO `eav_attribute` VALUES\n", f"INSERT INTO `eav_attribute` VALUES\n{more},\n")
    out = sys.stdout
    # Behind the head, which names the database.
    head = text.index("--\n-- Table structure")
    out.write(text[:head])
    out.write("CREATE TABLE `catalog_product_entity` (`entity_id` int NOT NULL,`sku` varchar(64),PRIMARY KEY (`entity_id`));\n")
    for start in range(1, products + 1, 5000):
        rows = (f"({at},'SKU-{at:06}')" for at in range(start, min(start + 5000, products + 1)))
        out.write("INSERT INTO `catalog_product_entity` VALUES " + ",".join(rows) + ";\n")
    out.write(
        "CREATE TABLE `catalog_product_entity_text` (`value_id` int NOT NULL,`attribute_id` smallint,"
        "`store_id` smallint,`entity_id` int,`value` text,PRIMARY KEY (`value_id`));\n"
    )
    value_id = 0
    for start in range(1, products + 1, 500):
        rows = []
        for at in range(start, min(start + 500, products + 1)):
            description = f"'{WIDGET}{DESCRIPTION}'" if at % 100 == 0 else f"'{DESCRIPTION}'"
            update = f"'{UPDATE % (at % 200)}'" if at % 10 == 0 else "NULL"
            for of, value in ((901, description), (902, description), (903, description), (attribute, update)):
                value_id += 1
                rows.append(f"({value_id},{of},0,{at},{value})")
        out.write("INSERT INTO `catalog_product_entity_text` VALUES " + ",".join(rows) + ";\n")
    out.write(text[head:])


main()
