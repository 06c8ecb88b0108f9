//! Names in few cells.

use ratatui::style::Style;
use ratatui::text::Span;

/// `text` in at most `width` cells, cut with `…` where it is longer. Characters that move the cursor are left out.
pub fn fitted(text: &str, width: usize) -> String {
    let span = Span::raw(text);
    let graphemes = || {
        span.styled_graphemes(Style::new())
            .map(|grapheme| grapheme.symbol)
    };
    let whole: usize = graphemes().map(cells).sum();
    if whole <= width {
        return graphemes().collect();
    }
    let mut short = String::new();
    let mut used = 1;
    for grapheme in graphemes() {
        used += cells(grapheme);
        if used > width {
            break;
        }
        short.push_str(grapheme);
    }
    if width > 0 {
        short.truncate(short.trim_end().len());
        short.push('…');
    }
    short
}

/// Cells that `text` takes in a line.
pub(super) fn cells(text: &str) -> usize {
    Span::raw(text).width()
}

/// The names of classes in at most `width` cells each: whole where they fit, else their beginnings; where beginnings
/// are alike, beginning and end (`digit 1` → `di…1`).
pub fn abbreviations(names: &[String], width: usize) -> Vec<String> {
    let beginning = |name: &str| {
        let mut short = fitted(name, width);
        if short.ends_with('…') && !name.ends_with('…') {
            // In so few cells a letter says more than the mark that letters are missing.
            short = fitted(name, width + 1);
            short.pop();
        }
        short.trim_end().to_owned()
    };
    let beginnings: Vec<String> = names.iter().map(|name| beginning(name)).collect();
    let is_alike = |index: usize| {
        beginnings
            .iter()
            .enumerate()
            .any(|(other, short)| other != index && *short == beginnings[index])
    };
    names
        .iter()
        .enumerate()
        .map(|(index, name)| {
            if width < 3 || cells(name) <= width || !is_alike(index) {
                return beginnings[index].clone();
            }
            let tail: String = {
                let mut last: Vec<char> = name.chars().rev().take((width - 1) / 2).collect();
                last.reverse();
                last.into_iter().collect()
            };
            let head = fitted(name, width.saturating_sub(cells(&tail)));
            fitted(&format!("{head}{}", tail.trim_start()), width)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn long_texts_are_cut_with_an_ellipsis() {
        assert_eq!(fitted("Ankle boot", 10), "Ankle boot");
        assert_eq!(fitted("Ankle boot", 9), "Ankle bo…");
        assert_eq!(fitted("Ankle boot", 7), "Ankle…");
        assert_eq!(fitted("Ankle boot", 1), "…");
        assert_eq!(fitted("Ankle boot", 0), "");
        assert_eq!(fitted("長い名前", 5), "長い…");
        assert_eq!(fitted("a\tb\n", 5), "ab");
    }

    #[test]
    fn abbreviations_stay_apart() {
        let names = |names: &[&str]| {
            names
                .iter()
                .map(|&name| name.to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            abbreviations(&names(&["T-shirt/top", "Bag", "Ankle boot"]), 4),
            ["T-sh", "Bag", "Ankl"]
        );
        assert_eq!(
            abbreviations(&names(&["digit 1", "digit 2"]), 4),
            ["di…1", "di…2"]
        );
        assert_eq!(abbreviations(&names(&["same", "same"]), 3), ["s…e", "s…e"]);
    }

    proptest! {
        #[test]
        fn nothing_is_wider_than_asked(text in "\\PC{0,20}", width in 0usize..24) {
            prop_assert!(cells(&fitted(&text, width)) <= width);
            let names = [text.clone(), format!("{text}x")];
            for short in abbreviations(&names, width) {
                prop_assert!(cells(&short) <= width);
            }
        }
    }
}
