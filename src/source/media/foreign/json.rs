//! Listings in JSON: what `rclone lsjson` and `aws s3api list-objects-v2` print.

use std::fmt;
use std::io::{self, BufRead};

use serde::Deserialize;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{Line, Listed, digest, wrong};
use crate::source::interrupt;
use crate::source::media::digest::Algorithm;

/// An entry: of rclone, or an object of S3.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    #[serde(alias = "Key")]
    path: String,
    size: i64,
    #[serde(default)]
    is_dir: bool,
    #[serde(default)]
    hashes: Option<Hashes>,
    #[serde(default, rename = "ETag")]
    etag: Option<String>,
}

#[derive(Default, Deserialize)]
struct Hashes {
    #[serde(alias = "BLAKE3")]
    blake3: Option<String>,
    #[serde(alias = "SHA-256", alias = "SHA256")]
    sha256: Option<String>,
    #[serde(alias = "MD5")]
    md5: Option<String>,
}

impl Entry {
    fn line(self) -> Line {
        let Hashes { blake3, sha256, md5 } = self.hashes.unwrap_or_default();
        let md5 = md5.or_else(|| self.etag.map(|it| it.trim_matches('"').to_owned()));
        let known = [(Algorithm::Blake3, blake3), (Algorithm::Sha256, sha256), (Algorithm::Md5, md5)];
        let digests = known.into_iter().filter_map(|(algorithm, hash)| {
            Some((algorithm, digest(hash.filter(|it| it.len() == algorithm.digits())?.as_bytes())?))
        });
        // rclone writes -1 where the size is not known.
        Line { path: self.path.into_bytes(), size: u64::try_from(self.size).ok(), digests: digests.collect() }
    }
}

/// Reads a list of entries, or an object that holds one.
pub(super) fn read(reader: &mut dyn BufRead, listed: &mut Listed) -> io::Result<()> {
    let is_object = reader.fill_buf()?.trim_ascii_start().starts_with(b"{");
    let mut deserializer = serde_json::Deserializer::from_reader(reader);
    let read = if is_object {
        deserializer.deserialize_map(Answer(listed))
    } else {
        deserializer.deserialize_seq(Entries(listed))
    };
    read.and_then(|()| deserializer.end()).map_err(|error| {
        if error.is_eof() { wrong("its JSON ends too early: was it cut off?") } else { wrong(&error.to_string()) }
    })
}

struct Entries<'a>(&'a mut Listed);

impl<'de> Visitor<'de> for Entries<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the list that `rclone lsjson` prints")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(entry) = entries.next_element::<Entry>()? {
            interrupt::check().map_err(de::Error::custom)?;
            // What consoles call a folder is an empty object whose key ends so.
            if !entry.is_dir && !entry.path.ends_with('/') {
                self.0.files.push(entry.line());
            }
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Entries<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

/// What S3 answers: the objects are its `Contents`.
struct Answer<'a>(&'a mut Listed);

impl<'de> Visitor<'de> for Answer<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what `aws s3api list-objects-v2` prints")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let mut has_objects = false;
        while let Some(name) = fields.next_key::<String>()? {
            match name.as_str() {
                "Contents" => {
                    has_objects = true;
                    fields.next_value_seed(Entries(self.0))?;
                }
                "NextToken" | "NextContinuationToken" => {
                    return Err(de::Error::custom("it is one page of several: list all objects"));
                }
                _ => drop(fields.next_value::<IgnoredAny>()?),
            }
        }
        if has_objects { Ok(()) } else { Err(de::Error::custom("it has no Contents")) }
    }
}
