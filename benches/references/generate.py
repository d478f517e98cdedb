#!/usr/bin/env python3
"""Writes the demo's Magento 1 dump with many products, pictures and descriptions added.

usage: generate.py m1.sql PRODUCTS > big.sql
Each product has four pictures in its gallery, three roles, and three descriptions of 2 KB, one of which shows a file.
"""
import sys

base, products = open(sys.argv[1], encoding="utf-8").read(), int(sys.argv[2])
FIRST = 1000
FILLER = ("Ein Tee mit Charakter: frisch, klar und mild. " * 50)[:2000]


def rows(table, start, values):
    """Insert statements as mysqldump cuts them."""
    out, size = [], 0
    for value in values:
        if size > 900_000:
            yield f"INSERT INTO `{table}` VALUES {','.join(out)};\n"
            out, size = [], 0
        out.append(value)
        size += len(value)
    if out:
        yield f"INSERT INTO `{table}` VALUES {','.join(out)};\n"


def sku(at):
    return f"SKU-{at:07}"


def picture(at, which):
    name = f"{chr(97 + at % 26)}{chr(97 + at // 26 % 26)}-picture-{at}_{which}.jpg"
    return f"/{name[0]}/{name[1]}/{name}"


def text(at, attribute):
    shown = f'<img src="{{{{media url="wysiwyg/products/{at}.jpg"}}}}">' if attribute == 0 else ""
    return shown + FILLER


IMAGE, TEXTS = 116, [118, 201, 202]
added = {
    "catalog_product_entity": lambda: (f"({FIRST + at},'{sku(at)}')" for at in range(products)),
    "catalog_product_entity_media_gallery": lambda: (
        f"({FIRST + at * 4 + which},117,{FIRST + at},'{picture(at, which)}')" for at in range(products) for which in range(4)
    ),
    "catalog_product_entity_media_gallery_value": lambda: (
        f"({FIRST + at * 4 + which},0,NULL,0)" for at in range(products) for which in range(4)
    ),
    "catalog_product_entity_text": lambda: (
        f"({FIRST + at * 3 + which},{attribute},0,{FIRST + at},'{text(at, which)}')"
        for at in range(products)
        for which, attribute in enumerate(TEXTS)
    ),
    "catalog_product_entity_varchar": lambda: (
        f"({FIRST + at},{IMAGE},0,{FIRST + at},'{picture(at, 0)}')" for at in range(products)
    ),
    "eav_attribute": lambda: [f"({it},4,'text_{it}','text','textarea')" for it in TEXTS[1:]],
}
table = None
for line in base.splitlines(keepends=True):
    if line.startswith("DROP TABLE IF EXISTS"):
        table = line.split("`")[1]
    sys.stdout.write(line)
    # After the definition of a table, and before its own rows.
    if line.startswith(") ENGINE") and table in added:
        sys.stdout.writelines(rows(table, 0, added[table]()))
