//! Hashes of contents.

use sha2::Digest as _;

/// A hash of a content; one that is shorter has zeros behind it.
pub(super) type Digest = [u8; 32];

/// How a content is hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Algorithm {
    /// BLAKE3, which all hashes of magegap's own are.
    Blake3,
    /// SHA-256.
    Sha256,
    /// MD5. Good enough to tell pictures apart that nobody forged.
    Md5,
}

impl Algorithm {
    /// All of them, the best first.
    pub(super) const ALL: [Self; 3] = [Self::Blake3, Self::Sha256, Self::Md5];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Blake3 => "BLAKE3",
            Self::Sha256 => "SHA-256",
            Self::Md5 => "MD5",
        }
    }

    /// How many digits a hash has in base 16.
    pub(super) const fn digits(self) -> usize {
        match self {
            Self::Blake3 | Self::Sha256 => 64,
            Self::Md5 => 32,
        }
    }

    /// The hash of a whole content.
    pub(super) fn of(self, content: &[u8]) -> Digest {
        let mut hasher = Hasher::new(self);
        hasher.update(content);
        hasher.finish()
    }
}

/// A hash that is being made.
pub(super) enum Hasher {
    Blake3(Box<blake3::Hasher>),
    Sha256(sha2::Sha256),
    Md5(md5::Md5),
}

impl Hasher {
    pub(super) fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Blake3 => Self::Blake3(Box::default()),
            Algorithm::Sha256 => Self::Sha256(sha2::Sha256::new()),
            Algorithm::Md5 => Self::Md5(md5::Md5::new()),
        }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Blake3(hasher) => _ = hasher.update(bytes),
            Self::Sha256(hasher) => hasher.update(bytes),
            Self::Md5(hasher) => hasher.update(bytes),
        }
    }

    pub(super) fn finish(self) -> Digest {
        let mut digest = [0; 32];
        match self {
            Self::Blake3(hasher) => digest = hasher.finalize().into(),
            Self::Sha256(hasher) => digest.copy_from_slice(&hasher.finalize()),
            Self::Md5(hasher) => digest[..16].copy_from_slice(&hasher.finalize()),
        }
        digest
    }
}
