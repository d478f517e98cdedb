//! Themes that come with Magento 1.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_with_magento_1() {
        assert!(is_stock("rwd", "default") && is_stock("default", "modern"));
        assert!(!is_stock("rwd", "acme") && !is_stock("acme", "default"));
    }
}
