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

impl TextProblem {
    /// The problem that serde found in `text`.
    pub fn new(text: &str, error: &serde_yaml::Error) -> Self {
        let message = error.to_string();
        let place = error.location().map(|place| place.line());
        let Some((key, known)) = unknown_key(&message) else {
            let opened = line_of_opening(&message);
            return Self {
                reason: match opened {
                    Some(line) => format!("line {line}: {message}"),
                    None => message,
                },
                line: opened.or(place),
            };
        };
        let line = line_of_key(text, key, place).or(place);
        let mut reason = line.map_or_else(String::new, |line| format!("line {line}: "));
        reason += &format!("unknown key `{key}`");
        if let Some(known) = nearest(key, known.iter().copied()).or(known.first().copied()) {
            reason += &format!("; the nearest known one is `{known}`");
        }
        Self { reason, line }
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

/// The known name with the smallest edit distance, if that is no more than half of its length.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.chars().count().div_ceil(2))
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
            ("  - dense", "\t- dense"),
            ("  - dense", "  - @dense"),
        ] {
            let text = text.replace(right, slip);
            let error = serde_yaml::from_str::<serde_yaml::Value>(&text).unwrap_err();
            let TextProblem { reason, line } = TextProblem::new(&text, &error);
            assert_eq!(line, Some(9), "{slip}: {reason}");
            assert!(reason.contains("line 9"), "{slip}: {reason}");
        }
    }
}
