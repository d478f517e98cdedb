//! magegap tells what a Magento 1 store has that its Magento 2 successor still
//! lacks, and what a person must do about it.
//!
//! The way of the data, and the modules in reading order:
//!
//! - [`cli`] is what was typed, [`settings`] what is meant by it;
//! - [`source`] is all input: servers, dumps, media folders, installations;
//! - [`facts::store`] is one side, opened;
//! - [`facts`] is what is read of it, [`magento`] what is true of Magento;
//! - [`area`] holds the rules, which make [`finding`]s of facts;
//! - [`report`] is the model of the report, and its formats;
//! - [`commands`] puts them together.

pub mod area;
pub mod cli;
pub mod commands;
pub mod decision;
pub mod diff;
pub mod error;
pub mod facts;
pub mod finding;
pub mod known;
pub mod language;
pub mod magento;
pub mod matching;
pub mod pair;
pub mod parallel;
pub mod progress;
pub mod report;
pub mod rights;
pub mod settings;
pub mod source;
pub mod text;

pub use error::Error;
