//! The marked runs, each with a number that decides its colour and stroke for as long as it is marked.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::ui::theme::{ColorDepth, Theme};
use crate::ui::widgets::Stroke;

/// What can be marked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    Run(PathBuf),
    /// The runs of an experiment while they are folded into one row.
    Group(String),
}

/// The marked runs, the earliest first. Colours and strokes differ up to the 21st or so, and repeat from there.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    marked: Vec<(Subject, usize)>,
    /// The same, to be looked up: all runs of a long list may be marked.
    numbers: HashMap<Subject, usize>,
}

const STROKES: [Stroke; 3] = [Stroke::Solid, Stroke::Dashed, Stroke::Dotted];

impl Marks {
    /// Marks it with the lowest free number, or removes its mark.
    pub fn toggle(&mut self, subject: Subject) {
        if self.number(&subject).is_some() {
            self.retain(|marked| *marked != subject);
        } else {
            self.mark_all([subject]);
        }
    }

    /// Marks those that are not, each with the lowest free number.
    pub fn mark_all(&mut self, subjects: impl IntoIterator<Item = Subject>) {
        let mut taken: HashSet<usize> = self.numbers.values().copied().collect();
        let mut free = 0;
        for subject in subjects {
            if self.number(&subject).is_none() {
                while !taken.insert(free) {
                    free += 1;
                }
                self.numbers.insert(subject.clone(), free);
                self.marked.push((subject, free));
            }
        }
    }

    pub fn number(&self, subject: &Subject) -> Option<usize> {
        self.numbers.get(subject).copied()
    }

    pub fn iter(&self) -> impl Iterator<Item = &(Subject, usize)> {
        self.marked.iter()
    }

    pub fn len(&self) -> usize {
        self.marked.len()
    }

    pub fn is_empty(&self) -> bool {
        self.marked.is_empty()
    }

    pub fn clear(&mut self) {
        *self = Self::default();
    }

    pub fn retain(&mut self, is_kept: impl Fn(&Subject) -> bool) {
        self.marked.retain(|(subject, _)| is_kept(subject));
        self.numbers = self.marked.iter().cloned().collect();
    }

    /// A run has another folder now.
    pub fn follow(&mut self, from: &Path, to: &Path) {
        for (subject, _) in &mut self.marked {
            if *subject == Subject::Run(from.to_owned()) {
                *subject = Subject::Run(to.to_owned());
            }
        }
        self.numbers = self.marked.iter().cloned().collect();
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
            marks.toggle(run(name));
        }
        marks.toggle(run("b"));
        assert_eq!(marks.number(&run("c")), Some(2));
        marks.toggle(run("d"));
        assert_eq!(marks.number(&run("d")), Some(1));
        marks.follow(Path::new("d"), Path::new("e"));
        assert_eq!(
            (marks.number(&run("d")), marks.number(&run("e"))),
            (None, Some(1))
        );
        marks.mark_all((0..200).map(|number| run(&number.to_string())));
        marks.mark_all([run("c"), run("f")]);
        let mut numbers: Vec<usize> = marks.iter().map(|(_, number)| *number).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (0..204).collect::<Vec<_>>());
    }
}
