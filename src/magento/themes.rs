//! Themes of Magento 1: which come with it, and what their files are.

use phpserz::{PhpParser, PhpToken};

/// Themes of the storefront by package; `base` is what all others fall back to.
const STOCK: [(&str, &[&str]); 5] = [
    ("base", &["default"]),
    ("default", &["default", "blank", "modern", "iphone"]),
    ("rwd", &["default", "enterprise"]),
    ("pro", &["default", "iphone"]),
    ("enterprise", &["default", "iphone"]),
];

/// Whether a package and theme come with Magento 1 (`app/design/frontend`).
pub fn is_stock(package: &str, theme: &str) -> bool {
    STOCK.iter().any(|(name, themes)| *name == package && themes.contains(&theme))
}

/// A package or theme that is shown to some browsers only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrowserRule {
    /// What the browser's name must fit.
    pub pattern: String,
    /// The package or theme.
    pub value: String,
    /// Whether PHP can read it: what it cannot read, Magento passes over.
    pub is_readable: bool,
}

/// The rules in a value of `design/theme/*_ua_regexp` or `design/package/ua_regexp`, which PHP serialised.
pub fn browser_rules(value: &[u8]) -> Vec<BrowserRule> {
    let mut parser = PhpParser::new(value);
    let mut texts: Vec<String> = Vec::new();
    let is_readable = loop {
        match parser.next_token() {
            Ok(Some(PhpToken::String(text))) => texts.push(String::from_utf8_lossy(text.as_bytes()).into_owned()),
            Ok(Some(_)) => {}
            Ok(None) => break true,
            Err(_) => break false,
        }
    };
    if !is_readable {
        // Lengths that are wrong, as after search and replace in a dump: a person can still read it.
        let text = String::from_utf8_lossy(value).into_owned();
        texts = text.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    }
    let mut rules: Vec<BrowserRule> = Vec::new();
    let mut pattern = None;
    for pair in texts.windows(2) {
        match pair[0].as_str() {
            "regexp" => pattern = Some(pair[1].clone()),
            "value" => {
                let value = pair[1].clone();
                rules.extend(pattern.take().map(|pattern| BrowserRule { pattern, value, is_readable }));
            }
            _ => {}
        }
    }
    rules
}

/// What a theme's file is, by where it lies in the theme: below `app/design` or below `skin`.
pub fn kind_of(path: &str, is_skin: bool) -> &'static str {
    let ending = path.rsplit_once('.').map_or(String::new(), |(_, ending)| ending.to_ascii_lowercase());
    match (path.split('/').next().unwrap_or_default(), is_skin) {
        ("template", false) => "templates",
        ("layout", false) => "layout files",
        ("locale", false) => "translations",
        _ => match ending.as_str() {
            "css" | "scss" | "sass" | "less" => "styles",
            "js" => "scripts",
            "png" | "jpg" | "jpeg" | "gif" | "svg" | "ico" | "webp" => "images",
            _ => "other files",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn themes_for_some_browsers() {
        let value = b"a:1:{s:15:\"_1384436723_944\";a:2:{s:6:\"regexp\";s:6:\"Safari\";s:5:\"value\";s:6:\"summer\";}}";
        let rules = browser_rules(value);
        assert_eq!((rules[0].pattern.as_str(), rules[0].value.as_str(), rules.len()), ("Safari", "summer", 1));
        assert!(rules[0].is_readable);
        let wrong = browser_rules(
            b"a:1:{s:18:\"_1384436723_944\";a:2:{s:6:\"regexp\";s:6:\"Safari\";s:5:\"value\";s:6:\"summer\";}}",
        );
        assert_eq!((wrong[0].value.as_str(), wrong[0].is_readable), ("summer", false));
        assert!(browser_rules(b"a:0:{}").is_empty() && browser_rules(b"a:1:{s:99:\"x").is_empty());
    }

    #[test]
    fn files_of_a_theme_by_what_they_are() {
        let kinds = [
            ("template/page/html/header.phtml", false),
            ("layout/local.xml", false),
            ("locale/de_DE/translate.csv", false),
            ("etc/theme.xml", false),
            ("css/a.CSS", true),
            ("images/logo.gif", true),
        ];
        let found: Vec<&str> = kinds.iter().map(|(path, is_skin)| kind_of(path, *is_skin)).collect();
        assert_eq!(found, ["templates", "layout files", "translations", "other files", "styles", "images"]);
    }

    #[test]
    fn what_comes_with_magento_1() {
        assert!(is_stock("rwd", "default") && is_stock("default", "modern"));
        assert!(!is_stock("rwd", "acme") && !is_stock("acme", "default"));
    }
}
