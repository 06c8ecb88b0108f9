//! Numbers and texts formatted for reading.

use std::path::Path;

use ratatui::style::Style;
use ratatui::text::Span;

pub use crate::wording::{bytes, seconds, thousands as count};

/// Columns that `text` takes in a buffer, which counts grapheme clusters.
pub fn width_of(text: &str) -> usize {
    if is_plain(text) {
        return text.len();
    }
    let span = Span::raw(text);
    let graphemes = span.styled_graphemes(Style::new());
    graphemes
        .map(|grapheme| Span::raw(grapheme.symbol).width())
        .sum()
}

/// Whether it is printable ASCII, one column per byte: a fast path, since nearly all text is and it is measured many times per frame.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// The mark before the name of something with unsaved changes.
pub fn mark(is_unsaved: bool) -> &'static str {
    if is_unsaved { "• " } else { "" }
}

/// `["a", "b", "c"]` as `a, b and c`.
pub fn listed(names: &[impl AsRef<str>]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match &names[..] {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}

/// `13524000` as `13.5 M`.
pub fn short(number: u64) -> String {
    let scaled = |unit: f64, letter| {
        let value = number as f64 / unit;
        if value < 10.0 {
            format!("{value:.2} {letter}")
        } else if value < 100.0 {
            format!("{value:.1} {letter}")
        } else {
            format!("{value:.0} {letter}")
        }
    };
    match number {
        0..10_000 => count(number),
        10_000..1_000_000 => scaled(1e3, 'k'),
        1_000_000..1_000_000_000 => scaled(1e6, 'M'),
        _ => scaled(1e9, 'G'),
    }
}

/// `text` in at most `width` columns, truncated with `…` if it is longer. Control characters are removed.
pub fn fit(text: &str, width: usize) -> String {
    if width_of(text) <= width {
        return beginning(text, width);
    }
    let Some(room) = width.checked_sub(1) else {
        return String::new();
    };
    format!("{}…", beginning(text, room))
}

/// `text` in exactly `width` columns: truncated as by [`fit`], with blanks after it.
pub fn left(text: &str, width: usize) -> String {
    let text = fit(text, width);
    let gap = width.saturating_sub(width_of(&text));
    text + &" ".repeat(gap)
}

/// As [`left`], with blanks before it.
pub fn right(text: &str, width: usize) -> String {
    let text = fit(text, width);
    let gap = width.saturating_sub(width_of(&text));
    " ".repeat(gap) + &text
}

/// The first candidate that fits, else the last.
pub fn fitting(candidates: impl IntoIterator<Item = String>, room: usize) -> String {
    let mut latest = String::new();
    for candidate in candidates {
        latest = candidate;
        if width_of(&latest) <= room {
            break;
        }
    }
    latest
}

/// As much of `text` as fits `width` columns.
pub fn beginning(text: &str, width: usize) -> String {
    if is_plain(text) {
        return text[..width.min(text.len())].to_owned();
    }
    let span = Span::raw(text);
    let mut used = 0;
    span.styled_graphemes(Style::new())
        .map(|grapheme| grapheme.symbol)
        .take_while(|grapheme| {
            used += width_of(grapheme);
            used <= width
        })
        .collect()
}

/// Wraps text into lines of at most `width` columns, at spaces if there are any. Ratatui's `Paragraph` wraps too, but returns neither
/// the lines nor, in its stable API, their number, which the layout of panes depends on.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let (mut line, mut used) = (String::new(), 0);
        for word in paragraph.split_whitespace() {
            if used > 0 && used + 1 + width_of(word) > width {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            for grapheme in Span::raw(word).styled_graphemes(Style::new()) {
                let columns = width_of(grapheme.symbol);
                if used + columns > width {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                line.push_str(grapheme.symbol);
                used += columns;
            }
        }
        lines.push(line);
    }
    lines
}

/// A bar of eighths of a cell, `width` cells long when `share` is 1.
pub fn bar(share: f64, width: usize) -> String {
    filled(share, width, ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"])
}

/// As [`bar`], but a thick line in halves of a cell: calmer for many bars below each other.
pub fn line_bar(share: f64, width: usize) -> String {
    filled(share, width, ["╸", "━"])
}

/// Whole cells, drawn as the last of `parts`, and the partial cell after them.
fn filled<const N: usize>(share: f64, width: usize, parts: [&str; N]) -> String {
    let filled = (share.clamp(0.0, 1.0) * width as f64 * N as f64).round() as usize;
    let rest = (filled % N).checked_sub(1).map_or("", |part| parts[part]);
    parts[N - 1].repeat(filled / N) + rest
}

/// The last part of a path.
pub fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_padded_to_columns_and_not_to_characters() {
        assert_eq!(left("折り紙", 8), "折り紙  ");
        assert_eq!(right("折り紙", 8), "  折り紙");
        assert_eq!(left("折り紙", 4), "折… ");
        assert_eq!(right("ab", 2), "ab");
    }

    #[test]
    fn plain_text_is_measured_and_cut_as_any_other() {
        for (text, width) in [
            ("", 0),
            ("plain ASCII ~", 13),
            ("a\tb", 2),
            ("café", 4),
            ("長い", 4),
        ] {
            assert_eq!(width_of(text), width, "{text:?}");
        }
        for (text, room, kept) in [
            ("plain", 0, ""),
            ("plain", 3, "pla"),
            ("plain", 9, "plain"),
            ("plé", 2, "pl"),
        ] {
            assert_eq!(beginning(text, room), kept, "{text:?} in {room}");
        }
    }

    #[test]
    fn figures_read_well() {
        assert_eq!(short(9_999), "9,999");
        assert_eq!(short(13_524_000), "13.5 M");
        assert_eq!(short(141_312), "141 k");
        assert_eq!(bytes(54_950_000), "55.0 MB");
    }

    #[test]
    fn text_fits() {
        assert_eq!(fit("Ankle boot", 10), "Ankle boot");
        assert_eq!(fit("Ankle boot", 6), "Ankle…");
        assert_eq!(fit("Ankle boot", 0), "");
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("/a/long/path x", 6), ["/a/lon", "g/path", "x"]);
    }

    #[test]
    fn bars_grow_by_eighths() {
        assert_eq!(bar(0.0, 4), "");
        assert_eq!(bar(1.0, 4), "████");
        assert_eq!(bar(0.5 / 4.0, 4), "▌");
        assert_eq!(bar(2.0, 2), "██");
        assert_eq!(line_bar(0.5, 3), "━╸");
    }
}
