//! What can be wrong with a media file.

use crate::finding::{Rule, Severity, Step};

pub(super) const ALL: &[&Rule] = &[
    &HTACCESS_COPIED,
    &HTACCESS_MISSING,
    &EXECUTABLE,
    &UNREADABLE,
    &MISSING_USED,
    &BROKEN_REFERENCE,
    &MISSING,
    &CHANGED,
    &MOVED,
    &CASE_TWIN,
    &UNICODE_TWIN,
    &BAD_NAME,
    &UNDISPERSED,
    &MISSING_UNUSED,
    &BROKEN_REFERENCE_M1,
    &DOUBLE_SLASH,
    &DUPLICATE_ROW,
    &NOT_INDEXED,
    &ZERO_BYTE,
    &SYMLINK,
    &COPIES,
    &EXTRA,
    &GENERATED,
];

pub(super) const MISSING: Rule = Rule {
    code: "media.missing",
    severity: Severity::Medium,
    severity_note: "",
    title: "File is not in Magento 2",
    meaning: "Magento 1 has the file, and Magento 2 has neither its path nor its content at a path of its own.",
    why: "The data migration tool copies no files. Whatever shows this file shows a gap after the cut-over.",
    detection: "No database told whether something uses it. No file of Magento 2 has this path, nor one that differs in letter case or Unicode form only, nor is there an unmatched file of the same content. If the content lies at a path that is matched already, the detail names it.",
    action: "Copy it, keeping its path. All at once, overwriting nothing: `rsync -a --no-links --ignore-existing --exclude=.htaccess --exclude='*.php*' --exclude='*.phtml' --exclude='*.phar' --exclude=.svn --exclude=.thumbs --exclude=/catalog/product/cache --exclude=/captcha --exclude=/css --exclude=/css_secure --exclude=/js --exclude=/tmp OLD/media/ NEW/pub/media/`. Leave out what nobody needs.",
    step: Step::Copy,
    source: "Adobe, data migration guide, \"Migrate data manually\": media files must be copied by hand.",
    points: 1,
};

pub(super) const CHANGED: Rule = Rule {
    code: "media.changed",
    severity: Severity::Medium,
    severity_note: "high if something uses it",
    title: "Same path, other content",
    meaning: "Both sides have a file of this path, and its bytes are not the same.",
    why: "One of the two is older, cut off or replaced; the shop may show the wrong picture.",
    detection: "The sizes differ, or the bytes do.",
    action: "Find out which one is right. If nobody replaced the file in Magento 2 on purpose, copy Magento 1's again.",
    step: Step::Decide,
    source: "File systems of both stores.",
    points: 1,
};

pub(super) const MOVED: Rule = Rule {
    code: "media.moved",
    severity: Severity::Medium,
    severity_note: "",
    title: "In Magento 2 at another path",
    meaning: "The content is in Magento 2, but at a path that no file of Magento 1 has.",
    why: "The migrated database still refers to the old path, so the file is not found.",
    detection: "An unmatched file of Magento 2 has the same size and BLAKE3 hash; each serves one file of Magento 1, in path order.",
    action: "Move or copy the file back to its old path, or correct what refers to it.",
    step: Step::Correct,
    source: "catalog_product_entity_media_gallery.value and CMS content keep Magento 1's paths.",
    points: 1,
};

pub(super) const CASE_TWIN: Rule = Rule {
    code: "media.case-twin",
    severity: Severity::Low,
    severity_note: "high if something uses it",
    title: "In Magento 2 under a name in other letter case",
    meaning: "Magento 2 has the file only under a name that differs in upper and lower case.",
    why: "The database takes both names for the same, a Linux file system does not: the file is not found.",
    detection: "The paths are equal after Unicode composition (NFC) and lower-casing, and neither has a partner of its own.",
    action: "Rename the file in Magento 2 to the name that Magento 1 uses.",
    step: Step::Correct,
    source: "magento/magento2#37600: names that differ in case only are one row to the database's collation.",
    points: 1,
};

pub(super) const UNICODE_TWIN: Rule = Rule {
    code: "media.unicode-twin",
    severity: Severity::Low,
    severity_note: "high if something uses it",
    title: "In Magento 2 under another Unicode form of its name",
    meaning: "Magento 2 has the file under a name that looks the same and is written in other bytes, such as é as one character or as e and an accent.",
    why: "Copying by way of macOS or some archive programs changes the form. The server looks for the bytes, and does not find them.",
    detection: "The paths are equal after Unicode composition (NFC), and neither has a partner of its own.",
    action: "Rename the file in Magento 2 to the bytes that Magento 1 uses (`convmv -f utf8 -t utf8 --nfc`).",
    step: Step::Correct,
    source: "Unicode Standard Annex 15, normalization forms.",
    points: 1,
};

pub(super) const HTACCESS_COPIED: Rule = Rule {
    code: "media.htaccess-copied",
    severity: Severity::Blocker,
    severity_note: "",
    title: "Magento 1's .htaccess lies over Magento 2's own",
    meaning: "In a place where Magento 2 has an .htaccess file of its own lies the one of Magento 1.",
    why: "Magento 1's file sends missing images to its own script and lacks the rules by which Magento 2 forbids private files and programs in the media folder.",
    detection: "The content is that of Magento 1's file at this path, or of a stock file of Magento 1, and not of any stock file of Magento 2.",
    action: "Restore the file from the magento2-base package (vendor/magento/magento2-base/pub/media), and leave .htaccess out when copying media.",
    step: Step::Secure,
    source: "Stock .htaccess files of both platforms, by release; Adobe, data migration guide, \"Migrate data manually\".",
    points: 1,
};

pub(super) const HTACCESS_MISSING: Rule = Rule {
    code: "media.htaccess-missing",
    severity: Severity::High,
    severity_note: "",
    title: "Magento 2's own .htaccess is gone",
    meaning: "Magento 2 ships an .htaccess file for this place, and it is not there.",
    why: "On Apache, images that are not yet resized answer 404, and private uploads of customers can be fetched by anybody.",
    detection: "The stock files of the Magento 2 release that was found; where the release is not known, those that every release has.",
    action: "Restore the file from the magento2-base package (vendor/magento/magento2-base/pub/media).",
    step: Step::Secure,
    source: "Stock .htaccess files of Magento 2.1.0 to 2.4.4; magento/magento2#23262.",
    points: 1,
};

pub(super) const EXECUTABLE: Rule = Rule {
    code: "media.executable",
    severity: Severity::High,
    severity_note: "info if the file is in Magento 1 only",
    title: "Program in the media folder",
    meaning: "The file has the name of a program, or begins like a script.",
    why: "Nothing in a media folder should run. Such files are how intruders come back after a cleaning.",
    detection: "The name ends in .php, .phtml, .phar, .php3 to .php8, .pht, .cgi, .pl, .py, .sh, .asp, .aspx or .jsp, or the first bytes are `#!` or `<?php`.",
    action: "Find out where it comes from before deleting it; do not copy it to Magento 2.",
    step: Step::Secure,
    source: "pub/media/.htaccess of Magento 2 switches script handlers off; nginx needs its own rule.",
    points: 3,
};

pub(super) const ZERO_BYTE: Rule = Rule {
    code: "media.zero-byte",
    severity: Severity::Low,
    severity_note: "",
    title: "Empty file",
    meaning: "The file has no content.",
    why: "An upload or a copy broke off. `bin/magento catalog:images:resize` stops at such a picture.",
    detection: "The size is 0 on the side that is named.",
    action: "Restore the file from a backup or the original, or delete it on both sides.",
    step: Step::Correct,
    source: "magento/magento2#8204.",
    points: 1,
};

pub(super) const SYMLINK: Rule = Rule {
    code: "media.symlink",
    severity: Severity::Info,
    severity_note: "",
    title: "Symbolic link",
    meaning: "The path is a link; what it points to was not looked at.",
    why: "A copy by rsync or tar takes the link, not what it shows; on the new server it may point to nothing, or to something private.",
    detection: "The file type is a symbolic link. Links are never followed.",
    action: "Decide for each link whether its target has to be copied in its place. To have a linked folder compared, give the real folder as the media folder.",
    step: Step::Decide,
    source: "File systems of both stores.",
    points: 0,
};

pub(super) const UNREADABLE: Rule = Rule {
    code: "media.unreadable",
    severity: Severity::High,
    severity_note: "",
    title: "Cannot be read",
    meaning: "The file or folder could not be read, so nothing below it was compared.",
    why: "What was not checked is not known to be right. If the web server cannot read it either, shoppers do not see it.",
    detection: "The file system refused, or the file changed while it was read. The cause is in the detail.",
    action: "Correct the rights (`find pub/media -not -perm -u+r`) and audit again, as a user who may read everything. What changed while it was read needs the next audit only.",
    step: Step::Correct,
    source: "File systems of both stores.",
    points: 1,
};

pub(super) const BAD_NAME: Rule = Rule {
    code: "media.bad-name",
    severity: Severity::Medium,
    severity_note: "",
    title: "Name that Magento 2 cannot keep",
    meaning: "The path is not UTF-8, holds control characters, or is longer than 255 bytes.",
    why: "The database's columns for paths hold 255 characters of UTF-8. A reference to such a file is cut or changed.",
    detection: "The bytes of the path, as the file system gives them.",
    action: "Rename the file on both sides, and correct what refers to it.",
    step: Step::Correct,
    source: "catalog_product_entity_media_gallery.value is varchar(255); names in latin1 come from FTP programs.",
    points: 1,
};

pub(super) const EXTRA: Rule = Rule {
    code: "media.extra",
    severity: Severity::Info,
    severity_note: "",
    title: "In Magento 2 only",
    meaning: "Magento 2 has a file that no file of Magento 1 is the partner of.",
    why: "New uploads are expected. Many such files after a fresh migration may be copies that went to the wrong place.",
    detection: "No file of Magento 1 has this path, a twin of it, or this content without partner.",
    action: "Nothing, if the new shop is already being worked on.",
    step: Step::Know,
    source: "File systems of both stores.",
    points: 0,
};

pub(super) const GENERATED: Rule = Rule {
    code: "media.generated",
    severity: Severity::Info,
    severity_note: "",
    title: "Generated, and not compared",
    meaning: "The folder holds files that Magento makes anew, or that are not to be copied; they were counted only.",
    why: "Caches of one platform are of no use to the other, and cost time and space when copied.",
    detection: "The folder is on the list of generated folders of either platform, or an upload scratch folder, a preview folder or one of version control; or the file is one that desktops leave behind.",
    action: "Leave it out when copying. `--include-generated` compares it, too.",
    step: Step::Know,
    source: "Mage_Catalog_Model_Product_Image, Magento\\Catalog\\Model\\Product\\Media\\Config, Mage_Core_Model_Design_Package and others.",
    points: 0,
};

pub(super) const MISSING_USED: Rule = Rule {
    code: "media.missing-used",
    severity: Severity::High,
    severity_note: "",
    title: "Used file is not in Magento 2",
    meaning: "Magento 1 has the file, something in either database refers to it, and Magento 2 does not have it.",
    why: "Visitors see a gap, a placeholder or a download that fails.",
    detection: "As media.missing; and a product, category, page, block, setting or another of those who are named refers to its path.",
    action: "Copy it, keeping its path. All at once, overwriting nothing: `rsync -a --no-links --ignore-existing --exclude=.htaccess --exclude='*.php*' --exclude='*.phtml' --exclude='*.phar' --exclude=.svn --exclude=.thumbs --exclude=/catalog/product/cache --exclude=/captcha --exclude=/css --exclude=/css_secure --exclude=/js --exclude=/tmp OLD/media/ NEW/pub/media/`.",
    step: Step::Copy,
    source: "catalog_product_entity_media_gallery, CMS content, core_config_data, downloadable_link and others; Adobe, data migration guide: media files must be copied by hand.",
    points: 1,
};

pub(super) const MISSING_UNUSED: Rule = Rule {
    code: "media.missing-unused",
    severity: Severity::Low,
    severity_note: "",
    title: "Unused file is not in Magento 2",
    meaning: "Magento 1 has the file, Magento 2 has not, and nothing in the databases refers to it.",
    why: "It costs time and space to copy what nobody needs: pictures of deleted products are a large part of old media folders.",
    detection: "As media.missing; the folder is one that only Magento's own modules use, all their tables were read, and none names the path. Below wysiwyg, which extensions use as well, the confidence is `likely`.",
    action: "Leave it behind. If in doubt, keep a copy of the old media folder.",
    step: Step::Leave,
    source: "The tables of media.missing-used.",
    points: 0,
};

pub(super) const BROKEN_REFERENCE: Rule = Rule {
    code: "media.broken-reference",
    severity: Severity::High,
    severity_note: "",
    title: "Reference to a file that nobody has",
    meaning: "Something in Magento 2 refers to a file that neither side has.",
    why: "Visitors see a gap or a placeholder, and resizing pictures stops at it.",
    detection: "The path is in Magento 2's database; it is in neither media folder, nor is there a file that differs in letter case or Unicode form only.",
    action: "Upload the file, or remove the reference.",
    step: Step::Correct,
    source: "Magento\\Catalog\\Model\\Product\\Media\\Config, Magento\\Cms\\Model\\Template\\Filter; the command catalog:images:resize.",
    points: 1,
};

pub(super) const BROKEN_REFERENCE_M1: Rule = Rule {
    code: "media.broken-reference-m1",
    severity: Severity::Low,
    severity_note: "",
    title: "Reference that was broken before",
    meaning: "Something in Magento 1 refers to a file that Magento 1 does not have.",
    why: "No migration can bring what is not there; the reference comes along as it is.",
    detection: "The path is in Magento 1's database and not in its media folder.",
    action: "Upload the file in Magento 2, or remove the reference.",
    step: Step::Decide,
    source: "Mage_Catalog_Model_Product_Media_Config, Mage_Core_Model_Email_Template_Filter.",
    points: 0,
};

pub(super) const UNDISPERSED: Rule = Rule {
    code: "media.undispersed",
    severity: Severity::Medium,
    severity_note: "",
    title: "Picture outside of the folders by letters",
    meaning: "The gallery names a picture directly below catalog/product, and not in the folders of its first two letters.",
    why: "Old imports left such values. Magento 2 shows some of these pictures, and stops at others when it resizes them.",
    detection: "The value of catalog_product_entity_media_gallery has no folder.",
    action: "Move the file into its folders (`a/b/ab.jpg`), and correct the value in the gallery and in the roles of the product.",
    step: Step::Correct,
    source: "Varien_File_Uploader::getDispretionPath, Magento\\Framework\\File\\Uploader::getDispersionPath; magento/magento2#22808.",
    points: 1,
};

pub(super) const DOUBLE_SLASH: Rule = Rule {
    code: "media.double-slash",
    severity: Severity::Low,
    severity_note: "",
    title: "Value with slashes too many or too few",
    meaning: "A value of the gallery does not begin with one slash, or has two in a row.",
    why: "The file is found on disk, and not by what compares values as texts: cleaners take its picture for unused.",
    detection: "Values of catalog_product_entity_media_gallery, byte by byte.",
    action: "Correct the value in the gallery and in the roles of the product.",
    step: Step::Correct,
    source: "catalog_product_entity_media_gallery.value.",
    points: 1,
};

pub(super) const DUPLICATE_ROW: Rule = Rule {
    code: "media.duplicate-gallery-row",
    severity: Severity::Low,
    severity_note: "",
    title: "Picture that stands in a gallery twice",
    meaning: "A product's gallery has several rows with the same picture.",
    why: "Visitors see the picture twice. Repeated imports and migrations leave such rows.",
    detection: "Rows of catalog_product_entity_media_gallery with the same path for the same product.",
    action: "Remove the rows that are too many in the product's gallery.",
    step: Step::Correct,
    source: "catalog_product_entity_media_gallery, catalog_product_entity_media_gallery_value_to_entity.",
    points: 1,
};

pub(super) const NOT_INDEXED: Rule = Rule {
    code: "media.not-indexed",
    severity: Severity::Low,
    severity_note: "",
    title: "Files that the media gallery does not show",
    meaning: "Magento 2's media gallery has an index, and files of this folder are not in it.",
    why: "Editors cannot choose pictures that were copied by hand.",
    detection: "No row of media_gallery_asset has the path. Looked for only if the index is in use, and for pictures below wysiwyg and catalog/category.",
    action: "Run `bin/magento media-gallery:sync`.",
    step: Step::Correct,
    source: "Magento_MediaGallerySynchronization; magento/magento2#30509.",
    points: 1,
};

pub(super) const COPIES: Rule = Rule {
    code: "media.copies",
    severity: Severity::Info,
    severity_note: "",
    title: "Numbered copies of one picture",
    meaning: "Files of the same size lie beside the picture, with its name and a number.",
    why: "Repeated imports save a picture anew under the next number: shops carry gigabytes of them.",
    detection: "Names of the form a_1.jpg, a_1_2.jpg below catalog/product whose size is that of a.jpg. The contents were not compared.",
    action: "Nothing, if time is short. Where space counts, let products refer to one of them, and leave the others behind.",
    step: Step::Know,
    source: "Varien_File_Uploader::getNewFileName; magento/magento2#9466.",
    points: 0,
};
