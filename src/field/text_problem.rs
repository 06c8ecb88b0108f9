//! Errors in YAML text, with the line and the nearest known name.

/// Why a text cannot be parsed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct TextProblem {
    /// A sentence that names the place and the remedy.
    pub reason: String,
    /// The line, from 1, if known.
    pub line: Option<usize>,
}

/// Letters of a text that are quoted.
const QUOTED: usize = 60;

impl TextProblem {
    /// The problem that serde found in `text`.
    pub fn new(text: &str, error: &serde_yaml::Error) -> Self {
        Self::new_with_homes(text, error, |_, _| None)
    }

    /// As [`new`](Self::new), where `home` knows the places of keys that were found where only others are valid.
    pub fn new_with_homes(
        text: &str,
        error: &serde_yaml::Error,
        home: impl Fn(&str, &[&str]) -> Option<String>,
    ) -> Self {
        let message = error.to_string();
        let place = error.location().map(|place| place.line());
        let (line, reason) = match unknown_key(&message) {
            Some((key, known)) => (
                line_of_key(text, key, place).or(place),
                match home(key, &known) {
                    Some(home) => {
                        format!(
                            "unknown key `{}` here; it belongs under {home}",
                            quoted(key)
                        )
                    }
                    None => unknown_in_words(key, &known),
                },
            ),
            None => match line_of_tab(text).filter(|_| is_not_yaml(&message)) {
                Some(line) => (Some(line), TAB.to_owned()),
                None => (line_of_opening(&message).or(place), in_words(&message)),
            },
        };
        let at = line.map_or_else(String::new, |line| format!("line {line}: "));
        Self {
            reason: at + &reason,
            line,
        }
    }
}

/// What is wrong with a key that has its value in it, as in `{filters:8}`.
fn without_space(key: &str) -> Option<String> {
    let (name, value) = key.split_once(':')?;
    let is_both = !name.is_empty() && !value.is_empty() && !value.starts_with(' ');
    is_both.then(|| format!("a space is missing after the colon of `{}`", quoted(key)))
}

fn unknown_in_words(key: &str, known: &[&str]) -> String {
    if let Some(sentence) = without_space(key) {
        return sentence;
    }
    let hint = match nearest(key, known.iter().copied()) {
        Some(known) => format!("; the nearest known one is `{known}`"),
        None if known.is_empty() => String::new(),
        None => format!("; the known ones are {}", known.join(", ")),
    };
    format!("unknown key `{}`{hint}", quoted(key))
}

/// A message of serde or of the parser as a sentence, without its place.
fn in_words(message: &str) -> String {
    if let Some(sentence) = not_yaml(message) {
        return sentence;
    }
    let message = match message.rsplit_once(" at line ") {
        Some((head, place)) if place.starts_with(|first: char| first.is_ascii_digit()) => head,
        _ => message,
    };
    for head in ["invalid type: ", "invalid value: "] {
        if let Some((path, rest)) = message.split_once(head)
            && let Some((found, wanted)) = rest.rsplit_once(", expected ")
        {
            let key = path.trim_end_matches(": ").rsplit('.').next();
            if let Some(sentence) = key
                .and_then(without_space)
                .filter(|_| found == "unit value")
            {
                return sentence;
            }
            let wanted = wanted_in_words(wanted);
            return format!(
                "{path}expected {wanted}, got {}{}",
                found_in_words(found),
                quotes(found, wanted)
            );
        }
    }
    if let Some((path, rest)) = message.split_once("invalid length ")
        && let Some((found, wanted)) = rest.split_once(", expected an array of length ")
    {
        return format!("{path}expected {wanted} values, got {found}");
    }
    for (head, end) in [
        ("missing field `", "is missing"),
        ("duplicate field `", "is there twice"),
        ("duplicate entry with key \"", "is there twice"),
    ] {
        if let Some((path, rest)) = message.split_once(head) {
            let key = rest.trim_end_matches(['`', '"']);
            return format!("{path}the key `{}` {end}", quoted(key));
        }
    }
    message.to_owned()
}

const TAB: &str = "a tab at the beginning of the line; YAML is indented by spaces only";

/// The first line, from 1, whose indentation has a tab.
fn line_of_tab(text: &str) -> Option<usize> {
    let indentation = |line: &str| line.len() - line.trim_start().len();
    let has_tab = |line: &str| line[..indentation(line)].contains('\t') && !line.trim().is_empty();
    text.lines().position(has_tab).map(|line| line + 1)
}

/// Whether this is what the parser says of a text that is not YAML.
fn is_not_yaml(message: &str) -> bool {
    let heads = [
        "did not find",
        "could not find",
        "found ",
        "mapping values",
        "block ",
        "unknown anchor",
        "control characters",
    ];
    heads.iter().any(|head| message.starts_with(head))
}

/// What the parser says of a text that is not YAML, as a sentence.
fn not_yaml(message: &str) -> Option<String> {
    if !is_not_yaml(message) {
        return None;
    }
    let context = message
        .split_once(", while ")
        .map_or("", |(_, context)| context);
    let known = [
        ("flow mapping", "`}` or `,` is missing"),
        ("flow sequence", "`]` or `,` is missing"),
        ("quoted", "the closing quote is missing"),
        ("simple key", "`:` is missing after a key"),
    ];
    if let Some((_, sentence)) = known.iter().find(|(kind, _)| context.contains(kind)) {
        return Some((*sentence).to_owned());
    }
    let problem = message.split(" at line ").next().unwrap_or(message);
    Some(format!(
        "not valid YAML ({problem}); check the indentation, and `-` and `:`"
    ))
}

/// Serde's name of a value.
fn found_in_words(found: &str) -> String {
    match found {
        "sequence" => "a list".to_owned(),
        "map" => "keys with values".to_owned(),
        "unit value" | "Option value" => "nothing".to_owned(),
        _ => match found.split_once(['"', '`']) {
            Some((_, value)) => format!("`{}`", quoted(value.trim_end_matches(['"', '`']))),
            None => found.to_owned(),
        },
    }
}

/// What to do with a number in quotes.
fn quotes(found: &str, wanted: &str) -> &'static str {
    let text = found.strip_prefix("string \"");
    let text = text.and_then(|text| text.strip_suffix('"'));
    let is_number = text.is_some_and(|text| text.trim().parse::<f64>().is_ok());
    match is_number && wanted.contains("number") {
        true => " in quotes; remove the quotes",
        false => "",
    }
}

/// Serde's name of an expected type.
fn wanted_in_words(wanted: &str) -> &str {
    match wanted {
        "field identifier" | "variant identifier" => "a key",
        "a map" => "keys with values",
        "a sequence" => "a list",
        "a string" => "a text",
        "a boolean" => "true or false",
        "f32" | "f64" => "a number",
        "u8" | "u16" | "u32" | "u64" | "usize" | "i8" | "i16" | "i32" | "i64" | "isize" => {
            "a whole number"
        }
        _ if wanted.starts_with("struct ") => "keys with values",
        _ => wanted,
    }
}

/// The beginning of the first line of a text.
fn quoted(text: &str) -> String {
    let line = text.split(['\n', '\r']).next().unwrap_or_default();
    let line = line.split("\\n").next().unwrap_or_default();
    match line.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None if line.len() < text.len() => format!("{line}…"),
        None => line.to_owned(),
    }
}

/// The line, from 1, of the bracket, quote or key that is not closed: the parser reports it only at the next token, lines below. The
/// start of other contexts does not help to find the wrong line.
fn line_of_opening(message: &str) -> Option<usize> {
    let (_, context) = message.split_once(", while ")?;
    let (_, place) = context.split_once(" at line ")?;
    let line = place.split(' ').next()?.parse().ok()?;
    let mut closed = ["flow", "quoted", "simple key"].into_iter();
    closed.any(|kind| context.contains(kind)).then_some(line)
}

/// Serde's "unknown field `x`, expected one of `a`, `b`" taken apart: the key, and the known ones.
pub(crate) fn unknown_key(message: &str) -> Option<(&str, Vec<&str>)> {
    let rest = message.split_once("unknown field `")?.1;
    let (key, rest) = rest.split_once('`')?;
    Some((key, rest.split('`').skip(1).step_by(2).collect()))
}

/// The known name with the smallest edit distance, if that is no more than a third of its length.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.chars().count().div_ceil(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The line, from 1, that has `key` as a key: the first at or after `from`, else the first of all.
pub(crate) fn line_of_key(text: &str, key: &str, from: Option<usize>) -> Option<usize> {
    let is_here = |line: &str| {
        let line = line.split('#').next().unwrap_or_default();
        line.match_indices(key).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            let after = line[at + key.len()..].trim_start().chars().next();
            !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '-')
                && !after.is_some_and(|c| c.is_alphanumeric() || c == '_')
        })
    };
    let lines = || text.lines().enumerate().filter(|(_, line)| is_here(line));
    lines()
        .find(|(index, _)| from.is_some_and(|from| index + 1 >= from))
        .or_else(|| lines().next())
        .map(|(index, _)| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_found_on_its_own_line() {
        let text = "\
name: mine
input: [28, 28, 1]
classes: 10
# The layers.
layers:
  - conv2d: {filters: 8, kernel: 3}
  - relu
  - flatten
  - dense: {units: 16, activation: relu}
  - relu

  - classify
seed: 7
";
        assert!(serde_yaml::from_str::<serde_yaml::Value>(text).is_ok());
        for (right, slip) in [
            ("activation: relu}", "activation: relu"),
            ("activation: relu}", "activation: \"relu}"),
            ("activation: relu}", "activation: 'relu}"),
            ("dense: {", "dense {"),
            ("dense: {", "dense: "),
            ("16, activation", "16 activation"),
            ("  - dense", " - dense"),
            ("  - dense", "   - dense"),
            ("  - dense", "  dense"),
            ("  - dense", "  - @dense"),
        ] {
            let text = text.replace(right, slip);
            let error = serde_yaml::from_str::<serde_yaml::Value>(&text).unwrap_err();
            let TextProblem { reason, line } = TextProblem::new(&text, &error);
            assert_eq!(line, Some(9), "{slip}: {reason}");
            assert!(reason.contains("line 9"), "{slip}: {reason}");
        }
        let text = text.replace("  - dense", "\t- dense");
        let error = serde_yaml::from_str::<serde_yaml::Value>(&text).unwrap_err();
        assert_eq!(
            TextProblem::new(&text, &error).reason,
            "line 9: a tab at the beginning of the line; YAML is indented by spaces only"
        );
    }

    #[test]
    fn a_missing_space_is_told() {
        let read = serde_yaml::from_str::<std::collections::BTreeMap<String, usize>>;
        for (text, expected) in [
            (
                "{Shirts:2}",
                "line 1: a space is missing after the colon of `Shirts:2`",
            ),
            (
                "Shirts:",
                "line 1: Shirts: expected a whole number, got nothing",
            ),
        ] {
            let error = read(text).unwrap_err();
            assert_eq!(TextProblem::new("", &error).reason, expected);
        }
    }

    #[test]
    fn a_number_in_quotes_is_told() {
        let read = serde_yaml::from_str::<std::collections::BTreeMap<String, usize>>;
        for (text, expected) in [
            (
                "classes: \"3\"",
                "line 1: classes: expected a whole number, got `3` in quotes; remove the quotes",
            ),
            (
                "classes: few",
                "line 1: classes: expected a whole number, got `few`",
            ),
        ] {
            let error = read(text).unwrap_err();
            assert_eq!(TextProblem::new("", &error).reason, expected);
        }
    }
}
