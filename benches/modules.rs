//! The code of a large installation read: 300 modules of 80 files, each with rewrites, observers,
//! tables and a setup script, and 40 classes of Magento's own that were copied.

#![expect(clippy::unwrap_used, reason = "a bench that cannot go on has failed")]

use std::fmt::Write;
use std::fs;
use std::path::Path;

use magegap::pair::Side;
use magegap::source::installation::code;

const MODULES: usize = 300;
const FILES: usize = 80;

fn main() {
    divan::main();
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn plant(root: &Path) {
    for at in 0..MODULES {
        let (vendor, name) = (format!("Vendor{}", at % 40), format!("Module{at}"));
        let (module, key) = (format!("{vendor}_{name}"), format!("vendor{}_module{at}", at % 40));
        write(
            root,
            &format!("app/etc/modules/{module}.xml"),
            &format!(
                "<config><modules><{module}><active>true</active><codePool>local</codePool></{module}></modules></config>"
            ),
        );
        let mut config = format!(
            "<config><modules><{module}><version>1.0.{at}</version></{module}></modules><global><models><{key}><class>{module}_Model</class></{key}>"
        );
        for class in 0..5 {
            write!(
                config,
                "<catalog><rewrite><class_{class}_{at}>{module}_Model_C{class}</class_{class}_{at}></rewrite></catalog>"
            )
            .unwrap();
        }
        write!(
            config,
            "<{key}_resource><entities><e><table>{key}_entry</table></e></entities></{key}_resource></models>"
        )
        .unwrap();
        for event in 0..10 {
            write!(config, "<events><event_{event}><observers><o/></observers></event_{event}></events>").unwrap();
        }
        config.push_str("</global></config>");
        let folder = format!("app/code/local/{vendor}/{name}");
        write(root, &format!("{folder}/etc/config.xml"), &config);
        write(
            root,
            &format!("{folder}/sql/{key}_setup/install-1.0.0.php"),
            &"<?php $i->addColumn('sales_flat_order', 'some_column');\n".repeat(40),
        );
        for file in 0..FILES {
            write(
                root,
                &format!("{folder}/Model/C{file}.php"),
                &format!("<?php\nclass {module}_Model_C{file} {{ {} }}\n", "// code\n".repeat(200)),
            );
        }
    }
    for at in 0..40 {
        write(root, &format!("app/code/local/Mage/Catalog/Model/C{at}.php"), "<?php class Mage_Catalog_Model_C {}");
    }
}

#[divan::bench(sample_count = 10)]
fn code_of_magento_1(bencher: divan::Bencher<'_, '_>) {
    let folder = tempfile::tempdir().unwrap();
    plant(folder.path());
    bencher.bench_local(|| {
        let code = code::read(folder.path(), Side::M1);
        assert_eq!((code.modules.len(), code.overrides.len()), (MODULES, 40));
        assert_eq!(code.modules[0].files, Some(FILES as u64 + 2));
    });
}
