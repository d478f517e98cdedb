use super::*;

const READ: Read = Read::table("t").columns(&["id", "name"]).optional(&["at"]);

#[test]
fn cells_are_taken_by_column_name() {
    let cells = [Some(&b"7"[..]), None, Some(&b"2014-02-30 00:00:00"[..])];
    let row = Row::new(&READ, &cells);
    assert_eq!(row.id("id"), Ok(7));
    assert_eq!(row.text("name"), None);
    assert_eq!(row.time("at"), None, "no calendar has the 30th of February");
    assert_eq!(row.id("name").unwrap_err().to_string(), "t.name: expected a whole number, got NULL");
}

#[test]
fn zero_dates_are_no_dates() {
    for (text, expected) in [
        ("0000-00-00 00:00:00", None),
        ("2026-11-21 22:34:31", Some("2026-11-21T22:34:31Z")),
        ("2026-11-21", Some("2026-11-21T00:00:00Z")),
    ] {
        let cells = [None, None, Some(text.as_bytes())];
        let time = Row::new(&READ, &cells).time("at").map(|it| it.to_string());
        assert_eq!(time.as_deref(), expected, "{text}");
    }
}

#[test]
fn conditions_are_about_bytes() {
    let is_in = Condition::In(&["all"]);
    assert!(is_in.is_met_by(Some(b"all")) && !is_in.is_met_by(Some(b"ALL")));
    assert!(Condition::Greater(9).is_met_by(Some(b"10")) && !Condition::Greater(9).is_met_by(Some(b"9")));
    assert!(!Condition::NotEmpty.is_met_by(Some(b"")) && Condition::NotNull.is_met_by(Some(b"")));
}

#[test]
fn secrets_are_known_by_one_list_of_names() {
    let secrets = ["password", "PASSWORD_HASH", "rp_token", "key", "api_key", "session_id", "sessid", "cc_number_enc"];
    assert!(secrets.into_iter().all(is_secret));
    let others = ["url_key", "keyword", "session", "account", "value", "store_id", "success"];
    assert_eq!(others.into_iter().filter(|it| is_secret(it)).collect::<Vec<_>>(), [""; 0]);
}

#[test]
#[should_panic(expected = "a read has one condition")]
fn a_list_of_paths_cannot_be_replaced_at_run_time() {
    let _ = READ.only_in("name", &["x"]).only("id", Condition::NotNull);
}
