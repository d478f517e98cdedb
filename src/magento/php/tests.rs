use super::*;

fn parsed(literal: &str) -> Value {
    returned(&format!("<?php\nreturn {literal};\n")).unwrap().value
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
    assert!(matches!(value.get("host"), Some(Value::Code { .. })));
    assert!(matches!(value.get("v"), Some(Value::Code { .. })));
    assert_eq!(value.get("after").and_then(Value::text).as_deref(), Some("it's"));
    assert_eq!(value.get("\\Some\\Cls::class"), Some(&Value::Int(1)));
}

#[test]
fn comments_and_declarations_are_passed() {
    let value =
        returned("<?php // x\ndeclare(strict_types=1);\n/* return ['no']; */\n# y\nreturn ['k' /* ' */ => 'v'];")
            .unwrap()
            .value;
    assert_eq!(value.get("k").and_then(Value::text).as_deref(), Some("v"));
}

#[test]
fn texts_of_several_lines_are_read() {
    let value = parsed("['a' => <<<'X'\n  one\n   two\n  X, 'b' => <<<\"Y\"\nit's $x\nY\n, 'c' => 'it']");
    assert_eq!(value.get("a").and_then(Value::text).as_deref(), Some("one\n two"));
    assert!(matches!(value.get("b"), Some(Value::Code { line: 5, .. })), "{value:?}");
    assert_eq!(value.get("c").and_then(Value::text).as_deref(), Some("it"));
}

/// What a file returns at `a` / `b`, and the line of the code that may say something else.
fn at_a_b(file: &str) -> (Option<String>, Option<usize>) {
    let found = returned(&format!("<?php\n{file}\n")).unwrap();
    (found.value.at(&["a", "b"]).and_then(Value::text), found.code_at(&["a", "b"]))
}

#[test]
fn what_statements_put_together_is_read_as_far_as_it_is_literal() {
    let x = || Some("x".to_owned());
    for file in [
        "$c = ['a' => ['b' => 'x']];\nreturn $c;",
        "$c = ['a' => ['b' => 'y']];\n$c['a']['b'] = 'x';\nreturn $c;",
        "return array_replace_recursive(['a' => ['b' => 'y', 'c' => 1]], ['a' => ['b' => 'x']]);",
        "$d = ['z' => 1]; return array_merge($d, ['a' => ['b' => 'x']]);",
        "require __DIR__ . '/../../vendor/autoload.php';\n(new Dotenv())->load('.env');\nreturn ['a' => ['b' => 'x']];",
        "function env($k, $d = null) { $v = getenv($k); return $v === false ? $d : $v; }\nreturn ['a' => ['b' => 'x']];",
        "if (!defined('X')) { define('X', 1); } else { die('}'); }\nreturn ['a' => ['b' => 'x']];",
    ] {
        assert_eq!(at_a_b(file), (x(), None), "{file}");
    }
    for (file, known, line) in [
        ("$c = ['a' => ['b' => 'x']];\nif (is_file('y')) {\n$c = array_merge($c, require 'y');\n}\nreturn $c;", x(), 3),
        ("return array_merge(['a' => ['b' => 'x']],\n include 'secrets.php');", x(), 3),
        ("if (getenv('CI')) { return []; }\nreturn ['a' => ['b' => 'x']];", x(), 2),
        ("return ['a' => [\n'b' => getenv('B') ?: 'x']];", None, 3),
        ("$c = ['a' => ['b' => 'x']];\n$c['a']['b'] = $_ENV['B'];\nreturn $c;", None, 3),
        ("return (function () {\n return ['a' => 1];\n})();", None, 2),
        ("return $nothing;", None, 2),
    ] {
        assert_eq!(at_a_b(file), (known, Some(line)), "{file}");
    }
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

    #[test]
    fn no_order_of_words_makes_it_panic_or_stand_still(
        words in proptest::collection::vec(
            proptest::sample::select(vec![
                "$c", "=", "[", "]", "(", ")", "{", "}", ";", ",", "=>", "array_merge", "return", "if", "'x'", "\"$y\"",
                "<<<X", "\nX", "function", "1", "?", ":", "é", "//", "/*", "#", "."
            ]),
            0..30
        )
    ) {
        let _ = returned(&format!("<?php {}", words.join(" ")));
        let _ = returned(&format!("<?php {}", words.concat()));
    }
}
