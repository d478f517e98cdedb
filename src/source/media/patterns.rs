//! Which paths of a media folder are wanted, as somebody wrote it.

use globset::{Glob, GlobSet, GlobSetBuilder};

/// Patterns of paths, as they were written and made ready.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    /// What is wanted; everything if there is none.
    pub include: Vec<String>,
    /// What is not wanted all the same.
    pub exclude: Vec<String>,
    sets: [GlobSet; 2],
}

impl Patterns {
    /// Patterns, made ready. One that ends with a slash is a folder and all that is in it.
    ///
    /// # Errors
    ///
    /// If one of them is no pattern.
    pub fn new(include: Vec<String>, exclude: Vec<String>) -> Result<Self, globset::Error> {
        let sets = [globs(&include)?, globs(&exclude)?];
        Ok(Self { include, exclude, sets })
    }

    /// What is wanted, and what is not, made ready.
    pub fn sets(&self) -> [GlobSet; 2] {
        self.sets.clone()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.include.is_empty() && self.exclude.is_empty()
    }

    /// What they leave out, in words; none if there is none.
    pub fn words(&self) -> Option<String> {
        let listed = |what: &str, patterns: &[String]| {
            (!patterns.is_empty()).then(|| format!("{what} = {}", patterns.join(", ")))
        };
        let parts = [listed("include", &self.include), listed("exclude", &self.exclude)];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| format!("[scan] leaves media files out: {}", parts.join("; ")))
    }
}

fn globs(patterns: &[String]) -> Result<GlobSet, globset::Error> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let folder = pattern.trim_end_matches('/');
        set.add(Glob::new(folder)?);
        if folder != pattern {
            set.add(Glob::new(&format!("{folder}/**"))?);
        }
    }
    set.build()
}
