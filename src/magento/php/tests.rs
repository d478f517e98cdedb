use super::*;

fn parsed(literal: &str) -> Value {
    returned(&format!("<?php\nreturn {literal};\n")).unwrap()
}

#[test]
fn both_array_syntaxes_and_every_scalar_are_read() {
    let value = parsed(
        "array('a' => ['x', 'y' => array(1, -2.5, 0x1F, 1_000, 017),], \"b\\n\\x41\\u{e9}\" => TRUE, 5 => null, 'n' => false)",
    );
    let a = value.get("a").unwrap();
    assert_eq!(
        a.get("y"),
        Some(&Value::Array(vec![
            (Key::Int(0), Value::Int(1)),
            (Key::Int(1), Value::Float(-2.5)),
            (Key::Int(2), Value::Int(31)),
            (Key::Int(3), Value::Int(1000)),
            (Key::Int(4), Value::Int(15)),
        ]))
    );
    assert_eq!(value.get("b\nAé"), Some(&Value::Bool(true)));
    assert_eq!(value.get("n"), Some(&Value::Bool(false)));
}

#[test]
fn code_is_kept_and_hides_nothing_else() {
    let value = parsed(
        "['host' => getenv('H', [1, ')']) ?: 'x', 'c' => \\PDO::X . 'y', \\Some\\Cls::class => 1, 'v' => \"$pw\", 'after' => 'it\\'s']",
    );
    assert!(matches!(value.get("host"), Some(Value::Code(_))));
    assert!(matches!(value.get("v"), Some(Value::Code(_))));
    assert_eq!(value.get("after").and_then(Value::text).as_deref(), Some("it's"));
    assert_eq!(value.get("\\Some\\Cls::class"), Some(&Value::Int(1)));
}

#[test]
fn comments_and_declarations_are_passed() {
    let value =
        returned("<?php // x\ndeclare(strict_types=1);\n/* return ['no']; */\n# y\nreturn ['k' /* ' */ => 'v'];")
            .unwrap();
    assert_eq!(value.get("k").and_then(Value::text).as_deref(), Some("v"));
}

#[test]
fn a_broken_file_is_named_by_its_line_and_never_quoted() {
    let error = returned("<?php\nreturn [\n 'password' => 'geheim,\n];").unwrap_err();
    assert_eq!(error.to_string(), "line 3: a string is not closed");
    assert!(returned("no php").is_err() && returned("<?php echo 1;").is_err() && returned("<?php return [").is_err());
    assert!(!format!("{:?}", parsed("['password' => 'geheim']")).contains("geheim"));
}

#[test]
fn an_array_is_found_inside_a_class() {
    let source = "class Mage { function getVersionInfo(): array { return array(\n 'major' => '1', 'minor'=>'9'); } }";
    let value = array_after(source, "function getVersionInfo").unwrap();
    assert_eq!(value.get("minor").and_then(Value::text).as_deref(), Some("9"));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text: String) {
        let _ = returned(&format!("<?php return {text}"));
    }
}
