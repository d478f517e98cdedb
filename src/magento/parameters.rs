//! Parameters that the platforms keep in one column: serialised by PHP in Magento 1, JSON in Magento 2.

use std::collections::BTreeMap;

use phpserz::{PhpParser, PhpToken};

use crate::pair::Side;

/// More levels than any parameter has.
const DEEPEST: usize = 64;

/// What stands for a parameter that has others inside.
const NESTED: &str = "…";

/// Reads parameters by their names; of one that has others inside only that it is there.
/// Nothing at all is no parameter. The error says where the text cannot be read, and quotes nothing of it.
pub fn read(side: Side, text: &[u8]) -> Result<BTreeMap<String, String>, String> {
    let text = text.trim_ascii();
    match side {
        _ if text.is_empty() => Ok(BTreeMap::new()),
        Side::M1 => of_php(text),
        Side::M2 => of_json(text),
    }
}

fn of_json(text: &[u8]) -> Result<BTreeMap<String, String>, String> {
    // The parser's message would quote the text.
    let value: serde_json::Value = serde_json::from_slice(text)
        .map_err(|it| format!("no JSON from line {}, column {}", it.line(), it.column()))?;
    let words = |value: serde_json::Value| match value {
        serde_json::Value::Object(_) | serde_json::Value::Array(_) => NESTED.to_owned(),
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    };
    match value {
        serde_json::Value::Object(map) => Ok(map.into_iter().map(|(name, value)| (name, words(value))).collect()),
        serde_json::Value::Array(list) => {
            Ok(list.into_iter().enumerate().map(|(at, value)| (at.to_string(), words(value))).collect())
        }
        _ => Err("no list of parameters".to_owned()),
    }
}

fn of_php(text: &[u8]) -> Result<BTreeMap<String, String>, String> {
    let mut parser = PhpParser::new(text);
    let mut found = BTreeMap::new();
    // For each array that is open: the key whose value is waited for.
    let mut open: Vec<Option<String>> = Vec::new();
    loop {
        let error = |parser: &PhpParser<'_>| format!("not readable from byte {}", parser.position());
        let Some(token) = parser.next_token().map_err(|_| error(&parser))? else { return Err(error(&parser)) };
        let is_outermost = open.len() == 1;
        match (token, open.last_mut()) {
            (PhpToken::Array { .. }, None) => open.push(None),
            (PhpToken::Array { .. } | PhpToken::Object { .. }, Some(key @ Some(_))) => {
                let name = key.take().unwrap_or_default();
                if is_outermost {
                    found.insert(name, NESTED.to_owned());
                }
                open.push(None);
                if open.len() > DEEPEST {
                    return Err(error(&parser));
                }
            }
            (PhpToken::End, Some(None)) => {
                open.pop();
                if open.is_empty() {
                    return Ok(found);
                }
            }
            (token, Some(key)) => {
                let Some(value) = scalar(&token) else { return Err(error(&parser)) };
                match key.take() {
                    Some(name) if is_outermost => _ = found.insert(name, value),
                    Some(_) => {}
                    None => *key = Some(value),
                }
            }
            _ => return Err(error(&parser)),
        }
    }
}

fn scalar(token: &PhpToken<'_>) -> Option<String> {
    Some(match token {
        PhpToken::String(text) => String::from_utf8_lossy(text.as_bytes()).into_owned(),
        PhpToken::Integer(number) => number.to_string(),
        PhpToken::Float(number) => number.to_string(),
        PhpToken::Boolean(is_true) => if *is_true { "1" } else { "" }.to_owned(),
        PhpToken::Null | PhpToken::Reference { .. } => String::new(),
        _ => return None,
    })
}

/// The folders of templates that Magento 1 puts before what Magento 2 keeps in a module.
const OF_M1: [(&str, &str); 5] = [
    ("cms/widget/", "widget/"),
    ("catalog/product/widget/", "product/widget/"),
    ("catalog/category/widget/", "category/widget/"),
    ("reports/widget/", "widget/"),
    ("sales/widget/", "widget/"),
];

/// What a widget's template of Magento 1 is called in Magento 2; none if it is not one of Magento 1.
pub fn template(path: &str) -> Option<String> {
    OF_M1.iter().find_map(|(before, now)| path.strip_prefix(before).map(|rest| format!("{now}{rest}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(side: Side, text: &str) -> Vec<String> {
        let pair = |(name, value)| format!("{name}={value}");
        read(side, text.as_bytes()).map_or_else(|why| vec![why], |it| it.into_iter().map(pair).collect())
    }

    #[test]
    fn both_platforms_write_the_same() {
        let expected = ["anchor_text=Über \"uns\" <b>", "conditions=…", "page_id=2", "title="];
        let php = "a:4:{s:7:\"page_id\";s:1:\"2\";s:11:\"anchor_text\";s:15:\"Über \"uns\" <b>\";s:5:\"title\";N;s:10:\"conditions\";a:1:{i:1;a:1:{s:4:\"type\";s:1:\"x\";}}}";
        let json = "{\"page_id\":2,\"anchor_text\":\"\\u00dcber \\\"uns\\\" <b>\",\"title\":null,\"conditions\":{\"1\":{\"type\":\"x\"}}}";
        assert_eq!(said(Side::M1, php), expected);
        assert_eq!(said(Side::M2, json), expected);
        assert_eq!(
            [said(Side::M1, " "), said(Side::M1, "a:0:{}"), said(Side::M2, "[]")],
            [const { Vec::<String>::new() }; 3]
        );
    }

    #[test]
    fn what_cannot_be_read_is_said_and_not_quoted() {
        // A length in characters is what PHP refuses.
        for text in ["a:1:{s:1:\"a\";s:4:\"Über\";}", "a:1:{s:1:\"a\"", "hello", "s:1:\"x\";", "a:1:{a:0:{}i:1;}"] {
            assert!(
                read(Side::M1, text.as_bytes()).is_err_and(|why| why.starts_with("not readable from byte")),
                "{text}"
            );
        }
        assert_eq!(said(Side::M2, "{\"a\":planted}"), ["no JSON from line 1, column 6"]);
        // What the migration tool did not convert is nothing that Magento 2 reads.
        assert_eq!(said(Side::M2, "a:0:{}"), ["no JSON from line 1, column 1"]);
        let deep = format!("{}{}", "a:1:{i:0;".repeat(100_000), "}".repeat(100_000));
        assert!(read(Side::M1, deep.as_bytes()).is_err());
        assert!(read(Side::M2, "[".repeat(100_000).as_bytes()).is_err());
    }

    #[test]
    fn a_long_name_is_kept_once() {
        let inside: Vec<String> = (0..9000).map(|it| format!("\"{it}\":1")).collect();
        let json = format!("{{\"{}\":{{{}}}}}", "k".repeat(100_000), inside.join(","));
        let kept: usize = read(Side::M2, json.as_bytes()).unwrap().keys().map(String::len).sum();
        assert_eq!(kept, 100_000);
    }

    #[test]
    fn templates_of_widgets_lose_their_modules_folder() {
        let path = "cms/widget/static_block/default.phtml";
        assert_eq!(template(path).as_deref(), Some("widget/static_block/default.phtml"));
        assert_eq!(template("widget/static_block/default.phtml"), None);
    }
}
