//! Names shortened to few cells.

use ratatui::style::{Color, Modifier, Style};

use crate::ui::format::{beginning, fit, width_of};

/// As [`fit`], without a space before the `…`.
pub(super) fn fitted(text: &str, width: usize) -> String {
    match width.checked_sub(1).filter(|_| width_of(text) > width) {
        Some(room) => format!("{}…", beginning(text, room).trim_end()),
        None => fit(text, width),
    }
}

/// A style that replaces the colour and weight of earlier drawing, instead of adding to them.
pub(super) fn over(style: Style) -> Style {
    Style::new()
        .fg(Color::Reset)
        .remove_modifier(Modifier::all())
        .patch(style)
}

/// The names of classes in at most `width` cells each: whole if they fit, else their beginnings, or beginning and end
/// if beginnings are alike (`digit 1` → `di…1`).
pub fn abbreviations(names: &[String], width: usize) -> Vec<String> {
    // In so few cells another letter is more useful than `…`.
    let beginnings: Vec<String> = names
        .iter()
        .map(|name| beginning(name, width).trim_end().to_owned())
        .collect();
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
            if width < 3 || width_of(name) <= width || !is_alike(index) {
                return beginnings[index].clone();
            }
            let letters = name.chars().count();
            let tail: String = name
                .chars()
                .skip(letters - letters.min((width - 1) / 2))
                .collect();
            let head = fitted(name, width.saturating_sub(width_of(&tail)));
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
        // Signs without a width stay with the letter that they belong to.
        assert_eq!(fitted("cafe\u{301} noir", 5), "cafe\u{301}…");
        assert_eq!(
            abbreviations(&["cafe\u{301} noir".to_owned()], 4),
            ["cafe\u{301}"]
        );
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
            prop_assert!(width_of(&fitted(&text, width)) <= width);
            let names = [text.clone(), format!("{text}x")];
            for short in abbreviations(&names, width) {
                prop_assert!(width_of(&short) <= width);
            }
        }
    }
}
