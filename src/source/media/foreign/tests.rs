use super::*;

fn read(text: &[u8]) -> io::Result<Listed> {
    let mut listed = Listed::default();
    let mut reader = text;
    listed.read(&mut reader)?;
    Ok(listed)
}

#[test]
fn lines_of_hashes_are_read_with_their_escapes() {
    let md5 = "d41d8cd98f00b204e9800998ecf8427e";
    let text = format!("{md5}  ./a b.jpg\n{md5} *c\r\n\\{md5}  new\\nline\\\\\nMD5 (x) = y) = {md5}\n");
    let listed = read(text.as_bytes()).unwrap();
    let paths: Vec<_> = listed.files.iter().map(|it| it.path.as_slice()).collect();
    assert_eq!(paths, [&b"a b.jpg"[..], b"c", b"new\nline\\", b"x) = y"]);
    assert!(listed.files.iter().all(|it| it.size == Some(0) && it.digests[0].0 == Algorithm::Md5));
}

#[test]
fn hashes_of_64_digits_are_told_by_the_hash_of_nothing() {
    let any = "00".repeat(32);
    let blake3 = blake3::hash(b"").to_hex().to_string();
    assert!(read(format!("{any}  a\n").as_bytes()).unwrap().is_doubtful);
    for text in [format!("{blake3}  empty\n{any}  a\n"), format!("{any}  a\n{blake3}  empty\n")] {
        let mut listed = read(text.as_bytes()).unwrap();
        listed.settle();
        assert!(!listed.is_doubtful);
        assert!(listed.files.iter().all(|it| it.digests[0].0 == Algorithm::Blake3));
    }
}

#[test]
fn sizes_stand_before_the_path_or_behind_it() {
    let listed = read(b"12 a b\n0\tc\nd\t7\n").unwrap();
    let sizes: Vec<_> = listed.files.iter().map(|it| (it.path.as_slice(), it.size)).collect();
    assert_eq!(sizes, [(&b"a b"[..], Some(12)), (b"c", Some(0)), (b"d", Some(7))]);
    assert_eq!(read(b"5 a\nb\x005 c\0").unwrap().files[0].path, b"a\nb");
}

/// Paths and sizes of a list, with the hashes that it knows.
fn told(text: &str) -> Vec<(String, Option<u64>, bool)> {
    let listed = read(text.as_bytes()).unwrap();
    let file = |it: &Line| (String::from_utf8(it.path.clone()).unwrap(), it.size, !it.digests.is_empty());
    listed.files.iter().map(file).collect()
}

#[test]
fn each_program_has_its_own_columns() {
    let files = |has_hash: bool| {
        [("media/a b.jpg", 4, has_hash), ("media/ü.png", 1234, false)]
            .map(|(path, size, hash)| (path.to_owned(), Some(size), hash))
    };
    let md5 = "900150983cd24fb0d6963f7d28e17f72";
    for (text, has_hash) in [
        ("        4 media/a b.jpg\n     1234 media/ü.png\n".to_owned(), false),
        ("        4 2026-11-30 20:22:10.123456789 media/a b.jpg\n     1234 2026-11-30 20:22:10.000000000 media/ü.png\n".to_owned(), false),
        ("2026-11-30 20:22:10          4 media/a b.jpg\n2026-11-30 20:22:10          0 media/\n2026-11-30 20:22:10       1234 media/ü.png\n\nTotal Objects: 3\n   Total Size: 1238\n".to_owned(), false),
        ("Archive:  shop.zip\n  Length      Date    Time    Name\n---------  ---------- -----   ----\n        0  2026-11-30 20:22   media/\n        4  2026-11-30 20:22   media/a b.jpg\n     1234  11-30-2026 20:22   media/ü.png\n---------                     -------\n     1238                     3 files\n".to_owned(), false),
        ("drwxr-xr-x www/www         0 2026-11-30 20:22 ./media/\n-rw-r--r-- www/www         4 2026-11-30 20:22 ./media/a b.jpg\n-rw-r--r-- 33/33        1234 2026-11-30 20:22 media/\\303\\274.png\n".to_owned(), false),
        ("-rw-r--r--  0 www    www         4 Nov 30 20:22 media/a b.jpg\n-rw-r--r--  0 www    www      1234 Nov 30  2025 media/ü.png\n".to_owned(), false),
        ("4\tmedia/a b.jpg\n1234\tmedia/ü.png\n".to_owned(), false),
        (format!("\"shop\",\"media/a+b.jpg\",\"4\",\"2026-11-30T20:22:10.000Z\",\"{md5}\"\n\"shop\",\"media/%C3%BC.png\",\"1234\",\"2026-11-30T20:22:10.000Z\",\"{md5}-2\"\n"), true),
        (format!("\"shop\",\"media/a%20b.jpg\",\"71\",\"true\",\"false\",\"4\",\"{md5}\"\n\"shop\",\"media/a%20b.jpg\",\"70\",\"false\",\"false\",\"9\",\"{md5}\"\n\"shop\",\"gone\",\"72\",\"true\",\"true\",\"\",\"\"\n\"shop\",\"media/ü.png\",\"\",\"true\",\"false\",\"1234\",\"\"\n"), true),
        (format!("{{\"RequestCharged\":null,\"Contents\":[{{\"Key\":\"media/a b.jpg\",\"ETag\":\"\\\"{md5}\\\"\",\"Size\":4,\"StorageClass\":\"STANDARD\"}},{{\"Key\":\"media/\",\"ETag\":\"\\\"{md5}\\\"\",\"Size\":0}},{{\"Key\":\"media/ü.png\",\"ETag\":\"\\\"{md5}-3\\\"\",\"Size\":1234}}]}}"), true),
    ] {
        assert_eq!(told(&text), files(has_hash), "{text}");
    }
}

#[test]
fn links_in_an_archive_are_links() {
    let listed = read(b"lrwxrwxrwx a/a 0 2026-11-30 20:22 media/x -> ../y\nhrw-r--r-- a/a 0 2026-11-30 20:22 media/b link to media/a\n").unwrap();
    assert_eq!((listed.links[0].path.as_slice(), listed.links[0].target.as_slice()), (&b"media/x"[..], &b"../y"[..]));
    assert_eq!((listed.files[0].path.as_slice(), listed.files[0].size), (&b"media/b"[..], None));
}

#[test]
fn what_looks_like_a_list_and_says_something_else_is_refused() {
    for (text, why) in [
        ("3015617425 4 ./a.jpg\n812984723 7 ./b.jpg\n", "it is what `cksum` prints"),
        ("4\t./wysiwyg/a.jpg\n8\t./wysiwyg\n12\t.\n", "it is what `du -a` prints"),
        ("                           PRE catalog/\n2026-11-30 20:22:10          4 a.jpg\n", "made without --recursive"),
        ("2026-11-30 20:22:10    5.0 KiB media/a.jpg\n", "made with"),
        ("2026-11-30 20:22:10          4 a.jpg\n2026-11-30 20:22:10    5.0 KiB b.jpg\n", "made with"),
        ("Archive:  shop.zip\n        4  2026-11-30 20:22   media/a b.jpg\n", "was it cut off?"),
        ("\"shop\",\"media/a.jpg\"\n", "without sizes"),
        ("{\"Contents\":[],\"NextToken\":\"x\"}", "one page of several"),
        ("{\"Buckets\":[]}", "it has no Contents"),
    ] {
        let said = listing(text.as_bytes()).unwrap_err().to_string();
        assert!(
            said.contains(why) || why == "made with" && said.contains("without --human-readable"),
            "{text}: {said}"
        );
    }
}

#[test]
fn what_lies_beside_the_media_folder_is_left_out() {
    let paths = |text: &str| {
        let listing = listing(text.as_bytes()).unwrap();
        let mut paths = Vec::new();
        listing.each(|path, _| paths.push(String::from_utf8(path.to_vec()).unwrap())).unwrap();
        (paths, listing.remark)
    };
    let (found, remark) = paths("5 index.php\n9 app/Mage.php\n4 media/wysiwyg/x.jpg\n");
    assert_eq!(found, ["wysiwyg/x.jpg"]);
    assert_eq!(
        remark.unwrap(),
        "is of the whole shop: what lies below media/ was taken, and 2 files elsewhere left out"
    );
    assert_eq!(paths("5 wysiwyg\\x.jpg\n").0, ["wysiwyg/x.jpg"]);
    assert_eq!(paths("5 C:\\shop\\media\\a.jpg\n6 C:\\shop\\media\\b.jpg\n").0, ["a.jpg", "b.jpg"]);
    // A backslash in a name is one where there are folders.
    assert_eq!(paths("5 wysiwyg/a\\x.jpg\n").0, ["wysiwyg/a\\x.jpg"]);
    assert_eq!(paths("4101\t./wysiwyg/a.jpg\n8197\t./wysiwyg\n12293\t.\n").0, ["wysiwyg/a.jpg"]);
}

#[test]
fn entries_of_rclone_have_the_hashes_that_are_known() {
    let text =
        br#"[{"Path":"a","Size":3,"IsDir":false,"Hashes":{"md5":"900150983cd24fb0d6963f7d28e17f72","crc32":"1"}},
        {"Path":"d","Size":-1,"IsDir":true},{"Path":"d/b","Size":-1}]"#;
    let listed = read(text).unwrap();
    assert_eq!(listed.files.len(), 2);
    assert_eq!(listed.files[0].digests, [(Algorithm::Md5, Algorithm::Md5.of(b"abc"))]);
    assert_eq!(listed.files[1].size, None);
}

#[test]
fn what_is_no_list_or_was_cut_off_is_refused() {
    for text in [&b"12 a\nno size\n"[..], b"12 a\n13 b", b"[{\"Path\":\"a\",\"Size\":1},"] {
        assert!(read(text).is_err(), "{text:?}");
    }
}

/// The listing of a file that holds this.
fn listing(text: &[u8]) -> io::Result<Listing> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    looks_like_list(file.path())?;
    let scan = Scan {
        policy: crate::facts::media::POLICY,
        compare: crate::source::media::Compare::Content,
        include_generated: true,
        include: globset::GlobSet::empty(),
        exclude: globset::GlobSet::empty(),
        limits: Vec::new(),
        threads: 1,
        io_limit: None,
        cache: None,
    };
    Listing::of_list(file.path(), &scan)
}

#[test]
fn a_path_that_no_file_system_has_is_refused() {
    let path = "a/".repeat(40_000);
    let rclone = format!("[{{\"Path\":\"{path}x\",\"Size\":1}}]");
    for text in [rclone, format!("1 {path}x\n2 b\n")] {
        let error = listing(text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains("path of 80001 bytes") || error.contains("of no known form"), "{error}");
    }
    let longest = format!("1 {}\n", "a".repeat(LONGEST));
    assert_eq!(listing(longest.as_bytes()).unwrap().about.files, 1);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(2000))]
    #[test]
    fn no_list_ends_the_program(
        pieces in proptest::collection::vec(
            (0..30_usize, proptest::collection::vec(proptest::prelude::any::<u8>(), 0..3)), 0..40,
        ),
    ) {
        const PIECES: [&str; 30] = [
            "d41d8cd98f00b204e9800998ecf8427e", "  ", " *", "\\", "\n", "\r\n", "\t", "12 ", "a/b.jpg", "./", "../", "media/",
            "2026-11-30 ", "20:22:10 ", "Archive:  x", " 3 files", "-rw-r--r-- ", "lrwxrwxrwx ", "a/b ", " -> ", "\"", "\",\"", "{\"Contents\":[{\"Key\":\"", "\\303",
        "MD5 (", ") = ", "[{\"Path\":\"", "\",\"Size\":", "}]", "\0",
        ];
        let text: Vec<u8> =
            pieces.iter().flat_map(|(at, odd)| [PIECES[*at].as_bytes(), odd]).flatten().copied().collect();
        let _ = listing(&text);
    }
}
