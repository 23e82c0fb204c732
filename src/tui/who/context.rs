//! What is said about the request: condition keys with their values, and whether those fit.

use crate::catalog::{self, KeyType};
use crate::policy::value::{Decimal, Network, boolean, instant};

/// One key with its values.
pub type Given = (String, Vec<String>);

/// Reads `key = value`; several values have commas between. None without a value, where the key is
/// to be taken out.
///
/// # Errors
/// What is wrong, and what would be right.
pub fn read(text: &str) -> Result<(String, Option<Vec<String>>), String> {
    let Some((key, value)) = text.split_once('=') else {
        return Err(format!(
            "write it as KEY = VALUE, such as {} = …",
            example(text)
        ));
    };
    let (key, value) = (key.trim(), value.trim());
    if key.is_empty() {
        return Err("there is no key before the =".to_owned());
    }
    if let Some(template) = key.find("${") {
        return Err(format!(
            "put the name of the tag or the like in place of {}",
            &key[template..]
        ));
    }
    if value.is_empty() {
        return Ok((key.to_owned(), None));
    }
    let values: Vec<String> = value.split(',').map(|it| it.trim().to_owned()).collect();
    if let Some(known) = catalog::condition_key(key)
        && let Some(wrong) = values.iter().find(|it| !fits(it, known.key_type()))
    {
        return Err(format!(
            "{wrong:?} is no value of {}: expected {}",
            known.name(),
            expected(known.key_type())
        ));
    }
    Ok((key.to_owned(), Some(values)))
}

/// Puts a key into what is given, in place of its values before, or takes it out.
pub fn give(given: &mut Vec<Given>, key: String, values: Option<Vec<String>>) {
    let at = given
        .iter()
        .position(|(it, _)| it.eq_ignore_ascii_case(&key));
    match (at, values) {
        (Some(at), Some(values)) => given[at] = (key, values),
        (Some(at), None) => drop(given.remove(at)),
        (None, Some(values)) => given.push((key, values)),
        (None, None) => {}
    }
}

/// One key as it is shown and typed.
pub fn written((key, values): &Given) -> String {
    format!("{key} = {}", values.join(", "))
}

/// Whether a value can be compared as its key is.
fn fits(value: &str, key_type: KeyType) -> bool {
    match key_type {
        KeyType::Bool => boolean(value).is_some(),
        KeyType::Numeric => Decimal::parse(value).is_some(),
        KeyType::Date => instant(value).is_some(),
        KeyType::IpAddress => Network::parse(value).is_some(),
        KeyType::Arn => value.starts_with("arn:") || value == "*",
        KeyType::String | KeyType::Binary => true,
    }
}

fn expected(key_type: KeyType) -> &'static str {
    match key_type {
        KeyType::Bool => "true or false",
        KeyType::Numeric => "a number",
        KeyType::Date => "a time such as 2026-01-31T12:00:00Z, or seconds since 1970",
        KeyType::IpAddress => "an address or a network such as 203.0.113.0/24",
        KeyType::Arn => "an ARN",
        KeyType::String | KeyType::Binary => "a text",
    }
}

/// A key that begins like a text, for a message.
fn example(text: &str) -> String {
    let keys: Vec<&str> = catalog::global_condition_keys()
        .map(|it| it.name())
        .collect();
    let nearest = catalog::nearest(text.trim(), keys.into_iter(), 1);
    nearest.first().map_or("aws:SourceIp", |it| it).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_checked_by_their_type() {
        for (text, is_right) in [
            ("aws:MultiFactorAuthPresent = true", true),
            ("aws:MultiFactorAuthPresent = yes", false),
            ("aws:SourceIp = 203.0.113.0/24, 10.0.0.1", true),
            ("aws:SourceIp = 203.0.113.0/99", false),
            ("aws:CurrentTime = 2026-01-31T12:00:00Z", true),
            ("aws:CurrentTime = tomorrow", false),
            ("s3:max-keys = 10", true),
            ("s3:max-keys = ten", false),
            ("aws:PrincipalArn = arn:aws:iam::111122223333:role/a", true),
            ("aws:PrincipalArn = a", false),
            ("my:Own = whatever", true),
            ("aws:ResourceTag/${TagKey} = x", false),
            ("aws:SourceIp", false),
            ("= x", false),
        ] {
            assert_eq!(read(text).is_ok(), is_right, "{text}: {:?}", read(text));
        }
    }

    #[test]
    fn a_key_is_replaced_and_taken_out() {
        let mut given = Vec::new();
        for text in ["a:b = 1", "A:B = 2,3", "c:d = x", "c:d ="] {
            let (key, values) = read(text).unwrap();
            give(&mut given, key, values);
        }
        assert_eq!(
            given,
            [("A:B".to_owned(), vec!["2".to_owned(), "3".to_owned()])]
        );
        assert_eq!(written(&given[0]), "A:B = 2, 3");
    }
}
