//! The marked runs, each with a number that decides its colour and stroke for as long as it is marked.

use std::path::{Path, PathBuf};

use crate::ui::theme::{ColorDepth, Theme};
use crate::ui::widgets::Stroke;

/// What can be marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    Run(PathBuf),
    /// The runs of an experiment while they are folded into one row.
    Group(String),
}

/// The marked runs, the earliest first.
#[derive(Clone, Debug, Default)]
pub struct Marks(Vec<(Subject, usize)>);

const STROKES: [Stroke; 3] = [Stroke::Solid, Stroke::Dashed, Stroke::Dotted];

impl Marks {
    /// As many as differ in colour or stroke.
    pub const MOST: usize = Theme::SERIES * STROKES.len();

    /// Marks it with the lowest free number, or removes its mark; `false` if there are too many already.
    pub fn toggle(&mut self, subject: Subject) -> bool {
        if self.number(&subject).is_some() {
            self.0.retain(|(marked, _)| *marked != subject);
            return true;
        }
        let is_free = |number: &usize| self.0.iter().all(|(_, taken)| taken != number);
        let free = (0..Self::MOST).find(is_free);
        self.0.extend(free.map(|number| (subject, number)));
        free.is_some()
    }

    pub fn number(&self, subject: &Subject) -> Option<usize> {
        let mut marks = self.0.iter();
        let (_, number) = marks.find(|(marked, _)| marked == subject)?;
        Some(*number)
    }

    pub fn iter(&self) -> impl Iterator<Item = &(Subject, usize)> {
        self.0.iter()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    pub fn retain(&mut self, is_kept: impl Fn(&Subject) -> bool) {
        self.0.retain(|(subject, _)| is_kept(subject));
    }

    /// A run has another folder now.
    pub fn follow(&mut self, from: &Path, to: &Path) {
        for (subject, _) in &mut self.0 {
            if *subject == Subject::Run(from.to_owned()) {
                *subject = Subject::Run(to.to_owned());
            }
        }
    }
}

/// The stroke of the curve with this number: another one once the colours are used up, or always where there are no colours.
pub fn stroke(number: usize, theme: &Theme) -> Stroke {
    let round = match theme.depth {
        ColorDepth::None => number,
        _ => number / Theme::SERIES,
    };
    STROKES[round % STROKES.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_keeps_its_number_and_a_free_one_is_used_again() {
        let run = |name: &str| Subject::Run(name.into());
        let mut marks = Marks::default();
        for name in ["a", "b", "c"] {
            assert!(marks.toggle(run(name)));
        }
        assert!(marks.toggle(run("b")));
        assert_eq!(marks.number(&run("c")), Some(2));
        marks.toggle(run("d"));
        assert_eq!(marks.number(&run("d")), Some(1));
        marks.follow(Path::new("d"), Path::new("e"));
        assert_eq!(
            (marks.number(&run("d")), marks.number(&run("e"))),
            (None, Some(1))
        );
        for number in 3..Marks::MOST {
            assert!(marks.toggle(run(&number.to_string())));
        }
        assert!(!marks.toggle(run("one more")));
        assert_eq!(marks.len(), Marks::MOST);
    }
}
