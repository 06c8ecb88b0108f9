//! How far a sweep is, in words.

use std::collections::BTreeMap;

use super::coordinator::Coordinator;
use crate::wording::counted;

impl Coordinator {
    /// `12 trials: 9 finished, 1 failed, 2 waiting; run by process 42 on host since 14:03`
    pub fn in_words(&self) -> String {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (trial, state) in self.trials() {
            *counts.entry(self.word(trial, state)).or_default() += 1;
        }
        let parts: Vec<String> = counts
            .iter()
            .map(|(word, count)| format!("{count} {word}"))
            .collect();
        let all = counted(self.trials().count(), "trial");
        let by = match self.folder().run_by() {
            Some(by) => format!("; run by {by}{}", by.since()),
            None if self.folder().is_cancelled() => "; cancelled".to_owned(),
            None => String::new(),
        };
        format!("{all}: {}{by}", parts.join(", "))
    }
}
