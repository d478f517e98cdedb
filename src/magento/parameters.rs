//! Parameters that the platforms keep in one column: serialised by PHP in Magento 1, JSON in Magento 2.

use std::collections::BTreeMap;

use phpserz::{PhpParser, PhpToken};

/// More than any widget or option has: what has more is no set of parameters.
const MOST: usize = 10_000;

/// More levels than any parameter has.
const DEEPEST: usize = 64;

/// Reads parameters by their names; a name inside another follows it after a `/`.
/// Nothing at all is no parameter. The error says where the text cannot be read, and quotes nothing of it.
pub fn read(text: &[u8]) -> Result<BTreeMap<String, String>, String> {
    let text = text.trim_ascii();
    if text.is_empty() {
        return Ok(BTreeMap::new());
    }
    if matches!(text[0], b'{' | b'[') { of_json(text) } else { of_php(text) }
}

fn of_json(text: &[u8]) -> Result<BTreeMap<String, String>, String> {
    // The parser's message would quote the text.
    let value: serde_json::Value = serde_json::from_slice(text)
        .map_err(|it| format!("no JSON from line {}, column {}", it.line(), it.column()))?;
    let mut found = BTreeMap::new();
    let mut open = vec![(String::new(), value)];
    while let Some((name, value)) = open.pop() {
        let inside = |key: &str| if name.is_empty() { key.to_owned() } else { format!("{name}/{key}") };
        let text = match value {
            serde_json::Value::Object(map) => {
                open.extend(map.into_iter().map(|(key, value)| (inside(&key), value)));
                continue;
            }
            serde_json::Value::Array(list) => {
                open.extend(list.into_iter().enumerate().map(|(at, value)| (inside(&at.to_string()), value)));
                continue;
            }
            serde_json::Value::Null => String::new(),
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        if found.len() == MOST {
            return Err(format!("more than {MOST} parameters"));
        }
        found.insert(name, text);
    }
    Ok(found)
}

fn of_php(text: &[u8]) -> Result<BTreeMap<String, String>, String> {
    let mut parser = PhpParser::new(text);
    let mut found = BTreeMap::new();
    let mut names: Vec<String> = Vec::new();
    // A key is waited for where arrays are open and the last one has been used.
    let mut key: Option<String> = None;
    loop {
        let token = parser.next_token().map_err(|_| format!("not readable from byte {}", parser.position()))?;
        let Some(token) = token else { return Ok(found) };
        let is_value = names.is_empty() || key.is_some();
        let value = match token {
            PhpToken::Array { .. } | PhpToken::Object { .. } if is_value && names.len() < DEEPEST => {
                let prefix = names.last().map_or("", String::as_str);
                let name = key.take().map_or_else(String::new, |key| format!("{prefix}{key}/"));
                names.push(name);
                continue;
            }
            PhpToken::End if key.is_none() && names.pop().is_some() => {
                if names.is_empty() {
                    return Ok(found);
                }
                continue;
            }
            PhpToken::String(text) => String::from_utf8_lossy(text.as_bytes()).into_owned(),
            PhpToken::Integer(number) => number.to_string(),
            PhpToken::Float(number) => number.to_string(),
            PhpToken::Boolean(is_true) => if is_true { "1" } else { "" }.to_owned(),
            PhpToken::Null | PhpToken::Reference { .. } if is_value => String::new(),
            _ => return Err(format!("not readable from byte {}", parser.position())),
        };
        match (key.take(), names.last()) {
            (Some(key), Some(prefix)) if found.len() < MOST => {
                found.insert(format!("{prefix}{key}"), value);
            }
            (None, Some(_)) => key = Some(value),
            _ => return Err(format!("not readable from byte {}", parser.position())),
        }
    }
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

    fn said(text: &str) -> Vec<String> {
        let pair = |(name, value)| format!("{name}={value}");
        read(text.as_bytes()).map_or_else(|why| vec![why], |it| it.into_iter().map(pair).collect())
    }

    #[test]
    fn both_platforms_write_the_same() {
        let expected = ["anchor_text=Über \"uns\" <b>", "conditions/1/type=x", "page_id=2", "title="];
        let php = "a:4:{s:7:\"page_id\";s:1:\"2\";s:11:\"anchor_text\";s:15:\"Über \"uns\" <b>\";s:5:\"title\";N;s:10:\"conditions\";a:1:{i:1;a:1:{s:4:\"type\";s:1:\"x\";}}}";
        let json = "{\"page_id\":2,\"anchor_text\":\"\\u00dcber \\\"uns\\\" <b>\",\"title\":null,\"conditions\":{\"1\":{\"type\":\"x\"}}}";
        assert_eq!(said(php), expected);
        assert_eq!(said(json), expected);
        assert_eq!(said(" "), Vec::<String>::new());
        assert_eq!(said("a:0:{}"), Vec::<String>::new());
    }

    #[test]
    fn what_cannot_be_read_is_said_and_not_quoted() {
        // A length in characters is what PHP refuses.
        for text in ["a:1:{s:1:\"a\";s:4:\"Über\";}", "a:1:{s:1:\"a\"", "hello", "s:1:\"x\";", "a:1:{a:0:{}i:1;}"] {
            assert!(read(text.as_bytes()).is_err_and(|why| why.starts_with("not readable from byte")), "{text}");
        }
        assert_eq!(said("{\"a\":planted}"), ["no JSON from line 1, column 6"]);
        let deep = format!("{}{}", "a:1:{i:0;".repeat(100_000), "}".repeat(100_000));
        assert!(read(deep.as_bytes()).is_err());
        assert!(read("[".repeat(100_000).as_bytes()).is_err());
    }

    #[test]
    fn templates_of_widgets_lose_their_modules_folder() {
        let path = "cms/widget/static_block/default.phtml";
        assert_eq!(template(path).as_deref(), Some("widget/static_block/default.phtml"));
        assert_eq!(template("widget/static_block/default.phtml"), None);
    }
}
