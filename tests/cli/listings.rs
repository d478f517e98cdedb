//! Lists of files that other programs made, in the place of a media folder.

use crate::support::Sandbox;

const OLD: &str = "wysiwyg/same.jpg\ttext\tsame\nwysiwyg/changed.jpg\ttext\told\nwysiwyg/grown.jpg\ttext\tshort\n\
                   wysiwyg/from.jpg\ttext\tmoved\nwysiwyg/gone.jpg\ttext\tgone\nwysiwyg/a%25 b%0Ac.jpg\ttext\todd\n\
                   catalog/product/cache/x.jpg\ttext\tgenerated\n";
const NEW: &str = "wysiwyg/same.jpg\ttext\tsame\nwysiwyg/changed.jpg\ttext\tnew\nwysiwyg/grown.jpg\ttext\tlonger\n\
                   wysiwyg/to.jpg\ttext\tmoved\nwysiwyg/a%25 b%0Ac.jpg\ttext\todd\nwysiwyg/own.jpg\ttext\town\n";

fn stores() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.media("media", OLD);
    sandbox.media("new", NEW);
    sandbox
}

/// Makes a list with the shell, in the folder above.
fn list(sandbox: &Sandbox, name: &str, command: &str) {
    let status = std::process::Command::new("sh")
        .current_dir(sandbox.path(""))
        .args(["-c", &format!("{command} > {name}")])
        .status()
        .unwrap();
    assert!(status.success(), "{command}");
}

/// The verdicts on files, with the confidence.
fn verdicts(sandbox: &Sandbox, sides: &str) -> Vec<String> {
    let run = sandbox.run(&format!("audit {sides} --only media --fail-on never --out report"));
    assert_eq!(run.status, 0, "{}", run.err);
    let text = std::fs::read(sandbox.path("report/findings.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_slice());
    let rows = reader.records().map(|it| it.unwrap());
    let verdicts = ["media.changed", "media.moved", "media.missing", "media.extra"];
    rows.filter(|it| verdicts.contains(&&it[1])).map(|it| format!("{} {} {}", &it[1], &it[7], &it[6])).collect()
}

const BY_HASH: [&str; 5] = [
    "media.changed wysiwyg/changed.jpg certain",
    "media.changed wysiwyg/grown.jpg certain",
    "media.missing wysiwyg/gone.jpg certain",
    "media.moved wysiwyg/from.jpg certain",
    "media.extra wysiwyg/own.jpg certain",
];

#[test]
fn hashes_of_any_kind_are_compared_with_a_folder_as_contents_are() {
    let sandbox = stores();
    assert_eq!(verdicts(&sandbox, "--m1-media media --m2-media new"), BY_HASH);
    for (name, program) in [("md5.txt", "md5sum"), ("sha256.txt", "sha256sum"), ("list.txt", "sha256sum")] {
        list(&sandbox, name, &format!("find media -type f -exec {program} {{}} +"));
        assert_eq!(verdicts(&sandbox, &format!("--m1-media {name} --m2-media new")), BY_HASH, "{program}");
    }
    // Of which kind hashes of this length are, the other side tells.
    let blake3 = |name: &str| {
        let lines: Vec<String> = sandbox
            .files(name)
            .into_iter()
            .filter(|(path, _)| !path.to_str().unwrap().contains('\n'))
            .map(|(path, bytes)| format!("{}  ./{}\n", blake3::hash(&bytes), path.display()))
            .collect();
        lines.concat()
    };
    sandbox.write("sums.txt", blake3("media"));
    std::fs::remove_file(sandbox.path("new/wysiwyg/a% b\nc.jpg")).unwrap();
    assert_eq!(verdicts(&sandbox, "--m1-media sums.txt --m2-media new"), BY_HASH);
    // A name is no proof.
    sandbox.write("sha256.lie", blake3("media"));
    assert_eq!(verdicts(&sandbox, "--m1-media sha256.lie --m2-media new"), BY_HASH);
    sandbox.write("new.b3", blake3("new"));
    assert_eq!(verdicts(&sandbox, "--m1-media sums.txt --m2-media new.b3"), BY_HASH);
}

#[test]
fn rclone_tells_sizes_and_hashes() {
    let sandbox = stores();
    let entry = |(path, bytes): (std::path::PathBuf, Vec<u8>)| {
        let md5 = md5::Digest::finalize(md5::Digest::chain_update(<md5::Md5 as md5::Digest>::new(), &bytes));
        let md5 = md5.iter().map(|it| format!("{it:02x}")).collect::<Vec<_>>().concat();
        serde_json::json!({ "Path": path, "Name": "", "Size": bytes.len(), "IsDir": false, "Hashes": { "md5": md5 } })
    };
    let entries: Vec<_> = sandbox.files("media").into_iter().map(entry).collect();
    sandbox.write("old.json", serde_json::to_string(&entries).unwrap());
    assert_eq!(verdicts(&sandbox, "--m1-media old.json --m2-media new"), BY_HASH);
}

#[test]
fn sizes_alone_make_verdicts_likely() {
    let sandbox = stores();
    list(&sandbox, "old.txt", "find media -type f -printf '%s %P\\0'");
    list(&sandbox, "new.txt", "find new -type f -printf '%s %P\\0'");
    let expected = [
        "media.changed wysiwyg/grown.jpg likely",
        "media.missing wysiwyg/from.jpg likely",
        "media.missing wysiwyg/gone.jpg likely",
        "media.extra wysiwyg/own.jpg likely",
        "media.extra wysiwyg/to.jpg likely",
    ];
    assert_eq!(verdicts(&sandbox, "--m1-media old.txt --m2-media new"), expected);
    assert_eq!(verdicts(&sandbox, "--m1-media old.txt --m2-media new.txt"), expected);
    let page = std::fs::read_to_string(sandbox.path("report/index.html")).unwrap();
    assert!(page.contains("verdicts are likely"));
    // What is only counted is counted in a list as well.
    assert!(sandbox.findings("report").contains(&"media.generated catalog/product/cache info".to_owned()));
}

#[test]
fn hashes_of_a_kind_that_nobody_can_tell_are_not_compared() {
    let sandbox = stores();
    list(&sandbox, "one.txt", "find media -type f -exec sha256sum {} +");
    let other: Vec<String> = sandbox
        .files("new")
        .into_iter()
        .filter(|(path, _)| !path.to_str().unwrap().contains('\n'))
        .map(|(path, bytes)| format!("{}  {}\n", blake3::hash(&bytes), path.display()))
        .collect();
    sandbox.write("two.txt", other.concat());
    let found = verdicts(&sandbox, "--m1-media one.txt --m2-media two.txt");
    assert!(found.iter().all(|it| it.ends_with("likely") && !it.contains("changed")), "{found:?}");
}

#[test]
fn files_without_a_hash_are_not_called_the_same() {
    let sandbox = stores();
    let entries = [("same.jpg", 4, "51037a4a37730f52c8732586d3aaa316"), ("changed.jpg", 3, "")]
        .map(|(name, size, md5)| serde_json::json!({ "Path": format!("wysiwyg/{name}"), "Size": size, "Hashes": { "md5": md5 } }));
    sandbox.write("old.json", serde_json::to_string(&entries).unwrap());
    verdicts(&sandbox, "--m1-media old.json --m2-media new");
    let page = std::fs::read_to_string(sandbox.path("report/index.html")).unwrap();
    assert!(page.contains("1 file of the same path could not be compared: a list has no hash of them"));
}

#[test]
fn folders_in_a_list_are_no_files_and_paths_are_below_the_media_folder() {
    let sandbox = stores();
    list(&sandbox, "all.txt", "find $PWD/media -printf '%s %p\\0'");
    let found = verdicts(&sandbox, "--m1-media all.txt --m2-media new");
    assert!(found.contains(&"media.changed wysiwyg/grown.jpg likely".to_owned()), "{found:?}");
    list(&sandbox, "far.txt", "find $PWD/new -type f -printf '%s %p\\0'");
    let run = sandbox.run("audit --m1-media media --m2-media far.txt --out far");
    assert_eq!(run.status, 2);
    assert!(run.out.contains("does not lie below the media folder"), "{}{}", run.out, run.err);
}

#[test]
fn what_is_no_list_is_refused() {
    let sandbox = stores();
    let refused = |text: &[u8]| {
        sandbox.write("list", text);
        sandbox.run("audit --m1-media list --m2-media new --only media --out report").refused()
    };
    assert!(refused(b"").contains("no list of files"));
    assert!(refused(b"a.jpg\nb.jpg\n").contains("a list of files is what"));
    let run = |text: &[u8]| {
        sandbox.write("list", text);
        let run = sandbox.run("audit --m1-media list --m2-media new --out report");
        assert_eq!(run.status, 2);
        run.err + &run.out
    };
    assert!(run(b"5 a.jpg\n6 b.jpg").contains("was it cut off?"));
    assert!(run(b"5 a.jpg\n6 a.jpg\n").contains("names a.jpg twice"));
    assert!(
        run(&[b"5 a.jpg\n6 ".as_slice(), &vec![b'x'; 70_000], b"\n"].concat()).contains("line 2 is of no known form")
    );
    assert!(run(b"[{\"Path\":\"a\",\"Size\":1}").contains("was it cut off?"));
}

#[test]
fn lists_of_buckets_archives_and_shops_give_the_same_verdicts() {
    let sandbox = stores();
    let expected = [
        "media.changed wysiwyg/grown.jpg likely",
        "media.missing wysiwyg/from.jpg likely",
        "media.missing wysiwyg/gone.jpg likely",
        "media.extra wysiwyg/own.jpg likely",
        "media.extra wysiwyg/to.jpg likely",
    ];
    std::fs::remove_file(sandbox.path("media/wysiwyg/a% b\nc.jpg")).unwrap();
    std::fs::remove_file(sandbox.path("new/wysiwyg/a% b\nc.jpg")).unwrap();
    sandbox.media("shop", OLD.replace("wysiwyg", "media/wysiwyg").replace("catalog", "media/catalog").as_str());
    std::fs::remove_file(sandbox.path("shop/media/wysiwyg/a% b\nc.jpg")).unwrap();
    sandbox.write("shop/index.php", "<?php");
    sandbox.write("shop/app/Mage.php", "<?php");
    for (name, command) in [
        ("du", "(cd media && du -ab)"),
        ("tar", "tar cf - media | tar tvf -"),
        ("zip", "(zip -qr media.zip media && unzip -l media.zip)"),
        ("ls", "find media -type f -printf '%TY-%Tm-%Td 10:20:30 %10s %p\\n'"),
        ("lsl", "find media -type f -printf '%9s %TY-%Tm-%Td 10:20:30.123456789 %P\\n'"),
        ("windows", "find media -type f -printf '%s %p\\n' | tr / '\\\\'"),
        ("root", "(cd shop && find . -type f -printf '%s %p\\n')"),
    ] {
        list(&sandbox, &format!("{name}.txt"), command);
        assert_eq!(verdicts(&sandbox, &format!("--m1-media {name}.txt --m2-media new")), expected, "{name}");
    }
    let page = std::fs::read_to_string(sandbox.path("report/findings.json")).unwrap();
    let words = "is of the whole shop: what lies below media/ was taken, and 2 files elsewhere left out";
    assert!(page.contains(words), "{page}");
}

#[test]
fn a_list_of_something_else_is_refused() {
    let sandbox = stores();
    sandbox.write("list", "5 src/main.c\n6 README\n");
    for side in ["--m1-media list --m2-media new", "--m1-media media --m2-media list"] {
        let run = sandbox.run(&format!("audit {side} --only media --fail-on never --out report"));
        assert_eq!(run.status, 2, "{}", run.out);
        let said = run.err + &run.out;
        assert!(said.contains("list is no list of Magento"), "{said}");
    }
}

#[test]
fn a_bucket_serves_no_htaccess_and_names_that_rclone_replaced_are_matched() {
    use std::os::unix::ffi::OsStrExt as _;
    let sandbox = Sandbox::new();
    let old = sandbox.write("old/wysiwyg/plain.jpg", "p");
    std::fs::write(old.with_file_name(std::ffi::OsStr::from_bytes(b"lat\xE9.jpg")), "d").unwrap();
    let md5 = |text: &[u8]| {
        let digest = md5::Digest::finalize(md5::Digest::chain_update(<md5::Md5 as md5::Digest>::new(), text));
        digest.iter().map(|it| format!("{it:02x}")).collect::<Vec<_>>().concat()
    };
    let entry = |name: &str, text: &str| serde_json::json!({ "Path": format!("wysiwyg/{name}"), "Size": 1, "Hashes": { "md5": md5(text.as_bytes()) } });
    let entries = [entry("lat\u{FFFD}.jpg", "d"), entry("plain.jpg", "p")];
    sandbox.write("new.json", serde_json::to_string(&entries).unwrap());
    let run = sandbox.run("audit --m1-media old --m2-media new.json --only media --fail-on never --out report");
    assert_eq!(
        (run.status, sandbox.findings("report")),
        (0, vec!["media.bad-name wysiwyg/lat%E9.jpg medium".to_owned()]),
        "{}",
        run.out
    );
    for words in
        ["in 1 name of the list of Magento 2 rclone replaced bytes", "names no .htaccess file, as that of a bucket"]
    {
        assert!(run.out.contains(words), "{}", run.out);
    }
}
