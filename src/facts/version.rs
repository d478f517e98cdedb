//! Versions of an entity: Magento Commerce keeps those that were scheduled in the same table.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::source::tables::{CellError, Row};

/// When a version is the one that is shown (`created_in`, `updated_in`; seconds since 1970).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    from: i64,
    until: i64,
}

/// Without staging there is one version, which is always shown.
impl Default for Version {
    fn default() -> Self {
        Self { from: i64::MIN, until: i64::MAX }
    }
}

impl Version {
    /// The version that a row is; the only one where the columns are not there.
    pub(super) fn of(row: &Row<'_>) -> Result<Self, CellError> {
        Ok(match (row.number("created_in")?, row.number("updated_in")?) {
            (Some(from), Some(until)) => Self { from, until },
            _ => Self::default(),
        })
    }

    /// Whether it is the one that is shown.
    pub fn is_shown(self, now: Timestamp) -> bool {
        (self.from..self.until).contains(&now.as_second())
    }

    /// Whether it will be.
    pub fn is_later(self, now: Timestamp) -> bool {
        now.as_second() < self.from
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_versions_one_is_shown() {
        let now: Timestamp = "2026-11-22T00:00:00Z".parse().unwrap();
        let at = now.as_second();
        let version = |from, until| Version { from, until };
        assert!(Version::default().is_shown(now) && !Version::default().is_later(now));
        assert!(version(1, i64::from(i32::MAX)).is_shown(now));
        assert!(version(at, at + 1).is_shown(now) && !version(at, at + 1).is_later(now));
        assert!(!version(1, at).is_shown(now) && !version(1, at).is_later(now));
        assert!(!version(at + 1, at + 2).is_shown(now) && version(at + 1, at + 2).is_later(now));
    }
}
