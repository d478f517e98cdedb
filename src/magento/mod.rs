//! What is true of Magento: pure functions and tables, without a store to look at.

pub mod acl;
pub mod configuration;
pub mod directives;
pub mod htaccess;
pub mod layout;
pub mod layout_xml;
pub mod media_folders;
pub mod media_urls;
pub mod migration;
pub mod modules;
pub mod parameters;
pub mod php;
pub mod retired;
pub mod tables;
pub mod themes;
pub mod versions;
