use std::io::Write;
use std::path::PathBuf;

use proptest::prelude::*;

use super::*;

/// A file with `text` in it, which goes with the value.
fn file(text: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text).unwrap();
    file
}

fn open(text: &[u8]) -> Result<(Dump, tempfile::NamedTempFile), DumpError> {
    let file = file(text);
    Ok((Dump::open(file.path(), &Progress::hidden())?, file))
}

/// The rows of a read, their cells as texts between bars.
fn rows(text: &[u8], read: Read) -> Result<Vec<String>, ReadError> {
    let (mut dump, _file) = open(text).unwrap();
    let mut rows = Vec::new();
    let mut outcomes = dump.read(&[read], &mut |_, row| {
        let cells: Vec<String> = read
            .column_names()
            .map(|name| row.bytes(name).map_or("NULL".to_owned(), |it| it.escape_ascii().to_string()))
            .collect();
        rows.push(cells.join("|"));
    });
    outcomes.pop().unwrap().map(|()| rows)
}

const T: Read = Read::table("t").columns(&["id", "name"]);
const CREATE: &str = "CREATE TABLE `t` (`id` int, `name` varchar(9), `b` blob);\n";

fn inserted(statement: &str) -> Vec<String> {
    rows(format!("{CREATE}{statement}\n").as_bytes(), T).unwrap()
}

#[test]
fn every_way_to_write_an_insert_gives_its_rows() {
    for statement in [
        "INSERT INTO `t` VALUES (1,'a',NULL),(2,'b',0xFF);",
        "INSERT INTO `t` VALUES\n(1,'a',NULL),\n(2,'b','x');",
        "INSERT IGNORE INTO t (name, id) VALUES ('a', 1) , ('b' ,2) ;",
        "REPLACE INTO `t` VALUES (1,'a',_binary '\\')'),(2,'b','');\r\n",
        "insert into \"t\" values (1,\"a\",NULL);INSERT INTO `t` (`id`,`name`) VALUES (2,'b');",
        "/*!40000 ALTER TABLE `t` DISABLE KEYS */;\nINSERT INTO `t` VALUES (1,'a',x'00'),(2,'b',b'101') ON DUPLICATE KEY UPDATE id=1;",
        "INSERT INTO db.t VALUES (9,'other database',NULL);USE ``;INSERT INTO `t` VALUES (1,'a',f('(',1)),(2,'b',1);",
    ] {
        assert_eq!(inserted(statement), ["1|a", "2|b"], "{statement}");
    }
}

#[test]
fn escapes_are_those_of_mysql() {
    assert_eq!(
        inserted(r"INSERT INTO t VALUES (1,'a\0\'\Z\\''\n\%\_\x',NULL),(-2.5e3,'',NULL);"),
        [r"1|a\x00\'\x1a\\\'\n\\%\\_x", "-2.5e3|"]
    );
    assert_eq!(
        rows(format!("SET sql_mode='NO_BACKSLASH_ESCAPES';{CREATE}INSERT INTO t VALUES (1,'a\\',NULL);").as_bytes(), T)
            .unwrap(),
        [r"1|a\\"]
    );
}

#[test]
fn strings_are_in_the_character_set_of_the_connection_and_blobs_in_none() {
    const B: Read = Read::table("t").columns(&["name", "b"]);
    let text = [
        b"/*!40101 SET NAMES latin1 */;\n".as_slice(),
        CREATE.as_bytes(),
        b"INSERT INTO t VALUES (1,'caf\xE9 \x80','\xE9');",
    ]
    .concat();
    assert_eq!(rows(&text, B).unwrap(), [format!("{}|{}", "café €".as_bytes().escape_ascii(), r"\xe9")]);
    let text = b"SET NAMES binary;CREATE TABLE t (id int, name varchar(9), b varbinary(3)) DEFAULT CHARSET=cp1251;INSERT INTO t VALUES (1,'\xC0','\xC0');";
    assert_eq!(rows(text, B).unwrap(), [format!("{}|{}", "А".as_bytes().escape_ascii(), r"\xc0")]);
}

#[test]
fn triggers_views_and_messages_between_the_tables_are_passed() {
    let text = format!(
        "mysqldump: [Warning] Using a password on the command line can be insecure.\n\
         /*M!999999\\- enable the sandbox mode */ \n-- it's a comment; \"really\n{CREATE}\
         INSERT INTO t VALUES (1,'a',NULL);\nDELIMITER ;;\n\
         /*!50003 CREATE*/ /*!50017 DEFINER=`r`@`%`*/ /*!50003 TRIGGER x BEFORE INSERT ON t FOR EACH ROW BEGIN \
         INSERT INTO t VALUES (7,'no',NULL); -- it's\n SET @a='END ;;'; END */;;\nDELIMITER ;\n\
         /*!50001 CREATE VIEW `v` AS SELECT 1 AS `a`*/;\nINSERT INTO t VALUES (2,'b',NULL);\n"
    );
    assert_eq!(rows(text.as_bytes(), T).unwrap(), ["1|a", "2|b"]);
    let (dump, _file) = open(text.as_bytes()).unwrap();
    let trigger = &dump.schema().triggers()[0];
    assert_eq!((trigger.name.as_str(), trigger.table.as_str()), ("x", "t"));
    assert!(trigger.statement.starts_with("BEGIN INSERT INTO t VALUES (7,'no',NULL)"), "{}", trigger.statement);
    assert!(trigger.statement.ends_with("END"), "{}", trigger.statement);
}

#[test]
fn a_dump_tells_whether_its_times_are_in_utc() {
    let is_local = |head: &str| {
        let text = format!("{head}{CREATE}INSERT INTO t VALUES (1,'a',NULL);\n-- Dump completed on 2026-11-20\n");
        open(text.as_bytes()).unwrap().0.clock().is_local
    };
    let mysqldump = "-- MySQL dump 10.13  Distrib 8.0.36\n";
    assert!(is_local(mysqldump));
    assert!(!is_local(&format!("{mysqldump}/*!40103 SET TIME_ZONE='+00:00' */;\n")));
    assert!(is_local(""), "what is not set is the server's own");
}

#[test]
fn several_databases_are_kept_apart() {
    let text = "CREATE DATABASE a; USE `a`; CREATE TABLE t (id int, name text); INSERT INTO t VALUES (1,'a');\
                USE `b`; CREATE TABLE t (id int, name text); INSERT INTO t VALUES (2,'b');";
    let (mut dump, _file) = open(text.as_bytes()).unwrap();
    assert_eq!(dump.databases().map(|(name, _)| name.to_owned()).collect::<Vec<_>>(), ["a", "b"]);
    dump.select("b");
    let mut ids = Vec::new();
    dump.read(&[T], &mut |_, row| ids.push(row.id("id").unwrap()));
    assert_eq!(ids, [2]);
}

#[test]
fn tables_that_are_filled_by_turns_give_each_its_own_rows() {
    let text = "CREATE TABLE a (id int); CREATE TABLE t (id int, name text); INSERT INTO t VALUES (1,'a'); INSERT INTO a VALUES (7);\
                INSERT INTO t VALUES (2,'b'); USE other; INSERT INTO t (id, name) VALUES (9,'evil'); INSERT INTO a (id) VALUES (9);\
                USE ``; INSERT INTO other.t VALUES (8,'evil'); INSERT INTO t VALUES (3,'c'); INSERT INTO a VALUES (8);";
    for program in ["cat", "gzip"] {
        let packed = pack(text.as_bytes(), program);
        let (mut dump, _file) = open(&packed).unwrap();
        let mut ids = [Vec::new(), Vec::new()];
        let outcomes = dump
            .read(&[T, Read::table("a").columns(&["id"])], &mut |which, row| ids[which].push(row.id("id").unwrap()));
        assert_eq!(outcomes, [Ok(()), Ok(())]);
        assert_eq!(ids, [vec![1, 2, 3], vec![7, 8]], "{program}");
    }
}

#[test]
fn a_table_that_is_made_anew_has_only_its_new_rows() {
    let again = "DROP TABLE t; CREATE OR REPLACE TABLE t (name text, id int); INSERT INTO t VALUES ('b',2);";
    assert_eq!(inserted(&format!("INSERT INTO t VALUES (1,'a',NULL);{again}")), ["2|b"]);
    assert_eq!(inserted("INSERT INTO t VALUES (1,'a',NULL); CREATE TABLE IF NOT EXISTS t (x int);"), ["1|a"]);
}

#[test]
fn what_was_dropped_or_emptied_is_gone() {
    for again in [
        "DROP TABLE IF EXISTS `t`; CREATE TABLE IF NOT EXISTS t (name text, id int); INSERT INTO t VALUES ('b',2);",
        "TRUNCATE TABLE t; INSERT INTO t VALUES (2,'b',NULL);",
    ] {
        assert_eq!(inserted(&format!("INSERT INTO t VALUES (1,'a',NULL);{again}")), ["2|b"], "{again}");
    }
    assert_eq!(
        inserted("INSERT INTO t VALUES (1,'a',NULL);\nWarning: x\nINSERT INTO t VALUES (2,'b',NULL);"),
        ["1|a", "2|b"]
    );
}

#[test]
fn a_table_that_had_rows_and_was_dumped_without_them_is_not_an_empty_one() {
    let table = "CREATE TABLE t (id int AUTO_INCREMENT, name text) ENGINE=InnoDB";
    let error = rows(format!("{table} AUTO_INCREMENT=5;").as_bytes(), T).unwrap_err();
    assert!(error.to_string().contains("says that there were some (AUTO_INCREMENT=5)"), "{error}");
    let none: Vec<String> = Vec::new();
    assert_eq!(rows(format!("{table} AUTO_INCREMENT=1;").as_bytes(), T).unwrap(), none);
    assert_eq!(rows(format!("{table};").as_bytes(), T).unwrap(), none);
    // As in a dump of a database that was loaded from a stripped one.
    let section = "LOCK TABLES `t` WRITE; UNLOCK TABLES;";
    assert!(rows(format!("{table} AUTO_INCREMENT=5;{section}").as_bytes(), T).is_err());
    // phpMyAdmin says it at the end.
    let change = "ALTER TABLE `t` ADD PRIMARY KEY (`id`); ALTER TABLE `t` MODIFY `id` int AUTO_INCREMENT";
    assert!(rows(format!("{table}; {change}, AUTO_INCREMENT=5;").as_bytes(), T).is_err());
    assert_eq!(rows(format!("{table}; {change};").as_bytes(), T).unwrap(), none);
}

#[test]
fn the_character_set_of_the_session_is_heeded_however_it_is_named_and_guessed_where_it_is_not() {
    let insert = b"INSERT INTO t VALUES (1,'M\xFCller',NULL);";
    let name = |settings: &str| {
        let text = [b"CREATE TABLE t (id int, name text, raw blob);\n", settings.as_bytes(), insert].concat();
        let (mut dump, _file) = open(&text).unwrap();
        let mut name = String::new();
        dump.read(&[T], &mut |_, row| name = row.text("name").unwrap())[0].clone().unwrap();
        (name, dump.note().is_some())
    };
    let latin1 = ("Müller".to_owned(), false);
    for settings in [
        "SET NAMES latin1;",
        "SET CHARACTER SET latin1;",
        "SET CHARSET 'latin1';",
        "/*!40101 SET character_set_client = latin1 */;",
        "SET @@session.character_set_client := 'latin1';",
        "SET @a = 1, NAMES latin1;",
        "SET NAMES latin1;SET @saved_cs_client = @@character_set_client;SET character_set_client = utf8mb4;\
         SET character_set_client = @saved_cs_client;",
    ] {
        assert_eq!(name(settings), latin1, "{settings}");
    }
    assert_eq!(name("SET NAMES utf8mb4;"), ("M\u{FFFD}ller".to_owned(), false));
    assert_eq!(name(""), ("Müller".to_owned(), true), "what nothing tells is guessed, and said to be");
}

#[test]
fn rows_that_name_a_database_belong_to_the_table_that_was_made_without() {
    let text =
        format!("{CREATE}INSERT INTO shop.t (id, name) VALUES (1,'a');INSERT INTO `shop`.`t` VALUES (2,'b',NULL);");
    assert_eq!(rows(text.as_bytes(), T).unwrap().len(), 2);
}

#[test]
fn what_programs_and_shells_say_into_the_file_is_no_part_of_it() {
    let text = "It's not recommended to run n98-magerun as root user\n*** Welcome to db1 (it's new) ***\n\n\
                -- MySQL dump 10.13\nCREATE TABLE t (id int, name text, raw blob);\nYou've got mail in /var/mail/root\n\
                INSERT INTO t VALUES (1,'a',NULL);\nmysqldump: Couldn't execute 'SHOW FIELDS'\nINSERT INTO t VALUES (2,'b',NULL);\n\
                -- Dump completed on 2026-11-22\nConnection to 10.0.0.1 closed.\n";
    let (dump, _file) = open(text.as_bytes()).unwrap();
    assert_eq!(dump.trouble(), None);
    assert_eq!(rows(text.as_bytes(), T).unwrap().len(), 2);
    // A word that is cut is no message.
    let (dump, _file) = open(b"CREATE TABLE t (id int);\nINSE").unwrap();
    assert!(dump.trouble().is_some());
}

#[test]
fn a_tidy_end_in_the_middle_is_known_by_the_mark_that_the_writer_has_not_made() {
    let table = "CREATE TABLE t (id int, name text);\nINSERT INTO t VALUES (1,'a');\n";
    let saved = "/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;\n";
    let restored = "/*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;\n";
    for (head, end, word) in [
        (format!("-- phpMyAdmin SQL Dump\n-- version 4.9.5\n{saved}"), restored, "phpMyAdmin"),
        (format!("-- phpMyAdmin SQL Dump\n-- version 5.2.1-1.el8\n{saved}"), restored, "phpMyAdmin"),
        (format!("-- Magento DB backup\n{saved}"), restored, "a backup by Magento"),
        ("-- Adminer 4.8.1 MySQL 5.7.44 dump\nSET NAMES utf8;\n".to_owned(), "-- 2026-11-22 10:00:00\n", "Adminer"),
        ("-- MySQL dump 10.13\n".to_owned(), "-- Dump completed on 2026-11-22\n", "mysqldump"),
    ] {
        let (dump, _file) = open(format!("{head}{table}{end}").as_bytes()).unwrap();
        assert_eq!(dump.trouble(), None, "{head}");
        let (dump, _file) = open(format!("{head}{table}").as_bytes()).unwrap();
        assert!(dump.trouble().is_some_and(|it| it.contains("cut off") && it.contains(word)), "{head}");
    }
    // Nothing is known of how these end.
    let adminer = "-- Adminer 2.3.2 dump\n".to_owned();
    for head in [format!("-- phpMyAdmin SQL Dump\n-- version 3.4.10\n{saved}"), saved.to_owned(), adminer] {
        let (dump, _file) = open(format!("{head}{table}").as_bytes()).unwrap();
        assert_eq!(dump.trouble(), None, "{head}");
    }
}

#[test]
fn a_table_whose_second_copy_is_cut_is_not_complete() {
    let section = "LOCK TABLES `t` WRITE;INSERT INTO `t` VALUES (1,'a',NULL);INSERT INTO `t` VALUES (2,'b',NULL);UNLOCK TABLES;\n";
    let head = "-- MySQL dump 10.13\n";
    for (first, second) in [
        (format!("{head}{CREATE}{section}"), format!("{CREATE}{section}")),
        (format!("{head}{CREATE}{section}"), section.to_owned()),
    ] {
        let text = format!("{first}{second}");
        for end in first.len() + CREATE.len()..text.len() - "UNLOCK TABLES;\n".len() {
            let outcome = rows(&text.as_bytes()[..end], T);
            assert!(matches!(outcome, Err(ReadError::CutOff { .. })), "cut at {end}: {outcome:?}");
        }
    }
}

#[test]
fn rows_behind_a_cut_are_not_absent_where_all_tables_are_declared_first() {
    let text = "-- MySQL dump 10.13\nCREATE TABLE a (id int); CREATE TABLE t (id int, name text);\nINSERT INTO a VALUES (1);\n";
    let error = rows(text.as_bytes(), T).unwrap_err();
    assert!(matches!(error, ReadError::CutOff { .. }), "{error}");
}

#[test]
fn a_column_that_rows_are_chosen_by_must_be_there() {
    const CHOSEN: Read = Read::table("t").only_in("colour", &["red"]).columns(&["id"]);
    assert_eq!(rows(CREATE.as_bytes(), CHOSEN).unwrap_err().to_string(), "the table t has no column colour");
}

#[test]
fn a_missing_column_or_table_is_named() {
    const C: Read = Read::table("t").columns(&["id", "colour"]).optional(&["none"]);
    let error = rows(CREATE.as_bytes(), C).unwrap_err();
    assert_eq!(error.to_string(), "the table t has no column colour");
    let error = rows(CREATE.as_bytes(), Read::table("u").columns(&["id"])).unwrap_err();
    assert_eq!(error.to_string(), "there is no table u");
    assert_eq!(
        rows(b"INSERT INTO t VALUES (1,2);", T).unwrap_err().to_string(),
        "the table t cannot be read: the dump has no CREATE TABLE for it and no column names in its INSERT: \
         give the file of the structure as well"
    );
}

#[test]
fn rows_are_counted_and_the_greatest_value_is_found() {
    let text =
        format!("{CREATE}INSERT INTO t VALUES (9,'a',NULL),(10,'(\\')',NULL);INSERT INTO t VALUES (NULL,'c',NULL);");
    let (mut dump, _file) = open(text.as_bytes()).unwrap();
    let tally = |greatest: Option<&str>| Tally {
        table: "t".to_owned(),
        greatest: greatest.map(str::to_owned),
        ..Tally::default()
    };
    let answers = dump.tally(&[tally(None), tally(Some("id")), tally(Some("x"))]);
    assert_eq!(answers[0], Ok(Tallied { rows: 3, ..Tallied::default() }));
    assert_eq!(answers[1], Ok(Tallied { rows: 3, greatest: Some(b"10".to_vec()), ..Tallied::default() }));
    assert!(answers[2].is_err());
}

#[test]
fn what_is_no_dump_is_said_to_be_none() {
    for (text, said) in [
        (&b""[..], "it is empty"),
        (b"Dear customer, this isn't SQL; it's prose.", "no CREATE TABLE and no INSERT is in it"),
        (b"\xFF\xFEC\0R\0", "it is UTF-16 text, as PowerShell's `>` writes it: dump again with --result-file"),
        (b"-- MySQL dump 10.13\n", "it is cut off before its first table"),
    ] {
        let error = open(text).map(|_| ()).unwrap_err().to_string();
        assert!(error.ends_with(&format!("is not an SQL dump: {said}")), "{error}");
    }
}

const WHOLE: &str = "-- MySQL dump 10.13\n/*!40101 SET NAMES utf8 */;\nCREATE TABLE `a` (`id` int);\nLOCK TABLES `a` WRITE;\n\
    INSERT INTO `a` VALUES (1),(2);\nUNLOCK TABLES;\nCREATE TABLE `t` (`id` int, `name` text);\nLOCK TABLES `t` WRITE;\n\
    INSERT INTO `t` VALUES (1,'x;y'),(2,'--');\nUNLOCK TABLES;\n-- Dump completed on 2026-01-01\n";

#[test]
fn a_dump_cut_anywhere_is_known_to_be_cut_and_shows_no_incomplete_table() {
    const A: Read = Read::table("a").columns(&["id"]);
    assert!(open(WHOLE.as_bytes()).unwrap().0.trouble().is_none());
    for end in WHOLE.find("`a`").unwrap() + 20..WHOLE.len() - " on 2026-01-01\n".len() {
        let Ok((mut dump, _file)) = open(&WHOLE.as_bytes()[..end]) else { continue };
        assert!(dump.trouble().is_some(), "cut at {end} is not noticed");
        let mut counts = [0; 2];
        let outcomes = dump.read(&[A, T], &mut |which, _| counts[which] += 1);
        for (count, outcome) in counts.iter().zip(&outcomes) {
            match outcome {
                Ok(()) => assert_eq!(*count, 2, "cut at {end}"),
                Err(error) => assert!(matches!(error, ReadError::CutOff { .. }), "cut at {end}: {error}"),
            }
        }
    }
}

/// An archive of these files, as `tar` or `zip` makes it.
fn archive(program: &str, files: &[(&str, &[u8])]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    let mut command = std::process::Command::new(program);
    command.current_dir(folder.path());
    match program {
        "tar" => command.args(["-cf", "out.archive", "--exclude=out.archive", "."]),
        _ => command.args(["-q", "-r", "out.archive", "."]),
    };
    assert!(command.status().unwrap_or_else(|error| panic!("{program} is needed by this test: {error}")).success());
    let name = if program == "zip" { "out.archive.zip" } else { "out.archive" };
    std::fs::read(folder.path().join(name)).or_else(|_| std::fs::read(folder.path().join("out.archive"))).unwrap()
}

#[test]
fn archives_and_what_is_packed_twice_are_read_as_they_lie() {
    let insert = |id: u32| format!("INSERT INTO t VALUES ({id},'{};--',NULL);\n", blake3::hash(&id.to_le_bytes()));
    let text = format!("{CREATE}{}", (0..3_000).map(insert).collect::<String>());
    let sql = text.as_bytes();
    let count = |bytes: &[u8]| rows(bytes, T).map(|it| it.len());
    let of_cpanel: &[(&str, &[u8])] =
        &[("b/mysql/shop.sql", sql), ("b/homedir/wp/old.sql", b"SELECT 1;"), ("b/logs", b"x")];
    for (name, bytes) in [
        ("zip", archive("zip", &[("shop.sql", sql), ("readme.txt", b"x")])),
        ("tar", archive("tar", &[("shop.sql", sql), (".hidden.sql", b"x")])),
        ("cPanel", archive("tar", of_cpanel)),
        ("tar.gz", pack(&archive("tar", of_cpanel), "gzip")),
        ("sql.gz in tar.xz", pack(&archive("tar", &[("shop.sql.gz", &pack(sql, "gzip"))]), "xz")),
        ("packed twice", pack(&pack(sql, "gzip"), "gzip")),
        ("zeros behind", [pack(sql, "gzip"), vec![0; 10_000]].concat()),
        ("text behind", [pack(sql, "gzip"), b"Connection closed.\n".to_vec()].concat()),
    ] {
        assert_eq!(count(&bytes), Ok(3_000), "{name}");
    }
    for (bytes, said) in [
        (archive("zip", &[("a.sql", sql), ("b.sql", sql)]), "it is a zip archive with 2 .sql files ("),
        (archive("tar", &[("readme", b"x")]), "it is a tar archive without an .sql file"),
        (b"PK\x03\x04....".to_vec(), "it is a zip archive that cannot be read: "),
    ] {
        let error = open(&bytes).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains(&format!("is not an SQL dump: {said}")), "{error}");
    }
}

/// A text as a program packs it.
fn pack(text: &[u8], program: &str) -> Vec<u8> {
    let input = file(text);
    let mut command = std::process::Command::new(program);
    if program != "cat" {
        command.arg("-c");
    }
    let output = command.arg(input.path()).output();
    output.unwrap_or_else(|error| panic!("{program} is needed by this test: {error}")).stdout
}

#[test]
fn packed_dumps_are_read_by_what_they_are_and_not_by_their_names() {
    // More than one block of any of the programs, and hard to pack.
    let insert = |id: u32| format!("INSERT INTO t VALUES ({id},'{};--',NULL);\n", blake3::hash(&id.to_le_bytes()));
    let text = format!("{CREATE}{}", (0..20_000).map(insert).collect::<String>());
    let pack = |program: &str| pack(text.as_bytes(), program);
    for program in ["gzip", "bzip2", "xz", "zstd"] {
        let packed = pack(program);
        assert_eq!(rows(&packed, T).unwrap().len(), 20_000, "{program}");
        let (dump, _file) = open(&packed[..packed.len() * 3 / 4]).unwrap();
        assert!(dump.trouble().is_some(), "{program}: a cut packed file");
    }
    let (head, tail) = text.split_at(text.len() / 2);
    let members = [self::pack(head.as_bytes(), "gzip"), self::pack(tail.as_bytes(), "gzip")].concat();
    assert_eq!(rows(&members, T).unwrap().len(), 20_000, "members of a gzip file one after the other");
}

const TY: Read = Read::table("ty").columns(&["id", "d", "y", "l1", "u8m", "vb", "bl", "de", "bu", "bt"]);

#[test]
fn samples_of_other_servers_are_read() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/dumps");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read(&path).unwrap();
        let rows = rows(&text, TY).unwrap();
        assert_eq!(
            rows[0],
            format!(
                r"1|0000-00-00|0000|{}|{}|\xff\x00\xfe|{}|12.3400|18446744073709551615|\x05",
                "café €".as_bytes().escape_ascii(),
                "😀".as_bytes().escape_ascii(),
                r"\x80\xff"
            ),
            "{}",
            path.display()
        );
        seen += 1;
    }
    assert!(seen >= 4);
}

/// What mysqldump makes of a value.
fn quoted(bytes: &[u8]) -> Vec<u8> {
    let mut text = b"'".to_vec();
    for &byte in bytes {
        match byte {
            0 => text.extend(b"\\0"),
            b'\n' => text.extend(b"\\n"),
            b'\'' | b'\\' | b'"' => text.extend([b'\\', byte]),
            _ => text.push(byte),
        }
    }
    text.push(b'\'');
    text
}

#[test]
fn strings_that_nobody_wants_are_passed_wherever_the_window_ends() {
    // Runs of backslashes and quotes that reach over every place where the window is filled anew.
    let awkward = r"\\\'''\\\\''".repeat(80_000);
    for shift in 0..7 {
        let text = format!("{CREATE}INSERT INTO t VALUES (1,'a','{}{awkward}'),(2,'b','\\\\');", "x".repeat(shift));
        assert_eq!(rows(text.as_bytes(), T).unwrap(), ["1|a", "2|b"], "{shift}");
    }
}

proptest! {
    #[test]
    fn whatever_a_cell_holds_comes_back(cells: Vec<(u32, Option<Vec<u8>>)>) {
        let mut text = b"CREATE TABLE t (id int, name blob);\n".to_vec();
        for (id, name) in &cells {
            text.extend(format!("INSERT INTO t VALUES ({id},").bytes());
            text.extend(name.as_deref().map_or(b"NULL".to_vec(), quoted));
            text.extend(b");\n");
        }
        let expected: Vec<String> = cells
            .iter()
            .map(|(id, name)| format!("{id}|{}", name.as_deref().map_or("NULL".to_owned(), |it| it.escape_ascii().to_string())))
            .collect();
        prop_assert_eq!(rows(&text, T).unwrap(), expected);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>) {
        let text = [b"CREATE TABLE t (id int, name text);INSERT INTO t VALUES (".as_slice(), &bytes].concat();
        if let Ok((mut dump, _file)) = open(&text) {
            dump.read(&[T], &mut |_, _| {});
        }
    }
}

#[test]
fn a_column_that_holds_a_default_holds_nothing() {
    let text = "CREATE TABLE t (id int, a text, b decimal(9,4), c int, d text, e int);\
                INSERT INTO t VALUES (1,NULL,0.0000,1,'',-5),(2,'',0.0000,1,'x',0),(3,' ',0.0000,1,NULL,0);";
    let (mut dump, _file) = open(text.as_bytes()).unwrap();
    let filled = ["a", "b", "c", "d", "e"].map(str::to_owned).to_vec();
    let tallies = [Tally { table: "t".to_owned(), greatest: Some("id".to_owned()), filled }];
    let answer = dump.tally(&tallies).remove(0).unwrap();
    assert_eq!((answer.rows, answer.greatest.as_deref()), (3, Some(&b"3"[..])));
    assert_eq!(answer.filled, ["d", "e"]);
}

/// The triggers of a dump with this statement in it, as `name on table`.
fn triggers(statement: &str) -> Vec<String> {
    let text = format!("{CREATE}DELIMITER ;;\n{statement} ;;\nDELIMITER ;\nINSERT INTO t VALUES (1,'a',NULL);\n");
    assert_eq!(rows(text.as_bytes(), T).unwrap(), ["1|a"], "{statement}");
    let (dump, _file) = open(text.as_bytes()).unwrap();
    dump.schema().triggers().iter().map(|it| format!("{} on {}", it.name, it.table)).collect()
}

#[test]
fn a_trigger_is_known_by_the_order_of_its_words() {
    for statement in [
        "CREATE TRIGGER x AFTER INSERT ON t FOR EACH ROW BEGIN END",
        "/*!50003 CREATE*/ /*!50017 DEFINER=`on`@`localhost`*/ /*!50003 TRIGGER `x` AFTER INSERT ON `t` FOR EACH ROW BEGIN END */",
        "CREATE DEFINER = 'trigger'@'%' TRIGGER IF NOT EXISTS x BEFORE UPDATE ON t FOR EACH ROW SET @a = 1",
        "CREATE OR REPLACE DEFINER=root@localhost TRIGGER db.x BEFORE DELETE ON db.t FOR EACH ROW FOLLOWS y BEGIN END",
        "CREATE DEFINER=root@'%' TRIGGER x AFTER INSERT ON t FOR EACH ROW BEGIN END",
        "CREATE DEFINER=root@10.0.0.5 TRIGGER x AFTER INSERT ON t FOR EACH ROW BEGIN END",
        "CREATE DEFINER=`shop-db`@db-1.example.com TRIGGER x AFTER INSERT ON t FOR EACH ROW BEGIN END",
        "CREATE DEFINER=shop_user TRIGGER x AFTER INSERT ON t FOR EACH ROW BEGIN END",
        "create definer=current_user() trigger `x` after insert on `t` for each row begin end",
    ] {
        assert_eq!(triggers(statement), ["x on t"], "{statement}");
    }
    assert_eq!(triggers("CREATE TRIGGER `if` AFTER INSERT ON `on` FOR EACH ROW BEGIN END"), ["if on on"]);
}

#[test]
fn routines_and_events_are_no_triggers_whatever_they_speak_of() {
    for statement in [
        "CREATE DEFINER=`root`@`localhost` PROCEDURE `p`()\nBEGIN UPDATE a JOIN b ON a.x = b.x SET a.trigger = 1; END",
        "/*!50106 CREATE*/ /*!50117 DEFINER=`r`@`l`*/ /*!50106 EVENT `purge` ON SCHEDULE EVERY 1 DAY ON COMPLETION \
         NOT PRESERVE ENABLE DO CALL trigger (1) */",
        "CREATE FUNCTION trigger() RETURNS int RETURN 1",
        "CREATE TRIGGER",
        "CREATE TRIGGER x AFTER ON",
        "CREATE DEFINER=",
    ] {
        assert_eq!(triggers(statement), Vec::<String>::new(), "{statement}");
    }
}

#[test]
fn of_comments_and_long_statements_no_more_is_kept_than_is_told() {
    let (comments, setting) = ("-- a comment\n".repeat(10_000), "x".repeat(1 << 20));
    let head = format!("-- MySQL dump 10.13  Distrib 8.0.36\n{comments}{CREATE}SET @a = '{setting}';\n");
    let (dump, _file) = open(format!("{head}-- Dump completed on 2026-01-01\n--\n").as_bytes()).unwrap();
    assert_eq!((dump.description().as_str(), dump.trouble()), ("dump, MySQL dump 10.13 Distrib 8.0.36", None));
    let long = format!("CREATE TABLE t (id int, name varchar(9) COMMENT '{}');", "x".repeat(17 << 20));
    let error = rows(format!("{long}INSERT INTO t VALUES (1,'a');").as_bytes(), T).unwrap_err();
    assert!(error.to_string().contains("its CREATE TABLE has more than"), "{error}");
}

/// A folder with these files, and all rows of `t` that its dump has.
fn rows_of_files(files: &[(&str, &str)]) -> Result<Vec<String>, String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let mut dump = Dump::open(folder.path(), &Progress::hidden()).map_err(|it| it.to_string())?;
    let mut rows = Vec::new();
    let mut outcomes = dump.read(&[T], &mut |_, row| rows.push(row.text("name").unwrap()));
    outcomes.pop().unwrap().map_err(|it| format!("{it}; {:?}", dump.trouble()))?;
    Ok(rows)
}

#[test]
fn several_files_are_one_dump() {
    let one = "INSERT INTO t VALUES (1,'a',NULL);";
    let two = "INSERT INTO t VALUES (2,'b',NULL);";
    let named = |text: &str| format!("-- Host: localhost    Database: shop\n{text}");
    for files in [
        // A file a table, or a file a piece.
        &[("t.sql", &*format!("{CREATE}{one}{two}")), ("u.sql", "CREATE TABLE u (id int);"), ("notes.txt", "no SQL")][..],
        &[("shop.t-schema.sql", CREATE), ("shop.t.00000.sql", one), ("shop.t.00001.sql", two)],
        &[
            ("shop-schema-create.sql", "CREATE DATABASE shop;"),
            ("shop.t-schema.sql", CREATE),
            ("shop.t.sql", &format!("{one}{two}")),
        ],
        // The structure may come behind the rows, and one of them may name the database.
        &[("data.sql", &format!("{one}{two}")), ("structure.sql", CREATE)],
        &[("1.sql", &named(CREATE)), ("2.sql", &format!("{one}{two}"))],
        &[("1.sql", CREATE), ("2.sql", &named(&format!("{one}{two}")))],
        // A stripped dump, and the table that it lacks.
        &[("all.sql", CREATE), ("t.sql", &format!("{CREATE}{one}{two}"))],
        // Each file begins with its own settings.
        &[("1.sql", &format!("SET NAMES latin1; SET SQL_MODE='NO_BACKSLASH_ESCAPES'; {CREATE}{one}")), ("2.sql", two)],
    ] {
        assert_eq!(rows_of_files(files), Ok(vec!["a".to_owned(), "b".to_owned()]), "{files:?}");
    }
    let of = |files: &[(&str, &str)]| rows_of_files(files).unwrap_err();
    let whole = format!("{CREATE}{one}");
    let said = of(&[("monday.sql", &whole), ("tuesday.sql", &whole)]);
    assert!(
        said.contains("monday.sql and ") && said.contains("tuesday.sql both hold the rows of the table t"),
        "{said}"
    );
    let said = of(&[("a.sql", CREATE), ("b.sql", "-- MySQL dump 10.13\nINSERT INTO u VALUES (1);\n")]);
    assert!(said.contains("the table t is not complete") && said.contains("b.sql is cut off at byte"), "{said}");
    assert!(of(&[("shop.txt", "")]).contains("it is a folder without .sql files"));
    assert!(of(&[("a.sql", CREATE), ("b.sql", "")]).contains("b.sql is not an SQL dump: it is empty"));
}

/// A pipe in a folder.
fn pipe() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    (folder, pipe)
}

#[test]
fn a_pipe_is_read_to_its_end_and_then_as_often_as_a_file() {
    let (_folder, pipe) = pipe();
    let path = pipe.clone();
    let writer =
        std::thread::spawn(move || std::fs::write(path, format!("{CREATE}INSERT INTO t VALUES (1,'a',NULL);")));
    let mut dump = Dump::open(&pipe, &Progress::hidden()).unwrap();
    writer.join().unwrap().unwrap();
    let mut rows = 0;
    for _ in 0..2 {
        dump.read(&[T], &mut |_, _| rows += 1)[0].clone().unwrap();
    }
    assert_eq!((rows, dump.spooled().is_some()), (2, true));
}

#[test]
fn a_pipe_into_which_nobody_writes_is_refused() {
    let (_folder, pipe) = pipe();
    let error = Dump::open(&pipe, &Progress::hidden()).unwrap_err();
    let said = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(said, "it is a pipe, and nobody writes into it");
}

#[test]
fn what_is_no_dump_is_named() {
    let page = [&[1_u8, 2, 3, 4, 0, 0, 0, 0][..], &[0; 16], &[0, 8], &[0; 100]].concat();
    for (head, what) in [
        (&b""[..], "it is empty"),
        (b"\n<?xml version=\"1.0\"?><mysqldump>", "it is XML"),
        (b"<!DOCTYPE html><html>", "it is a web page"),
        (b"<HTML><body>Login", "it is a web page"),
        (b"7z\xBC\xAF\x27\x1C\0\x04", "it is a 7z archive"),
        (b"Salted__12345678", "it is encrypted"),
        (b"-----BEGIN PGP MESSAGE-----\n", "it is encrypted"),
        (&page, "it is a file of InnoDB"),
        (b"--\n-- PostgreSQL database dump\n--\n", "it is a dump of PostgreSQL"),
        (b"\xFF\xFEC\0R\0", "it is UTF-16"),
    ] {
        let said = open(head).unwrap_err().to_string();
        assert!(said.contains(what), "{what}: {said}");
    }
}

/// Everything that dumps are made of, whole and in pieces, in any order.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    const PIECES: [&str; 44] = [
        "CREATE",
        "TABLE",
        "TRIGGER",
        "EVENT",
        "PROCEDURE",
        "DEFINER=",
        "`a`@`b`",
        "IF",
        "NOT",
        "EXISTS",
        "BEFORE",
        "INSERT",
        "INTO",
        "ON",
        "FOR EACH ROW",
        "BEGIN",
        "END",
        "DELIMITER ;;\n",
        "DELIMITER ;\n",
        ";;",
        ";",
        "t",
        "`t`",
        "\"t\"",
        "`",
        "'",
        "\\",
        "(",
        ")",
        ",",
        "VALUES",
        "(1,'a',NULL)",
        "/*!50003",
        "*/",
        "/*",
        "-- x\n",
        "--",
        "#",
        "DROP TABLE",
        "SET NAMES latin1",
        "LOCK TABLES t WRITE",
        "UNLOCK TABLES",
        "-- MySQL dump 10\n",
        "USE a",
    ];
    let piece = prop_oneof![
        8 => proptest::sample::select(&PIECES[..]).prop_map(|it| it.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..4),
    ];
    proptest::collection::vec((piece, proptest::bool::ANY), 0..60).prop_map(|pieces| {
        let spaced =
            pieces.into_iter().flat_map(|(piece, is_spaced)| piece.into_iter().chain(is_spaced.then_some(b' ')));
        spaced.collect()
    })
}

/// A dump in which bytes were lost, doubled and changed.
fn mutilated() -> impl Strategy<Value = Vec<u8>> {
    const WHOLE: &[u8] = include_bytes!("../../../fixtures/dumps/ty-mysqldump-9.7.sql");
    let change = (0..WHOLE.len(), 0..80_usize, proptest::collection::vec(any::<u8>(), 0..6));
    (0..=WHOLE.len(), proptest::collection::vec(change, 0..6)).prop_map(|(end, changes)| {
        let mut text = WHOLE[..end].to_vec();
        for (at, length, bytes) in changes {
            let at = at.min(text.len());
            let end = (at + length).min(text.len());
            text.splice(at..end, bytes);
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn no_order_of_words_and_no_damage_ends_the_program(text in prop_oneof![pieces(), mutilated()]) {
        let index = join::join(vec![Index::read(Lexer::new(text.as_slice(), 0), "").unwrap()]).unwrap();
        for table in index.databases.values().flat_map(BTreeMap::values) {
            for extent in &table.extents {
                prop_assert!(extent.start <= extent.end && extent.end <= text.len() as u64);
                let name = index.databases.values().flatten().find(|(_, it)| std::ptr::eq(*it, table)).unwrap().0;
                let columns = table.columns.iter().map(|it| it.name.clone()).collect();
                let wanted = [Wanted::of_columns(name.clone(), columns)];
                let start = usize::try_from(extent.start).unwrap();
                let mut lexer = Lexer::new(&text[start..], extent.start);
                // A cut is told as one; nothing else may go wrong.
                let _ = rows::read_extent(&mut lexer, extent, table, &[0], &wanted, &mut |_, _| {});
            }
        }
    }
}
