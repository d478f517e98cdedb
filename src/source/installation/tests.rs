use std::fs;

use secrecy::ExposeSecret;

use super::*;
use crate::magento::versions::Edition;

/// An installation folder made of files.
fn installation(side: Side, files: &[(&str, &str)]) -> Result<Installation, InstallationError> {
    let root = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    Installation::read(root.path(), side)
}

fn local_xml(host: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><config><global><crypt><key><![CDATA[k]]></key></crypt><resources>
         <db><table_prefix><![CDATA[mg_]]></table_prefix></db>
         <default_setup><connection><host><![CDATA[{host}]]></host><username><![CDATA[u&<x]]></username>
         <password><![CDATA[p]]></password><dbname>shop</dbname></connection></default_setup>
         <default_read><connection><use>default_setup</use></connection></default_read>
         </resources></global></config>"
    )
}

#[test]
fn local_xml_gives_connection_prefix_and_further_connections() {
    let found = installation(Side::M1, &[("app/etc/local.xml", &local_xml("127.0.0.1:3399"))]).unwrap();
    let address = found.database.unwrap().unwrap();
    assert_eq!((address.host.as_str(), address.port, address.user.as_str()), ("127.0.0.1", 3399, "u&<x"));
    assert_eq!(address.password.unwrap().expose_secret(), "p");
    assert_eq!(found.prefix.as_deref(), Some("mg_"));
    assert!(found.notes[0].contains("default_read"));
}

#[test]
fn a_host_may_be_a_socket_or_an_ipv6_address() {
    let address = |host: &str| {
        installation(Side::M1, &[("app/etc/local.xml", &local_xml(host))]).unwrap().database.unwrap().unwrap()
    };
    assert_eq!(address("/run/mysqld/mysqld.sock").socket, Some(PathBuf::from("/run/mysqld/mysqld.sock")));
    assert_eq!((address("[::1]:3307").host.as_str(), address("[::1]:3307").port), ("::1", 3307));
    assert_eq!((address("::1").host.as_str(), address("db").port), ("::1", 3306));
}

#[test]
fn mage_php_tells_version_and_edition_in_both_array_syntaxes() {
    let xml = local_xml("db");
    let platform = |php: &str| {
        installation(Side::M1, &[("app/etc/local.xml", &xml), ("app/Mage.php", php)]).unwrap().platform.to_string()
    };
    let info = "'major' => '1', 'minor' => '9', 'revision' => '3', 'patch' => '1', 'stability' => '', 'number' => ''";
    assert_eq!(
        platform(&format!(
            "<?php class Mage {{ static private $_currentEdition = self::EDITION_COMMUNITY; function getVersionInfo() {{ return array({info},); }} }}"
        )),
        "1.9.3.1, Community"
    );
    assert_eq!(
        platform(&format!(
            "<?php class Mage {{ private static $_currentEdition = self::EDITION_ENTERPRISE; function getVersionInfo() {{ return [{info}]; }} }}"
        )),
        "1.9.3.1, Enterprise"
    );
    assert_eq!(
        platform(&format!(
            "<?php class Mage {{ function getVersionInfo(): array {{ return [{info}]; }} function getOpenMageVersion() {{}} }}"
        )),
        "1.9.3.1, OpenMage"
    );
    let info = |major: u8, minor: u8| {
        format!("['major' => '{major}', 'minor' => '{minor}', 'patch' => '0', 'stability' => 'rc', 'number' => '2']")
    };
    let (old, new) = (info(19, 5), info(20, 15));
    let mage = "<?php class Mage { function getVersionInfo() { return ['major' => '1', 'minor' => '9', 'revision' => '4', 'patch' => '5']; }";
    let of_both = format!(
        "function getOpenMageVersion() {{}} function getOpenMageVersionInfo(): array {{ if (self::getOpenMageMajorVersion() === 20) {{ return {new}; }} return {old}; }}"
    );
    for (line, release) in [(20, "20.15.0-rc2"), (19, "19.5.0-rc2")] {
        let of_line = format!("{mage} {of_both} function getOpenMageMajorVersion(): int {{ return {line}; }} }}");
        assert_eq!(platform(&of_line), format!("1.9.4.5, OpenMage {release}"));
    }
    let older =
        format!("{mage} function getOpenMageVersionInfo() {{ return {new}; }} function getOpenMageVersion() {{}} }}");
    assert_eq!(platform(&older), "1.9.4.5, OpenMage 20.15.0-rc2");
    let text = |own: &str, more: &str| {
        format!("<?php class Mage {{ public static function getVersion() {{ return '{own}'; }} {more} }}")
    };
    assert_eq!(platform(&text("1.3.2.4", "")), "1.3.2.4, Community");
    let maho = "function getMahoVersion(): string { return '24.11.0'; }";
    assert_eq!(platform(&text("1.9.4.5", maho)), "1.9.4.5, Maho 24.11.0");
    assert_eq!(platform(&text("26.1.0", "// mahocommerce.com")), "unknown version, Maho 26.1.0");
}

const ENV: &str = "<?php\nreturn [\n 'db' => ['table_prefix' => 'm2_', 'connection' => ['default' => ['host' => 'db:3307', 'dbname' => 'shop', \
    'username' => 'u', 'password' => 'it\\'s', 'driver_options' => [1014 => false]], 'sales' => []]], \
    'resource' => ['default_setup' => ['connection' => 'default']], 'remote_storage' => ['driver' => 'aws-s3']];";

#[test]
fn env_php_gives_connection_prefix_and_what_is_not_on_disk() {
    let found = installation(Side::M2, &[("app/etc/env.php", ENV)]).unwrap();
    let address = found.database.unwrap().unwrap();
    assert_eq!((address.host.as_str(), address.port, address.database.as_str()), ("db", 3307, "shop"));
    assert_eq!(address.password.unwrap().expose_secret(), "it's");
    assert_eq!(found.prefix.as_deref(), Some("m2_"));
    assert!(found.notes.iter().any(|it| it.contains("split")));
    assert!(found.media.unwrap_err().contains("remote storage (aws-s3) is in use"));
}

#[test]
fn what_php_code_computes_is_asked_for_unless_it_can_be_given_apart() {
    let env = ENV.replace("'it\\'s'", "getenv('DB_PASSWORD')");
    let found = installation(Side::M2, &[("app/etc/env.php", &env)]).unwrap();
    assert!(found.database.unwrap().unwrap().password.is_none(), "it is taken from MAGEGAP_M2_DB_PASSWORD");
    let env = ENV.replace("'db:3307'", "getenv('DB_HOST')");
    let found = installation(Side::M2, &[("app/etc/env.php", &env)]).unwrap();
    assert!(found.database.unwrap().unwrap_err().contains("`host` of the connection is computed by PHP code (line 3)"));
    let literal = ENV.trim_start_matches("<?php\nreturn").trim_end_matches(';');
    for (env, what) in [
        (
            format!(
                "<?php\n$config ={literal};\nif (is_file('x')) {{ $config = array_replace($config, require 'x'); }}\nreturn $config;"
            ),
            "(line 4)",
        ),
        (format!("<?php\nreturn array_merge({literal}, include 'env.secrets.php');"), "(line 3)"),
    ] {
        let found = installation(Side::M2, &[("app/etc/env.php", &env)]).unwrap();
        let why = found.database.unwrap().unwrap_err();
        assert!(why.contains("the connection `default` is computed by PHP code") && why.contains(what), "{why}");
        // What is literal is heeded all the same.
        assert!(found.prefix.is_none() && found.media.unwrap_err().contains("remote storage (aws-s3) is in use"));
    }
    let env = ENV.replace("'aws-s3'", "getenv('DRIVER') ?: 'aws-s3'");
    let found = installation(Side::M2, &[("app/etc/env.php", &env)]).unwrap();
    assert!(found.media.unwrap_err().contains("computes whether remote storage is in use"));
}

#[test]
fn composer_tells_version_and_edition() {
    let platform = |files: &[(&str, &str)]| {
        let files: Vec<_> = [("app/etc/env.php", ENV)].into_iter().chain(files.iter().copied()).collect();
        installation(Side::M2, &files).unwrap().platform
    };
    let lock = r#"{"packages":[{"name":"magento/framework","version":"103.0.4"},{"name":"magento/product-community-edition","version":"2.4.4-p1"}]}"#;
    assert_eq!(platform(&[("composer.lock", lock)]).to_string(), "2.4.4-p1, Open Source");
    let require = r#"{"require":{"magento/product-enterprise-edition":"2.3.7"}}"#;
    assert_eq!(platform(&[("composer.json", require)]).to_string(), "2.3.7, Commerce");
    let required = |package: &str, version: &str| {
        platform(&[("composer.json", &format!("{{\"require\":{{\"{package}\":\"{version}\"}}}}"))]).to_string()
    };
    let community = "magento/product-community-edition";
    assert_eq!(required(community, "~2.4.6"), "2.4.6 or later, Open Source");
    assert_eq!(required(community, "2.4.*"), "2.4 or later, Open Source");
    assert_eq!(required(community, "dev-main"), "unknown version, Open Source");
    assert_eq!(required("magento/magento-cloud-metapackage", ">=2.4.6 <2.4.7"), "2.4.6 or later, Commerce");
    assert_eq!(required("mage-os/product-minimal-edition", "2.1.0"), "2.1.0, Mage-OS");
    assert_eq!(required("mage-os/product-minimal-edition", "^2.1"), "unknown version, Mage-OS");
    let config = "<?php return ['modules' => ['Magento_Store' => 1, 'Magento_CatalogStaging' => 1]];";
    assert_eq!(platform(&[("app/etc/config.php", config)]).edition, Some(Edition::Commerce));
    assert_eq!(platform(&[]).to_string(), "unknown version");
}

#[test]
fn a_checkout_has_no_settings_and_is_an_installation() {
    for (side, file, content) in [
        (Side::M1, "app/Mage.php", "<?php"),
        (Side::M1, "app/etc/modules/Acme_Blog.xml", "<config/>"),
        (Side::M2, "app/etc/config.php", "<?php return ['modules' => []];"),
        (Side::M2, "bin/magento", "#!/usr/bin/env php"),
        (Side::M2, "composer.json", r#"{"require":{"magento/product-community-edition":"2.4.4"}}"#),
        (Side::M2, "composer.json", r#"{"require":{"mage-os/product-community-edition":"1.0.5"}}"#),
    ] {
        let found = installation(side, &[(file, content)]).unwrap();
        assert!(found.database.is_none() && found.media.is_ok(), "{file}");
        let said = installation(side.other(), &[(file, content)]).unwrap_err().to_string();
        assert!(said.contains(&format!("so it is a {side} installation")), "{said}");
    }
    // A project for Magento 1 may have a composer.json, too.
    let foreign = installation(Side::M2, &[("composer.json", r#"{"require":{"magento-hackathon/x":"*"}}"#)]);
    assert!(foreign.unwrap_err().to_string().contains("it has none of app/etc/env.php, app/etc/config.php"));
}

#[test]
fn a_folder_that_is_no_installation_is_said_to_be_none() {
    let said = |side, files: &[(&str, &str)]| installation(side, files).unwrap_err().to_string();
    assert!(
        said(Side::M1, &[]).ends_with(
            "is not a Magento 1 installation: it has none of app/etc/local.xml, app/Mage.php, app/etc/modules"
        )
    );
    assert!(
        said(Side::M1, &[("app/etc/env.php", ENV)])
            .ends_with("it has app/etc/env.php, so it is a Magento 2 installation")
    );
    assert!(
        said(Side::M2, &[("app/etc/local.xml", "<x/>")])
            .ends_with("it has app/etc/local.xml, so it is a Magento 1 installation")
    );
    let broken = said(Side::M1, &[("app/etc/local.xml", "<config>\n<password>geheim</config>")]);
    assert!(broken.ends_with("it is not well-formed XML at line 2") && !broken.contains("geheim"), "{broken}");
    let broken = said(Side::M2, &[("app/etc/env.php", "<?php return ['password' => 'geheim")]);
    assert!(broken.ends_with("line 1: a string is not closed"), "{broken}");
}

/// Code of an installation folder made of files, and of links as `path -> target`.
fn code_of(files: &[(&str, &str)], links: &[(&str, &str)]) -> (code::Code, tempfile::TempDir) {
    let root = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    for (name, target) in links {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(target, path).unwrap();
    }
    (code::read(root.path(), Side::M1), root)
}

fn declared(name: &str, what: &str) -> String {
    format!("<config><modules><{name}>{what}</{name}></modules></config>")
}

#[test]
fn declarations_of_a_module_are_merged() {
    let files = [
        ("app/etc/modules/Acme_Blog.xml", declared("Acme_Blog", "<active>true</active><codePool>local</codePool>")),
        ("app/etc/modules/zzz_off.xml", declared("Acme_Blog", "<active>false</active>")),
        ("app/etc/modules/broken.xml", "<config>".to_owned()),
        ("app/etc/modules/Mage_All.xml", declared("Mage_Core", "<active>true</active><codePool>core</codePool>")),
        ("app/code/local/Acme/Blog/etc/config.xml", "<config><global/></config>".to_owned()),
        ("app/code/local/Acme/Blog/Model/Key.php", "<?php //0046a if(!extension_loaded('ionCube Loader'))".to_owned()),
        ("app/code/community/Dead/Code/etc/config.xml", "<config/>".to_owned()),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let (code, _root) = code_of(&files, &[]);
    let names: Vec<(&str, bool, bool, Option<u64>)> =
        code.modules.iter().map(|it| (it.name.as_str(), it.is_declared, it.is_active, it.files)).collect();
    // Whatever its name, the broken file may declare any module.
    assert_eq!(names, [("Acme_Blog", true, false, Some(2)), ("Dead_Code", true, true, Some(1))]);
    assert_eq!(code.modules[0].encoded.len(), 1);
    assert_eq!(code.flaws, ["app/etc/modules/broken.xml: it is not well-formed XML at line 1"]);
}

#[test]
fn what_cannot_be_read_is_not_what_is_not_there() {
    let files = [
        ("app/etc/modules/Acme_Blog.xml", "<config>".to_owned()),
        ("app/code/local/Acme/Blog/etc/config.xml", "<config/>".to_owned()),
        ("app/code/community/Loop/Shop/etc/config.xml", "<config/>".to_owned()),
        ("app/code/community/Dead/Code/etc/config.xml", "<config/>".to_owned()),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    // Of a link to itself the system says neither that it is there nor that it is not.
    let links = [("app/etc/modules/Loop_Shop.xml", "Loop_Shop.xml"), ("app/code/local/Gone", "nowhere")];
    let (code, _root) = code_of(&files, &links);
    let names: Vec<(&str, bool)> = code.modules.iter().map(|it| (it.name.as_str(), it.is_active)).collect();
    assert_eq!(names, [("Acme_Blog", true), ("Dead_Code", true), ("Loop_Shop", true)]);
    assert_eq!(code.unread.len(), 1, "{:?}", code.unread);
    assert!(code.unread[0].starts_with("app/etc/modules/Loop_Shop.xml cannot be read: "), "{:?}", code.unread);
    let flaws: Vec<&String> = code.modules.iter().flat_map(|it| &it.flaws).collect();
    assert_eq!(
        flaws,
        [
            "Acme_Blog: its declaration cannot be read; it is taken for active",
            "Dead_Code: its declaration cannot be read; it is taken for active",
            "Loop_Shop: its declaration cannot be read; it is taken for active"
        ]
    );
}

#[test]
fn links_are_followed_as_far_as_they_stay_in_the_installation() {
    let files = [
        ("app/etc/modules/Acme_Blog.xml", declared("Acme_Blog", "<active>true</active><codePool>local</codePool>")),
        (".modman/blog/code/etc/config.xml", "<config/>".to_owned()),
        (".modman/blog/Cart.php", "<?php class Mage_Checkout_Model_Cart {}".to_owned()),
        ("app/code/core/Mage/Checkout/Model/Cart.php", "<?php class Mage_Checkout_Model_Cart {}".to_owned()),
        ("shell/abstract.php", "<?php".to_owned()),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let links = [
        ("app/code/local/Acme/Blog", "../../../../.modman/blog/code"),
        ("app/code/local/Mage/Checkout/Model/Cart.php", "../../../../../../.modman/blog/Cart.php"),
        ("js/everything", "/usr"),
        ("lib/Own/loop", ".."),
    ];
    let (code, _root) = code_of(&files, &links);
    assert_eq!(code.modules[0].files, Some(1));
    let overrides: Vec<_> = code.overrides.iter().map(|it| (it.path.as_str(), it.state)).collect();
    assert_eq!(overrides, [("app/code/local/Mage/Checkout/Model/Cart.php", code::OverrideState::Same)]);
    let loose: Vec<_> = code.loose.iter().map(|it| (it.path.as_str(), it.files)).collect();
    assert_eq!(loose, [("js/everything", 0)]);
    assert!(code.flaws.iter().any(|it| it.starts_with("js/everything: a link that leads out")), "{:?}", code.flaws);
    assert!(code.flaws.iter().any(|it| it.contains("circle")), "{:?}", code.flaws);
}

#[test]
fn modules_that_modman_keeps_above_the_root_are_read() {
    let above = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = above.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("htdocs/app/etc/local.xml", &local_xml("db"));
    let declaration = declared("Acme_Blog", "<active>true</active><codePool>local</codePool>");
    write("htdocs/app/etc/modules/Acme_Blog.xml", &declaration);
    write(".modman/.basedir", "htdocs");
    write(".modman/blog/code/etc/config.xml", "<config/>");
    let local = above.path().join("htdocs/app/code/local/Acme");
    std::fs::create_dir_all(&local).unwrap();
    std::os::unix::fs::symlink("../../../../../.modman/blog/code", local.join("Blog")).unwrap();
    let code = code::read(&above.path().join("htdocs"), Side::M1);
    assert_eq!(code.modules[0].files, Some(1));
    let flaws: Vec<&str> = code.flaws.iter().map(String::as_str).collect();
    assert_eq!(flaws, [] as [&str; 0]);
}

#[test]
fn settings_that_files_lock_are_read_if_anybody_may_know_them() {
    let env = "<?php return ['system' => ['default' => ['design' => ['theme' => ['theme_id' => 'frontend/Acme/shop']], \
               'payment' => ['acme' => ['key' => 'geheim']]], 'stores' => ['de' => ['general' => ['locale' => ['timezone' => 'Europe/Berlin']]]]]];";
    let config = "<?php return ['modules' => [], 'system' => ['default' => ['design' => ['theme' => ['theme_id' => '9']]], \
                  'websites' => ['base' => ['web' => ['unsecure' => ['base_url' => 'http://x.example/']]]]]];";
    let found = installation(Side::M2, &[("app/etc/env.php", env), ("app/etc/config.php", config)]).unwrap();
    let locked: Vec<String> =
        found.locked.iter().map(|it| format!("{} {} {}={}", it.scope, it.code, it.path, it.value)).collect();
    assert_eq!(
        locked,
        [
            "default  design/theme/theme_id=frontend/Acme/shop",
            "stores de general/locale/timezone=Europe/Berlin",
            "websites base web/unsecure/base_url=http://x.example/",
        ],
        "env.php comes before config.php"
    );
}

#[test]
fn local_modules_can_be_switched_off_as_a_whole() {
    let files = [
        (
            "app/etc/local.xml",
            "<config><global><disable_local_modules> true </disable_local_modules></global></config>".to_owned(),
        ),
        ("app/etc/modules/A.xml", declared("Acme_One", "<active>true</active><codePool>local</codePool>")),
        ("app/etc/modules/B.xml", declared("Acme_Two", "<active>true</active><codePool>community</codePool>")),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let (code, _root) = code_of(&files, &[]);
    assert_eq!(code.modules.iter().map(|it| it.is_active).collect::<Vec<_>>(), [false, true]);
}
