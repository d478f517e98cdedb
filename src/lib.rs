//! magegap tells what a Magento 1 store has that its Magento 2 successor still
//! lacks, and what a person must do about it.
pub mod finding;
pub mod magento;
pub mod pair;
pub mod progress;
pub mod source;
pub mod text;
