//! Escapes of PHP's double-quoted strings.

/// The escape after a backslash in a double-quoted string: pushes what it
/// stands for, and returns its length.
pub(super) fn read(rest: &[u8], into: &mut Vec<u8>) -> usize {
    let digits = |radix: u32, from: usize, most: usize| {
        rest[from..].iter().take(most).take_while(|it| char::from(**it).is_digit(radix)).count()
    };
    let code = |radix, from: usize, length: usize| {
        std::str::from_utf8(&rest[from..from + length]).ok().and_then(|it| u32::from_str_radix(it, radix).ok())
    };
    let Some(&first) = rest.first() else { return 0 };
    let simple = match first {
        b'n' => Some(b'\n'),
        b't' => Some(b'\t'),
        b'r' => Some(b'\r'),
        b'v' => Some(0x0B),
        b'e' => Some(0x1B),
        b'f' => Some(0x0C),
        b'\\' | b'$' | b'"' => Some(first),
        _ => None,
    };
    if let Some(byte) = simple {
        into.push(byte);
        return 1;
    }
    if first == b'x' && digits(16, 1, 2) > 0 {
        let length = digits(16, 1, 2);
        into.extend(code(16, 1, length).map(|it| it.to_le_bytes()[0]));
        return 1 + length;
    }
    if first == b'u' && rest.get(1) == Some(&b'{') {
        let length = digits(16, 2, 8);
        let character = code(16, 2, length).and_then(char::from_u32);
        if let (Some(character), Some(b'}')) = (character, rest.get(2 + length)) {
            into.extend(character.encode_utf8(&mut [0; 4]).bytes());
            return 3 + length;
        }
    }
    let octal = digits(8, 0, 3);
    if octal > 0 {
        into.extend(code(8, 0, octal).map(|it| it.to_le_bytes()[0]));
        return octal;
    }
    into.push(b'\\');
    0
}
